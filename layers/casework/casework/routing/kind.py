"""诉求类型: what the citizen wants, by a model and by cues. An axis of its own beside the category."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

from casework.routing.classifier import Classifier
from casework.routing.folding import chinese, folded
from schemas.names import Kind

TITLE_COUNTS = 2
LEAST = 1e-4
HEAD_START: Mapping[Kind, float] = {"complaint": 1.5}
"""Most messages tell of a nuisance and expect that it ends, in whatever words."""


def _cues(weight: float, words: str) -> dict[str, float]:
    """Cues of one weight; those of several words are joined by underscores."""
    return {word.replace("_", " "): weight for word in words.split()}


CUES: Mapping[Kind, Mapping[str, float]] = {
    "enquiry": {
        **_cues(2.0, "咨询 请问 想问 问一下 问下 了解一下 想了解 询问 请教 何时 能否告知"),
        **_cues(1.5, "怎么办理 如何办理 什么时候 需要什么 哪些材料 是否可以 多久 有没有规定"),
        **_cues(0.6, "吗? 呢? 是否 如何 怎么 怎样 多少 标准是 政策是 什么"),
        **_cues(2.5, "how_do_i how_can_i could_you_tell_me where_can_i what_documents when_will"),
    },
    "help": {
        **_cues(2.0, "求助 帮帮 帮助 救救 求求 恳请 请求 跪求 求救 急需 走投无路"),
        **_cues(1.5, "停水 停电 没水 没电 断网 修一下 派人"),
        **_cues(1.0, "解决一下 协调 困难 帮忙 请尽快 麻烦 申请 怎么办 望解决 请帮"),
        **_cues(2.5, "please_help can_you_help need_help please_send"),
    },
    "complaint": {
        **_cues(2.0, "投诉 控诉 扰民 霸王 维权 不作为 乱收费 拖欠 强制 不合理 欺骗 太差"),
        **_cues(1.0, "严重 影响 不管 没人管 违规 违法 无人 恶劣 忽悠 推诿 拒绝 欺负 侵犯"),
        **_cues(1.0, "噪音 油烟 臭味 脏乱差 质量问题 多次反映 至今 仍然 虚假 污染 危害 占用"),
        **_cues(2.0, "complain unacceptable every_night nobody"),
    },
    "report": {
        **_cues(3.0, "举报 贪污 受贿 违纪 侵吞 以权谋私 检举 揭发 骗保 传销"),
        **_cues(1.0, "非法 偷排 黑恶 赌博 保护伞 腐败 查处 私自 无证 盗采 套取 挪用"),
        **_cues(2.5, "i_want_to_report bribe corrupt illegal"),
    },
    "suggestion": {
        **_cues(3.0, "建议 提议 呼吁 倡议 合理化 几点意见 献计 建言"),
        **_cues(0.7, "希望 能否 应该 增设 增加 优化 改善 完善 可以考虑 加强 期盼 规划"),
        **_cues(3.0, "suggest it_would_be_nice would_be_better"),
    },
    "praise": {
        **_cues(3.0, "表扬 点赞 锦旗 感谢信 好评 拾金不昧 致谢 特别感谢 非常感谢你们"),
        **_cues(0.5, "感谢 谢谢你们 感激 热心 辛苦了"),
        **_cues(3.0, "thank_you_so_much i_want_to_thank well_done praise"),
    },
}


CUES_WEIGH = 0.1
"""How much a cue adds to the log-odds of the model."""
SURE = 0.6
"""So likely a report must be: it is sealed and cannot be withdrawn, which nobody should meet on a guess."""
LEAD = 2.0
"""By so much the cues of praise must lead: the model has hardly seen any, people send little."""


def guess_kind(title: str, body: str, model: Classifier | None = None) -> Kind:
    """enquiry, help, complaint, report, suggestion or praise; complaint where nothing tells.

    By the model, which has read Chinese, and by cues; for other languages by cues alone. Each cue
    counts once in the title (double) and once in the body, since a long letter repeats itself.
    感谢 closes many a letter and is praise only beside clearer words.
    """
    cues = _by_cues(folded(title), folded(body))
    best = max(cues, key=lambda kind: cues[kind])
    if model is None or not chinese(title + body) or _praised(cues):
        return best
    likely = model.probabilities(title, body)
    scores = {
        kind: log(max(likely[kind], LEAST)) + CUES_WEIGH * cues[kind]
        for kind in cues
        if kind != "report" or likely[kind] >= SURE
    }
    return max(scores, key=lambda kind: scores[kind])


def _by_cues(title: str, body: str) -> Mapping[Kind, float]:
    return {
        kind: HEAD_START.get(kind, 0.0)
        + sum(
            weight * (TITLE_COUNTS * (cue in title) + (cue in body)) for cue, weight in cues.items()
        )
        for kind, cues in CUES.items()
    }


def _praised(cues: Mapping[Kind, float]) -> bool:
    others = max(score for kind, score in cues.items() if kind != "praise")
    return cues["praise"] - others >= LEAD
