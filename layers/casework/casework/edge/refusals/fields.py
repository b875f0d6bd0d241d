"""What is wrong with a field of a request, by the code of the fault, in Chinese and English."""

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
    "kind_category_urgency_or_area": (
        "kind、category、urgency 和 area 至少填一个",
        "needs kind, category, urgency or area",
    ),
    "one_due": (
        "due（到哪一天）和 due_at（到几点）只填一个",
        "takes `due` (a day) or `due_at` (an instant), not both",
    ),
    "text_says_why": (
        "不同意时请在 text 写明理由",
        "needs `text` to say why when it is not approved",
    ),
    "date_type": ("应为日期，如 2026-11-23", "must be a date such as 2026-11-23"),
    "no_date": ("不是日期，应如 2026-11-23", "is no date; it must be like 2026-11-23"),
    "consent_needed": (
        "除监护人外，代为反映要本人同意：请得到同意后填 consent: true",
        "needs the citizen's consent unless a guardian speaks; with it, send `consent: true`",
    ),
    "anonymous_with_contact": (
        "匿名提交不能带 contact 或 on_behalf_of；要留联系方式请选 hidden 或 sealed",
        "takes no `contact` and no `on_behalf_of` when anonymous; choose hidden or sealed instead",
    ),
    "path_needed": (
        "依法不予受理的情形要在 path 写明可走的途径",
        "needs `path`, the lawful path to take instead",
    ),
    "receipt_needed": (
        "除误报外，要在 receipt 写明接手单位的回执号",
        "needs `receipt` of the service that took it over, unless it was a false alarm",
    ),
    "until_with_promise": (
        "承诺限期解决（promised）要填 until，其他办理结果不填",
        "takes `until` with the outcome promised, and with no other",
    ),
    "policy_with_not_supported": (
        "政策不支持（not_supported）要在 policy 写明依据，其他办理结果不填",
        "takes `policy` with the outcome not_supported, and with no other",
    ),
}
