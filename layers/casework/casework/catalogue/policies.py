"""A city's policies (政策) as files of one directory, which together replace those in force.

| file | what |
|---|---|
| `policy.toml` | the one that counts for all; without it the packaged default does |
| `<name>.toml` | another of the city's own, called as its file is |
| `by-category.csv` | `category,policy`: which counts for which category, or domain (two digits) |

In the directory of a city's catalogue they stand in `policies/`. What is wrong is refused with file,
line and reason, and then nothing changes.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from casework.catalogue.city import City
from casework.catalogue.load import FILES, lines_of
from casework.catalogue.tables import CityError, Fault, Line
from casework.clock.book import OVERLAY, Document, PolicyBook, pair_of, presets, read_book
from casework.clock.limits import Limit
from casework.clock.lines import holds, line_of, line_of_fault
from casework.clock.policy import Policy, PolicyError
from casework.clock.words import ClockError

FOLDER = "policies"
OWN, BY_CATEGORY = "policy.toml", "by-category.csv"
COLUMNS = ("category", "policy")
LARGEST = 350_000
"""Bytes of all policies together: they are one item of the settings table, which takes 400 KB."""
_SAID_WHOLE = {"clocks": 3, "windows": 2, "times": 2, "at_most": 2, "ladders": 2}
"""How deep in a document stands what a policy says in place of the one that it extends."""


@dataclass(frozen=True)
class Policies:
    """What a city has chosen and written, valid. `by_category` by code of a category or domain."""

    own: Document | None
    named: Mapping[str, Document]
    by_category: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """As it is stored; `read_book` takes it back."""
        return asdict(self)

    def book(self) -> PolicyBook:
        """Which policy counts for which case."""
        return read_book(**self.document())


def read_policies(directory: Path) -> dict[str, str]:
    """The texts of a directory's policies by file name; empty if it has none.

    Raises CityError for what is not in UTF-8.
    """
    in_city = (directory / FILES["categories"]).is_file()
    folder = directory / FOLDER if in_city else directory
    return read_texts(sorted([*folder.glob("*.toml"), *folder.glob("*.csv")]))


def read_texts(paths: Sequence[Path]) -> dict[str, str]:
    """The texts of these files by name. Raises CityError for what is not in UTF-8."""
    texts, faults = {}, []
    for path in paths:
        try:
            texts[path.name] = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            zh, en = "不是 UTF-8 编码，请另存为 UTF-8。", "Save it as UTF-8."
            faults.append(Fault(path.name, 0, zh, en))
    if faults:
        raise CityError(faults)
    return texts


def policies_of(
    files: Mapping[str, str],
    city: City | None = None,
    count: Callable[[Limit], object] | None = None,
) -> Policies:
    """The policies of these texts, by file name. Without `city` categories are not looked up.

    `count` is tried on every limit; it raises ClockError where the city's calendar ends before it.
    Raises CityError: of each file that cannot be read its first fault, of the table every one.
    """
    faults = [_stray(name) for name in files if not name.endswith(".toml") and name != BY_CATEGORY]
    documents = {
        name: document
        for name, text in files.items()
        if name.endswith(".toml") and (document := _document(name, text, faults)) is not None
    }
    if not faults:  # what builds on an unreadable one would be blamed for it
        chains = (_Chain(name, documents, files) for name in documents)
        faults += (fault for chain in chains for fault in chain.faults(count))
    table = files.get(BY_CATEGORY)
    lines = [] if table is None else lines_of(BY_CATEGORY, table, COLUMNS, faults)
    known = (*_named(files), *presets())
    by_category = dict(_chosen(lines, known, city, faults))
    policies = Policies(documents.get(OWN), _named(documents), by_category)
    if not faults:
        faults += _too_large(policies)
    if faults:
        raise CityError(set(faults))
    return policies


def _stray(name: str) -> Fault:
    """A file that nobody would read is not passed over."""
    zh = f"政策文件应为 .toml，对应表应叫 {BY_CATEGORY}，请改名。"
    en = f"Rename it: a policy ends in .toml, the table is {BY_CATEGORY}."
    return Fault(name, 0, zh, en)


def _document(name: str, text: str, faults: list[Fault]) -> Document | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line, zh, en = line_of_fault(fault, text), f"读不懂：{fault}", f"Unreadable: {fault}"
    except RecursionError:
        line, zh, en = 0, "嵌套太深，请改正。", "It is nested too deeply."
    faults.append(Fault(name, line, zh, en))
    return None


def _named(files: Mapping[str, Any]) -> dict[str, Any]:
    """All but the city's own and the table, by the name of the policy."""
    return {
        name.removesuffix(".toml"): found
        for name, found in files.items()
        if name.endswith(".toml") and name != OWN
    }


