"""Making what people wrote safe to show, without changing what was stored."""

_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | {
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
_CLOSERS = set(_OPENERS.values())


def safe(text: str) -> str:
    """Close every bidirectional embedding line by line, so that none reaches beyond its own line.

    Source: Unicode UAX #9, section 6.3. Text without such characters comes back as it is.
    """
    if not any(c in _OPENERS or c in _CLOSERS for c in text):
        return text
    return "\n".join(_balanced(line) for line in text.split("\n"))


def _balanced(line: str) -> str:
    kept: list[str] = []
    awaited: list[str] = []
    for character in line:
        if character in _OPENERS:
            awaited.append(_OPENERS[character])
        elif character in _CLOSERS:
            if not awaited or awaited[-1] != character:
                continue
            awaited.pop()
        kept.append(character)
    return "".join(kept + awaited[::-1])


def masked_phone(phone: str) -> str:
    """`19900001234` as `199****1234`."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 9 else "****"


def masked_name(name: str) -> str:
    """`张三丰` as `张**`."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3)
