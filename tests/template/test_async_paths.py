"""A dead-letter queue and an alarm for each asynchronous path."""

from __future__ import annotations

from typing import Any

import pytest

from casework import recounting, sweeping
from casework.store.alarms import HELD
from tests.template.reading import ROOT, Resources, of_type, target

MAPPING = "AWS::Lambda::EventSourceMapping"


def watched(resources: Resources, metric: str) -> set[str]:
    """The logical ids whose metric some alarm watches."""
    return {
        target(dimension["Value"])
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["MetricName"] == metric
        for dimension in alarm["Properties"]["Dimensions"]
        if dimension["Name"] in {"QueueName", "FunctionName"}
    }


def mappings(resources: Resources, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the event source mappings whose source is of the type."""
    return {
        name: one["Properties"]
        for name, one in of_type(resources, MAPPING).items()
        if resources[target(one["Properties"]["EventSourceArn"])]["Type"] == kind
    }


def dead_letters(resources: Resources) -> set[str]:
    """The queues that others name as the place for what failed."""
    places: list[Any] = []
    for one in resources.values():
        properties = one["Properties"]
        if one["Type"] in {"AWS::SQS::Queue", "AWS::SNS::Subscription"}:
            places.append(properties.get("RedrivePolicy", {}).get("deadLetterTargetArn"))
        if one["Type"] in {MAPPING, "AWS::Lambda::EventInvokeConfig"}:
            failure = properties.get("DestinationConfig", {}).get("OnFailure", {})
            places.append(failure.get("Destination"))
        if one["Type"] == "AWS::Events::Rule":
            places += [t.get("DeadLetterConfig", {}).get("Arn") for t in properties["Targets"]]
    return {target(place) for place in places if place}


def test_a_queue_gives_up_after_five_tries_and_keeps_the_message(each: Resources) -> None:
    queues = of_type(each, "AWS::SQS::Queue")
    last = dead_letters(each)

    assert last, "no path has a dead-letter queue"
    for name in queues.keys() - last:
        redrive = queues[name]["Properties"]["RedrivePolicy"]
        assert target(redrive["deadLetterTargetArn"]) in queues, name
        assert redrive["maxReceiveCount"] == 5, name
    for name in last:
        assert queues[name]["Properties"]["MessageRetentionPeriod"] == 14 * 86_400, name


def test_no_two_queues_share_their_dead_letters(each: Resources) -> None:
    redrives = [
        target(queue["Properties"]["RedrivePolicy"]["deadLetterTargetArn"])
        for queue in of_type(each, "AWS::SQS::Queue").values()
        if "RedrivePolicy" in queue["Properties"]
    ]

    assert len(redrives) == len(set(redrives))


def test_an_alarm_watches_every_dead_letter_queue(each: Resources) -> None:
    assert dead_letters(each) == watched(each, "ApproximateNumberOfMessagesVisible")


def test_an_alarm_watches_the_age_of_every_working_queue(each: Resources) -> None:
    queues = of_type(each, "AWS::SQS::Queue").keys() - dead_letters(each)

    assert queues == watched(each, "ApproximateAgeOfOldestMessage")


def test_a_queue_hides_a_message_while_its_function_may_still_be_at_it(
    resources: Resources,
) -> None:
    sources = mappings(resources, "AWS::SQS::Queue")

    assert len(sources) == 5
    for name, mapping in sources.items():
        queue = resources[target(mapping["EventSourceArn"])]["Properties"]
        function = resources[target(mapping["FunctionName"])]["Properties"]
        window = mapping.get("MaximumBatchingWindowInSeconds", 0)
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"] + window, name
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name


def test_the_stream_carries_heads_in_partial_batches_and_ends_in_a_watched_queue(
    resources: Resources,
) -> None:
    ((_, mapping),) = mappings(resources, "AWS::DynamoDB::Table").items()

    (pattern,) = mapping["FilterCriteria"]["Filters"]
    assert '"sk": {"S": ["#HEAD"]}' in pattern["Pattern"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] >= 1
    assert target(mapping["DestinationConfig"]["OnFailure"]["Destination"]) in dead_letters(
        resources
    )
    assert target(mapping["FunctionName"]) in watched(resources, "IteratorAge")


def test_what_a_schedule_wakes_has_a_place_for_failures_and_an_alarm_for_silence(
    resources: Resources,
) -> None:
    rules = of_type(resources, "AWS::Events::Rule")
    configured = {
        target(one["Properties"]["FunctionName"]): one["Properties"]
        for one in of_type(resources, "AWS::Lambda::EventInvokeConfig").values()
    }

    assert rules
    for rule in rules.values():
        for aim in rule["Properties"]["Targets"]:
            function = target(aim["Arn"])
            assert aim["DeadLetterConfig"]["Arn"]
            assert configured[function]["DestinationConfig"]["OnFailure"]["Destination"]
            assert function in watched(resources, "Invocations")


@pytest.mark.parametrize(
    ("queue", "policy"),
    [
        ("DispatchQueue", {"state": ["SUBMITTED", "ACCEPTED"]}),
        ("FeedbackQueue", {"events": ["invited"]}),
        ("FollowQueue", {"events": ["passed-on", "followers-released"]}),
    ],
)
def test_the_topic_gives_each_queue_raw_what_it_asks_for(
    resources: Resources, queue: str, policy: dict[str, list[str]]
) -> None:
    (subscription,) = (
        one["Properties"]
        for one in of_type(resources, "AWS::SNS::Subscription").values()
        if target(one["Properties"]["Endpoint"]) == queue
    )

    assert subscription["RawMessageDelivery"] is True
    assert subscription["FilterPolicy"] == policy
    assert subscription["RedrivePolicy"]["deadLetterTargetArn"]


def test_every_alarm_can_tell_somebody(each: Resources) -> None:
    alarms = of_type(each, "AWS::CloudWatch::Alarm")

    assert alarms
    for name, alarm in alarms.items():
        (action,) = alarm["Properties"]["AlarmActions"]
        assert action["Fn::If"][:2] == ["HasAlarmTopic", {"Ref": "AlarmTopic"}], name


def test_an_alarm_watches_each_thing_that_a_sweep_could_leave_undone(resources: Resources) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    watched_by = {one["Properties"]["MetricName"]: one["Properties"] for one in alarms}

    for metric in ("OldestDueAge", "TicksFailed", "RecountsFailed", "CalendarDaysLeft"):
        assert watched_by[metric]["Namespace"] == "Lianxin"
        assert watched_by[metric]["Dimensions"] == [{"Name": "service", "Value": "deadlines"}]
        assert f'"{metric}"' in (ROOT / "functions/deadlines/app.py").read_text("utf-8"), metric


def test_an_alarm_tells_that_a_city_dispatches_without_what_it_learned(
    resources: Resources,
) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    (alarm,) = [one for one in alarms if one["Properties"]["MetricName"] == "ModelUnusable"]

    assert alarm["Properties"]["Namespace"] == "Lianxin"
    assert alarm["Properties"]["Dimensions"] == [{"Name": "service", "Value": "dispatch"}]
    assert '"ModelUnusable"' in (ROOT / "functions/dispatch/app.py").read_text("utf-8")


def test_a_sweep_lives_as_long_as_its_work_may_take_and_no_longer_than_its_lease(
    resources: Resources,
) -> None:
    """It ticks, puts off what failed, and then counts anew, each within its time."""
    lives = resources["Sweep"]["Properties"]["Timeout"]

    assert 2 * sweeping.BUDGET + recounting.BUDGET < lives <= HELD.total_seconds()
