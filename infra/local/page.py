"""The front page of the local stack: what runs, how to try it, and where to read on.

Plain HTML without scripts, fonts or pictures from anywhere; it reads well on a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

from casework.views.names import state_name
from infra.local.inventory import Inventory, QueueDepth
from infra.local.tour import PEOPLE, Line, more, tour
from schemas.names import STATES

FUNCTIONS = {
    "Intake": ("市民提交、跟踪诉求", "citizens file and follow", "HTTP"),
    "Desk": ("承办单位和热线办办理", "departments and the hotline office work", "HTTP"),
    "Feedback": ("市民评价", "citizens rate", "HTTP"),
    "Invitations": ("邀请评价", "invites citizens to rate", "FeedbackQueue"),
    "Dispatch": (
        "自动派单，存疑转人工",
        "finds the department, or a person who does",
        "DispatchQueue",
    ),
    "Followers": (
        "主件的答复转给并单案件",
        "takes a lead case's answer to those that follow it",
        "FollowQueue",
    ),
    "Deadlines": ("每分钟开始巡检", "begins the sweep every minute", "DeadlinesEveryMinute"),
    "Sweep": ("催办、超期、自动结案", "reminds, marks overdue, closes", "SweepQueue"),
    "Relay": ("发布每个事件", "publishes each event", "CasesTable stream"),
    "Republish": ("补发未送出的事件", "publishes again what failed", "RelayQueue"),
}
"""What each function does, in Chinese and English, and what wakes it."""

STAGES = {
    "extended": ("已批准延期", "its time was extended"),
    "suspended": ("挂账，等汛期过去", "suspended until the floods are over"),
    "promised": ("承诺四十五天内办好", "promised within 45 days"),
    "assisting": ("镇里吹哨，两个部门报到", "a town calls two departments"),
    "ordered": ("领导批示督办", "a leader has ordered it done"),
    "danger": ("警情：值班台已响应", "danger: the duty desk has answered"),
    "leading": ("并单的主件", "another case follows it"),
    "following": ("已并入主件", "follows another case"),
    "sealed": ("举报：身份密封，被反映单位看不到", "a report: sealed, unseen by whom it is about"),
    "split": ("一件拆成三件", "split into three"),
}
"""Stages of seeded cases that show more than a state does."""

LIANXIN = ".venv/bin/lianxin"
_STYLE = (Path(__file__).with_name("page.css")).read_text("utf-8")


class Sample:
    """A seeded case that the page offers for trying: where it stands and how to open it."""

    def __init__(self, stage: str, number: str, code: str, title: str) -> None:
        self.stage, self.number, self.code, self.title = stage, number, code, title


def front_page(
    city: tuple[str, str],
    base: str,
    inventory: Inventory,
    samples: Sequence[Sample],
    token: Callable[[str], str],
) -> str:
    """The page. `city`: its name in Chinese and English; `token` gives one for a key of PEOPLE."""
    triage = next((one.number for one in samples if one.stage == "triage"), None)
    parts = [
        _header(city, base),
        _section("cases", "诉求", "Cases", _states(inventory) + _samples(samples, base)),
        _section("try", "动手试试", "Try it", _lines(tour(base)) + _more(more(triage))),
        _section("tokens", "各角色令牌", "Tokens", _tokens(base, token)),
        _section("runs", "正在运行", "What runs", _runs(inventory)),
    ]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f"<title>连心 · Lianxin</title><style>{_STYLE}</style></head><body>"
        f"{''.join(parts)}</body></html>"
    )


def tokens_script(token: Callable[[str], str]) -> str:
    """Shell lines that set one variable for each role's token."""
    return "".join(f"export {name}='{token(name)}'\n" for name in PEOPLE)


def _header(city: tuple[str, str], base: str) -> str:
    return (
        '<header><p class="brand">连心 <span lang="en">Lianxin</span></p>'
        f"<h1>{escape(city[0])}的诉求服务，正在这台电脑上运行</h1>"
        f'<p class="en" lang="en">The citizen-request service of {escape(city[1])}, running on '
        "this machine. The city, its people and their cases are invented.</p>"
        '<nav><a class="main" href="/docs">接口文档 <span lang="en">API reference</span></a>'
        '<a href="/v1/openapi.json">OpenAPI 3.1</a>'
        '<a href="/v1/catalogue">目录 <span lang="en">Catalogue</span></a>'
        '<a href="/v1/health">健康 <span lang="en">Health</span></a></nav></header>'
    )


def _section(name: str, zh: str, en: str, inner: str) -> str:
    return f'<section id="{name}"><h2>{zh} <span lang="en">{en}</span></h2>{inner}</section>'


