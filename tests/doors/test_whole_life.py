"""One case through the doors from filing to rating, by the fixtures as they stand; and the logs."""

from __future__ import annotations

import io
import json

from functions.intake.app import app as intake
from tests.doors.driving import NAME, PHONE, TEXT, Api, Context, payload


def test_the_documented_events_are_served_as_they_are(api: Api) -> None:
    for name in ("api_post", "api_post_base64"):
        event = payload(name)
        first, again = intake(event, Context()), intake(payload(name), Context())

        assert first["statusCode"] == 201
        assert first["body"] == again["body"], "sent again, answered the same"

    heads = [item for item in api.world.stored() if item["sk"] == "#HEAD"]
    assert len(heads) == 1, "the same filing, in whichever encoding it came"


def test_from_filing_to_rating(api: Api, said: io.StringIO) -> None:
    case = api.file().dispatched()
    assert case.desk("claim").body["status"] == "HANDLING"
    called = case.desk("contact", {"how": "phone", "result": "reached", "text": f"打给{NAME}"})
    assert called.status == 200
    assert case.desk("message", {"text": f"{NAME}您好，月亮河哪一栋？"}).status == 200
    assert case.citizen("messages", {"text": f"三号楼，电话 {PHONE}"}).status == 200
    assert case.citizen("urges", {"text": "月亮河还没修"}).status == 200
    assert case.desk("reveal", {"reason": "contact"}).body["contact"]["name"] == NAME
    reply = case.desk("reply", {"outcome": "resolved", "text": f"{NAME}您好，月亮河电梯已修好。"})
    assert reply.body["status"] == "AWAITING_RATING"
    rating = {"contacted": True, "resolved": "yes", "overall": 5, "text": "月亮河谢谢"}
    assert case.citizen("rating", rating).body["status"] == "CLOSED"

    # then the citizen reads the whole story
    read = api.get(case.path, headers=case.opened).body
    assert read["text"] == TEXT
    assert read["deadlines"] == []
    assert [action["command"] for action in read["next"]] == ["reopen", "object"]

    # and the logs tell what was refused or measured, never who wrote what (see `said`)
    lines = [json.loads(line) for line in said.getvalue().splitlines() if line.startswith("{")]
    assert all("text" not in line and "body" not in line for line in lines)
