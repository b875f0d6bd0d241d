"""A city's own rules of dispatch: the first that applies counts, with its reason, and never too far."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.catalogue.city import City
from casework.routing.rules import Matched, first_rule
from schemas.names import Channel, Kind
from tests.catalogue.small_city import small_city

Cells = dict[str, str]


def city_with(*rules: Cells) -> City:
    document = small_city()
    document["units"].append(
        {
            "code": "party",
            "name": "市委",
            "name_en": "Party Committee",
            "area": "990100",
            "kind": "city",
            "line": "党务",
        }
    )
    document["routing"] = [{"name": f"第{n}条", **cells} for n, cells in enumerate(rules, 1)]
    return City.from_document(document)


def ruled(
    city: City,
    body: str = "人行道上的井盖会响",
    *,
    title: str = "",
    area: str | None = None,
    kind: Kind = "complaint",
    channel: Channel = "web",
    guess: str | None = "0204",
    excluded: frozenset[str] = frozenset(),
) -> Matched | None:
    return first_rule(
        city,
        title,
        body,
        area=area,
        kind=kind,
        channel=channel,
        guess=guess,
        excluded=excluded,
    )


TO_POLICE = {"to_unit": "police"}


def test_a_city_without_rules_leaves_all_to_the_router() -> None:
    assert ruled(city_with()) is None


def test_the_first_rule_that_applies_counts_and_says_why() -> None:
    city = city_with(
        {"words": "路灯", **TO_POLICE},
        {"words": "井盖;盖板", "to_unit": "elm-street"},
        TO_POLICE,
    )

    found = ruled(city)

    assert found is not None
    assert (found.rule, found.category, found.unit, found.person) == (
        "第2条",
        "0204",
        "elm-street",
        False,
    )
    assert found.reasons == ("规则 2“第2条”（词“井盖”） / rule 2 “第2条” (word “井盖”)",)


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ({"words": "垃圾;井盖"}, {"title": "井蓋"}, {"body": "路不平"}),
        ({"without": "井盖"}, {"body": "路不平"}, {"title": "井 盖"}),
        ({"words": "app"}, {"body": "the App, please"}, {"body": "I am happy"}),
        ({"category": "0203;0204"}, {}, {"guess": "0208"}),
        ({"category": "02"}, {"guess": "0208"}, {"guess": "0501"}),
        ({"category": "02"}, {}, {"guess": None}),
        ({"area": "990102"}, {"area": "990102001001"}, {"area": "990103"}),
        ({"area": "990102"}, {"area": "990102"}, {"area": None}),
        ({"kind": "help;report"}, {"kind": "help"}, {"kind": "complaint"}),
        ({"channel": "hotline"}, {"channel": "hotline"}, {"channel": "web"}),
        ({"words": "井盖", "area": "990102"}, {"area": "990102"}, {"area": "990103"}),
    ],
    ids=lambda value: None if not isinstance(value, dict) else "-".join(value) or "as it is",
)
def test_a_rule_applies_where_all_its_conditions_hold(
    condition: Cells, holds: dict[str, str], fails: dict[str, str]
) -> None:
    city = city_with({**condition, "to_unit": "gov", "to_category": "0204"})

    assert ruled(city, **{"body": "井盖响", **holds}) is not None  # type: ignore[arg-type]
    assert ruled(city, **{"body": "井盖响", **fails}) is None  # type: ignore[arg-type]


def test_the_category_of_a_rule_finds_its_unit_by_responsibility() -> None:
    city = city_with({"words": "井盖", "to_category": "0203"})

    assert [ruled(city), ruled(city, area="990102")] == [
        found_by("0203", "roads"),
        found_by("0203", "north-roads"),
    ]


def found_by(category: str, unit: str | None, urgency: str | None = None) -> Matched:
    reason = "规则 1“第1条”（词“井盖”） / rule 1 “第1条” (word “井盖”)"
    return Matched("第1条", True, category, unit, urgency, unit is None, (reason,))  # type: ignore[arg-type]


def test_a_rule_may_send_to_whoever_governs_there() -> None:
    city = city_with({"to_unit": "@street"})

    found = ruled(city, area="990102001001")

    assert found is not None
    assert found.unit == "elm-street"


def test_a_rule_of_urgency_alone_leaves_the_unit_to_the_router() -> None:
    found = ruled(city_with({"words": "井盖", "urgency": "utilities"}))

    assert found is not None
    assert (found.sends, found.unit, found.urgency, found.person) == (
        False,
        None,
        "utilities",
        False,
    )


@pytest.mark.parametrize(
    ("rule", "case", "why"),
    [
        ({"to_unit": "police", "person": "true"}, {}, "leaves it to a person"),
        ({"to_unit": "@street"}, {}, "area is not known"),
        ({"to_category": "1702"}, {}, "a person decides"),
        (TO_POLICE, {"excluded": frozenset({"police"})}, "has returned the case"),
        (TO_POLICE, {"guess": None}, "no category"),
        ({"to_unit": "party"}, {}, "party affairs"),
    ],
    ids=["said so", "no area", "left open", "returned or accused", "no category", "wrong line"],
)
def test_where_its_unit_cannot_have_the_case_a_person_decides_and_no_later_rule(
    rule: Cells, case: dict[str, object], why: str
) -> None:
    found = ruled(city_with({"words": "井盖", **rule}, {"to_unit": "gov"}), **case)  # type: ignore[arg-type]

    assert found is not None
    assert (found.rule, found.unit, found.person) == ("第1条", None, True)
    assert why in found.reasons[-1]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_an_answer(title: str, body: str) -> None:
    found = ruled(CATCH_ALL, body, title=title)

    assert found is not None
    assert found.rule == ("第1条" if "井盖" in title + "\n" + body else found.rule)


CATCH_ALL = city_with({"words": "井盖;app", "to_unit": "police"}, {"to_unit": "gov"})
