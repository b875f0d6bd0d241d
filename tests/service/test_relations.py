"""Cases that belong together, command by command: what each of them is told, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from casework.cases.access import By
from casework.cases.decide import allowed
from casework.cases.state import Case
from casework.outcomes import Refused, Request
from casework.relating import Followers
from casework.views.cases import desk_case
from schemas import commands as c
from schemas import events as e
from tests.support.relatives import (
    agree,
    asks,
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
    OBJECT,
    OFFICER,
    REPLY,
    SUPERVISOR,
    SUSPECT,
    UNSURE,
    Step,
    filing,
)
from tests.support.world import CITIZEN, MemoryWorld, staff


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


def answers_again(world: MemoryWorld, number: str, text: str) -> None:
    """The citizen is not content, and the same unit answers a second time."""
    again = staff("head", "head-1", "chengguan")
    give(world, number, c.Rate(contacted=True, resolved="no", overall=1), CITIZEN)
    give(world, number, c.Redo(text="请重新办理。"), SUPERVISOR)
    give(world, number, c.Claim(), again)
    give(world, number, REPLY[0].model_copy(update={"text": text}), again)


def test_a_pass_on_that_comes_late_passes_on_what_was_checked() -> None:
    """Not what was said since, which nobody has looked through for other people's data."""
    world = MemoryWorld()
    one = handled(world, "1")
    lead = led(world, one)
    give(world, lead, *REPLY)
    give(world, lead, c.PassOn(), MODERATOR)
    passed = case_of(world, lead).version
    answers_again(world, lead, "七号楼张三家门口的已换。")

    # when the queue brings it only now
    Followers(world.service).follow(lead, passed)

    dossier = sound(world.service, one)
    assert dossier.text(dossier.head.commit.text) == "已修好，请您查看。"
    agree(world, lead, one)


def test_words_of_ones_own_that_were_taken_out_are_not_replaced_by_the_reply() -> None:
    """They were written because the reply itself says too much."""
    world = MemoryWorld()
    one = handled(world, "1")
    lead = led(world, one)
    give(world, lead, *REPLY)
    give(world, lead, c.PassOn(text="七号楼张三家门口的已换。"), MODERATOR)
    passed = case_of(world, lead).version
    give(world, lead, c.Redact(part=str(passed)), MODERATOR)

    Followers(world.service).follow(lead, passed)

    dossier = sound(world.service, one)
    assert dossier.head.case.state == "AWAITING_RATING"
    assert dossier.text(dossier.head.commit.text) is None


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


GOOD = c.Rate(contacted=True, resolved="yes", overall=5)


# -- what is accused ----------------------------------------------------------------------------


def test_a_follower_that_turns_out_to_be_about_somebody_leaves_its_lead() -> None:
    """Whoever it is about may handle the lead, and the lead's answer would be theirs."""
    world = MemoryWorld()
    lead, one, two = handled(world, "1"), handled(world, "2"), handled(world, "3")
    merge(world, one, lead)
    merge(world, two, lead)

    named = give(world, one, c.NameSubjects(persons=["wang.wu"]), MODERATOR, "named").case

    assert (named.state, named.follows) == ("ACCEPTED", None)
    assert {"dispatch", "resolve"} <= set(named.clocks), "it has an alarm of its own again"
    assert agree(world, lead, one, two) == {lead: None, one: None, two: lead}
    assert give(world, one, c.NameSubjects(persons=["wang.wu"]), MODERATOR, "named").repeated
    assert agree(world, lead, one, two)[two] == lead


