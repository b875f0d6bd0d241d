"""What a filing may name: categories, areas and kinds, in the reader's language."""

from typing import get_args

from casework.cases.rules import Rules
from casework.views.names import kind_name
from casework.words import Language, pick
from schemas.names import Kind
from schemas.views import Catalogue, CatalogueArea, CatalogueCategory, Named


def catalogue(rules: Rules, language: Language) -> Catalogue:
    city = rules.city
    return Catalogue(
        city=pick((city.root.name, city.root.name_en), language),
        categories=[
            CatalogueCategory(
                code=category.code,
                domain=pick((category.domain, category.domain_en), language),
                name=pick((category.name, category.name_en), language),
                evidence=list(category.evidence),
            )
            for category in city.categories.values()
        ],
        areas=[
            CatalogueArea(
                code=area.code,
                name=pick((area.name, area.name_en), language),
                level=area.level,
                parent=area.parent,
            )
            for area in city.areas.values()
        ],
        departments=[
            Named(code=unit.code, name=pick((unit.name, unit.name_en), language))
            for unit in city.units.values()
            if unit.retired is None
        ],
        kinds=[Named(code=kind, name=kind_name(kind, language)) for kind in get_args(Kind)],
    )
