"""Whatever comes to the door, it answers by its contract, and never with a fault of its own."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import commands as c
from tests.doors.driving import Api
from tests.support.world import MemoryWorld

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec=None), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = sorted({name for shape in (c.File, c.Place, c.Contact) for name in shape.model_fields})
likely = st.fixed_dictionaries(
    {"text": st.text(min_size=1, max_size=200) | anything},
    optional={name: anything for name in FIELDS if name != "text"}
    | {
        "kind": st.sampled_from(["enquiry", "report", "x", None]),
        "category": st.sampled_from(["0205", "9999", "", None]),
        "place": st.fixed_dictionaries(
            {}, optional={"lon": st.floats() | anything, "lat": st.floats(), "address": anything}
        ),
        "contact": st.fixed_dictionaries(
            {}, optional={"phone": st.text("0123456789+- ", max_size=45), "name": anything}
        ),
        "identity": st.sampled_from(["open", "hidden", "sealed", "anonymous", "x"]),
        "on_behalf_of": st.fixed_dictionaries(
            {"relation": st.sampled_from(["family", "guardian", 3])},
            optional={"consent": st.booleans() | anything, "name": anything, "phone": anything},
        ),
        "about": st.lists(
            st.sampled_from(["shuiwu", "yuanlin", "nobody", ""]) | anything, max_size=7
        ),
        "needs": st.lists(st.sampled_from(["hearing", "x"]), max_size=7),
        "origin": st.fixed_dictionaries(
            {"system": st.sampled_from(["leader", "x"])},
            optional={"due": st.dates().map(str) | anything, "number": anything},
        ),
    },
)
often = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@often
@given(body=likely | anything)
def test_any_json_as_a_filing(api: Api, body: Any) -> None:
    """The contract, checked with every answer, knows no other status than these."""
    answer = api.post("/v1/cases", raw=json.dumps(body).encode())

    assert answer.status in (201, 400, 403, 409, 413, 422)


@often
@given(raw=st.binary(max_size=300), base64_body=st.booleans())
def test_any_bytes_as_a_filing(api: Api, raw: bytes, base64_body: bool) -> None:
    assert api.post("/v1/cases", raw=raw, base64_body=base64_body).status in (400, 422)


@often
@given(
    command=st.sampled_from(c.DESK_COMMANDS),
    role=st.sampled_from(["officer", "supervisor", "dispatcher", "moderator", "agent"]),
    body=anything
    | st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("kind", "unit", "approve", "grant", "path", "service"), anything),
            **dict.fromkeys(
                ("units", "persons", "evidence", "parts", "policy", "receipt"), anything
            ),
            **dict.fromkeys(("uphold", "accept", "officer", "level"), anything),
            "text": st.text(max_size=50),
            "reason": st.sampled_from(
                ["judicial", "not_our_duty", "contact", "complex", "season", "matter_gone", "x"]
            ),
            "outcome": st.sampled_from(["resolved", "adopted", "promised", "not_supported", "x"]),
            "until": st.dates().map(str) | anything,
            "due": st.dates().map(str) | anything,
            "case": st.text("0123456789- ", max_size=20) | anything,
            "part": st.sampled_from(["body", "contact", "1", "999999", "0"]) | anything,
            "order": st.sampled_from(["order-3", "order-0"]) | anything,
            "alert": st.sampled_from(["hazard-3", "-"]) | anything,
        },
    ),
)
def test_any_json_as_a_command(api: Api, command: str, role: str, body: Any) -> None:
    case = api.file().dispatched()
    headers = api.bearer(role, department=case.unit)

    answer = api.post(f"{case.desk_path}/{command}", raw=json.dumps(body).encode(), headers=headers)

    assert answer.status < 500, answer.text


@often
@given(
    headers=st.dictionaries(
        st.sampled_from(
            ["Idempotency-Key", "If-Match", "Access-Code", "Authorization", "Accept-Language"]
        ),
        st.text(max_size=60) | st.sampled_from(["Bearer x", '"1"', "123456", "en"]),
    )
)
def test_any_headers(api: Api, world: MemoryWorld, headers: dict[str, str]) -> None:
    case = api.file()

    for answer in (
        api.get(case.path, headers=headers),
        api.post(f"{case.path}/urges", {}, headers=headers),
        api.get("/v1/desk/worklist", headers=headers),
    ):
        assert answer.status < 500, answer.text
