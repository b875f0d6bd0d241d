"""What the API's description says of itself: how to sign in, to repeat, to read an error."""

from typing import Any

from infra.contracts.shapes import told
from schemas.api import Words

SUMMARY: Words = ("城市诉求服务的后端", "The back end of a city's citizen-request service")
ABOUT: Words = (
    """提交、办理、评价一件城市诉求的接口。

**身份。** 工作人员和登录的诉求人用 `Authorization: Bearer …`（城市的 OIDC 登录服务签发的 JWT）；没有登录的诉求人用 `Access-Code` 请求头带上回执里的 6 位查询码。查询码试错会越来越慢，最后锁住试的人，不影响诉求人。

**重发。** 每个提交或改动诉求的 POST 都要有 `Idempotency-Key`（建议 UUID）。没收到答复就用同一个值重发，不会做两次；同一个值换了内容会得到 422。

**同时修改。** 答复里的 `ETag` 是诉求的版本。带上 `If-Match` 时，诉求若已被别人更新则得到 412。重发先于版本检查。

**编号。** 诉求编号 16 位，可以带空格、短横线或全角数字；末位是校验位，写错一位得到 404。

**语言与时间。** `Accept-Language: en` 得到英文，否则中文。给人看的时间带城市时区，如 `2026-09-28T09:30:00+08:00`。

**错误。** 一律是 `application/problem+json`（RFC 9457）：`code` 给程序看，`detail` 给人看，`errors` 逐个字段说明，`allowed` 是现在可以做的操作。没有值的字段不出现。网关自己拒绝的请求（地址不存在、流量过大）没有 `code`。""",
    """The interface to file, handle and rate a request to the city.

**Who asks.** Staff and signed-in citizens send `Authorization: Bearer …` (a JWT of the city's OIDC issuer). A citizen who is not signed in sends the 6-digit access code of the receipt in the header `Access-Code`. Wrong codes slow down and in the end lock whoever tries, never the citizen.

**Sending again.** Every POST that files or changes a case needs an `Idempotency-Key` (a UUID). Without an answer, send it again under the same key: nothing is done twice. The same key with another content gets 422.

**Changing at the same time.** `ETag` is the case's version. With `If-Match`, a case that somebody else has changed gives 412. A repeat is recognised before the version is looked at.

**Numbers.** A case number has 16 digits; blanks, dashes and full-width digits are accepted. The last is a check digit: one wrong digit gives 404.

**Languages and times.** `Accept-Language: en` gives English, else Chinese. Times for people carry the city's zone, as in `2026-09-28T09:30:00+08:00`.

**Errors** are `application/problem+json` (RFC 9457): `code` is for programs, `detail` for people, `errors` goes field by field, `allowed` says what may be done now. A field without a value is left out. What the gateway itself refuses (no such address, too many requests) has no `code`.""",
)
TAGS: dict[str, Words] = {
    "citizen": ("诉求人", "For citizens"),
    "desk": ("工作台", "The desk"),
    "desk-commands": ("工作台的操作", "What the desk can do to a case"),
    "service": ("目录与服务", "Catalogue and service"),
}

STATUSES: dict[int, Words] = {
    200: ("成功", "Done"),
    201: ("已提交", "Filed"),
    400: ("请求不对", "Bad request"),
    401: ("需要登录，或令牌无效", "Not signed in, or the token is not accepted"),
    403: ("没有权限", "Not permitted"),
    404: ("没有找到", "Not found"),
    409: ("诉求现在不允许这样做", "The case does not allow it now"),
    412: ("诉求已被更新", "The case has changed meanwhile"),
    413: ("内容太大", "Too large"),
    422: ("内容不合规则", "Not valid"),
    429: ("试错太多，请稍后再试", "Too many tries, wait"),
    500: ("系统出错", "A fault on our side"),
    503: ("系统正忙，用同一个 Idempotency-Key 重试", "Busy: repeat under the same Idempotency-Key"),
}

SECURITY: dict[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        **told(
            "description",
            (
                "城市登录服务签发的 JWT（RS256 或 ES256）：iss、aud、exp、sub，以及 role、department、area；"
                "诉求人的可带 phone_number、email 及其 _verified。",
                "A JWT of the city's issuer (RS256 or ES256): iss, aud, exp, sub, and role, "
                "department, area; a citizen's may carry phone_number, email and their _verified.",
            ),
        ),
    },
    "accessCode": {
        "type": "apiKey",
        "in": "header",
        "name": "Access-Code",
        **told(
            "description",
            (
                "回执里的 6 位查询码，打开一件诉求。",
                "The 6 digits of the receipt; they open one case.",
            ),
        ),
    },
}

PARAMETERS: dict[str, Any] = {
    "CaseNumber": {
        "name": "case_number",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "example": "1902481914976595",
        **told("description", ("诉求编号", "The case number"), " · "),
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
        "example": "3f0c6a52-8f0e-4c53-9d6b-1f2f6f0d9a11",
        **told(
            "description",
            ("这次提交的标识，重发时不变", "Names this request; the same when it is sent again"),
            " · ",
        ),
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "example": '"7"',
        **told(
            "description",
            ("您看到的版本（ETag）；可以不填", "The version you have seen (ETag); optional"),
            " · ",
        ),
    },
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "default": "zh-CN"},
        "example": "zh-CN",
        **told("description", ("zh-CN 或 en", "zh-CN or en"), " · "),
    },
}

HEADER_NAMES: dict[str, str] = {
    "ContentLanguage": "Content-Language",
    "ETag": "ETag",
    "Location": "Location",
    "RetryAfter": "Retry-After",
    "WWWAuthenticate": "WWW-Authenticate",
}
_HEADERS: dict[str, Words] = {
    "ContentLanguage": ("答复的语言", "The answer's language"),
    "ETag": ("诉求的版本", "The case's version"),
    "Location": ("诉求的地址", "Where the case is"),
    "RetryAfter": ("多少秒后再试", "Seconds to wait"),
    "WWWAuthenticate": ("Bearer", "Bearer"),
}
HEADERS: dict[str, Any] = {
    name: {"schema": {"type": "string"}, **told("description", words, " · ")}
    for name, words in _HEADERS.items()
}
