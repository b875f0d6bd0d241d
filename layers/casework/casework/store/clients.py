"""AWS clients, one of a kind for a process."""

from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=2, read_timeout=5)


class Clients:
    """Each client is made when first needed, of a session of its own (boto3's default is shared)."""

    def __init__(self, region: str | None = None) -> None:
        self._session = boto3.session.Session(region_name=region)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self._session.client("dynamodb", config=_CONFIG)

    @cached_property
    def sns(self) -> "SNSClient":
        return self._session.client("sns", config=_CONFIG)

    @cached_property
    def sqs(self) -> "SQSClient":
        return self._session.client("sqs", config=_CONFIG)

    @cached_property
    def kms(self) -> "KMSClient":
        return self._session.client("kms", config=_CONFIG)

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        return self._session.client("secretsmanager", config=_CONFIG)
