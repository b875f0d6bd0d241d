"""The sample city on the local stack, in this process, with and without its past; a deployed table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from casework.store.clients import Clients
from casework.store.dynamo import DynamoTable
from casework.store.table import Table
from infra.local.city import LocalCity

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def empty_city() -> Iterator[LocalCity]:
    """The city without cases, answering on a free port."""
    with LocalCity(ROOT) as city:
        city.start(seed=False)
        city.serve(0)
        yield city


@pytest.fixture(scope="module")
def old_city() -> Iterator[LocalCity]:
    """The city with its seventy-one cases, not yet served: nothing moves by itself."""
    with LocalCity(ROOT) as city:
        city.start(seed=True)
        yield city


@pytest.fixture
def settings() -> Iterator[Table]:
    """A deployed settings table, still empty."""
    key = [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    with mock_aws(), patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1"}):
        dynamodb = boto3.client("dynamodb")
        dynamodb.create_table(
            TableName="settings",
            KeySchema=key,  # type: ignore[arg-type]
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoTable(Clients(None).dynamodb, "settings")
        dynamodb.delete_table(TableName="settings")
