"""A part of AWS is away for a while, or answers so late that botocore asks again by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Call
from tests.stack.faults import answers_lost, away
from tests.stack.people import PHOTO, Citizen, fresh_key, good, refused
from tests.stack.town import STALLS, Town

WRITES = {"PutItem", "Publish", "SendMessage"}


def publishing(*functions: str) -> Callable[[Call], bool]:
    return lambda call: call.operation == "Publish" and call.function in functions


def in_queue(town: Town, queue: str) -> Callable[[Call], bool]:
    """Whether a function sends into this queue of the template."""
    url = town.stack.url(queue)
    return lambda call: call.operation == "SendMessage" and call.request["QueueUrl"] == url


# -- the topic and the queues ----------------------------------------------------------------


def test_while_the_topic_is_away_relay_puts_case_and_version_aside(town: Town) -> None:
    aside: list[dict[str, Any]] = []
    into_relay_queue = in_queue(town, "RelayQueue")

    def note(call: Call) -> None:
        if into_relay_queue(call):
            aside.append(json.loads(call.request["MessageBody"]))

    with (
        town.stack.listening(note),
        away(town.stack, publishing("Relay", "Republish"), 3, code="ServiceUnavailable") as tries,
    ):
        citizen = town.file()
        town.drain()

    assert aside == [{"case_number": citizen.number, "version": 1}]
    assert [call.function for call in tries] == ["Relay", "Republish", "Republish"]
    assert town.case(citizen.number).state == "ASSIGNED"
    assert len(town.assignments("chengguan", citizen.number)) == 1


def test_an_outage_beyond_all_patience_ends_in_dead_letters_that_can_be_sent_again(
    town: Town,
) -> None:
    with away(town.stack, publishing("Relay", "Republish"), code="ServiceUnavailable"):
        citizen = town.file()
        town.drain()
    assert town.case(citizen.number).state == "SUBMITTED"
    (letter,) = town.take("RelayDeadLetters")
    assert json.loads(letter) == {"case_number": citizen.number, "version": 1}

    town.send("RelayQueue", letter)
    town.drain()

    assert town.case(citizen.number).state == "ASSIGNED"


def test_even_if_nobody_sends_it_again_the_clock_of_dispatch_tells_of_it(town: Town) -> None:
    """Whatever message is lost: an open case has an alarm."""
    with away(town.stack, publishing("Relay", "Republish"), code="ServiceUnavailable"):
        citizen = town.file()
        town.drain()
    town.take("RelayDeadLetters")

    due = town.case(citizen.number).clocks["dispatch"].due
    town.stack.advance(due - town.stack.now())

    assert town.count(citizen.number, "overdue") == 1
    # and the reminder's own commit shows the case to dispatch again
    assert town.case(citizen.number).state == "ASSIGNED"


def test_with_the_relay_queue_away_too_the_stream_waits(town: Town) -> None:
    with (
        away(town.stack, publishing("Relay"), code="ServiceUnavailable"),
        away(town.stack, in_queue(town, "RelayQueue"), 5, code="ServiceUnavailable") as tries,
    ):
        citizens = [town.file() for _ in range(3)]
        town.drain()

    assert len(tries) == 5
    assert [town.case(citizen.number).state for citizen in citizens] == ["ASSIGNED"] * 3
    assert town.take("StreamDeadLetters") == []


def test_while_a_units_own_queue_is_away_the_rest_of_the_city_works(town: Town) -> None:
    def to_the_unit(call: Call) -> bool:
        return call.operation == "SendMessage" and "unit-chengguan" in call.request["QueueUrl"]

    with away(town.stack, to_the_unit, 2, code="ServiceUnavailable"):
        citizen = town.assigned()

    assert town.assignments("chengguan", citizen.number)
    town.officer().does(citizen.number, "claim")


# -- the table and the keys ------------------------------------------------------------------

THROTTLED = ("ThrottlingException", "ProvisionedThroughputExceededException", "InternalServerError")
REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "Intake": ("handled", "messages", {"text": "还在等。"}),
    "Feedback": ("replied", "rating", {"contacted": True, "resolved": "yes", "overall": 5}),
    "Desk": ("handled", "reply", {"outcome": "resolved", "text": "已劝离。", "evidence": [PHOTO]}),
}


@pytest.mark.parametrize("function", REQUESTS)
def test_a_request_to_a_throttled_store_is_told_to_come_again_and_nothing_is_half_done(
    town: Town, function: str
) -> None:
    """At each of its calls in turn: to the table, to the settings, to the keys."""
    given, what, body = REQUESTS[function]
    for place in range(1000):
        citizen: Citizen = getattr(town, given)()
        officer, key = town.officer(), fresh_key()

        def ask(citizen: Citizen = citizen, key: str = key) -> Any:
            if function == "Desk":
                return officer.act(citizen.number, what, body, key=key)  # noqa: B023
            return citizen.ask(what, body, key)

        before = town.dossier(citizen.number).head
        town.cold()
        passed: list[Call] = []

        def nth(call: Call, place: int = place, passed: list[Call] = passed) -> bool:
            if call.function == function:
                passed.append(call)
            return call.function == function and len(passed) == place + 1

        code = THROTTLED[place % len(THROTTLED)]
        with away(town.stack, nth, code=code) as refusals:
            answer = ask()
        if not refusals:
            good(answer)
            break
        refused(answer, 503, "busy")
        assert int(answer.header("Retry-After") or 0) > 0
        assert town.dossier(citizen.number).head == before

        after = good(ask())
        assert after["version"] == before.case.version + 1
        town.sound(citizen.number)
    assert place >= 5, "secret, settings, HEAD, commit, HEAD"


def test_a_filing_to_a_throttled_store_is_told_to_come_again_and_is_one_case(town: Town) -> None:
    body, before = {"text": STALLS, "contact": {"phone": "19900001234"}}, set(town.numbers())
    numbers = []
    for place in range(1000):
        key = fresh_key()
        passed: list[Call] = []

        def nth(call: Call, place: int = place, passed: list[Call] = passed) -> bool:
            passed.append(call)
            return len(passed) == place + 1

        town.cold()
        with away(town.stack, nth, code="ThrottlingException") as refusals:
            answer = town.stranger().post("/v1/cases", body, key)
        if refusals:
            refused(answer, 503, "busy")
        numbers.append(good(town.stranger().post("/v1/cases", body, key), 201)["case_number"])
        if not refusals:
            break
    assert place == 5, "secret, settings, data key, BODY, HEAD"
    assert set(town.numbers()) - before == set(numbers)


@pytest.mark.parametrize("function", ["Dispatch", "Invitations"])
def test_messages_wait_for_a_throttled_store(town: Town, function: str) -> None:
    citizen = town.handled() if function == "Invitations" else town.file()
    if function == "Invitations":
        town.officer().does(
            citizen.number, "reply", outcome="resolved", text="已处理。", evidence=[PHOTO]
        )

    with away(town.stack, lambda call: call.function == function, 3, code="ThrottlingException"):
        town.drain()

    if function == "Dispatch":
        assert town.count(citizen.number, "dispatched") == 1
    else:
        assert len(citizen.see()["notices"]) == 1
    assert town.take(f"{'Dispatch' if function == 'Dispatch' else 'Feedback'}DeadLetters") == []


# -- answers lost on the wire ----------------------------------------------------------------


def test_a_life_in_which_every_write_is_sent_twice_by_the_sdk_is_the_same(town: Town) -> None:
    """The write took effect, its answer did not come, botocore sends it again: then the condition
    of a put fails because of the put itself."""
    with answers_lost(town.stack, WRITES.__contains__) as lost:
        citizen = town.replied(contact={"name": "王小云", "phone": "19900001234"})
        good(citizen.ask("reopening", {"text": "先评价。"}), 409)
        officer = town.officer()
        citizen.rate(1, "no", contacted=False, text="没人联系。")
        another = town.officer(subject="another")
        another.does(citizen.number, "claim")
        another.does(citizen.number, "message", text="今天到现场。")
        another.does(
            citizen.number, "reply", outcome="resolved", text="已当面说明。", evidence=[PHOTO]
        )
        town.staff("moderator").does(citizen.number, "decide-reply", approve=True)
        town.drain()
        citizen.rate(5, text="这次好了。")
        town.drain()

    assert set(lost) >= {"PutItem", "SendMessage"}
    assert officer.sees(citizen.number)["status"] == "CLOSED"
    assert len(citizen.see()["notices"]) == 2
    assert set(town.texts(citizen.number).values()) == {1}
    assert town.count(citizen.number, "claimed") == 2


def test_a_wrong_code_whose_count_was_sent_twice_does_not_lock_the_citizen_out(town: Town) -> None:
    citizen = town.assigned()
    guess = Citizen(town.client, {"Access-Code": "x"}, citizen.number)

    with answers_lost(town.stack, WRITES.__contains__, 1):
        refused(guess.get(f"/v1/cases/{citizen.number}"), 403, "wrong_code")

    assert citizen.see()["status"] == "ASSIGNED"
