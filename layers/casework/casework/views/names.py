"""The names that people read for states, kinds, roles, commands, clocks, units and categories."""

from casework.cases.rules import Rules
from casework.views.codes import CODES
from casework.words import Language, pick

_STATES = {
    "SUBMITTED": ("已提交", "Submitted"),
    "IN_REVIEW": ("审核中", "In review"),
    "NEEDS_INFO": ("待诉求人补充信息", "Waiting for the citizen"),
    "ACCEPTED": ("已受理，正在转办", "Accepted"),
    "TRIAGE": ("待派", "Waiting to be dispatched"),
    "ASSIGNED": ("已交办", "With the department"),
    "HANDLING": ("办理中", "Being handled"),
    "RETURN_ASKED": ("单位申请退单", "Return asked"),
    "ARBITRATION": ("会商中", "In arbitration"),
    "SUSPENDED": ("挂账中", "Suspended"),
    "TERMINATION_ASKED": ("单位申请终止办理", "Termination asked"),
    "FOLLOWING": ("已并单", "Merged into another case"),
    "PROMISED": ("已承诺限期解决", "To be solved by a stated date"),
    "REPLY_REVIEW": ("答复审核中", "Reply in review"),
    "AWAITING_RATING": ("已答复，待评价", "Answered, awaiting rating"),
    "FOLLOW_UP": ("回访核实中", "Following up"),
    "REDO": ("二次办理", "To be handled again"),
    "OBJECTED": ("异议复核中", "Objection in review"),
    "CLOSED": ("已办结", "Closed"),
    "DECLINED": ("不予受理", "Not accepted"),
    "HANDED_OVER": ("已转紧急渠道", "Handed to an emergency service"),
    "TERMINATED": ("已终止办理", "Handling terminated"),
    "WITHDRAWN": ("已撤回", "Withdrawn"),
}
_TO_THE_CITIZEN = {
    "NEEDS_INFO": ("待您补充信息", "Waiting for your answer"),
    "AWAITING_RATING": ("已答复，待评价", "Answered, please rate"),
    "RETURN_ASKED": ("办理中", "Being handled"),
    "TERMINATION_ASKED": ("办理中", "Being handled"),
    "ARBITRATION": ("已受理，正在转办", "Accepted"),
    "SUSPENDED": ("因客观原因暂缓办理", "On hold for an objective reason"),
    "FOLLOWING": ("与同类诉求一并办理", "Handled together with like requests"),
}
"""States of which the citizen is told otherwise than everybody else: where it is the citizen's
turn, and where units settle among themselves who it is for."""
_KINDS = {
    "enquiry": ("咨询", "Enquiry"),
    "help": ("求助", "Request for help"),
    "complaint": ("投诉", "Complaint"),
    "report": ("举报", "Report"),
    "suggestion": ("建议", "Suggestion"),
    "praise": ("感谢", "Praise"),
}
_ROLES = {
    "citizen": ("诉求人", "citizen"),
    "agent": ("话务员", "hotline agent"),
    "moderator": ("审核员", "moderator"),
    "dispatcher": ("派单员", "dispatcher"),
    "officer": ("承办人员", "department officer"),
    "head": ("单位负责人", "head of unit"),
    "supervisor": ("督办人员", "supervisor"),
    "leader": ("市领导", "leader"),
    "auditor": ("审计员", "auditor"),
    "admin": ("管理员", "administrator"),
    "integration": ("对接系统", "connected system"),
    "system": ("系统", "system"),
}
_LEVELS = {
    "officer": ("承办人员", "officer"),
    "head": ("单位负责人", "head of unit"),
    "duty_desk": ("值班台", "duty desk"),
    "supervision_office": ("督办部门", "supervision office"),
    "leader": ("分管领导", "leader"),
}
"""Whom the rungs of a ladder name."""
_COMMANDS = {
    "file": ("提交诉求", "file"),
    "route": ("自动派单", "route"),
    "recount": ("重新计算时限", "count deadlines anew"),
    "accept": ("受理", "accept"),
    "decline": ("不予受理", "decline"),
    "hand-over": ("转紧急渠道", "hand over"),
    "request-info": ("请诉求人补充", "ask for information"),
    "answer": ("直接答复", "answer"),
    "dispatch": ("派单", "dispatch"),
    "reclassify": ("调整分类", "reclassify"),
    "claim": ("认领", "claim"),
    "return": ("申请退单", "ask for a return"),
    "decide-return": ("审批退单", "decide the return"),
    "delegate": ("逐级交办", "delegate"),
    "recall": ("收回", "recall"),
    "assign-officer": ("指定经办人", "assign an officer"),
    "arbitrate": ("提请会商", "arbitrate"),
    "state-position": ("陈述意见", "state a position"),
    "designate": ("指定承办", "designate"),
    "ask-extension": ("申请延期", "ask for an extension"),
    "decide-extension": ("审批延期", "decide the extension"),
    "ask-suspension": ("申请挂账", "ask for a suspension"),
    "decide-suspension": ("审批挂账", "decide the suspension"),
    "lift-suspension": ("恢复办理", "lift the suspension"),
    "ask-termination": ("申请终止办理", "ask for termination"),
    "decide-termination": ("审批终止办理", "decide the termination"),
    "ask-assistance": ("请求协办（吹哨）", "call for assistance"),
    "report-in": ("报到", "report in"),
    "answer-assistance": ("答复协办", "answer the call"),
    "dispute-assistance": ("对协办提出异议", "dispute the call"),
    "decide-assistance": ("裁定协办", "decide the disputed call"),
    "issue-order": ("督办（批示）", "issue an order"),
    "respond-order": ("回复督办", "respond to the order"),
    "verify-order": ("核查督办回复", "verify the response"),
    "lift-order": ("解除督办", "lift the order"),
    "raise-alert": ("发出警情提示", "raise an alert"),
    "acknowledge-alert": ("接警", "acknowledge the alert"),
    "resolve-alert": ("警情处置完毕", "resolve the alert"),
    "drop-subjects": ("撤销被反映对象", "take off whom it is about"),
    "name-subjects": ("登记被反映对象", "name whom it is about"),
    "ask-unmasking": ("申请查看身份", "ask to see who it is"),
    "decide-unmasking": ("审批查看身份", "decide on seeing who it is"),
    "merge": ("并单", "merge"),
    "unmerge": ("解除并单", "unmerge"),
    "pass-on": ("向并单诉求转达答复", "pass the reply on"),
    "split": ("拆单", "split"),
    "mark-repeat": ("认定重复", "mark as a repeat"),
    "mark-recurrence": ("认定再次发生", "mark as a recurrence"),
    "merge-alike": ("自动并单", "merge what is alike"),
    "ask-similar": ("查找相似诉求", "look for like cases"),
    "take-lead": ("接收并单", "take the lead"),
    "release-lead": ("放出并单", "release a follower"),
    "follow-lead": ("随主单答复或放出", "follow the lead"),
    "promise": ("承诺限期解决", "promise a date"),
    "call-back": ("超期回访", "call about the delay"),
    "keep-promise": ("承诺已兑现", "report the promise kept"),
    "redact": ("去除个人信息", "redact"),
    "contact": ("登记联系情况", "record a contact"),
    "message": ("留言", "message"),
    "note": ("内部备注", "note"),
    "urge": ("催单", "urge"),
    "reveal": ("查看联系方式", "see the contact"),
    "reply": ("答复", "reply"),
    "decide-reply": ("审核答复", "decide the reply"),
    "rate": ("评价", "rate"),
    "redo": ("责成二次办理", "order a second handling"),
    "close": ("说明理由结案", "close with an explanation"),
    "withdraw": ("撤回", "withdraw"),
    "reopen": ("重新打开", "reopen"),
    "object": ("提出异议", "object"),
    "decide-objection": ("复核异议", "decide the objection"),
    "publish": ("公示", "publish"),
    "unpublish": ("撤下公示", "take off the board"),
    "tick": ("到期检查", "tick"),
    "support": ("附议", "support"),
}
_CLOCKS = {
    "dispatch": ("派单", "Dispatch"),
    "review": ("审核", "Review"),
    "info": ("诉求人补充信息", "Citizen's answer"),
    "triage": ("人工派单", "Dispatch by a person"),
    "claim": ("认领", "Claim"),
    "first_contact": ("首次联系", "First contact"),
    "level": ("本级办理", "This level"),
    "arbitration": ("会商指定", "Arbitration"),
    "return": ("退单审批", "Decision on the return"),
    "resolve": ("办结答复", "Reply"),
    "promise": ("承诺期限", "Promise"),
    "extension": ("延期审批", "Decision on the extension"),
    "suspension": ("挂账审批", "Decision on the suspension"),
    "termination": ("终止审批", "Decision on the termination"),
    "unmasking": ("查看身份审批", "Decision on the unmasking"),
    "review_date": ("挂账复核日", "Review of the suspension"),
    "assist_report": ("协办报到", "Reporting in"),
    "assist": ("协办", "Assistance"),
    "assist_dispute": ("协办异议", "Decision on the disputed call"),
    "order": ("督办回复", "Response to the order"),
    "order_check": ("督办核查", "Verification of the response"),
    "alert": ("接警", "Alert"),
    "alert_open": ("警情处置", "Danger taken over"),
    "call_back": ("超期回访", "Call about the delay"),
    "pass_on": ("转达答复", "Passing the reply on"),
    "redo": ("二次办理", "Second handling"),
    "reply_review": ("答复审核", "Review of the reply"),
    "rating": ("评价", "Rating"),
    "follow_up": ("回访", "Follow-up"),
    "objection": ("异议复核", "Decision on the objection"),
}


