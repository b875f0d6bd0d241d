"""Why a request is not taken: who asks, how it is sent, and what a person may join."""

from casework.edge.refusals.sentence import Sentence

OF_REQUESTS: dict[str, Sentence] = {
    # who asks
    "role": Sentence(
        403, "“{role}”没有“{command}”的权限。", "The role “{role}” may not “{command}”."
    ),
    "channel_staff_only": Sentence(
        403,
        "渠道 {channel} 只由工作人员填，请去掉 channel。",
        "The channel {channel} is for staff to fill in; leave `channel` out.",
    ),
    "not_yours": Sentence(
        403,
        "这件诉求不归您办，只有承办单位或诉求人本人可以这样做。工作人员请找派单员改派，诉求人请用查询码。",
        "The case is not yours; only its department or its citizen may do this. "
        "Staff ask a dispatcher to reassign it, its citizen uses the access code.",
    ),
    "not_readable": Sentence(
        403,
        "您无权查看这件诉求。诉求人请用查询码或提交时的账号；工作人员只能看本单位的，需要时请找派单员。",
        "You may not see this case. Its citizen uses the access code or the account that filed it; "
        "staff see those of their own unit, and may ask a dispatcher.",
    ),
    "list_not_readable": Sentence(
        403,
        "您只能看本单位的工作台；全市队列由派单员、审核员等查看。账号没有单位的，请联系管理员。",
        "You see your own unit's worklist only; the city's queues are for dispatchers, moderators "
        "and the like. If your account has no unit, ask an administrator.",
    ),
    "credentials_missing": Sentence(
        401,
        "请带上 Access-Code（查询码）或登录令牌（Authorization: Bearer …）。",
        "Send the header Access-Code, or a token (Authorization: Bearer …).",
    ),
    "token_missing": Sentence(
        401,
        "请登录：在 Authorization: Bearer … 里带上令牌。",
        "Sign in: send Authorization: Bearer …",
    ),
    "token_scheme": Sentence(
        401,
        "Authorization 里的令牌前面要加 Bearer 和一个空格：Authorization: Bearer …",
        "The token in Authorization comes after Bearer and a blank: Authorization: Bearer …",
    ),
    "token_malformed": Sentence(
        401, "令牌格式不对，请重新登录。", "The token cannot be read; sign in again."
    ),
    "token_expired": Sentence(
        401, "登录已过期，请重新登录。", "The token has expired; sign in again."
    ),
    "token_issuer": Sentence(
        401,
        "令牌不是由本市的登录服务签发的，请重新登录；仍不行请联系管理员。",
        "The token comes from another issuer; sign in again, and if that does not help ask an administrator.",
    ),
    "token_audience": Sentence(
        401,
        "令牌不是签发给本服务的，请重新登录；仍不行请联系管理员。",
        "The token is meant for another service; sign in again, and if that does not help ask an administrator.",
    ),
    "token_key": Sentence(
        401,
        "令牌的签名无法核实，请重新登录；仍不行请联系管理员。",
        "The token's signature does not hold; sign in again, and if that does not help ask an administrator.",
    ),
    "token_claims": Sentence(
        401,
        "令牌缺少身份或角色信息，请重新登录；仍不行请联系管理员。",
        "The token lacks a subject, a role or an expiry; sign in again, and if that does not help ask an administrator.",
    ),
    "wrong_code": Sentence(
        403,
        "查询码不对，请核对提交回执里的 6 位数字。",
        "The access code does not fit; check the 6 digits on the receipt.",
    ),
    "locked": Sentence(
        429,
        "试错次数太多，请在 {seconds} 秒后再试，或拨打 12345 由话务员核实。",
        "Too many wrong codes; try again in {seconds} seconds, or call 12345.",
    ),
    # the request itself
    "not_found": Sentence(
        404,
        "没有这个编号的诉求。请核对 16 位编号，每位都要对。",
        "There is no case with this number; check all 16 digits.",
    ),
    "unknown_command": Sentence(
        404,
        "没有“{command}”这个操作。现在可以做的见诉求的 next，全部操作见 /v1/openapi.json。",
        "There is no command “{command}”. See the case's `next` for what may be done now, and "
        "/v1/openapi.json for all there is.",
    ),
    "malformed": Sentence(
        400, "请求内容不是合格的 JSON（UTF-8）：{why}", "The body is not JSON in UTF-8: {why}"
    ),
    "invalid": Sentence(
        422,
        "请求里有不合规则的内容，逐项说明见 errors。",
        "Some fields are not valid; see `errors`.",
    ),
    "too_large": Sentence(
        413,
        "请求太大（上限 {limit} 字节）。请缩短文字；图片和附件不放在这里。",
        "The body is over {limit} bytes; shorten it. Pictures do not belong here.",
    ),
    "key_missing": Sentence(
        400,
        "请带上 Idempotency-Key 请求头（建议用 UUID），重发时用同一个值，就不会重复提交。",
        "Send the header Idempotency-Key (a UUID); repeat it when you try again, and nothing is filed twice.",
    ),
    "key_invalid": Sentence(
        400,
        "Idempotency-Key 应为 1 到 128 个可见的 ASCII 字符。",
        "Idempotency-Key must be 1 to 128 visible ASCII characters.",
    ),
    "key_reused": Sentence(
        422,
        "这个 Idempotency-Key 已用于另一份内容。新的提交请换一个新的值。",
        "This Idempotency-Key came with another content before; take a new one for a new request.",
    ),
    "if_match_invalid": Sentence(
        400,
        'If-Match 应为诉求的版本号，例如 "7"：请先 GET 诉求，用答复的 ETag。',
        'If-Match must be a version of the case, such as "7": GET the case and send its ETag.',
    ),
    "stale": Sentence(
        412,
        "诉求已被更新到第 {version} 版，请重新打开后再操作。",
        "The case is at version {version} now; load it again first.",
    ),
    "parameter": Sentence(
        400, "参数 {name} 不对：{why}", "The parameter {name} is not valid: {why}"
    ),
    "busy": Sentence(
        503,
        "系统正忙，请稍后用同一个 Idempotency-Key 重试，不会重复提交。",
        "The service is busy; try again with the same Idempotency-Key, nothing is done twice.",
    ),
    "not_set_up": Sentence(
        503,
        "本市目录尚未载入，请管理员运行 lianxin city load。",
        "The city's catalogue is not loaded yet; an administrator runs `lianxin city load`.",
    ),
    "internal": Sentence(
        500,
        "系统出错了，已记录。请稍后用同一个 Idempotency-Key 重试；急事请拨 12345。",
        "Something went wrong and was recorded. Try again with the same Idempotency-Key; call 12345 if urgent.",
    ),
    # a person's bindings
    "nothing_proven": Sentence(
        409,
        "您的账号还没有核实过手机号或邮箱。请先在登录服务里核实，重新登录后再来绑定。",
        "Your account has no verified phone or mail address. Verify one with the sign-in service, sign "
        "in again, and join it then.",
    ),
    "unknown_binding": Sentence(
        422,
        "您没有这个绑定，编号（id）见 GET /v1/me 的 bindings。",
        "You have no such binding; see the `id` of each of `bindings` in GET /v1/me.",
    ),
    "own_account": Sentence(
        409,
        "登录账号本身不能解除绑定；可以解除的是手机号、邮箱等，见 GET /v1/me。",
        "The account itself cannot be separated; phones and mail addresses can, see GET /v1/me.",
    ),
    "changed_too_often": Sentence(
        409,
        "这个号码或邮箱一年内绑定、解除已达 {times} 次，不能再绑定。请拨打 12345 由话务员核实。",
        "This number or address was joined and separated {times} times within a year and cannot be "
        "joined now. Call 12345.",
    ),
    "too_many_bindings": Sentence(
        409,
        "一个人先后最多绑定 {most} 个号码和邮箱，已经用完。请拨打 12345 由话务员核实。",
        "A person can have {most} numbers and addresses over time, and you have had them. Call 12345.",
    ),
}