class _Chain:
    """A file with those of the city's own that it builds on, and the line of what is wrong there."""

    def __init__(
        self, name: str, documents: Mapping[str, Document], texts: Mapping[str, str]
    ) -> None:
        self._documents, self._texts = documents, texts
        self._files = [name]
        while (file := self._extended()) not in (None, OWN, *self._files):
            self._files.append(str(file))

    def _extended(self) -> str | None:
        """The city's own file that the last one extends."""
        name = self._documents[self._files[-1]].get("extends")
        return file if name and (file := f"{name}.toml") in self._documents else None

    def faults(self, count: Callable[[Limit], object] | None) -> Iterator[Fault]:
        """The first fault of the policy, if it has one."""
        file = self._files[0]
        name, document = file.removesuffix(".toml"), self._documents[file]
        if name in (*presets(), OVERLAY):
            zh, en = f"{name} 是内置政策，请换个文件名。", f"{name} is a packaged one; rename it."
            yield Fault(file, 0, zh, en)
        elif file != OWN and document.get("name", name) != name:
            zh, en = f"name 应与文件名 {name} 相同，或删去。", f"name must be {name}, or left out."
            yield Fault(file, line_of(self._texts[file], "name"), zh, en)
        else:
            said = document if file == OWN else {"name": name, **document}
            try:
                policy = pair_of(said, _named(self._documents)).plain
                if count is not None:
                    _countable(policy, count)
            except ClockError as fault:
                yield Fault(*self._place(fault.entry), *fault.words)

    def _place(self, entry: str) -> tuple[str, int]:
        """The file that says the entry last, and its line there."""
        path = entry.split(".")
        if entry == "extends":  # where the chain breaks
            return self._at(self._files[-1], entry)
        for depth in range(min(len(path), _SAID_WHOLE.get(path[0], 1)), 0, -1):
            for file in self._files:
                if holds(self._documents[file], path[:depth]):
                    return self._at(file, entry)
        return self._at(self._files[0], "extends")

    def _at(self, file: str, entry: str) -> tuple[str, int]:
        return file, line_of(self._texts[file], entry)


def _countable(policy: Policy, count: Callable[[Limit], object]) -> None:
    """Raises PolicyError for the first limit that cannot be counted."""
    for entry, limit in _limits(policy):
        try:
            count(limit)
        except ClockError as fault:
            zh, en = fault.words
            raise PolicyError(f"{entry}：{zh}", f"{entry}: {en}", entry) from fault


def _limits(policy: Policy) -> Iterator[tuple[str, Limit]]:
    """Each limit with its entry."""
    for rule in policy.clocks.values():
        yield from ((f"clocks.{rule.name}.limit.{key}", one) for key, one in rule.limit.items())
    for table, limits in (("windows", policy.windows), ("at_most", policy.at_most)):
        yield from ((f"{table}.{key}", one) for key, one in limits.items())


def _chosen(
    lines: Sequence[Line], known: Sequence[str], city: City | None, faults: list[Fault]
) -> Iterator[tuple[str, str]]:
    """Category or domain, and its policy, of each line; what is wrong is added to `faults`."""
    codes = city and {*city.categories, *(code[:2] for code in city.categories)}
    before: dict[str, Line] = {}
    for line in lines:
        category, policy = (line.cells.get(column, "") for column in COLUMNS)
        first = before.setdefault(category, line)
        if not category or not policy:
            zh, en = "category 和 policy 都要填写。", "Fill in both category and policy."
        elif first is not line:
            zh = f"{category} 在第 {first.number} 行已经写过，请删去其一。"
            en = f"{category} stands on line {first.number} too; remove one of the two."
        elif codes and category not in codes:
            zh = f"没有分类或领域 {category}，请核对代码（应为四位或两位，Excel 会去掉开头的 0）。"
            en = f"There is no category or domain {category}; Excel may have dropped a leading 0."
        elif policy not in known:
            zh = f"没有名为 {policy} 的政策，可用：{', '.join(known)}。"
            en = f"There is no policy {policy}; there are {', '.join(known)}."
        else:
            yield category, policy
            continue
        faults.append(line.fault(zh, en))


def _too_large(policies: Policies) -> Iterator[Fault]:
    size = len(json.dumps(policies.document(), ensure_ascii=False).encode("utf-8"))
    if size > LARGEST:
        zh = f"全部政策共 {size} 字节，超过 {LARGEST}；请用 extends，只写不同之处。"
        en = f"All policies take {size} bytes, over {LARGEST}; extend one and say what differs."
        yield Fault(FOLDER, 0, zh, en)
