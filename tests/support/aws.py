"""AWS for tests: moto, with the cases table exactly as template.yaml declares it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

from moto import mock_aws

from casework.store.clients import Clients
from casework.store.dynamo import DynamoTable, plain
from infra.local import quicker
from tests.template.reading import written

REGION = "cn-north-1"
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
}


@dataclass(frozen=True)
class Aws:
    """Clients of a moto that lives as long as `aws()`."""

    clients: Clients

    def new_table(self) -> DynamoTable:
        """An empty cases table under a name of its own."""
        name = f"cases-{secrets.token_hex(4)}"
        self.clients.dynamodb.create_table(TableName=name, **_declared())
        return DynamoTable(self.clients.dynamodb, name)

    def items(self, table: DynamoTable) -> list[dict[str, Any]]:
        """Everything that is stored."""
        pages = self.clients.dynamodb.get_paginator("scan").paginate(TableName=table._name)
        return [plain(item) for page in pages for item in page["Items"]]


@contextmanager
def aws() -> Iterator[Aws]:
    """A fresh moto with clients of its own."""
    with patch.dict("os.environ", _ENVIRONMENT), mock_aws(), ExitStack() as undone:
        undone.callback(quicker.install())
        yield Aws(Clients(REGION))


@cache
def _declared() -> dict[str, Any]:
    properties = written("template.yaml")["Resources"]["CasesTable"]["Properties"]
    kept = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    return {name: properties[name] for name in kept}
