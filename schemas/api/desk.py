"""The commands of the desk: what each is for, and the refusals of its own."""

from schemas.api.beside import BESIDE
from schemas.api.route import Words

DESK_PATH = "/v1/desk/cases/{case_number}/{command}"
"""The one path of all the desk's commands; in the contract each stands by itself."""

_UNIT = ("unknown_unit", "retired_unit", "subject_unit", "wrong_line")

DESK: dict[str, tuple[Words, tuple[str, ...]]] = {
    "accept": (("审核通过，受理。", "Past review: accepted."), ()),
    "decline": (
        (
            "不予受理，须说明理由并指明依法可走的途径。",
            "Not accepted, with the reason and the lawful path to take instead.",
        ),
        (),
    ),
    "hand-over": (
        (
            "紧急事项立即转给 110、119 等，记下对方回执。",
            "An emergency goes to 110, 119 … at once; their receipt is kept.",
        ),
        (),
    ),
    "request-info": (
        ("受理前请诉求人补充。", "Asks the citizen for what is missing, before acceptance."),
        (),
    ),
    "answer": (
        (
            "咨询类诉求用知识库文章直接答复。",
            "Answers an enquiry from an article of the knowledge base.",
        ),
        ("only_enquiries",),
    ),
    "dispatch": (
        (
            "把诉求交给承办单位，可以同时更正诉求类型、紧急程度和区划。",
            "Gives the case to a unit; may correct kind, urgency and area at the same time.",
        ),
        ("own_unit", "same_unit", *_UNIT, "unknown_category", "unknown_area", "category_needed"),
    ),
    "reclassify": (
        (
            "更正分类、诉求类型、紧急程度或区划；时限从原来的起点重新计算，紧急的按小时、分钟计，不分昼夜。",
            "Corrects category, kind, urgency or area. Deadlines are counted anew from their own start; what is "
            "urgent in hours and minutes, by day and night.",
        ),
        ("own_unit", "nothing_changes", "unknown_category", "unknown_area", *_UNIT),
    ),
    "delegate": (
        (
            "逐级交办：交给直接下一级单位，区到街道，部门到其基层机构。交办单位可以随时收回。",
            "One level down: a district to its street, a department to its own office. Whoever "
            "delegated it may take it back.",
        ),
        ("not_below", "nobody_below", *_UNIT),
    ),
    "recall": (
        (
            "收回交给下级的诉求，由收回的人办理。",
            "Takes back what was delegated; who recalls it handles it.",
        ),
        ("same_person",),
    ),
    "assign-officer": (
        (
            "负责人指定或更换经办人。二次办理须换人。",
            "The head names who handles it, or names another. A second handling is another officer's.",
        ),
        ("same_person", "subject_person", "nothing_changes"),
    ),
    "arbitrate": (
        (
            "责任有争议时提请会商，列出要听取意见的单位。两个单位先后退单的，自动进入会商。",
            "Puts a disputed case to arbitration and names the units to be heard. A case that two units "
            "have returned gets there by itself.",
        ),
        ("binding", "same_person", "own_unit", "same_unit", *_UNIT),
    ),
    "state-position": (
        (
            "会商中的单位陈述意见：应不应由本单位办，理由是什么。",
            "A unit that is heard says why the case is, or is not, its own.",
        ),
        (),
    ),
    "designate": (
        (
            "会商后指定承办单位。指定之后不得退单，也不再会商。",
            "Names the responsible unit after arbitration. It is binding: no return, no second dispute.",
        ),
        ("own_unit", *_UNIT, "unknown_category", "category_needed"),
    ),
    "claim": (
        (
            "认领：本单位开始办理。二次办理须换人。",
            "The unit takes it up. A second handling is another officer's.",
        ),
        ("same_person",),
    ),
    "return": (
        (
            "申请退单，写明理由，可建议应由谁办。批准之前仍由本单位负责。",
            "Asks to give the case back, with the reason and perhaps whose it is. Until that is "
            "approved it stays with the unit.",
        ),
        ("same_unit", "binding", "unknown_unit", "retired_unit"),
    ),
    "decide-return": (
        (
            "审批退单。逐级交办的退回上一级，由上一级或热线办审批；其他的可直接指定新的单位。",
            "Decides on a return. What was delegated goes one level up, by that level's or the hotline "
            "office's decision; else an approval may name the next unit.",
        ),
        (
            *("same_person", "same_unit", "own_unit", "binding"),
            *("unit_only_if_approved", "category_needed", *_UNIT),
        ),
    ),
    "contact": (
        ("登记与诉求人的一次联系。", "Records that the citizen was contacted, and how it went."),
        (),
    ),
    "message": (("给诉求人留言。", "Writes to the citizen."), ()),
    "note": (("内部备注，诉求人看不到。", "An internal note; the citizen never sees it."), ()),
    "urge": (("话务员代诉求人催单。", "An agent urges for the citizen."), ()),
    "call-back": (
        (
            "超期回访：到期未答复的，由承办单位以外的人打给诉求人，问是否有人联系过；无人接听的再打。办理照常进行。",
            "The case is overdue, and somebody outside its unit calls the citizen: has anyone been in "
            "touch? Whom nobody reached is called again. The handling goes on.",
        ),
        ("own_unit", "nothing_asked"),
    ),
    "reveal": (
        (
            "查看完整的联系方式，须说明用途；每次查看都有记录。身份保密的要先批准（decide-unmasking）。",
            "Shows the contact in full, for a stated purpose; each look is recorded. Where it is hidden "
            "it takes leave first (`decide-unmasking`).",
        ),
        ("anonymous", "unmasking_needed"),
    ),
    "reply": (
        (
            "答复诉求人，写明办理结果；事项要求的附上证据。承诺限期解决（promised）的写明日期，到期未办结转入督办。"
            "需要审核的答复先送审。",
            "Answers the citizen, with the outcome, and evidence where the category asks for it. A "
            "promise names its day, and is supervised if it is broken. Where replies are reviewed it "
            "waits for that.",
        ),
        (
            *("same_person", "only_suggestions", "adopted_or_not", "evidence_needed"),
            *("past", "too_far", "promised_already"),
        ),
    ),
    "keep-promise": (
        (
            "承诺的事办好了，告诉诉求人办理结果。",
            "What was promised is done: the citizen is told the outcome.",
        ),
        ("same_person", "evidence_needed"),
    ),
    "decide-reply": (
        (
            "审核答复；退回修改须写明理由。",
            "Lets a reply out, or sends it back with the reason.",
        ),
        ("same_person", "own_unit"),
    ),
    "redo": (
        (
            "回访后责成二次办理；次数用完的交上一级单位办。",
            "After a follow-up: to be handled again; when it has been often enough, one level up.",
        ),
        ("redo_used_up", "nobody_handled"),
    ),
    "promise": (
        (
            "回访后由承办单位以外的人向诉求人承诺限期解决，写明日期。",
            "After a follow-up: the citizen is promised a date, by someone outside the unit.",
        ),
        ("same_person", "own_unit", "nobody_handled", "past", "too_far", "promised_already"),
    ),
    "close": (
        (
            "回访后由承办单位以外的人说明理由结案。",
            "After a follow-up: closed with an explanation, by someone outside the unit.",
        ),
        ("same_person", "own_unit"),
    ),
    "reopen": (
        ("话务员代诉求人重新打开。", "An agent reopens for the citizen."),
        ("reopening_used_up", "window_over"),
    ),
    "object": (
        ("话务员代诉求人提出异议。", "An agent objects for the citizen."),
        ("objected_already", "window_over"),
    ),
    "decide-objection": (
        ("复核异议，不能由作出原决定的人复核。", "Decides on an objection, by another person."),
        ("same_person", "own_unit"),
    ),
    "publish": (
        (
            "公示，须诉求人同意；举报不公示。",
            "Onto the public board, with consent; never a report.",
        ),
        ("published_already", "reports_are_secret", "no_consent"),
    ),
    "unpublish": (("撤下公示。", "Off the public board."), ("not_published",)),
    **BESIDE,
}
"""The desk's commands by name: what each is for, and the refusals of its own."""
