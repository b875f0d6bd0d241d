"""The answer, and the citizen's judgement of it."""

from typing import Literal

from pydantic import Field, model_validator

from schemas import names
from schemas.base import Code, Day, Line, Model, Text
from schemas.commands.base import Command, Decision
from schemas.events import Evidence


class _Proven(Command):
    """`evidence` where the category asks for it; the same reference twice is one."""

    evidence: list[Evidence] = Field(default_factory=list, max_length=20)


class Reply(_Proven):
    """`until`: the day of a promise (JN 24); `policy`: what does not support it, cited."""

    type: Literal["reply"] = "reply"
    outcome: names.Outcome
    text: Text
    until: Day | None = None
    policy: Line | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Reply":
        if (self.outcome == "promised") != (self.until is not None):
            raise ValueError("until_with_promise")
        if (self.outcome == "not_supported") != (self.policy is not None):
            raise ValueError("policy_with_not_supported")
        return self

    @property
    def free_text(self) -> str | None:
        """The reply as the citizen reads it, the policy cited under it."""
        return f"{self.text}\n【政策依据 Policy】{self.policy}" if self.policy else self.text


class Promise(Command):
    """The follow-up ends with a date by which it will be solved."""

    type: Literal["promise"] = "promise"
    until: Day
    text: Text


class KeepPromise(_Proven):
    """What was promised is done."""

    type: Literal["keep-promise"] = "keep-promise"
    outcome: Literal["resolved", "partly"] = "resolved"
    text: Text


class DecideReply(Decision):
    type: Literal["decide-reply"] = "decide-reply"


class Stars(Model):
    outcome: int | None = Field(default=None, ge=1, le=5)
    attitude: int | None = Field(default=None, ge=1, le=5)
    speed: int | None = Field(default=None, ge=1, le=5)


class Rate(Command):
    """One form for every channel. Source: 政务服务 "好差评" (国办发〔2019〕51号)."""

    type: Literal["rate"] = "rate"
    contacted: bool
    resolved: names.Resolved
    overall: int = Field(ge=1, le=5)
    stars: Stars | None = None
    reasons: list[names.RatingReason] = Field(default_factory=list, max_length=7)
    text: Text | None = None


class Redo(Command):
    type: Literal["redo"] = "redo"
    text: Text


class Close(Command):
    """A follow-up ends with an explanation, signed by someone outside the handling unit (JN 27)."""

    type: Literal["close"] = "close"
    explanation: names.Explanation
    text: Text


class CallBack(Command):
    """The citizen of an overdue case was called (BJ 23); `contacted`: by anyone of the unit before?"""

    type: Literal["call-back"] = "call-back"
    result: names.ContactResult
    contacted: bool | None = None
    call_id: Code | None = None
    text: Text | None = None


Answering = Reply | Promise | KeepPromise | DecideReply | Rate | Redo | Close | CallBack
