"""Two cases are never changed in one step, and yet they agree: after each command, whoever else acts
at once, and wherever a process dies and its sender asks again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest

from casework.cases.access import By
from casework.outcomes import Changed, Refused, Request
from casework.relating import Followers
from casework.service import Service
from casework.store.cases import CaseStore
from schemas import commands as c
from schemas import events as e
from tests.service.test_crashes import MOMENTS, calls_of, mortal
from tests.support.faults import Baton, Death, Killed, Moment, StepTable
from tests.support.orders import Orders
from tests.support.relatives import (
    agree,
    case_of,
    filed,
    follow,
    give,
    handled,
    merge,
    numbers,
    split_parts,
    withdraw,
)
from tests.support.soundness import sound
from tests.support.stories import (
    DISPATCHER,
    HANDLED,
    MODERATOR,
    OFFICER,
    REPLY,
    SUPERVISOR,
    UNSURE,
    filing,
)
from tests.support.world import CITIZEN, FrozenClock, MemoryWorld, staff

Act = Callable[[Service], Any]


def merges(follower: str, lead: str, by: By = DISPATCHER, request_id: str = "merge") -> Act:
    return lambda service: service.change(follower, c.Merge(case=lead), Request(by, request_id))


def gives(number: str, command: c.Command, by: By, request_id: str = "at once") -> Act:
    return lambda service: service.change(number, command, Request(by, request_id))


def refusal(
    world: MemoryWorld, number: str, command: c.Command, by: By = DISPATCHER
) -> tuple[str, str | None]:
    """Why it is refused; what is stored stays as it was."""
    before = world.stored()
    with pytest.raises(Refused) as refused:
        give(world, number, command, by)
    assert world.stored() == before
    return refused.value.refusal.code, refused.value.refusal.pointer


def may(world: MemoryWorld, number: str, command: c.Command, by: By) -> str | None:
    """Why it would be refused; None if it would not be."""
    return asks(
        lambda service: service.foresee(number, command, Request(by, "only asked")), world.service
    )


def asks(act: Act, service: Service) -> str | None:
    """Why the act is refused; None if it is not."""
    try:
        act(service)
    except Refused as refused:
        return refused.refusal.code
    return None


# -- merge -------------------------------------------------------------------------------------


def test_many_follow_one_and_the_lead_takes_the_earliest_promise() -> None:
    world = MemoryWorld()
    urgent = handled(world, "1", kind="help")
    lead = handled(world, "2")
    third = filed(world, "3", UNSURE)

    merge(world, urgent, lead)
    merge(world, third, lead)

    assert agree(world, lead, urgent, third) == {urgent: lead, third: lead, lead: None}
    promised = case_of(world, urgent).clocks["resolve"].due
    assert case_of(world, lead).clocks["resolve"].due == promised
    assert case_of(world, lead).due == promised


def test_bad_merges_are_refused_and_nothing_is_changed() -> None:
    world = MemoryWorld()
    lead, one = handled(world, "1"), handled(world, "2")
    merge(world, one, lead)
    other, gone = handled(world, "3"), handled(world, "4")
    sealed = handled(world, "5", kind="report")
    withdraw(world, gone)

    assert refusal(world, other, c.Merge(case=other)) == ("itself", "/case")
    assert refusal(world, other, c.Merge(case=one)) == ("follows_another", "/case")
    assert refusal(world, other, c.Merge(case=sealed)) == ("sealed_apart", "/case")
    assert refusal(world, other, c.Merge(case=gone)) == ("no_lead", "/case")
    assert refusal(world, other, c.Merge(case="1234567890123456")) == ("unknown_case", "/case")
    assert refusal(world, sealed, c.Merge(case=other)) == ("sealed_apart", None)
    assert refusal(world, lead, c.Merge(case=other)) == ("leads_others", None)
    assert refusal(world, one, c.Merge(case=other)) == ("state", None)
    agree(world, lead, one, other, gone, sealed)


@pytest.mark.parametrize(
    "command",
    [
        lambda number: c.Merge(case=number),
        lambda number: c.MarkRepeat(case=number, text="同一件事。"),
        lambda number: c.MarkRecurrence(case=number),
    ],
    ids=["merge", "mark-repeat", "mark-recurrence"],
)
def test_whoever_a_case_is_about_does_not_learn_of_it_by_naming_it(
    command: Callable[[str], c.Command],
) -> None:
    world = MemoryWorld()
    accused = staff("moderator", "mo-1", "gongan")
    mine, about_me = filed(world, "1", UNSURE), filed(world, "2", UNSURE, about=["gongan"])

    assert refusal(world, mine, command(about_me), accused) == ("unknown_case", "/case")
    assert may(world, mine, command(about_me), MODERATOR) != "unknown_case"


def test_a_follower_is_taken_out_and_its_lead_knows() -> None:
    world = MemoryWorld()
    lead, one, two = handled(world, "1"), handled(world, "2"), handled(world, "3")
    merge(world, one, lead)
    merge(world, two, lead)

    give(world, one, c.Unmerge(text="是另一条路。"), DISPATCHER, "out")

    assert agree(world, lead, one, two) == {lead: None, one: None, two: lead}
    assert case_of(world, one).state == "ACCEPTED"


def test_an_unmerging_whose_answer_was_lost_leaves_the_next_lead_alone() -> None:
    """The sender repeats it when the case follows another lead already."""
    world = MemoryWorld()
    first, second, one = (handled(world, name) for name in "123")
    merge(world, one, first)
    out = c.Unmerge(text="是另一条路。")
    give(world, one, out, DISPATCHER, "out")
    merge(world, one, second)

    assert give(world, one, out, DISPATCHER, "out").repeated

    assert agree(world, first, second, one) == {first: None, second: None, one: second}


def test_a_merge_that_was_refused_may_be_asked_again_under_the_same_key() -> None:
    """Its lead had been told already, and was told that it would come to nothing."""
    world = MemoryWorld()
    lead, one, two = (handled(world, name) for name in "123")
    merge(world, two, one)
    with pytest.raises(Refused):
        give(world, one, c.Merge(case=lead), DISPATCHER, "again")
    give(world, two, c.Unmerge(text="另一条路。"), DISPATCHER)

    give(world, one, c.Merge(case=lead), DISPATCHER, "again")

    assert agree(world, lead, one, two)[one] == lead


# -- the reply goes on -------------------------------------------------------------------------


def led(world: MemoryWorld, *followers: str) -> str:
    lead = handled(world, "lead")
    for follower in followers:
        merge(world, follower, lead)
    return lead


def test_the_reply_goes_to_each_follower_once_it_has_been_checked() -> None:
    world = MemoryWorld()
    one, two = handled(world, "1"), handled(world, "2")
    lead = led(world, one, two)
    give(world, lead, *REPLY)
    follow(world.service, lead)
    assert case_of(world, one).state == "FOLLOWING", "nobody has checked it yet"

    give(world, lead, c.PassOn(text="路灯已修好。"), MODERATOR)
    assert follow(world.service, lead) == 2

    for follower in (one, two):
        dossier = sound(world.service, follower)
        assert dossier.head.case.state == "AWAITING_RATING"
        assert dossier.text(dossier.head.commit.text) == "路灯已修好。"
        assert dossier.head.case.replied_by == OFFICER.actor.id
    agree(world, lead, one, two)


def test_without_words_of_its_own_the_reply_is_passed_on_as_it_was() -> None:
    world = MemoryWorld()
    one = handled(world, "1")
    lead = led(world, one)
    give(world, lead, *REPLY)
    give(world, lead, c.PassOn(), MODERATOR)
    follow(world.service, lead)

    dossier = sound(world.service, one)
    assert dossier.text(dossier.head.commit.text) == "已修好，请您查看。"


def test_a_reply_that_was_taken_out_meanwhile_holds_up_no_repeat() -> None:
    world = MemoryWorld()
    one = handled(world, "1")
    lead = led(world, one)
    give(world, lead, *REPLY)
    replied = case_of(world, lead).version
    give(world, lead, c.PassOn(), MODERATOR)
    passed = case_of(world, lead).version
    Followers(world.service).follow(lead, passed)
    give(world, lead, c.Redact(part=str(replied), text="（略）"), MODERATOR)

    Followers(world.service).follow(lead, passed)

    agree(world, lead, one)


ENDINGS: dict[str, tuple[c.Command, By]] = {
    "withdrawn": (c.Withdraw(reason="solved"), CITIZEN),
    "terminated": (c.DecideTermination(approve=True, text="已无法办理。"), SUPERVISOR),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_lead_that_ends_without_an_answer_lets_its_followers_go_on(name: str) -> None:
    world = MemoryWorld()
    one, two = handled(world, "1"), handled(world, "2")
    lead = led(world, one, two)
    if name == "terminated":
        asked = c.AskTermination(reason="matter_gone", text="现场已拆除。")
        give(world, lead, asked, staff("head", "head-1", "chengguan"))
    give(world, lead, *ENDINGS[name])

    follow(world.service, lead)

    assert agree(world, lead, one, two) == {lead: None, one: None, two: None}
    for follower in (one, two):
        case = case_of(world, follower)
        assert case.state == "ACCEPTED"
        assert {"dispatch", "resolve"} == set(case.clocks)
        assert world.dispatcher.route(follower) is not None, "it finds its own department"


def test_what_an_old_end_said_is_not_said_to_who_follows_since() -> None:
    """The queue may bring it late: the lead was reopened, and another case follows it now."""
    world = MemoryWorld()
    old, new = handled(world, "1"), handled(world, "2")
    lead = led(world, old)
    withdraw(world, lead)
    ended = case_of(world, lead).version
    give(world, lead, c.Reopen(text="还是不亮。"), CITIZEN)
    give(world, lead, c.Accept(), MODERATOR)
    merge(world, new, lead)

    Followers(world.service).follow(lead, ended)

    assert agree(world, lead, old, new) == {lead: None, old: None, new: lead}


# -- split -------------------------------------------------------------------------------------

PARTS = c.SplitCase(
    parts=[
        c.Part(text="路灯坏了三天。", category="0205"),
        c.Part(text="老人摔伤，想问赔偿。", kind="enquiry"),
    ]
)


def test_each_part_is_a_case_of_the_same_citizen() -> None:
    world = MemoryWorld()
    whole = world.service.file(
        filing(identity="hidden", about=["gongan"]), By(CITIZEN.actor), "1", subject="li"
    ).number
    give(world, whole, c.NameSubjects(units=["gongan"], persons=["lao-wang"]), MODERATOR)

    give(world, whole, PARTS, DISPATCHER)

    parts = split_parts(world, whole)
    assert len(parts) == 2
    last = sound(world.service, whole).head.commit.events
    assert [event.into for event in last if isinstance(event, e.Split)] == [tuple(parts)]
    for part in parts:
        case, body = case_of(world, part), sound(world.service, part).body
        assert case.citizen == case_of(world, whole).citizen
        assert (case.state, case.identity) == ("SUBMITTED", "hidden")
        assert case.subjects == case_of(world, whole).subjects, "and about the same people"
        assert world.service.contact(body) == {"name": "欧阳清和", "phone": "19912345678"}
    assert {case_of(world, part).kind for part in parts} == {"complaint", "enquiry"}


# -- repeats -----------------------------------------------------------------------------------


def test_a_repeat_urges_the_open_case_and_ends() -> None:
    world = MemoryWorld()
    by_li = {"request_id": "1", "subject": "li"}
    first = world.service.file(filing(), By(CITIZEN.actor), **by_li).number
    again = world.service.file(filing(), By(CITIZEN.actor), "2", subject="li").number

    give(world, again, c.MarkRepeat(case=first, text="同一盏灯。"), MODERATOR)

    assert case_of(world, again).state == "CLOSED"
    assert case_of(world, first).unread
    urges = [x for _, x in sound(world.service, first).events if isinstance(x, e.Urged)]
    assert len(urges) == 1


# -- two at once -------------------------------------------------------------------------------


def play(world: MemoryWorld, orders: Orders, *acts: Act) -> list[Any]:
    """Let the acts meet in the order of this run, each with a service of its own."""
    baton = Baton(orders.choose)
    table = orders.table(world.memory, baton)

    def one(act: Act) -> Callable[[], Any]:
        service = Service(CaseStore(table), world.vault, lambda: world.rules, clock=world.clock)
        service.keys  # noqa: B018 - read before they meet
        return lambda: act(service)

    return baton.run(*(one(act) for act in acts))


def copied(world: MemoryWorld) -> MemoryWorld:
    copy = MemoryWorld(FrozenClock(world.now()), world.rules)
    copy.vault = world.vault
    for item in world.stored():
        copy.memory.put(item)
    return copy


@pytest.fixture(scope="module")
def three() -> tuple[MemoryWorld, str, str, str]:
    world = MemoryWorld()
    return world, handled(world, "1"), handled(world, "2"), handled(world, "3")


def test_two_merges_at_once_in_opposite_directions_end_well(
    three: tuple[MemoryWorld, str, str, str],
) -> None:
    told, one, two, _ = three
    ends: set[tuple[str, str]] = set()
    orders = Orders()
    for run in orders:
        world = copied(told)
        results = play(world, run, merges(one, two), merges(two, one))
        assert all(isinstance(result, Changed | Refused) for result in results), results
        follows = agree(world, one, two)
        assert len([lead for lead in follows.values() if lead]) <= 1
        ends.add((type(results[0]).__name__, type(results[1]).__name__))
        # and whoever was refused and asks again is told why, or has it
        for act in (merges(one, two), merges(two, one)):
            assert asks(act, world.service) in (
                *(None, "leads_others", "follows_another", "state"),
            )
        assert len([lead for lead in agree(world, one, two).values() if lead]) == 1
    assert orders.tried > 50
    assert {("Changed", "Refused"), ("Refused", "Changed")} <= ends


RIVALS: dict[str, Callable[[str, str, str], tuple[Act, Act]]] = {
    "into two leads": lambda one, two, three: (
        merges(one, two),
        merges(one, three, SUPERVISOR),
    ),
    "in a chain": lambda one, two, three: (merges(one, two), merges(two, three)),
    "the same twice": lambda one, two, three: (merges(one, two), merges(one, two)),
    "the same by two": lambda one, two, three: (merges(one, two), merges(one, two, SUPERVISOR)),
    "and the lead is withdrawn": lambda one, two, three: (
        merges(one, two),
        gives(two, c.Withdraw(reason="solved"), CITIZEN),
    ),
    "and the follower is withdrawn": lambda one, two, three: (
        merges(one, two),
        gives(one, c.Withdraw(reason="solved"), CITIZEN),
    ),
    "and the lead is replied to": lambda one, two, three: (merges(one, two), gives(two, *REPLY)),
    "and the follower is sealed": lambda one, two, three: (
        merges(one, two),
        gives(one, c.Reclassify(kind="report"), DISPATCHER),
    ),
}


@pytest.mark.parametrize("name", RIVALS)
def test_a_merge_and_another_at_once(name: str, three: tuple[MemoryWorld, str, str, str]) -> None:
    told, one, two, third = three
    orders = Orders()
    for run in orders:
        world = copied(told)
        results = play(world, run, *RIVALS[name](one, two, third))
        assert all(isinstance(result, Changed | Refused) for result in results), results
        follow(world.service, one, two, third)
        agree_or_wait(world, one, two, third)
    assert orders.tried >= 4


def agree_or_wait(world: MemoryWorld, *cases: str) -> None:
    """They agree, once what waits to be passed on has been."""
    for number in cases:
        if case_of(world, number).to_pass_on:
            give(world, number, c.PassOn(), MODERATOR)
            follow(world.service, number)
    agree(world, *cases)


@pytest.mark.parametrize("seed", range(60))
def test_three_merges_in_a_ring_some_of_which_die_make_no_ring(
    seed: int, three: tuple[MemoryWorld, str, str, str]
) -> None:
    told, *ring = three
    world, random = copied(told), Random(seed)
    acts = [merges(a, b) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]

    def choose(alive: Sequence[int]) -> int:
        act = random.choice(alive)
        if random.random() < 0.03:
            baton.kill(act)
        return act

    baton = Baton(choose)
    table = StepTable(world.memory, baton.step)
    service = Service(CaseStore(table), world.vault, lambda: world.rules, clock=world.clock)
    results = baton.run(*((lambda act=act: act(service)) for act in acts))
    assert all(isinstance(result, Changed | Refused | Killed) for result in results), results

    for act in acts:
        asks(act, world.new_service())
    assert any(agree(world, *ring).values())


# -- processes that die ------------------------------------------------------------------------


def family() -> tuple[MemoryWorld, str, str, str]:
    """A lead with a follower, and another case."""
    world = MemoryWorld()
    lead, follower, other = (handled(world, name) for name in "123")
    merge(world, follower, lead)
    return world, lead, follower, other


def _nothing(world: MemoryWorld, mine: str, other: str) -> None:
    """Nobody does anything before the sender asks again."""


def _notes(world: MemoryWorld, mine: str, other: str) -> None:
    for number in (mine, other):
        give(world, number, c.Note(text="请关注。"), staff("leader"))


def _sooner(world: MemoryWorld, mine: str, other: str) -> None:
    """The case's promise is another meanwhile."""
    give(world, mine, c.Reclassify(kind="help"), DISPATCHER)


