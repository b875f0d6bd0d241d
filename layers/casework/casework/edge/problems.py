"""From whatever went wrong to an RFC 9457 answer in the caller's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from casework.cases.rules import Refusal
from casework.cases.state import Case
from casework.edge.refusals import FIELDS, SENTENCES
from casework.outcomes import KeyReused, Locked, NotFound, Refused, Stale, WrongCode
from casework.security.tokens import BadToken, KeysUnavailable
from casework.store.settings import NotSetUp
from casework.store.table import Unavailable
from casework.views.names import code_name, command_name, role_name, state_name, unit_name
from casework.words import Language, pick
from schemas.problem import Fault, Problem

if TYPE_CHECKING:
    from casework.runtime import World


class Wrong(Exception):
    """A request that a door itself refuses: a code of `SENTENCES` with its details."""

    def __init__(self, code: str, pointer: str | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code, self.pointer, self.details = code, pointer, details


class Answer(NamedTuple):
    problem: Problem
    headers: dict[str, str]


@dataclass(frozen=True)
class Reader:
    """Who reads what went wrong: in which language, and whether at the desk."""

    world: "World"
    language: Language
    desk: bool


def problem_of(error: Exception, reader: Reader) -> Answer:
    """The answer to an error; `internal` for one that nobody foresaw."""
    problem, headers = _answer_to(error, reader)
    if problem.status == 401:
        headers = {**headers, "WWW-Authenticate": "Bearer"}  # RFC 9110, 15.5.2
    return Answer(problem, headers)


def _answer_to(error: Exception, reader: Reader) -> Answer:
    if isinstance(error, ValidationError):
        return Answer(_invalid(error, reader), {})
    if isinstance(error, Refused):
        return Answer(_refused(error.refusal, error.case, reader), {})
    if isinstance(error, Locked):
        seconds = max(1, int((error.until - reader.world.clock()).total_seconds()))
        answer = _problem("locked", reader, {"seconds": seconds})
        return Answer(answer, {"Retry-After": str(seconds)})
    if isinstance(error, Stale):
        answer = _problem("stale", reader, {"version": error.case.version})
        return Answer(_with_case(answer, error.case), {})
    if isinstance(error, Wrong):
        return Answer(_problem(error.code, reader, error.details, error.pointer), {})
    if isinstance(error, BadToken):
        return Answer(_problem(f"token_{error.reason}", reader), {})
    code = next((code for kind, code in _PLAIN.items() if isinstance(error, kind)), "internal")
    headers = {"Retry-After": "2"} if SENTENCES[code].status == 503 else {}
    return Answer(_problem(code, reader), headers)


_PLAIN: dict[type[Exception], str] = {
    NotFound: "not_found",
    KeyReused: "key_reused",
    WrongCode: "wrong_code",
    NotSetUp: "not_set_up",
    Unavailable: "busy",
    KeysUnavailable: "busy",
}


def _refused(refusal: Refusal, case: Case | None, reader: Reader) -> Problem:
    details = refusal.details
    if refusal.code == "state" and case is not None:
        details = {**details, **_state_details(refusal, case, reader)}
    answer = _problem(refusal.code, reader, details, refusal.pointer)
    if refusal.code == "state" or refusal.allowed:
        answer = answer.model_copy(update={"allowed": list(refusal.allowed)})
    return _with_case(answer, case) if case is not None and answer.status == 409 else answer


def _state_details(refusal: Refusal, case: Case, reader: Reader) -> dict[str, Any]:
    """Who was faster, for the desk's eyes; and what may be done instead, which is at least to read."""
    claimed = refusal.details["command"] == "claim" and case.officer and reader.desk
    names = [command_name(name, reader.language) for name in refusal.allowed]
    return {
        "taken": (f"（{case.officer} 已认领）", f" (claimed by {case.officer})") if claimed else "",
        "instead": ("、".join(names), ", ".join(names)) if names else ("查看", "reading it"),
    }


def _with_case(answer: Problem, case: Case) -> Problem:
    return answer.model_copy(update={"state": case.state, "version": case.version})


def _problem(
    code: str, reader: Reader, details: dict[str, Any] | None = None, pointer: str | None = None
) -> Problem:
    sentence, language = SENTENCES[code], reader.language
    words = pick((sentence.zh, sentence.en), language)
    said = words.format_map(_Safe(_in_words(details or {}, reader)))
    faults = [Fault(pointer=pointer, code=code, detail=said)] if pointer else None
    return Problem(
        type=f"urn:lianxin:problem:{code}",
        title=pick(_TITLES[sentence.status], language),
        status=sentence.status,
        detail=said,
        code=code,
        errors=faults,
    )


_NAMES: dict[str, Callable[[Any, Reader], str | None]] = {
    "state": lambda code, to: state_name(code, to.language, to_citizen=not to.desk),
    "command": lambda code, to: command_name(code, to.language),
    "role": lambda code, to: role_name(code, to.language),
    "unit": lambda code, to: unit_name(code, to.world.service.rules(), to.language),
    "holder": lambda code, to: unit_name(code, to.world.service.rules(), to.language),
    "evidence": lambda codes, to: pick(("、", ", "), to.language).join(
        code_name(code, to.language) for code in codes
    ),
}


def _in_words(details: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """Details as people read them: codes by their names, pairs in the caller's language."""
    read = {}
    for key, value in details.items():
        said = pick(value, reader.language) if isinstance(value, tuple) else value
        read[key] = _NAMES[key](said, reader) if key in _NAMES else said
    return read


class _Safe(dict[str, Any]):
    """A detail that is missing shows as its name, rather than hiding the error behind another."""

    def __missing__(self, key: str) -> str:
        return key


def _invalid(error: ValidationError, reader: Reader) -> Problem:
    faults = []
    for fault in error.errors(include_url=False, include_input=False):
        code = str(fault["type"])
        if code == "value_error":
            code = str(fault["ctx"]["error"])
        details = {name: _plain(value) for name, value in fault.get("ctx", {}).items()}
        if "expected" in details:
            details["expected"] = details["expected"].replace("'", "").replace(" or ", ", ")
        known = FIELDS.get(code)
        said = pick(known, reader.language).format_map(_Safe(details)) if known else fault["msg"]
        faults.append(Fault(pointer=_pointer(fault["loc"]), code=code, detail=said))
    return _problem("invalid", reader).model_copy(update={"errors": faults})


def _plain(value: Any) -> Any:
    """180 for 180.0, as people write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pointer(location: tuple[int | str, ...]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in parts)


_TITLES: dict[int, tuple[str, str]] = {
    400: ("请求不对", "Bad request"),
    401: ("需要登录", "Not signed in"),
    403: ("没有权限", "Not permitted"),
    404: ("没有找到", "Not found"),
    409: ("现在不能这样做", "Not possible now"),
    412: ("版本已更新", "Changed meanwhile"),
    413: ("内容太大", "Too large"),
    422: ("内容不合规则", "Not valid"),
    429: ("请稍后再试", "Too many tries"),
    500: ("系统出错", "Internal error"),
    503: ("系统正忙", "Busy"),
}
