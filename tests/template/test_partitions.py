"""What is deployed must exist in both partitions, `aws` and `aws-cn`."""

from __future__ import annotations

import re

import botocore.session
import pytest

from tests.template.reading import ROOT, TEMPLATES, Resources

ENDPOINTS = {
    "ApiGateway": "apigateway",
    "CloudWatch": "monitoring",
    "DynamoDB": "dynamodb",
    "Events": "events",
    "IAM": "iam",
    "KMS": "kms",
    "Lambda": "lambda",
    "Logs": "logs",
    "SNS": "sns",
    "SQS": "sqs",
    "SecretsManager": "secretsmanager",
}


def services(partition: str) -> set[str]:
    """The services that botocore knows an endpoint of in the partition."""
    data = botocore.session.get_session().get_data("endpoints")
    found = next(one for one in data["partitions"] if one["partition"] == partition)
    return {name for name, one in found["services"].items() if one.get("endpoints")}


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_every_service_exists_in_the_partition(each: Resources, partition: str) -> None:
    used = {resource["Type"].split("::")[1] for resource in each.values()}

    unknown = used - ENDPOINTS.keys()
    assert not unknown, f"say in ENDPOINTS what botocore calls {unknown}"
    assert {ENDPOINTS[name] for name in used} <= services(partition)


def test_the_check_would_notice_a_service_that_china_lacks() -> None:
    assert {"cognito-idp", "email"} <= services("aws")
    assert not {"cognito-idp", "email"} & services("aws-cn")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_arn_takes_its_partition_from_the_stack(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert re.findall(r"\barn:(?!\$\{AWS::Partition\})\S*", text) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_region_account_or_domain_of_one_partition_is_written_down(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert re.findall(r"\b(?:us|eu|ap|cn)-[a-z]+-\d\b|\b\d{12}\b", text) == []
    # Service principals are the same in both partitions; addresses are not.
    addresses = re.sub(r"\b[a-z]+\.amazonaws\.com\b", "", text)
    assert "amazonaws.com" not in addresses
