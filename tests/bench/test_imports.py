"""What a function loads before its first event. Counted in modules: times are for the bench."""

import json
import os
import subprocess
import sys

import pytest

from infra.bench import imports

OURS = {"casework", "functions", "schemas"}
LATER = {
    "jwt",
    "cryptography",
    "aws_lambda_powertools.utilities.batch",
    "casework.catalogue.city",  # these two come with the city's settings
    "casework.clock.policy",
    "casework.routing.kind",  # where somebody files
}
"""Costly, and not needed by every event."""


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh process has after this statement."""
    code = f"import sys\n{statement}\nimport json\nprint(json.dumps(sorted(sys.modules)))"
    path = os.pathsep.join(map(str, (imports.ROOT, imports.ROOT / "layers" / "casework")))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **imports._ENVIRONMENT, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


@pytest.fixture(scope="module")
def bare() -> set[str]:
    return loaded_by(imports._BARE)


@pytest.mark.parametrize("name", imports.FUNCTIONS)
def test_a_function_brings_no_third_party_beyond_the_bare_ones(name: str, bare: set[str]) -> None:
    loaded = loaded_by(imports._WHOLE.format(name=name))
    packages = {module.partition(".")[0] for module in bare}
    more = {module.partition(".")[0] for module in loaded} - packages - OURS

    assert more - set(sys.stdlib_module_names) == set()
    assert loaded & LATER == set()


def test_every_function_of_the_project_is_measured() -> None:
    folders = {path.parent.name for path in (imports.ROOT / "functions").glob("*/app.py")}

    assert set(imports.FUNCTIONS) == imports._LATER.keys() == folders


def test_a_function_is_measured_against_the_bare_imports_in_processes_of_their_own() -> None:
    (one,) = imports.measure(rounds=1, names=("relay",))

    assert one.ratio == pytest.approx(one.own_ms / one.bare_ms, rel=0.01)
    assert min(one.bare_ms, one.own_ms) > 0
    assert one.later.keys() == {label for label, _ in imports._LATER["relay"]}
    assert "infra.bench.bare" not in sys.modules


def test_what_is_over_the_limit_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = imports.Measured("relay", bare_ms=100, own_ms=130, ratio=1.3, later={})
    monkeypatch.setattr(imports, "measure", lambda: [slow])

    assert imports.main(json=True) == 1
    assert json.loads(capsys.readouterr().out)["functions"][0]["ratio"] == 1.3
    assert imports.main() == 1
    assert "1.30 ✗" in capsys.readouterr().out
