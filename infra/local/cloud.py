"""AWS on the laptop: moto in this process, one call at a time, and a place to listen in."""

from __future__ import annotations

import json
import os
import secrets
import string
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import boto3
from botocore.handlers import BUILTIN_HANDLERS
from moto import mock_aws
from moto.cloudformation.models import cloudformation_backends
from moto.cloudformation.parsing import clean_json
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.sqs.models import sqs_backends

from infra.local import quicker
from infra.local.translate import Blueprint

ACTOR: ContextVar[str | None] = ContextVar("actor", default=None)
"""Logical id of the function that runs in this thread; None outside of functions."""

_READS = ("Get", "BatchGet", "Query", "Scan", "Receive", "Describe", "List", "ChangeMessage")


@dataclass(frozen=True)
class Call:
    """One AWS call, as seen by those who listen.

    `service` is botocore's name (`dynamodb`), `operation` the API's (`PutItem`), `request` the
    wire parameters, `function` the logical id of the caller or None for the stack and the tests.
    """

    service: str
    operation: str
    request: Mapping[str, Any]
    function: str | None


Listener = Callable[[Call], None]


class Cloud:
    """moto, from `start` to `stop`. There is one in a process at a time."""

    _running: Cloud | None = None

    def __init__(self, region: str) -> None:
        self.region = region
        self.calls = 0
        self.changes = 0
        self._before: list[Listener] = []
        self._after: list[Listener] = []
        self._lock = threading.RLock()
        self._changed = threading.Condition(threading.Lock())
        self._undo: list[Callable[[], None]] = []
        self._clients: dict[str, Any] = {}
        self._physical: dict[str, str] = {}

    def start(self) -> None:
        """Start moto with dummy credentials, whatever the machine's own AWS settings are."""
        if Cloud._running is not None:
            raise RuntimeError("a local stack runs in this process already: stop it first")
        own = patch.dict(os.environ, _environment(self.region))
        own.start()
        self._undo.append(own.stop)
        for name in [n for n in os.environ if n.startswith("AWS_ENDPOINT") or n == "AWS_PROFILE"]:
            del os.environ[name]
        moto = mock_aws(config={"core": {"mock_credentials": False}})
        moto.start()
        self._undo.append(moto.stop)
        answer = botocore_stubber.process_request
        one_at_a_time = patch.object(
            botocore_stubber, "process_request", lambda request: self._process(answer, request)
        )
        one_at_a_time.start()
        self._undo.append(one_at_a_time.stop)
        self._undo.append(quicker.install())
        Cloud._running = self

    def stop(self) -> None:
        """Forget everything and give the process its environment back."""
        Cloud._running = None
        while self._undo:
            self._undo.pop()()
        self._clients.clear()

    def client(self, service: str) -> Any:
        """A boto3 client for the stack's own use."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = boto3.client(service)  # type: ignore[call-overload]
            return self._clients[service]

    def create(self, name: str, blueprint: Blueprint) -> Callable[[Any], Any]:
        """Create a stack; give back what resolves a value with intrinsic functions in it."""
        parameters = dict(blueprint.parameters)
        for logical_id, properties in blueprint.of_type("AWS::SecretsManager::Secret").items():
            parameters[logical_id] = self._create_secret(properties)
        self.client("cloudformation").create_stack(
            StackName=name,
            TemplateBody=json.dumps(blueprint.template),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
        )
        stacks = cloudformation_backends[DEFAULT_ACCOUNT_ID][self.region].stacks.values()
        (stack,) = (one for one in stacks if one.name == name)
        for properties in blueprint.of_type("AWS::SNS::Subscription").values():
            self._subscribe(clean_json(properties, stack.resource_map))
        return lambda value: clean_json(value, stack.resource_map)

    def send(self, queue_arn: str, document: Mapping[str, Any]) -> None:
        """Put a JSON document into a queue."""
        sqs = self.client("sqs")
        url = sqs.get_queue_url(QueueName=queue_arn.rpartition(":")[2])["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(document))

    def has_messages(self, queue_arn: str) -> bool:
        """Whether the queue shows a message now. No AWS call, so that an idle queue costs none."""
        sqs = sqs_backends[DEFAULT_ACCOUNT_ID][self.region]
        with self._lock:
            return bool(sqs.get_queue(queue_arn.rpartition(":")[2]).messages)

    @contextmanager
    def listening(
        self, before: Listener | None = None, after: Listener | None = None
    ) -> Iterator[None]:
        """Call `before` and `after` each AWS call of this process, in the caller's thread.

        What a listener raises goes through the AWS call to its caller: a BaseException of the
        test's own is a crash at this point, before the call or after it took effect.
        """
        chosen = [(self._before, before), (self._after, after)]
        for listeners, one in chosen:
            if one is not None:
                listeners.append(one)
        try:
            yield
        finally:
            for listeners, one in chosen:
                if one is not None:
                    listeners.remove(one)

    def wait_for_change(self, seen: int, seconds: float) -> None:
        """Wait until something was written after `changes` stood at `seen`, or time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self.changes != seen, timeout=seconds)

    def wake(self) -> None:
        """Let those go on who wait for a change."""
        with self._changed:
            self.changes += 1
            self._changed.notify_all()

    def _process(self, answer: Callable[[Any], Any], request: Any) -> Any:
        # moto's conditional writes are not atomic between threads.
        with self._lock:
            self.calls += 1
            result = answer(request)
        target = request.headers.get("X-Amz-Target", b"")
        name = target.decode() if isinstance(target, bytes) else target
        if not name.rpartition(".")[2].startswith(_READS):
            self.wake()
        return result

    def _create_secret(self, properties: Mapping[str, Any]) -> str:
        wanted = properties["GenerateSecretString"]
        letters = string.ascii_letters + string.digits
        text = "".join(secrets.choice(letters) for _ in range(wanted.get("PasswordLength", 32)))
        made = self.client("secretsmanager").create_secret(Name="master", SecretString=text)
        return str(made["ARN"])

    def _subscribe(self, properties: Mapping[str, Any]) -> None:
        attributes = {"FilterPolicyScope": properties.get("FilterPolicyScope")}
        for name in ("FilterPolicy", "RedrivePolicy", "RawMessageDelivery"):
            if name in properties:
                attributes[name] = json.dumps(properties[name])
        self.client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            Attributes={name: value for name, value in attributes.items() if value},
        )


def _environment(region: str) -> dict[str, str]:
    return {
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # moto does not know the account's own address of DynamoDB streams.
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    }


def _before_call(model: Any, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    cloud = Cloud._running
    if cloud is None or not (cloud._before or cloud._after):
        return
    body = params["body"]
    request = body if isinstance(body, dict) else json.loads(body or "{}")
    call = Call(model.service_model.service_name, model.name, request, ACTOR.get())
    context["lianxin_call"] = call
    for listener in list(cloud._before):
        listener(call)


def _after_call(context: Mapping[str, Any], **_: Any) -> None:
    cloud, call = Cloud._running, context.get("lianxin_call")
    if cloud is not None and call is not None:
        for listener in list(cloud._after):
            listener(call)


# As moto does it: every client of this process that is made from here on is listened to.
BUILTIN_HANDLERS.append(("before-call", _before_call))
BUILTIN_HANDLERS.append(("after-call", _after_call))
