"""A reason for which the service says no."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """An HTTP status and what is said, in Chinese and English, with places for details."""

    status: int
    zh: str
    en: str
