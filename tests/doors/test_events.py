"""The doors that AWS itself wakes: queues, the stream, the schedule. Events as AWS documents them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from casework import sweeping
from casework.store.dynamo import typed
from casework.store.marks import SETTLED
from casework.store.memory import MemoryTopic
from casework.store.models import IN_FORCE, MODEL, Models
from casework.store.table import Unavailable
from functions.deadlines.app import shard, sweep
from functions.dispatch.app import route
from functions.feedback.app import invite
from functions.relay.app import publish, republish
from schemas.events import Announcement
from tests.doors.driving import Api, Case, Context, payload
from tests.support.calendars import rules_with
from tests.support.models import model_of
from tests.support.world import MemoryWorld


def records(name: str, *bodies: str) -> Any:
    """The fixture with these bodies in its first record's place, a message id each."""
    event = payload(name)
    made = []
    for number, body in enumerate(bodies):
        record = copy.deepcopy(event["Records"][0])
        made.append(record | {"messageId": f"message-{number}", "body": body})
    return {"Records": made}


def failed(answer: Any) -> list[str]:
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def image(case: Case) -> dict[str, Any]:
    """HEAD as the stream shows it."""
    (head,) = [
        item
        for item in case.api.world.stored()
        if (item["pk"], item["sk"]) == (case.number, "#HEAD")
    ]
    return typed(head)


def stream(*cases: Case) -> Any:
    """An INSERT, as many MODIFYs as needed and a REMOVE, with these cases' HEADs."""
    inserted, modified, removed = payload("dynamodb_stream")["Records"]
    made = []
    for number, case in enumerate(cases):
        record = copy.deepcopy(modified if number else inserted)
        record["dynamodb"] |= {"NewImage": image(case), "SequenceNumber": str(100 + number)}
        made.append(record)
    return {"Records": [*made, removed]}


def published(world: MemoryWorld) -> list[tuple[str, Any]]:
    """What the topic has taken, message by message with its attributes."""
    assert isinstance(world.topic, MemoryTopic)
    return [*world.topic.published]


def announcement(case: Case) -> str:
    head = case.api.world.service.store.head(case.number)
    assert head is not None
    return Announcement(
        case_number=case.number,
        state=head.case.state,
        unit=head.case.unit,
        commit=head.commit,
    ).model_dump_json()


# -- relay ------------------------------------------------------------------------------------


def test_each_new_head_is_published_in_its_order(api: Api, world: MemoryWorld) -> None:
    first, second = api.file(), api.file(text="又一件").dispatched()

    answer = publish(stream(first, second), Context())

    assert failed(answer) == []
    told = [(json.loads(message), attributes) for message, attributes in published(world)]
    assert [message["case_number"] for message, _ in told] == [first.number, second.number]
    assert told[0][1] == {"state": "SUBMITTED", "events": ["filed", "clocks-changed"]}
    assert told[1][1]["state"] == "ASSIGNED"
    assert "dispatched" in told[1][1]["events"]
    assert stream(first)["Records"][-1]["eventName"] == "REMOVE", "which is not published"


def test_an_announcement_tells_nothing_that_people_wrote(api: Api, world: MemoryWorld) -> None:
    case = api.file(title="电梯")

    publish(stream(case), Context())

    ((message, _),) = published(world)
    for secret in ("月亮河", "电梯", "欧阳", "1990000"):
        assert secret not in message


def test_what_cannot_be_published_is_put_aside(api: Api, world: MemoryWorld) -> None:
    # given a topic that does not answer
    world.topic = SilentTopic()
    case = api.file()

    # when the stream shows a commit, then it goes aside and the stream goes on
    assert failed(publish(stream(case), Context())) == []
    (message,) = world.queues["RELAY_QUEUE"].sent
    assert json.loads(message) == {"case_number": case.number, "version": 1}

    # and is published from the journal when the topic is back
    world.topic = MemoryTopic()
    del world.relay
    case.dispatched()
    assert failed(republish(records("sqs_relay", message), Context())) == []
    ((told, _),) = published(world)
    assert json.loads(told)["commit"]["version"] == 1


class SilentTopic(MemoryTopic):
    def publish(self, message: str, attributes: Any) -> None:
        raise Unavailable("the topic does not answer")


