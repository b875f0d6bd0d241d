"""The journal as a story: what each reader is shown, and what nobody is."""

from casework.outcomes import Request
from casework.views.timeline import _INTERNAL, _SILENT, timeline
from schemas import commands as c
from schemas.events import EVENT_TYPES
from tests.support.stories import HANDLED, OFFICER, REPLY, file
from tests.support.world import CITIZEN, MemoryWorld


def handled() -> tuple[MemoryWorld, str]:
    world = MemoryWorld()
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
    reminders = events(world, number, desk=True).count("reminded")
    assert reminders > 0, "the rungs that were reached are shown"

    world.now.advance(days=8)
    assert world.service.tick(number) is not None, "the heartbeat was recorded"

    assert events(world, number, desk=True).count("reminded") == reminders


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
        "redacted",
    ]
)
"""What is the citizen's to know; everything else that can happen is the city's own."""


def test_of_all_that_can_happen_the_citizen_reads_just_this() -> None:
    hidden = {event.model_fields["type"].default for event in (*_INTERNAL, *_SILENT)}
    assert EVENT_TYPES - hidden == CITIZENS
