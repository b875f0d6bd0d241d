"""The journal as a story: what each reader is shown, and what nobody is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from casework.clock.ladder import Ladder
from casework.outcomes import Request
from casework.views.cases import citizen_case, desk_case
from casework.views.sentences import words
from casework.views.timeline import _INTERNAL, _SILENT, timeline
from casework.words import Language
from schemas import commands as c
from schemas import events as e
from schemas.events import EVENT_TYPES
from schemas.views import Named
from tests.support.soundness import sound
from tests.support.stories import AGENT, HANDLED, OFFICER, REPLY, SUPERVISOR, file
from tests.support.world import CITIZEN, MemoryWorld, rules_of


def handled(world: MemoryWorld | None = None) -> tuple[MemoryWorld, str]:
    world = world or MemoryWorld()
    number = file(world.service).number
    for step, (command, by) in enumerate(HANDLED):
        world.service.change(number, command, Request(by, str(step)))
    return world, number


def events(world: MemoryWorld, number: str, *, desk: bool) -> list[str]:
    dossier = world.service.store.dossier(number)
    assert dossier is not None
    return [entry.event for entry in timeline(dossier, world.rules, "zh-CN", desk=desk)]


def test_the_citizen_reads_neither_notes_nor_looks_nor_supervision() -> None:
    world, number = handled()
    for command in (c.Note(text="内部"), c.Reveal(reason="contact"), c.SendMessage(text="您好")):
        world.service.change(number, command, Request(OFFICER, command.model_dump_json()))

    assert {"noted", "revealed"} <= set(events(world, number, desk=True))
    shown = events(world, number, desk=False)
    assert "message-sent" in shown
    assert not {"noted", "revealed", "queued", "clocks-changed"} & set(shown)


def test_a_look_at_a_clock_that_has_nothing_left_to_say_is_no_reminder() -> None:
    world, number = handled()
    world.now.advance(days=60)
    world.service.tick(number)
    world.service.change(number, c.CallBack(result="reached"), Request(AGENT, "called"))
    reminders = events(world, number, desk=True).count("reminded")
    assert reminders > 0, "the rungs that were reached are shown"

    world.now.advance(days=8)
    assert world.service.tick(number) is not None, "the heartbeat was recorded"

    assert events(world, number, desk=True).count("reminded") == reminders


def test_the_desk_reads_by_name_who_was_told_and_the_citizen_nothing_of_it() -> None:
    """Given a clock of the urban management bureau's that is missed: its head, the supervision office."""
    world, number = handled()
    world.now.advance(days=60)
    world.service.tick(number)
    dossier = world.service.store.dossier(number)
    assert dossier is not None

    spoken: tuple[tuple[Language, str], ...] = (("zh-CN", "，已告知"), ("en", ", told "))
    for language, told in spoken:
        shown = timeline(dossier, world.rules, language, desk=True)
        said = next(entry for entry in shown if entry.event == "reminded")
        for name in ("贺兰亭", "沈岚清"):
            assert name in said.words.partition(told)[2]

    seen = timeline(dossier, world.rules, "zh-CN", desk=False)
    assert "reminded" not in {entry.event for entry in seen}
    assert not any("贺兰亭" in entry.words for entry in seen)


PAPERS = [
    {"at": "50%", "do": "remind", "who": ["officer"], "notice": "催办通知单"},
    {"at": "due", "do": "level 1", "who": ["head"], "card": "yellow"},
    {"at": "due + 3WD", "do": "level 2", "who": ["leader"], "manual": "summons"},
]


def with_papers() -> MemoryWorld:
    """A city whose promise climbs that ladder."""
    rules = rules_of()
    resolve = replace(rules.policy.clocks["resolve"], ladder=Ladder.parse(PAPERS))
    policy = replace(rules.policy, clocks={**rules.policy.clocks, "resolve": resolve})
    return MemoryWorld(rules=replace(rules, policy=policy))


@pytest.mark.parametrize(
    ("language", "words", "card", "step"),
    [
        (
            "zh-CN",
            ["（催办通知单）", "（1 级督办，黄牌）", "（2 级督办，约谈）"],
            "黄牌",
            "约谈",
        ),
        (
            "en",
            [" (催办通知单)", "(level 1, yellow card)", "(level 2, summons)"],
            *("yellow card", "summons"),
        ),
    ],
)
def test_the_desk_reads_each_card_summons_and_paper_and_the_citizen_none(
    language: Language, words: list[str], card: str, step: str
) -> None:
    world, number = handled(with_papers())
    for _ in range(60):
        world.now.advance(days=1)
        world.service.tick(number)
    dossier = sound(world.service, number)

    seen = desk_case(dossier, {}, SUPERVISOR, world.rules, language, world.now())
    about = [entry for entry in seen.timeline if entry.details.get("clock") == "resolve"]
    said = [entry.words for entry in about if entry.event == "reminded"]
    assert len(said) == 3
    for sentence, part in zip(said, words, strict=True):
        assert part in sentence
    paper, yellow, summons = seen.supervision
    assert (paper.notice, paper.card, paper.step, paper.level) == ("催办通知单", None, None, 0)
    assert (yellow.card and yellow.card.name, yellow.level, yellow.clock) == (card, 1, "resolve")
    assert (summons.step and summons.step.name, summons.notice) == (step, None)

    citizens = citizen_case(dossier, CITIZEN, world.rules, language, world.now())
    assert not [word for word in (card, step, "催办") if word in citizens.model_dump_json()]


