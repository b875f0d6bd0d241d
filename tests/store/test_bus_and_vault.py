"""Topic, queues and vault: the twins and AWS, held to the same words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from casework.store import vault as aws_vault
from casework.store.bus import SnsTopic, SqsQueue, UnitQueues
from casework.store.memory import MemoryQueue, MemoryQueues, MemoryTopic, MemoryVault
from casework.store.table import Queue, Queues, Topic, Unavailable, Vault
from casework.store.vault import AwsVault
from tests.support.aws import Aws

BOTH = pytest.mark.parametrize("kind", ["memory", "aws"])


@dataclass
class Bus:
    """A topic with a listener, a queue, and the queues of units, whichever they are made of."""

    topic: Topic
    queue: Queue
    units: Queues
    cloud: Aws | None

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """What the topic carried, with its attributes."""
        if isinstance(self.topic, MemoryTopic):
            return list(self.topic.published)
        assert self.cloud is not None
        found = self.cloud.clients.sqs.receive_message(
            QueueUrl=self.url("listener"), MessageAttributeNames=["All"], MaxNumberOfMessages=10
        )
        return [
            (message["Body"], {name: _value(a) for name, a in message["MessageAttributes"].items()})
            for message in found.get("Messages", [])
        ]

    def waiting(self, queue: Queue, name: str) -> list[str]:
        if isinstance(queue, MemoryQueue):
            return queue.sent
        assert self.cloud is not None
        found = self.cloud.clients.sqs.receive_message(
            QueueUrl=self.url(name), MaxNumberOfMessages=10
        )
        return [message["Body"] for message in found.get("Messages", [])]

    def url(self, name: str) -> str:
        assert self.cloud is not None
        return self.cloud.clients.sqs.get_queue_url(QueueName=name)["QueueUrl"]


def _value(attribute: Any) -> Any:
    text = attribute["StringValue"]
    return json.loads(text) if attribute["DataType"] == "String.Array" else text


@pytest.fixture
def bus(kind: str, request: pytest.FixtureRequest) -> Bus:
    if kind == "memory":
        return Bus(MemoryTopic(), MemoryQueue(), MemoryQueues(), None)
    cloud: Aws = request.getfixturevalue("cloud")
    sns, sqs = cloud.clients.sns, cloud.clients.sqs
    for present in sqs.list_queues().get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=present)
    urls = {
        name: sqs.create_queue(QueueName=name)["QueueUrl"]
        for name in ("listener", "relay", "lianxin-unit-roads", "lianxin-unit-parks")
    }
    arn = sns.create_topic(Name="events")["TopicArn"]
    listener = sqs.get_queue_attributes(QueueUrl=urls["listener"], AttributeNames=["QueueArn"])
    sns.subscribe(
        TopicArn=arn,
        Protocol="sqs",
        Endpoint=listener["Attributes"]["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    return Bus(SnsTopic(sns, arn), SqsQueue(sqs, urls["relay"]), UnitQueues(sqs, "lianxin"), cloud)


@BOTH
def test_a_topic_carries_a_message_with_the_attributes_that_subscribers_filter_on(bus: Bus) -> None:
    bus.topic.publish('{"中文": 1}', {"state": "SUBMITTED", "events": ["filed", "accepted"]})

    assert bus.heard() == [('{"中文": 1}', {"state": "SUBMITTED", "events": ["filed", "accepted"]})]


@BOTH
def test_a_queue_takes_a_message(bus: Bus) -> None:
    bus.queue.send('{"中文": 1}')

    assert bus.waiting(bus.queue, "relay") == ['{"中文": 1}']


@BOTH
def test_each_unit_has_a_queue_of_its_own(bus: Bus) -> None:
    bus.units.of_unit("roads").send("1")
    bus.units.of_unit("roads").send("2")
    bus.units.of_unit("parks").send("3")

    assert sorted(bus.waiting(bus.units.of_unit("roads"), "lianxin-unit-roads")) == ["1", "2"]
    assert bus.waiting(bus.units.of_unit("parks"), "lianxin-unit-parks") == ["3"]


def test_a_unit_without_a_queue_is_unavailable(cloud: Aws) -> None:
    """Its queue may still be made; what was for it is kept and comes again."""
    with pytest.raises(Unavailable):
        UnitQueues(cloud.clients.sqs, "lianxin").of_unit("nobody")


@pytest.fixture
def vault(kind: str, request: pytest.FixtureRequest) -> Vault:
    if kind == "memory":
        return MemoryVault()
    return new_vault(request.getfixturevalue("cloud"))


def new_vault(cloud: Aws) -> AwsVault:
    secrets, kms = cloud.clients.secrets, cloud.clients.kms
    if not secrets.list_secrets()["SecretList"]:
        secrets.create_secret(Name="master", SecretString="a secret of forty random letters")
        kms.create_alias(
            AliasName="alias/data", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"]
        )
    return AwsVault(secrets, kms, "master", "alias/data")


@BOTH
def test_the_master_secret_is_the_same_every_time(vault: Vault) -> None:
    assert vault.master() == vault.master()
    assert len(vault.master()) >= 32


@BOTH
def test_a_data_key_opens_again_by_its_wrapped_form_and_is_not_seen_in_it(vault: Vault) -> None:
    key, wrapped = vault.new_data_key()

    assert len(key) == 32
    assert key not in wrapped
    assert vault.unwrap(wrapped) == key


@BOTH
def test_a_data_key_is_used_for_a_while(vault: Vault) -> None:
    assert vault.new_data_key() == vault.new_data_key()


def test_another_process_opens_what_one_has_wrapped(cloud: Aws) -> None:
    key, wrapped = new_vault(cloud).new_data_key()

    assert new_vault(cloud).unwrap(wrapped) == key


def test_a_data_key_is_replaced_when_its_hour_is_over_and_the_old_still_opens(
    cloud: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    vault = new_vault(cloud)
    first, wrapped = vault.new_data_key()

    now[0] += aws_vault.KEY_LIFE + 1
    second, _ = vault.new_data_key()

    assert second != first
    assert vault.unwrap(wrapped) == first


def test_keys_are_asked_for_once_and_only_the_latest_are_remembered(
    cloud: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_vault, "KEYS_KEPT", 2)
    calls: list[str] = []
    vault = new_vault(cloud)
    wrapped = [new_vault(cloud).new_data_key()[1] for _ in range(3)]
    cloud.clients.kms.meta.events.register(
        "before-call.kms.Decrypt", lambda **_: calls.append("Decrypt"), unique_id="count"
    )
    try:
        vault.unwrap(wrapped[0])
        vault.unwrap(wrapped[0])
        assert len(calls) == 1
        vault.unwrap(wrapped[1])
        vault.unwrap(wrapped[2])
        vault.unwrap(wrapped[0])
        assert len(calls) == 4
    finally:
        cloud.clients.kms.meta.events.unregister("before-call.kms.Decrypt", unique_id="count")