def test_what_waited_to_be_passed_on_is_not_when_it_was_of_the_accused() -> None:
    world = MemoryWorld()
    one = handled(world, "1")
    lead = led(world, one)
    give(world, lead, *REPLY)
    assert case_of(world, lead).to_pass_on == "resolved"

    give(world, lead, c.NameSubjects(persons=[OFFICER.actor.id]), MODERATOR)

    case = case_of(world, lead)
    assert (case.state, case.to_pass_on) == ("ACCEPTED", None)
    assert "pass-on" not in allowed(case, MODERATOR, world.rules, world.now())
    assert refusal(world, lead, c.PassOn(), MODERATOR)[0] == "nothing_to_pass_on"
    assert agree(world, lead, one)[one] == lead, "they wait for who handles it now"


def test_the_desks_timeline_says_that_others_follow_and_not_which() -> None:
    world = MemoryWorld()
    one, two = handled(world, "1"), handled(world, "2")
    lead = led(world, one, two)
    give(world, one, c.Unmerge(text="是另一条路。"), DISPATCHER)
    give(world, lead, *REPLY)
    give(world, lead, c.PassOn(), MODERATOR)
    follow(world.service, lead)

    dossier = sound(world.service, lead)
    shown = desk_case(dossier, {}, OFFICER, world.rules, "zh-CN", world.now())

    told = {entry.event for entry in shown.timeline}
    assert told >= {"lead-taken", "lead-released", "passed-on"}
    for number in (one, two):
        assert number not in shown.model_dump_json()


# -- split -------------------------------------------------------------------------------------

OCTOBER_9 = date(2026, 10, 9)
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
        named = case.subjects
        assert named is not None
        assert (named.units, named.persons) == (("gongan",), ("lao-wang",)), "about the same people"
        assert world.service.contact(body) == {"name": "欧阳清和", "phone": "19912345678"}
    assert {case_of(world, part).kind for part in parts} == {"complaint", "enquiry"}


@pytest.mark.parametrize(
    ("whole", "part"), [("open", "sealed"), ("hidden", "sealed"), ("anonymous", "anonymous")]
)
def test_a_report_that_is_split_off_is_sealed_as_one_that_is_filed(whole: str, part: str) -> None:
    world = MemoryWorld()
    contact = {"contact": None} if whole == "anonymous" else {}
    number = filed(world, "1", UNSURE, identity=whole, **contact)

    report = c.Part(text="执法人员收钱。", kind="report")
    give(world, number, c.SplitCase(parts=[report, c.Part(text="路灯不亮。")]), DISPATCHER)

    found = {
        case.kind: case.identity for case in map(world_case(world), split_parts(world, number))
    }
    assert found == {"report": part, "complaint": whole}


def world_case(world: MemoryWorld) -> Callable[[str], Case]:
    return lambda number: case_of(world, number)


def test_a_part_of_a_childs_case_is_a_childs() -> None:
    world = MemoryWorld()
    for name, minor in (("1", True), ("2", False)):
        number = filed(world, name, UNSURE, minor=minor)
        give(world, number, PARTS, DISPATCHER)
        for part in split_parts(world, number):
            first = sound(world.service, part).journal[0].events[0]
            assert isinstance(first, e.Filed)
            assert first.minor is minor


def test_a_part_is_due_when_the_whole_is() -> None:
    """Nothing is gained by splitting late."""
    world = MemoryWorld()
    number = handled(world, "1")
    promised = case_of(world, number).clocks["resolve"].due
    world.now.advance(days=4)

    give(world, number, PARTS, DISPATCHER)

    for part in split_parts(world, number):
        world.dispatcher.route(part)
        clock = case_of(world, part).clocks["resolve"]
        assert (clock.due, clock.decided) == (promised, True)


def test_a_part_of_a_case_whose_promise_was_broken_is_late_from_its_first_day() -> None:
    world = MemoryWorld()
    number = handled(world, "1")
    give(world, number, c.Reply(outcome="promised", text="九日前修好。", until=OCTOBER_9), OFFICER)
    give(world, number, c.DecideReply(approve=True), MODERATOR)
    assert case_of(world, number).state == "PROMISED"
    world.now.advance(days=20)
    world.service.tick(number)
    assert case_of(world, number).state == "HANDLING"

    give(world, number, PARTS, DISPATCHER)

    for part in split_parts(world, number):
        assert case_of(world, part).clocks["resolve"].due <= world.now() + timedelta(seconds=1)
        world.now.advance(minutes=1)
        assert world.service.tick(part) is not None
        assert case_of(world, part).clocks["resolve"].late


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


