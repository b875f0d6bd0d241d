"""Who the citizen is: open, hidden, sealed or anonymous, and who may look behind it.

Sources: 信访工作条例 art. 28, 30, 46 (never to the accused); 济南市12345市民服务热线条例 art. 32.
"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from casework.cases.access import By, may_read
from casework.cases.acts.subjects import hidden_from, masked
from casework.cases.decide import file
from schemas import events as e
from schemas.commands import (
    AskUnmasking,
    Claim,
    Contact,
    DecideReturn,
    DecideUnmasking,
    File,
    NameSubjects,
    Publish,
    Reclassify,
    Return,
    Reveal,
)
from schemas.names import Identity, Role
from tests.cases.telling import (
    ASSIGNED,
    CITIZEN,
    DISPATCHER,
    HANDLING,
    HEAD,
    LI,
    MODERATOR,
    NUMBER,
    POLICE,
    RULES,
    START,
    SUPERVISOR,
    TRIAGE,
    WANG,
    Story,
    given,
    on,
    staff,
)

OUTSIDE = staff("supervisor", "sun")
LOOK = Reveal(reason="visit")
WHY = AskUnmasking(reason="visit", text="要上门核实，不知道是哪一户。")
YES, NO = DecideUnmasking(approve=True), DecideUnmasking(approve=False, text="可以通过平台联系。")


def sealed(*, by: By | None = None) -> Story:
    """A sealed report that the roads office handles; asked for by somebody, if `by` is given."""
    story = given(*HANDLING, kind="report", identity="sealed")
    return story.when(WHY, by=by) if by else story


# -- what is filed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("report", None, "sealed"),
        ("complaint", None, "open"),
        ("report", "open", "open"),
        ("complaint", "sealed", "sealed"),
        ("help", "hidden", "hidden"),
        ("report", "anonymous", "anonymous"),
    ],
)
def test_a_report_is_sealed_unless_its_citizen_says_otherwise(
    kind: str, said: Identity | None, kept: Identity
) -> None:
    wish = File(text="有人收红包。", identity=said)
    happened = file(NUMBER, wish, kind, CITIZEN, RULES, START)
    assert isinstance(happened, list)
    assert isinstance(happened[0], e.Filed)
    assert happened[0].identity == kept


def test_who_stays_anonymous_leaves_no_contact() -> None:
    with pytest.raises(ValidationError, match="anonymous_with_contact"):
        File(text="有人收红包。", identity="anonymous", contact=Contact(phone="19912345678"))


def test_what_turns_out_to_be_a_report_is_sealed_from_then_on() -> None:
    story = given(*TRIAGE).when(Reclassify(kind="report"), by=DISPATCHER)
    assert story.case.identity == "sealed"
    back = story.when(Reclassify(kind="complaint"), by=DISPATCHER)
    assert back.case.identity == "sealed", "nobody unseals a citizen by reclassifying"
    anonymous = given(*TRIAGE, identity="anonymous").when(Reclassify(kind="report"), by=DISPATCHER)
    assert anonymous.case.identity == "anonymous"


# -- who sees it -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        ("moderator", True),
        ("dispatcher", True),
        ("supervisor", True),
        ("leader", True),
        ("auditor", True),
        ("agent", False),
        ("admin", False),
    ],
)
def test_of_the_citys_own_only_confidants_read_a_sealed_case(role: Role, reads: bool) -> None:
    someone = staff(role, "fang")
    assert may_read(sealed().case, someone, RULES) == reads
    assert may_read(given(*HANDLING).case, someone, RULES)
    assert bool(sealed().may(someone)) == (reads and role != "auditor")


def test_the_addressee_reads_an_open_case_and_no_other() -> None:
    for identity in ("open", "hidden", "sealed", "anonymous"):
        story = given(*HANDLING, addressee="police", identity=identity)
        assert may_read(story.case, POLICE, RULES) == (identity == "open")


@pytest.mark.parametrize(
    ("identity", "by", "hidden", "blotted"),
    [
        ("open", LI, False, False),
        ("hidden", LI, True, False),
        ("hidden", MODERATOR, False, False),
        ("sealed", LI, True, True),
        ("sealed", SUPERVISOR, True, True),
    ],
)
def test_from_whose_eyes_the_citizen_is_hidden(
    identity: Identity, by: By, hidden: bool, blotted: bool
) -> None:
    story = given(*HANDLING, identity=identity)
    assert hidden_from(story.case, by.actor) == hidden
    assert masked(story.case) == blotted
    told = story.when(LOOK, by=by)
    if hidden:
        told.refused("unmasking_needed")
        assert "reveal" not in story.may(by)
        assert "ask-unmasking" in story.may(by) or by is LI
    else:
        told.then(e.Revealed(reason="visit"))


@pytest.mark.parametrize("by", [LI, HEAD, MODERATOR, SUPERVISOR])
def test_nobody_can_look_behind_an_anonymous_filing(by: By) -> None:
    story = given(*HANDLING, identity="anonymous", reachable=False)
    story.when(LOOK, by=by).refused("anonymous")
    if by is not LI:
        story.when(WHY, by=by).refused("anonymous")
    assert not story.may(by) & {"reveal", "ask-unmasking"}
    assert "first_contact" not in story.case.clocks, "there is nobody to get in touch with"


@pytest.mark.parametrize("kind", ["report", "complaint"])
def test_what_is_sealed_is_never_published(kind: str) -> None:
    story = given(*HANDLING, kind=kind, identity="sealed", publishable=True)
    story.when(Publish(), by=MODERATOR).refused("reports_are_secret")


# -- unmasking: a reason, a second person, a while ---------------------------------------------


def test_a_handler_who_needs_the_address_asks_and_a_second_person_lets_them() -> None:
    story = sealed().when(WHY, by=HEAD).then(e.UnmaskingAsked(reason="visit")).leaves("HANDLING")
    assert story.case.asides == {"approvals": story.clock("unmasking").due}
    assert story.clock("unmasking").due == on("2026-09-30 14:00"), "decided within four hours"

    story = story.when(YES, by=OUTSIDE, at="2026-09-30 11:00")
    story.then(e.UnmaskingGranted(to="he", until=on("2026-10-02 00:00")))
    assert story.case.asides == {}
    assert "unmasking" not in story.case.clocks

    story.when(LOOK, by=HEAD, at="2026-10-01 23:59").then(e.Revealed(reason="visit"))
    story.when(LOOK, by=HEAD, at="2026-10-02 00:00").refused("unmasking_needed")


def test_leave_is_for_one_person() -> None:
    story = sealed(by=HEAD).when(YES, by=OUTSIDE)
    story.when(LOOK, by=LI).refused("unmasking_needed")
    story.when(LOOK, by=OUTSIDE).refused("unmasking_needed")


def test_who_asks_does_not_decide_nor_anybody_of_the_unit() -> None:
    asked = sealed(by=OUTSIDE)
    asked.when(YES, by=OUTSIDE).refused("same_person")
    assert "decide-unmasking" not in asked.may(OUTSIDE)
    inside = staff("supervisor", "xu", "roads")
    sealed(by=HEAD).when(YES, by=inside).refused("own_unit")
    asked.when(YES, by=SUPERVISOR).then(e.UnmaskingGranted(to="sun", until=on("2026-10-02 00:00")))


def test_what_is_refused_says_why_and_shows_nothing() -> None:
    with pytest.raises(ValidationError, match="text_says_why"):
        DecideUnmasking(approve=False)
    story = sealed(by=HEAD).when(NO, by=OUTSIDE).then(e.UnmaskingRefused())
    assert story.case.grants == ()
    story.when(LOOK, by=HEAD).refused("unmasking_needed")
    story.when(WHY, by=HEAD).then(e.UnmaskingAsked(reason="visit"))


def test_one_asks_for_what_is_hidden_once_at_a_time() -> None:
    sealed(by=HEAD).when(WHY, by=SUPERVISOR).refused("asked_already")
    given(*HANDLING).when(WHY, by=HEAD).refused("not_hidden")
    sealed().when(YES, by=OUTSIDE).refused("nothing_asked")


def test_leave_does_not_follow_the_case_to_another_unit() -> None:
    story = sealed(by=HEAD).when(YES, by=OUTSIDE)
    story = story.when(Return(reason="not_our_duty", text="…"), by=HEAD)
    story = story.when(DecideReturn(approve=True, unit="police"), by=DISPATCHER)
    story = story.when(Claim(), by=POLICE)
    story.when(LOOK, by=HEAD).refused("not_yours")
    story.when(LOOK, by=POLICE).refused("unmasking_needed")


def test_leave_is_worth_nothing_to_who_turns_out_to_be_accused() -> None:
    story = sealed(by=HEAD).when(YES, by=OUTSIDE)
    story = story.when(NameSubjects(persons=["he"]), by=MODERATOR)
    story.when(LOOK, by=HEAD).refused("not_yours")


def test_an_unanswered_question_is_supervised_and_never_a_yes() -> None:
    story = sealed(by=HEAD).tick("2026-09-30 14:00")
    assert e.Overdue(clock="unmasking") in story.happened
    assert story.case.level == 1
    story.when(LOOK, by=HEAD).refused("unmasking_needed")


def test_each_look_is_recorded() -> None:
    story = given(*HANDLING)
    for _ in range(3):
        story = story.when(LOOK, by=WANG)
    looks = [
        (commit.actor.id, event.reason)
        for commit in story.journal
        for event in commit.events
        if isinstance(event, e.Revealed)
    ]
    assert looks == [("wang", "visit")] * 3


def test_nobody_looks_before_the_case_is_theirs() -> None:
    given(*ASSIGNED).when(LOOK, by=POLICE).refused("not_yours")
    given(*TRIAGE).when(LOOK, by=LI).refused("not_yours")
