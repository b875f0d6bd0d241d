"""The hash chain of a case: each commit sealed over the one before."""

import hashlib
import json
from base64 import urlsafe_b64encode

from schemas.events import Commit


def seal(commit: Commit) -> Commit:
    """The commit with its hash: SHA-256 (base64url) over its canonical JSON, `prev` included."""
    return commit.model_copy(update={"hash": digest(commit)})


def digest(commit: Commit) -> str:
    content = commit.model_dump(mode="json", exclude={"hash"})
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).decode().rstrip("=")


def whole(journal: list[Commit]) -> bool:
    """Whether the commits are gapless from 1, unchanged, and each names the one before."""
    previous: str | None = None
    for version, commit in enumerate(journal, 1):
        if commit.version != version or commit.prev != previous or commit.hash != digest(commit):
            return False
        previous = commit.hash
    return True
