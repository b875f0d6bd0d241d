"""Errors as RFC 9457 problem details, in the caller's language, with a path for each faulty field."""

from schemas.base import Model


class Fault(Model):
    """One faulty field: a JSON Pointer (RFC 6901) into the body, or the name of a header or parameter."""

    pointer: str
    code: str
    detail: str


class Problem(Model):
    """`type` is `urn:lianxin:problem:<code>`; `detail` says what is wrong and what to do next."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None
    errors: list[Fault] | None = None
    allowed: list[str] | None = None
    """What would be allowed now instead."""
    state: str | None = None
    """The case's present state, where the command did not fit it."""
    version: int | None = None
