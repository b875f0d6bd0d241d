"""`lianxin bench imports`: what our own code adds to a function's cold start.

Each function is imported and given its DynamoDB client in a fresh process, right after a process
that does only `infra.bench.bare`; the CPU time of the two is compared pair by pair. Ratios, since
processors differ; pairs, since a machine's speed drifts; CPU time, since others use it too.
"""

import compileall
import json as _json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ("intake", "desk", "feedback", "dispatch", "deadlines", "relay")
OURS = ("functions", "layers/casework/casework", "schemas", "infra/bench")
ROUNDS = 9
MOST = 1.2
"""Times the bare imports' CPU time that a function may take."""

_BARE = "import infra.bench.bare"
_WHOLE = """\
import functions.{name}.app
from casework.runtime import world
world().cases_table"""
_RULES = (
    "日历、政策、目录 calendar, policy, catalogue",
    "import casework.catalogue.city, casework.clock.calendar, casework.clock.policy",
)
_SERVICE = ("服务与密钥 service, secrets and KMS clients", "world().service")
_SHAPES = (
    "模型校验器 validators of case and commit",
    "from casework.cases.state import Case\nfrom schemas.events import Commit\n"
    "Case.model_rebuild(); Commit.model_rebuild()",
)
_TOKEN = ("令牌 jwt", "import jwt; jwt.PyJWKSet")
_SEALING = ("加密 cryptography", "from cryptography.hazmat.primitives.ciphers.aead import AESGCM")
_KINDS = (
    "诉求类型的模型 model of kinds",
    "from casework.routing.model import packaged_kinds; packaged_kinds()",
)
_MODEL = (
    "事项分类的模型 model of categories",
    "from casework.routing.model import packaged; packaged()",
)
_BATCH = ("批处理 Powertools batch", "from aws_lambda_powertools.utilities import batch")
_LATER = {
    "intake": (_SERVICE, _RULES, _SHAPES, _TOKEN, _SEALING, _KINDS),
    "desk": (_SERVICE, _RULES, _SHAPES, _TOKEN, _SEALING),
    "feedback": (_SERVICE, _RULES, _SHAPES, _TOKEN, _BATCH),
    "dispatch": (_SERVICE, _RULES, _SHAPES, _BATCH, _MODEL),
    "deadlines": (_SERVICE, _RULES, _SHAPES, _BATCH, ("SQS", 'world().queue("SWEEP_QUEUE")')),
    "relay": (_SERVICE, _RULES, _SHAPES, ("SNS, SQS", "world().relay")),
}
"""What a function loads with its first event that needs it, by what the code imports lazily."""
_ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    **{name: f"https://sqs.invalid/{name}" for name in ("SWEEP_QUEUE", "RELAY_QUEUE")},
    **dict.fromkeys(
        (
            "CASES_TABLE",
            "SETTINGS_TABLE",
            "EVENTS_TOPIC",
            "SECRET_ID",
            "DATA_KEY",
            "UNIT_QUEUE_PREFIX",
        ),
        "none",
    ),
}


@dataclass(frozen=True)
class Measured:
    """One function: CPU milliseconds of its bare imports and its own, and what comes later."""

    name: str
    bare_ms: float
    own_ms: float
    ratio: float
    later: dict[str, float]

    @property
    def kept(self) -> bool:
        return self.ratio <= MOST


def main(json: bool = False) -> int:
    """Measure and print; 0 if every function is within the limit, else 1."""
    measured = measure()
    if json:
        print(_json.dumps({"most": MOST, "functions": [vars(one) for one in measured]}, indent=2))
    else:
        _show(measured)
    return 0 if all(one.kept for one in measured) else 1


def measure(rounds: int = ROUNDS, names: tuple[str, ...] = FUNCTIONS) -> list[Measured]:
    """Each function against the bare imports, the two in turn, so many times over."""
    compile_ours()
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name, taken in pairs.items():
            (bare,), (own,) = cpu_ms(_BARE), cpu_ms(_WHOLE.format(name=name))
            taken.append((bare, own))
    return [
        Measured(
            name,
            bare_ms=round(median(bare for bare, _ in taken), 1),
            own_ms=round(median(own for _, own in taken), 1),
            ratio=round(median(own / bare for bare, own in taken), 3),
            later=_later(name),
        )
        for name, taken in pairs.items()
    ]


def compile_ours() -> None:
    """Compiled files for both sides, as the layers have them; site-packages has its own."""
    for folder in OURS:
        if not compileall.compile_dir(ROOT / folder, quiet=1):
            raise RuntimeError(f"{folder} does not compile")


def cpu_ms(*statements: str) -> list[float]:
    """CPU milliseconds of each of these statements, one after another in a fresh process."""
    lines = ["from time import process_time", "times = [process_time()]"]
    for statement in statements:
        lines += [statement, "times.append(process_time())"]
    lines.append("print([(b - a) * 1000 for a, b in zip(times, times[1:])])")
    own = {
        key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PYTHON"))
    }
    path = os.pathsep.join(map(str, (ROOT, ROOT / "layers" / "casework")))
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        env={**own, **_ENVIRONMENT, "PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[float] = _json.loads(done.stdout)
    return found


def _later(name: str) -> dict[str, float]:
    labels, statements = zip(*_LATER[name], strict=True)
    _, *times = cpu_ms(_WHOLE.format(name=name), *statements)
    return {label: round(taken, 1) for label, taken in zip(labels, times, strict=True)}


def _show(measured: list[Measured]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, width=None if Console().is_terminal else 120)
    console.print(
        f"\n各函数的导入开销，CPU 毫秒，{ROUNDS} 轮中位数；上限为裸导入的 {MOST} 倍"
        f"\nImport cost of each function, CPU ms, median of {ROUNDS} rounds; at most {MOST} times"
        " the bare imports\n"
    )
    table = Table(box=None, pad_edge=False)
    table.add_column("函数 function")
    for heading in ("裸导入 bare", "实际 own", "倍数 ratio"):
        table.add_column(heading, justify="right")
    table.add_column("首个事件才导入 loaded with the first event that needs it, ms")
    for one in measured:
        mark = "✓" if one.kept else "✗"
        later = ", ".join(f"{label} {taken:.0f}" for label, taken in one.later.items())
        ratio = f"{one.ratio:.2f} {mark}"
        table.add_row(one.name, f"{one.bare_ms:.0f}", f"{one.own_ms:.0f}", ratio, later)
    console.print(table)
    console.print(
        "\n裸导入 bare: Chalice, Logger, Metrics, 10 pydantic models, one DynamoDB client"
        " (infra/bench/bare.py).\n实际 own: functions/<name>/app.py and the client it works with,"
        " all compiled.\n"
    )
