"""One step in the life of a sample case, taken by the person whose work it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casework.catalogue.load import Officer
from infra.local.issuer import Who
from infra.local.people import Case, Doors
from infra.local.plans import Row, then
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
    """One step of one case, done on a day by the person whose work it is.

    `known` are the cases that others refer to, by their `id` in the file.
    """

    def __init__(
        self,
        doors: Doors,
        people: Mapping[str, list[Officer]],
        known: Mapping[str, Seeded],
        row: Row,
        place: int,
        seeded: Seeded,
        today: date,
    ) -> None:
        self._doors, self._people, self._known = doors, people, known
        self._row, self._place, self._seeded, self._today = row, place, seeded, today
        self._unit: str = row.get("unit", "")

    def act(self, name: str) -> None:
        """Take the step. Raises RefusedError."""
        self._name = name
        if step := then(self._row, name):
            self._then(dict(step))
        elif name == "file":
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
        names = (
            *("channel", "kind", "title", "text", "category", "area", "publishable", "answer"),
            *("identity", "about", "needs", "on_behalf_of"),
        )
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

    def _then(self, step: dict[str, Any]) -> None:
        """One of the [[case.then]]: `by` does `do`, the rest is what the command says."""
        by, command = step.pop("by"), step.pop("do")
        step.pop("after", None)
        self._desk(command, self._who(by), step)

    def _who(self, by: str) -> Who:
        """Somebody of the city in this role, or of a unit, as `head of tingnan`; `unit` holds it."""
        if by in _STAFF:
            return _STAFF[by]
        role, _, unit = by.rpartition(" of ")
        unit = self._unit if unit == "unit" else unit
        if role == "officer":
            return self._officer(0, unit)
        heads = [one.code for one in self._people.get(unit, []) if one.role == "head"]
        return Who("head", (heads or [f"DH-{unit}"])[0], unit)

    def _citizen(self, what: str) -> None:
        case = self._seeded.case
        assert case is not None, "filed before"
        self._doors.citizen(case, what, self._body(), self._key)

    def _desk(self, command: str, who: Who, body: Mapping[str, Any]) -> None:
        said = {name: self._meant(command, name, value) for name, value in body.items()}
        self._doors.desk(self._number, command, said, self._key, who)

    def _body(self) -> dict[str, Any]:
        """What cases.toml says of this step."""
        said = self._row.get(self._name, {})
        return {"text": said} if isinstance(said, str) else dict(said)

    def _meant(self, command: str, name: str, value: Any) -> Any:
        """What the file can only say in another way: a day to come, and what got its name here."""
        if name in ("until", "due"):
            start = self._today
            if command == "ask-extension":
                (resolve,) = (d for d in self._case()["deadlines"] if d["clock"] == "resolve")
                start = date.fromisoformat(resolve["due_on"])
            return (start + timedelta(days=value)).isoformat()
        if name == "case":
            other = self._known[value].case
            assert other is not None, "filed before"
            return other.number
        if name in ("order", "alert"):
            return self._case()[f"{name}s"][value - 1][name]
        return value

    def _case(self) -> Any:
        return self._doors.get(f"/v1/desk/cases/{self._number}", _STAFF["supervisor"])

    def _officer(self, place: int, unit: str | None = None) -> Who:
        """The unit's officer, or for a second handling another one."""
        unit = unit or self._unit
        staff = [one.code for one in self._people.get(unit, []) if one.role == "officer"]
        staff += [f"D-{unit}-1", f"D-{unit}-2"]
        return Who("officer", staff[place], unit)

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
_STAFF = {
    "agent": Who("agent", "A001", "hotline"),
    "moderator": Who("moderator", "M001", "hotline"),
    "dispatcher": Who("dispatcher", "P001", "hotline"),
    "supervisor": Who("supervisor", "S001", "supervision"),
    "leader": Who("leader", "L001", "yunting"),
}
_UNIT = {"claim_again": "claim", "second_reply": "reply"}
