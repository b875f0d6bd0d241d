"""A town of throw-away functions, to drive the local stack with the real template.

Its apps set up no logging: it is the process's, and the real functions of the same names have their own.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Files a case in two writes, knows one that is there, and can be asked to misbehave.
INTAKE = '''
import base64, json, os
import boto3
from chalice import Chalice, Response
from tests.local.ledger import note

app = Chalice(app_name="intake", configure_logs=False)
app.debug = False
loaded = {"handled": 0}


@app.route("/v1/cases", methods=["POST"])
def file():
    loaded["handled"] += 1
    wanted = app.current_request.json_body
    number = wanted["number"]
    table = boto3.client("dynamodb")
    for sk in ("BODY", "#HEAD"):
        table.put_item(
            TableName=os.environ["CASES_TABLE"],
            Item={"pk": {"S": number}, "sk": {"S": sk}, "state": {"S": wanted.get("state", "SUBMITTED")}},
        )
    return Response({"case_number": number, "handled": loaded["handled"]}, status_code=201)


@app.route("/v1/cases/{case_number}")
def show(case_number):
    note("show", app.current_request.to_dict())
    return {"case_number": case_number}


@app.route("/v1/cases/{case_number}/urges", methods=["POST"])
def urge(case_number):
    """Counts by reading, adding and writing back on condition that nobody came between."""
    table, key = boto3.client("dynamodb"), {"pk": {"S": case_number}, "sk": {"S": "#HEAD"}}
    name = os.environ["CASES_TABLE"]
    urges = int(table.get_item(TableName=name, Key=key)["Item"].get("urges", {"N": "0"})["N"])
    try:
        table.update_item(
            TableName=name,
            Key=key,
            UpdateExpression="SET urges = :new",
            ConditionExpression="attribute_not_exists(urges) OR urges = :old",
            ExpressionAttributeValues={":new": {"N": str(urges + 1)}, ":old": {"N": str(urges)}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return Response({"urges": urges}, status_code=409)
    return {"urges": urges + 1}


@app.route("/v1/catalogue")
def catalogue():
    raise RuntimeError("the catalogue burnt down")


@app.route("/v1/health")
def health():
    note("environment", dict(os.environ))
    return Response(b"\\x00\\xff", headers={"Content-Type": "image/png", "X-Two": ["a", "b"]})
'''

RELAY = """
import json, os
import boto3
from chalice import Chalice
from tests.local.ledger import note

app = Chalice(app_name="relay", configure_logs=False)


@app.on_dynamodb_record(stream_arn="CasesTable")
def publish(event):
    note("stream", event.to_dict()["Records"])
    failed = []
    for record in event:
        number, state = record.keys["pk"]["S"], record.new_image["state"]["S"]
        if number == "crash":
            raise RuntimeError("a record that nobody can read")
        if number == "poison":
            failed.append({"itemIdentifier": record.sequence_number})
            break
        boto3.client("sns").publish(
            TopicArn=os.environ["EVENTS_TOPIC"],
            Message=json.dumps({"case_number": number}),
            MessageAttributes={
                "state": {"DataType": "String", "StringValue": state},
                "events": {"DataType": "String.Array", "StringValue": json.dumps([state.lower()])},
            },
        )
        note("published", number)
    return {"batchItemFailures": failed}


@app.on_sqs_message(queue="RelayQueue")
def republish(event):
    note("republish", [record.body for record in event])
"""

DISPATCH = """
import json
from chalice import Chalice
from tests.local.ledger import note

app = Chalice(app_name="dispatch", configure_logs=False)


@app.on_sqs_message(queue="DispatchQueue")
def route(event):
    note("dispatch", event.to_dict()["Records"])
    failed = []
    for record in event:
        if json.loads(record.body)["case_number"] == "sour":
            failed.append({"itemIdentifier": record.to_dict()["messageId"]})
        else:
            note("dispatched", json.loads(record.body)["case_number"])
    return {"batchItemFailures": failed}


@app.on_sqs_message(queue="FollowQueue")
def follow(event):
    note("followed", [record.body for record in event])
"""

FEEDBACK = """
from chalice import Chalice
from tests.local.ledger import note

app = Chalice(app_name="feedback", configure_logs=False)


@app.route("/v1/cases/{case_number}/rating", methods=["POST"])
def rate(case_number):
    return {}


@app.on_sqs_message(queue="FeedbackQueue")
def invite(event):
    note("invited", [record.body for record in event])
"""

DEADLINES = """
import os
import boto3
from chalice import Chalice
from tests.local.ledger import note, noted

app = Chalice(app_name="deadlines", configure_logs=False)


@app.schedule("rate(1 minute)")
def sweep(event):
    note("tick", event.to_dict())
    if noted("clock stands still"):
        raise RuntimeError("the clock stands still")
    boto3.client("sqs").send_message(QueueUrl=os.environ["SWEEP_QUEUE"], MessageBody="0")


@app.on_sqs_message(queue="SweepQueue")
def shard(event):
    note("swept", [record.body for record in event])
"""

DESK = '''
from chalice import Chalice

app = Chalice(app_name="desk", configure_logs=False)


@app.route("/v1/desk/worklist")
def worklist():
    return ["not", "an", "object"]


@app.route("/v1/desk/cases/{case_number}")
def show(case_number):
    return {"case_number": case_number}


@app.route("/v1/desk/cases/{case_number}/{command}", methods=["POST"])
def change(case_number, command):
    return {"command": command}


whole_app = app


def app(event, context):
    """A door that answers something API Gateway cannot send."""
    return "nonsense" if event["path"].endswith("worklist") else whole_app(event, context)
'''

FUNCTIONS = {
    "deadlines": DEADLINES,
    "desk": DESK,
    "dispatch": DISPATCH,
    "feedback": FEEDBACK,
    "intake": INTAKE,
    "relay": RELAY,
}


def build(root: Path, **changed: str) -> Path:
    """Lay the town out under `root`: the project's own templates, and functions from here."""
    (root / "infra" / "units").mkdir(parents=True)
    for name in ("template.yaml", "infra/units/unit-queue.yaml"):
        shutil.copy(ROOT / name, root / name)
    for folder, source in {**FUNCTIONS, **changed}.items():
        (root / "functions" / folder).mkdir(parents=True)
        (root / "functions" / folder / "app.py").write_text(source, encoding="utf-8")
    return root