def state_name(state: str, language: Language, *, to_citizen: bool = False) -> str:
    names = {**_STATES, **_TO_THE_CITIZEN} if to_citizen else _STATES
    return pick(names.get(state, (state, state)), language)


def kind_name(kind: str, language: Language) -> str:
    return pick(_KINDS.get(kind, (kind, kind)), language)


def role_name(role: str, language: Language) -> str:
    return pick(_ROLES.get(role, (role, role)), language)


def level_name(level: str, language: Language) -> str:
    """One of those whom the rungs of a ladder name."""
    return pick(_LEVELS.get(level, (level, level)), language)


def command_name(command: str, language: Language) -> str:
    return pick(_COMMANDS.get(command, (command, command)), language)


def clock_kind(kind: str, language: Language) -> str:
    """The name of a policy's clock: `协办`."""
    return pick(_CLOCKS.get(kind, (kind, kind)), language)


def clock_name(clock: str, rules: Rules, language: Language) -> str:
    """A clock's name, and for which of several it runs: `协办（水务局）`."""
    kind, _, which = clock.partition(":")
    name = clock_kind(kind, language)
    unit = rules.city.units.get(which)
    shown = pick((unit.name, unit.name_en), language) if unit else which
    return pick((f"{name}（{shown}）", f"{name} ({shown})"), language) if which else name


def person_name(account: str, rules: Rules) -> str:
    """A member of the staff by name; whoever is not on the list by the account."""
    known = rules.city.staff.get(account)
    return known.name if known else account


def code_name(code: str, language: Language) -> str:
    return pick(CODES.get(code, (code, code)), language)


def unit_name(code: str | None, rules: Rules, language: Language) -> str | None:
    if code is None:
        return None
    unit = rules.city.units.get(code)
    return pick((unit.name, unit.name_en), language) if unit else code


def category_name(code: str | None, rules: Rules, language: Language) -> str | None:
    if code is None:
        return None
    category = rules.city.categories.get(code)
    return pick((category.name, category.name_en), language) if category else code
