"""A door: a Chalice app with one way of answering, and Powertools as its middleware."""

import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from chalice.app import Chalice, ConvertToMiddleware, Response
from pydantic import BaseModel

from casework.edge.ask import Ask
from casework.edge.problems import Answer, Reader, problem_of
from casework.runtime import world

NAMESPACE = "Lianxin"


@dataclass(frozen=True)
class Reply:
    """What a handler answers: a shape, a status, and headers beside the usual ones."""

    body: BaseModel
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Door:
    """A function's app with what it logs and measures by. A log line carries no personal data."""

    app: Chalice
    logger: Logger
    metrics: Metrics

    def route(self, path: str, method: str = "GET") -> Callable[[Callable[..., Reply]], Any]:
        """Answer this route. The handler gets an `Ask` and the path's parameters."""

        def register(handler: Callable[..., Reply]) -> Callable[..., Response]:
            @wraps(handler)
            def answer(**parameters: str) -> Response:
                return self._answer(handler, parameters)

            self.app.route(path, methods=[method], content_types=[])(answer)
            return answer

        return register

    def _answer(self, handler: Callable[..., Reply], parameters: dict[str, str]) -> Response:
        request = self.app.current_request
        assert request is not None, "chalice calls a route with a request"
        here = world()
        ask = Ask(
            world=here,
            path=request.path,
            headers=request.headers,
            query=request.query_params or {},
            raw=_bytes(request.raw_body),
            source=request.context.get("identity", {}).get("sourceIp") or "",
        )
        try:
            reply = handler(ask, **parameters)
        except Exception as error:  # noqa: BLE001 - the caller always gets a problem, never a trace
            reader = Reader(here, ask.language, desk=ask.desk)
            return self._problem(problem_of(error, reader), ask, error)
        return _json(reply.body, reply.status, "application/json", reply.headers, ask)

    def _problem(self, answer: Answer, ask: Ask, error: Exception) -> Response:
        problem, headers = answer
        if problem.status >= 500:
            # Only where it happened: a message may quote what a citizen wrote.
            where = traceback.format_tb(error.__traceback__)[-6:]
            self.logger.error(
                "failed", extra={"kind": type(error).__name__, "code": problem.code, "where": where}
            )
        else:
            self.logger.info("refused", extra={"code": problem.code, "status": problem.status})
        return _json(problem, problem.status, "application/problem+json", headers, ask)


def _json(body: BaseModel, status: int, kind: str, headers: dict[str, str], ask: Ask) -> Response:
    usual = {
        "Content-Type": f"{kind}; charset=utf-8",
        "Content-Language": ask.language,
        "Cache-Control": "no-store",
        "Vary": "Accept-Language, Authorization, Access-Code",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(
        body=body.model_dump_json(exclude_none=True),
        status_code=status,
        headers={**usual, **headers},
    )


def _bytes(body: str | bytes) -> bytes:
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body


def door(name: str) -> Door:
    """The app of a function, with its logger and its metrics in place."""
    app = Chalice(app_name=name, configure_logs=False)
    # A request that counts nothing is no fault.
    warnings.filterwarnings("ignore", "No application metrics to publish")
    logger, metrics = Logger(service=name), Metrics(namespace=NAMESPACE, service=name)
    app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context))
    app.register_middleware(ConvertToMiddleware(metrics.log_metrics))
    return Door(app, logger, metrics)
