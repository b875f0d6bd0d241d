"""From a created stack to the parts that play it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from infra.local.cloud import Cloud
from infra.local.functions import Function
from infra.local.gateway import Gateway
from infra.local.queues import QueuePoller
from infra.local.schedule import Schedule
from infra.local.sources import PARTIAL
from infra.local.streams import Rules, StreamPoller
from infra.local.translate import Blueprint, TemplateError

Resolve = Callable[[Any], Any]


class Wiring:
    """Reads the resolved template and makes functions, sources, schedules and the gateway."""

    def __init__(
        self,
        cloud: Cloud,
        blueprint: Blueprint,
        resolve: Resolve,
        now: Callable[[], datetime],
        deliveries: int,
    ) -> None:
        self._cloud = cloud
        self._blueprint = blueprint
        self._resolve = resolve
        self._now = now
        self._deliveries = deliveries

    def functions(self, limit: int) -> dict[str, Function]:
        """The functions by logical id, each with its resolved environment."""
        return {
            name: Function(
                name,
                self._resolve({"Fn::GetAtt": [name, "Arn"]}),
                source.folder,
                source.handler,
                self._environment(name),
                limit,
            )
            for name, source in self._blueprint.functions.items()
        }

    def _environment(self, name: str) -> dict[str, str]:
        properties = self._blueprint.created("AWS::Lambda::Function")[name]
        variables = self._resolve(properties.get("Environment", {}).get("Variables", {}))
        return {key: str(value) for key, value in variables.items()}

    def shared_environment(self) -> dict[str, str]:
        """The variables that all functions have with one value."""
        all_of_them = [self._environment(name).items() for name in self._blueprint.functions]
        return dict(set.intersection(*map(set, all_of_them))) if all_of_them else {}

    def sources(
        self, functions: Mapping[str, Function]
    ) -> tuple[list[QueuePoller], list[StreamPoller]]:
        """The event source mappings."""
        queues: list[QueuePoller] = []
        streams: list[StreamPoller] = []
        by_arn = {one.arn: one for one in functions.values()}
        for name, written in self._blueprint.of_type("AWS::Lambda::EventSourceMapping").items():
            function = by_arn[self._function_arn(written["FunctionName"])]
            mapping = self._resolve(dict(written))
            arn = mapping["EventSourceArn"]
            if ":sqs:" in arn:
                queues.append(self._queue(name, function, mapping))
            elif ":dynamodb:" in arn:
                streams.append(self._stream(function, mapping))
            else:
                raise TemplateError(f"{name}: the local stack plays no source like {arn}")
        return queues, streams

    def _function_arn(self, reference: Mapping[str, Any]) -> str:
        name = reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]
        return str(self._resolve({"Fn::GetAtt": [name, "Arn"]}))

    def _queue(self, name: str, function: Function, mapping: Mapping[str, Any]) -> QueuePoller:
        if "FilterCriteria" in mapping:
            raise TemplateError(f"{name}: the local stack plays no filter on a queue")
        return QueuePoller(
            self._cloud,
            function,
            mapping["EventSourceArn"],
            int(mapping.get("BatchSize", 10)),
            PARTIAL in mapping.get("FunctionResponseTypes", []),
            self._deliveries,
        )

    def _stream(self, function: Function, mapping: Mapping[str, Any]) -> StreamPoller:
        filters = mapping.get("FilterCriteria", {}).get("Filters", [])
        failure = mapping.get("DestinationConfig", {}).get("OnFailure", {})
        rules = Rules(
            batch_size=int(mapping.get("BatchSize", 100)),
            patterns=[json.loads(one["Pattern"]) for one in filters],
            partial=PARTIAL in mapping.get("FunctionResponseTypes", []),
            bisect=mapping.get("BisectBatchOnFunctionError") in (True, "true"),
            retries=int(mapping.get("MaximumRetryAttempts", 10)),
            failure_queue=failure.get("Destination"),
        )
        arn = mapping["EventSourceArn"]
        return StreamPoller(self._cloud, function, arn, rules, self._now, self._deliveries)

    def schedules(self, functions: Mapping[str, Function]) -> list[Schedule]:
        """The rules with a schedule, one for each function that a rule wakes."""
        found = []
        by_arn = {one.arn: one for one in functions.values()}
        configured = self._invoke_configs()
        for name, written in self._blueprint.created("AWS::Events::Rule").items():
            rule = self._resolve(dict(written))
            for target in rule["Targets"]:
                function = by_arn[target["Arn"]]
                config = configured.get(function.name, {})
                found.append(
                    Schedule(
                        self._cloud,
                        function,
                        self._resolve({"Fn::GetAtt": [name, "Arn"]}),
                        rule["ScheduleExpression"],
                        self._now,
                        int(config.get("MaximumRetryAttempts", 2)),
                        config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
                        self._deliveries,
                    )
                )
        return found

    def _invoke_configs(self) -> dict[str, Any]:
        written = self._blueprint.of_type("AWS::Lambda::EventInvokeConfig").values()
        return {one["FunctionName"]["Ref"]: self._resolve(dict(one)) for one in written}

    def gateway(self, functions: Mapping[str, Function]) -> Gateway | None:
        """The REST API, if the template has one."""
        apis = self._blueprint.of_type("AWS::ApiGateway::RestApi")
        if not apis:
            return None
        ((name, properties),) = apis.items()
        (stage,) = self._blueprint.of_type("AWS::ApiGateway::Stage").values()
        by_arn = {one.arn: one for one in functions.values()}
        # The stage refers to the API, which moto has not got: its name is all that is wanted.
        stage_name = str(self._resolve(stage["StageName"]))
        return Gateway(self._resolve(dict(properties)), name, stage_name, by_arn, self._now)
