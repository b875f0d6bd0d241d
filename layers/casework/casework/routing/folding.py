"""One spelling for matching: full width, case, traditional characters and odd spaces folded."""

from __future__ import annotations

import re
import unicodedata

from casework.routing.traditional import SIMPLIFIED, TRADITIONAL

_SIMPLER = str.maketrans(TRADITIONAL, SIMPLIFIED)
_SPACE_IN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])[ \t]+(?=[\u3400-\u9fff])")


def folded(text: str) -> str:
    """The text as words are looked up in it; never what is stored or shown.

    Spaces between Chinese characters go too, since people put them there for layout
    (“垃 圾 站”); those between Latin words stay.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLER)
    return _SPACE_IN_CHINESE.sub("", plain)
