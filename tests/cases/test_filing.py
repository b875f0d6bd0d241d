"""A citizen files: what the first commit says, and what a filing may not say."""

import pytest

from casework.cases.access import By
from casework.cases.decide import file
from casework.cases.evolve import evolve_all
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import events as e
from schemas.commands import File, KnowledgeAnswer
from schemas.events import Event
from tests.cases.telling import AGENT, CITIZEN, MODERATOR, NUMBER, RULES, START, on

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
