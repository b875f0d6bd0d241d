"""The answer, and the citizen's judgement of it."""

from typing import Literal

from pydantic import Field

from schemas import names
from schemas.base import Code, Compact, Time


class Evidence(Compact):
    """What shows that it was done: a photo or a document, under the number where it is kept."""

    kind: names.EvidenceKind
    reference: Code


class ReplyDrafted(Compact):
    type: Literal["reply-drafted"] = "reply-drafted"
    outcome: names.Outcome
    text: str
    """Key of the draft's text."""
    until: Time | None = None
    """By when it is promised."""
    evidence: tuple[Evidence, ...] = ()


class ReplySentBack(Compact):
    type: Literal["reply-sent-back"] = "reply-sent-back"


class Replied(Compact):
    type: Literal["replied"] = "replied"
    outcome: names.Outcome
    text: str | None = None
    """Key of the reply's text, where an earlier commit brought it (a reviewed reply)."""
    evidence: tuple[Evidence, ...] = ()


class Promised(Compact):
    """To be solved by a stated date; the case stays open until then (JN 24)."""

    type: Literal["promised"] = "promised"
    until: Time
    text: str | None = None
    """Key of the reply's text, as in `replied`."""


class PromiseBroken(Compact):
    """The promised date has passed and nothing was reported done."""

    type: Literal["promise-broken"] = "promise-broken"


class Invited(Compact):
    """The citizen is asked to judge (评价)."""

    type: Literal["invited"] = "invited"


class Rated(Compact):
    type: Literal["rated"] = "rated"
    contacted: bool
    resolved: names.Resolved
    overall: int
    stars: dict[str, int] = Field(default_factory=dict)
    reasons: tuple[names.RatingReason, ...] = ()
    collected_by: names.Role = "citizen"


class FollowUpBegun(Compact):
    type: Literal["follow-up-begun"] = "follow-up-begun"
    reason: Literal["unresolved", "dissatisfied", "redo_exhausted"]


class RedoOrdered(Compact):
    type: Literal["redo-ordered"] = "redo-ordered"
    reason: Literal["not_contacted", "follow_up"]
    unit: str | None = None
    """The unit one level up, which has it now that the one below has had its turns."""


Answering = (
    ReplyDrafted
    | ReplySentBack
    | Replied
    | Promised
    | PromiseBroken
    | Invited
    | Rated
    | FollowUpBegun
    | RedoOrdered
)
