"""Opening a case by its access code, and holding off whoever guesses."""

from collections.abc import Callable
from datetime import datetime, timedelta

from casework.outcomes import Locked, NotFound, WrongCode
from casework.security.keys import Keys
from casework.store.cases import CaseStore, Conflict
from casework.store.items import Head, Lock
from schemas.base import iso

FREE_TRIES = 3
"""The third wrong access code is followed by a wait; each further one doubles it."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(days=1)
FORGOTTEN = timedelta(days=1)
"""After so long without a wrong code, counting begins anew: people mistype over the years."""
ATTEMPTS = 8
"""How often a wrong code is counted anew because another was counted meanwhile."""


class AccessCodes:
    """The citizen's way in without an account. A lock bears on who tries, never on the citizen."""

    def __init__(
        self, store: CaseStore, keys: Callable[[], Keys], clock: Callable[[], datetime]
    ) -> None:
        self._store, self._keys, self._clock = store, keys, clock

    def open(self, number: str, code: str, address: str) -> Head:
        """The case, if the access code opens it. Wrong codes slow down and lock who tries.

        `address` is where the try comes from. The lock bears on this address and this case, so
        that nobody can lock a citizen out. Raises NotFound, WrongCode, Locked.
        """
        source = self._keys().source(address)
        head, lock = self._store.head_and_lock(number, source)
        if head is None:
            raise NotFound
        now = self._clock()
        if lock is not None and now < datetime.fromisoformat(lock.until):
            raise Locked(datetime.fromisoformat(lock.until))
        if self._keys().code_fits(number, code):
            return head
        self._count_wrong(number, source, lock, now)
        raise WrongCode

    def _count_wrong(self, number: str, source: str, lock: Lock | None, now: datetime) -> None:
        """Count a wrong code, each one of those that are tried at once. Raises Locked if it cannot."""
        for _ in range(ATTEMPTS):
            recent = lock is not None and now < datetime.fromisoformat(lock.until) + FORGOTTEN
            tries = (lock.tries if lock and recent else 0) + 1
            counted = Lock(
                number=number,
                source=source,
                version=(lock.version if lock else 0) + 1,
                tries=tries,
                until=iso(now + _wait(tries)),
            )
            try:
                self._store.put_lock(counted)
            except Conflict:
                _, lock = self._store.head_and_lock(number, source)
            else:
                return
        raise Locked(now + FIRST_WAIT)


def _wait(tries: int) -> timedelta:
    """How long a source waits after so many wrong codes for one case."""
    over = tries - FREE_TRIES
    # 2**15 times the first wait is more than the longest; a timedelta cannot hold any power.
    return min(FIRST_WAIT * 2 ** min(over, 15), LONGEST_WAIT) if over >= 0 else timedelta()
