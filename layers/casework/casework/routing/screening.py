"""What the review policy “suspicious” lets a moderator look at before acceptance.

Nothing is refused here: what a citizen writes is never refused for its words or its script.
A wrong suspicion costs a person's glance, so the cues are few and plain.
"""

from __future__ import annotations

import re
import unicodedata
import zlib

from casework.routing.folding import folded

ENOUGH_TO_ACT_ON = 8
"""Four Chinese characters or eight letters of another script; below are “你好” and “test”."""
FEWEST_LETTERS = 3
"""Different letters below which a text is hammering on keys."""
REPETITIVE = 0.12
"""Share to which repetition is compressed; prose of any language keeps a third or more."""
WORTH_COMPRESSING = 200
"""Bytes; shorter texts are not compressed to anything telling."""

ADVERTISEMENT_LENGTH = 200
"""Letters; advertisements are short, and whoever writes more tells what happened to them."""

_ADVERTISING = re.compile(
    "加微信|加我微信|加qq|扫码进群|代开发票|代办证件|办证刻章|低价出售|招代理|诚招|无抵押|秒下款"
    "|日结兼职|刷单兼职|博彩|彩金|六合彩|注册送|免费领取|包过包拿证|点击链接|点击下方|限时优惠"
    "|click here|limited offer"
)
_ABOUT_ADVERTISING = re.compile(
    "被骗|诈骗|骗子|举报|投诉|收到|小广告|骚扰|垃圾短信|打击|scam|fraud|spam|report"
)
"""Words of those who complain of advertising and do not send it."""


def suspicious(title: str, body: str) -> str | None:
    """Why a moderator should look first, in Chinese and English; None where nothing is odd."""
    text = folded(f"{title}\n{body}")
    letters = [one for one in text if unicodedata.category(one)[0] in "LN"]
    if not letters:
        return "没有文字，只有符号 / nothing but signs"
    if sum(2 if "\u3400" <= one <= "\u9fff" else 1 for one in letters) < ENOUGH_TO_ACT_ON:
        return "太短，无法办理 / too short to act on"
    if len(set(letters)) < FEWEST_LETTERS or _is_repetition(text):
        return "反复的字句 / the same over and over"
    cue = _ADVERTISING.search(text)
    if cue and len(letters) <= ADVERTISEMENT_LENGTH and not _ABOUT_ADVERTISING.search(text):
        return f"像是广告：“{cue.group()}” / looks like advertising"
    return None


def _is_repetition(text: str) -> bool:
    data = text.encode("utf-8", "replace")
    if len(data) < WORTH_COMPRESSING:
        return False
    return len(zlib.compress(data)) < REPETITIVE * len(data)
