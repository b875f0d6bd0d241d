"""`lianxin policy list` and `show`: policies as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from rich.console import Console
from rich.table import Table

from casework.clock.book import presets, source_of
from casework.clock.ladder import Point, Rung
from casework.clock.limits import Limit
from casework.clock.policy import ClockRule, Policy
from casework.views.names import clock_kind, code_name, kind_name, level_name, role_name
from casework.words import Language, pick
from infra.cli.due import policy_named
from infra.cli.reckoning import limit_words
from schemas.names import Kind, Urgency

Pair = tuple[str, str]

_OTHERS: Pair = ("其余", "all others")
_OWNERS: Mapping[str, Pair] = {
    "citizen": ("诉求人", "citizen"),
    "unit": ("承办单位", "unit"),
    "hotline": ("热线", "hotline"),
}
_AT_DUE: Mapping[str, Pair] = {
    "close": ("自动办结", "the case ends"),
    "resume": ("自动恢复办理", "the handling resumes"),
    "break": ("承诺落空，重新办理", "the promise is broken"),
    "call_back": ("超期回访诉求人", "the citizen is called"),
    "district": ("转区县政府", "the district takes it"),
}
_BOUNDS: Mapping[str, Pair] = {
    "windows.objection": ("办结后多久内可提异议", "An objection may follow an end within"),
    "windows.reopening": ("办结后多久内可重新打开", "A case may be reopened within"),
    "windows.withdrawal": ("撤回后多久内可恢复", "A withdrawn case may be taken up within"),
    "windows.unmasking": ("查看身份的许可有效", "Leave to see who it is lasts"),
    "times.redo": ("二次办理至多", "Handled again at most"),
    "times.reopening": ("重新打开至多", "Reopened at most"),
    "times.extension": ("延期至多", "Extended at most"),
    "times.suspension": ("挂账至多", "Suspended at most"),
    "times.promise": ("承诺至多", "Promised at most"),
    "at_most.extension": ("每次延期不超过", "An extension is no longer than"),
    "at_most.extension_to": (
        "延期后自起算不超过",
        "Extended, it ends no later after its start than",
    ),
    "at_most.suspension": ("挂账不超过", "A suspension is no longer than"),
    "at_most.promise": ("承诺不晚于", "A promise is no further than"),
    "at_most.imposed": ("上级指定日期不晚于", "A date from above is no further than"),
}
_REVIEWS: Mapping[str, Pair] = {
    "none": ("不审核", "none"),
    "suspicious": ("可疑的", "what looks suspicious"),
    "sampled": ("抽查", "a sample"),
    "all": ("全部", "all"),
}


def print_list(language: Language) -> None:
    """The packaged policies: name, source, the citizen's promise by kind."""
    table = _table(
        language, ("政策", "Policy"), ("办结时限", "To reply within"), ("出处", "Source")
    )
    for name in presets():
        limits = _limits(Policy.preset(name).clocks["resolve"], language)
        table.add_row(name, "\n".join(limits), pick(source_of(name), language))
    Console(highlight=False).print(table)


def print_policy(name: str, urgency: Urgency, language: Language) -> None:
    """A policy whole: its clocks, its bounds, its ladders. Raises Stop."""
    policy = policy_named(name).of(urgency)
    console = Console(highlight=False)
    console.print(f"[bold]{policy.name}[/bold]", end="")
    console.print(f" · {pick(source_of(name), language)}" if name in presets() else "")
    for table in (_clocks(policy, language), _bounds(policy, language), _ladders(policy, language)):
        console.print(table)


def _clocks(policy: Policy, language: Language) -> Table:
    table = _table(
        language,
        ("时限", "Clock"),
        ("多久", "Limit"),
        ("谁", "Whose"),
        ("阶梯", "Ladder"),
        ("到期时", "At due"),
    )
    names = {id(ladder): name for name, ladder in policy.ladders.items()}
    for rule in policy.clocks.values():
        table.add_row(
            f"{clock_kind(rule.name, language)} {rule.name}",
            "\n".join(_limits(rule, language)),
            pick(_OWNERS[rule.owner], language),
            names[id(rule.ladder)],
            pick(_AT_DUE[rule.at_due], language) if rule.at_due else "",
        )
    return table


