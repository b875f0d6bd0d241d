"""A function dies before or after any of its AWS calls; whoever waits for it tries again.

Nothing is lost and nothing happens twice. Every function starts cold each time, so that reading
the settings and fetching keys are moments to die in as well.
"""

from __future__ import annotations

import json

import pytest

from infra.local.gateway import Response
from tests.stack.faults import fuses
from tests.stack.people import PHOTO, Citizen, fresh_key, good, refused
from tests.stack.town import STALLS, UNCLEAR, Town


def test_a_filing_is_one_case_with_one_answer_wherever_intake_dies(town: Town) -> None:
    before, filed = set(town.numbers()), []
    body = {"text": STALLS, "contact": {"name": "王小云", "phone": "19900001234"}}
    for fuse in fuses("Intake"):
        key = town.key_of_number(sampled=False)

        def ask(key: str = key) -> Response:
            return town.stranger().post("/v1/cases", body, key)

        town.cold()
        with fuse.lit(town.stack):
            ask()
        filed.append(good(ask(), 201))
        assert good(ask(), 201) == filed[-1], fuse.burnt

    town.drain()
    assert len(filed) >= 2 * 5 + 1, "secret, settings, data key, BODY, HEAD"
    assert set(town.numbers()) - before == {one["case_number"] for one in filed}
    for one in filed:
        citizen = Citizen(town.client, {"Access-Code": one["access_code"]}, one["case_number"])
        assert citizen.see()["text"] == STALLS
        expected = ["filed", "clocks-changed", "accepted", "dispatched", "clocks-changed"]
        happened = [each for each in town.journal(citizen.number) if each != "similar-found"]
        assert happened == expected


def test_after_a_crash_the_same_key_with_another_body_is_refused_and_the_first_stands(
    town: Town,
) -> None:
    """What a filing without a transaction could get wrong: BODY is there, HEAD is not yet."""
    stood = 0
    for fuse in fuses("Intake"):
        key = fresh_key()
        with fuse.lit(town.stack):
            town.stranger().post("/v1/cases", {"text": STALLS}, key)
        other = town.stranger().post("/v1/cases", {"text": "别的事情：路灯坏了。"}, key)
        first_again = town.stranger().post("/v1/cases", {"text": STALLS}, key)
        if other.status == 201:  # nothing of the first was stored, so the second is the filing
            refused(first_again, 422, "key_reused")
            continue
        refused(other, 422, "key_reused")
        assert town.dossier(good(first_again, 201)["case_number"]).body.text == STALLS
        stood += 1
    assert stood == 4, "after BODY, before HEAD, after HEAD, and without a crash"


@pytest.mark.parametrize(
    ("command", "given", "event", "body"),
    [
        ("claim", "assigned", "claimed", {}),
        (
            "reply",
            "handled",
            "replied",
            {"outcome": "resolved", "text": "已劝离。", "evidence": [PHOTO]},
        ),
    ],
)
def test_a_case_moves_on_once_wherever_the_desk_dies(
    town: Town, command: str, given: str, event: str, body: dict[str, str]
) -> None:
    points = 0
    for fuse in fuses("Desk"):
        citizen, officer, key = getattr(town, given)(), town.officer(), fresh_key()
        town.cold()
        with fuse.lit(town.stack):
            officer.act(citizen.number, command, body, key=key)
        again = good(officer.act(citizen.number, command, body, key=key))
        assert again == good(officer.act(citizen.number, command, body, key=key)), fuse.burnt
        assert town.count(citizen.number, event) == 1, fuse.burnt
        points += 1
    assert points >= 2 * 5 + 1, "secret, settings, HEAD, commit, HEAD"


