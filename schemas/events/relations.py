"""Cases that belong together."""

from typing import Literal

from schemas import names
from schemas.base import Compact, Time


class Merged(Compact):
    """并单: it follows its lead case from now on."""

    type: Literal["merged"] = "merged"
    into: str
    version: int = 0
    """How far the lead was then: what was said to its followers before is not for this one."""


class Unmerged(Compact):
    """Taken out of its lead case, to be dispatched by itself."""

    type: Literal["unmerged"] = "unmerged"
    why: Literal["decided", "lead_ended"]


class LeadTaken(Compact):
    """Another case follows this one. `until`: the follower's promise, where it is the earlier."""

    type: Literal["lead-taken"] = "lead-taken"
    follower: str
    lease: str = ""
    """Names the merge that asked for it, so that one that comes to nothing takes back its own."""
    until: Time | None = None


class LeadReleased(Compact):
    """It follows no longer; with `lease`, what that merge asked for came to nothing."""

    type: Literal["lead-released"] = "lead-released"
    follower: str
    lease: str | None = None


class FollowersReleased(Compact):
    """The lead case ended without an answer: those that follow it go on by themselves."""

    type: Literal["followers-released"] = "followers-released"
    followers: tuple[str, ...] = ()


class PassedOn(Compact):
    """The reply, checked for other people's data, goes to the cases that follow."""

    type: Literal["passed-on"] = "passed-on"
    outcome: names.Outcome
    followers: tuple[str, ...] = ()
    by: str | None = None
    """Who gave the reply."""
    unit: str | None = None
    category: str | None = None


class ReplyTaken(Compact):
    """The reply to the lead case is this case's reply too."""

    type: Literal["reply-taken"] = "reply-taken"
    lead: str
    outcome: names.Outcome
    by: str | None = None
    unit: str | None = None
    category: str | None = None


class Similar(Compact):
    """A case that is like this one: how much (0..1), by what, and what it may be to it."""

    number: str
    score: float
    relation: names.Similarity
    reasons: tuple[names.LikeReason, ...] = ()


class SimilarFound(Compact):
    """Cases like it were found: what follows from it a person decides, or the city's policy."""

    type: Literal["similar-found"] = "similar-found"
    similar: tuple[Similar, ...]


class Split(Compact):
    """Parts of it became cases of their own."""

    type: Literal["split"] = "split"
    into: tuple[str, ...]


class RepeatFound(Compact):
    """It says again what an open case says: that one is urged (催单)."""

    type: Literal["repeat-found"] = "repeat-found"
    of: str


class RecurrenceFound(Compact):
    """What an ended case was about has happened again."""

    type: Literal["recurrence-found"] = "recurrence-found"
    of: str


Relating = (
    Merged
    | Unmerged
    | LeadTaken
    | LeadReleased
    | FollowersReleased
    | PassedOn
    | ReplyTaken
    | Split
    | RepeatFound
    | RecurrenceFound
    | SimilarFound
)
