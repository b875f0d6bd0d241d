"""The bill as a person reads it in a terminal."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.bench.bill import Bill, Line, head_units_saved
from infra.bench.life import Life
from infra.bench.prices import Prices

MICRO = 1_000_000
ONE_PROCESSOR_MB = 1769
"""Memory at which Lambda gives a function one whole processor; less memory, a smaller share."""


def show(bill: Bill, life: Life, prices: Prices, limits: Sequence[Any]) -> None:
    """Print the table, what it is made of and where the rest could go."""
    console = Console(highlight=False, width=None if Console().is_terminal else 120)
    console.print(
        f"\n一件寻常诉求从提交到评价办结的费用（{prices.region} 按量目录价，{prices.date}，"
        "单位：百万分之一美元）"
        "\nOne ordinary case from filing to rating, at list prices, in millionths of a US dollar\n"
    )
    console.print(_table(bill))
    for limit in limits:
        mark = "✓" if limit.kept else "✗"
        console.print(f"{mark} {limit.name} {limit.found:g} ≤ {limit.most:g}")
    console.print("\n" + _text(bill, life, prices))


def _table(bill: Bill) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("步骤 step")
    for heading in ("写 WU", "读 RU", "API", "λ", "SNS", "SQS", "µ$"):
        table.add_column(heading, justify="right")
    table.add_column("存储项的字节数 bytes of the items written")
    for line in bill.steps:
        table.add_row(*_row(line))
    table.add_section()
    table.add_row(*_row(bill.total)[:-1], "", style="bold")
    table.add_row(*_row(bill.notices), style="dim")
    table.add_row(*_row(bill.duplicates), style="dim")
    return table


def _row(line: Line) -> list[str]:
    kinds = ("api_requests", "lambda_requests", "sns_requests", "sqs_requests")
    return [
        line.title,
        str(line.write_units),
        f"{line.read_units:g}",
        *(f"{line.counts.get(kind, 0):g}" for kind in kinds),
        f"{line.usd * MICRO:.1f}",
        " ".join(f"{kind} {size}" for kind, size in line.items),
    ]


def _text(bill: Bill, life: Life, prices: Prices) -> str:
    dollars = sorted(bill.usd_by.items(), key=lambda pair: -pair[1])
    units = ", ".join(f"{name} {count}" for name, count in bill.units_by.items())
    per_unit = prices.per_million["dynamodb_write_units"]
    more = (bill.transactions - bill.total.write_units) * per_unit
    cpu_ms = bill.slowest_cpu_ms / (prices.memory_mb / ONE_PROCESSOR_MB)
    api = prices.per_million
    cheaper = bill.total.counts["api_requests"] * (api["api_requests"] - api["http_api_requests"])
    return f"""\
费用构成 what it goes to, µ$: {", ".join(f"{name} {usd * MICRO:.1f}" for name, usd in dollars if usd)}
写单元构成 write units go to: {units}
提交请求内的 AWS 调用（热启动）AWS calls inside the filing request, warm: {bill.filing_calls}

对照：每次变更用一个事务 The line to compare with, a transaction per change:
  the same items in TransactWriteItems, two units per KB of each, index writes once:
  {bill.transactions} write units, µ$ {more:.1f} more than now. A transaction need not carry the commit in HEAD
  until the next change; with HEAD that much smaller it would be {bill.lean_transactions}.

还能省在哪里 Where the rest could go:
  - An HTTP API instead of REST would take off µ$ {cheaper:.1f}; the design wants REST.
  - 64 bytes less in each HEAD would save {head_units_saved(life, 64)} units: several lie just above 1 KB.
  - The alarm index is moved (two units) whenever another clock comes next; worklist entries show
    `version` and `unread`, so each change of a case on a worklist writes them.

怎么算的 How it is counted:
  - Texts of 400 Chinese characters, title, area, category, name and phone given by a citizen who
    is signed in; no clock rings; no reply is read before it goes out (by default one in ten is:
    one change more).
  - Notices (the invitation) stand apart and are not in the total. Nor is the look for cases like
    it: its 12 keys are read (half a unit each) and written (a unit each), once, with the dispatch.
  - Lambda: {prices.memory_mb} MB arm64, {prices.billed_ms} ms billed for each invocation, by assumption. Measured here: at most
    {bill.slowest_cpu_ms:.1f} ms of CPU, which is {cpu_ms:.0f} ms at Lambda's share of a processor, and up to 4 AWS calls.
  - The wrapped data key in BODY is 96 bytes here and 184 from AWS's KMS: the same units.
  - Not in it, since it does not grow with a case: pollers of empty queues, the sweep each minute,
    settings read every 5 minutes by each process, keys from KMS, cold starts, storage, alarms;
    nor opening a page, which costs what it reads.
"""