def _lead_ends(world: MemoryWorld, mine: str, other: str) -> None:
    withdraw(world, other)


def _lead_comes_back(world: MemoryWorld, mine: str, other: str) -> None:
    withdraw(world, other)
    give(world, other, c.Reopen(text="还是不亮。"), CITIZEN)
    give(world, other, c.Accept(), MODERATOR)


def _ends(world: MemoryWorld, mine: str, other: str) -> None:
    withdraw(world, mine)


BETWEEN = {
    "nothing happens": _nothing,
    "notes": _notes,
    "another promise": _sooner,
    "the lead ends": _lead_ends,
    "the lead ends and comes back": _lead_comes_back,
    "the case ends": _ends,
}


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_merge_whose_process_died_anywhere_leaves_no_two_cases_at_odds(
    moment: Moment, between: str
) -> None:
    told, lead, follower, other = family()
    act = merges(other, lead)
    for call in range(calls_of(act, copied(told))):
        world = copied(told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        follow(world.service, lead)
        if not (between == "another promise" and case_of(world, other).state == "FOLLOWING"):
            BETWEEN[between](world, other, lead)
        follow(world.service, lead)

        refused = asks(act, world.new_service())
        assert refused is None or between in ("the lead ends", "the case ends")
        follow(world.service, lead)
        follows = agree(world, lead, follower, other)
        if between in ("nothing happens", "notes", "another promise"):
            assert follows == {lead: None, follower: lead, other: lead}


@pytest.mark.parametrize("between", ["nothing happens", "notes", "the lead ends"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_unmerging_whose_process_died_anywhere_counts_out_once(
    moment: Moment, between: str
) -> None:
    told, lead, follower, other = family()
    merge(told, other, lead)
    act = gives(follower, c.Unmerge(text="是另一条路。"), DISPATCHER)
    for call in range(calls_of(act, copied(told))):
        world = copied(told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        BETWEEN[between](world, follower, lead)
        if between == "the lead ends":
            # Before the queue tells them: the one that is out already hears nothing of it.
            act(world.new_service())
            follow(world.service, lead)
            assert set(agree(world, lead, follower, other).values()) == {None}
            continue
        act(world.new_service())
        follows = agree(world, lead, follower, other)
        assert follows == {lead: None, follower: None, other: lead}


@pytest.mark.parametrize("between", ["nothing happens", "notes"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_split_whose_process_died_anywhere_files_each_part_once(
    moment: Moment, between: str
) -> None:
    told, lead, _, other = family()
    act = gives(other, PARTS, DISPATCHER)
    points = calls_of(act, copied(told))
    assert points > 6
    for call in range(points):
        world = copied(told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        world.now.advance(minutes=7)
        BETWEEN[between](world, other, lead)

        for _ in range(2):
            act(world.new_service())

        parts = split_parts(world, other)
        assert len(parts) == 2
        split = [x for _, x in sound(world.service, other).events if isinstance(x, e.Split)]
        assert [set(event.into) for event in split] == [set(parts)]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_repeat_whose_process_died_anywhere_urges_once(moment: Moment) -> None:
    told = MemoryWorld()
    by = By(CITIZEN.actor)
    first = told.service.file(filing(), by, "1", subject="li").number
    again = told.service.file(filing(), by, "2", subject="li").number
    act = gives(again, c.MarkRepeat(case=first, text="同一盏灯。"), MODERATOR)
    for call in range(calls_of(act, copied(told))):
        world = copied(told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        for _ in range(2):
            act(world.new_service())
        urges = [x for _, x in sound(world.service, first).events if isinstance(x, e.Urged)]
        assert len(urges) == 1
        assert case_of(world, again).state == "CLOSED"


def test_bad_relations_of_one_case_change_nothing() -> None:
    world = MemoryWorld()
    mine, open_one = handled(world, "1"), handled(world, "2")
    waiting = filed(world, "3", UNSURE)
    closed = filed(world, "4", *HANDLED, REPLY, (_GOOD, CITIZEN))

    part = c.SplitCase(parts=[c.Part(text="另一件", category="9999")])
    assert refusal(world, mine, part) == ("unknown_category", "/parts/0/category")
    assert list(split_parts(world, mine)) == []
    same = c.MarkRepeat(case=open_one, text="一样。")
    assert refusal(world, waiting, same) == ("another_citizen", "/case")
    assert refusal(world, mine, c.MarkRecurrence(case=open_one)) == ("still_open", "/case")
    give(world, mine, c.MarkRecurrence(case=closed), DISPATCHER)
    assert len(list(numbers(world))) == 4


_GOOD = c.Rate(contacted=True, resolved="yes", overall=5)
