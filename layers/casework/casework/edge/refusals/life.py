"""Why a case cannot be filed, dispatched, answered or ended so."""

from casework.edge.refusals.sentence import Sentence

OF_THE_LIFE: dict[str, Sentence] = {
    "state": Sentence(
        409,
        "这件诉求目前是“{state}”状态{taken}，不能{command}。现在可以：{instead}。",
        "The case is now “{state}”{taken}, which does not allow “{command}”. "
        "What is possible now: {instead}.",
    ),
    "same_person": Sentence(
        409,
        "经办过这一步的人不能自己再决定，请换一位同事处理。",
        "Whoever took this step may not decide on it; ask a colleague.",
    ),
    "own_unit": Sentence(
        409,
        "这一步要由“{unit}”以外的人来做，请转热线办其他同事。",
        "Someone outside “{unit}” does this, since the case is or was its own; ask the hotline office.",
    ),
    "same_unit": Sentence(
        409,
        "“{unit}”已经在办这件诉求，或已经列出，请另选单位。",
        "“{unit}” has the case or is named already; choose another unit.",
    ),
    "subject_unit": Sentence(
        409,
        "这件诉求反映的就是“{unit}”或它的上级单位，不能由它办，请另选。",
        "The case is about “{unit}” or a unit above it, which cannot handle it; choose another.",
    ),
    "subject_person": Sentence(
        409,
        "这位同事是被反映对象，不能经办，请指定其他人。",
        "The case is about this person, who cannot handle it; name another.",
    ),
    "wrong_line": Sentence(
        409,
        "“{unit}”不在这类事项的线条：党务事项由党务单位办，其他事项由其他单位办。请另选单位，或调整分类。",
        "Party affairs are for party units and everything else for the others, so “{unit}” cannot "
        "have the case; choose another unit, or reclassify it.",
    ),
    "not_below": Sentence(
        422,
        "“{unit}”不是“{holder}”的下级单位，只能逐级下派。请从本单位的下级里选。",
        "“{unit}” is not directly below “{holder}”; delegate one level down.",
    ),
    "nobody_below": Sentence(
        409, "“{unit}”没有下级单位，不能下派。", "“{unit}” has no unit below it to delegate to."
    ),
    "binding": Sentence(
        409,
        "这件诉求经会商指定由“{unit}”承办，不能退单，也不能再次会商。",
        "“{unit}” was designated after arbitration: the case cannot be returned or disputed again.",
    ),
    "redo_used_up": Sentence(
        409,
        "二次办理最多 {times} 次，已经用完。请由督办人员说明理由后结案，或升级处理。",
        "A case is handled again at most {times} times. A supervisor may close it with an explanation.",
    ),
    "reopening_used_up": Sentence(
        409,
        "这件诉求已经重新打开过 {times} 次。有新情况请提交一件新诉求，并写上这个编号。",
        "The case has been reopened {times} times. File a new one and quote this number.",
    ),
    "window_over": Sentence(
        409,
        "已超过可以提出的期限（{limit}）。如有新情况，请提交一件新诉求，并写上这个编号。",
        "The time for this ({limit}) is over. File a new case and quote this number.",
    ),
    "objected_already": Sentence(
        409,
        "对办理结果只能提出一次异议，这件诉求已经提过。",
        "An end can be objected to once, and this one has been.",
    ),
    "reports_stay": Sentence(
        409,
        "举报一经提交不能撤回；不想继续参与可以不再回复，案件仍会依法办理。",
        "A report cannot be withdrawn; you need not take part, but it will be looked into.",
    ),
    "reports_are_secret": Sentence(409, "举报类诉求不公开。", "Reports are never published."),
    "no_consent": Sentence(
        409,
        "诉求人没有同意公开，不能公示；同意只能在提交时填写（publishable）。",
        "The citizen has not agreed to publication; consent is given when filing (`publishable`).",
    ),
    "published_already": Sentence(409, "这件诉求已经公示。", "The case is published already."),
    "not_published": Sentence(409, "这件诉求没有公示。", "The case is not published."),
    "not_public": Sentence(
        409, "只能附议已经公示的诉求。", "Only a published case can be supported."
    ),
    "own_case": Sentence(
        409,
        "这是您自己的诉求，不用附议；想催办可以催单。",
        "This is your own case; urge it instead.",
    ),
    "only_enquiries": Sentence(
        409,
        "只有咨询类诉求可以直接答复，其他诉求要转给承办单位。",
        "Only enquiries can be answered at once; others go to a department.",
    ),
    "only_suggestions": Sentence(
        422,
        "“采纳”和“不采纳”只用于建议类诉求，请换一个办理结果。",
        "“adopted” and “not_adopted” are outcomes of suggestions; choose another.",
    ),
    "adopted_or_not": Sentence(
        422,
        "建议类诉求的办理结果填“采纳”（adopted）或“不采纳”（not_adopted），并说明理由。",
        "A suggestion is “adopted” or “not_adopted”; say which, and why.",
    ),
    "evidence_needed": Sentence(
        422,
        "这类事项答复为已解决或部分解决要有证据，请在 evidence 里至少附一项：{evidence}。",
        "What is resolved in this category is shown by evidence; add at least one to `evidence`: "
        "{evidence}.",
    ),
    "nobody_handled": Sentence(
        409,
        "还没有单位办过这件诉求，无从交回办理或承诺期限，请说明理由后结案。",
        "No unit has handled the case, so none can handle it again or promise a date; close it with "
        "an explanation.",
    ),
    "nothing_changes": Sentence(
        422, "内容与现状相同，没有变化。", "Nothing would change: the case is like that already."
    ),
    "category_needed": Sentence(422, "请先选定事项分类（category）。", "Choose a category first."),
    "unit_only_if_approved": Sentence(
        422, "只有同意退单时才能指定新的承办单位。", "A new unit goes with an approval only."
    ),
    "unknown_unit": Sentence(
        422,
        "没有代码为“{unit}”的单位，代码见 /v1/catalogue 的 departments。",
        "There is no unit with the code “{unit}”; see `departments` of /v1/catalogue.",
    ),
    "retired_unit": Sentence(
        422,
        "单位“{unit}”已于 {on} 撤销，请另选，代码见 /v1/catalogue 的 departments。",
        "The unit “{unit}” was dissolved on {on}; choose another of `departments` of /v1/catalogue.",
    ),
    "unknown_category": Sentence(
        422,
        "没有代码为“{category}”的事项分类，请从 /v1/catalogue 里选；不确定可以不填。",
        "There is no category “{category}”; choose from /v1/catalogue, or leave it out.",
    ),
    "unknown_area": Sentence(
        422,
        "没有代码为“{area}”的区域，请从 /v1/catalogue 里选；不确定可以不填。",
        "There is no area “{area}”; choose from /v1/catalogue, or leave it out.",
    ),
    "origin_staff_only": Sentence(
        403,
        "来源（origin）由工作人员或对接系统填写，请去掉 origin。",
        "`origin` is for staff and connected systems to fill in; leave it out.",
    ),
    "urgency_staff_only": Sentence(
        403,
        "紧急程度（urgency）由工作人员判定，请去掉 urgency；情况危急请拨打 110、119 或 120。",
        "`urgency` is for staff to judge; leave it out. In danger call 110, 119 or 120.",
    ),
    # dates
    "past": Sentence(
        422,
        "{until} 已经过去，请填今天或以后的日期。",
        "{until} has passed; name today or a later day.",
    ),
    "too_far": Sentence(
        422,
        "{until} 太远，请填 {latest} 或更早的日期（上限 {limit}）。",
        "{until} is too far; name {latest} or an earlier day (at most {limit}).",
    ),
}
