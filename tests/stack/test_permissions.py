"""Each role allows the calls that its function makes, on the resources it makes them on, no more.

The journeys below go through every door and every asynchronous function, and down the ways that
are rare: wrong access codes, repeats, long journals, two at once, a topic that is away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from casework import runtime, sweeping
from casework.calendars import enter
from casework.store.items import ASIDE
from infra.local.cloud import Call
from infra.local.functions import Function
from tests.stack.faults import away, meanwhile, puts
from tests.stack.people import PHOTO, Citizen, good, refused
from tests.stack.permissions import Permissions, covers
from tests.stack.town import STALLS, UNCLEAR, Town
from tests.support.calendars import document_of
from tests.template.reading import of_type, translated

FUNCTIONS = (
    *("Intake", "Desk", "Feedback", "Invitations", "Dispatch", "Followers"),
    *("Deadlines", "Sweep", "Relay", "Republish"),
)
LONG = 6
"""So many messages that HEAD cannot remember the ids of all requests, and the journal is read."""


@pytest.fixture(scope="module")
def permissions() -> Iterator[Permissions]:
    with Town().open() as town, each_in_a_world_of_its_own(town):
        found = Permissions(town.stack)
        with found.recording():
            for journey in (
                *(reading, filing, recognising, handling, coming_back, disputing),
                *(judging, relating, waiting, recounting, outage),
            ):
                journey(town)
        yield found


@contextmanager
def each_in_a_world_of_its_own(town: Town) -> Iterator[None]:
    """As in Lambda, where functions share no process; here they do otherwise."""
    worlds: dict[str, runtime.World] = defaultdict(town.fresh_world)
    invoke = Function.invoke

    def invoke_apart(self: Function, event: Any) -> Any:
        shared = runtime.world()
        runtime.configure({}, into=worlds[self.name])
        try:
            return invoke(self, event)
        finally:
            runtime.configure({}, into=shared)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Function, "invoke", invoke_apart)
        yield


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_what_its_function_calls_and_no_more(
    permissions: Permissions, function: str
) -> None:
    needed = permissions.calls[function] | permissions.by_the_platform(function)
    allowed = permissions.granted(function)

    refused_by_iam = {one for one in needed if not any(covers(grant, one) for grant in allowed)}
    used_by_nobody = {grant for grant in allowed if not any(covers(grant, one) for one in needed)}

    assert not refused_by_iam
    assert not used_by_nobody


def test_every_function_of_the_template_was_called(permissions: Permissions) -> None:
    functions = of_type(translated("template.yaml"), "AWS::Lambda::Function")

    assert set(functions) == set(FUNCTIONS) == set(permissions.calls)


def reading(town: Town) -> None:
    """What needs no case."""
    for path in ("/v1/catalogue", "/v1/openapi.json", "/v1/health"):
        good(town.stranger().get(path))
    refused(town.stranger().get("/v1/cases"), 401, "token_missing")
    refused(town.stranger().get("/v1/desk/worklist"), 401, "token_missing")


def filing(town: Town) -> None:
    """With contact and without, signed in and not, repeated, by an agent with an answer."""
    town.file(contact={"name": "王小云", "phone": "19900001234"})
    town.file(contact=None)
    lin = town.signed_in("lin")
    citizen = town.file(by=lin)
    town.drain()
    good(lin.get("/v1/cases"))
    good(lin.get(f"/v1/cases/{citizen.number}"))
    key = town.key_of_number(sampled=False)
    for text, status in ((STALLS, 201), (STALLS, 201), (UNCLEAR, 422)):
        good(town.stranger().post("/v1/cases", {"text": text}, key), status)
    answer = {"article": "kb-1", "article_version": 1, "text": "九点到十七点。"}
    agent, asked = town.staff("agent"), {"text": "几点上班？", "kind": "enquiry", "answer": answer}
    for _ in range(2):
        good(agent.post("/v1/cases", asked, "one-and-the-same-call"), 201)
    town.drain()


def recognising(town: Town) -> None:
    """A number is joined, its case followed and rated while signed in; then it passes on."""
    phone = {"phone_number": "19900005678", "phone_number_verified": True}
    lin, other = town.signed_in("lin", **phone), town.signed_in("mei", **phone)
    citizen = town.replied(channel="hotline", contact={"phone": "19900005678"})
    person = good(lin.post("/v1/me/bindings", {}))
    good(lin.get("/v1/me"))
    good(lin.get("/v1/cases"))
    good(lin.get(f"/v1/cases/{citizen.number}"))
    rating = {"contacted": True, "resolved": "yes", "overall": 5}
    good(lin.post(f"/v1/cases/{citizen.number}/rating", rating))
    good(other.post("/v1/me/bindings", {}))
    good(lin.post("/v1/me/separation", {"binding": person["bindings"][1]["id"]}))


def handling(town: Town) -> None:
    """The desk's reading and writing, and all that a citizen can say."""
    citizen = town.handled(publishable=True, contact={"phone": "19900001234"})
    number, officer = citizen.number, town.officer()
    wrong = Citizen(town.client, {"Access-Code": "x"}, number)
    for _ in range(2):
        refused(wrong.get(f"/v1/cases/{number}"), 403, "wrong_code")
    for _ in range(LONG):
        good(citizen.ask("messages", {"text": "还在等。"}))
        officer.does(number, "message", text="在办。")
    good(citizen.ask("urges"))
    officer.sees(number)
    officer.worklist()
    officer.does(number, "reveal", reason="contact")
    town.staff("moderator").does(number, "publish")
    good(town.signed_in("mei").post(f"/v1/cases/{number}/support", {}))
    officer.does(number, "return", reason="not_our_duty", text="不归我们。")
    town.staff("dispatcher").does(number, "decide-return", approve=True, unit="gongshui")
    town.drain()


