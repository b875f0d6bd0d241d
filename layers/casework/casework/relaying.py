"""The outbox: each commit that the stream shows goes to the topic, an assignment to its unit's queue."""

import json
from typing import Any

from casework.cases.state import Case
from casework.routing.examples import TELLING, example_of
from casework.service import Service
from casework.store.examples import Examples
from casework.store.items import FAILURES, Head, head_of_image
from casework.store.table import Queue, Queues, Topic
from schemas import events as e
from schemas.events import Announcement, Commit, Event


class Relay:
    """Publishes commits, once or more, in no promised order; receivers go by case and version."""

    def __init__(self, service: Service, topic: Topic, units: Queues, again: Queue) -> None:
        self._service, self._topic, self._units, self._again = service, topic, units, again

    def publish_image(self, image: dict[str, Any]) -> None:
        """Publish the commit that a HEAD's stream image carries.

        If that cannot be done now, (case, version) goes to a queue and is published from the
        journal later, since a stream forgets after 24 hours and must not be held up. Raises
        Unavailable if not even that can be done.
        """
        if FAILURES in image:
            return  # an alarm was put off; the commit went by when HEAD was written with it
        try:
            head = head_of_image(image)
            if head.case.shown_to:
                self._service.store.show_asides(head.case.number)
            self._publish(head.case, head.commit)
        except Exception:  # noqa: BLE001 - nothing that one image holds may stop the stream
            number, version = image["pk"]["S"], int(image["version"]["N"])
            self._again.send(json.dumps({"case_number": number, "version": version}))

    def publish_again(self, number: str, version: int) -> None:
        """Publish a commit from the journal. Raises LookupError if there is none such."""
        head: Head | None = self._service.store.head(number)
        commit = self._service.store.commit(number, version)
        if head is None or commit is None:
            raise LookupError(f"no commit {version} of {number}")
        if head.case.shown_to:
            self._service.store.show_asides(number)
        # The state of now, not of then: a receiver that asks for waiting cases wants those.
        self._publish(head.case, commit)

    def _publish(self, case: Case, commit: Commit) -> None:
        self._learn(case, commit)
        announced = Announcement(
            case_number=case.number, state=case.state, unit=case.unit, commit=commit
        )
        message = announced.model_dump_json()
        types = list(dict.fromkeys(event.type for event in commit.events))
        self._topic.publish(message, {"state": case.state, "events": types})
        for event in commit.events:
            given = _given_to(event)
            if given is not None and self._integrates(given):
                self._units.of_unit(given).send(_for_a_unit(announced).model_dump_json())

    def _learn(self, case: Case, commit: Commit) -> None:
        """Keep what a person decided, as an example for the classifier."""
        if not any(isinstance(event, TELLING) for event in commit.events):
            return
        store = self._service.store
        example = example_of(
            commit,
            case,
            self._service.rules(),
            lambda: store.case_at(case.number, commit.version - 1),
        )
        if example is not None:
            Examples(store.table).keep(example)

    def _integrates(self, unit: str) -> bool:
        known = self._service.rules().city.units.get(unit)
        return known is not None and known.integrates


def _for_a_unit(announced: Announcement) -> Announcement:
    """As a unit may know it: which other cases are like this one is for those who may open them."""
    events = tuple(one for one in announced.commit.events if not isinstance(one, e.SimilarFound))
    commit = announced.commit.model_copy(update={"events": events})
    return announced.model_copy(update={"commit": commit})


def _given_to(event: Event) -> str | None:
    """The unit for which the event is something to do."""
    match event:
        case e.Dispatched() | e.Delegated() | e.RedoOrdered() | e.AssistanceAsked():
            return event.unit
        case e.OrderIssued() | e.AssistanceUpheld():
            return event.unit
        case _:
            return None
