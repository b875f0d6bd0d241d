"""The journal is sealed: what was once committed cannot be changed, left out or put elsewhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest

from casework.cases.chain import seal, whole
from schemas.commands import Claim, Reply
from schemas.events import Actor, Claimed, Commit, Dispatched, Noted
from tests.cases.telling import ASSIGNED, LI, given, under

JOURNAL = list(
    given(*ASSIGNED, rules=under(reply_review="none"))
    .when(Claim(), by=LI)
    .when(Reply(outcome="resolved", text="灯已修好"), by=LI)
    .journal
)

Tampering = Callable[[list[Commit]], list[Commit]]


def changed(place: int, **fields: object) -> Tampering:
    """One commit rewritten, its seal left as it was."""
    return lambda journal: [
        commit.model_copy(update=fields) if i == place else commit
        for i, commit in enumerate(journal)
    ]


def test_an_untouched_journal_is_whole() -> None:
    assert len(JOURNAL) == 4
    assert whole(JOURNAL)


def test_a_journal_read_back_from_the_table_is_whole() -> None:
    assert whole([Commit.model_validate(commit.model_dump(), strict=False) for commit in JOURNAL])
    assert whole([Commit.model_validate_json(commit.model_dump_json()) for commit in JOURNAL])


@pytest.mark.parametrize("mode", ["json", "python"])
def test_what_is_empty_is_neither_written_nor_sealed(mode: Literal["json", "python"]) -> None:
    """So that a field which events get later leaves the seals of older commits whole."""
    dispatched = Dispatched(unit="chengguan", category="0205")

    assert dispatched.model_dump(mode=mode) == {
        "type": "dispatched",
        "unit": "chengguan",
        "category": "0205",
    }


def test_versions_count_from_one() -> None:
    assert not whole([seal(JOURNAL[0].model_copy(update={"version": 2}))])


@pytest.mark.parametrize(
    "tampered",
    [
        pytest.param(changed(2, events=(Claimed(officer="wang"),)), id="another officer"),
        pytest.param(changed(2, events=(Noted(),)), id="another event"),
        pytest.param(changed(2, actor=Actor(id="wang", role="officer")), id="another actor"),
        pytest.param(changed(1, at=JOURNAL[1].at + timedelta(seconds=1)), id="a second later"),
        pytest.param(changed(3, texts={"text": "another"}), id="another text"),
        pytest.param(changed(0, request="a.b"), id="another request"),
        pytest.param(lambda journal: journal[1:], id="beginning left out"),
        pytest.param(lambda journal: journal[:1] + journal[2:], id="one left out"),
        pytest.param(lambda journal: [*journal, journal[-1]], id="one twice"),
        pytest.param(lambda journal: journal[::-1], id="reversed"),
        pytest.param(
            lambda journal: [*journal[:2], seal(changed(2, request="x")(journal)[2]), journal[3]],
            id="rewritten and sealed anew, but not what follows",
        ),
    ],
)
def test_a_journal_that_was_tampered_with_is_not(tampered: Tampering) -> None:
    assert not whole(tampered(JOURNAL))
