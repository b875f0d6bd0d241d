"""紧急程度: whether a text tells of a threat to life, or of a utility that is out now. Pure.

What is only feared, planned or a standing grievance is ordinary: an urgent case wakes people.
"""

from __future__ import annotations

import re

from casework.routing.danger import dangers
from casework.routing.folding import folded
from schemas.names import AlertKind, Urgency

LIFE: frozenset[AlertKind] = frozenset({"hazard", "self_harm", "violence"})

_OUT = re.compile(
    "(?<![没未])(?<!没有)[停断缺没]了?[水电气暖]"
    "(?!果|质|动|视|梯|站|平|费|源|影|压|话|价|管|商|泥|表|子|线|池|瓶|味)|无[水电]可?用|没有?[水电]用"
    "|[水电气]就?都?又?全?停了|喝不上水|没水喝|水管(?:爆|破|断)|爆管|燃气(?:泄漏|中断)"
    r"|\b(?:no|without) (?:water|power|electricity|gas|heating)\b|power (?:cut|outage)|burst pipe"
)
_NOW = re.compile(
    "现在|目前|至今|到现在|今天|今日|今早|今晚|昨天|昨晚|昨日|刚刚|刚才|正在|还没[来有恢]|[天日夜]了"
    r"|连续[\d一二两三四五六七八九十]{1,4}[天日]|[\d一二两三四五六七八九十]{1,4}个?多?(?:小时|钟头)"
    r"|\b(?:now|today|since|still|hours|yesterday|tonight)\b"
)
_STANDING = re.compile(
    "经常|频繁|时常|老是|总是|每天|每晚|每年|多次|长期|随意|计划|通知|以后|今后|何时|收费|赔偿|去年|曾经"
    r"|\b(?:often|every|last (?:year|month)|planned|fee)\b"
)
_OVER = re.compile("已经?(?:全部|都)?恢复|恢复了|来[水电]了")
_YET = re.compile("还[没未停断缺是]|仍|依然|又[停断没]|[没未]有?恢复")
"""Takes it back that all is over."""
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
BRIEF = 40
"""Characters: who writes so little of an outage writes of now."""


def guess_urgency(title: str, body: str) -> Urgency:
    """life_and_safety, utilities or ordinary. A title and its body are two texts."""
    if LIFE & (dangers(title) | dangers(body)):
        return "life_and_safety"
    return "utilities" if utility_out(title, body) else "ordinary"


def utility_out(title: str, body: str) -> bool:
    """Whether water, power, gas or heating are said to be out at present."""
    text = folded(f"{title}\n{body}")
    sentences = [
        one
        for one in _SENTENCE.findall(text)
        if _OUT.search(one) and (not _OVER.search(one) or _YET.search(one))
    ]
    if not sentences:
        return False
    if len(text.strip()) <= BRIEF:
        return not any(_STANDING.search(one) for one in sentences)
    return any(_NOW.search(one) and not _STANDING.search(one) for one in sentences)
