"""A deployed settings table, and what people are told when it is changed or refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from infra.cli.saying import Stop

if TYPE_CHECKING:
    from casework.store.cases import CaseStore
    from casework.store.table import Table


@dataclass(frozen=True)
class Deployed:
    """A deployed city: its tables by name, and the parameters of its template."""

    settings: str
    cases: str | None
    shards: int
    zone: str

    def open_cases(self) -> CaseStore | None:
        """Where its cases lie; None if nobody said."""
        from casework.store.cases import CaseStore

        return CaseStore(deployed_table(self.cases), self.shards) if self.cases else None


def deployed_table(name: str) -> Table:
    """A table in DynamoDB, by the AWS settings of this machine."""
    from casework.store.clients import Clients
    from casework.store.dynamo import DynamoTable

    return DynamoTable(Clients(None).dynamodb, name)


@contextmanager
def written(table: str) -> Iterator[None]:
    """While a settings table is read and written. Raises Stop if AWS or another writer is in the way."""
    from botocore.exceptions import BotoCoreError, ClientError

    from casework.store.settings import NotSetUp
    from casework.store.table import Taken, Unavailable

    try:
        yield
    except Taken as taken:
        raise Stop(
            "有人同时在改设置，请再运行一次。", "Somebody changes the settings too; run it again."
        ) from taken
    except NotSetUp as empty:
        raise Stop(
            f"设置表 {table} 里还没有城市目录，请先运行 lianxin city load。",
            f"The settings table {table} holds no city yet; run `lianxin city load` first.",
        ) from empty
    except (BotoCoreError, ClientError, Unavailable) as fault:
        raise Stop(
            f"写入设置表 {table} 失败，请核对表名、区域和凭证（AWS_PROFILE、AWS_REGION）：",
            f"Could not write to {table}; check its name, AWS_REGION and AWS_PROFILE: {fault}",
        ) from fault


def say_cases(
    total: int | None, said: tuple[str, str], moved: int | None, what: tuple[str, str]
) -> None:
    """How many open cases there are, what becomes of how many, and when.

    `said` has a place for the number, Chinese and English; `what` is what was entered.
    """
    (zh, en), (new, new_en) = said, what
    if total is None:
        typer.echo("  未清点未结诉求；要清点请加 --cases 诉求表名。")
        typer.echo("  Open cases were not listed; to see how many it touches, give --cases.")
    else:
        typer.echo(f"  {total} 件未结诉求中，{zh.format(moved)}。")
        typer.echo(f"  Of {total} open cases, {en.format(moved)}.")
    typer.echo(
        f"  未结诉求约 10 分钟内按新{new}自动重新计时（城市大则稍久），诉求人和承办单位都能看到新日期。"
    )
    typer.echo(
        "  Open cases are counted anew by themselves within about ten minutes (longer in a large"
        f" city) by the new {new_en}; citizens and departments see the new dates."
    )
