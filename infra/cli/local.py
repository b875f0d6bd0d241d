"""`lianxin local`: the whole city on this machine, from start to Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import urllib.request
import warnings
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from infra.cli.saying import ROOT, Stop
from infra.local.port import PortTakenError, listen

if TYPE_CHECKING:
    from infra.local.city import LocalCity

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(port: int, seed: bool, ready_file: Path | None) -> int:
    """Start, serve until a signal comes, end cleanly; 0. Raises Stop if it cannot start."""
    began = time.monotonic()
    if ready_file is not None and not ready_file.parent.is_dir():
        folder = ready_file.parent
        raise Stop(f"没有目录 {folder}，请先建立。", f"There is no directory {folder}; make it.", 2)
    for number in SIGNALS:
        signal.signal(number, _end)
    try:
        _run(port, seed, ready_file, began)
    except KeyboardInterrupt:
        pass
    finally:
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)
    _say("已结束。", "Ended.")
    return 0


def _run(port: int, seed: bool, ready_file: Path | None, began: float) -> None:
    try:
        listen(port).close()  # before the work of starting, not after
        _say("正在启动……", "Starting ...")
        from infra.local.city import LocalCity

        _quiet()
        with LocalCity(ROOT) as city:
            try:
                _fill(city, seed)
                city.serve(port)
                _tell(city, ready_file, time.monotonic() - began)
                threading.Event().wait()
            finally:
                for number in SIGNALS:  # the end is not interrupted
                    signal.signal(number, signal.SIG_IGN)
    except PortTakenError as taken:
        zh, _, en = str(taken).partition(" / ")
        raise Stop(zh, en, 2) from taken


def _quiet() -> None:
    """Nobody collects metrics here, and Powertools, even told so, prints each hundred of them."""
    from aws_lambda_powertools import Metrics

    warnings.filterwarnings("ignore", module="aws_lambda_powertools")
    Metrics.add_metric = lambda *_, **__: None  # type: ignore[method-assign]


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _fill(city: LocalCity, seed: bool) -> None:
    if not seed:
        city.start(seed=False)
        return
    from infra.cli.progress import progress

    with progress("载入示例诉求 · bringing in the sample cases") as report:
        city.start(seed=True, progress=report)
    for place, one in enumerate(city.seeded, 1):
        if one.fault is not None:
            _say(
                f"第 {place} 件示例没有走到“{one.stage}”：{one.fault}",
                f"Sample {place} did not come to “{one.stage}”.",
            )


def _tell(city: LocalCity, ready_file: Path | None, seconds: float) -> None:
    """Say where to look, once it answers."""
    with urllib.request.urlopen(f"{city.url}/v1/health", timeout=30) as answer:
        answer.read()
    if ready_file is not None:
        _write_ready(city, ready_file)
    _say(
        f"连心已就绪（{seconds:.0f} 秒）：{city.url}",
        f"Lianxin is ready. Open {city.url}\n"
        f"  接口文档 API reference  {city.url}/docs\n"
        "  令牌 token             .venv/bin/lianxin token --role officer --department chengguan\n"
        "  按 Ctrl-C 结束 · Ctrl-C ends it; what was filed is forgotten",
    )


def _write_ready(city: LocalCity, path: Path) -> None:
    """For programs that wait: all or nothing, and readable by the owner only."""
    from infra.local.tour import PEOPLE

    ready = {
        "url": city.url,
        "port": city.port,
        "pid": os.getpid(),
        "tokens": {who.role: city.token(name) for name, (who, _, _) in PEOPLE.items()},
        "cases": [
            {"stage": one.stage, "case_number": one.case.number, "access_code": one.case.code}
            for one in city.seeded
            if one.case is not None
        ],
    }
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(ready, ensure_ascii=False, indent=1) + "\n", "utf-8")
    draft.replace(path)


def _say(zh: str, en: str) -> None:
    print(f"{zh}\n{en}", file=sys.stderr, flush=True)
