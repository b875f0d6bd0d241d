"""The names that people read for states, kinds, roles, commands, clocks and coded reasons."""

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
    "REPLY_REVIEW": ("答复审核中", "Reply in review"),
    "AWAITING_RATING": ("已答复，待评价", "Answered, awaiting rating"),
    "FOLLOW_UP": ("回访核实中", "Following up"),
    "REDO": ("二次办理", "To be handled again"),
    "OBJECTED": ("异议复核中", "Objection in review"),
    "CLOSED": ("已办结", "Closed"),
    "DECLINED": ("不予受理", "Not accepted"),
    "HANDED_OVER": ("已转紧急渠道", "Handed to an emergency service"),
    "WITHDRAWN": ("已撤回", "Withdrawn"),
}
_TO_THE_CITIZEN = {
    "NEEDS_INFO": ("待您补充信息", "Waiting for your answer"),
    "AWAITING_RATING": ("已答复，待评价", "Answered, please rate"),
    "RETURN_ASKED": ("办理中", "Being handled"),
    "ARBITRATION": ("已受理，正在转办", "Accepted"),
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
_COMMANDS = {
    "file": ("提交诉求", "file"),
    "route": ("自动派单", "route"),
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
    "redo": ("二次办理", "Second handling"),
    "reply_review": ("答复审核", "Review of the reply"),
    "rating": ("评价", "Rating"),
    "follow_up": ("回访", "Follow-up"),
    "objection": ("异议复核", "Decision on the objection"),
}
CODES = {
    # lawful paths, and why a request is not accepted
    "court": ("人民法院（诉讼服务热线 12368）", "the people's court (12368)"),
    "procuratorate": ("人民检察院（12309）", "the procuratorate (12309)"),
    "petition": ("信访部门", "the petitions office"),
    "discipline": ("纪检监察机关（12388）", "discipline inspection (12388)"),
    "police": ("公安机关（110）", "the police (110)"),
    "arbitration": ("仲裁机构", "arbitration"),
    "administrative_review": ("行政复议机关", "administrative review"),
    "another_city": ("当地 12345 热线", "the 12345 of that city"),
    "judicial": ("属于诉讼、仲裁等法定程序", "a matter of the courts or of arbitration"),
    "already_decided": ("已有生效的处理结论", "decided already, with effect"),
    "not_government": ("不属于政府职责", "not a duty of the government"),
    "state_secret": ("涉及国家秘密", "touches a state secret"),
    "malicious": ("恶意攻击或扰乱秩序", "malicious"),
    "utility": ("公用事业抢修", "the utility's repair service"),
    "other": ("其他", "other"),
    # returns
    "not_our_duty": ("不属于本单位职责", "not our duty"),
    "not_our_area": ("不属于本单位辖区", "not our area"),
    "other_leads": ("应由其他单位牵头", "another unit leads"),
    "needs_several": ("需要多个单位会商", "needs several units"),
    "returned_twice": ("两个单位先后退单", "two units have returned it"),
    "dispute": ("责任有争议", "responsibility is disputed"),
    # contacts
    "phone": ("电话", "phone"),
    "sms": ("短信", "text message"),
    "wechat": ("微信", "WeChat"),
    "web": ("网上", "web"),
    "visit": ("上门", "visit"),
    "reached": ("已联系上", "reached"),
    "no_answer": ("无人接听", "no answer"),
    "refused": ("拒绝沟通", "refused"),
    "wrong_number": ("号码有误", "wrong number"),
    # evidence
    "photo": ("照片", "photo"),
    "document": ("文件", "document"),
    # outcomes
    "resolved": ("已解决", "resolved"),
    "partly": ("部分解决", "partly resolved"),
    "not_supported": ("现行政策不支持", "not supported by policy"),
    "unfounded": ("经核实不属实", "unfounded"),
    "unreachable": ("无法联系诉求人", "citizen not reachable"),
    "adopted": ("已采纳", "adopted"),
    "not_adopted": ("未采纳", "not adopted"),
    "explained": ("已解释说明", "explained"),
    "lawful": ("处理合法合规", "lawful"),
    "beyond_power": ("超出本市职权", "beyond the city's power"),
    # ends
    "rated": ("诉求人已评价", "rated"),
    "unrated": ("逾期未评价", "nobody rated"),
    "solved": ("问题已解决", "solved meanwhile"),
    "mistaken": ("提交有误", "a mistake"),
    "filed_elsewhere": ("已在别处反映", "filed elsewhere"),
    "no_longer_wanted": ("不再需要", "no longer wanted"),
    "yes": ("已解决", "resolved"),
    "no": ("未解决", "not resolved"),
    "unresolved": ("未解决", "unresolved"),
    "dissatisfied": ("不满意", "dissatisfied"),
    "redo_exhausted": ("二次办理次数已用完", "handled again as often as allowed"),
    "not_contacted": ("无人联系", "nobody got in touch"),
    "follow_up": ("回访决定", "decided at the follow-up"),
    "all": ("全部诉求先审核", "every request is reviewed"),
}


def state_name(state: str, language: Language, *, to_citizen: bool = False) -> str:
    names = {**_STATES, **_TO_THE_CITIZEN} if to_citizen else _STATES
    return pick(names.get(state, (state, state)), language)


def kind_name(kind: str, language: Language) -> str:
    return pick(_KINDS.get(kind, (kind, kind)), language)


def role_name(role: str, language: Language) -> str:
    return pick(_ROLES.get(role, (role, role)), language)


def command_name(command: str, language: Language) -> str:
    return pick(_COMMANDS.get(command, (command, command)), language)


def clock_name(clock: str, language: Language) -> str:
    return pick(_CLOCKS.get(clock, (clock, clock)), language)


def code_name(code: str, language: Language) -> str:
    return pick(CODES.get(code, (code, code)), language)
