"""A city on the local stack: its catalogue loaded, its people able to sign in, its pages served."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

from casework import runtime
from casework.catalogue.load import read_city, read_deciders
from casework.catalogue.policies import policies_of, read_policies
from casework.store.settings import write_city
from casework.words import Language
from infra.local import calendar, learning, policies
from infra.local.acting import Seeded
from infra.local.inventory import take
from infra.local.issuer import Issuer
from infra.local.page import Sample, front_page, tokens_script
from infra.local.reference import reference_html
from infra.local.seed import WEEKS, Clock, Seeder
from infra.local.stack import Stack
from infra.local.tour import PEOPLE
from infra.local.web import Entrance

HTML = "text/html; charset=utf-8"
ENTRANCES: dict[str, Entrance] = {
    "/calendar": calendar.entered,
    "/calendar/provisional-again": partial(calendar.entered, again=True),
    "/policies": policies.entered,
    "/lessons": learning.given,
    "/model": learning.entered,
}
"""Where a year's calendar, the city's policies and its own model are put, and its lessons given."""
SHOWN = (
    *("awaiting_rating", "handling", "overdue", "needs_info", "triage", "assigned", "closed"),
    *(
        "extended",
        "suspended",
        "promised",
        "assisting",
        "ordered",
        "danger",
        "leading",
        "following",
    ),
    *("sealed", "split"),
)
"""One case of each of these stages is offered on the front page."""


class LocalCity:
    """The city of `infra/city`, running in this process from `start` to `stop`."""

    def __init__(self, root: Path) -> None:
        self.directory = root / "infra" / "city"
        self.city = read_city(self.directory)
        self.issuer = Issuer.of(root)
        self.clock = Clock()
        self.seeded: list[Seeded] = []
        self.port = 0
        units = [unit.code for unit in self.city.units.values() if unit.integrates]
        self.stack = Stack(root, self.clock, self.issuer.parameters, units)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.stop()

    def start(
        self,
        *,
        seed: bool,
        progress: Callable[[int, int], None] = lambda done, of: None,
        present: datetime | None = None,
    ) -> None:
        """Create the stack and load the city; with `seed`, play its cases up to the present.

        The clock is the real one then, unless another `present` is given to stand at.
        """
        now = present or self.clock()
        if seed:
            self.clock.set(now - WEEKS)
        self.stack.start()
        deciders, texts = read_deciders(self.directory), read_policies(self.directory)
        chosen = policies_of(texts, self.city) if texts else None
        write_city(runtime.world().settings_table, self.city, deciders, chosen)
        if seed:
            seeder = Seeder(self.stack, self.clock, self.issuer, self.directory)
            self.seeded = seeder.seed(now, progress)
        if present is None:
            self.clock.release()

    def serve(self, port: int) -> int:
        """Answer on this port, 0 for any free one; the port. Raises PortTakenError."""
        pages = {
            "/": lambda: (HTML, self.front()),
            "/docs": lambda: (HTML, self._reference("zh-CN")),
            "/docs/en": lambda: (HTML, self._reference("en")),
            "/tokens.sh": lambda: ("text/plain; charset=utf-8", tokens_script(self.token)),
        }
        self.port = self.stack.serve(port, pages, ENTRANCES)
        return self.port

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def token(self, name: str) -> str:
        """A token for one of PEOPLE, good from now."""
        return self.issuer.token(PEOPLE[name][0], datetime.now(UTC))

    def samples(self) -> list[Sample]:
        """A few seeded cases with their access codes."""
        return [
            Sample(stage, one.case.number, one.case.code, one.title)
            for stage in SHOWN
            for one in [self._first(stage)]
            if one is not None and one.case is not None
        ]

    def _first(self, stage: str) -> Seeded | None:
        return next((one for one in self.seeded if one.stage == stage), None)

    def front(self) -> str:
        """The front page, as of now."""
        names = self.city.root.name, self.city.root.name_en
        return front_page(names, self.url, take(self.stack), self.samples(), self.token)

    def _reference(self, language: Language) -> str:
        answer = self.stack.request("GET", "/v1/openapi.json")
        return reference_html(json.loads(answer.body), language, self.url)
