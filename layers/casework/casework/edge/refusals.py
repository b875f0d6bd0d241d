"""Every reason for which the service says no: its status, its sentence, what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """An HTTP status and what is said, in Chinese and English, with places for details."""

    status: int
    zh: str
    en: str


_S = Sentence

SENTENCES: dict[str, Sentence] = {
    # the case does not allow it
    "state": _S(
        409,
        "这件诉求目前是“{state}”状态{taken}，不能{command}。现在可以：{instead}。",
        "The case is now “{state}”{taken}, which does not allow “{command}”. "
        "What is possible now: {instead}.",
    ),
    "same_person": _S(
        409,
        "经办过这一步的人不能自己再决定，请换一位同事处理。",
        "Whoever took this step may not decide on it; ask a colleague.",
    ),
    "own_unit": _S(
        409,
        "这一步要由“{unit}”以外的人来做，请转热线办其他同事。",
        "Someone outside “{unit}” does this, since the case is or was its own; ask the hotline office.",
    ),
    "same_unit": _S(
        409,
        "“{unit}”已经在办这件诉求，或已经列出，请另选单位。",
        "“{unit}” has the case or is named already; choose another unit.",
    ),
    "not_below": _S(
        422,
        "“{unit}”不是“{holder}”的下级单位，只能逐级下派。请从本单位的下级里选。",
        "“{unit}” is not directly below “{holder}”; delegate one level down.",
    ),
    "nobody_below": _S(
        409, "“{unit}”没有下级单位，不能下派。", "“{unit}” has no unit below it to delegate to."
    ),
    "binding": _S(
        409,
        "这件诉求经会商指定由“{unit}”承办，不能退单，也不能再次会商。",
        "“{unit}” was designated after arbitration: the case cannot be returned or disputed again.",
    ),
    "redo_used_up": _S(
        409,
        "二次办理最多 {times} 次，已经用完。请由督办人员说明理由后结案，或升级处理。",
        "A case is handled again at most {times} times. A supervisor may close it with an explanation.",
    ),
    "reopening_used_up": _S(
        409,
        "这件诉求已经重新打开过 {times} 次。有新情况请提交一件新诉求，并写上这个编号。",
        "The case has been reopened {times} times. File a new one and quote this number.",
    ),
    "window_over": _S(
        409,
        "已超过可以提出的期限（{limit}）。如有新情况，请提交一件新诉求，并写上这个编号。",
        "The time for this ({limit}) is over. File a new case and quote this number.",
    ),
    "objected_already": _S(
        409,
        "对办理结果只能提出一次异议，这件诉求已经提过。",
        "An end can be objected to once, and this one has been.",
    ),
    "reports_stay": _S(
        409,
        "举报一经提交不能撤回；不想继续参与可以不再回复，案件仍会依法办理。",
        "A report cannot be withdrawn; you need not take part, but it will be looked into.",
    ),
    "reports_are_secret": _S(409, "举报类诉求不公开。", "Reports are never published."),
    "no_consent": _S(
        409,
        "诉求人没有同意公开，不能公示；同意只能在提交时填写（publishable）。",
        "The citizen has not agreed to publication; consent is given when filing (`publishable`).",
    ),
    "published_already": _S(409, "这件诉求已经公示。", "The case is published already."),
    "not_published": _S(409, "这件诉求没有公示。", "The case is not published."),
    "not_public": _S(409, "只能附议已经公示的诉求。", "Only a published case can be supported."),
    "own_case": _S(
        409,
        "这是您自己的诉求，不用附议；想催办可以催单。",
        "This is your own case; urge it instead.",
    ),
    "only_enquiries": _S(
        409,
        "只有咨询类诉求可以直接答复，其他诉求要转给承办单位。",
        "Only enquiries can be answered at once; others go to a department.",
    ),
    "only_suggestions": _S(
        422,
        "“采纳”和“不采纳”只用于建议类诉求，请换一个办理结果。",
        "“adopted” and “not_adopted” are outcomes of suggestions; choose another.",
    ),
    "nothing_changes": _S(
        422, "内容与现状相同，没有变化。", "Nothing would change: the case is like that already."
    ),
    "category_needed": _S(422, "请先选定事项分类（category）。", "Choose a category first."),
    "unit_only_if_approved": _S(
        422, "只有同意退单时才能指定新的承办单位。", "A new unit goes with an approval only."
    ),
    "unknown_unit": _S(
        422,
        "没有代码为“{unit}”的单位，代码见 /v1/catalogue 的 departments。",
        "There is no unit with the code “{unit}”; see `departments` of /v1/catalogue.",
    ),
    "retired_unit": _S(
        422,
        "单位“{unit}”已于 {on} 撤销，请另选，代码见 /v1/catalogue 的 departments。",
        "The unit “{unit}” was dissolved on {on}; choose another of `departments` of /v1/catalogue.",
    ),
    "unknown_category": _S(
        422,
        "没有代码为“{category}”的事项分类，请从 /v1/catalogue 里选；不确定可以不填。",
        "There is no category “{category}”; choose from /v1/catalogue, or leave it out.",
    ),
    "unknown_area": _S(
        422,
        "没有代码为“{area}”的区域，请从 /v1/catalogue 里选；不确定可以不填。",
        "There is no area “{area}”; choose from /v1/catalogue, or leave it out.",
    ),
    # a person's bindings
    "nothing_proven": _S(
        409,
        "您的账号还没有核实过手机号或邮箱。请先在登录服务里核实，重新登录后再来绑定。",
        "Your account has no verified phone or mail address. Verify one with the sign-in service, sign "
        "in again, and join it then.",
    ),
    "unknown_binding": _S(
        422,
        "您没有这个绑定，编号（id）见 GET /v1/me 的 bindings。",
        "You have no such binding; see the `id` of each of `bindings` in GET /v1/me.",
    ),
    "own_account": _S(
        409,
        "登录账号本身不能解除绑定；可以解除的是手机号、邮箱等，见 GET /v1/me。",
        "The account itself cannot be separated; phones and mail addresses can, see GET /v1/me.",
    ),
    "changed_too_often": _S(
        409,
        "这个号码或邮箱一年内绑定、解除已达 {times} 次，不能再绑定。请拨打 12345 由话务员核实。",
        "This number or address was joined and separated {times} times within a year and cannot be "
        "joined now. Call 12345.",
    ),
    "too_many_bindings": _S(
        409,
        "一个人先后最多绑定 {most} 个号码和邮箱，已经用完。请拨打 12345 由话务员核实。",
        "A person can have {most} numbers and addresses over time, and you have had them. Call 12345.",
    ),
    # who asks
    "role": _S(403, "“{role}”没有“{command}”的权限。", "The role “{role}” may not “{command}”."),
    "channel_staff_only": _S(
        403,
        "渠道 {channel} 只由工作人员填，请去掉 channel。",
        "The channel {channel} is for staff to fill in; leave `channel` out.",
    ),
    "not_yours": _S(
        403,
        "这件诉求不归您办，只有承办单位或诉求人本人可以这样做。工作人员请找派单员改派，诉求人请用查询码。",
        "The case is not yours; only its department or its citizen may do this. "
        "Staff ask a dispatcher to reassign it, its citizen uses the access code.",
    ),
    "not_readable": _S(
        403,
        "您无权查看这件诉求。诉求人请用查询码或提交时的账号；工作人员只能看本单位的，需要时请找派单员。",
        "You may not see this case. Its citizen uses the access code or the account that filed it; "
        "staff see those of their own unit, and may ask a dispatcher.",
    ),
    "list_not_readable": _S(
        403,
        "您只能看本单位的工作台；全市队列由派单员、审核员等查看。账号没有单位的，请联系管理员。",
        "You see your own unit's worklist only; the city's queues are for dispatchers, moderators "
        "and the like. If your account has no unit, ask an administrator.",
    ),
    "credentials_missing": _S(
        401,
        "请带上 Access-Code（查询码）或登录令牌（Authorization: Bearer …）。",
        "Send the header Access-Code, or a token (Authorization: Bearer …).",
    ),
    "token_missing": _S(
        401,
        "请登录：在 Authorization: Bearer … 里带上令牌。",
        "Sign in: send Authorization: Bearer …",
    ),
    "token_scheme": _S(
        401,
        "Authorization 里的令牌前面要加 Bearer 和一个空格：Authorization: Bearer …",
        "The token in Authorization comes after Bearer and a blank: Authorization: Bearer …",
    ),
    "token_malformed": _S(
        401, "令牌格式不对，请重新登录。", "The token cannot be read; sign in again."
    ),
    "token_expired": _S(401, "登录已过期，请重新登录。", "The token has expired; sign in again."),
    "token_issuer": _S(
        401,
        "令牌不是由本市的登录服务签发的，请重新登录；仍不行请联系管理员。",
        "The token comes from another issuer; sign in again, and if that does not help ask an administrator.",
    ),
    "token_audience": _S(
        401,
        "令牌不是签发给本服务的，请重新登录；仍不行请联系管理员。",
        "The token is meant for another service; sign in again, and if that does not help ask an administrator.",
    ),
    "token_key": _S(
        401,
        "令牌的签名无法核实，请重新登录；仍不行请联系管理员。",
        "The token's signature does not hold; sign in again, and if that does not help ask an administrator.",
    ),
    "token_claims": _S(
        401,
        "令牌缺少身份或角色信息，请重新登录；仍不行请联系管理员。",
        "The token lacks a subject, a role or an expiry; sign in again, and if that does not help ask an administrator.",
    ),
    "wrong_code": _S(
        403,
        "查询码不对，请核对提交回执里的 6 位数字。",
        "The access code does not fit; check the 6 digits on the receipt.",
    ),
    "locked": _S(
        429,
        "试错次数太多，请在 {seconds} 秒后再试，或拨打 12345 由话务员核实。",
        "Too many wrong codes; try again in {seconds} seconds, or call 12345.",
    ),
    # the request itself
    "not_found": _S(
        404,
        "没有这个编号的诉求。请核对 16 位编号，每位都要对。",
        "There is no case with this number; check all 16 digits.",
    ),
    "unknown_command": _S(
        404,
        "没有“{command}”这个操作。现在可以做的见诉求的 next，全部操作见 /v1/openapi.json。",
        "There is no command “{command}”. See the case's `next` for what may be done now, and "
        "/v1/openapi.json for all there is.",
    ),
    "malformed": _S(
        400, "请求内容不是合格的 JSON（UTF-8）：{why}", "The body is not JSON in UTF-8: {why}"
    ),
    "invalid": _S(
        422,
        "请求里有不合规则的内容，逐项说明见 errors。",
        "Some fields are not valid; see `errors`.",
    ),
    "too_large": _S(
        413,
        "请求太大（上限 {limit} 字节）。请缩短文字；图片和附件不放在这里。",
        "The body is over {limit} bytes; shorten it. Pictures do not belong here.",
    ),
    "key_missing": _S(
        400,
        "请带上 Idempotency-Key 请求头（建议用 UUID），重发时用同一个值，就不会重复提交。",
        "Send the header Idempotency-Key (a UUID); repeat it when you try again, and nothing is filed twice.",
    ),
    "key_invalid": _S(
        400,
        "Idempotency-Key 应为 1 到 128 个可见的 ASCII 字符。",
        "Idempotency-Key must be 1 to 128 visible ASCII characters.",
    ),
    "key_reused": _S(
        422,
        "这个 Idempotency-Key 已用于另一份内容。新的提交请换一个新的值。",
        "This Idempotency-Key came with another content before; take a new one for a new request.",
    ),
    "if_match_invalid": _S(
        400,
        'If-Match 应为诉求的版本号，例如 "7"：请先 GET 诉求，用答复的 ETag。',
        'If-Match must be a version of the case, such as "7": GET the case and send its ETag.',
    ),
    "stale": _S(
        412,
        "诉求已被更新到第 {version} 版，请重新打开后再操作。",
        "The case is at version {version} now; load it again first.",
    ),
    "parameter": _S(400, "参数 {name} 不对：{why}", "The parameter {name} is not valid: {why}"),
    "busy": _S(
        503,
        "系统正忙，请稍后用同一个 Idempotency-Key 重试，不会重复提交。",
        "The service is busy; try again with the same Idempotency-Key, nothing is done twice.",
    ),
    "not_set_up": _S(
        503,
        "本市目录尚未载入，请管理员运行 lianxin city load。",
        "The city's catalogue is not loaded yet; an administrator runs `lianxin city load`.",
    ),
    "internal": _S(
        500,
        "系统出错了，已记录。请稍后用同一个 Idempotency-Key 重试；急事请拨 12345。",
        "Something went wrong and was recorded. Try again with the same Idempotency-Key; call 12345 if urgent.",
    ),
}

FIELDS: dict[str, tuple[str, str]] = {
    "missing": ("必填", "is required"),
    "extra_forbidden": ("不认识这个字段，请删除", "is not a known field; remove it"),
    "string_type": ("应为文字", "must be a text"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "int_type": ("应为整数", "must be a whole number"),
    "float_type": ("应为数字", "must be a number"),
    "list_type": ("应为列表", "must be a list"),
    "model_type": ("应为对象 {{…}}", "must be an object {{…}}"),
    "string_too_long": ("最多 {max_length} 个字", "has at most {max_length} characters"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_pattern_mismatch": ("含有不允许的字符", "holds characters that a code cannot have"),
    "literal_error": ("只能是 {expected}", "must be one of {expected}"),
    "greater_than_equal": ("不能小于 {ge}", "must be at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "must be at most {le}"),
    "finite_number": ("应为有限的数字", "must be a finite number"),
    "too_long": ("最多 {max_length} 项", "has at most {max_length} entries"),
    "too_short": ("至少 {min_length} 项", "needs at least {min_length} entries"),
    "lone_surrogate": (
        "含有残缺的字符（半个 Unicode 代理对），请删除或重新输入",
        "holds half a character (a lone surrogate); remove it or type it again",
    ),
    "string_unicode": (
        "含有残缺的字符（半个 Unicode 代理对），请删除或重新输入",
        "holds half a character (a lone surrogate); remove it or type it again",
    ),
    "phone_invalid": (
        "不是电话号码：手机 11 位，固定电话带区号，境外号码以 + 开头",
        "is no phone number: 11 digits for a mobile, an area code before a landline, + for abroad",
    ),
    "lon_lat_together": ("经度和纬度要一起填", "takes lon and lat together"),
    "kind_or_category": ("kind 和 category 至少填一个", "needs kind or category"),
    "text_says_why": (
        "不同意时请在 text 写明理由",
        "needs `text` to say why when it is not approved",
    ),
}
