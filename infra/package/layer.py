"""Build what the Lambda layers hold, and say how large it came out.

    python -m infra.package.layer casework DIR   our own packages, casework and schemas
    python -m infra.package.layer runtime DIR    what requirements/layer.lock pins, for LIANXIN_ARCH
    python -m infra.package.layer sizes BUILD    the table of a finished `sam build`

layers/*/Makefile call it from `sam build`. Standard library and pip only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "3.13"  # Runtime in template.yaml
LIMIT = 250 * 1024 * 1024  # a function and its layers, unzipped (Lambda's quota)

# Newest first: pip does not derive the older tags. Amazon Linux 2023 has glibc 2.34.
PLATFORMS = {
    arch: [f"{tag}_{machine}" for tag in ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17")]
    for arch, machine in {"arm64": "aarch64", "x86_64": "x86_64"}.items()
}

# The services our functions may speak to. botocore carries 400 more, 25 MB, and looks through the
# whole list at each cold start.
SERVICES = frozenset({"dynamodb", "kms", "s3", "secretsmanager", "sns", "sqs", "ssm", "sts"})


def main(arguments: list[str]) -> None:
    match arguments:
        case ["casework", target]:
            build_casework(Path(target) / "python")
        case ["runtime", target]:
            build_runtime(Path(target) / "python", os.environ.get("LIANXIN_ARCH") or "arm64")
        case ["sizes", build]:
            print_sizes(Path(build))
        case _:
            sys.exit(__doc__)


def build_casework(target: Path) -> None:
    """Copy `casework` and `schemas` to `target`, compiled."""
    for package in (ROOT / "layers/casework/casework", ROOT / "schemas"):
        shutil.copytree(
            package, target / package.name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )
    compile_for_lambda(target)


def build_runtime(target: Path, arch: str) -> None:
    """Install the locked packages for Lambda on `arch` (arm64 or x86_64) to `target`, compiled."""
    if arch not in PLATFORMS:
        sys.exit(f"LIANXIN_ARCH={arch}：只能是 arm64 或 x86_64 · must be arm64 or x86_64")
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--target", str(target), "--no-deps", "--no-compile", "--no-input", "--no-user"),
        *("--require-hashes", "--requirement", str(ROOT / "requirements/layer.lock")),
        *("--only-binary", ":all:", "--implementation", "cp", "--python-version", PYTHON),
    ]
    for platform in PLATFORMS[arch]:
        command += ["--platform", platform]
    subprocess.run(command, check=True)
    strip(target)
    compile_for_lambda(target)


def strip(target: Path) -> None:
    """Take out what no function uses: commands, tests, other services, Chalice's deployment."""
    shutil.rmtree(target / "bin", ignore_errors=True)
    for service in (target / "botocore/data").iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    for part in ("cdk", "cli", "deploy", "templates"):
        shutil.rmtree(target / "chalice" / part)
    for tests in [path for path in target.rglob("tests") if path.is_dir()]:
        shutil.rmtree(tests)


def compile_for_lambda(target: Path) -> None:
    """Compile every module below `target` with Lambda's own Python, or leave all uncompiled.

    Bytecode of another minor version would only be ignored there. `unchecked-hash`, because a
    layer's timestamps change and its sources do not.
    """
    python = find_python()
    if python is None:
        print(
            f"! 没有找到 Python {PYTHON}：层未预编译，冷启动较慢。安装后请再 make package。\n"
            f"! No Python {PYTHON} found: the layer is not compiled and cold starts will be slower."
            " Install it and run make package again.",
            file=sys.stderr,
        )
        return
    compileall = [python, "-I", "-m", "compileall", "-q", "-j", "0"]
    subprocess.run([*compileall, "--invalidation-mode", "unchecked-hash", str(target)], check=True)


def find_python() -> str | None:
    """A Python of Lambda's minor version: this one, one on PATH, or one kept by pyenv or uv."""
    return next(filter(_is_right, _candidates()), None)


def _candidates() -> Iterator[str]:
    name = f"python{PYTHON}"
    yield sys.executable
    if on_path := shutil.which(name):
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or Path.home() / ".local/share/uv/python")
    for found in (*pyenv.glob(f"versions/{PYTHON}*"), *uv.glob(f"cpython-{PYTHON}*")):
        yield str(found / "bin" / name)


def _is_right(python: str) -> bool:
    show = "import sys; print('%d.%d' % sys.version_info[:2], sys.implementation.name)"
    try:
        answer = subprocess.run(
            [python, "-I", "-c", show], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False  # a shim of pyenv exists for versions that are not switched on
    return answer.stdout.split() == [PYTHON, "cpython"]


def print_sizes(build: Path) -> None:
    """Print the unzipped size of each function and layer in `build`; refuse what Lambda refuses."""
    folders = sorted(path for path in build.iterdir() if path.is_dir())
    layers = {path.name: _size(path) for path in folders if (path / "python").is_dir()}
    for folder in folders:
        print(f"  {folder.name:<14}{_size(folder) / 2**20:8.1f} MB")
    if sum(layers.values()) > LIMIT:
        sys.exit("层超过 Lambda 的 250 MB 上限 · the layers are over Lambda's limit of 250 MB")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main(sys.argv[1:])
