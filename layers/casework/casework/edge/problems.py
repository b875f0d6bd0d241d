"""From whatever went wrong to an RFC 9457 answer in the caller's language."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from casework.cases.rules import Refusal
from casework.cases.state import Case
from casework.edge.refusals import FIELDS, SENTENCES
from casework.outcomes import KeyReused, Locked, NotFound, Refused, Stale, WrongCode
from casework.security.tokens import BadToken, KeysUnavailable
from casework.store.settings import NotSetUp
from casework.store.table import Unavailable
from casework.views.names import command_name, role_name, state_name
from casework.words import Language, pick
from schemas.problem import Fault, Problem


class Wrong(Exception):
    """A request that a door itself refuses: a code of `SENTENCES` with its details."""

    def __init__(self, code: str, pointer: str | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code, self.pointer, self.details = code, pointer, details


class Answer(NamedTuple):
    problem: Problem
    headers: dict[str, str]


def problem_of(error: Exception, language: Language, now: Callable[[], Any]) -> Answer:
    """The answer to an error; `internal` for one that nobody foresaw."""
    problem, headers = _answer_to(error, language, now)
    if problem.status == 401:
        headers = {**headers, "WWW-Authenticate": "Bearer"}  # RFC 9110, 15.5.2
    return Answer(problem, headers)


def _answer_to(error: Exception, language: Language, now: Callable[[], Any]) -> Answer:
    if isinstance(error, ValidationError):
        return Answer(_invalid(error, language), {})
    if isinstance(error, Refused):
        return Answer(_refused(error.refusal, error.case, language), {})
    if isinstance(error, Locked):
        seconds = max(1, int((error.until - now()).total_seconds()))
        answer = _problem("locked", language, {"seconds": seconds})
        return Answer(answer, {"Retry-After": str(seconds)})
    if isinstance(error, Stale):
        answer = _problem("stale", language, {"version": error.case.version})
        return Answer(_with_case(answer, error.case), {})
    if isinstance(error, Wrong):
        return Answer(_problem(error.code, language, error.details, error.pointer), {})
    if isinstance(error, BadToken):
        return Answer(_problem(f"token_{error.reason}", language), {})
    code = next((code for kind, code in _PLAIN.items() if isinstance(error, kind)), "internal")
    headers = {"Retry-After": "2"} if SENTENCES[code].status == 503 else {}
    return Answer(_problem(code, language), headers)


_PLAIN: dict[type[Exception], str] = {
    NotFound: "not_found",
    KeyReused: "key_reused",
    WrongCode: "wrong_code",
    NotSetUp: "not_set_up",
    Unavailable: "busy",
    KeysUnavailable: "busy",
}


def _refused(refusal: Refusal, case: Case | None, language: Language) -> Problem:
    answer = _problem(refusal.code, language, refusal.details, refusal.pointer)
    if refusal.code == "state" or refusal.allowed:
        answer = answer.model_copy(update={"allowed": list(refusal.allowed)})
    return _with_case(answer, case) if case is not None and answer.status == 409 else answer


def _with_case(answer: Problem, case: Case) -> Problem:
    return answer.model_copy(update={"state": case.state, "version": case.version})


def _problem(
    code: str, language: Language, details: dict[str, Any] | None = None, pointer: str | None = None
) -> Problem:
    sentence = SENTENCES[code]
    words = pick((sentence.zh, sentence.en), language)
    said = words.format_map(_Safe(_in_words(details or {}, language)))
    faults = [Fault(pointer=pointer, code=code, detail=said)] if pointer else None
    return Problem(
        type=f"urn:lianxin:problem:{code}",
        title=pick(_TITLES[sentence.status], language),
        status=sentence.status,
        detail=said,
        code=code,
        errors=faults,
    )


_NAMES: dict[str, Callable[[str, Language], str]] = {
    "state": state_name,
    "command": command_name,
    "role": role_name,
}


def _in_words(details: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Details as people read them: codes by their names, pairs in the caller's language."""
    read = {}
    for key, value in details.items():
        said = pick(value, language) if isinstance(value, tuple) else value
        read[key] = _NAMES[key](said, language) if key in _NAMES else said
    return read


class _Safe(dict[str, Any]):
    """A detail that is missing shows as its name, rather than hiding the error behind another."""

    def __missing__(self, key: str) -> str:
        return key


def _invalid(error: ValidationError, language: Language) -> Problem:
    faults = []
    for fault in error.errors(include_url=False, include_input=False):
        code = str(fault["type"])
        if code == "value_error":
            code = str(fault["ctx"]["error"])
        details = dict(fault.get("ctx", {}))
        if "expected" in details:
            details["expected"] = details["expected"].replace("'", "").replace(" or ", ", ")
        known = FIELDS.get(code)
        said = pick(known, language).format_map(_Safe(details)) if known else fault["msg"]
        faults.append(Fault(pointer=_pointer(fault["loc"]), code=code, detail=said))
    return _problem("invalid", language).model_copy(update={"errors": faults})


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
