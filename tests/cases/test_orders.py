"""Orders (督办单, 批示): issued by hand, answered by the unit, verified by another, lifted by none
of the supervised."""

from datetime import date

import pytest
from pydantic import ValidationError

from casework.cases.access import By, may_read
from casework.cases.rules import Refusal
from schemas import events as e
from schemas import names
from schemas.commands import (
    Dispatch,
    IssueOrder,
    LiftOrder,
    NameSubjects,
    Rate,
    RecordContact,
    Reopen,
    Reply,
    RespondOrder,
    VerifyOrder,
)
from schemas.names import OrderLevel
from tests.cases.telling import (
    ACCEPTED,
    AGENT,
    CITIZEN,
    CLOSED,
    DISPATCHER,
    HANDLING,
    HEAD,
    HISTORIES,
    LEADER,
    LI,
    MODERATOR,
    NAN,
    ORDERED,
    OTHER_SUPERVISOR,
    POLICE,
    REPLIED,
    SUBMITTED,
    SUPERVISOR,
    WANG,
    Steps,
    Story,
    given,
    on,
    retired,
    staff,
    under,
)

ISSUE = IssueOrder(text="群众反复来电，请三日内报告。")
ORDER = "order-4"
"""The commit that issues it is the fourth."""
ANSWER = RespondOrder(order=ORDER, text="已加派人手，今晚完工。")
TRUE = VerifyOrder(order=ORDER, accept=True, text="现场核查属实。")
NOT_SO = VerifyOrder(order=ORDER, accept=False, text="现场仍有积水。")
LIFT = LiftOrder(order=ORDER, text="另案处理。")
ROADS_SYSTEM = staff("integration", "roads-system", "roads")
INSIDE = staff("supervisor", "sun", "roads")


def issued(level: OrderLevel = 1, by: By = LEADER) -> Story:
    return given(*HANDLING).when(ISSUE.model_copy(update={"level": level}), by=by)


def answered() -> Story:
    return issued().when(ANSWER, by=LI, at="2026-10-08 10:00")


# -- issued ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [SUPERVISOR, LEADER])
def test_an_order_goes_to_the_holder_and_is_due_by_the_policys_limit(by: By) -> None:
    story = issued(by=by).then(e.OrderIssued(order=ORDER, unit="roads", level=1))
    story.leaves("HANDLING")
    assert story.clock(f"order:{ORDER}").due == on("2026-10-11 00:00")
    assert story.case.queue == "unit:roads"
    assert story.case.asides == {}, "the holder has it on its own worklist"
    assert story.clock("resolve") == given(*HANDLING).clock("resolve")


def test_an_order_may_name_another_unit_and_a_day_and_that_unit_reads_the_case() -> None:
    command = IssueOrder(unit="police", level=2, due=date(2026, 10, 8), text="请当日报告。")
    story = given(*HANDLING).when(command, by=LEADER)
    story.then(e.OrderIssued(order=ORDER, unit="police", level=2, until=on("2026-10-09 00:00")))
    assert story.case.asides == {"unit:police": on("2026-10-09 00:00")}
    assert may_read(story.case, POLICE, story.rules)
    assert not may_read(story.case, NAN, story.rules)


@pytest.mark.parametrize("past", [SUBMITTED, ACCEPTED, REPLIED])
def test_any_open_case_can_be_ordered_about_where_a_unit_is_named(past: Steps) -> None:
    command = IssueOrder(unit="police", text="请报告。")
    assert len(given(*past).when(command, by=LEADER).case.orders) == 1


def test_where_nobody_holds_the_case_the_order_names_the_unit() -> None:
    given(*ACCEPTED).when(ISSUE, by=LEADER).refused("unit_needed", "/unit")


def test_who_may_not_issue() -> None:
    for by in (LI, HEAD, DISPATCHER, MODERATOR, AGENT, CITIZEN):
        given(*HANDLING).when(ISSUE, by=by).refused("role")
    given(*CLOSED).when(ISSUE, by=LEADER).refused("state")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"due": date(2026, 9, 29)}, "past", "/due"),
        ({"unit": "nobody"}, "unknown_unit", "/unit"),
        ({"unit": "parks"}, "retired_unit", "/unit"),
        ({"unit": "gone"}, "retired_unit", "/unit"),
    ],
)
def test_an_order_into_the_past_or_the_void_is_refused(
    changes: dict[str, object], code: str, pointer: str
) -> None:
    story = given(*HANDLING, rules=retired("gov", "2026-09-29"))
    told = story.when(ISSUE.model_copy(update=changes), by=LEADER).refused(code, pointer)
    assert told.case == story.case


def test_no_order_goes_to_whom_the_case_is_about() -> None:
    accused = given(*HANDLING).when(NameSubjects(units=["police"]), by=MODERATOR)
    command = IssueOrder(unit="police", text="请报告。")
    accused.when(command, by=LEADER).refused("subject_unit", "/unit")