@pytest.mark.parametrize(
    ("command", "event", "body"),
    [
        ("message", "message-sent", {"text": "请问几点出摊？"}),
        ("contact", "contacted", {"how": "phone", "result": "reached"}),
        ("reveal", "revealed", {"reason": "verify"}),
    ],
)
def test_what_may_be_done_again_is_done_once_for_a_key_wherever_the_desk_dies(
    town: Town, command: str, event: str, body: dict[str, str]
) -> None:
    """The state lets these commands through again: only the request's id tells a repeat."""
    citizen, officer = town.handled(contact={"phone": "19900001234"}), town.officer()
    points = 0
    for fuse in fuses("Desk"):
        key = fresh_key()
        town.cold()
        with fuse.lit(town.stack):
            officer.act(citizen.number, command, body, key=key)
        again = good(officer.act(citizen.number, command, body, key=key))
        assert again == good(officer.act(citizen.number, command, body, key=key)), fuse.burnt
        points += 1
        assert town.count(citizen.number, event) == points, fuse.burnt
    assert points >= 2 * 6 + 1, "secret, settings, HEAD, text, commit, HEAD"


def test_a_citizens_message_is_written_once_wherever_intake_dies(town: Town) -> None:
    citizen = town.handled()
    for number, fuse in enumerate(fuses("Intake")):
        key, text = fresh_key(), f"第{number}条"
        town.cold()
        with fuse.lit(town.stack):
            citizen.ask("messages", {"text": text}, key)
        good(citizen.ask("messages", {"text": text}, key))
        assert town.texts(citizen.number)[text] == 1, fuse.burnt


def test_a_rating_closes_once_wherever_feedback_dies(town: Town) -> None:
    for fuse in fuses("Feedback"):
        citizen, key = town.replied(), fresh_key()
        rating = {"contacted": True, "resolved": "yes", "overall": 5, "text": "满意"}
        town.cold()
        with fuse.lit(town.stack):
            citizen.ask("rating", rating, key)
        assert good(citizen.ask("rating", rating, key))["status"] == "CLOSED", fuse.burnt
        assert town.journal(citizen.number)[-3:] == ["rated", "closed", "clocks-changed"]
        assert town.count(citizen.number, "rated") == 1, fuse.burnt


def test_a_case_is_dispatched_once_wherever_dispatch_dies(town: Town) -> None:
    points = 0
    for fuse in fuses("Dispatch"):
        citizen = town.file()
        town.cold()
        with fuse.lit(town.stack):
            town.drain()
        assert town.case(citizen.number).state == "ASSIGNED", fuse.burnt
        assert town.count(citizen.number, "dispatched") == 1, fuse.burnt
        assert len(town.assignments("chengguan", citizen.number)) == 1, fuse.burnt
        points += 1
    assert points >= 2 * 5 + 1, "HEAD and BODY, settings, secret, commit, HEAD"


def test_a_commit_is_published_wherever_relay_dies(town: Town) -> None:
    """To the topic and then to the unit's queue, once or more: neither may miss it."""
    for fuse in fuses("Relay"):
        citizen = town.file(UNCLEAR)
        town.drain()
        town.staff("dispatcher").does(citizen.number, "dispatch", unit="gongshui", category="0301")
        town.cold()
        with fuse.lit(town.stack):
            town.drain()
        sent = town.assignments("gongshui", citizen.number)
        assert [one["commit"]["version"] for one in sent[:1]] == [3], fuse.burnt
        assert all(one == sent[0] for one in sent), fuse.burnt
    assert town.take("StreamDeadLetters") == []


def test_what_relay_put_aside_is_published_wherever_republish_dies(town: Town) -> None:
    sqs, url = town.stack.cloud.client("sqs"), town.stack.url("RelayQueue")
    citizen = town.assigned()
    for fuse in fuses("Republish"):
        given = len(town.assignments("chengguan", citizen.number))
        aside = json.dumps({"case_number": citizen.number, "version": 2})
        sqs.send_message(QueueUrl=url, MessageBody=aside)
        town.cold()
        with fuse.lit(town.stack):
            town.drain()
        sent = town.assignments("chengguan", citizen.number)
        assert len(sent) > given, fuse.burnt
        assert all(one["commit"] == sent[0]["commit"] for one in sent), fuse.burnt
    assert town.take("RelayDeadLetters") == []


def test_a_citizen_is_invited_once_wherever_invitations_dies(town: Town) -> None:
    for fuse in fuses("Invitations"):
        citizen = town.handled()
        town.officer().does(
            citizen.number, "reply", outcome="resolved", text="已处理。", evidence=[PHOTO]
        )
        town.cold()
        with fuse.lit(town.stack):
            town.drain()
        assert len(citizen.see()["notices"]) == 1, fuse.burnt