def test_the_stream_starts_again_at_the_first_record_that_failed(
    api: Api, world: MemoryWorld
) -> None:
    # given a record in the middle that nobody can read
    cases = [api.file(text=f"第{i}件") for i in range(3)]
    event = stream(*cases)
    event["Records"][1]["dynamodb"]["NewImage"] = {"pk": {"S": "broken"}}

    # when the batch is handled, then what came before is done and the rest comes again
    assert failed(publish(event, Context())) == ["101"]
    assert [json.loads(m)["case_number"] for m, _ in published(world)] == [cases[0].number]


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", "null", '{"case_number": 1}', '{"case_number": "1", "version": 1}']
)
def test_a_broken_message_comes_again_alone(api: Api, world: MemoryWorld, body: str) -> None:
    case = api.file()
    good = json.dumps({"case_number": case.number, "version": 1})

    assert failed(republish(records("sqs_relay", body, good), Context())) == ["message-0"]
    assert len(published(world)) == 1


# -- dispatch and feedback --------------------------------------------------------------------


def test_dispatch_takes_raw_messages_of_the_topic(api: Api) -> None:
    # given a case that the category decides, and one that only a person can place
    clear, unclear = api.file(), api.file(text="这件事不知道该找谁，请告诉我。", category=None)
    batch = [announcement(clear), announcement(unclear), "poison", announcement(clear)]

    # when they come in one batch, with a poison message and one delivered twice
    answer = route(records("sqs_from_sns_raw", *batch), Context())

    # then only the poison comes again
    assert failed(answer) == ["message-2"]
    assert clear.unit == "zhujian"
    head = api.world.service.store.head(unclear.number)
    assert head is not None
    assert head.case.state == "TRIAGE"

    # and a second delivery changes nothing
    stored = api.stored()
    assert failed(route(records("sqs_from_sns_raw", *batch[:2]), Context())) == []
    assert api.stored() == stored