def _states(inventory: Inventory) -> str:
    total = inventory.states.total()
    shown = "".join(
        f"<li><b>{inventory.states[state]}</b> {state_name(state, 'zh-CN')} "
        f'<span lang="en">{state_name(state, "en")}</span></li>'
        for state in STATES
        if inventory.states[state]
    )
    return (
        f'<p>共 {total} 件 <span lang="en">{total} in all</span></p><ul class="counts">{shown}</ul>'
    )


def _samples(samples: Sequence[Sample], base: str) -> str:
    if not samples:
        return ""
    port = "" if base.endswith(":8000") else f" --port {base.rpartition(':')[2]}"
    shown = "".join(
        f"<li><b>{escape(one.title)}</b>{_shows(one.stage)}"
        f'<span>编号 <span lang="en">Number</span> <code>{_spoken(one.number)}</code></span> '
        f'<span>查询码 <span lang="en">Access code</span> <code>{one.code}</code></span></li>'
        for one in samples
    )
    return (
        f'<h3>可以查询的诉求 <span lang="en">Some to look up</span></h3><ul class="samples">{shown}</ul>'
        f'<pre tabindex="0">{LIANXIN} case {samples[0].number} --code {samples[0].code}{port}</pre>'
    )


def _shows(stage: str) -> str:
    """What there is to be seen in such a case, where its state does not say so."""
    if stage not in STAGES:
        return ""
    zh, en = STAGES[stage]
    return f'<span>{zh} <span lang="en">{en}</span></span>'


def _lines(lines: Iterable[Line]) -> str:
    steps = "".join(
        f'<li><p>{escape(line.zh)} <span lang="en">{escape(line.en)}</span></p>'
        f'<pre tabindex="0">{escape(line.command)}</pre></li>'
        for line in lines
    )
    return f'<ol class="steps">{steps}</ol>'


def _more(lines: Iterable[Line]) -> str:
    return f'<h3>还可以 <span lang="en">And also</span></h3>{_lines(lines)}'


def _tokens(base: str, token: Callable[[str], str]) -> str:
    shown = "".join(
        f"<details><summary>{zh} <span lang='en'>{en}</span> <code>${name}</code></summary>"
        f'<pre class="token" tabindex="0">{escape(token(name))}</pre>'
        f"<p><code>{LIANXIN} token --role {who.role}"
        f"{f' --department {who.unit}' if who.unit else ''}</code></p></details>"
        for name, (who, zh, en) in PEOPLE.items()
    )
    return (
        '<p>12 小时内有效，只对本机有效。<span lang="en">Good for 12 hours, on this machine '
        f'only.</span></p><pre tabindex="0">eval "$(curl -s {base}/tokens.sh)"</pre>{shown}'
    )


def _runs(inventory: Inventory) -> str:
    functions = _table(
        ("函数|Function", "做什么|What it does"),
        [
            (
                f"<code>{name}</code><br><small>{by}</small>",
                f'{zh} <span lang="en">{en}</span>',
            )
            for name in inventory.functions
            for zh, en, by in [FUNCTIONS.get(name, ("", "", ""))]
        ],
    )
    work = [queue for queue in inventory.queues if not queue.dead_letters]
    dead = [queue for queue in inventory.queues if queue.dead_letters]
    tables = _table(
        ("表|Table", "条目|Items", "变更流|Stream"),
        [
            (f"<code>{one.name}</code>", str(one.items), "✓" if one.stream else "—")
            for one in inventory.tables
        ],
    )
    others = _table(
        ("主题与定时|Topic and schedule", "详情|Details"),
        [
            *((f"<code>{name}</code>", f"{n} 个订阅 <span lang='en'>subscriptions</span>")
              for name, n in inventory.topics),
            *((f"<code>{name}</code>", f"<code>{rate}</code>")
              for name, rate in inventory.schedules),
        ],
    )  # fmt: skip
    return f'{functions}<div class="pair">{_queues(work)}{_queues(dead)}{tables}{others}</div>'


def _queues(queues: Sequence[QueueDepth]) -> str:
    dead = any(queue.dead_letters for queue in queues)
    title = "死信队列|Dead letters" if dead else "队列|Queue"
    return _table(
        (title, "消息|Messages"),
        [
            (
                f"<code>{escape(one.name)}</code>",
                f'<b class="bad">{one.waiting}</b>' if dead and one.waiting else str(one.waiting),
            )
            for one in queues
        ],
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """`head`: Chinese and English with a bar between; cells are HTML."""
    titles = "".join(
        f'<th>{zh} <span lang="en">{en}</span></th>'
        for zh, _, en in (h.partition("|") for h in head)
    )
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>'


def _spoken(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
