"""The texts that people's decisions belong to: the last word counts, and nothing taken out comes back."""

from __future__ import annotations

from casework.learning import Lesson, lessons
from casework.outcomes import Request
from casework.relaying import Relay
from casework.store.dynamo import typed
from schemas import commands as c
from tests.support.stories import DISPATCHER, MODERATOR, SUPERVISOR, UNIT, file
from tests.support.world import MemoryWorld


class Desk:
    """A city whose people dispatch; the stream shows what they do."""

    def __init__(self) -> None:
        self.world = MemoryWorld()
        self.relay = Relay(
            self.world.service,
            self.world.topic,
            self.world.unit_queues,
            self.world.queue("RELAY_QUEUE"),
        )

    def dispatched(self, text: str, category: str = "0205", **filing: object) -> str:
        number = file(self.world.service, text, text=text, title="标题", **filing).number
        self.does(number, c.Route())
        self.does(number, c.Dispatch(unit=UNIT, category=category))
        return number

    def does(self, number: str, command: c.Command, by: object = DISPATCHER) -> None:
        self.world.now.advance(minutes=1)
        if isinstance(command, c.Route):
            self.world.service.tell(number, command)
        else:
            request = Request(by, f"{command} {self.world.now()}")  # type: ignore[arg-type]
            self.world.service.change(number, command, request)
        head = self.world.memory.get((number, "#HEAD"))
        assert head is not None
        self.relay.publish_image(typed(head))

    def taught(self, months: int = 24) -> list[Lesson]:
        world = self.world
        return lessons(world.service.store, world.rules, world.now(), months)


def test_what_people_decided_is_a_lesson_with_its_text() -> None:
    desk = Desk()
    number = desk.dispatched("路灯坏了三天了。")

    assert desk.taught() == [Lesson(number, "标题", "路灯坏了三天了。", "0205")]


def test_of_several_decisions_on_a_case_the_last_one_counts() -> None:
    desk = Desk()
    number = desk.dispatched("路灯坏了三天了。")
    desk.does(number, c.Reclassify(category="0204"), SUPERVISOR)

    assert [lesson.category for lesson in desk.taught()] == ["0204"]


def test_what_is_confidential_by_now_or_taken_out_is_no_lesson() -> None:
    desk = Desk()
    stays = desk.dispatched("路灯坏了三天了。")
    becomes_a_report = desk.dispatched("有人收了好处，路灯不修。")
    redacted = desk.dispatched("路灯坏了，找王某某。")
    desk.does(becomes_a_report, c.Reclassify(kind="report"), SUPERVISOR)
    desk.does(redacted, c.Redact(part="body"), MODERATOR)

    assert [lesson.number for lesson in desk.taught()] == [stays]


def test_old_decisions_and_categories_of_old_teach_nothing_more() -> None:
    desk = Desk()
    desk.dispatched("路灯坏了三天了。")

    desk.world.now.advance(days=40)
    assert desk.taught(months=1) == []
    assert len(desk.taught(months=3)) == 1
