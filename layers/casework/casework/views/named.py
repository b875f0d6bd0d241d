"""Codes with the names that people read for them, as answers carry them."""

from collections.abc import Iterable

from casework.cases.rules import Rules
from casework.views.names import category_name, code_name, unit_name
from casework.words import Language, pick
from schemas.views import Named


def code_named(code: str, language: Language) -> Named:
    return Named(code=code, name=code_name(code, language))


def category_named(code: str | None, rules: Rules, language: Language) -> Named | None:
    name = category_name(code, rules, language)
    return Named(code=code, name=name) if code and name else None


def unit_named(code: str | None, rules: Rules, language: Language) -> Named | None:
    name = unit_name(code, rules, language)
    return Named(code=code, name=name) if code and name else None


def units_named(codes: Iterable[str], rules: Rules, language: Language) -> list[Named]:
    return [Named(code=code, name=unit_name(code, rules, language) or code) for code in codes]


def area_named(code: str | None, rules: Rules, language: Language) -> Named | None:
    area = rules.city.areas.get(code) if code else None
    return Named(code=area.code, name=pick((area.name, area.name_en), language)) if area else None
