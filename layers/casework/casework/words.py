"""What people are told, in Chinese and in English. Chinese first, English equal."""

from typing import Final, Literal

Language = Literal["zh-CN", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh-CN", "en")


def preferred(accept_language: str | None) -> Language:
    """The language of an Accept-Language header (RFC 9110, 12.5.4); zh-CN if it names neither."""
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate((accept_language or "").split(",")):
        tag, _, parameters = part.strip().partition(";")
        language: Language | None = (
            "zh-CN"
            if tag.lower().startswith("zh")
            else "en"
            if tag.lower().startswith("en")
            else None
        )
        if language is not None and (weight := _weight(parameters)) > 0:
            ranked.append((-weight, place, language))
    return min(ranked)[2] if ranked else "zh-CN"


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def pick(pair: tuple[str, str], language: Language) -> str:
    return pair[0] if language == "zh-CN" else pair[1]
