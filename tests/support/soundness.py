"""What must hold of every case, whatever was lost, repeated or done at once."""

from __future__ import annotations

from typing import Any

from casework.cases import chain
from casework.cases.evolve import apply
from casework.cases.state import Case
from casework.security.keys import salted
from casework.service import Service
from casework.store.items import REQUESTS_KEPT, Dossier


def sound(service: Service, number: str) -> Dossier:
    """The case's dossier, after everything about how it lies there was found right."""
    dossier = service.store.dossier(number)
    assert dossier is not None, "the case is there"
    items = {item["sk"]: item for item in service.store.table.partition(number)}
    journal = dossier.journal
    assert [commit.version for commit in journal] == list(range(1, len(journal) + 1)), "gapless"
    assert chain.whole(list(journal)), "each commit names the one before"
    assert journal[-1] == dossier.head.commit
    assert dossier.head.case.version == len(journal)
    assert _folded(journal, number) == dossier.head.case.model_copy(update={"citizen": None}), (
        "HEAD is what the journal makes of it"
    )
    _standing(items, journal)
    _texts(items, dossier)
    _requests(dossier)
    return dossier


def _folded(journal: tuple[Any, ...], number: str) -> Case:
    case: Case | None = None
    for commit in journal:
        case = apply(case, commit, number)
    assert case is not None
    return case


def _standing(items: dict[str, Any], journal: tuple[Any, ...]) -> None:
    """The journal stands as items up to the commit before HEAD's; HEAD's may stand already."""
    standing = [item for sk, item in items.items() if sk.startswith("COMMIT#")]
    assert len(standing) in (len(journal) - 1, len(journal))
    for item, commit in zip(standing, journal, strict=False):
        assert item["hash"] == commit.hash, "a commit in the journal is the one that HEAD carried"


def _texts(items: dict[str, Any], dossier: Dossier) -> None:
    """Each commit's text is there, is the one that the commit was sealed with, and of no other."""
    first, *later = dossier.journal
    body = dossier.body
    for field in ("text", "title"):
        if "body" in dossier.redactions:
            assert (getattr(body, field), body.salts.get(field)) == ("", None), "taken out"
        else:
            assert first.texts[field] == salted(body.salts[field], getattr(body, field))
    named = [commit.text for commit in dossier.journal if commit.text]
    assert len(named) == len(set(named)), "no text belongs to two commits"
    for commit in later:
        assert (commit.text is None) == (not commit.texts)
        if commit.text is not None:
            words = items[commit.text]
            assert words["digest"] == commit.request
            if commit.text in dossier.blotted:
                assert (words["text"], words["salt"]) == ("", ""), "taken out"
            else:
                assert commit.texts["text"] == salted(words["salt"], words["text"])


def _requests(dossier: Dossier) -> None:
    """No request is in the journal twice, and HEAD remembers the latest ones."""
    requests = [commit.request for commit in dossier.journal if commit.request]
    ids = [request.split(".")[0] for request in requests]
    assert len(ids) == len(set(ids)), "no command was carried out twice"
    assert dossier.head.requests == tuple(requests[-REQUESTS_KEPT:])
