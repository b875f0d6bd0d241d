"""A deployed settings table, and what people are told when it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infra.cli.saying import Stop

if TYPE_CHECKING:
    from casework.store.table import Table


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
