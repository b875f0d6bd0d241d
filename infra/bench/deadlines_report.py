"""The sweep's figures as a person reads them in a terminal."""

from rich.console import Console
from rich.table import Table

from infra.bench.deadlines import FLAT, Figures, measured
from infra.bench.model import LATE, TICKS, Scale, scales


def show(figures: Figures, *, model: bool) -> None:
    """Print what was measured; with `model`, the sum on paper too."""
    console = Console(highlight=False, width=None if Console().is_terminal else 120)
    console.print("\n巡检的成本 What the sweep costs\n")
    console.print(_flat(figures))
    mark = "✓" if figures.steepness <= FLAT else "✗"
    console.print(f"{mark} 最贵 / 最省 dearest / cheapest {figures.steepness:.3f} ≤ {FLAT}\n")
    drained = figures.drained
    console.print(
        f"积压 {drained.due:,} 件，单进程 {drained.seconds:.1f} 秒清空，每秒 {drained.rate:,.0f} 件"
        f"\nA backlog of {drained.due:,} due cases drained by one process in {drained.seconds:.1f} s,"
        f" {drained.rate:,.0f} a second, on the in-memory store\n"
    )
    console.print(_acts(figures))
    for shards, units in figures.idle.items():
        console.print(
            f"空闲巡检 {shards} 个分片 an idle sweep of {shards} shards: {units:g} RU, 0 WU, no lease"
        )
    console.print(
        f"此外每分钟看一次规则是否有变 and a look a minute whether the rules have changed: {figures.asking:g} RU"
    )
    if model:
        for scale in scales(measured(figures)):
            console.print(_scale(scale))
        console.print(
            f"\n假定 Assumed: {TICKS} ticks a case, {LATE:.0%} late; all else by name in infra/bench/model.py,"
            " prices in infra/bench/prices.toml.\n"
        )


def _flat(figures: Figures) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("在办件 open", "到期 due", "每件微秒 µs CPU a due case (median)"):
        table.add_column(heading, justify="right")
    for one in figures.flat:
        table.add_row(f"{one.open:,}", f"{one.due:,}", f"{one.microseconds:.0f}")
    return table


def _acts(figures: Figures) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("动作 what happens", no_wrap=True)
    for heading in ("读 RU", "写 WU", "索引 alarm index"):
        table.add_column(heading, justify="right")
    table.add_column("写入 puts")
    for act in figures.acts:
        table.add_row(
            act.title, f"{act.read:g}", str(act.written), str(act.alarm), " ".join(act.puts)
        )
    return table


def _scale(scale: Scale) -> Table:
    title = f"\n{scale.name}: {scale.cases:,} 件/年 cases a year"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("", max_width=48)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("算式 the sum", style="dim")
    for line in scale.lines:
        value = f"{line.value:,.0f}" if line.value >= 100 else f"{line.value:,.3g}"
        table.add_row(line.title, f"{value} {line.unit}".strip(), line.sum)
    return table
