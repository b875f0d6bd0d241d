"""Like cases: found when a case is dispatched, judged by a person, merged by the machine if the city
says so. What is confidential is neither found nor finds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casework.cases.access import By
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.outcomes import Refused, Request
from casework.store.likes import LASTING, LIKE
from casework.store.memory import MemoryTable
from casework.store.table import Item, Key, Unavailable
from casework.views.timeline import timeline
from schemas import commands as c
from schemas import events as e
from schemas.events import Similar
from tests.support.relatives import agree, case_of, give
from tests.support.soundness import sound
from tests.support.stories import CLAIM, DISPATCHER, OFFICER, REPLY, filing
from tests.support.world import CITIZEN, MemoryWorld, rules_of, staff

LAMP = (
    "荷风社区东门外台阶旁的两盏路灯从上周五起不亮，台阶又陡，昨晚有位老人在那里绊倒，"
    "膝盖磕出了血。物业说灯不归他们管，请派人来修，修好以前能不能先挂一盏临时灯。"
)
SAME_LAMP = (
    "您好！" + LAMP.replace("昨晚有位老人", "前天有个孩子").replace("两盏", "几盏") + "谢谢！"
)
MARKET = "菜市场西门的摊位每天收摊后不清扫，烂菜叶堆在路边，雨天一踩一滑，请安排人打扫。"
THERE = {"area": "990102002001", "place": c.Place(lon=113.0012, lat=28.2)}


def filed(world: MemoryWorld, text: str, citizen: str | None = None, **changes: Any) -> str:
    """File it as this citizen (None: nobody known), and bring it to the dispatcher, twice."""
    world.now.advance(minutes=10)
    said = filing(**{"text": text, **THERE, **changes})
    number = world.service.file(
        said, By(CITIZEN.actor), f"{citizen} {world.now.now}", citizen
    ).number
    world.dispatcher.route(number)
    stored = world.stored()
    world.dispatcher.route(number)
    assert world.stored() == stored, "a repeated delivery changes nothing"
    return number


def found(world: MemoryWorld, number: str) -> list[Similar]:
    """The like cases that were found of it."""
    events = [event for _, event in sound(world.service, number).events]
    return [one for event in events if isinstance(event, e.SimilarFound) for one in event.similar]


def relations(world: MemoryWorld, number: str) -> dict[str, str]:
    return {one.number: one.relation for one in found(world, number)}


def ended(world: MemoryWorld, number: str) -> None:
    if case_of(world, number).state == "TRIAGE":
        give(world, number, c.Dispatch(unit="chengguan", category="0205"), DISPATCHER)
    officer = staff("officer", "officer-1", case_of(world, number).unit)
    give(world, number, CLAIM[0], officer)
    give(world, number, REPLY[0], officer)
    give(world, number, c.Rate(contacted=True, resolved="yes", overall=5), CITIZEN)
    assert case_of(world, number).state == "CLOSED"


def merging(least: int = 80, **more: Any) -> Rules:
    rules = rules_of()
    return replace(rules, policy=replace(rules.policy, merge_from=least, **more))


# -- what is found ----------------------------------------------------------------------------


def test_the_same_citizen_twice_is_perhaps_a_repeat_and_a_person_says_so() -> None:
    world = MemoryWorld()
    first = filed(world, LAMP, "lin")
    again = filed(world, SAME_LAMP, "lin")

    assert relations(world, first) == {}
    assert relations(world, again) == {first: "same_person"}
    assert case_of(world, again).is_open, "nobody but a person ends it"
    give(world, again, c.MarkRepeat(case=first, text="没有新的情况。"), DISPATCHER)
    assert case_of(world, again).state == "CLOSED"


@pytest.mark.parametrize("who", [("lin", "wang"), (None, None), ("lin", None)])
def test_two_citizens_and_one_lamp_may_be_merged(who: tuple[str | None, str | None]) -> None:
    world = MemoryWorld()
    first, second = filed(world, LAMP, who[0]), filed(world, SAME_LAMP, who[1])

    (one,) = found(world, second)
    assert (one.number, one.relation) == (first, "same_matter")
    assert one.score >= 0.7
    assert one.reasons == ("like_words", "same_spot", "same_days")
    give(world, second, c.Merge(case=first), DISPATCHER)
    agree(world, first, second)


def test_a_nuisance_that_returns_after_the_end_has_happened_again() -> None:
    world = MemoryWorld()
    first = filed(world, LAMP, "lin")
    ended(world, first)
    world.now.advance(days=20)
    again = filed(world, SAME_LAMP, "wang")

    assert relations(world, again) == {first: "recurrence"}
    give(world, again, c.MarkRecurrence(case=first), DISPATCHER)


def test_a_nuisance_elsewhere_has_not_happened_again() -> None:
    world = MemoryWorld()
    first = filed(world, LAMP, "lin")
    ended(world, first)
    elsewhere = filed(world, LAMP, "wang", area="990103002001", place=None)

    assert found(world, elsewhere) == []


def test_other_matters_are_not_like_it_and_few_words_are_only_on_the_spot() -> None:
    world = MemoryWorld()
    filed(world, MARKET)
    first = filed(world, "路灯不亮", "lin")
    there = filed(world, "路灯不亮", "wang")
    far = filed(world, "路灯不亮", "zhou", place=c.Place(lon=113.03, lat=28.2))

    assert relations(world, there) == {first: "same_matter"}
    assert found(world, far) == []


def test_of_a_case_that_follows_its_lead_is_proposed() -> None:
    world = MemoryWorld()
    first, second = filed(world, LAMP, "lin"), filed(world, SAME_LAMP, "wang")
    give(world, second, c.Merge(case=first), DISPATCHER)
    third = filed(world, SAME_LAMP, "zhou")

    assert relations(world, third) == {first: "same_matter"}


def test_what_ended_as_a_repeat_is_not_proposed_but_what_it_repeats_is() -> None:
    world = MemoryWorld()
    first, again = filed(world, LAMP, "lin"), filed(world, LAMP, "lin")
    give(world, again, c.MarkRepeat(case=first, text="没有新的情况。"), DISPATCHER)
    third = filed(world, LAMP, "wang")

    assert relations(world, third) == {first: "same_matter"}


def test_at_most_five_are_proposed_the_likest_first() -> None:
    world = MemoryWorld()
    for n in range(7):
        filed(world, LAMP if n % 2 else SAME_LAMP, f"citizen-{n}")
    last = filed(world, LAMP, "last")

    scores = [one.score for one in found(world, last)]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


def test_after_three_months_it_is_found_no_more() -> None:
    world = MemoryWorld()
    filed(world, LAMP, "lin")
    world.now.advance(days=LASTING.days + 1)

    assert found(world, filed(world, LAMP, "wang")) == []


# -- who never takes part ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    [{"kind": "report"}, {"identity": "hidden"}, {"identity": "sealed"}, {"category": "1707"}],
    ids=["a report", "hidden", "sealed", "party affairs"],
)
def test_what_is_confidential_neither_finds_nor_is_found(secret: dict[str, Any]) -> None:
    world = MemoryWorld()
    if "category" in secret:
        closed = sorted(
            code for code, one in world.rules.city.categories.items() if one.line == "党务"
        )
        secret = {"category": closed[0]}
    filed(world, LAMP, "lin")
    before = index(world)
    hidden = filed(world, LAMP, "wang", **secret)

    assert found(world, hidden) == []
    assert index(world) == before
    assert hidden not in relations(world, filed(world, LAMP, "zhou"))


def index(world: MemoryWorld) -> list[Item]:
    return [item for item in world.stored() if item["sk"] == LIKE]


def test_what_is_sealed_later_is_found_no_more_and_shown_to_nobody() -> None:
    world = MemoryWorld()
    first = filed(world, LAMP, "lin")
    second = filed(world, SAME_LAMP, "wang")
    assert shown(world, second, DISPATCHER) == [first]
    give(world, first, c.Reclassify(kind="report"), staff("dispatcher", "d", "hotline"))

    assert case_of(world, first).identity == "sealed"
    assert shown(world, second, DISPATCHER) == []
    assert relations(world, filed(world, LAMP, "zhou")) == {second: "same_matter"}


def shown(world: MemoryWorld, number: str, by: By) -> list[str]:
    dossier = world.service.store.dossier(number)
    assert dossier is not None
    return [other.number for _, other in world.resembling.known(dossier, by)]


def test_cases_about_other_people_are_kept_apart_and_the_accused_see_nothing() -> None:
    world = MemoryWorld()
    about = filed(world, LAMP, "lin", about=["chengguan"])
    plain = filed(world, LAMP, "wang")
    both = filed(world, LAMP, "zhou", about=["chengguan"])

    assert found(world, plain) == []
    assert relations(world, both) == {about: "same_matter"}
    assert shown(world, both, DISPATCHER) == [about]
    assert shown(world, both, OFFICER) == []


def test_the_citizen_reads_nothing_of_it_and_the_desk_no_numbers_in_the_timeline() -> None:
    world = MemoryWorld()
    first = filed(world, LAMP, "lin")
    second = filed(world, SAME_LAMP, "wang")
    dossier = world.service.store.dossier(second)
    assert dossier is not None

    entries = timeline(dossier, world.rules, "zh-CN", desk=True)
    (entry,) = [one for one in entries if one.event == "similar-found"]
    assert entry.words == "发现 1 件相似的诉求"
    assert first not in entry.model_dump_json()
    for language in ("zh-CN", "en"):
        told = timeline(dossier, world.rules, language, desk=False)
        assert "similar-found" not in {one.event for one in told}


def test_the_index_says_nothing_of_what_was_written_and_needs_the_key() -> None:
    world, other = MemoryWorld(), MemoryWorld()
    filed(world, LAMP, "lin")
    other.vault = type(other.vault)(b"the master secret of another city")
    filed(other, LAMP, "lin")

    ours, theirs = index(world), index(other)
    assert len(ours) == 12
    assert {item["pk"] for item in ours}.isdisjoint(item["pk"] for item in theirs)
    assert "路灯" not in repr(ours)


# -- by the machine ---------------------------------------------------------------------------


def test_above_what_the_city_sets_the_machine_merges_under_the_earliest() -> None:
    world = MemoryWorld(rules=merging())
    first = filed(world, LAMP, "lin")
    others = [filed(world, SAME_LAMP, f"citizen-{n}") for n in range(3)]

    assert agree(world, first, *others) == {first: None, **dict.fromkeys(others, first)}
    for number in others:
        assert "resolve" in case_of(world, number).clocks, "each keeps its own promise"
        assert relations(world, number)[first] == "same_matter"


def test_by_default_nothing_is_merged() -> None:
    world = MemoryWorld()
    first, second = filed(world, LAMP, "lin"), filed(world, LAMP, "wang")

    assert agree(world, first, second) == {first: None, second: None}


@pytest.mark.parametrize(
    ("rules", "second"),
    [
        (merging(100), {"text": SAME_LAMP}),
        (merging(), {"citizen": "lin"}),
        (merging(), {"about": ["gongdian"]}),
        (merging(), {"text": LAMP + "有人说再不修就去跳楼。"}),
        (merging(review="all"), {}),
        (merging(50), {"area": "990103002001", "place": None}),
        (merging(), {"area": None, "place": c.Place(address="白鹭区老砖社区东门")}),
    ],
    ids=[
        "not so like", "the same citizen", "about others", "in danger", "all are reviewed",
        "elsewhere", "elsewhere by its address",
    ],
)  # fmt: skip
def test_the_machine_does_not_merge(rules: Rules, second: dict[str, Any]) -> None:
    world = MemoryWorld(rules=rules)
    first = filed(world, LAMP, "lin")
    if case_of(world, first).state == "IN_REVIEW":
        give(world, first, c.Accept(), staff("moderator", "m", "hotline"))
    other = filed(world, **{"text": LAMP, "citizen": "wang", **second})

    assert case_of(world, other).follows is None


def test_what_a_person_took_out_of_a_merge_the_machine_does_not_put_back() -> None:
    world = MemoryWorld(rules=merging())
    first, second = filed(world, LAMP, "lin"), filed(world, LAMP, "wang")
    give(world, second, c.Unmerge(text="是另一处的灯。"), DISPATCHER)
    world.dispatcher.route(second)

    assert case_of(world, second).state != "ACCEPTED"
    assert agree(world, first, second) == {first: None, second: None}


def test_what_a_unit_returned_the_machine_does_not_bring_back_to_it_by_a_merge() -> None:
    world = MemoryWorld()
    first, second = filed(world, LAMP, "lin"), filed(world, LAMP, "wang")
    unit = case_of(world, second).unit
    assert unit is not None
    assert case_of(world, first).unit == unit
    not_ours = c.Return(reason="not_our_duty", text="不归我们。")
    give(world, second, not_ours, staff("officer", "officer-1", unit))
    give(world, second, c.DecideReturn(approve=True), DISPATCHER)
    world.rules = merging()
    world.dispatcher.route(second)

    assert case_of(world, second).follows is None
    assert case_of(world, second).unit != unit


def test_a_place_that_is_only_written_keeps_apart_whom_it_lies_apart() -> None:
    world = MemoryWorld(rules=merging())
    here = {"area": None, "place": c.Place(address="柳浪街道荷风社区东门")}
    first, second = filed(world, LAMP, "lin", **here), filed(world, LAMP, "wang", **here)
    there = filed(world, LAMP, "zhou", area="990103002001", place=None)

    assert agree(world, first, second, there) == {first: None, second: first, there: None}
    assert "elsewhere" in found(world, there)[0].reasons


def test_a_lead_that_ends_in_between_leaves_the_case_to_be_dispatched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = MemoryWorld(rules=merging())
    first = filed(world, LAMP, "lin")
    number = world.service.file(
        filing(text=LAMP, **THERE), By(CITIZEN.actor), "late", "wang"
    ).number
    look = world.dispatcher._resembling.look

    def slow(*asked: Any) -> Any:
        seen = look(*asked)
        give(world, first, c.Withdraw(reason="solved"), CITIZEN)
        return seen

    monkeypatch.setattr(world.dispatcher._resembling, "look", slow)
    assert world.dispatcher.route(number) in ("automatic", "person")
    agree(world, first, number)


def test_nobody_but_the_machine_gives_its_command() -> None:
    world = MemoryWorld(rules=merging())
    first, second = filed(world, MARKET, "lin"), filed(world, LAMP, "wang")
    said = Similar(number=first, score=1.0, relation="same_matter")

    with pytest.raises(Refused) as refused:
        world.service.change(
            second, c.MergeAlike(case=first, similar=(said,)), Request(DISPATCHER, "mine")
        )
    assert refused.value.refusal.code == "role"


# -- trouble ----------------------------------------------------------------------------------


class Shut(MemoryTable):
    """A table that answers no batch."""

    def get_many(self, keys: Any, *, consistent: bool = True) -> dict[Key, Item]:
        if any(key[1] == LIKE for key in keys):
            raise Unavailable("throttled")
        return super().get_many(keys, consistent=consistent)


def test_without_the_index_a_case_is_dispatched_all_the_same() -> None:
    world = MemoryWorld(table=Shut())
    said = world.service.file(filing(text=LAMP, **THERE), By(CITIZEN.actor), "1")

    assert world.dispatcher.route(said.number) in ("automatic", "person")
    case: Case = case_of(world, said.number)
    assert case.state in ("ASSIGNED", "TRIAGE")