@pytest.mark.parametrize("damaged", [True, False])
def test_dispatch_raises_an_alarm_while_the_citys_own_model_cannot_be_used(
    api: Api, damaged: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    Models(api.world.settings_table).put(model_of({"路灯": "0205", "井盖": "0204"}))
    if damaged:
        lost = {"pk": MODEL, "sk": IN_FORCE, "version": 2, "artefact": "artefact#lost"}
        api.world.settings_table.put(lost)
    api.world.learned()

    route(records("sqs_from_sns_raw", announcement(api.file())), Context())

    assert ('"ModelUnusable":[1.0]' in capsys.readouterr().out) == damaged


def test_the_citizen_is_invited_once(api: Api) -> None:
    case = api.file().answered()
    told = announcement(case)

    assert failed(invite(records("sqs_from_sns_raw", told, told, "{}"), Context())) == ["message-2"]

    notices = api.get(case.path, headers=case.opened).body["notices"]
    assert [notice["kind"] for notice in notices] == ["invitation"]


def test_an_invitation_that_comes_late_is_let_go(api: Api) -> None:
    # given a case rated before the invitation was delivered
    case = api.file().answered()
    told = announcement(case)
    rating = {"contacted": True, "resolved": "yes", "overall": 5}
    assert case.citizen("rating", rating).status == 200

    assert failed(invite(records("sqs_from_sns_raw", told), Context())) == []

    assert api.get(case.path, headers=case.opened).body["notices"] == []


# -- deadlines --------------------------------------------------------------------------------


def test_every_minute_each_shard_gets_a_message(world: MemoryWorld) -> None:
    sweep(payload("schedule"), Context())

    assert [json.loads(one) for one in world.queues["SWEEP_QUEUE"].sent] == [{"shard": 0}]


def test_a_shard_ticks_what_is_due(api: Api, world: MemoryWorld) -> None:
    # given a case that nobody claims for a week
    case = api.file().dispatched()
    world.now.advance(days=7)

    # when its shard is swept, twice because SQS may deliver twice
    for _ in range(2):
        assert failed(shard(payload("sqs_sweep"), Context())) == []

    # then it is reminded of and overdue, once
    desk = api.get(case.desk_path, headers=api.bearer("supervisor")).body
    events = [entry["event"] for entry in desk["timeline"]]
    assert "reminded" in events
    overdue = [e["details"]["clock"] for e in desk["timeline"] if e["event"] == "overdue"]
    assert len(overdue) == len(set(overdue)) > 0


@pytest.mark.parametrize("body", ["", "{}", '{"shard": "x"}'])
def test_a_sweep_that_cannot_be_read_comes_again(world: MemoryWorld, body: str) -> None:
    assert failed(shard(records("sqs_sweep", body), Context())) == ["message-0"]


def test_a_shard_with_work_left_is_ordered_again(
    api: Api, world: MemoryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a due case, and a sweep whose time is over before it begins
    case = api.file().dispatched()
    world.now.advance(days=7)
    monkeypatch.setattr(sweeping, "BUDGET", 0.0)

    # when it is swept, then the order comes again, for its next round
    assert failed(shard(payload("sqs_sweep"), Context())) == []
    (message,) = world.queues["SWEEP_QUEUE"].sent
    assert json.loads(message) == {"shard": 0, "round": 2}

    # and with time enough the case is ticked and nothing more is ordered
    monkeypatch.undo()
    assert failed(shard(records("sqs_sweep", message), Context())) == []
    assert len(world.queues["SWEEP_QUEUE"].sent) == 1
    head = world.service.store.head(case.number)
    assert head is not None
    assert head.case.level == 1


def changed(world: MemoryWorld) -> None:
    """The city's rules have changed, and every function has read them."""
    world.rules = rules_with(world.rules, holidays=("2026-10-12",))
    world.marks.note()
    sweep(payload("schedule"), Context())
    world.now.now += SETTLED


def orders(world: MemoryWorld) -> list[Any]:
    """What the schedule sends, a message a shard."""
    world.queues.pop("SWEEP_QUEUE", None)
    sweep(payload("schedule"), Context())
    return [json.loads(message) for message in world.queues["SWEEP_QUEUE"].sent]


def due_on(case: Case) -> str:
    shown = case.api.get(case.path, headers=case.opened).body
    (promise,) = [one for one in shown["deadlines"] if one["clock"] == "resolve"]
    return str(promise["due_on"])


def test_when_the_rules_have_changed_each_shard_is_counted_anew_until_it_is_done(
    api: Api, world: MemoryWorld
) -> None:
    case = api.file(kind="complaint").dispatched()
    assert due_on(case) == "2026-10-23"
    changed(world)
    assert orders(world) == [{"shard": 0, "recount": 1}]
    assert orders(world) == [{"shard": 0, "recount": 1}], "it is not done yet"

    for _ in range(2):  # SQS may deliver twice
        order = records("sqs_sweep", '{"shard": 0, "recount": 1}')
        assert failed(shard(order, Context())) == []

    assert due_on(case) == "2026-10-26"
    told = api.get(case.path, headers=case.opened).body["timeline"]
    assert [one["event"] for one in told].count("rules-changed") == 1
    assert orders(world) == [{"shard": 0}]


def test_what_is_due_comes_before_the_counting(
    api: Api, world: MemoryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a sweep that does not come to its end."""
    case = api.file(kind="complaint").dispatched()
    world.now.advance(days=7)
    changed(world)
    monkeypatch.setattr(sweeping, "BUDGET", 0.0)
    order = records("sqs_sweep", '{"shard": 0, "recount": 1}')

    assert failed(shard(order, Context())) == []

    assert due_on(case) == "2026-10-23"
    assert orders(world) == [{"shard": 0, "recount": 1}], "the next minute asks for it again"


def test_a_counting_that_fails_brings_no_sweep_back(
    api: Api, world: MemoryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sweep is done; the next minute's order counts."""
    case = api.file(kind="complaint").dispatched()
    changed(world)

    def away(*_: object) -> None:
        raise Unavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(world.marks, "cursor", away)
        order = records("sqs_sweep", '{"shard": 0, "recount": 1}')
        assert failed(shard(order, Context())) == []
    assert due_on(case) == "2026-10-23"

    assert failed(shard(order, Context())) == []
    assert due_on(case) == "2026-10-26"


def test_every_shard_is_swept_though_nobody_can_say_whether_the_rules_have_changed(
    world: MemoryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(world.marks, "pending", away)

    assert orders(world) == [{"shard": 0}]