def test_of_several_that_were_missed_the_last_of_each_sort_counts() -> None:
    """As what a person is told of several rungs is one notice."""
    world, number = handled(with_papers())
    world.now.advance(days=60)
    world.service.tick(number)

    seen = desk_case(
        sound(world.service, number), {}, SUPERVISOR, world.rules, "zh-CN", world.now()
    )
    (all_at_once,) = seen.supervision
    assert all_at_once.card == Named(code="yellow", name="黄牌")
    assert all_at_once.step == Named(code="summons", name="约谈")
    assert all_at_once.notice == "催办通知单"


@pytest.mark.parametrize(
    ("told", "gaps", "zh", "en"),
    [
        ((), (), "催办：认领（1 级督办）", "Reminder: Claim (level 1)"),
        (
            ("H002", "left"),
            ("officer",),
            "催办：认领（1 级督办），已告知贺兰亭、left；无人：承办人员",
            "Reminder: Claim (level 1), told 贺兰亭, left; nobody as officer",
        ),
        (
            (),
            ("supervision_office", "leader"),
            "催办：认领（1 级督办）；无人：督办部门、分管领导",
            "Reminder: Claim (level 1); nobody as supervision office, leader",
        ),
    ],
)
def test_a_reminder_says_whom_it_reached_and_where_it_reached_nobody(
    told: tuple[str, ...], gaps: tuple[str, ...], zh: str, en: str
) -> None:
    """Given somebody on the list, and an account that has left it since."""
    at = datetime(2026, 10, 8, tzinfo=UTC)
    event = e.Reminded(
        clock="claim", rungs=(1,), who=("head",), told=told, gaps=gaps, level=1, next=at
    )
    assert words(event, rules_of(), "zh-CN") == zh
    assert words(event, rules_of(), "en") == en


def test_it_is_the_service_that_asks_for_a_rating_and_not_the_officer_who_replied() -> None:
    world, number = handled()
    command, by = REPLY
    world.service.change(number, command, Request(by, "reply"))
    dossier = world.service.store.dossier(number)
    assert dossier is not None

    for desk, officer in ((True, "城管局 承办人员 officer-1"), (False, "城管局")):
        shown = timeline(dossier, world.rules, "zh-CN", desk=desk)
        who = {entry.event: entry.by for entry in shown}
        assert (who["replied"], who["invited"]) == (officer, "系统")


def test_an_urge_by_the_citizen_is_told_with_its_words() -> None:
    world, number = handled()
    world.service.change(number, c.Urge(text="请快一点"), Request(CITIZEN, "urge"))
    dossier = world.service.store.dossier(number)
    assert dossier is not None
    last = timeline(dossier, world.rules, "en", desk=False)[-1]
    assert (last.event, last.words, last.text) == ("urged", "Urged by the citizen", "请快一点")


CITIZENS = frozenset(
    [
        "filed",
        "accepted",
        "declined",
        "handed-over",
        "info-requested",
        "info-given",
        "answered",
        "dispatched",
        "delegated",
        "claimed",
        "contacted",
        "message-sent",
        "message-received",
        "urged",
        "replied",
        "invited",
        "rated",
        "follow-up-begun",
        "redo-ordered",
        "closed",
        "withdrawn",
        "reopened",
        "objected",
        "objection-granted",
        "objection-refused",
        "published",
        "unpublished",
        "overdue",
        "extended",
        "suspended",
        "resumed",
        "terminated",
        "promised",
        "promise-broken",
        "merged",
        "unmerged",
        "reply-taken",
        "split",
        "repeat-found",
        "recurrence-found",
        "rules-changed",
        "called-back",
        "redacted",
    ]
)
"""What is the citizen's to know; everything else that can happen is the city's own."""


def test_of_all_that_can_happen_the_citizen_reads_just_this() -> None:
    hidden = {event.model_fields["type"].default for event in (*_INTERNAL, *_SILENT)}
    assert EVENT_TYPES - hidden == CITIZENS
