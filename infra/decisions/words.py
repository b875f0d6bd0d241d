"""What the page of decisions says around its tables, in Chinese and in English."""

from casework.cases.table import Relation

Pair = tuple[str, str]

SAID: dict[str, Pair] = {
    "title": ("谁来决定，走到哪里", "Who decides, and where it leads"),
    "intro": (
        "由 `lianxin decisions` 从代码生成，请勿手改。[English](decisions.en.md)",
        "Generated from the code by `lianxin decisions`; not to be edited. [中文](decisions.md)",
    ),
    "states": ("状态", "States"),
    "states intro": (
        "每一步都不是画上去的：从几件刚提交的诉求开始，把每个命令都交给规则去试，直到不再出现新的去向。"
        "粗线是多数诉求走的路，虚线框的状态在另一张图里。`tick` 是时限已到，系统自己走的一步。",
        "No arrow was drawn by hand: from cases just filed, every command is put to the rules until "
        "nothing new comes of it. Thick is the way that most cases go; a dashed state has its own "
        "moves in another picture. `tick`: a due time has passed, and the machine moves the case.",
    ),
    "overview": ("一眼看全", "At a glance"),
    "converging": ("从许多状态都能走的一步", "From many states alike"),
    "moves": ("每一种状态的每一个去向", "Every move from every state"),
    "deciders": ("谁来决定", "Who decides"),
    "deciders intro": (
        "这张表同时是程序的检查、接口的“下一步可以做什么”和这份文档。写在“依据”里的是规定，"
        "城市只能收紧；其余的可以在 `deciders.csv` 里改给最后一列的角色"
        "（`lianxin city check`、`lianxin city load`）。“不同人”：不是提出申请的人；"
        "“不同单位”：不属于该单位。与诉求的关系：",
        "This table is the program's check, the API's “what is allowed next” and this page at once. "
        "Where a rule is cited, a city can only tighten it; the others it may give, in "
        "`deciders.csv`, to the roles of the last column (`lianxin city check`, `lianxin city "
        "load`). “Another person”: not who asked for it; “another unit”: of another than who did. "
        "How somebody stands to a case:",
    ),
    "any": ("任何状态", "any state"),
    "open": ("任何未结的状态", "any open state"),
    "another person": ("不同人", "another person"),
    "another unit": ("不同单位", "another unit"),
    "nobody": ("（无）", "(nobody)"),
    "narrowed": ("只能收紧", "fewer of these"),
    "sources": (
        "依据：BJ 北京市接诉即办工作条例（2021）；JN 济南市12345市民服务热线条例（2018）；"
        "WF 潍坊市12345政务服务便民热线条例（2021）；XF 信访工作条例（2022）。数字是条。",
        "Law: BJ, Beijing's regulation on handling requests (接诉即办, 2021); JN, Jinan's on the "
        "12345 hotline (2018); WF, Weifang's (2021); XF, the regulation on petitions (2022). "
        "The numbers are articles.",
    ),
}
LAWS: dict[str, Pair] = {
    "LIFECYCLE: after dispatch outside the handling unit": (
        "派单后只由承办单位以外的人调整",
        "after dispatch, only outside the handling unit",
    ),
    "LIFECYCLE: outside the handling unit": ("由承办单位以外的人决定", "outside the handling unit"),
    "LIFECYCLE: verified by another": ("由他人核查", "verified by another"),
    "LIFECYCLE: the supervised unit cannot lift its own": (
        "被督办的单位不得自行解除",
        "the supervised unit cannot lift its own",
    ),
    "LIFECYCLE: never collected by the handling unit": (
        "评价不得由承办单位收集",
        "never collected by the handling unit",
    ),
    "LIFECYCLE: by the citizen's own verified channel": (
        "只由诉求人本人撤回",
        "by the citizen alone",
    ),
    "LIFECYCLE: before another decider": ("由原决定人以外的人复核", "before another decider"),
}
"""Reasons of the table that cite no article."""
HEADINGS: dict[str, tuple[Pair, ...]] = {
    "converging": (("命令", "Command"), ("从", "From"), ("到", "To")),
    "moves": (("状态", "State"), ("命令 → 去向", "Command → state")),
    "deciders": (
        ("命令", "Command"),
        ("状态", "In"),
        ("谁", "Who"),
        ("对谁的申请", "On"),
        ("且须", "Besides"),
        ("依据", "Law"),
        ("城市可改给", "A city may give it to"),
    ),
}
RELATION_NAMES: dict[Relation, Pair] = {
    "own": ("本人", "own"),
    "holder": ("承办单位", "holder"),
    "delegator": ("上级单位", "delegator"),
    "party": ("会商单位", "party"),
    "called": ("协办单位", "called"),
    "ordered": ("被督办单位", "ordered"),
    "city": ("全市", "city"),
    "system": ("系统", "system"),
}
RELATIONS: dict[Relation, Pair] = {
    "own": (
        "诉求人本人，凭查询码或登录",
        "the citizen of the case, by its access code or signed in",
    ),
    "holder": (
        "诉求在其单位；负责人也包括下级单位的",
        "the case is held by one's unit; for a head, also by one below it",
    ),
    "delegator": ("把诉求交给下级办理的单位", "one's unit delegated it to its holder"),
    "party": ("会商中要听取意见的单位", "one's unit is to be heard in the arbitration"),
    "called": ("被请来协办的单位", "one's unit is called to help"),
    "ordered": ("督办单发给的单位", "an order is to one's unit"),
    "city": (
        "热线办等面向全市的岗位；举报和党务线条的诉求只限政策写明的角色",
        "one works for the whole city; for reports and party affairs only the policy's confidants",
    ),
    "system": ("系统自动", "the machine itself"),
}
TOPICS: dict[str, Pair] = {
    "review": ("受理与审核", "Review before acceptance"),
    "dispatching": ("派单、逐级交办、退单、会商", "Dispatch, levels, returns, arbitration"),
    "pausing": ("延期、挂账、终止", "More time, a pause, an early end"),
    "beside": ("协办、督办、警情", "Help from other units, orders, danger"),
    "subjects": ("被反映对象与诉求人身份", "Whom it is about, and who the citizen is"),
    "relations": ("并单、拆单、重复、再次发生", "Cases that belong together"),
    "talk": ("沟通", "Talk"),
    "answering": ("答复、评价、回访", "The answer, and its judgement"),
    "ends": ("撤回、重开、异议、公示", "Ends, ways back, the public board"),
    "machine": ("系统的动作", "The machine's own"),
}
"""Of `schemas.commands`, in the order in which people meet them."""
