"""Why two cases cannot be brought together, or taken apart, so."""

from casework.edge.refusals.sentence import Sentence

OF_RELATIONS: dict[str, Sentence] = {
    "leads_others": Sentence(
        409,
        "有 {followers} 件诉求并在这件上，不能再把它并入别的诉求或认定为重复；请把另一件并入这件。",
        "{followers} cases follow this one, so it cannot be merged or marked as a repeat itself; "
        "merge the other into this.",
    ),
    "sealed_apart": Sentence(
        409,
        "保密的诉求不能并单，请单独办理。",
        "A confidential case is not merged; handle it by itself.",
    ),
    "itself": Sentence(
        422,
        "这是这件诉求自己的编号，请填另一件诉求的编号。",
        "This is the number of the case itself; name another case.",
    ),
    "unknown_case": Sentence(
        422,
        "没有编号为 {case} 的诉求，请核对 16 位编号。",
        "There is no case {case}; check all 16 digits.",
    ),
    "follows_another": Sentence(
        409,
        "那件诉求已经并入 {case}，请直接并入 {case}。",
        "That case follows {case}; merge into {case}.",
    ),
    "no_lead": Sentence(
        409,
        "诉求 {case} 是“{state}”状态，不能作主单，请另选一件还没有答复的。",
        "Case {case} is “{state}” and can lead no other; choose one that waits for its reply.",
    ),
    "nothing_to_pass_on": Sentence(
        409,
        "没有等着转达的答复：有诉求并入、主单答复之后才能转达。",
        "No reply waits to be passed on; there is one after the reply of a case that others follow.",
    ),
    "not_open": Sentence(
        409,
        "诉求 {case} 已经结束，不能算重复；再次发生的请用 mark-recurrence。",
        "Case {case} has ended and cannot be repeated; use `mark-recurrence`.",
    ),
    "another_citizen": Sentence(
        409,
        "诉求 {case} 不是同一位诉求人的，不能算重复；同一件事请并单（merge）。",
        "Case {case} is not known to be the same citizen's; merge what is alike (`merge`).",
    ),
    "still_open": Sentence(
        409,
        "诉求 {case} 还没有结束，不能算再次发生；同一诉求人的重复请用 mark-repeat。",
        "Case {case} is open still, so it has not happened again; use `mark-repeat` for the same citizen's.",
    ),
}
