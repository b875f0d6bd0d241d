"""What cannot be filed: each gets its field and its sentence, and nothing is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from casework.edge.ask import BODY_LIMIT
from tests.doors.driving import NAME, TEXT, Api
from tests.doors.refusing import refused

FILE = ("POST", "/v1/cases")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"text": "' + TEXT.encode(), id="cut off"),
        pytest.param(b"{'text': 'a'}", id="single quotes"),
        pytest.param(b'{"text": "a",}', id="a comma too many"),
        pytest.param(b'{"text": "a"} {"text": "b"}', id="two documents"),
        pytest.param(b"text=a&title=b", id="a form"),
        pytest.param(b'{"text": "a", "place": {"lon": NaN, "lat": 1}}', id="NaN"),
        pytest.param(b'{"text": "a", "place": {"lon": -Infinity, "lat": 1}}', id="infinity"),
        pytest.param(b"[" * 60_000, id="nested without end"),
        pytest.param(b'{"text":' * 10_000 + b"1" + b"}" * 10_000, id="objects without end"),
        pytest.param(b'{"text": 1' + b"0" * 5_000 + b"}", id="a number without end"),
    ],
)
def test_what_is_not_json(api: Api, raw: bytes) -> None:
    answer = refused(api, *FILE, 400, "malformed", raw=raw)

    assert TEXT[:4] not in answer.text, "an error does not quote the citizen"


def test_text_in_another_encoding_than_utf8(api: Api) -> None:
    """As they came, in base64; or with what is no UTF-8 replaced, as API Gateway does with text."""
    raw = json.dumps({"text": TEXT}, ensure_ascii=False).encode("gb18030")

    for base64_body in (True, False):
        answer = refused(api, *FILE, 400, "malformed", raw=raw, base64_body=base64_body)

        assert "请改用 UTF-8 重发" in answer.body["detail"]


def test_a_replacement_character_that_somebody_means_can_be_escaped(api: Api) -> None:
    answer = api.post("/v1/cases", raw=rb'{"text": "\ufffd was on the sign"}')

    assert answer.status == 201


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"text"', b"7", b"true"])
def test_json_that_is_no_object(api: Api, raw: bytes) -> None:
    refused(api, *FILE, 422, "invalid", [""], raw=raw)


def test_no_body_at_all(api: Api) -> None:
    refused(api, *FILE, 422, "invalid", ["/text"])


@pytest.mark.parametrize(
    ("body", "pointers", "codes"),
    [
        ({"text": ""}, ["/text"], ["string_too_short"]),
        ({"text": " \t\n\u3000 "}, ["/text"], ["string_too_short"]),
        ({"text": "\x00\x07\x1b\x7f\x9f"}, ["/text"], ["string_too_short"]),
        ({"title": "路灯"}, ["/text"], ["missing"]),
        ({"text": "字" * 5_001}, ["/text"], ["string_too_long"]),
        ({"text": TEXT, "title": "字" * 101}, ["/title"], ["string_too_long"]),
        ({"text": "\ud800"}, ["/text"], ["lone_surrogate"]),
        ({"text": TEXT, "title": "a\udfffb"}, ["/title"], ["lone_surrogate"]),
        ({"text": TEXT, "area": "\ud800"}, ["/area"], ["string_unicode"]),
        ({"text": TEXT, "urgent": True}, ["/urgent"], ["extra_forbidden"]),
        (
            {"text": TEXT, "contact": {"phone": "19900001234", "mail": "a@b"}},
            ["/contact/mail"],
            ["extra_forbidden"],
        ),
        ({"text": TEXT, "a/b~c": 1}, ["/a~1b~0c"], ["extra_forbidden"]),
        ({"text": 12345}, ["/text"], ["string_type"]),
        ({"text": ["a"]}, ["/text"], ["string_type"]),
        ({"text": None}, ["/text"], ["string_type"]),
        ({"text": TEXT, "publishable": 1}, ["/publishable"], ["bool_type"]),
        ({"text": TEXT, "publishable": "true"}, ["/publishable"], ["bool_type"]),
        ({"text": TEXT, "contact": {"phone": 19900001234}}, ["/contact/phone"], ["string_type"]),
        ({"text": TEXT, "contact": NAME}, ["/contact"], ["model_type"]),
        ({"text": TEXT, "place": []}, ["/place"], ["model_type"]),
        ({"text": TEXT, "place": {"lon": "120", "lat": 31}}, ["/place/lon"], ["float_type"]),
        ({"text": TEXT, "kind": "wish"}, ["/kind"], ["literal_error"]),
        ({"text": TEXT, "channel": "fax"}, ["/channel"], ["literal_error"]),
        ({"text": TEXT, "type": "accept"}, ["/type"], ["literal_error"]),
        ({"text": TEXT, "category": "路灯"}, ["/category"], ["string_pattern_mismatch"]),
        ({"text": TEXT, "category": 101}, ["/category"], ["string_type"]),
        ({"text": TEXT, "place": {"lon": 180.1, "lat": 31}}, ["/place/lon"], ["less_than_equal"]),
        (
            {"text": TEXT, "place": {"lon": 120, "lat": -91}},
            ["/place/lat"],
            ["greater_than_equal"],
        ),
        ({"text": TEXT, "place": {"lon": 120.5}}, ["/place"], ["lon_lat_together"]),
        ({"text": TEXT, "place": {"lat": 31, "address": "东门"}}, ["/place"], ["lon_lat_together"]),
        ({"text": TEXT, "place": {"address": ""}}, ["/place/address"], ["string_too_short"]),
        ({"text": TEXT, "identity": "secret"}, ["/identity"], ["literal_error"]),
        (
            {"text": TEXT, "identity": "anonymous", "contact": {"phone": "19900001234"}},
            [""],
            ["anonymous_with_contact"],
        ),
        (
            {
                "text": TEXT,
                "identity": "anonymous",
                "on_behalf_of": {"relation": "family", "consent": True},
            },
            [""],
            ["anonymous_with_contact"],
        ),
        (
            {"text": TEXT, "on_behalf_of": {"relation": "family"}},
            ["/on_behalf_of"],
            ["consent_needed"],
        ),
        (
            {"text": TEXT, "on_behalf_of": {"relation": "lawyer", "consent": "yes"}},
            ["/on_behalf_of/consent"],
            ["bool_type"],
        ),
        (
            {"text": TEXT, "on_behalf_of": {"relation": "guardian", "phone": "12"}},
            ["/on_behalf_of/phone"],
            ["phone_invalid"],
        ),
        ({"text": TEXT, "needs": ["hearing"] * 7}, ["/needs"], ["too_long"]),
        ({"text": TEXT, "needs": ["a lift"]}, ["/needs/0"], ["literal_error"]),
        ({"text": TEXT, "needs": "hearing"}, ["/needs"], ["list_type"]),
        ({"text": TEXT, "about": ["shuiwu"] * 6}, ["/about"], ["too_long"]),
        ({"text": TEXT, "about": ["水务局"]}, ["/about/0"], ["string_pattern_mismatch"]),
        ({"text": TEXT, "contact_mode": "fax"}, ["/contact_mode"], ["literal_error"]),
        ({"text": TEXT, "minor": "no"}, ["/minor"], ["bool_type"]),
        ({"text": TEXT, "reply_wanted": 0}, ["/reply_wanted"], ["bool_type"]),
        ({"text": TEXT, "language": "维吾尔语"}, ["/language"], ["string_pattern_mismatch"]),
        ({"text": TEXT, "origin": "media"}, ["/origin"], ["model_type"]),
        ({"text": TEXT, "origin": {"system": "friend"}}, ["/origin/system"], ["literal_error"]),
        (
            {"text": TEXT, "origin": {"system": "media", "due": "2026-13-01"}},
            ["/origin/due"],
            ["no_date"],
        ),
        (
            {"text": TEXT, "origin": {"system": "media", "due": "9999-12-31"}},
            ["/origin/due"],
            ["no_date"],
        ),
        (
            {"text": TEXT, "origin": {"system": "media", "due": 20261001}},
            ["/origin/due"],
            ["date_type"],
        ),
        (
            {"publishable": "no", "kind": 3, "text": ""},
            ["/text", "/kind", "/publishable"],
            ["string_too_short", "literal_error", "bool_type"],
        ),
    ],
)
def test_a_faulty_field_is_named(
    api: Api, body: dict[str, Any], pointers: list[str], codes: list[str]
) -> None:
    # The surrogates travel as JSON escapes, as a careless client writes them.
    raw = json.dumps(body).encode()

    answer = refused(api, *FILE, 422, "invalid", pointers, raw=raw)

    assert [fault["code"] for fault in answer.body["errors"]] == codes


def test_a_field_name_that_is_half_a_character(api: Api) -> None:
    refused(api, *FILE, 422, "invalid", raw=rb'{"text": "a", "\ud800": 1}')


@pytest.mark.parametrize("number", ["1e999", "1" + "0" * 400])
def test_a_coordinate_beyond_all_numbers(api: Api, number: str) -> None:
    raw = b'{"text": "a", "place": {"lon": %s, "lat": 1}}' % number.encode()

    refused(api, *FILE, 422, "invalid", ["/place/lon"], raw=raw)


@pytest.mark.parametrize(
    "phone",
    [
        "1990000123",  # ten digits
        "199000012345",  # twelve
        "12900001234",  # no such prefix
        "87654321",  # a landline without its area code
        "+8619900001",
        "+",
        "打我电话",
        "199٠٠٠٠١٢٣٤",  # digits of two scripts
        "19900001234;19900001235",
        "",
    ],
)
def test_a_phone_that_is_none(api: Api, phone: str) -> None:
    body = {"text": TEXT, "contact": {"name": NAME, "phone": phone}}

    answer = refused(api, *FILE, 422, "invalid", ["/contact/phone"], raw=json.dumps(body).encode())

    assert answer.body["errors"][0]["code"] == "phone_invalid"
    assert NAME not in answer.text


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"category": "9999"}, "unknown_category", "/category"),
        ({"area": "110101"}, "unknown_area", "/area"),
    ],
)
def test_a_code_that_the_city_does_not_know(
    api: Api, body: dict[str, str], code: str, pointer: str
) -> None:
    raw = json.dumps({"text": TEXT} | body).encode()

    answer = refused(api, *FILE, 422, code, [pointer], raw=raw)

    assert "/v1/catalogue" in answer.body["detail"], "says where the codes are to be found"


def test_a_body_over_the_limit(api: Api) -> None:
    raw = json.dumps({"text": "字" * 60_000}, ensure_ascii=False).encode()

    refused(api, *FILE, 413, "too_large", raw=raw)


def test_a_body_at_the_limit_is_read(api: Api) -> None:
    head = b'{"text": "a", "pad": "'
    raw = head + b"x" * (BODY_LIMIT - len(head) - 2) + b'"}'
    assert len(raw) == BODY_LIMIT

    refused(api, *FILE, 422, "invalid", ["/pad"], raw=raw)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "key_missing"),
        ("", "key_missing"),
        ("   ", "key_missing"),
        ("k" * 129, "key_invalid"),
        ("two words", "key_invalid"),
        ("键", "key_invalid"),
        ("tab\there", "key_invalid"),
    ],
)
def test_an_idempotency_key_that_is_none(api: Api, key: str | None, code: str) -> None:
    raw = json.dumps({"text": TEXT}).encode()

    refused(api, *FILE, 400, code, ["Idempotency-Key"], raw=raw, headers={"Idempotency-Key": key})


def test_an_idempotency_key_for_another_body(api: Api) -> None:
    # given a filing under a key
    key = {"Idempotency-Key": "mine"}
    first = api.post("/v1/cases", {"text": TEXT}, headers=key)
    assert first.status == 201

    # when another text comes under it, then it is refused
    raw = json.dumps({"text": TEXT + "急！"}).encode()
    refused(api, *FILE, 422, "key_reused", raw=raw, headers=key)

    # and the first one still gets its answer
    assert api.post("/v1/cases", {"text": TEXT}, headers=key).body == first.body


@pytest.mark.parametrize("channel", ["hotline", "walk_in", "transfer"])
def test_a_citizen_on_a_channel_of_the_desk(api: Api, channel: str) -> None:
    raw = json.dumps({"text": TEXT, "channel": channel}).encode()

    refused(api, *FILE, 403, "channel_staff_only", ["/channel"], raw=raw)


@pytest.mark.parametrize("role", ["officer", "auditor", "leader"])
def test_staff_who_take_no_filings(api: Api, role: str) -> None:
    raw = json.dumps({"text": TEXT}).encode()

    refused(api, *FILE, 403, "role", raw=raw, headers=api.bearer(role))


ANSWER = {"article": "KB-1", "article_version": 1, "text": "每周一至周五上午办理。"}


def test_an_answer_at_filing_is_for_agents(api: Api) -> None:
    raw = json.dumps({"text": "几点开门？", "kind": "enquiry", "answer": ANSWER}).encode()

    refused(api, *FILE, 403, "role", ["/answer"], raw=raw)


def test_an_answer_at_filing_is_for_enquiries(api: Api) -> None:
    raw = json.dumps({"text": TEXT, "kind": "complaint", "answer": ANSWER}).encode()

    refused(api, *FILE, 409, "only_enquiries", ["/answer"], raw=raw, headers=api.bearer("agent"))


@pytest.mark.parametrize("version", [0, -1, 10**40])
def test_a_version_of_an_article_that_cannot_be(api: Api, version: int) -> None:
    body = {"text": "几点？", "kind": "enquiry", "answer": ANSWER | {"article_version": version}}

    refused(
        *(api, *FILE, 422, "invalid", ["/answer/article_version"]),
        raw=json.dumps(body).encode(),
        headers=api.bearer("agent"),
    )


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"about": ["shuiwu", "nobody"]}, 422, "unknown_unit", "/about/1"),
        ({"about": ["yuanlin"]}, 422, "retired_unit", "/about/0"),
        ({"addressee": "nobody"}, 422, "unknown_unit", "/addressee"),
        ({"origin": {"system": "patrol", "due": "2026-09-27"}}, 422, "past", "/origin/due"),
        ({"origin": {"system": "patrol", "due": "2199-12-31"}}, 422, "too_far", "/origin/due"),
    ],
)
def test_what_a_filing_names_and_is_not_there(
    api: Api, body: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    refused(
        *(api, *FILE, status, code, [pointer]),
        raw=json.dumps({"text": TEXT} | body).encode(),
        headers=api.bearer("agent", subject="zhao"),
    )


def test_a_guardian_speaks_without_asking_and_from_above_comes_the_due_date(api: Api) -> None:
    """All new fields at once, from an agent; and each stands on the desk's page."""
    body = {
        "text": TEXT,
        "category": "0101",
        "on_behalf_of": {"relation": "guardian"},
        "minor": True,
        "contact_mode": "visit",
        "reply_wanted": True,
        "language": "ug",
        "needs": ["interpreter", "interpreter"],
        "about": ["shuiwu"],
        "addressee": "zhujian",
        "channel": "transfer",
        "origin": {"system": "leader", "number": "PS-7", "due": "2026-09-30"},
    }
    filed = api.post("/v1/cases", body, headers=api.bearer("agent", subject="zhao"))
    assert filed.status == 201, filed.text

    page = f"/v1/desk/cases/{filed.body['case_number']}"
    shown = api.get(page, headers=api.bearer("supervisor")).body

    assert shown["origin"] == {
        "system": {"code": "leader", "name": "领导批示"},
        "number": "PS-7",
    }
    assert shown["addressee"]["code"] == "zhujian"
    assert [one["code"] for one in shown["subjects"]] == ["shuiwu"]
    assert shown["speaker"]["represented_by"]["code"] == "guardian"
    assert [need["code"] for need in shown["speaker"]["needs"]] == ["interpreter"]
    assert shown["speaker"]["minor"] is True
    (promise,) = [one for one in shown["deadlines"] if one["clock"] == "resolve"]
    assert (promise["due_on"], promise["decided"]) == ("2026-09-30", True)
