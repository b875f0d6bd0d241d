"""One spelling for matching: full width, case, traditional characters and odd spaces folded."""

from __future__ import annotations

import re
import unicodedata

from casework.routing.traditional import SIMPLIFIED, TRADITIONAL

_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
_NARROW = "".join(map(chr, range(0x21, 0x7F)))
_SIMPLER = str.maketrans(TRADITIONAL + _WIDE, SIMPLIFIED + _NARROW)
_SPACE_IN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])[ \t]+(?=[\u3400-\u9fff])")


def folded(text: str) -> str:
    """The text as words are looked up in it; never what is stored or shown.

    Spaces between Chinese characters go too, since people put them there for layout
    (“垃 圾 站”); those between Latin words stay.
    """
    plain = text.translate(_SIMPLER)
    # Full-width commas are all that most texts have to normalize: done by now, at half the cost.
    if not unicodedata.is_normalized("NFKC", plain):
        plain = unicodedata.normalize("NFKC", plain).translate(_SIMPLER)
    return _SPACE_IN_CHINESE.sub("", plain.casefold())


def chinese(text: str) -> bool:
    """Whether a text is Chinese, by half of its letters or more: what models have read."""
    letters = [one for one in text if one.isalpha()]
    return sum("\u3400" <= one <= "\u9fff" for one in letters) * 2 >= max(len(letters), 1)
