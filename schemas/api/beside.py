"""The desk's commands beside the straight way: more time, help, orders, danger, identity, relations."""

from schemas.api.route import Words

_UNIT = ("unknown_unit", "retired_unit", "subject_unit")
_DATE = ("past", "too_far")

BESIDE: dict[str, tuple[Words, tuple[str, ...]]] = {
    # more time, a pause, an early end
    "ask-extension": (
        (
            "到期之前申请延期，写明原因、办理计划和新的最后一天。批准之前期限不变。",
            "Asks for more time before it is due: the reason, the plan and the new last day. Until it "
            "is granted nothing moves.",
        ),
        ("nothing_to_extend", "expired", "asked_already", "granted_already", "no_later", *_DATE),
    ),
    "decide-extension": (
        (
            "审批延期，不能由申请人和承办单位审批。批准后诉求人看到新的日期和原因。",
            "Decides on an extension, by somebody outside the unit. Granted, the citizen reads the new "
            "date and why.",
        ),
        ("same_person", "own_unit", "nothing_asked", "expired"),
    ),
    "ask-suspension": (
        (
            "因客观原因暂时办不了：申请挂账，写明原因、计划和复核日。",
            "Objectively blocked: asks for a pause, with the reason, the plan and a review date.",
        ),
        ("asked_already", "granted_already", *_DATE),
    ),
    "decide-suspension": (
        (
            "审批挂账，由承办单位以外的人决定。挂账期间不计办理时限，复核日自动恢复。",
            "Decides on a suspension, outside the unit. The reply's clock stands still until the review "
            "date, when the case is taken up again by itself.",
        ),
        ("same_person", "own_unit", "nothing_asked", "expired"),
    ),
    "lift-suspension": (
        ("提前恢复办理。", "Takes the case up again before the review date."),
        (),
    ),
    "ask-termination": (
        (
            "申请终止办理：诉求人拒绝配合、出现依法不予受理的情形，或事项已不存在。",
            "Asks to end the handling: the citizen refuses to cooperate, a reason to decline has "
            "appeared, or the matter is gone.",
        ),
        (),
    ),
    "decide-termination": (
        (
            "热线办审批终止办理；text 是给诉求人看的理由。诉求人可以提出异议。",
            "The hotline office decides; the citizen reads `text`, and may object to the end.",
        ),
        ("same_person", "own_unit"),
    ),
    # help from other units
    "ask-assistance": (
        (
            "请其他单位协办；街道可以“吹哨”叫部门。每个单位都有自己的时限，工作台上都能看到。",
            "Calls other units to help; a street calls departments too. Each has a due date of its own "
            "and finds the case on its worklist.",
        ),
        ("same_unit", "too_many_called", *_UNIT),
    ),
    "report-in": (("协办单位报到。", "A called unit reports in."), ("aid_state",)),
    "answer-assistance": (
        ("协办单位答复办了什么。", "A called unit says what it has done."),
        ("aid_state",),
    ),
    "dispute-assistance": (
        (
            "协办单位认为不该由自己办，写明理由；报到之前可以提。",
            "A called unit says why it should not help, before it reports in.",
        ),
        ("aid_state",),
    ),
    "decide-assistance": (
        (
            "裁定有异议的协办，由双方以外的人决定。",
            "Whether the unit has to help, decided by someone of neither.",
        ),
        ("same_person", "own_unit", "nothing_asked", "not_disputed"),
    ),
    # orders
    "issue-order": (
        (
            "督办或批示：向承办单位（或 unit 所写单位）发督办单，须回复并核查。级别 1 到 3 计入诉求的督办级别。",
            "An instruction to the holder, or to `unit`, that must be answered and is verified. Its "
            "level, 1 to 3, counts for the case.",
        ),
        ("too_many_orders", "unit_needed", *_DATE, *_UNIT),
    ),
    "respond-order": (
        ("被督办单位回复督办单。", "The unit answers the order."),
        ("no_order", "unknown_order"),
    ),
    "verify-order": (
        (
            "核查督办回复，由被督办单位以外的人决定；不通过则退回重新回复。",
            "Whether the answer is so, found outside the unit; if not, the unit answers again.",
        ),
        ("same_person", "own_unit", "no_order", "unknown_order"),
    ),
    "lift-order": (
        (
            "解除督办，被督办单位自己不能解除。",
            "Takes the order back; never by the unit it is to.",
        ),
        ("own_unit", "no_order", "unknown_order"),
    ),
    # danger
    "raise-alert": (
        (
            "发现危险立即提示值班台。诉求是什么状态、是否办结都可以。",
            "Calls the duty desk to a danger, whatever the case's state, even when it has ended.",
        ),
        ("alert_waits",),
    ),
    "acknowledge-alert": (
        ("值班台接警。", "The duty desk has it."),
        ("no_alert", "unknown_alert"),
    ),
    "resolve-alert": (
        (
            "记下由谁接手处置和对方回执；误报的写明理由。",
            "Who took the danger over, with that service's receipt; or that there was none.",
        ),
        ("no_alert", "unknown_alert"),
    ),
    # whom it is about, and who the citizen is
    "name-subjects": (
        (
            "登记被反映的单位和人员，加在已有名单上。他们和下级单位从此看不到这件诉求；正在办的单位、"
            "经手过的人被登记时，诉求当场收回重派（回避）。",
            "Names units and persons complained about, beside those named already. From then on neither "
            "they nor anyone below them sees the case; whoever of them has it loses it at once.",
        ),
        ("nothing_changes", "too_many_subjects", "unknown_unit", "retired_unit"),
    ),
    "drop-subjects": (
        (
            "撤销登记有误的被反映对象，须由登记人以外的督办人员说明理由。",
            "Takes off who was named in error; by a supervisor other than who named them, with why.",
        ),
        ("nobody_named", "nothing_changes", "same_person"),
    ),
    "ask-unmasking": (
        (
            "诉求人身份保密时，申请查看，写明用途。",
            "Asks to see who a hidden or sealed citizen is, for a stated purpose.",
        ),
        ("anonymous", "not_hidden", "asked_already"),
    ),
    "decide-unmasking": (
        (
            "由另一人审批查看身份；批准后一天之内有效，每次查看仍有记录。",
            "Another person decides. Leave lasts for a day, and each look is still recorded.",
        ),
        ("same_person", "own_unit", "nothing_asked"),
    ),
    # relations
    "merge": (
        (
            "并单：这件诉求从此跟随主单（case）。它仍有自己的时限、答复和评价，可以再拆出来。保密的不并。",
            "From now on it follows `case`, its lead. It keeps its own alarm, reply and rating, and can "
            "be taken out again. Never what is confidential.",
        ),
        (
            *("leads_others", "sealed_apart", "itself", "unknown_case"),
            *("follows_another", "no_lead", "subject_unit", "own_unit"),
        ),
    ),
    "unmerge": (
        ("解除并单，单独派单办理。", "Takes it out of its lead case, to be dispatched by itself."),
        (),
    ),
    "pass-on": (
        (
            "主单的答复转给并入的诉求；转达之前由承办单位以外的人检查有没有别人的个人信息，可以另写一份。",
            "The lead's reply goes to the cases that follow, once somebody outside its unit has "
            "checked it for other people's data; in its own words or in others.",
        ),
        ("same_person", "own_unit", "nothing_to_pass_on", "sealed_apart"),
    ),
    "split": (
        (
            "拆单：一件里的几件事各成一件新诉求，诉求人凭各自的查询码可以看到。",
            "Each part becomes a case of its own; its citizen finds it with its access code.",
        ),
        ("unknown_category",),
    ),
    "mark-repeat": (
        (
            "看过两件之后认定：没有新内容，与同一诉求人未办结的另一件重复。这件办结，那一件算一次催单。",
            "Having read both: it says nothing that the same citizen's open case does not. This one "
            "ends, the other is urged.",
        ),
        ("leads_others", "itself", "unknown_case", "not_open", "another_citizen", "own_unit"),
    ),
    "mark-recurrence": (
        (
            "记下：已经结束的另一件所反映的问题又发生了。",
            "What another case was about, which has ended, has happened again.",
        ),
        ("itself", "unknown_case", "still_open", "sealed_apart"),
    ),
    "redact": (
        (
            "去除个人信息：正文、联系方式、地址，或某一次变更附带的文字。存下的内容一并删去，不能恢复。",
            "Takes personal data out: the body, the contact, the address, or the text of a version. "
            "It is gone from the store too, for good.",
        ),
        ("unknown_version",),
    ),
}
"""By name: what each is for, and the refusals of its own."""
