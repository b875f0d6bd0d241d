"""How many open cases a change of the rules may touch."""

from collections.abc import Callable, Iterator

from casework.cases.state import Case
from casework.store.cases import CaseStore
from casework.store.items import HEAD, read_head

PAGE = 100
"""Cases of one batch."""


def count(
    cases: CaseStore | None, touched: Callable[[Case], bool]
) -> tuple[int | None, int | None]:
    """How many cases are open, and how many of these are touched; no store, no count.

    A read unit for each two cases, or a little more. Raises Unavailable.
    """
    if cases is None:
        return None, None
    found = [touched(case) for case in _open(cases)]
    return len(found), sum(found)


def _open(store: CaseStore) -> Iterator[Case]:
    """Every open case: each has its alarm set."""
    for shard in range(store.alarm_shards):
        keys = [(number, HEAD) for number in store.open_cases(shard)]
        for begin in range(0, len(keys), PAGE):
            found = store.table.get_many(keys[begin : begin + PAGE], consistent=False)
            cases = (read_head(item).case for item in found.values())
            yield from (case for case in cases if case.is_open)
