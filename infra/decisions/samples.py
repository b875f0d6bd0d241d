"""Commands to try on a case, whatever it is like: of every kind, each way that it can be decided."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from casework.cases.state import Case
from schemas import commands as c
from schemas.events import Evidence, Similar

CATEGORY, AREA = "0205", "990102002001"
UNIT, BELOW, ANOTHER = "tingnan", "tingyu", "gongdian"
"""Of the sample city: a district, its street where the area lies, a company of the city."""
FILING = c.File(
    text="路灯三天没亮，请尽快修好。",
    kind="complaint",
    category=CATEGORY,
    area=AREA,
    publishable=True,
    identity="hidden",
)
ANSWER = c.KnowledgeAnswer(article="A1", article_version=1, text="请看。")
NUMBER, DRAWN = "1817209355617200", "1817209355617001"
"""Of the case itself: not in the sample of replies that are reviewed, and in it."""
LEAD, ENDED, PART = "1204480193277514", "1330572718093468", "1762250994411836"
"""Numbers of the other cases: one that is handled, one that has ended, a part split off."""
_WORDS = "请看。"
_PHOTO = [Evidence(kind="photo", reference="P1")]

_ALWAYS: tuple[c.Command, ...] = (
    c.Route(),
    c.Route(suspicious="short"),
    c.Route(category=CATEGORY, unit=UNIT, confidence=0.9, confident=True),
    c.Accept(),
    c.Decline(reason="judicial", path="court", text=_WORDS),
    c.HandOver(service="119", receipt="119-7"),
    c.RequestInfo(text=_WORDS),
    c.Answer(article="A1", article_version=1, text=_WORDS),
    *(c.Dispatch(unit=unit, category=CATEGORY) for unit in (UNIT, ANOTHER)),
    c.Reclassify(kind="help"),
    c.CallBack(result="reached"),
    c.Claim(),
    c.Delegate(unit=BELOW),
    c.Recall(),
    c.AssignOfficer(officer="chen"),
    c.Arbitrate(units=[UNIT, ANOTHER], text=_WORDS),
    c.StatePosition(text=_WORDS),
    c.Designate(unit=UNIT, category=CATEGORY, text=_WORDS),
    c.Return(reason="not_our_duty", text=_WORDS),
    c.DecideReturn(approve=True),
    c.DecideReturn(approve=True, unit=ANOTHER),
    c.DecideReturn(approve=False),
    *(
        decided(approve=approve, text=_WORDS)
        for decided in (
            c.DecideExtension,
            c.DecideSuspension,
            c.DecideTermination,
            c.DecideUnmasking,
            c.DecideReply,
        )
        for approve in (True, False)
    ),
    c.LiftSuspension(text=_WORDS),
    c.AskTermination(reason="refuses_to_cooperate", text=_WORDS),
    c.AskAssistance(units=[ANOTHER], text=_WORDS),
    c.ReportIn(),
    c.AnswerAssistance(text=_WORDS),
    c.DisputeAssistance(text=_WORDS),
    *(c.DecideAssistance(unit=ANOTHER, uphold=uphold, text=_WORDS) for uphold in (True, False)),
    c.IssueOrder(text=_WORDS),
    c.RaiseAlert(kind="hazard"),
    c.AskUnmasking(reason="visit", text=_WORDS),
    c.Merge(case=LEAD),
    c.MergeAlike(case=LEAD, similar=(Similar(number=LEAD, score=1.0, relation="same_matter"),)),
    c.Unmerge(text=_WORDS),
    c.PassOn(),
    c.SplitCase(parts=[c.Part(text=_WORDS)]),
    c.MarkRepeat(case=LEAD, text=_WORDS),
    c.MarkRecurrence(case=ENDED),
    c.Redact(part="body"),
    c.TakeLead(follower=PART),
    c.ReleaseLead(follower=PART),
    c.RecordContact(how="phone", result="reached"),
    c.SendMessage(text=_WORDS),
    c.Note(text=_WORDS),
    c.Urge(),
    c.Urge(text=_WORDS),
    c.Reveal(reason="contact"),
    c.Reply(outcome="resolved", text=_WORDS, evidence=_PHOTO),
    c.Reply(outcome="adopted", text=_WORDS),
    c.KeepPromise(text=_WORDS, evidence=_PHOTO),
    c.Rate(contacted=True, resolved="yes", overall=5),
    c.Rate(contacted=True, resolved="no", overall=1),
    c.Rate(contacted=False, resolved="no", overall=1),
    c.Redo(text=_WORDS),
    c.Close(explanation="lawful", text=_WORDS),
    c.Withdraw(reason="solved"),
    c.Reopen(text=_WORDS),
    c.Object(text=_WORDS),
    *(c.DecideObjection(grant=grant, text=_WORDS) for grant in (True, False)),
    c.Publish(),
    c.Unpublish(),
)


def samples(case: Case, now: datetime) -> Iterator[c.Command]:
    """All of them, with the days, units and numbers that suit the case."""
    yield from _ALWAYS
    until = (now + timedelta(days=28)).date()
    yield c.AskExtension(reason="complex", until=until, text=_WORDS)
    yield c.AskSuspension(reason="season", until=until, text=_WORDS)
    yield c.Reply(outcome="promised", until=until, text=_WORDS)
    yield c.Promise(until=until, text=_WORDS)
    yield c.NameSubjects(units=[case.unit or ANOTHER])
    yield c.NameSubjects(persons=["zhou"])
    if case.subjects:
        yield c.DropSubjects(persons=list(case.subjects.persons), text=_WORDS)
    for order in case.orders:
        yield c.RespondOrder(order=order.id, text=_WORDS)
        yield c.VerifyOrder(order=order.id, accept=True, text=_WORDS)
        yield c.VerifyOrder(order=order.id, accept=False, text=_WORDS)
        yield c.LiftOrder(order=order.id, text=_WORDS)
    for alert in case.alerts:
        yield c.AcknowledgeAlert(alert=alert.id)
        yield c.ResolveAlert(alert=alert.id, service="119", receipt="119-7", text=_WORDS)
    if case.follows:
        yield c.FollowLead(lead=case.follows)
        yield c.FollowLead(lead=case.follows, outcome="resolved", by="lin", unit=UNIT)
