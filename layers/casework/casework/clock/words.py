"""What the clock says to people, in both languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """One saying in Chinese and in English; the door that shows it picks the caller's language."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


class ClockError(ValueError):
    """The clock refuses: `words` says what is wrong and what to do next.

    `entry`: where in the document that was read, such as `clocks.claim.limit`; of a list from 1.
    """

    def __init__(self, zh: str, en: str, entry: str = "") -> None:
        super().__init__(f"{zh} / {en}")
        self.words, self.entry = Words(zh, en), entry


class CalendarError(ClockError):
    """A calendar document is faulty, or a date lies outside the years that are known."""


class LimitError(ClockError):
    """A limit that is none, such as "5X" or "-3D"."""


class OfficeError(ClockError):
    """Office hours that cannot be read or are out of order."""


class LadderError(ClockError):
    """A ladder whose rungs cannot be read or stand out of order."""
