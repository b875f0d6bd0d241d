"""Ends and ways back, the public board, and what should not stand anywhere."""

from typing import Literal

from schemas import names
from schemas.base import Compact


class Closed(Compact):
    type: Literal["closed"] = "closed"
    how: Literal["rated", "unrated", "no_answer", "explained", "repeat", "no_reply_wanted"]
    explanation: names.Explanation | None = None


class Withdrawn(Compact):
    type: Literal["withdrawn"] = "withdrawn"
    reason: names.WithdrawalReason


class Reopened(Compact):
    type: Literal["reopened"] = "reopened"


class Objected(Compact):
    type: Literal["objected"] = "objected"


class ObjectionGranted(Compact):
    type: Literal["objection-granted"] = "objection-granted"


class ObjectionRefused(Compact):
    type: Literal["objection-refused"] = "objection-refused"


class Published(Compact):
    type: Literal["published"] = "published"


class Unpublished(Compact):
    type: Literal["unpublished"] = "unpublished"


class Redacted(Compact):
    """Personal data was taken out of `part`: body, contact, address, or a version's text."""

    type: Literal["redacted"] = "redacted"
    part: str


Ending = (
    Closed
    | Withdrawn
    | Reopened
    | Objected
    | ObjectionGranted
    | ObjectionRefused
    | Published
    | Unpublished
    | Redacted
)
