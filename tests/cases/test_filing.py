"""A citizen files: what the first commit says, and what a filing may not say."""

from datetime import date

import pytest

from casework.cases.access import By
from casework.cases.decide import file
from casework.cases.evolve import evolve_all
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import events as e
from schemas.commands import Contact, File, From, KnowledgeAnswer
from schemas.events import Event
from schemas.names import Identity
from tests.cases.telling import AGENT, CITIZEN, MODERATOR, NUMBER, RULES, START, given, on, step

LAMP = "小区门口的路灯坏了三天了，晚上很黑。"
ARTICLE = KnowledgeAnswer(article="A1", article_version=3, text="请带身份证到窗口办理。")


def filed(
    filing: File, kind: str = "complaint", by: By = CITIZEN, rules: Rules = RULES
) -> list[Event] | Refusal:
    return file(NUMBER, filing, kind, by, rules, START)


def case_of(events: list[Event] | Refusal) -> Case:
    assert not isinstance(events, Refusal), events
    return evolve_all(None, events, NUMBER, CITIZEN.actor, START)


def test_a_filing_is_submitted_and_its_clocks_run_from_now() -> None:
    events = filed(File(text=LAMP, category="0204", area="990102001", publishable=True))
    assert not isinstance(events, Refusal)
    assert events[0] == e.Filed(
        channel="web",
        kind="complaint",
        category="0204",
        area="990102001",
        publishable=True,
        reachable=False,
    )
    case = case_of(events)
    assert case.state == "SUBMITTED"
    assert case.filed_at == START
    assert {name: clock.due for name, clock in case.clocks.items()} == {
        "dispatch": on("2026-09-30 12:00"),
        "resolve": on("2026-10-28 00:00"),
    }


def test_nothing_the_citizen_wrote_stands_in_the_events() -> None:
    events = filed(File(text=LAMP, title="路灯", channel="web"))
    assert LAMP not in str(events)
    assert "路灯" not in str(events)


@pytest.mark.parametrize(
    ("filing", "code", "pointer"),
    [
        (File(text=LAMP, area="110000"), "unknown_area", "/area"),
        (File(text=LAMP, category="9999"), "unknown_category", "/category"),
        (File(text=LAMP, about=["roads", "nobody"]), "unknown_unit", "/about/1"),
        (File(text=LAMP, about=["parks"]), "retired_unit", "/about/0"),
        (File(text=LAMP, addressee="nobody"), "unknown_unit", "/addressee"),
    ],
)
def test_a_code_that_the_catalogue_does_not_have_is_pointed_at(
    filing: File, code: str, pointer: str
) -> None:
    refusal = filed(filing)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.pointer) == (code, pointer)


def test_an_enquiry_answered_in_the_call_waits_for_its_rating_and_no_unit_clock_runs() -> None:
    events = filed(File(text="怎么办居住证？", channel="hotline", answer=ARTICLE), "enquiry", AGENT)
    case = case_of(events)
    assert case.state == "AWAITING_RATING"
    assert case.answered
    assert set(case.clocks) == {"rating"}


def test_only_enquiries_are_answered_in_the_call() -> None:
    refusal = filed(File(text=LAMP, answer=ARTICLE), "complaint", AGENT)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.pointer) == ("only_enquiries", "/answer")


@pytest.mark.parametrize("by", [CITIZEN, MODERATOR])
def test_only_the_agent_in_the_call_answers_at_filing(by: By) -> None:
    refusal = filed(File(text="怎么办居住证？", answer=ARTICLE), "enquiry", by)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.pointer) == ("role", "/answer")


# -- from above ------------------------------------------------------------------------------------


def test_a_case_from_above_carries_its_number_and_its_due_date() -> None:
    origin = From(system="leader", number="2026-7", due=date(2026, 10, 12))
    events = filed(File(text=LAMP, channel="transfer", origin=origin), by=AGENT)
    case = case_of(events)
    assert case.clocks["resolve"].due == on("2026-10-13 00:00")
    assert case.clocks["resolve"].decided
    assert case.clocks["dispatch"].due == on("2026-09-30 12:00")


def test_without_a_date_from_above_the_policys_limit_runs() -> None:
    events = filed(File(text=LAMP, origin=From(system="media")), by=AGENT)
    assert case_of(events).clocks["resolve"].due == on("2026-10-28 00:00")


def test_a_date_from_above_lies_ahead() -> None:
    origin = From(system="superior", due=date(2026, 9, 29))
    refusal = filed(File(text=LAMP, origin=origin), by=AGENT)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.pointer) == ("past", "/origin/due")


def test_a_citizen_does_not_say_that_it_comes_from_above() -> None:
    refusal = filed(File(text=LAMP, origin=From(system="leader")))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.pointer) == ("origin_staff_only", "/origin")


# -- how the citizen is known ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said", "known"),
    [
        ("complaint", None, "open"),
        ("report", None, "sealed"),
        ("report", "open", "open"),
        ("complaint", "hidden", "hidden"),
        ("enquiry", "anonymous", "anonymous"),
    ],
)
def test_a_report_is_sealed_unless_the_citizen_says_otherwise(
    kind: str, said: Identity | None, known: Identity
) -> None:
    """XF 28, 30, 46; JN 32."""
    assert case_of(filed(File(text=LAMP, identity=said), kind)).identity == known


def test_who_left_no_way_to_be_reached_is_not_waited_for() -> None:
    """A clock that cannot run never starts: the first contact's."""
    filing = File(text=LAMP)
    unreachable = file(NUMBER, filing, "complaint", CITIZEN, RULES, START)
    assert not case_of(unreachable).reachable
    known = file(NUMBER, filing, "complaint", CITIZEN, RULES, START, known=True)
    assert case_of(known).reachable
    phoned = File(text=LAMP, contact=Contact(phone="13900000000"))
    assert case_of(filed(phoned)).reachable
    sent = (step(e.Accepted(), e.Dispatched(unit="roads", category="0204")),)
    assert "first_contact" not in given(*sent, reachable=False).case.clocks
    assert "first_contact" in given(*sent).case.clocks
