"""What must hold of every journal, read from its commits alone."""

from collections.abc import Iterable

from casework.cases.evolve import apply
from casework.cases.state import Case
from schemas import events as e
from schemas.events import Commit, Event

SIGNED = e.Closed(how="explained", explanation="lawful")


def assert_written_as_read(before: Case, commit: Commit, after: Case) -> None:
    """A commit and a case come out of the table as they went in."""
    read = Commit.model_validate(commit.model_dump(), strict=False)
    assert read == commit
    assert Commit.model_validate_json(commit.model_dump_json()) == commit
    stored = Case.model_validate(after.model_dump(), strict=False)
    assert stored == after
    assert stored.next_due == after.next_due
    assert apply(Case.model_validate(before.model_dump(), strict=False), read, before.number) == (
        after
    )


def assert_folds(journal: Iterable[Commit], case: Case) -> None:
    """The journal alone tells where the case stands; who the citizen is stands apart from it."""
    folded: Case | None = None
    for commit in journal:
        folded = apply(
            folded, Commit.model_validate(commit.model_dump(), strict=False), case.number
        )
    assert folded is not None
    assert folded.model_copy(update={"citizen": case.citizen}) == case


def assert_rungs_once(journal: Iterable[Commit]) -> None:
    """While a clock runs to one due time, each of its rungs and its being overdue come once."""
    fired: dict[str, list[int]] = {}
    for commit in journal:
        for event in commit.events:
            if isinstance(event, e.ClocksChanged):
                fired |= {name: [] for name in event.stopped}
                fired |= {name: [*range(start.fired)] for name, start in event.started.items()}
            elif isinstance(event, e.Reminded):
                fired[event.clock] += event.rungs
                assert fired[event.clock] == list(range(len(fired[event.clock])))
            elif isinstance(event, e.Overdue):
                late = f"{event.clock} overdue"
                fired.setdefault(late, []).append(commit.version)
                runs = [v for v in fired[late] if v > began(journal, event.clock, commit.version)]
                assert runs == [commit.version]


def began(journal: Iterable[Commit], clock: str, before: int) -> int:
    """The version at which this clock was last set before another version."""
    return max(
        commit.version
        for commit in journal
        for event in commit.events
        if commit.version < before and isinstance(event, e.ClocksChanged) and clock in event.started
    )


MARKS: dict[type[Event], str] = {
    e.ReturnAsked: "asked",
    e.ReplyDrafted: "drafted",
    e.Answered: "replied",
    e.ExtensionAsked: "asked for time",
    e.SuspensionAsked: "asked for a pause",
    e.TerminationAsked: "asked for an end",
    e.UnmaskingAsked: "asked who it is",
    e.Terminated: "ended",
    e.Closed: "ended",
    e.Declined: "ended",
    e.HandedOver: "ended",
    e.Withdrawn: "ended",
}
"""What somebody has done, by whose event it shows."""
NEVER_AFTER: dict[type[Event], tuple[str, ...]] = {
    e.Returned: ("asked",),
    e.ReturnedUp: ("asked",),
    e.ReturnRefused: ("asked",),
    e.ReplySentBack: ("drafted",),
    e.Extended: ("asked for time",),
    e.ExtensionRefused: ("asked for time",),
    e.Suspended: ("asked for a pause",),
    e.SuspensionRefused: ("asked for a pause",),
    e.Terminated: ("asked for an end",),
    e.TerminationRefused: ("asked for an end",),
    e.UnmaskingGranted: ("asked who it is",),
    e.UnmaskingRefused: ("asked who it is",),
    e.ObjectionGranted: ("ended", "replied", "let it out"),
    e.ObjectionRefused: ("ended", "replied", "let it out"),
}
"""What nobody decides who did this before."""


def assert_nobody_decided_their_own(journal: Iterable[Commit]) -> None:
    """Read from the journal alone: who asked, drafted, replied or ended did not decide on it."""
    did: dict[str, str] = {}
    redo = False
    for commit in journal:
        who, role = commit.actor.id, commit.actor.role
        for event in commit.events:
            for before in NEVER_AFTER.get(type(event), ()):
                assert did.get(before) != who
            if isinstance(event, e.Claimed | e.Recalled | e.ReplyDrafted | e.Replied) and redo:
                assert role != "officer" or did.get("replied") != who
            if isinstance(event, e.OfficerAssigned) and redo:
                assert event.officer != did.get("replied")
            if isinstance(event, e.Replied):
                assert not event.text or did["drafted"] != who
                did["replied"] = did["drafted"] if event.text else who
                did["let it out"] = who if event.text else ""
            if (isinstance(event, e.Rated) and role == "agent") or event == SIGNED:
                assert did.get("replied") != who
            if isinstance(event, e.ReplyTaken):
                did["replied"] = event.by or ""
            redo = isinstance(event, e.RedoOrdered) or (redo and not isinstance(event, e.Invited))
            if type(event) in MARKS:
                did[MARKS[type(event)]] = who


def assert_more_time_is_anothers_to_give(journal: Iterable[Commit]) -> None:
    """A promise was read by another than wrote it, or is the hotline office's own."""
    drafted = ""
    for commit in journal:
        for event in commit.events:
            if isinstance(event, e.ReplyDrafted):
                drafted = commit.actor.id
            elif isinstance(event, e.Promised):
                assert commit.actor.id != drafted if event.text else commit.actor.role != "officer"


def assert_who_called_does_not_decide(journal: Iterable[Commit]) -> None:
    """Whether a unit has to help is decided by another than called it."""
    called: dict[str, str] = {}
    for commit in journal:
        for event in commit.events:
            if isinstance(event, e.AssistanceAsked):
                called[event.unit] = commit.actor.id
            elif isinstance(event, e.AssistanceUpheld):
                assert called[event.unit] != commit.actor.id


def assert_no_answer_ends_it_unread(journal: Iterable[Commit]) -> None:
    """What no citizen judges was read by another person, or answered the lead that it followed."""
    for commit in journal:
        closed = e.Closed(how="no_reply_wanted") in commit.events
        read = [
            event
            for event in commit.events
            if isinstance(event, e.ReplyTaken) or (isinstance(event, e.Replied) and event.text)
        ]
        assert not closed or read


def assert_nobody_is_taken_off_alone(journal: Iterable[Commit]) -> None:
    """Whom a case is about grows by one person's word, and shrinks by that of another."""
    named: set[str] = set()
    by: str | None = None
    for commit in journal:
        for event in commit.events:
            if isinstance(event, e.Filed):
                named = set(event.about)
            elif isinstance(event, e.SubjectsNamed):
                now = {*event.units, *event.persons}
                assert named <= now or by != commit.actor.id
                assert now != named
                named, by = now, commit.actor.id


def assert_a_designation_binds(journal: Iterable[Commit]) -> None:
    """By none of those heard; and until the case is taken up anew nobody gets rid of it."""
    parties: tuple[str, ...] = ()
    bound: str | None = None
    for commit in journal:
        for event in commit.events:
            if isinstance(event, e.ArbitrationBegun):
                assert bound is None
                parties = event.units
            elif isinstance(event, e.Dispatched):
                assert bound is None or (event.binding and commit.actor.role == "supervisor")
                bound = event.unit if event.binding else None
                assert not event.binding or commit.actor.unit not in parties
            elif isinstance(event, e.Returned):
                assert bound is None
            elif isinstance(event, e.Accepted | e.Reopened | e.TakenAway | e.Merged):
                bound = None
