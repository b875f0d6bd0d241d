"""The invitation to rate (评价邀请): put where the citizen looks, once for each reply."""

from casework.service import Service
from casework.store.items import Notice
from schemas.base import iso

PAGE = "case_page"


class Inviter:
    """Invites the citizen to judge a reply. Harmless to repeat."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def invite(self, number: str, version: int) -> bool:
        """Store the invitation of this commit; False if it is there, or the case has moved on."""
        head = self._service.store.head(number)
        if head is None or head.case.state != "AWAITING_RATING":
            return False
        notice = Notice(
            number=number,
            id=f"{version:06d}.invitation.citizen",
            kind="invitation",
            channel=PAGE,
            fate="shown",
            at=iso(self._service.clock()),
        )
        return self._service.store.put_notice(notice)
