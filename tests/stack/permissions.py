"""What functions call and what their roles allow, both as an IAM action on a resource.

A permission reads `dynamodb:Query CasesTable/index/alarm`: the resource goes by its logical id in
the template, and by its own name where it is not in there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase

from infra.local.cloud import Call
from infra.local.stack import Stack
from tests.template.reading import of_type, target, translated

_ARN = re.compile(r"arn:aws:[a-z]+:[a-z0-9-]+:\d{12}:(?:table/|key/|log-group:|secret:)?")

_OF_A_QUEUE = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
_OF_A_STREAM = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")


class Permissions:
    """The permissions of a started stack."""

    def __init__(self, stack: Stack) -> None:
        self.calls: dict[str, set[str]] = {}
        """What each function called while this was `recording`."""
        self._stack = stack
        self._resources = translated("template.yaml")
        listed = stack.cloud.client("cloudformation").list_stack_resources(StackName="lianxin")
        self._logical: dict[str, str] = {
            _short(one["PhysicalResourceId"]): one["LogicalResourceId"]
            for one in listed["StackResourceSummaries"]
        }
        self._logical[_short(stack.environment["SECRET_ID"])] = "MasterSecret"

    @contextmanager
    def recording(self) -> Iterator[None]:
        with self._stack.listening(self._note):
            yield

    def _note(self, call: Call) -> None:
        if call.function is not None:
            noted = self.calls.setdefault(call.function, set())
            noted |= {
                f"{call.service}:{call.operation} {self._named(resource)}"
                for resource in _resources(call)
            }

    def granted(self, function: str) -> set[str]:
        """What the function's role allows, as CloudFormation resolved it."""
        iam = self._stack.cloud.client("iam")
        role = next(name for name, one in self._logical.items() if one == f"{function}Role")
        found: set[str] = set()
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            policy = ast.literal_eval(document)  # moto keeps a policy as Python wrote it
            for statement in policy["Statement"]:
                assert statement.keys() == {"Effect", "Action", "Resource"}
                assert statement["Effect"] == "Allow"
                found |= {
                    f"{action} {self._named(resource)}"
                    for action in _listed(statement["Action"])
                    for resource in _listed(statement["Resource"])
                }
        return found

    def by_the_platform(self, function: str) -> set[str]:
        """What Lambda does in the function's name: logs, event sources, failure destinations."""
        found = {f"logs:{verb} {function}Logs" for verb in ("CreateLogStream", "PutLogEvents")}
        for mapping in of_type(self._resources, "AWS::Lambda::EventSourceMapping").values():
            properties = mapping["Properties"]
            if target(properties["FunctionName"]) == function:
                found |= self._polling(target(properties["EventSourceArn"]))
                found |= _failing(properties)
        for config in of_type(self._resources, "AWS::Lambda::EventInvokeConfig").values():
            if target(config["Properties"]["FunctionName"]) == function:
                found |= _failing(config["Properties"])
        return found

    def _polling(self, source: str) -> set[str]:
        if self._resources[source]["Type"] == "AWS::SQS::Queue":
            return {f"sqs:{verb} {source}" for verb in _OF_A_QUEUE}
        return {f"dynamodb:{verb} {source}/stream/*" for verb in _OF_A_STREAM}

    def _named(self, resource: str) -> str:
        physical, slash, part = _short(resource).partition("/")
        if part.startswith("stream/"):
            part = "stream/*"  # its own name is the time at which the table was made
        return self._logical.get(physical, physical) + slash + part


def _failing(properties: dict[str, dict[str, dict[str, object]]]) -> set[str]:
    failure = properties.get("DestinationConfig", {}).get("OnFailure")
    return {f"sqs:SendMessage {target(failure['Destination'])}"} if failure else set()


def _resources(call: Call) -> list[str]:
    """What IAM would check a call's permission on."""
    request = call.request
    match call.service:
        case "dynamodb":
            index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
            names = request.get("RequestItems") or [request["TableName"]]
            return [f"{name}{index}" for name in names]
        case "sns":
            return [request["TopicArn"]]
        case "sqs":
            return [request.get("QueueName") or request["QueueUrl"]]
        case "secretsmanager":
            return [request["SecretId"]]
        case "kms":
            return [request["KeyId"]]
    raise AssertionError(f"no function was meant to call {call.service}")


def covers(allowed: str, called: str) -> bool:
    """Whether a permission is one for this call."""
    (action, pattern), (wanted, resource) = allowed.split(" "), called.split(" ")
    return action == wanted and fnmatchcase(resource, pattern)


def _short(resource: str) -> str:
    """The name in an ARN, in the URL of a queue, or as it is."""
    return _ARN.sub("", resource.rpartition("/")[2] if "://" in resource else resource)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
