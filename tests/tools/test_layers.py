"""The layers hold what the functions import, built for Lambda's Python and not for the laptop's."""

from __future__ import annotations

import ast
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from infra.package import layer

ROOT = Path(__file__).resolve().parents[2]
OURS = {"casework", "schemas", "functions"}
UNCHECKED_HASH = 0b01  # PEP 552: carries the source's hash, which nobody checks at import
AARCH64, X86_64 = 0xB7, 0x3E  # ELF e_machine


def pins(lock: str) -> set[tuple[str, str]]:
    """(Distribution name in lower case with dashes, version) of requirements/<lock>."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", text, flags=re.MULTILINE)
    return {(normal(name), version) for name, version in found}


def names(lock: str) -> set[str]:
    return {name for name, _ in pins(lock)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def deployed_sources() -> Iterator[Path]:
    for folder in ("functions", "schemas", "layers/casework/casework"):
        yield from (ROOT / folder).rglob("*.py")


def imports(source: Path) -> Iterator[str]:
    """The top-level names that a module imports absolutely, type-checking blocks left out."""
    pending: list[ast.AST] = [ast.parse(source.read_text(encoding="utf-8"))]
    while pending:
        match node := pending.pop():
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case ast.Import():
                yield from (alias.name.partition(".")[0] for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
        pending.extend(ast.iter_child_nodes(node))


def third_party() -> dict[str, Path]:
    """Each third-party package that deployed code imports -> one module that imports it."""
    found = {name: source for source in deployed_sources() for name in imports(source)}
    return {
        name: source
        for name, source in found.items()
        if name not in sys.stdlib_module_names and name not in OURS
    }


@pytest.fixture(scope="module")
def lambda_python() -> str:
    python = layer.find_python()
    if python is None:
        pytest.skip(f"Python {layer.PYTHON} is not installed here")
    return python


@pytest.fixture
def no_lambda_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "_candidates", lambda: iter([sys.executable + "-missing"]))


class TestLocks:
    def test_the_layer_holds_the_versions_that_the_tests_ran_with(self) -> None:
        assert pins("layer.lock") <= pins("dev.lock")

    def test_every_package_that_deployed_code_imports_is_in_the_layer(self) -> None:
        distributions = packages_distributions()
        held = names("layer.lock")
        missing = {
            name: str(source.relative_to(ROOT))
            for name, source in third_party().items()
            if not held & {normal(found) for found in distributions.get(name, [])}
        }
        assert not missing, "add it to requirements/run.in, then make lock"

    def test_chalice_comes_without_its_command_line(self) -> None:
        assert "chalice" in names("layer.lock")
        assert not {"pip", "setuptools", "inquirer", "click"} & names("layer.lock")

    @pytest.mark.parametrize("lock", ["dev.lock", "layer.lock", "sam.lock"])
    def test_every_pin_has_hashes_and_no_lock_names_a_registry(self, lock: str) -> None:
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        pinned = [line for line in text.replace("\\\n", "").splitlines() if line[0] != "#"]

        assert len(pinned) >= len(pins(lock)) > 0
        assert [line for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []
        assert "://" not in text


def test_botocore_keeps_every_service_that_deployed_code_speaks_to() -> None:
    spoken = {
        call.args[0].value
        for source in deployed_sources()
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"client", "resource", "create_client"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert spoken <= layer.SERVICES, "add it to SERVICES in infra/package/layer.py"


class TestCompiling:
    def test_bytecode_is_of_lambdas_python_and_its_source_is_not_looked_up(
        self, tmp_path: Path, lambda_python: str
    ) -> None:
        (tmp_path / "door.py").write_text("OPEN = True\n")

        layer.compile_for_lambda(tmp_path)

        (compiled,) = tmp_path.rglob("*.pyc")
        assert compiled.name == "door.cpython-313.pyc"
        show = "import importlib.util; print(importlib.util.MAGIC_NUMBER.hex())"
        magic = subprocess.check_output([lambda_python, "-c", show], text=True).strip()
        assert compiled.read_bytes()[:4].hex() == magic
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == UNCHECKED_HASH

    @pytest.mark.usefixtures("no_lambda_python")
    def test_without_that_python_nothing_is_compiled_and_it_is_said(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "door.py").write_text("OPEN = True\n")

        layer.compile_for_lambda(tmp_path)

        assert not list(tmp_path.rglob("*.pyc"))
        warning = capsys.readouterr().err
        assert "没有找到 Python 3.13" in warning
        assert "No Python 3.13 found" in warning

    @pytest.mark.parametrize(
        ("answer", "right"),
        [
            ("echo 3.13 cpython", True),
            ("echo 3.12 cpython", False),
            ("echo 3.13 pypy", False),
            ("exit 127", False),  # a shim for a version that is not switched on
        ],
    )
    def test_only_a_python_that_answers_as_lambdas_is_taken(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, right: bool
    ) -> None:
        python = tmp_path / "python3.13"
        python.write_text(f"#!/bin/sh\n{answer}\n")
        python.chmod(0o755)
        monkeypatch.setattr(layer, "_candidates", lambda: iter([str(python)]))

        assert layer.find_python() == (str(python) if right else None)


def test_sam_finds_our_packages_from_its_copy_of_the_folder(tmp_path: Path) -> None:
    """`sam build` copies layers/casework to a scratch folder and calls the Makefile from there."""
    if not (ROOT / ".venv/bin/python").exists():
        pytest.skip("the layers are built with .venv: run make setup")
    scratch, artifacts = tmp_path / "scratch", tmp_path / "an artifact"
    scratch.mkdir()

    subprocess.run(
        ["make", "-f", str(ROOT / "layers/casework/Makefile"), "build-Casework"],
        cwd=scratch,
        env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "ARTIFACTS_DIR": str(artifacts)},
        check=True,
    )

    built = {path.relative_to(artifacts / "python") for path in artifacts.rglob("*")}
    wanted = {
        path.relative_to(base)
        for base in (ROOT, ROOT / "layers/casework")
        for package in ("schemas", "casework")
        for path in (base / package).rglob("*")
        if "__pycache__" not in path.parts
    }
    assert wanted <= built
    assert {path.parts[0] for path in built if path.parts} == {"casework", "schemas"}
    assert all("cpython-313" in path.name for path in built if path.suffix == ".pyc")


def test_layers_over_lambdas_limit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "Runtime/python").mkdir(parents=True)
    with (tmp_path / "Runtime/python/heavy").open("wb") as heavy:
        heavy.truncate(layer.LIMIT)
    layer.print_sizes(tmp_path)

    (tmp_path / "Runtime/python/straw").write_bytes(b"1")
    with pytest.raises(SystemExit, match="250 MB"):
        layer.print_sizes(tmp_path)


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Build the runtime layer for an architecture, once."""
    built: dict[str, Path] = {}

    def build(arch: str) -> Path:
        if arch not in built:
            target = tmp_path_factory.mktemp(arch) / "python"
            command = [sys.executable, "-m", "infra.package.layer", "runtime", str(target.parent)]
            result = subprocess.run(
                command,
                env={**os.environ, "LIANXIN_ARCH": arch},
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            if "NewConnectionError" in result.stderr or "NameResolutionError" in result.stderr:
                pytest.skip("no network: the runtime layer needs the package index")
            assert result.returncode == 0, result.stderr
            built[arch] = target
        return built[arch]

    return build


@pytest.mark.package
@pytest.mark.parametrize(("arch", "machine"), [("arm64", AARCH64), ("x86_64", X86_64)])
def test_compiled_parts_are_for_the_processor_that_was_asked_for(
    runtime: Callable[[str], Path], arch: str, machine: int
) -> None:
    libraries = list(runtime(arch).rglob("*.so"))

    assert {path.name.partition(".")[0] for path in libraries} >= {"_pydantic_core", "_rust"}
    for library in libraries:
        assert int.from_bytes(library.read_bytes()[18:20], "little") == machine, library.name


@pytest.mark.package
def test_everything_that_functions_import_comes_from_the_layer_alone(
    runtime: Callable[[str], Path], lambda_python: str
) -> None:
    arch = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine())
    if sys.platform != "linux" or arch is None:
        pytest.skip("only a Linux like Lambda's can load what was built for it")
    script = f"""
import importlib, sys
sys.path.insert(0, {str(runtime(arch))!r})
for name in {sorted({"boto3", "tzdata", *third_party()})!r}:
    importlib.import_module(name)
import boto3
for service in {sorted(layer.SERVICES)!r}:
    for region in ("cn-north-1", "eu-central-1"):
        boto3.client(service, region, aws_access_key_id="-", aws_secret_access_key="-")
"""
    # -I and -S: neither this project nor packages that stand beside that Python.
    subprocess.run([lambda_python, "-I", "-S", "-c", script], check=True)
