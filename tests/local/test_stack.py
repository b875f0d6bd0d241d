"""The template runs on one laptop, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import boto3
import pytest

from infra.local.stack import Stack, StillBusyError
from infra.local.translate import TemplateError, translate
from tests.local import ledger
from tests.local.conftest import NewStack, file
from tests.local.town import ROOT


def test_a_case_goes_from_http_through_stream_and_topic_to_the_queue_that_wants_it(
    stack: Stack,
) -> None:
    assert file(stack, "1", "SUBMITTED").status == 201
    assert file(stack, "2", "INVITED").status == 201
    assert file(stack, "3", "HANDLING").status == 201

    stack.drain()

    assert ledger.noted("published") == ["1", "2", "3"]
    assert ledger.noted("dispatched") == ["1"]
    assert ledger.noted("invited") == [['{"case_number": "2"}']]


def test_nothing_moves_before_it_is_told_to(stack: Stack) -> None:
    file(stack, "1")

    assert ledger.noted("stream") == []


def test_the_environment_is_that_of_the_template_with_every_reference_resolved(
    stack: Stack,
) -> None:
    tables = boto3.client("dynamodb").list_tables()["TableNames"]

    assert {stack.environment["CASES_TABLE"], stack.environment["SETTINGS_TABLE"]} == set(tables)
    assert stack.environment["ALARM_SHARDS"] == "1"
    assert stack.environment["CITY_TZ"] == "Asia/Shanghai"
    assert stack.environment["UNIT_QUEUE_PREFIX"] == "lianxin"
    key = boto3.client("kms").generate_data_key(
        KeyId=stack.environment["DATA_KEY"], KeySpec="AES_256", EncryptionContext={"case": "1"}
    )
    opened = boto3.client("kms").decrypt(
        CiphertextBlob=key["CiphertextBlob"], EncryptionContext={"case": "1"}
    )
    assert opened["Plaintext"] == key["Plaintext"]
    boto3.client("sns").get_topic_attributes(TopicArn=stack.environment["EVENTS_TOPIC"])
    secret = boto3.client("secretsmanager").get_secret_value(
        SecretId=stack.environment["SECRET_ID"]
    )
    assert len(secret["SecretString"]) == 64
    for name in ("SWEEP_QUEUE", "RELAY_QUEUE"):
        boto3.client("sqs").get_queue_attributes(QueueUrl=stack.environment[name])


def test_every_function_sees_this_environment_and_the_dummy_credentials(stack: Stack) -> None:
    stack.request("GET", "/v1/health")

    (seen,) = ledger.noted("environment")
    assert seen.items() >= stack.environment.items()
    assert seen["AWS_ACCESS_KEY_ID"] == "local"


def test_parameters_replace_the_templates_defaults(new_stack: NewStack) -> None:
    stack = new_stack(
        parameters={"UnitQueuePrefix": "yunting", "AlarmShards": "3"}, units=["water"]
    )

    assert stack.environment["ALARM_SHARDS"] == "3"
    url = boto3.client("sqs").get_queue_url(QueueName="yunting-unit-water")["QueueUrl"]
    attributes = boto3.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["RedrivePolicy"]
    )["Attributes"]
    assert json.loads(attributes["RedrivePolicy"])["maxReceiveCount"] == 5


def test_a_parameter_that_the_template_lacks_is_refused_by_name(new_stack: NewStack) -> None:
    with pytest.raises(TemplateError, match=r"no parameter AlarmShard$"):
        new_stack(parameters={"AlarmShard": "3"})


def test_the_stack_runs_in_a_chinese_region_too(new_stack: NewStack) -> None:
    stack = new_stack(region="cn-north-1")
    file(stack, "1")

    stack.drain()

    assert stack.environment["EVENTS_TOPIC"].startswith("arn:aws-cn:sns:cn-north-1:")
    assert ledger.noted("dispatched") == ["1"]


def test_a_second_stack_in_the_same_process_starts_clean(new_stack: NewStack) -> None:
    first = new_stack()
    file(first, "1")
    first.stop()
    first.stop()

    second = new_stack()
    second.drain()

    assert ledger.noted("stream") == []
    counted = boto3.client("dynamodb").scan(TableName=second.environment["CASES_TABLE"])
    assert counted["Count"] == 0


def test_two_stacks_at_once_are_refused(new_stack: NewStack) -> None:
    new_stack()

    with pytest.raises(RuntimeError, match="stop it first"):
        new_stack()


def test_the_refused_one_leaves_the_other_running(new_stack: NewStack) -> None:
    stack = new_stack()
    with pytest.raises(RuntimeError):
        new_stack()

    assert file(stack, "1").status == 201


def test_stopping_gives_the_process_back_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "a-profile-of-the-machine")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    environment, threads = dict(os.environ), set(threading.enumerate())

    with Stack(root) as stack:
        stack.serve()
        assert "AWS_PROFILE" not in os.environ
        assert set(threading.enumerate()) - threads

    assert dict(os.environ) == environment
    assert set(threading.enumerate()) <= threads


def test_a_stack_that_cannot_start_leaves_nothing_behind(root: Path) -> None:
    environment = dict(os.environ)
    text = (root / "template.yaml").read_text(encoding="utf-8")
    (root / "template.yaml").write_text(text.replace("rate(1 minute)", "cron(0 12 * * ? *)"))

    with pytest.raises(ValueError, match="plays rates only"):
        Stack(root).start()

    assert dict(os.environ) == environment
    (root / "template.yaml").write_text(text)
    with Stack(root) as stack:
        assert file(stack, "1").status == 201


def test_a_resource_of_an_unknown_type_is_refused_and_says_where_to_add_it(root: Path) -> None:
    text = (root / "template.yaml").read_text(encoding="utf-8")
    more = "Resources:\n  Bus:\n    Type: AWS::Events::EventBus\n    Properties: {Name: bus}\n"
    (root / "template.yaml").write_text(text.replace("Resources:\n", more, 1))

    with pytest.raises(TemplateError, match=r"AWS::Events::EventBus \(Bus\).*translate\.py"):
        Stack(root).start()


def test_a_stack_that_feeds_itself_does_not_drain_for_ever(stack: Stack) -> None:
    def echo(call: object) -> None:
        if getattr(call, "operation", "") == "Publish":
            file(stack, "again")

    file(stack, "1")

    with stack.listening(after=echo), pytest.raises(StillBusyError):
        stack.drain(seconds=0.5)


def test_the_code_of_each_function_is_where_the_template_says() -> None:
    parameters = {"TokenIssuer": "-", "TokenJwksUri": "-"}
    blueprint = translate(ROOT / "template.yaml", parameters, "us-east-1")

    for name, source in blueprint.functions.items():
        assert source.folder.is_dir(), name
        assert source.folder.parent == ROOT / "functions"
