"""The contracts under schemas/contracts, generated from the models: OpenAPI, events, commands.

`lianxin contracts` writes them; `lianxin contracts --check` says which are not fresh.
"""

import json
import sys
from pathlib import Path
from typing import Any

import schemas
from infra.contracts import messages, openapi

FOLDER = Path(schemas.__file__).with_name("contracts")


def documents() -> dict[str, dict[str, Any]]:
    """Every contract by its file name."""
    return {
        "openapi.json": openapi.document(),
        "events.schema.json": messages.events(),
        "commands.schema.json": messages.commands(),
    }


def text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def main(check: bool = False) -> int:
    """Write the contracts, or with `check` only compare. 1 if one was not fresh, else 0."""
    made = {FOLDER / name: text(document) for name, document in documents().items()}
    stale = [path for path, fresh in made.items() if _present(path) != fresh]
    if not check:
        FOLDER.mkdir(exist_ok=True)
        for path in stale:
            path.write_text(made[path], encoding="utf-8")
            print(f"schemas/contracts/{path.name}: 已更新 / written")
        return 0
    for path in stale:
        print(
            f"schemas/contracts/{path.name} 与代码不一致，请运行 lianxin contracts / "
            "does not match the code: run `lianxin contracts`",
            file=sys.stderr,
        )
    return 1 if stale else 0


def _present(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
