"""Set-up on a fresh machine: what it makes, what it leaves alone, how it heals, what it says.

The environments here are real but small: their lock pins one wheel made on the spot, so that no
network is needed.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "infra/setup/venv.sh"
Setup = Callable[..., subprocess.CompletedProcess[str]]


def wheel(folder: Path, version: str) -> str:
    """Put pebble-<version>.whl into `folder`; return the line that pins it."""
    info = f"pebble-{version}.dist-info"
    files = {
        "pebble.py": f"VERSION = '{version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: pebble\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{name},{digest(text.encode())},{len(text)}\n" for name, text in files.items()]
    files[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"])
    folder.mkdir(exist_ok=True)
    path = folder / f"pebble-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return f"pebble=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def digest(content: bytes) -> str:
    raw = hashlib.sha256(content).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each test's project stands: an environment holds only where it was made."""
    return tmp_path_factory.mktemp("place")


@pytest.fixture
def project(place: Path) -> Path:
    """A folder, with a space in its name, whose lock pins pebble 1."""
    shutil.rmtree(place)
    folder = place / "a project"
    folder.mkdir(parents=True)
    (folder / "lock").write_text(wheel(place / "wheels", "1"))
    return folder


@pytest.fixture(scope="session")
def quick_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python whose `-m venv` copies a ready environment: making one takes seconds, mostly pip.

    With its times (-p): else Python would compile all of pip again for each copy.
    """
    folder = tmp_path_factory.mktemp("python")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "ready")], check=True)
    return stand_in(
        folder / "python3",
        f'[ "$1 $2" = "-m venv" ] && exec cp -Rp "{folder}/ready" "$3"\nexec "{sys.executable}" "$@"',
    )


@pytest.fixture
def setup(project: Path, quick_python: Path) -> Setup:
    """Run the set-up in the project, with no index but the folder of wheels."""

    def run(python: str | Path = quick_python, **more: str) -> subprocess.CompletedProcess[str]:
        environment: Mapping[str, str] = {
            **os.environ,
            "PYTHON": str(python),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(project.parent / "wheels"),
            **more,
        }
        return subprocess.run(
            [str(SCRIPT), ".venv", "lock"],
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / ".venv"


@pytest.fixture
def ready(project: Path, setup: Setup, kept: Path) -> Path:
    """The project, set up: in earnest for the first test, for the others as that left it."""
    environment = project / ".venv"
    if kept.exists():
        shutil.copytree(kept, environment, symlinks=True)
    else:
        setup()
        shutil.copytree(environment, kept, symlinks=True)
    return project


def installed(project: Path) -> str:
    """The version of pebble that the project's environment imports."""
    command = [str(project / ".venv/bin/python"), "-c", "import pebble; print(pebble.VERSION)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def stand_in(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_fresh_project_gets_what_its_lock_pins(project: Path, setup: Setup) -> None:
    result = setup(python=sys.executable)

    assert result.returncode == 0, result.stderr
    assert installed(project) == "1"
    assert "installing 1 pinned packages (lock)" in result.stderr


def test_a_second_run_does_nothing_says_nothing_and_is_quick(ready: Path, setup: Setup) -> None:
    stamp = (ready / ".venv/.locked").stat().st_mtime_ns

    began = time.monotonic()
    result = setup(python="/nowhere/python3", PIP_FIND_LINKS="/nowhere")

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert (ready / ".venv/.locked").stat().st_mtime_ns == stamp
    assert time.monotonic() - began < 1


def test_a_changed_lock_changes_the_environment_in_place(ready: Path, setup: Setup) -> None:
    (ready / ".venv/kept").touch()
    (ready / "lock").write_text(wheel(ready.parent / "wheels", "2"))

    assert setup().returncode == 0
    assert installed(ready) == "2"
    assert (ready / ".venv/kept").exists()


def test_an_interrupted_environment_is_made_anew(ready: Path, setup: Setup) -> None:
    (ready / ".venv/.locked").unlink()  # the stamp is written last
    (ready / ".venv/half-written").touch()

    assert setup().returncode == 0
    assert installed(ready) == "1"
    assert not (ready / ".venv/half-written").exists()


def test_an_environment_whose_python_has_gone_is_made_anew(ready: Path, setup: Setup) -> None:
    (ready / ".venv/bin/python").unlink()

    assert setup().returncode == 0
    assert installed(ready) == "1"


def test_an_environment_that_was_moved_is_made_anew(ready: Path, setup: Setup) -> None:
    stamp = ready / ".venv/.locked"
    stamp.write_text(stamp.read_text().replace(str(ready), str(ready.parent / "elsewhere")))

    assert "新建环境" in setup().stderr
    assert stamp.read_text().startswith(f"{ready}/.venv\n")


def test_a_file_that_is_not_the_pinned_one_is_refused_and_the_old_environment_stands(
    ready: Path, setup: Setup
) -> None:
    honest = (ready / "lock").read_text()
    (ready / "lock").write_text(wheel(ready.parent / "wheels", "2")[:-9] + "deadbeef\n")

    result = setup()

    assert result.returncode != 0
    assert "安装失败" in result.stderr
    assert "The installation failed" in result.stderr
    assert installed(ready) == "1"
    (ready / "lock").write_text(honest)
    assert setup(PIP_FIND_LINKS="/nowhere").returncode == 0


def test_a_pin_without_a_hash_is_refused(project: Path, setup: Setup) -> None:
    (project / "lock").write_text("pebble==1\n")

    result = setup()

    assert result.returncode != 0
    assert "--require-hashes" in result.stderr  # pip's own words, from the end of its log


def test_settings_of_the_machine_for_other_purposes_do_not_matter(
    project: Path, setup: Setup, tmp_path: Path
) -> None:
    result = setup(PIP_USER="1", PIP_TARGET=str(tmp_path / "target"), PYTHONPATH=str(tmp_path))

    assert result.returncode == 0, result.stderr
    assert installed(project) == "1"


def test_no_python_gets_one_sentence_in_each_language(setup: Setup) -> None:
    result = setup(python="/nowhere/python3")

    assert result.returncode != 0
    chinese, english = result.stderr.splitlines()
    assert "需要 Python 3.11" in chinese
    assert "make PYTHON=" in english


def test_an_old_python_is_named_with_its_version(setup: Setup, tmp_path: Path) -> None:
    old = stand_in(tmp_path / "python3", '[ "$1" = --version ] && echo Python 3.9.18 || exit 1')

    result = setup(python=old)

    assert result.returncode != 0
    assert result.stderr.count("Python 3.9.18") == 2
    assert len(result.stderr.splitlines()) == 2


def test_a_python_without_venv_is_told_how_to_get_it(setup: Setup, tmp_path: Path) -> None:
    bare = stand_in(
        tmp_path / "python3",
        f'case "$2" in *ensurepip*) exit 1 ;; *) exec "{sys.executable}" "$@" ;; esac',
    )

    result = setup(python=bare)

    assert result.returncode != 0
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert result.stderr.count(f"sudo apt install python{version}-venv") == 2
    assert len(result.stderr.splitlines()) == 2


@pytest.mark.parametrize("target", ["run", "test", "package"])
def test_the_commands_of_the_readme_are_listed_by_make(target: str) -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=SCRIPT.parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert f"  make {target} " in listed
