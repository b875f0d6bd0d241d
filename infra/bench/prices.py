"""The price list (prices.toml), and what a count of requests comes to."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("prices.toml")
MILLION = 1_000_000
GB = 1_000_000_000


@dataclass(frozen=True)
class Prices:
    """List prices in US dollars, where and when they counted, and the assumptions of a sum."""

    region: str
    date: str
    per_million: Mapping[str, float]
    lambda_gb_second: float
    logs_gb: float
    memory_mb: int
    billed_ms: int
    log_bytes: int

    @classmethod
    def read(cls, path: Path = LIST) -> "Prices":
        """The price list of a file. Raises KeyError where it lacks an entry."""
        document = tomllib.loads(path.read_text("utf-8"))
        return cls(
            region=document["region"],
            date=document["date"],
            per_million=document["per_million"],
            **document["other"],
            **document["assumed"],
        )

    def requests(self, counts: Mapping[str, float]) -> dict[str, float]:
        """Dollars of each kind of request. Raises KeyError for one without a price."""
        return {kind: n * self.per_million[kind] / MILLION for kind, n in counts.items()}

    def running(self, invocations: int, milliseconds: float | None = None) -> float:
        """Dollars of the functions' running time, by the assumed duration or by one of all."""
        total = invocations * self.billed_ms if milliseconds is None else milliseconds
        return total / 1000 * self.memory_mb / 1024 * self.lambda_gb_second

    def logging(self, invocations: int) -> float:
        """Dollars of the lines that so many invocations log."""
        return invocations * self.log_bytes / GB * self.logs_gb
