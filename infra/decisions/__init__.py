"""The pages of who decides and where it leads, generated from the table and the rules.

`lianxin decisions` writes them; `lianxin decisions --check` says which are not fresh.
"""

import sys
from pathlib import Path

from casework.cases.table import TABLE
from casework.words import Language
from infra.decisions.explore import explored
from infra.decisions.page import page

FOLDER = Path(__file__).resolve().parents[1] / "docs"
PAGES: dict[str, Language] = {"decisions.md": "zh-CN", "decisions.en.md": "en"}


def main(check: bool = False) -> int:
    """Write the pages, or with `check` only compare. 1 if one was not fresh, else 0."""
    found = explored()
    made = {FOLDER / name: page(TABLE, found, language) for name, language in PAGES.items()}
    stale = [path for path, fresh in made.items() if _present(path) != fresh]
    for path in stale:
        if check:
            print(
                f"infra/docs/{path.name} 与代码不一致，请运行 lianxin decisions / "
                "does not match the code: run `lianxin decisions`",
                file=sys.stderr,
            )
        else:
            path.write_text(made[path], encoding="utf-8")
            print(f"infra/docs/{path.name}: 已更新 / written")
    return 1 if check and stale else 0


def _present(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
