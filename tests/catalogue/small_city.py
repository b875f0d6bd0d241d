"""A city of a few lines, each with a reason to be there."""

from __future__ import annotations

from casework.catalogue.city import Row
from casework.catalogue.tables import COLUMNS

_SMALL = {
    "areas": """
        990100|小城|Smalltown||city
        990102|北区|North|990100|district
        990103|南区|South|990100|district
        990102001|榆树街道|Elm|990102|street
        990102001001|榆树社区|Elm Community|990102001|community
    """,
    "units": """
        gov|市政府|City Government||990100|city|政务
        roads|市政处|Roads Office|gov|990100|department|政务|true
        police|公安局|Police|gov|990100|department|政务
        parks|园林处|Parks Office|gov|990100|department|政务||2025-12-31
        north|北区政府|North Government|gov|990102|district|政务
        north-roads|北区市政处|North Roads Office|north|990102|department|政务
        elm-street|榆树街道办|Elm Street Office|north|990102001|street|政务
    """,
    "categories": """
        0203|城市管理|Urban management|环境卫生|Street cleaning|roads|police;@street;roads||政务|photo
        0204|城市管理|Urban management|市政道路|City roads|roads||人行道、井盖|政务
        0208|城市管理|Urban management|养犬|Dogs|police|||政务|document;photo
        0501|生态环境|Environment|施工噪声|Construction noise||||政务
        1407|三农水利|Villages|村务公开|Village accounts|@street|||政务
        1702|政务与作风|Conduct|工作人员作风|Conduct of staff|@person|||政务
    """,
    "rules": """
        02|990102|north-roads
        0208|990102|police
        0204|990102001|elm-street
        05|*|gov
    """,
    "terms": """
        0204|路灯杆歪了
        0203|垃圾桶
    """,
}


_PEOPLE = """
    dai|戴云|dispatcher|gov
    mo|莫愁|moderator|gov
    deng|邓不眠|agent|gov||true
    su|苏正|supervisor|gov
    song|宋清|supervisor|roads
    sun|孙直|supervisor|north|990102
    long|龙远|leader|gov
    lin|林川|leader|north|990102
    guo|郭平|head|gov
    he|何平|head|roads
    li|李明|officer|roads
    wang|王芳|officer|roads
    lv|吕夜|officer|roads||true
    roads-system|市政工单系统|integration|roads
    peng|彭江|officer|police
    hu|胡杨|head|north
    nan|南飞|officer|north|990102
    yu|于是|officer|elm-street|990102001
    zhou|周全|officer|elm-street|990102001
"""
"""The staff of the small city, for those who want some."""


def small_staff() -> list[Row]:
    """Rows of the small city's staff, fresh for each caller to spoil."""
    return _rows("staff", _PEOPLE)


def small_city() -> dict[str, list[Row]]:
    """A document of a valid city without staff, fresh for each caller to spoil."""
    return {section: _rows(section, text) for section, text in _SMALL.items()}


def _rows(section: str, text: str) -> list[Row]:
    lines = text.strip().splitlines()
    return [dict(zip(COLUMNS[section], line.strip().split("|"), strict=False)) for line in lines]