def _limits(rule: ClockRule, language: Language) -> list[str]:
    """Each limit with what it is for; alike ones together."""
    keys: dict[Limit, list[str]] = {}
    for key, limit in rule.limit.items():
        keys.setdefault(limit, []).append(_key(key, language))
    if not keys:
        return [limit_words(None, language)]
    if rule.limit.keys() == {"any"}:
        return [limit_words(str(rule.limit["any"]), language)]
    return [
        f"{pick(('、', ', '), language).join(of)}: {limit_words(str(limit), language)}"
        for limit, of in keys.items()
    ]


def _key(key: str, language: Language) -> str:
    """A kind, a line or an urgency by name."""
    if key == "any":
        return pick(_OTHERS, language)
    return kind_name(key, language) if key in get_args(Kind) else code_name(key, language)


def _bounds(policy: Policy, language: Language) -> Table:
    table = _table(language, ("限制", "Bounds"), ("", ""))
    bounds: dict[str, str] = {
        **{
            f"windows.{key}": limit_words(str(one), language) for key, one in policy.windows.items()
        },
        **{f"times.{key}": pick((f"{n} 次", str(n)), language) for key, n in policy.times.items()},
        **{
            f"at_most.{key}": limit_words(str(one), language) for key, one in policy.at_most.items()
        },
    }
    for key, value in bounds.items():
        table.add_row(pick(_BOUNDS[key], language), value)
    sample = f" {policy.reply_sample}%" if policy.reply_review == "sampled" else ""
    for said, how in (
        (("受理前审核", "Read before acceptance"), policy.review),
        (("答复发出前审核", "Replies read before they go out"), policy.reply_review),
    ):
        share = sample if how == "sampled" else ""
        table.add_row(pick(said, language), pick(_REVIEWS[how], language) + share)
    readers = (role_name(role, language) for role in sorted(policy.confidants))
    table.add_row(pick(("保密线条", "Confidential lines"), language), " ".join(policy.closed_lines))
    table.add_row(pick(("可阅者", "read by"), language), _listed(readers, language))
    minutes = int(policy.spread.total_seconds()) // 60
    spread = limit_words(f"{minutes}M", language) if minutes else "-"
    table.add_row(pick(("提醒错开", "Reminders are spread over"), language), spread)
    return table


def _ladders(policy: Policy, language: Language) -> Table:
    table = _table(
        language,
        ("阶梯", "Ladder"),
        ("何时", "When"),
        ("做什么", "What"),
        ("通知谁", "Who is told"),
    )
    for name, ladder in policy.ladders.items():
        for number, rung in enumerate(ladder.rungs):
            who = (level_name(one, language) for one in rung.who)
            table.add_row(
                name if number == 0 else "",
                _when(rung.point, language),
                _what(rung, language),
                _listed(who, language),
            )
    return table


def _when(point: Point, language: Language) -> str:
    if point.share is not None:
        return pick((f"时限过 {point.share}%", f"{point.share}% of the limit"), language)
    if point.offset is None:
        return pick(("到期", "due"), language)
    offset = limit_words(str(point.offset), language)
    before = point.sign < 0
    zh, en = (
        f"到期{'前' if before else '后'} {offset}",
        f"{offset} {'before' if before else 'after'}",
    )
    return pick((zh, en), language)


def _what(rung: Rung, language: Language) -> str:
    level = rung.level
    said = [pick((f"{level} 级督办", f"level {level}") if level else ("提醒", "remind"), language)]
    said += [code_name(means, language) for means in (rung.card, rung.manual, rung.notice) if means]
    return _listed(said, language)


def _listed(words: Iterable[str], language: Language) -> str:
    return pick(("、", ", "), language).join(words)


def _table(language: Language, *headings: Pair) -> Table:
    table = Table(title_justify="left", show_edge=False)
    for heading in headings:
        table.add_column(pick(heading, language), overflow="fold")
    return table