def test_at_most_five_stand_at_once() -> None:
    story = given(*HANDLING)
    for _ in range(5):
        story = story.when(ISSUE, by=LEADER)
    assert len({order.id for order in story.case.orders}) == 5
    story.when(ISSUE, by=LEADER).refused("too_many_orders")
    assert "issue-order" not in story.may(LEADER)


def test_a_level_is_one_to_three() -> None:
    for level in (0, 4):
        with pytest.raises(ValidationError):
            IssueOrder.model_validate({"level": level, "text": "请报告。"})


# -- answered --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [LI, WANG, HEAD, ROADS_SYSTEM])
def test_the_ordered_unit_answers_and_another_has_to_look(by: By) -> None:
    story = issued().when(ANSWER, by=by, at="2026-10-08 10:00")
    story.then(e.OrderAnswered(order=ORDER)).leaves("HANDLING")
    assert f"order:{ORDER}" not in story.case.clocks
    assert story.clock(f"order_check:{ORDER}").due == on("2026-10-11 00:00")
    assert story.case.asides == {"orders": on("2026-10-11 00:00")}
    assert story.case.level == 1, "until it has been verified"


def test_who_was_not_told_does_not_answer() -> None:
    issued().when(ANSWER, by=POLICE).refused("not_yours")
    issued().when(ANSWER, by=SUPERVISOR).refused("role")
    given(*HANDLING).when(ANSWER, by=LI).refused("not_yours")


def test_an_order_is_answered_once_and_by_its_name() -> None:
    story = answered().when(ANSWER, by=WANG).refused("no_order")
    assert "respond-order" not in story.may(LI)
    told = issued().when(RespondOrder(order="order-99", text="好。"), by=LI)
    told.refused("unknown_order", "/order")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"order": "order-99", "known": ORDER}


def test_an_order_that_nobody_answers_is_told_and_climbs() -> None:
    late = issued(level=2).tick("2026-10-11 00:00")
    assert e.Overdue(clock=f"order:{ORDER}") in late.happened
    assert late.case.level == 2
    assert late.clock(f"order:{ORDER}").level == 1


# -- verified --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [SUPERVISOR, OTHER_SUPERVISOR, LEADER])
def test_another_finds_it_so_and_the_order_is_done(by: By) -> None:
    story = answered().when(TRUE, by=by).then(e.OrderVerified(order=ORDER)).leaves("HANDLING")
    assert (story.case.orders, story.case.asides, story.case.level) == ((), {}, 0)
    assert f"order_check:{ORDER}" not in story.case.clocks


def test_what_is_not_so_goes_back_and_its_time_begins_anew() -> None:
    story = answered().when(NOT_SO, by=SUPERVISOR, at="2026-10-09 10:00")
    story.then(e.OrderSentBack(order=ORDER))
    assert f"order_check:{ORDER}" not in story.case.clocks
    assert story.clock(f"order:{ORDER}").due == on("2026-10-14 00:00")
    assert story.case.level == 1
    story.when(ANSWER, by=LI).then(e.OrderAnswered(order=ORDER))


def test_nobody_verifies_their_own_answer_nor_their_units() -> None:
    story = answered()
    story.when(TRUE, by=staff("supervisor", "li")).refused("same_person")
    story.when(TRUE, by=INSIDE).refused("own_unit")
    assert "verify-order" not in story.may(INSIDE)
    for by in (HEAD, DISPATCHER, MODERATOR):
        story.when(TRUE, by=by).refused("role")


def test_what_was_not_answered_is_not_verified() -> None:
    issued().when(TRUE, by=SUPERVISOR).refused("no_order")
    other = VerifyOrder(order="order-99", accept=True, text="属实。")
    answered().when(other, by=SUPERVISOR).refused("unknown_order", "/order")


def test_nobody_looking_is_told_too_and_verifies_nothing() -> None:
    silent = answered().tick("2026-10-11 00:00")
    assert e.Overdue(clock=f"order_check:{ORDER}") in silent.happened
    assert len(silent.case.orders) == 1


# -- lifted ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [issued(), answered()], ids=["open", "answered"])
def test_an_order_may_be_lifted_but_not_by_the_supervised_unit(story: Story) -> None:
    story.when(LIFT, by=INSIDE).refused("own_unit")
    assert "lift-order" not in story.may(INSIDE)
    for by in (LI, HEAD, DISPATCHER):
        story.when(LIFT, by=by).refused("role")
    lifted = story.when(LIFT, by=SUPERVISOR).then(e.OrderLifted(order=ORDER))
    assert (lifted.case.orders, lifted.case.level) == ((), 0)
    assert not [name for name in lifted.case.clocks if name.startswith("order")]


def test_where_there_is_none_nothing_is_lifted() -> None:
    given(*HANDLING).when(LIFT, by=SUPERVISOR).refused("no_order")


