"""How labelled examples lie in the cases table; the stream of cases passes them by.

| pk | sk | what |
|---|---|---|
| `EXAMPLE#<yyyy-mm>` | `<number>#<version>` | what a person decided in this commit of the case, in codes |
"""

from __future__ import annotations

from casework.routing.examples import Example
from casework.store.table import Table
from schemas.base import Model, Time
from schemas.names import Role


class _Kept(Model):
    """The codes of an example; its number and version are its key."""

    at: Time
    by: Role
    category: str | None = None
    unit: str | None = None
    wrong_unit: str | None = None


class Examples:
    """Kept for good, by month; written by relay, once or more, the same each time."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, example: Example) -> None:
        """Store it; harmless to repeat. Raises Unavailable."""
        kept = _Kept.model_validate(example, from_attributes=True)
        key = {"pk": f"EXAMPLE#{example.at:%Y-%m}", "sk": f"{example.number}#{example.version:06d}"}
        self._table.put(key | kept.model_dump(exclude_none=True))

    def of_month(self, month: str) -> list[Example]:
        """Those of a month (`2026-11`, UTC), by case and version."""
        found = []
        for item in self._table.partition(f"EXAMPLE#{month}"):
            number, _, version = str(item["sk"]).partition("#")
            values = {name: value for name, value in item.items() if name not in ("pk", "sk")}
            kept = _Kept.model_validate(values)
            found.append(
                Example(
                    number=number,
                    version=int(version),
                    at=kept.at,
                    by=kept.by,
                    category=kept.category,
                    unit=kept.unit,
                    wrong_unit=kept.wrong_unit,
                )
            )
        return found
