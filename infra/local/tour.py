"""The curl lines of the front page: one case from filing to rating, by everyone who has a part."""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.issuer import Who

UNIT = "tingnan-chengguan"
"""Who gets the tour's case: its category and area have a rule in the sample city."""
KEY = "key() { python3 -c 'import uuid; print(uuid.uuid4())'; }"
"""A shell function that names a request: `uuidgen` is not on every machine, Python is."""

PEOPLE: dict[str, tuple[Who, str, str]] = {
    "CITIZEN": (Who("citizen", "citizen-0001"), "诉求人", "citizen"),
    "AGENT": (Who("agent", "A001", "hotline"), "话务员", "hotline agent"),
    "MODERATOR": (Who("moderator", "M001", "hotline"), "审核员", "moderator"),
    "DISPATCHER": (Who("dispatcher", "P001", "hotline"), "派单员", "dispatcher"),
    "OFFICER": (
        Who("officer", "D022", UNIT),
        "承办人员（汀南区城管局）",
        "officer of the district's urban management",
    ),
    "HEAD": (Who("head", "H010", UNIT), "单位负责人", "head of the unit"),
    "SUPERVISOR": (Who("supervisor", "S001", "supervision"), "督办人员", "supervisor"),
    "LEADER": (Who("leader", "L001", "yunting"), "市领导", "leader"),
    "AUDITOR": (Who("auditor", "U001", "supervision"), "审计员", "auditor"),
    "ADMIN": (Who("admin", "X001", "hotline"), "管理员", "administrator"),
    "INTEGRATION": (Who("integration", "I001", "gongshui"), "对接系统", "connected system"),
}
"""Shell variable, account, and the role's name in Chinese and English."""


@dataclass(frozen=True)
class Line:
    """One curl command, with what it does."""

    zh: str
    en: str
    command: str


def tour(base: str) -> list[Line]:
    """The commands in their order. The first two set API, the tokens, NUMBER and CODE for the rest."""
    return [
        Line(
            "先设置：地址、重发的标识、各角色令牌",
            "First: the address, keys for requests, a token for each role",
            f'API={base}/v1\n{KEY}\neval "$(curl -s {base}/tokens.sh)"',
        ),
        Line(
            "市民：提交诉求",
            "Citizen: file a request",
            'ANSWER=$(curl -s $API/cases -H "Authorization: Bearer $CITIZEN" \\\n'
            '  -H "Idempotency-Key: $(key)" -d \'{\n'
            '  "text": "檐下巷的路灯全灭了，巷子里住的多是老人，晚上出门看不见路。",\n'
            '  "kind": "help", "category": "0205", "area": "990102001",\n'
            '  "contact": {"name": "苏先生", "phone": "19900001234"}}\'); echo "$ANSWER"\n'
            'NUMBER=$(echo "$ANSWER" | grep -o \'"case_number":"[0-9]*\' | grep -o \'[0-9]*$\')\n'
            'CODE=$(echo "$ANSWER" | grep -o \'"access_code":"[0-9]*\' | grep -o \'[0-9]*$\')',
        ),
        Line(
            "市民：凭编号和查询码跟踪",
            "Citizen: follow it with number and access code",
            'curl -s $API/cases/$NUMBER -H "Access-Code: $CODE"',
        ),
        Line(
            "承办单位：待办列表，最急的在前",
            "Department: its worklist, most urgent first",
            'curl -s $API/desk/worklist -H "Authorization: Bearer $OFFICER"',
        ),
        _desk("承办人员：认领", "Officer: claim it", "OFFICER", "claim", "{}"),
        _desk(
            "承办人员：登记电话联系",
            "Officer: record a call",
            "OFFICER",
            "contact",
            '{"how": "phone", "result": "reached"}',
        ),
        _desk(
            "承办人员：给诉求人留言",
            "Officer: write to the citizen",
            "OFFICER",
            "message",
            '{"text": "您好，维修师傅今天下午到，请问哪几号门前不亮？"}',
        ),
        Line(
            "市民：回复留言",
            "Citizen: write back",
            'curl -s $API/cases/$NUMBER/messages -H "Access-Code: $CODE" \\\n'
            '  -H "Idempotency-Key: back-$NUMBER" -d \'{"text": "8 号到 20 号都不亮，谢谢。"}\'',
        ),
        _desk(
            "承办人员：答复，附照片",
            "Officer: reply, with a photo",
            "OFFICER",
            "reply",
            '{"outcome": "resolved", "text": "7 盏路灯已全部更换，今晚亮灯。",\n'
            '       "evidence": [{"kind": "photo", "reference": "P-0001"}]}',
        ),
        _desk(
            "审核员：同意答复（抽到审核时才需要，否则返回 409）",
            "Moderator: approve the reply (only if it was drawn for review; else a 409 says so)",
            "MODERATOR",
            "decide-reply",
            '{"approve": true}',
        ),
        Line(
            "市民：评价，办结",
            "Citizen: rate it, which closes the case",
            'curl -s $API/cases/$NUMBER/rating -H "Access-Code: $CODE" \\\n'
            '  -H "Idempotency-Key: rate-$NUMBER" \\\n'
            '  -d \'{"contacted": true, "resolved": "yes", "overall": 5, "text": "很快，谢谢！"}\'',
        ),
    ]


def more(triage: str | None) -> list[Line]:
    """What others do, after the tour: queues, dispatch by a person, supervision."""
    number = triage or "$NUMBER"
    return [
        Line(
            "派单员：待派列表",
            "Dispatcher: what waits to be dispatched",
            'curl -s "$API/desk/worklist?queue=triage" \\\n'
            '  -H "Authorization: Bearer $DISPATCHER"',
        ),
        Line(
            "派单员：人工派单",
            "Dispatcher: dispatch by hand",
            f"curl -s $API/desk/cases/{number}/dispatch \\\n"
            '  -H "Authorization: Bearer $DISPATCHER" -H "Idempotency-Key: dispatch-1" \\\n'
            '  -d \'{"unit": "zhujian", "category": "0101"}\'',
        ),
        Line(
            "督办人员：查看案件，含内部备注与督办",
            "Supervisor: see the case with notes and supervision",
            f'curl -s $API/desk/cases/{number} -H "Authorization: Bearer $SUPERVISOR"',
        ),
        Line(
            "审核员：受理前审核的列表",
            "Moderator: what waits for review",
            'curl -s "$API/desk/worklist?queue=review" \\\n  -H "Authorization: Bearer $MODERATOR"',
        ),
        Line(
            "市民：我的诉求（登录后）",
            "Citizen: my own cases, signed in",
            'curl -s $API/cases -H "Authorization: Bearer $CITIZEN"',
        ),
        Line(
            "英文答复",
            "The same in English",
            'curl -s $API/cases/$NUMBER -H "Access-Code: $CODE" -H "Accept-Language: en"',
        ),
    ]


def _desk(zh: str, en: str, who: str, command: str, body: str) -> Line:
    return Line(
        zh,
        en,
        f"curl -s $API/desk/cases/$NUMBER/{command} \\\n"
        f'  -H "Authorization: Bearer ${who}" -H "Idempotency-Key: {command}-$NUMBER" \\\n'
        f"  -d '{body}'",
    )
