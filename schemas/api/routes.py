"""Every route but the commands of the desk."""

from schemas import commands as c
from schemas import views as v
from schemas.api.route import Parameter, Route

_CURSOR = Parameter(
    "cursor",
    ("上一页答复里的 cursor，原样带回", "`cursor` of the page before, as it came"),
)
_LIMIT = Parameter(
    "limit",
    ("每页件数", "Entries on a page"),
    {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
)
_QUEUE = Parameter(
    "queue",
    (
        "全市的一个队列；不填则看单位的工作台（department）",
        "One of the city's own queues; without it, a unit's worklist (`department`)",
    ),
    {"$ref": "#/components/schemas/Queue"},
)
_DEPARTMENT = Parameter(
    "department",
    ("单位代码；不填则为本人所在单位", "Code of a unit; by default the reader's own"),
)

ROUTES: tuple[Route, ...] = (
    Route(
        "post",
        "/v1/cases",
        "fileCase",
        "filer",
        ("提交诉求", "File a request"),
        (
            "返回诉求编号和 6 位查询码，请一并告诉诉求人。用同一个 Idempotency-Key 重发，得到同样的答复，"
            "不会重复提交。文字不因用词或文种被拒绝；没有标题会自动生成。举报默认保密，也可以匿名。"
            "可以由他人代为反映。话务员可在 answer 里当场答复咨询。",
            "Returns the case number and a 6-digit access code; give both to the citizen. Sent again "
            "under the same Idempotency-Key it gets the same answer, and nothing is filed twice. No "
            "word and no script is refused; a missing title is made. A report is sealed unless said "
            "otherwise, and may be anonymous; somebody else may speak for the citizen. Agents may "
            "answer an enquiry at once in `answer`.",
        ),
        v.Receipt,
        c.File,
        201,
        refusals=(
            "role",
            "channel_staff_only",
            "unknown_category",
            "unknown_area",
            "unknown_unit",
            "retired_unit",
            "origin_staff_only",
            "urgency_staff_only",
            "past",
            "too_far",
            "only_enquiries",
        ),
    ),
    Route(
        "get",
        "/v1/cases",
        "listOwnCases",
        "citizen",
        ("我的诉求", "My cases"),
        (
            "登录的诉求人自己的诉求，含用已绑定的号码和邮箱提交的，最新的在前。",
            "The signed-in citizen's own cases, those filed with joined numbers too, newest first.",
        ),
        v.OwnCases,
        query=(_CURSOR,),
        refusals=("parameter",),
    ),
    Route(
        "post",
        "/v1/cases/similar",
        "showSimilar",
        "filer",
        ("提交前查找相似诉求", "Look for like cases before filing"),
        (
            "填写将要提交的内容，得到最多 5 件已公示的相似诉求（可以附议）；登录的诉求人还能看到自己未办结的"
            "同一件事（可以催单或留言）。什么都不保存。",
            "With what is about to be filed, it finds at most 5 published cases on the same matter, to "
            "be supported; a signed-in citizen is also shown own cases that are open still, to be urged "
            "or written to. Nothing is stored.",
        ),
        v.SimilarCases,
        c.AskSimilar,
        refusals=("unknown_area",),
        repeatable=True,
    ),
    Route(
        "get",
        "/v1/cases/{case_number}",
        "showCase",
        "case",
        ("查询诉求", "Follow a case"),
        (
            "状态、经过、时限及其计算过程，以及诉求人现在可以做什么（next）。",
            "Status, timeline, deadlines with their working, and what the citizen may do now (`next`).",
        ),
        v.CitizenCase,
    ),
    Route(
        "post",
        "/v1/cases/{case_number}/messages",
        "writeMessage",
        "case",
        ("诉求人留言", "Write to the department"),
        (
            "补充情况，或回答工作人员的问题；待补充信息的诉求由此回到审核。",
            "Adds facts or answers a question; a case that waits for information goes back to review.",
        ),
        v.Done,
        c.SendMessage,
    ),
    Route(
        "post",
        "/v1/cases/{case_number}/urges",
        "urgeCase",
        "case",
        ("催单", "Urge"),
        ("诉求未办结时催办，可以附一句话。", "Asks again about an open case; a text is optional."),
        v.Done,
        c.Urge,
    ),
    Route(
        "post",
        "/v1/cases/{case_number}/withdrawal",
        "withdrawCase",
        "case",
        ("撤回诉求", "Withdraw"),
        (
            "撤回后的冷静期内可以重新打开。举报不能撤回。",
            "It can be reopened while the cooling-off period lasts. Reports cannot be withdrawn.",
        ),
        v.Done,
        c.Withdraw,
        refusals=("reports_stay",),
    ),
    Route(
        "post",
        "/v1/cases/{case_number}/reopening",
        "reopenCase",
        "case",
        ("重新打开", "Reopen"),
        (
            "办结或撤回之后有新情况，写在 text 里。",
            "After the end or a withdrawal, with new facts in `text`.",
        ),
        v.Done,
        c.Reopen,
        refusals=("reopening_used_up", "window_over"),
    ),
    Route(
        "post",
        "/v1/cases/{case_number}/objection",
        "objectToEnd",
        "case",
        ("提出异议", "Object"),
        (
            "对不予受理、转办或办结的结果提出一次异议，由另一人复核。",
            "Once, against an end; another person decides.",
        ),
        v.Done,
        c.Object,
        refusals=("objected_already", "window_over"),
    ),
    Route(
        "post",
        "/v1/cases/{case_number}/support",
        "supportCase",
        "citizen",
        ("附议", "Support"),
        (
            "“我也遇到了”：登录后附议一件已公示的诉求，重复附议只算一次。",
            "“Me too”: a signed-in citizen supports a published case; saying so again counts once.",
        ),
        v.Supported,
        refusals=("not_found", "not_public", "own_case"),
    ),
    Route(
        "post",
        "/v1/cases/{case_number}/rating",
        "rateCase",
        "case",
        ("评价", "Rate"),
        (
            "有没有人联系、解决了没有、满意几分。不满意会回访或二次办理；没有人联系过则立即二次办理。",
            "Did anyone get in touch, is it solved, how satisfied. A bad rating leads to a follow-up or "
            "a second handling, at once if nobody got in touch.",
        ),
        v.Done,
        c.Rate,
        refusals=("same_person", "own_unit"),
    ),
    Route(
        "get",
        "/v1/me",
        "showPerson",
        "citizen",
        ("我的绑定", "My bindings"),
        (
            "登录的诉求人凭哪些账号、号码和邮箱被认出来，以及绑定、解除的记录。",
            "By which account, numbers and addresses the signed-in citizen is recognised, and the record "
            "of what was joined and separated.",
        ),
        v.Person,
    ),
    Route(
        "post",
        "/v1/me/bindings",
        "joinBindings",
        "citizen",
        ("绑定已核实的号码和邮箱", "Join what is verified"),
        (
            "把登录令牌里已核实的手机号（phone_number）和邮箱（email）归到本人名下，用它们提交的诉求从此可以"
            "登录查看和办理。号码原属另一人的，从此刻起改归本人，此前的诉求仍归原来的人。请在诉求人自己要求时"
            "调用，不要每次登录都调用。重复绑定没有影响。",
            "Joins the phone (`phone_number`) and mail address (`email`) that the token says are verified: "
            "what was filed with them can then be followed while signed in. What another person had passes "
            "from now on; what was filed before stays the other's. Call it when the citizen asks for it, "
            "not at every sign-in. Joining twice does nothing.",
        ),
        v.Person,
        refusals=("nothing_proven", "changed_too_often", "too_many_bindings"),
    ),
    Route(
        "post",
        "/v1/me/separation",
        "separateBinding",
        "citizen",
        ("解除绑定", "Separate a binding"),
        (
            "绑错了：这个号码或邮箱不再算作本人的，用它提交的诉求也不再归到本人名下。重复解除没有影响。",
            "It was a mistake: the number or address counts as the citizen's no more, nor does what was "
            "filed with it. Separating twice does nothing.",
        ),
        v.Person,
        c.SeparateBinding,
        refusals=("unknown_binding", "own_account"),
        repeatable=True,
    ),
    Route(
        "get",
        "/v1/catalogue",
        "showCatalogue",
        "anyone",
        ("本市目录", "The city's catalogue"),
        (
            "提交和派单时可以填写的分类、区域、单位和诉求类型。",
            "Categories, areas, units and kinds that a filing or a dispatch may name.",
        ),
        v.Catalogue,
    ),
    Route(
        "get",
        "/v1/openapi.json",
        "showContract",
        "anyone",
        ("接口说明", "This description"),
        ("本文件（OpenAPI 3.1）。", "This document (OpenAPI 3.1)."),
        v.Document,
    ),
    Route(
        "get",
        "/v1/health",
        "health",
        "anyone",
        ("服务状态", "Health"),
        ("服务正常时答复 ok。", "Says ok while the service answers."),
        v.Health,
    ),
    Route(
        "get",
        "/v1/desk/worklist",
        "showWorklist",
        "staff",
        ("工作台", "Worklist"),
        (
            "一个单位或全市队列里等着办的诉求，最急的在前。",
            "What waits in a unit or in one of the city's queues, most urgent first.",
        ),
        v.Worklist,
        query=(_QUEUE, _DEPARTMENT, _LIMIT, _CURSOR),
        refusals=("parameter", "unknown_unit", "list_not_readable"),
    ),
    Route(
        "get",
        "/v1/desk/cases/{case_number}",
        "showDeskCase",
        "staff",
        ("查看诉求", "Open a case"),
        (
            "全部经过，含内部备注；联系方式只显示一部分，看全文用 reveal。",
            "Everything, internal notes too; the contact is masked, see `reveal`.",
        ),
        v.DeskCase,
        refusals=("not_found", "not_readable"),
    ),
)
