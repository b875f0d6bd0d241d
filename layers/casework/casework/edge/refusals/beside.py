"""Why nothing can be done about what is beside the state: more time, help, orders, danger, identity."""

from casework.edge.refusals.sentence import Sentence

OF_WHAT_IS_BESIDE: dict[str, Sentence] = {
    # more time, a pause, an early end
    "nothing_to_extend": Sentence(
        409,
        "现在没有可以延长的办结期限（二次办理不能延期），请按期办理。",
        "No deadline for the reply is running (a second handling has none to extend); handle it in time.",
    ),
    "no_later": Sentence(
        422,
        "现在的期限到 {due}，延期要填更晚的日期。",
        "It is due on {due} as it is; name a later day.",
    ),
    "expired": Sentence(
        409,
        "日期已过：申请和批准都要在到期之前。请继续办理；等着审批的申请可以不同意。",
        "It is too late: this is asked for and granted in time only. Go on with the case; what was "
        "asked can still be refused.",
    ),
    "asked_already": Sentence(
        409,
        "同样的申请已经提过，正在等审批，请等结果。",
        "The same has been asked for and waits for a decision; wait for it.",
    ),
    "granted_already": Sentence(
        409,
        "这件诉求已经批准过 {times} 次，不能再申请。请按期办理，或在答复里承诺日期（promised）。",
        "It has been granted {times} times, which is the most; finish in time, or reply with a promise.",
    ),
    "promised_already": Sentence(
        409,
        "这件诉求已经承诺过 {times} 次，不能再承诺。请按已承诺的日期办结，或如实答复办到哪一步。",
        "It has been promised {times} times, which is the most; keep the date, or say how far it is.",
    ),
    "too_many_subjects": Sentence(
        409,
        "一件诉求最多登记 {most} 个单位和 {most} 个人，请拆单。",
        "A case is about at most {most} units and {most} persons; split it.",
    ),
    "nobody_named": Sentence(
        409,
        "这件诉求没有登记被反映对象，请重新打开诉求核对。",
        "Nobody is named as whom it is about; load the case again.",
    ),
    "nothing_asked": Sentence(
        409,
        "没有等待您决定的申请，请重新打开诉求，看 asked 和 assisting。",
        "Nothing waits for this decision; load the case again and see `asked` and `assisting`.",
    ),
    # help from other units
    "too_many_called": Sentence(
        409,
        "一件诉求最多请 {most} 个单位协办，请减少单位。",
        "At most {most} units are called to help with a case; call fewer.",
    ),
    "aid_state": Sentence(
        409,
        "本单位的协办不在这一步，请重新打开诉求，看 assisting。",
        "Your unit's call is not at that step; load the case again and see `assisting`.",
    ),
    "not_disputed": Sentence(
        422,
        "“{unit}”没有对协办提出异议，请填提出异议的单位，见 assisting。",
        "“{unit}” has not disputed its call; name a unit that has, see `assisting`.",
    ),
    # orders
    "too_many_orders": Sentence(
        409,
        "一件诉求同时最多 {most} 份督办单，请先核查或解除已有的。",
        "A case has at most {most} open orders; verify or lift one first.",
    ),
    "unit_needed": Sentence(
        422,
        "诉求还没有承办单位，请在 unit 里写明督办哪个单位。",
        "No unit has the case yet; say in `unit` to whom the order is.",
    ),
    "no_order": Sentence(
        409,
        "没有可以这样处理的督办单，请重新打开诉求，看 orders。",
        "There is no order at that step; load the case again and see `orders`.",
    ),
    "unknown_order": Sentence(
        422,
        "没有编号为“{order}”的督办单可以处理，现在有：{known}。",
        "No such order waits for this: “{order}”. There is: {known}.",
    ),
    # danger
    "alert_waits": Sentence(
        409,
        "同类警情已经发出，值班台还没有接警，不用再发；急事请直接拨打 110、119、120。",
        "Such an alert waits for the duty desk already; in an emergency call 110, 119 or 120.",
    ),
    "no_alert": Sentence(
        409,
        "没有等待处理的警情，请重新打开诉求，看 alerts。",
        "No alert waits for this; load the case again and see `alerts`.",
    ),
    "unknown_alert": Sentence(
        422,
        "没有编号为“{alert}”的警情可以处理，现在有：{known}。",
        "No such alert waits for this: “{alert}”. There is: {known}.",
    ),
    # who the citizen is
    "anonymous": Sentence(
        409,
        "诉求是匿名提交的，没有身份可以查看；需要沟通请留言（message）。",
        "The case was filed anonymously, there is nobody to see; write a `message` instead.",
    ),
    "unmasking_needed": Sentence(
        403,
        "诉求人的身份对您保密：请先申请查看（ask-unmasking），由另一人批准；也可以直接留言沟通。",
        "Who the citizen is stays hidden from you: ask for it (`ask-unmasking`), another person "
        "decides; or write a `message`.",
    ),
    "not_hidden": Sentence(
        409,
        "诉求人的身份没有对您保密，请直接查看联系方式（reveal）。",
        "Who the citizen is is not hidden from you; see the contact (`reveal`).",
    ),
    "unknown_version": Sentence(
        422,
        "没有第 {version} 次变更，请填经过（timeline）里的 version。",
        "There is no version {version}; name a `version` of the timeline.",
    ),
}
