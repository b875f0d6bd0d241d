"""What the contracts say of the shapes of answers, in Chinese and English."""

from schemas.api import Words

ANSWERED: dict[str, Words] = {
    "Receipt": ("受理回执；重复提交得到同一份。", "The receipt; a repeated filing gets the same."),
    "OwnCases": ("一页自己的诉求。", "A page of one's own cases."),
    "OwnCase": ("列表里的一件诉求。", "One case of the list."),
    "CitizenCase": ("诉求人看到的诉求。", "A case as its citizen sees it."),
    "DeskCase": ("工作人员看到的诉求。", "A case as the desk sees it."),
    "Done": ("操作之后诉求的情况。", "Where a command left the case."),
    "Supported": ("附议之后的人数。", "The number of supporters."),
    "Worklist": ("一页工作台，最急的在前。", "A page of a worklist, most urgent first."),
    "WorklistItem": ("工作台上的一件诉求。", "One case of a worklist."),
    "Deadline": ("正在计的一个时限。", "A running deadline."),
    "Working": ("时限是怎样数出来的。", "How a deadline was counted."),
    "SkippedDay": ("没有计入的一天。", "A day that did not count."),
    "Entry": ("经过中的一条。", "One entry of the timeline."),
    "Action": ("现在可以做的一件事。", "Something that may be done now."),
    "Named": ("代码和名称。", "A code with its name."),
    "Notice": ("发给诉求人的通知及其结果。", "A notice to the citizen, and its fate."),
    "Choice": ("系统认为可能的去处。", "Where the case might belong."),
    "Catalogue": ("可以填写的代码。", "The codes that can be named."),
    "CatalogueCategory": ("一个事项分类。", "A category."),
    "CatalogueArea": ("一个区域。", "An area."),
    "Person": (
        "登录的诉求人：凭什么被认出来，以及其经过。",
        "A signed-in citizen: recognised by what, and how it came to that.",
    ),
    "Binding": (
        "认出诉求人的一种方式，不含号码或地址本身。",
        "One way to recognise the citizen; the number or address itself is not kept.",
    ),
    "BindingRecord": ("绑定或解除的一条记录。", "What was joined or separated."),
    "Health": ("服务状态。", "How the service is."),
    "Document": ("一份 JSON 文件。", "A JSON document."),
    "Problem": (
        "错误说明（RFC 9457）：哪里不对、接下来怎么办。",
        "An error (RFC 9457): what is wrong and what to do next.",
    ),
    "Fault": ("一个有问题的字段。", "One faulty field."),
    "Pause": ("暂缓办理（挂账）的一段时间。", "A time in which the promise stood still."),
    "Related": ("有关的另一件诉求。", "Another case that it has to do with."),
    "Asked": ("等待审批的一项申请。", "Something that waits for a decision."),
    "Assisting": ("一个协办单位。", "A unit called to help."),
    "Ordered": ("一份督办单。", "An order."),
    "Supervised": (
        "时限带来的一项督办：黄牌或红牌、约谈、文书。",
        "What a deadline has brought upon the case: a card, a summons, a paper.",
    ),
    "Alarm": ("一起警情。", "An alert."),
    "Speaker": ("与诉求人沟通要知道的。", "What to know before talking to the citizen."),
    "Source": ("来自上面的哪里。", "Where a case from above comes from."),
}
