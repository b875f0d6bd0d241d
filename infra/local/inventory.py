"""What the local stack is made of at this moment, for its front page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from casework.store.items import HEAD
from infra.local.stack import NAME, Stack


@dataclass(frozen=True)
class QueueDepth:
    """A queue with how many messages wait in it, are being worked on, or are delayed."""

    name: str
    waiting: int
    dead_letters: bool


@dataclass(frozen=True)
class TableSize:
    """A table, how many items it holds, and whether it has a stream."""

    name: str
    items: int
    stream: bool


@dataclass(frozen=True)
class Inventory:
    """Everything that runs, by the names of template.yaml."""

    now: datetime
    functions: tuple[str, ...]
    queues: tuple[QueueDepth, ...]
    tables: tuple[TableSize, ...]
    topics: tuple[tuple[str, int], ...]
    """Name and number of subscriptions."""
    schedules: tuple[tuple[str, str], ...]
    """Name and expression."""
    states: Counter[str]


def take(stack: Stack) -> Inventory:
    """Look everything up, as an operator would, by the stack's own resources."""
    found = _resources(stack)
    dynamodb, sns = stack.cloud.client("dynamodb"), stack.cloud.client("sns")
    described = {
        name: dynamodb.describe_table(TableName=physical)["Table"]
        for name, physical in found.get("AWS::DynamoDB::Table", [])
    }
    events = stack.cloud.client("events")
    return Inventory(
        now=stack.now(),
        functions=tuple(name for name, _ in found.get("AWS::Lambda::Function", [])),
        queues=tuple(_depth(stack, *queue) for queue in found.get("AWS::SQS::Queue", [])),
        tables=tuple(
            TableSize(name, table["ItemCount"], "StreamSpecification" in table)
            for name, table in described.items()
        ),
        topics=tuple(
            (name, len(sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]))
            for name, arn in found.get("AWS::SNS::Topic", [])
        ),
        schedules=tuple(
            (name, events.describe_rule(Name=physical).get("ScheduleExpression", ""))
            for name, physical in found.get("AWS::Events::Rule", [])
        ),
        states=_states(stack, described["CasesTable"]["TableName"]),
    )


def _resources(stack: Stack) -> dict[str, list[tuple[str, str]]]:
    """(name, physical id) by type; those of a unit's own stack are named with the unit."""
    cloudformation = stack.cloud.client("cloudformation")
    found: dict[str, list[tuple[str, str]]] = {}
    for one in cloudformation.list_stacks()["StackSummaries"]:
        unit = one["StackName"].removeprefix(f"{NAME}-unit-") if one["StackName"] != NAME else ""
        listed = cloudformation.list_stack_resources(StackName=one["StackName"])
        for resource in listed["StackResourceSummaries"]:
            name = " ".join(part for part in (resource["LogicalResourceId"], unit) if part)
            kind = found.setdefault(resource["ResourceType"], [])
            kind.append((name, resource["PhysicalResourceId"]))
    return found


def _depth(stack: Stack, name: str, url: str) -> QueueDepth:
    wanted = (
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    )
    sqs = stack.cloud.client("sqs")
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(wanted))["Attributes"]
    dead = "DeadLetters" in name or name == "UndeliveredEvents"
    return QueueDepth(name, sum(int(counted.get(one, 0)) for one in wanted), dead)


def _states(stack: Stack, table: str) -> Counter[str]:
    """How many cases there are in each state.

    Counted in moto's own memory: a scan copies every item, which takes seconds after a replay.
    """
    partitions = dynamodb_backends[DEFAULT_ACCOUNT_ID][stack.cloud.region].tables[table].items
    return Counter(
        item.attrs["state"].value
        for partition in list(partitions.values())
        for item in list(partition.values())
        if item.range_key.value == HEAD
    )