def test_with_two_orders_each_unit_is_barred_from_its_own_alone() -> None:
    both = issued().when(IssueOrder(unit="police", text="请配合。"), by=LEADER)
    of_police = staff("supervisor", "pu", "police")
    both.when(LIFT, by=of_police).then(e.OrderLifted(order=ORDER))
    both.when(LiftOrder(order="order-5", text="不必了。"), by=of_police).refused("own_unit")
    assert "lift-order" in both.may(of_police)


# -- the level -------------------------------------------------------------------------------------


def quiet(story: Story) -> Story:
    return story.when(RecordContact(how="phone", result="reached"), by=LI)


def test_the_level_is_the_highest_of_open_orders_and_missed_clocks() -> None:
    story = quiet(given(*HANDLING))
    assert story.case.level == 0
    assert issued(level=3).case.level == 3
    late = quiet(issued(level=2)).tick("2026-10-28 00:00")
    assert late.clock("resolve").level == 1
    assert late.case.level == 2
    red = late.tick("2026-10-31 00:00")
    assert red.clock("resolve").level == red.case.level == 2
    lifted = red.when(LIFT, by=SUPERVISOR)
    assert lifted.case.level == 2, "the missed promise remains"


def test_a_good_reply_lifts_what_the_clocks_called_for_and_leaves_the_orders() -> None:
    late = given(*HANDLING, rules=under(reply_review="none")).tick("2026-10-31 00:00")
    ordered = late.when(ISSUE, by=LEADER)
    replied = ordered.when(Reply(outcome="resolved", text="已修好。"), by=LI)
    assert replied.leaves("AWAITING_RATING").case.level == 1
    assert len(replied.case.orders) == 1


# -- over ------------------------------------------------------------------------------------------


GOOD = Rate(contacted=True, resolved="yes", overall=5)


def test_an_order_outlives_the_case_with_its_alarm_its_level_and_its_place_on_the_list() -> None:
    """What was ordered is answered, however soon the citizen is content."""
    replied = given(*REPLIED).when(ISSUE.model_copy(update={"level": 2}), by=LEADER)
    ended = replied.when(GOOD, by=CITIZEN).leaves("CLOSED")
    assert set(ended.case.clocks) == {f"order:{replied.case.orders[0].id}"}
    assert ended.case.clocks == {
        name: clock for name, clock in replied.case.clocks.items() if name.startswith("order")
    }
    assert ended.case.next_due is not None
    assert (ended.case.level, ended.case.asides) == (2, {"unit:roads": on("2026-10-11 00:00")})
    late = ended.tick("2026-10-11 00:00").leaves("CLOSED")
    assert e.Overdue(clock=f"order:{ended.case.orders[0].id}") in late.happened
    assert late.case.next_due is not None


@pytest.mark.parametrize("state", sorted(names.ENDS))
def test_in_whatever_way_the_case_ended_its_order_is_answered_and_verified(
    state: names.State,
) -> None:
    story = given(*HISTORIES[state], *ORDERED).leaves(state)
    answer = RespondOrder(order="order-9", text="已完成。")
    answered = story.when(answer, by=LI).then(e.OrderAnswered(order="order-9")).leaves(state)
    assert answered.case.asides == {"orders": answered.clock("order_check:order-9").due}
    back = answered.when(VerifyOrder(order="order-9", accept=False, text="没有。"), by=SUPERVISOR)
    assert set(back.leaves(state).case.clocks) == {"order:order-9"}
    done = answered.when(VerifyOrder(order="order-9", accept=True, text="属实。"), by=SUPERVISOR)
    assert (done.leaves(state).case.orders, done.case.next_due, done.case.level) == ((), None, 0)
    lifted = story.when(LiftOrder(order="order-9", text="不再需要。"), by=SUPERVISOR)
    assert (lifted.leaves(state).case.orders, lifted.case.clocks) == ((), {})
    story.when(ISSUE, by=LEADER).refused("state")


def test_what_is_taken_up_again_still_has_its_order() -> None:
    ended = given(*CLOSED, *ORDERED)
    opened = ended.when(Reopen(text="又坏了。"), by=CITIZEN).leaves("IN_REVIEW")
    assert opened.clock("order:order-9") == ended.clock("order:order-9")
    assert opened.case.level == 2


def test_an_order_stays_with_its_unit_when_the_case_moves_on() -> None:
    moved = issued().when(Dispatch(unit="police", category="0204"), by=SUPERVISOR)
    assert [order.unit for order in moved.case.orders] == ["roads"]
    assert moved.case.asides["unit:roads"] == on("2026-10-11 00:00")
    moved.when(ANSWER, by=LI).then(e.OrderAnswered(order=ORDER))


def test_an_accused_unit_loses_its_order() -> None:
    story = given(*HANDLING).when(IssueOrder(unit="police", text="请报告。"), by=LEADER)
    named = story.when(NameSubjects(units=["police"]), by=MODERATOR)
    named.then(e.SubjectsNamed(units=("police",)), e.OrderLifted(order=ORDER))
    assert named.case.orders == ()
