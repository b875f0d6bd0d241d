"""What the template must keep: nothing lost, nothing open, nothing forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.template.reading import Resources, of_type, target, written

KEPT = {
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::SecretsManager::Secret",
    "AWS::Logs::LogGroup",
}
LEAST_LOG_DAYS = 184  # six months, Cybersecurity Law of the PRC


def statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        statement
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_what_is_kept_outlives_the_stack(resources: Resources) -> None:
    kept = {name: one for name, one in resources.items() if one["Type"] in KEPT}

    assert {one["Type"] for one in kept.values()} == KEPT
    for name, one in kept.items():
        assert one.get("DeletionPolicy") == one.get("UpdateReplacePolicy") == "Retain", name


def test_tables_are_encrypted_restorable_and_protected(resources: Resources) -> None:
    for name, table in of_type(resources, "AWS::DynamoDB::Table").items():
        properties = table["Properties"]
        assert properties["SSESpecification"]["SSEEnabled"] is True, name
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], name
        assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}


def test_queues_and_topics_are_encrypted(each: Resources) -> None:
    for name, queue in of_type(each, "AWS::SQS::Queue").items():
        assert queue["Properties"]["SqsManagedSseEnabled"] is True, name
    for name, topic in of_type(each, "AWS::SNS::Topic").items():
        assert topic["Properties"]["KmsMasterKeyId"], name


def test_every_function_has_a_role_of_its_own_and_a_kept_log(resources: Resources) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")
    roles = [target(one["Properties"]["Role"]) for one in functions.values()]

    assert len(roles) == len(set(roles)) == 10
    for (name, one), role in zip(functions.items(), roles, strict=True):
        group = target(one["Properties"]["LoggingConfig"]["LogGroup"])
        (writes,) = (s for s in statements(resources[role]) if "logs:PutLogEvents" in s["Action"])
        assert resources[group]["Type"] == "AWS::Logs::LogGroup", name
        assert target(writes["Resource"]) == group, name


def test_logs_are_kept_for_six_months_whatever_is_chosen(resources: Resources) -> None:
    parameter = written("template.yaml")["Parameters"]["LogRetentionDays"]
    assert min(parameter["AllowedValues"]) >= LEAST_LOG_DAYS
    assert parameter["Default"] in parameter["AllowedValues"]
    for group in of_type(resources, "AWS::Logs::LogGroup").values():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_no_role_may_do_anything_anywhere(each: Resources) -> None:
    for name, role in of_type(each, "AWS::IAM::Role").items():
        for statement in statements(role):
            assert all("*" not in action for action in as_list(statement["Action"])), name
            assert "*" not in as_list(statement["Resource"]), name
            assert not statement.keys() & {"NotAction", "NotResource"}, name


def test_functions_take_no_managed_policy_since_those_allow_all_queues(
    resources: Resources,
) -> None:
    for function in of_type(resources, "AWS::Lambda::Function").values():
        role = resources[target(function["Properties"]["Role"])]
        assert "ManagedPolicyArns" not in role["Properties"]


def test_queue_policies_let_in_one_named_sender_each(each: Resources) -> None:
    for name, policy in of_type(each, "AWS::SQS::QueuePolicy").items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert all("*" not in action for action in as_list(statement["Action"])), name
            assert statement["Principal"] != "*", name
            assert "Service" not in statement["Principal"] or "Condition" in statement, name


def test_a_function_may_only_read_queues_that_wake_it(resources: Resources) -> None:
    woken: dict[str, set[str]] = {}
    for mapping in of_type(resources, "AWS::Lambda::EventSourceMapping").values():
        function = resources[target(mapping["Properties"]["FunctionName"])]
        reader = target(function["Properties"]["Role"])
        woken.setdefault(reader, set()).add(target(mapping["Properties"]["EventSourceArn"]))
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        reads = {
            target(one)
            for statement in statements(role)
            if "sqs:ReceiveMessage" in statement["Action"]
            for one in as_list(statement["Resource"])
        }
        assert reads <= woken.get(name, set()), name


@pytest.mark.parametrize("function", ["Intake", "Desk", "Feedback"])
def test_the_api_calls_a_function_by_one_permission(resources: Resources, function: str) -> None:
    permissions = [
        one
        for one in of_type(resources, "AWS::Lambda::Permission").values()
        if one["Properties"]["Principal"] == "apigateway.amazonaws.com"
        and target(one["Properties"]["FunctionName"]) == function
    ]

    assert len(permissions) == 1


def test_the_api_is_regional_throttled_and_logged(resources: Resources) -> None:
    (api,) = of_type(resources, "AWS::ApiGateway::RestApi").values()
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    (settings,) = stage["Properties"]["MethodSettings"]
    log_format = stage["Properties"]["AccessLogSetting"]["Format"]

    assert api["Properties"]["EndpointConfiguration"]["Types"] == ["REGIONAL"]
    assert settings["ThrottlingRateLimit"] == {"Ref": "RequestRate"}
    assert settings["ThrottlingBurstLimit"] == {"Ref": "RequestBurst"}
    for personal in ("sourceIp", "$context.path", "authorizer", "userAgent"):
        assert personal not in log_format
