"""Two at once, meeting before each of their AWS calls in turn: one order or the other, never both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from infra.local.gateway import Response
from tests.stack.faults import Ask, Meeting, meanwhile, puts
from tests.stack.people import PHOTO, fresh_key, good, refused
from tests.stack.town import STALLS, Town


def at_once(town: Town, function: str) -> Iterator[Callable[[Ask, Ask], list[Response]]]:
    """For each call that two requests could meet before, what makes two of them meet there."""
    for place in range(1000):
        meeting = Meeting(function, place)
        yield partial(meeting.both, town.stack)
        if not meeting.met:
            return
    raise AssertionError("they never ceased to meet")


def test_two_officers_claim_at_once_and_one_wins(town: Town) -> None:
    li, zhao = town.officer(subject="li"), town.officer(subject="zhao")
    places = 0
    for both in at_once(town, "Desk"):
        number = town.assigned().number
        answers = both(lambda: li.act(number, "claim"), lambda: zhao.act(number, "claim"))  # noqa: B023

        won, lost = sorted(answers, key=lambda answer: answer.status)
        assert good(won)["status"] == "HANDLING"
        problem = refused(lost, 409, "state")
        assert problem["state"] == "HANDLING"
        assert problem["version"] == good(won)["version"]
        assert "reply" in problem["allowed"]
        winner = ("li", "zhao")[answers.index(won)]
        assert town.case(number).officer == winner
        assert town.count(number, "claimed") == 1
        places += 1
    assert places > 3, "HEAD, commit, HEAD"


def test_the_same_command_twice_at_once_is_carried_out_once(town: Town) -> None:
    number, officer = town.handled().number, town.officer()
    for round_, both in enumerate(at_once(town, "Desk")):
        key, text = fresh_key(), f"第{round_}条"

        def ask(key: str = key, text: str = text) -> Response:
            return officer.act(number, "message", {"text": text}, key=key)

        first, second = both(ask, ask)
        assert good(first)["version"] == good(second)["version"]
        assert town.texts(number)[text] == 1


def test_the_same_key_with_two_texts_at_once_carries_out_one_of_them(town: Town) -> None:
    number, officer = town.handled().number, town.officer()
    for round_, both in enumerate(at_once(town, "Desk")):
        key, texts = fresh_key(), (f"甲{round_}", f"乙{round_}")

        def ask(text: str, key: str = key) -> Response:
            return officer.act(number, "message", {"text": text}, key=key)

        answers = both(lambda: ask(texts[0]), lambda: ask(texts[1]))  # noqa: B023
        statuses = sorted(answer.status for answer in answers)
        assert statuses == [200, 422]
        said = town.texts(number)
        assert [said[texts[i]] for i in (0, 1)] == [answer.status == 200 for answer in answers]


def test_two_messages_at_once_both_stand(town: Town) -> None:
    citizen = town.handled()
    for round_, both in enumerate(at_once(town, "Intake")):
        texts = (f"甲{round_}", f"乙{round_}")
        answers = both(
            lambda: citizen.ask("messages", {"text": texts[0]}),  # noqa: B023
            lambda: citizen.ask("messages", {"text": texts[1]}),  # noqa: B023
        )
        assert [answer.status for answer in answers] == [200, 200]
        assert [town.texts(citizen.number)[text] for text in texts] == [1, 1]


@pytest.mark.parametrize("same", [True, False])
def test_one_key_filed_twice_at_once_is_one_case(town: Town, same: bool) -> None:
    for both in at_once(town, "Intake"):
        before, key = set(town.numbers()), fresh_key()

        def ask(text: str, key: str = key) -> Response:
            return town.stranger().post("/v1/cases", {"text": text}, key)

        answers = both(lambda: ask(STALLS), lambda: ask(STALLS if same else "路灯坏了。"))
        statuses = sorted(answer.status for answer in answers)
        assert statuses == [201, 201 if same else 422]
        if same:
            assert answers[0].json() == answers[1].json()
        (number,) = set(town.numbers()) - before
        assert town.journal(number) == ["filed", "clocks-changed"]


def test_a_claim_that_a_withdrawal_comes_before_is_refused(town: Town) -> None:
    citizen = town.assigned()

    def withdraw() -> None:
        good(citizen.ask("withdrawal", {"reason": "solved"}))

    with meanwhile(town.stack, lambda call: call.function == "Desk" and puts(call, "#"), withdraw):
        answer = town.officer().act(citizen.number, "claim")

    assert refused(answer, 409, "state")["state"] == "WITHDRAWN"
    assert town.count(citizen.number, "claimed") == 0


def test_a_command_for_an_older_version_is_refused_even_if_it_was_overtaken_on_the_way(
    town: Town,
) -> None:
    citizen = town.handled()
    seen = town.case(citizen.number).version

    with meanwhile(
        town.stack,
        lambda call: call.function == "Desk" and puts(call, "#"),
        lambda: citizen.ask("messages", {"text": "等一下，还有一事。"}),
    ):
        answer = town.officer().act(
            citizen.number,
            "reply",
            {"outcome": "resolved", "text": "好了", "evidence": [PHOTO]},
            If_Match=f'"{seen}"',
        )

    assert refused(answer, 412, "stale")["version"] == seen + 1
    assert town.count(citizen.number, "replied") == 0


def test_dispatch_and_a_person_at_once_give_the_case_to_one_unit(town: Town) -> None:
    """The dispatcher hands over by telephone while the machine is about to assign."""
    citizen = town.file()
    hand_over = {"service": "110", "receipt": "110-7"}

    with meanwhile(
        town.stack,
        lambda call: call.function == "Dispatch" and puts(call, "#"),
        lambda: town.staff("dispatcher").does(citizen.number, "hand-over", **hand_over),
    ):
        town.drain()

    assert town.case(citizen.number).state == "HANDED_OVER"
    assert town.count(citizen.number, "dispatched") == 0
    assert town.assignments("chengguan", citizen.number) == []


def test_a_command_repeated_after_its_answer_was_lost_and_others_came_is_answered(
    town: Town,
) -> None:
    """One later command, and so many that HEAD has long forgotten the request."""
    citizen, officer = town.handled(), town.officer()
    for later in (1, 8, 20):
        key, text = fresh_key(), f"{later} 条之前"
        first = officer.act(citizen.number, "message", {"text": text}, key=key)
        stale = f'"{good(first)["version"] - 1}"'
        for _ in range(later):
            good(citizen.ask("messages", {"text": "还在吗？"}))

        again = officer.act(citizen.number, "message", {"text": text}, key=key, If_Match=stale)

        assert good(again)["version"] == good(first)["version"] + later, "as the case is now"
        assert town.texts(citizen.number)[text] == 1
        other = officer.act(citizen.number, "message", {"text": "别的"}, key=key)
        refused(other, 422, "key_reused")


def test_many_writers_of_one_case_lose_nothing(town: Town) -> None:
    citizen, officer = town.handled(), town.officer()
    wanted = [f"第{number}条" for number in range(12)]

    def write(text: str) -> None:
        key = fresh_key()
        for _ in range(20):
            answer = officer.act(citizen.number, "message", {"text": text}, key=key)
            if answer.status != 503:
                break
        good(answer)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, wanted))

    assert town.texts(citizen.number) == dict.fromkeys(wanted, 1)
