"""Cases that belong together."""

from typing import Literal

from pydantic import Field

from schemas import names
from schemas.base import Code, Model, Text, Title
from schemas.commands.base import CaseNumber, Command


class Merge(Command):
    """并单: from now on it follows `case`, its lead."""

    type: Literal["merge"] = "merge"
    case: CaseNumber


class Unmerge(Command):
    type: Literal["unmerge"] = "unmerge"
    text: Text


class PassOn(Command):
    """The reply goes to the cases that follow, in these words or, without any, in its own.

    Whoever gives this has checked it for other people's data.
    """

    type: Literal["pass-on"] = "pass-on"
    text: Text | None = None


class Part(Model):
    """What becomes a case of its own."""

    text: Text
    title: Title | None = None
    kind: names.Kind | None = None
    category: Code | None = None


class SplitCase(Command):
    type: Literal["split"] = "split"
    parts: list[Part] = Field(min_length=1, max_length=5)


class MarkRepeat(Command):
    """It says nothing that the open case `case` does not say: a person has read both."""

    type: Literal["mark-repeat"] = "mark-repeat"
    case: CaseNumber
    text: Text


class MarkRecurrence(Command):
    """What `case` was about, which has ended, has happened again."""

    type: Literal["mark-recurrence"] = "mark-recurrence"
    case: CaseNumber


class TakeLead(Command):
    """Another case is about to follow this one. `lease` names the merge that asks for it."""

    type: Literal["take-lead"] = "take-lead"
    follower: str
    lease: str = ""
    due: str | None = None


class ReleaseLead(Command):
    """A case follows this one no longer; with `lease`, that merge of it came to nothing."""

    type: Literal["release-lead"] = "release-lead"
    follower: str
    lease: str | None = None


class FollowLead(Command):
    """What the lead case's commit means for a case that follows it; `outcome` None: it ended.

    `version` is the commit's; without one, the lead does not know of the follower.
    """

    type: Literal["follow-lead"] = "follow-lead"
    lead: str
    version: int | None = None
    outcome: names.Outcome | None = None
    by: str | None = None
    unit: str | None = None
    category: str | None = None
    text: str | None = None


Relating = (
    Merge
    | Unmerge
    | PassOn
    | SplitCase
    | MarkRepeat
    | MarkRecurrence
    | TakeLead
    | ReleaseLead
    | FollowLead
)