def coming_back(town: Town) -> None:
    """A long journal, and then dispatch once more."""
    citizen = town.handled()
    for _ in range(LONG):
        good(citizen.ask("messages", {"text": "还在等。"}))
    good(citizen.ask("withdrawal", {"reason": "solved"}))
    good(citizen.ask("reopening", {"text": "又来了。"}))
    moderator = town.staff("moderator")
    moderator.does(citizen.number, "accept")
    with meanwhile(town.stack, saves_by("Dispatch"), lambda: citizen.ask("urges")):
        town.drain()
    declined = town.file("你好")
    town.drain()
    moderator.does(
        declined.number, "decline", reason="judicial", path="court", text="请向法院上诉。"
    )
    good(declined.ask("objection", {"text": "不服。"}))


def disputing(town: Town) -> None:
    """Units are heard, and what relay could not show them is shown from the journal later."""
    citizen, dispatcher = town.assigned(), town.staff("dispatcher")
    number, officer = citizen.number, town.officer()
    officer.does(number, "return", reason="not_our_duty", text="不归我们。")
    dispatcher.does(number, "arbitrate", units=["chengguan", "gongshui"], text="各执一词。")
    with away(town.stack, relay_shows, 1, code="ServiceUnavailable"):
        town.drain()
    officer.does(number, "state-position", text="属供水公司管线。")
    town.drain()
    assert officer.finds(number) is None
    assert town.officer("gongshui").finds(number)


def judging(town: Town) -> None:
    """By access code and by token, after a short and a long journal."""
    citizen = town.replied()
    wrong = Citizen(town.client, {"Access-Code": "x"}, citizen.number)
    rating = {"contacted": True, "resolved": "yes", "overall": 5, "text": "满意"}
    refused(wrong.ask("rating", rating), 403, "wrong_code")
    citizen.rate(1, "no")
    lin = town.signed_in("lin")
    own = town.file(by=lin)
    town.drain()
    officer = town.officer()
    officer.does(own.number, "claim")
    for _ in range(LONG):
        officer.does(own.number, "message", text="在办。")
    replied = officer.does(
        own.number, "reply", outcome="resolved", text="办好了。", evidence=[PHOTO]
    )
    if replied["status"] == "REPLY_REVIEW":
        town.staff("moderator").does(own.number, "decide-reply", approve=True)
    town.drain()
    good(lin.post(f"/v1/cases/{own.number}/rating", rating))


def relating(town: Town) -> None:
    """Cases become one and several, and what must not stand anywhere is taken out."""
    lead, moderator = town.handled(), town.staff("moderator")
    stays, leaves, goes = (town.assigned() for _ in range(3))
    for _ in range(LONG):
        good(stays.ask("messages", {"text": "还在等。"}))
    for one in (stays, leaves, goes):
        moderator.does(one.number, "merge", case=lead.number)
    moderator.does(leaves.number, "unmerge", text="另一条路。")
    good(goes.ask("withdrawal", {"reason": "solved"}))
    town.officer().does(lead.number, "reply", outcome="resolved", text="好了。", evidence=[PHOTO])
    town.drain()
    moderator.does(lead.number, "pass-on", text="大家好，已办好。")
    town.drain()
    assert stays.see()["status"] == "AWAITING_RATING"
    moderator.does(leaves.number, "split", parts=[{"text": "路灯也不亮。", "category": "0205"}])
    for part in ("body", "contact", "2"):
        moderator.does(leaves.number, "redact", part=part)
    town.drain()


def waiting(town: Town) -> None:
    """What is due is found and recorded, in one sweep or in several."""
    citizen = town.assigned()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "BUDGET", 0.0)
        town.stack.advance(timedelta(days=3))
    town.stack.advance(timedelta(days=1))
    assert town.count(citizen.number, "overdue") == 2


def recounting(town: Town) -> None:
    """A year's calendar changes, and a second time while cases are counted anew for the first."""
    citizen = town.assigned(kind="complaint")
    for days_off in (("2026-03-16",), ("2026-03-16", "2026-03-17")):
        settings = runtime.world().settings_table
        enter(document_of(2026, days_off), "", settings, "Asia/Shanghai")
        for minutes in (1, 6, 1):
            town.stack.advance(timedelta(minutes=minutes))
    assert town.count(citizen.number, "rules-changed") == 2


def outage(town: Town) -> None:
    """The topic refuses relay; what relay puts aside is published from the journal."""
    with away(town.stack, by_relay, code="ServiceUnavailable"):
        citizen = town.file()
        town.drain()
    assert town.case(citizen.number).state == "ASSIGNED"


def by_relay(call: Call) -> bool:
    return (call.function, call.operation) == ("Relay", "Publish")


def relay_shows(call: Call) -> bool:
    return call.function == "Relay" and puts(call, ASIDE)


def saves_by(function: str) -> Callable[[Call], bool]:
    """Whether it is this function's put of a HEAD."""
    return lambda call: call.function == function and puts(call, "#HEAD")
