"""警示: whether a text speaks of danger to life or of many gathering. Pure.

BJ art. 29, XF art. 25: such a message goes to the duty desk in minutes, whatever the state of
the case. A finding changes nothing about the case and is never shown to the citizen; it rings,
and a person looks. So recall comes first, and where words leave a doubt they ring:

* **Threats and fears about oneself** ring whoever says them, “I fear he will kill himself” too.
* **What is seen, smelt or heard** rings (smell of gas, bare wires, a wall that leans), with a fear
  or without. **What is only feared** (“could cause a fire”, “if it explodes”, “risk of collapse”)
  does not, unless it is near (“may collapse at any moment”).
* **What did not happen** (“nobody was beaten”) and **what is long past** (“last year there was a
  fire”) does not ring; a threat to oneself is never past.
* Compounds and figures of speech (跳楼价, 火灾报警器, 被打扰) are known as a whole and do not ring.

Context is looked for in the same sentence only, so that nothing written before or after can
silence what a sentence says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from casework.routing import danger_words as say
from casework.routing.danger_words import Sign
from casework.routing.folding import folded
from schemas.names import AlertKind

CONTEXT = 20
"""Characters before and after a word in which its clause may take the danger out of it."""

END = "\n"
"""Stands for every end of a sentence once a text is laid out."""

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_BLANK = re.compile(" ")
_END = re.compile(r"[。!?;….](?:(?<!\.)|(?!\w))")


def dangers(text: str) -> frozenset[AlertKind]:
    """The kinds of danger that a text of a citizen speaks of; empty for most texts.

    Simplified, traditional and full-width Chinese and English; a line break inside a sentence
    counts for nothing, an empty line ends it. A title and its body are two texts: ask for each.
    """
    plain = _laid_out(text)
    found: set[AlertKind] = set()
    by_start, pattern = _index()
    starts = {"", *pattern.findall(plain)}
    for start in by_start.keys() & starts:
        for word, sign in by_start[start]:
            if sign.kind in found or word not in plain:
                continue
            near = [one for one in sign.near if _start(one) in starts]
            if (near or not sign.near) and _rings(word, near, sign, plain):
                found.add(sign.kind)
    return frozenset(found)


@cache
def _index() -> tuple[Mapping[str, list[tuple[str, Sign]]], re.Pattern[str]]:
    """The signs by how their words start, and what finds every such start in one reading.

    A thousand words looked for one by one would read a text a thousand times. Made with the
    first text and not with the import: most starts of a function are for something else.
    """
    by_start: dict[str, list[tuple[str, Sign]]] = {}
    for sign in say.SIGNS:
        for word in sign.words:
            by_start.setdefault(_start(word), []).append((word, sign))
    starts = {_start(word) for sign in say.SIGNS for word in (*sign.words, *sign.near)} - {""}
    first, second = (re.escape("".join(sorted(set(ones)))) for ones in zip(*starts, strict=True))
    return by_start, re.compile(f"(?=([{first}][{second}]))")


def _start(word: str) -> str:
    """The first two characters; nothing of a word of one, which is looked for in every text."""
    return word[:2] if len(word) > 1 else ""


def _laid_out(text: str) -> str:
    """Folded, blanks only between Latin words, and END for every end of a sentence."""
    plain = folded(_PARAGRAPH.sub("。", text)).replace("’", "'")
    plain = _BLANK.sub(_needed, " ".join(plain.split()))
    return _END.sub(END, plain)


def _needed(blank: re.Match[str]) -> str:
    start, end = blank.span()
    around = blank.string[max(start - 1, 0) : start] + blank.string[end : end + 1]
    return " " if around.isascii() else ""


def _rings(word: str, near: list[str], sign: Sign, plain: str) -> bool:
    return any(
        (not near or _accompanied(near, sign, plain, at, at + len(word)))
        and _meant(word, sign, plain, at)
        for at in _places(word, plain)
    )


def _accompanied(near: list[str], sign: Sign, plain: str, at: int, end: int) -> bool:
    """Whether one of the sign's other words stands near by, and is meant as well."""
    before = at - len(_clause(plain[max(at - sign.before, 0) : at]))
    after = end + len(plain[end : end + sign.after].partition(END)[0])
    return any(
        place >= 0 and _meant(one, sign, plain, place)
        for one in near
        for place in (plain.find(one, before, at), plain.find(one, end, after))
    )


def _places(word: str, plain: str) -> Iterator[int]:
    at = plain.find(word)
    while at >= 0:
        if not word.isascii() or _is_whole(plain, at, at + len(word)):
            yield at
        at = plain.find(word, at + 1)


def _is_whole(plain: str, at: int, end: int) -> bool:
    around = plain[max(at - 1, 0) : at] + plain[end : end + 1]
    return not any(one.isascii() and one.isalnum() for one in around)


def _meant(word: str, sign: Sign, plain: str, at: int) -> bool:
    """Whether the word at this place is a danger: no harmless compound, nothing takes it back."""
    if any(plain.startswith(compound, at - offset) for compound, offset in _compounds(word)):
        return False
    end = at + len(word)
    clause = f" {_clause(plain[max(at - CONTEXT, 0) : at]).strip()} "
    if _follows(clause, say.NOT, say.NOT_GAP):
        return False
    if sign.kind != "self_harm" and _has(clause, say.PAST):
        return False
    return not (sign.feared and _only_thought_of(clause, plain[end : end + CONTEXT]))


@cache
def _compounds(word: str) -> tuple[tuple[str, int], ...]:
    """The harmless words that contain a word of danger, and where they do."""
    return tuple((one, offset) for one in say.HARMLESS if (offset := one.find(word)) >= 0)


def _clause(before: str) -> str:
    return before.rpartition(END)[2].rpartition(",")[2]


def _only_thought_of(clause: str, after: str) -> bool:
    if _has(clause, say.IMMINENT):
        return False
    return (
        _has(clause, say.IF)
        or _has(clause, say.OFTEN)
        or _follows(clause, say.CAN, say.CAN_GAP)
        or _has(f"{after.partition(END)[0].partition(',')[0]} ", say.FEARED_AFTER)
    )


def _has(clause: str, words: tuple[str, ...]) -> bool:
    return any(word in clause for word in words)


def _follows(clause: str, words: tuple[str, ...], gap: tuple[str, ...]) -> bool:
    """Whether one of the words ends the clause, but for words of the gap after it."""
    clause = clause.rstrip()
    while not clause.endswith(words):
        between = next((word for word in gap if clause.endswith(word)), None)
        if between is None:
            return False
        clause = clause[: -len(between)].rstrip()
    return True