def of_one_citizen(world: MemoryWorld, *steps: Step) -> str:
    """A case of Li's, who is signed in, of which these steps have happened."""
    name = f"of li {len(list(numbers(world)))}"
    number = world.service.file(filing(), By(CITIZEN.actor), name, subject="li").number
    for command, by in steps:
        give(world, number, command, by)
    return number


OF_OTHERS: dict[str, tuple[tuple[Step, ...], str]] = {
    "has ended": ((*HANDLED, REPLY, (GOOD, CITIZEN)), "not_open"),
    "waits for the citizen": ((SUSPECT, (c.RequestInfo(text="哪里？"), MODERATOR)), "not_open"),
    "was objected to, and may end as it stands": (
        (*HANDLED, REPLY, (GOOD, CITIZEN), OBJECT),
        "not_open",
    ),
}


@pytest.mark.parametrize("name", OF_OTHERS)
def test_nothing_is_a_repeat_of_a_case_in_which_it_would_not_be_heard(name: str) -> None:
    steps, why = OF_OTHERS[name]
    world = MemoryWorld()
    first, again = of_one_citizen(world, *steps), of_one_citizen(world)

    assert refusal(world, again, c.MarkRepeat(case=first, text="同一盏灯。"), MODERATOR) == (
        why,
        "/case",
    )


def test_a_repeat_that_was_told_long_ago_brings_nothing_back_when_it_is_sent_again() -> None:
    """Both have ended, the other by its citizen's own judgement."""
    world = MemoryWorld()
    first, again = of_one_citizen(world), of_one_citizen(world)
    same = c.MarkRepeat(case=first, text="同一盏灯。")
    give(world, again, same, MODERATOR, "same")
    for step in (*HANDLED, REPLY, (GOOD, CITIZEN)):
        give(world, first, *step)

    assert give(world, again, same, MODERATOR, "same").repeated

    assert {case_of(world, number).state for number in (first, again)} == {"CLOSED"}


@pytest.mark.parametrize("where", ["of a confidential case", "on a confidential case"])
def test_a_recurrence_shows_nothing_of_what_is_confidential(where: str) -> None:
    world = MemoryWorld()
    secret = {"of a confidential case": "report", "on a confidential case": "complaint"}[where]
    ended = handled(world, "1", kind=secret)
    give(world, ended, *REPLY)
    mine = filed(world, "2", UNSURE, kind="complaint" if secret == "report" else "report")
    give(world, ended, GOOD, CITIZEN)

    recurrence = c.MarkRecurrence(case=ended)

    assert refusal(world, mine, recurrence, MODERATOR) == ("sealed_apart", "/case")


def test_bad_relations_of_one_case_change_nothing() -> None:
    world = MemoryWorld()
    mine, open_one = handled(world, "1"), handled(world, "2")
    waiting = filed(world, "3", UNSURE)
    closed = filed(world, "4", *HANDLED, REPLY, (GOOD, CITIZEN))

    part = c.SplitCase(parts=[c.Part(text="另一件", category="9999")])
    assert refusal(world, mine, part) == ("unknown_category", "/parts/0/category")
    assert list(split_parts(world, mine)) == []
    same = c.MarkRepeat(case=open_one, text="一样。")
    assert refusal(world, waiting, same) == ("another_citizen", "/case")
    assert refusal(world, mine, c.MarkRecurrence(case=open_one)) == ("still_open", "/case")
    give(world, mine, c.MarkRecurrence(case=closed), DISPATCHER)
    assert len(list(numbers(world))) == 4
