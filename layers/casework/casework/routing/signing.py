"""A text's fingerprint for finding texts like it: shingles, a signature, band keys. Pure.

Near copies share most of their shingles (three characters or words in a row); a signature keeps
of them what two texts share as often as they share shingles, and a band key is a piece of it: of
two texts that share three quarters of their shingles one band at least is the same in 99.8 %, of
unrelated ones in one of 100 000. So the texts like one are found by a few look-ups, whatever
the number of texts, and compared exactly (`casework.routing.likeness`).

One permutation hashing with rotation: Li, Owen, Zhang (NIPS 2012); Shrivastava, Li (UAI 2014).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

from casework.routing.folding import folded

BANDS = 12
ROWS = 3
"""Pieces of a signature, and values in a piece: two texts that share a part s of their shingles
have a band in common with probability 1 - (1 - s^3)^12."""
FEW = 20
"""Words below which a text says little by itself, and its title is read too."""

_BINS = BANDS * ROWS
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
"""A Chinese character, or a run of letters or digits of another script."""

_WHO = "领导|书记|市长|区长|县长|局长|主任|部门|政府|同志|先生|女士|工作人员"
_OPENING = re.compile(
    rf"\s*(?:(?:尊敬|敬爱|亲爱)的[^,。!:;\n]{{0,20}}?(?:{_WHO}|您|你)们?|(?:各位|有关|相关)?(?:{_WHO})们?(?=[,:!\s您你])"
    r"|(?:您们?|你们?|大家|领导)好[啊呀]?|dear (?:sir|madam|sirs|all)(?: or madam)?|hello|hi(?=[,!\s]))[,。!:;~\s]*"
)
_CLOSING = re.compile(
    rf"[,。!;\s]*(?:此致[,。!\s]*敬礼|此致|敬礼|(?:非常|十分|万分|衷心|先|在此|不胜|表示)*(?:感谢|谢谢|感激|拜托)了?"
    rf"(?:不尽|(?:各位|您|你|大家|{_WHO})+们?)?"
    rf"|(?:恳请|敬请|请|望|盼|希望|期盼|请求)(?:各位|贵|市|区|县|有关|相关|{_WHO}|能|能够|够|尽快|尽早|及时|予以|给予|高度){{1,6}}"
    r"(?:重视|关注|解决|处理|回复|答复|落实|核实|查处){1,3}(?:一下|此事|为盼|此问题|该问题|这个问题)?"
    r"|(?:thank you|thanks|regards|kind regards|best regards)(?: very much| so much| in advance)?)[,。!;~?\s]*$"
)
_MOST_COURTESIES = 4


def shingles(title: str, body: str) -> frozenset[str]:
    """Three words in a row, of all that a message says; none where it says nothing in words.

    Of forms of address, thanks and pleas around it nothing is kept. A Chinese character is a word.
    Where the body has fewer than FEW words the title is read before it.
    """
    words = _words(body)
    if len(words) < FEW:
        named = _words(title)
        # A title that was made of the body says nothing of its own.
        words = words if words[: len(named)] == named else named + words
    if len(words) < 3:
        return frozenset(("".join(words),) if words else ())
    return frozenset(map("".join, zip(words, words[1:], words[2:], strict=False)))


def _words(text: str) -> list[str]:
    plain = folded(text)
    return _WORD.findall(_without_courtesies(plain)) or _WORD.findall(plain)


def _without_courtesies(plain: str) -> str:
    """What is said between the address and the thanks; they make strangers' letters look alike."""
    start, end = 0, len(plain)
    for _ in range(_MOST_COURTESIES):
        opening = _OPENING.match(plain, start)
        if opening is None or opening.end() == start:
            break
        start = opening.end()
    tail = plain[max(start, end - 120) : end]
    for _ in range(_MOST_COURTESIES):
        closing = _CLOSING.search(tail)
        if closing is None:
            break
        tail = tail[: closing.start()]
    return plain[start : max(start, end - 120)] + tail


def bands(said: frozenset[str]) -> tuple[str, ...]:
    """The BANDS keys under which a text's shingles are found; none of none."""
    return bands_of(signature(said))


def bands_of(values: Sequence[int]) -> tuple[str, ...]:
    """The band keys of a signature."""
    return tuple(
        f"{start // ROWS:x}{_joined(values[start : start + ROWS]):016x}"
        for start in range(0, len(values), ROWS)
    )


def signature(said: frozenset[str]) -> tuple[int, ...]:
    """BANDS * ROWS values, of which two texts have about that share in common that they have of all
    their shingles; none of none. The same on every machine.

    The smallest hash in each bin; an empty bin takes it from the next that is not, so that of a short
    text several values may rest on one shingle.
    """
    if not said:
        return ()
    hashes = [crc32(one.encode("utf-8", "surrogatepass")) for one in said]
    hashes.sort(reverse=True)
    least = {value % _BINS: value for value in hashes}  # of those in a bin the last one stays
    if len(least) == _BINS:
        return tuple(least[place] for place in range(_BINS))
    values: list[int] = []
    for place in range(_BINS):
        step = next(step for step in range(_BINS) if (place + step) % _BINS in least)
        values.append(least[(place + step) % _BINS] + step)
    return tuple(values)


def _joined(row: Sequence[int]) -> int:
    mixed = 0
    for value in row:
        mixed = (mixed ^ value) * _MIX & _MASK
        mixed ^= mixed >> 32
    return mixed
