"""Talk with the citizen, and among the city's own."""

from typing import Literal

from schemas import names
from schemas.base import Compact


class Contacted(Compact):
    type: Literal["contacted"] = "contacted"
    how: names.ContactMode
    result: names.ContactResult
    call_id: str | None = None


class MessageSent(Compact):
    """From the city to the citizen."""

    type: Literal["message-sent"] = "message-sent"


class MessageReceived(Compact):
    """From the citizen to the city."""

    type: Literal["message-received"] = "message-received"


class Noted(Compact):
    type: Literal["noted"] = "noted"


class Urged(Compact):
    type: Literal["urged"] = "urged"


Talking = Contacted | MessageSent | MessageReceived | Noted | Urged
