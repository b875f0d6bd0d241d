"""`lianxin local` as a process: it says when it is ready, and ends cleanly when told."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import ROOT

COMMAND = [sys.executable, "-c", "from infra.cli import main; main()"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, "local", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait(10)


def ready(process: subprocess.Popen[str], path: Path, seconds: float = 90) -> Any:
    end = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end, "it did not get ready in time"
        time.sleep(0.05)
    return json.loads(path.read_text("utf-8"))


def ended(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    return said


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_from_the_start_to_a_clean_end(start: Start, tmp_path: Path, told: signal.Signals) -> None:
    path = tmp_path / "ready.json"
    process = start("--no-seed", "--port", "0", "--ready-file", str(path))

    # ready: it answers, and whoever waits finds how to get in
    found = ready(process, path)
    with urllib.request.urlopen(f"{found['url']}/v1/catalogue", timeout=10) as answer:
        assert json.load(answer)["city"] == "云汀市"
    request = urllib.request.Request(
        f"{found['url']}/v1/desk/worklist?queue=triage",
        headers={"Authorization": f"Bearer {found['tokens']['dispatcher']}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["items"] == []
    assert found["pid"] == process.pid
    assert found["cases"] == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    # told to end, it ends: no trace, no file, the port free
    process.send_signal(told)
    said = ended(process)
    assert f"Open {found['url']}" in said
    assert said.rstrip().endswith("Ended.")
    assert not path.exists()
    with socket.socket() as next_one:
        next_one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        next_one.bind(("127.0.0.1", found["port"]))


@pytest.mark.slow
def test_the_end_may_come_while_it_is_still_seeding(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    process = start("--port", "0", "--ready-file", str(path))
    assert process.stdout is not None
    process.stdout.readline()  # it has begun
    time.sleep(4)

    process.send_signal(signal.SIGTERM)

    ended(process)
    assert not path.exists()


def test_a_busy_port_is_one_sentence_before_any_work(start: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        process = start("--port", str(port))
        said, _ = process.communicate(timeout=60)

    assert process.returncode == 2
    assert f"端口 {port} 已被占用" in said
    assert f"Port {port} is taken" in said
    assert "Traceback" not in said
    assert "sample cases" not in said


def test_a_ready_file_in_no_folder_is_one_sentence(start: Start, tmp_path: Path) -> None:
    process = start("--ready-file", str(tmp_path / "none" / "ready.json"))
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "There is no directory" in said
    assert "Traceback" not in said
