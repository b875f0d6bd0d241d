"""`lianxin bench duplicates`: how fast messages are signed and looked up, how surely copies are found,
and what the index costs a filing.

The messages are made of the sample city's own words. One in ten is a near copy of another: with
wrong characters, cut short, in traditional characters, with courtesies around it, its sentences in
another order.
"""

import json as _json
import random
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework.catalogue.city import City
from casework.catalogue.load import read_city
from casework.routing.signing import bands, shingles
from casework.routing.traditional import SIMPLIFIED, TRADITIONAL
from casework.store.likes import KEPT, Entry, Likes
from infra.bench.metered import MeteredTable
from infra.cli.progress import progress
from infra.duplicates.pairs import NEAR_COPY, find_pairs
from infra.duplicates.rows import Row
from schemas.base import iso

CITY = Path(__file__).resolve().parents[1] / "city"
MESSAGES = 100_000
ONE_IN = 10
"""So many messages, one of them a near copy."""
LEAST_FOUND = 0.95
BEGIN = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)
_GLUE_WORDS = (
    "的 里的 旁边的 和 又 还是 一直 已经 从来没有 上个月起 听说 不是 归 管不了 影响 附近 希望 不知道 "
    "有时候 每天晚上 前后 超过 比如 为什么 除了 其实 大概 请问 反映过 拖到 堵住 说好"
)
_GLUE = tuple(_GLUE_WORDS.split())
_WRONG = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会"


@dataclass(frozen=True)
class Measured:
    """Rates in messages a second; shares 0..1; DynamoDB units of one filing."""

    messages: int
    copies: int
    signed: float
    looked_up: float
    copies_found: float
    read_units: float
    write_units: int

    @property
    def kept(self) -> bool:
        return self.copies_found >= LEAST_FOUND


def main(json: bool = False, messages: int = MESSAGES) -> int:
    """Measure and print; 0 if enough of the copies were found, else 1."""
    measured = measure(messages)
    if json:
        print(_json.dumps(asdict(measured), indent=2))
        return 0 if measured.kept else 1
    verdict = "✓" if measured.kept else "✗"
    print(
        f"""\
查重 · looking for duplicates

留言 · messages                          {measured.messages:>10,}
签名，条/秒 · signed a second            {measured.signed:>10,.0f}
查找，条/秒 · looked up a second         {measured.looked_up:>10,.0f}
近似副本 · near copies among them        {measured.copies:>10,}
找到 · of these found                    {measured.copies_found:>10.2%}  ≥ {LEAST_FOUND:.0%} {verdict}
每件诉求的索引 · the index, a filing     {measured.read_units:>7g} RU {measured.write_units:>4} WU
"""
    )
    return 0 if measured.kept else 1


def measure(messages: int = MESSAGES, seed: int = 1) -> Measured:
    """In memory, with the band keys that the service uses."""
    rows, copies = made(messages, seed)
    with progress("查找重复 · looking for duplicates") as report:
        found = find_pairs(rows, NEAR_COPY, by_place=False, report=report)
    pairs = {(pair.a, pair.b) for pair in found.pairs}
    read_units, write_units = _units(rows[0])
    return Measured(
        messages=len(rows),
        copies=len(copies),
        signed=round(len(rows) / found.signing),
        looked_up=round(len(rows) / found.looking_up),
        copies_found=len(copies & pairs) / len(copies),
        read_units=read_units,
        write_units=write_units,
    )


def made(messages: int, seed: int) -> tuple[list[Row], set[tuple[str, str]]]:
    """Messages, and which are near copies of which; the same for the same seed."""
    rng, words = random.Random(seed), _words(read_city(CITY))
    changes = (_mistyped, _cut, _courteous, _reordered, _traditional)
    rows: list[Row] = []
    copies: set[tuple[str, str]] = set()
    for n in range(messages):
        if n % ONE_IN or not rows:
            rows.append(Row(str(n), "", _message(rng, words)))
            continue
        original = rng.choice(rows)
        change: Callable[[str, random.Random], str] = changes[n // ONE_IN % len(changes)]
        rows.append(Row(str(n), "", change(original.body, rng)))
        copies.add((original.id, str(n)))
    return rows, copies


def _message(rng: random.Random, words: list[str]) -> str:
    """Three to nine sentences of words that nobody would put together, and so like nothing else."""
    sentences = (
        "".join(
            rng.choice(words)
            + (str(rng.randint(2, 400)) if rng.random() < 0.1 else rng.choice(_GLUE))
            for _ in range(rng.randint(3, 6))
        )
        for _ in range(rng.randint(3, 9))
    )
    return "。".join(sentences) + "。"


def _words(city: City) -> list[str]:
    terms = {word for words in city.terms.values() for word in words if not word.isascii()}
    areas, units = city.areas.values(), city.units.values()
    return [*sorted(terms), *(area.name for area in areas), *(unit.name for unit in units)]


def _mistyped(text: str, rng: random.Random) -> str:
    return "".join(rng.choice(_WRONG) if rng.random() < 0.03 else each for each in text)


def _cut(text: str, rng: random.Random) -> str:
    return text[: int(len(text) * rng.uniform(0.7, 0.95))]


def _courteous(text: str, rng: random.Random) -> str:
    return f"尊敬的领导您好！{text}恳请有关部门尽快解决，非常感谢！"


def _reordered(text: str, rng: random.Random) -> str:
    sentences = re.findall("[^。]+。", text)
    rng.shuffle(sentences)
    return "".join(sentences)


def _traditional(text: str, rng: random.Random) -> str:
    return text.translate(str.maketrans(SIMPLIFIED, TRADITIONAL))


def _units(row: Row) -> tuple[float, int]:
    """Of one filing, once the items under its keys are full."""
    table = MeteredTable()
    likes, keys = Likes(table), bands(shingles(row.title, row.body))
    for n in range(KEPT + 1):
        table.take()
        at = BEGIN + timedelta(minutes=n)
        likes.enter(likes.look(keys, at), Entry(f"1{n:015d}", iso(at), "990102001001"), at)
    units = table.take()
    return units.read, units.written
