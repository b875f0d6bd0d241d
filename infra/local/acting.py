"""One step in the life of a sample case, taken by the person whose work it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.catalogue.city import City
from infra.local.issuer import Who
from infra.local.people import Case, Doors
from infra.local.plans import Row
from schemas.names import Role


@dataclass
class Seeded:
    """A case of the file as it stands in the city; `fault` says why it is not at its stage."""

    stage: str
    title: str
    case: Case | None = None
    unit: str | None = None
    fault: str | None = None


class Acting:
    """One step of one case, done by the person whose work it is."""

    def __init__(
        self,
        doors: Doors,
        city: City,
        row: Row,
        place: int,
        seeded: Seeded,
    ) -> None:
        self._doors, self._city = doors, city
        self._row, self._place, self._seeded = row, place, seeded
        self._unit: str = row.get("unit", "")

    def act(self, name: str) -> None:
        """Take the step. Raises RefusedError."""
        self._name = name
        if name == "file":
            self._file()
        elif name == "assign":
            self._assign()
        elif name in ("review", "second_review"):
            self._review()
        elif name in _CITIZENS:
            self._citizen(_CITIZENS[name])
        elif name in _OFFICE:
            role, subject, command = _OFFICE[name]
            self._desk(command, Who(role, subject, "hotline"), self._body())
        else:
            again = name in ("claim_again", "second_reply")
            officer = self._officer(1 if again else 0)
            self._desk(_UNIT.get(name, name), officer, self._body())

    def _file(self) -> None:
        row = self._row
        names = ("channel", "kind", "title", "text", "category", "area", "publishable", "answer")
        filing = {name: row[name] for name in names if name in row}
        contact = {name: row[name] for name in ("name", "phone") if name in row}
        filing |= {"contact": contact, "notice_version": "2026-1"}
        if "address" in row:
            filing["place"] = {"address": row["address"]}
        agent = Who("agent", "A001" if self._place % 2 else "A002", "hotline")
        by_staff = row["channel"] in ("hotline", "walk_in", "transfer")
        receipt = self._doors.file(filing, self._key, agent if by_staff else None)
        self._seeded.case = Case(receipt["case_number"], receipt["access_code"])
        self._seeded.unit = row.get("unit")

    def _assign(self) -> None:
        """The router has assigned it, unless it was in doubt: then a dispatcher does."""
        dispatcher = Who("dispatcher", "P001", "hotline")
        case = self._doors.get(f"/v1/desk/cases/{self._number}", dispatcher)
        if case["status"] == "TRIAGE":
            chosen = {"unit": self._unit, "category": self._row.get("category", "1899")}
            self._desk("dispatch", dispatcher, chosen)

    def _review(self) -> None:
        """A reply that was drawn for review is approved."""
        moderator = Who("moderator", "M001", "hotline")
        case = self._doors.get(f"/v1/desk/cases/{self._number}", moderator)
        if case["status"] == "REPLY_REVIEW":
            self._desk("decide-reply", moderator, {"approve": True})

    def _citizen(self, what: str) -> None:
        case = self._seeded.case
        assert case is not None, "filed before"
        self._doors.citizen(case, what, self._body(), self._key)

    def _desk(self, command: str, who: Who, body: Mapping[str, Any]) -> None:
        self._doors.desk(self._number, command, body, self._key, who)

    def _body(self) -> dict[str, Any]:
        """What cases.toml says of this step."""
        said = self._row.get(self._name, {})
        return {"text": said} if isinstance(said, str) else dict(said)

    def _officer(self, place: int) -> Who:
        """The unit's officer, or for a second handling another one."""
        staff = [one.code for one in self._city.staff_of(self._unit) if one.role == "officer"]
        staff += [f"D-{self._unit}-1", f"D-{self._unit}-2"]
        return Who("officer", staff[place], self._unit)

    @property
    def _key(self) -> str:
        return f"seed-{self._place + 1}-{self._name}"

    @property
    def _number(self) -> str:
        assert self._seeded.case is not None, "filed before"
        return self._seeded.case.number


_CITIZENS = {
    "info": "messages",
    "response": "messages",
    "urge": "urges",
    "rate": "rating",
    "second_rate": "rating",
    "object": "objection",
    "reopen": "reopening",
    "withdraw": "withdrawal",
}
_OFFICE: dict[str, tuple[Role, str, str]] = {
    "request_info": ("moderator", "M001", "request-info"),
    "decline": ("moderator", "M002", "decline"),
    "redo": ("supervisor", "S002", "redo"),
    "close": ("supervisor", "S001", "close"),
}
_UNIT = {"claim_again": "claim", "second_reply": "reply"}
