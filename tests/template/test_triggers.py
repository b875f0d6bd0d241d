"""The triggers of the template and the decorators of the Chalice apps say the same.

A decorator names its source by the logical id in template.yaml: `queue="DispatchQueue"`,
`stream_arn="CasesTable"`.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice, DynamoDBEventConfig, ScheduledEventConfig, SQSEventConfig

from tests.template.reading import ROOT, Resources, of_type, target, written

FOLDERS = ("deadlines", "desk", "dispatch", "feedback", "intake", "relay")
ENVIRONMENT = {
    *("CASES_TABLE", "SETTINGS_TABLE", "EVENTS_TOPIC", "SWEEP_QUEUE", "RELAY_QUEUE"),
    *("UNIT_QUEUE_PREFIX", "SECRET_ID", "DATA_KEY", "TOKEN_ISSUER", "TOKEN_AUDIENCE"),
    *("TOKEN_JWKS_URI", "CITY_TZ", "ALARM_SHARDS", "WORKLIST_SHARDS"),
    *("POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "LOG_LEVEL"),
}


@dataclass(frozen=True)
class Trigger:
    """What wakes a handler, told alike by template and decorator."""

    folder: str
    handler: str
    kind: str
    source: str
    batch_size: int = 0
    window: int = 0


@pytest.fixture(scope="module")
def apps() -> Iterator[dict[str, Chalice]]:
    """The Chalice app of every folder, each loaded under a name of its own."""
    loaded = {one: load(ROOT / "functions" / one / "app.py") for one in FOLDERS}
    yield {folder: module.app for folder, module in loaded.items()}
    for module in loaded.values():
        del sys.modules[module.__name__]


def load(path: Path) -> Any:
    name = f"triggers_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def functions() -> dict[str, tuple[str, str]]:
    """Logical id of each function → (folder, handler's name in app.py)."""
    return {
        name: (one["Properties"]["CodeUri"].removeprefix("functions/"), handler(one))
        for name, one in written("template.yaml")["Resources"].items()
        if one["Type"] == "AWS::Serverless::Function"
    }


def handler(function: dict[str, Any]) -> str:
    module, name = function["Properties"]["Handler"].split(".")
    assert module == "app"
    return str(name)


def declared(resources: Resources) -> set[Trigger]:
    """The triggers in the template."""
    by_id, found = functions(), set()
    for mapping in of_type(resources, "AWS::Lambda::EventSourceMapping").values():
        properties = mapping["Properties"]
        source = target(properties["EventSourceArn"])
        kind = "queue" if resources[source]["Type"] == "AWS::SQS::Queue" else "stream"
        window = properties.get("MaximumBatchingWindowInSeconds", 0)
        folder, name = by_id[target(properties["FunctionName"])]
        found.add(Trigger(folder, name, kind, source, properties["BatchSize"], window))
    for rule in of_type(resources, "AWS::Events::Rule").values():
        for aim in rule["Properties"]["Targets"]:
            folder, name = by_id[target(aim["Arn"])]
            expression = rule["Properties"]["ScheduleExpression"]
            found.add(Trigger(folder, name, "schedule", expression))
    return found


def decorated(folder: str, app: Chalice) -> set[Trigger]:
    """The triggers in the app's decorators."""
    return {trigger(folder, event) for event in app.event_sources}


def trigger(folder: str, event: Any) -> Trigger:
    name = event.handler_string.removeprefix("app.")
    match event:
        case SQSEventConfig():
            window = event.maximum_batching_window_in_seconds
            return Trigger(folder, name, "queue", str(event.queue), event.batch_size, window)
        case DynamoDBEventConfig():
            window = event.maximum_batching_window_in_seconds
            return Trigger(folder, name, "stream", event.stream_arn, event.batch_size, window)
        case ScheduledEventConfig():
            expression = event.schedule_expression
            text = expression if isinstance(expression, str) else expression.to_string()
            return Trigger(folder, name, "schedule", text)
        case _:
            raise AssertionError(f"the template has no such trigger: {event!r}")


def routes(resources: Resources) -> set[tuple[str, str, str]]:
    """(folder, METHOD, path) of the API in the template."""
    by_id = functions()
    (api,) = of_type(resources, "AWS::ApiGateway::RestApi").values()
    found = set()
    for path, methods in api["Properties"]["Body"]["paths"].items():
        for method, operation in methods.items():
            uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            function = uri.partition("${AWS::Region}:lambda:")[2].split("${")[1].split(".Arn}")[0]
            folder, name = by_id[function]
            assert name == "app", "a route must lead to the Chalice app itself"
            found.add((folder, method.upper(), path))
    return found


def test_queues_stream_and_schedule_are_those_of_the_decorators(
    resources: Resources, apps: dict[str, Chalice]
) -> None:
    assert declared(resources) == set().union(*(decorated(*one) for one in apps.items()))


def test_routes_are_those_of_the_decorators(resources: Resources, apps: dict[str, Chalice]) -> None:
    in_code = {
        (folder, method, path)
        for folder, app in apps.items()
        for path, methods in app.routes.items()
        for method in methods
    }

    assert routes(resources) == in_code


def test_every_handler_is_there(apps: dict[str, Chalice]) -> None:
    for folder, name in functions().values():
        module = sys.modules[f"triggers_{folder}"]
        assert callable(getattr(module, name, None)), f"functions/{folder}/app.py lacks {name}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_shares_the_stage_settings(folder: str) -> None:
    link = ROOT / "functions" / folder / ".chalice" / "config.json"

    assert link.is_symlink()
    assert link.resolve() == ROOT / "chalice.json"
    assert json.loads(link.read_text(encoding="utf-8"))["app_name"] == "lianxin"


def test_every_function_has_the_whole_environment(resources: Resources) -> None:
    services = []
    for name, one in of_type(resources, "AWS::Lambda::Function").items():
        variables = one["Properties"]["Environment"]["Variables"]
        assert variables.keys() == ENVIRONMENT, name
        services.append(variables["POWERTOOLS_SERVICE_NAME"])
    assert len(services) == len(set(services))
