"""The least that any function of this kind imports: the line to compare with (`lianxin bench imports`).

Chalice, Powertools' Logger and Metrics as middleware, ten pydantic models of six fields (about as
many shapes as one hand-written door has; ours share 113 of them), and one DynamoDB client.
"""

from typing import Literal

import boto3
from aws_lambda_powertools import Logger, Metrics
from botocore.config import Config
from chalice.app import Chalice, ConvertToMiddleware
from pydantic import BaseModel, Field

MODELS = 10

app = Chalice(app_name="bare", configure_logs=False)
logger, metrics = Logger(service="bare"), Metrics(namespace="Bare", service="bare")
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context))
app.register_middleware(ConvertToMiddleware(metrics.log_metrics))

for _ in range(MODELS):

    class Shape(BaseModel):
        """As models are written by default: the validator is built at once."""

        number: str = Field(min_length=1, max_length=40)
        kind: Literal["enquiry", "complaint", "report"] = "enquiry"
        at: str
        version: int = Field(default=1, ge=1)
        note: str | None = None
        more: dict[str, str] = Field(default_factory=dict)


config = Config(retries={"mode": "standard"}, connect_timeout=2, read_timeout=5)
client = boto3.session.Session(region_name="us-east-1").client("dynamodb", config=config)
