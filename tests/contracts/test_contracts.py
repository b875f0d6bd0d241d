"""The published contracts are fresh, valid, complete, in both languages, and equal to the doors."""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from casework import runtime
from casework.cases import decide as decide  # fills the registry
from casework.cases import number as numbers
from casework.cases.registry import GUARDS, WHOSE
from casework.cases.table import TABLE
from casework.edge.refusals import FIELDS, SENTENCES
from functions.desk.app import app as desk
from functions.feedback.app import app as feedback
from functions.intake.app import app as intake
from infra import contracts
from infra.contracts import openapi, requests
from schemas import api as table
from schemas import commands as c
from schemas.events import Announcement
from schemas.names import STAFF
from tests.doors.driving import Api
from tests.support.world import MemoryWorld

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = contracts.documents()["openapi.json"]
    return made


@contextmanager
def doors() -> Iterator[Api]:
    """The doors before a world in memory."""
    world = MemoryWorld()
    runtime.configure({}, into=world)
    try:
        yield Api(world)
    finally:
        runtime.reset()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def documented(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, list[str]]:
    """The codes of refusal of an operation by their status."""
    shared = document["components"]["responses"]
    return {
        status: shared[response["$ref"].rpartition("/")[2]]["x-codes"]
        for status, response in operation["responses"].items()
        if "$ref" in response
    }


# -- fresh ------------------------------------------------------------------------------------


def test_the_files_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert contracts.main(check=True) == 0, capsys.readouterr().err


def test_a_stale_file_is_named_and_then_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # given contracts of which one has been changed by hand
    monkeypatch.setattr(contracts, "FOLDER", tmp_path)
    assert contracts.main() == 0
    (tmp_path / "events.schema.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()

    # when they are checked, then that one is named, in both languages
    assert contracts.main(check=True) == 1
    said = capsys.readouterr().err
    assert said.count("schemas/contracts/") == 1
    assert "events.schema.json" in said
    assert "lianxin contracts" in said
    assert CHINESE.search(said)

    # and written again
    assert contracts.main() == 0
    assert contracts.main(check=True) == 0


def test_two_processes_make_the_same_files() -> None:
    """Nothing in them depends on an order that hashing chooses."""
    made = subprocess.run(
        [sys.executable, "-m", "infra.contracts", "--check"],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/casework'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr


# -- valid ------------------------------------------------------------------------------------


def test_openapi_is_valid(document: dict[str, Any]) -> None:
    validate(document)


@pytest.mark.parametrize("name", ["events.schema.json", "commands.schema.json"])
def test_schemas_are_valid(name: str) -> None:
    OAS31Validator.check_schema(contracts.documents()[name])


def test_examples_are_what_their_schemas_say(document: dict[str, Any]) -> None:
    components = document["components"]
    seen, named = 0, set()
    for _, _, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            shown = content.get("examples", {"only": {"value": content.get("example")}})
            for one in shown.values():
                _valid(one["value"], content["schema"], components)
            seen += 1
        (answer,) = next(iter(operation["responses"].values()))["content"].values()
        for example in answer.get("examples", {}).values():
            _valid(_named(example, components), answer["schema"], components)
            named.add(example["$ref"].rpartition("/")[2])
    assert named == components["examples"].keys()
    assert seen == sum(route.body is not None for route in table.ROUTES) + len(table.DESK)
    assert numbers.parse(components["parameters"]["CaseNumber"]["example"])


def _named(example: dict[str, str], components: dict[str, Any]) -> Any:
    return components["examples"][example["$ref"].rpartition("/")[2]]["value"]


def test_each_command_shows_an_answer_of_its_own(document: dict[str, Any]) -> None:
    shown = document["components"]["examples"]
    commands = [
        operation["operationId"]
        for _, _, operation in operations(document)
        if "x-allowed" in operation
    ]

    answers = {name: shown[name]["value"] for name in commands}
    assert len({json.dumps(answer) for answer in answers.values()}) == len(answers) > 60
    assert answers["deskClaim"]["status"] == "HANDLING"
    assert answers["deskDecline"]["status"] == "DECLINED"
    assert answers["rateCase"]["status"] == "CLOSED"
    assert answers["deskDecideExtension"]["deadlines"][-1]["due_on"] == "2026-10-30"
    assert answers["deskDecideSuspension"]["status"] == "SUSPENDED"
    assert answers["deskDecideTermination"]["status"] == "TERMINATED"
    assert answers["deskPromise"]["status"] == "PROMISED"
    assert answers["deskMerge"]["status"] == "FOLLOWING"
    assert answers["deskNameSubjects"]["status"] == "ACCEPTED", "taken from the accused"
    assert answers["deskReveal"]["contact"] == _contact()


def _contact() -> dict[str, str]:
    filing = requests.FILING
    assert filing.contact is not None
    assert filing.place is not None
    return filing.contact.model_dump(exclude_none=True) | {"address": filing.place.address or ""}


def test_what_may_be_done_next_names_an_address_of_the_contract(document: dict[str, Any]) -> None:
    answers = [example["value"] for example in document["components"]["examples"].values()]
    shown = [(case["case_number"], one) for case in answers for one in case.get("next", [])]

    assert len(shown) > 100
    for number, action in shown:
        path = action["path"].replace(number, "{case_number}")
        taken = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        shape = taken["schema"]["$ref"].rpartition("/")[2]
        assert shape == c.COMMANDS[action["command"]].__name__


def test_there_is_one_version(document: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert document["info"]["version"] == project["version"]


def _valid(example: Any, schema: dict[str, Any], components: dict[str, Any]) -> None:
    OAS31Validator(schema | {"components": components}).validate(example)


def test_examples_are_accepted_by_the_models() -> None:
    """And so are not only what the contract says, but what the service takes."""
    shapes: list[type[c.Command]] = [c.File]
    shapes += [c.COMMANDS[name] for name in (*table.DESK, "rate", "withdraw")]
    for shape in shapes:
        shape.model_validate(requests.request(shape))
    for _, filing in requests.FILINGS.values():
        c.File.model_validate(requests.body_of(filing))


# -- equal to the doors -----------------------------------------------------------------------


def routes(*doors: Chalice) -> set[tuple[str, str]]:
    return {
        (method, path)
        for door in doors
        for path, methods in door.routes.items()
        for method in methods
    }


def test_every_route_of_every_door_is_in_the_document_and_the_reverse(
    document: dict[str, Any],
) -> None:
    # the desk's one path stands for a path of each command that staff can give
    commands = {
        name for name in c.DESK_COMMANDS if any(row.roles & STAFF for row in TABLE.commands[name])
    }
    in_code = routes(intake, desk, feedback)
    in_code.remove(("POST", table.DESK_PATH))
    in_code |= {("POST", table.DESK_PATH.replace("{command}", name)) for name in commands}

    assert {(method, path) for method, path, _ in operations(document)} == in_code


def test_every_code_of_refusal_is_documented(document: dict[str, Any]) -> None:
    named = {
        code
        for response in document["components"]["responses"].values()
        for code in response["x-codes"]
    }

    # A command that there is none has no operation to stand under.
    assert named | {"unknown_command"} == SENTENCES.keys() == document["x-problems"].keys()


BY_PEOPLE = sorted((GUARDS.keys() | WHOSE.keys()) - c.BY_SYSTEM)


@pytest.mark.parametrize("command", BY_PEOPLE)
def test_what_a_command_can_be_refused_for_is_documented_with_it(
    document: dict[str, Any], command: str
) -> None:
    """And nothing else: neither more nor less than its guard and the table can refuse with."""
    can = refusals_in(GUARDS[command]) if command in GUARDS else set()
    for row in TABLE.commands[command] if command in WHOSE else ():
        can |= {"same_person"} if row.different_person else set()
        can |= {"own_unit"} if row.different_unit else set()

    routes = [route for route in openapi.routes() if _is(route, command)]
    assert routes, f"no operation gives {command}"
    for route in routes:
        assert set(route.refusals) == can, route.name
        by_status = documented(document, document["paths"][route.path]["post"])
        assert can <= {code for codes in by_status.values() for code in codes}


def _is(route: table.Route, command: str) -> bool:
    return route.body is not None and c.name_of(route.body) == command


def refusals_in(function: Callable[..., Any]) -> set[str]:
    """The codes that a function of `cases`, or one that it calls there, can refuse with."""
    found = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = function.__globals__.get(node.func.id)
            if node.func.id == "Refusal" and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
            elif inspect.isfunction(called) and called.__module__.startswith("casework.cases"):
                found |= refusals_in(called)
    return found


SOURCES = [*(ROOT / "layers/casework").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]


def _first_arguments(of: set[str], where: list[Path]) -> Iterator[str]:
    """The texts that are given first wherever one of these is called."""
    for path in where:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in of and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def test_every_reason_to_refuse_has_its_sentence_and_no_sentence_is_idle() -> None:
    raised = set(_first_arguments({"Refusal", "Wrong"}, SOURCES))
    assert len(raised) > 80

    # those of tokens, of the store and of the request itself are made from other errors
    others = {code for code in SENTENCES if code.startswith("token_")} | {
        *("invalid", "stale", "locked", "internal", "key_reused", "wrong_code"),
        *("not_found", "not_set_up", "busy"),
    }
    assert raised | others == SENTENCES.keys()


def test_every_fault_of_a_field_has_its_sentence() -> None:
    """But for those of shapes that nobody sends."""
    raised = set(_first_arguments({"ValueError"}, [*(ROOT / "schemas").rglob("*.py")]))

    assert "consent_needed" in raised
    assert raised - FIELDS.keys() == {"email_invalid", "time_without_zone"}


def test_every_refusal_stands_under_its_status(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        for status, codes in documented(document, operation).items():
            assert {str(SENTENCES[code].status) for code in codes} == {status}, path


def test_operations_are_named_once(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(names) == len(set(names))


def test_the_contract_is_served(document: dict[str, Any]) -> None:
    with doors() as api:
        answer = api.get("/v1/openapi.json")

    assert answer.body == json.loads((contracts.FOLDER / "openapi.json").read_text("utf-8"))


# -- complete, in both languages --------------------------------------------------------------


@pytest.mark.parametrize("name", ["openapi.json", "events.schema.json", "commands.schema.json"])
def test_everything_is_said_in_both_languages(name: str) -> None:
    for where, words in _said(contracts.documents()[name], name):
        assert words.keys() == {"zh-CN", "en"}, where
        assert words["zh-CN"].strip(), where
        assert words["en"].strip(), where
        assert not CHINESE.search(words["en"]), (where, words["en"])


def _said(value: Any, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _said(one, f"{where}/{number}")
    elif isinstance(value, dict):
        for key, held in value.items():
            if key in ("x-summary", "x-description", "x-title"):
                yield f"{where}/{key}", held
            else:
                yield from _said(held, f"{where}/{key}")


@pytest.mark.parametrize("name", ["openapi.json", "events.schema.json", "commands.schema.json"])
def test_every_field_and_every_shape_is_described(name: str) -> None:
    document = contracts.documents()[name]
    schemas = document.get("$defs") or document["components"]["schemas"]
    for shape, schema in schemas.items():
        assert "x-description" in schema, shape
        for field, property_ in schema.get("properties", {}).items():
            assert "x-description" in property_, f"{shape}.{field}"


def test_every_value_of_a_closed_list_has_a_name(document: dict[str, Any]) -> None:
    lists = {n: s for n, s in document["components"]["schemas"].items() if "enum" in s}
    assert {"State", "Role", "Kind", "Outcome", "Queue"} <= lists.keys()
    for name, schema in lists.items():
        for language, read in schema["x-names"].items():
            assert read.keys() == set(schema["enum"])
            same = {v for v in schema["enum"] if read[v] == v and not v.isdigit()}
            assert language == "en" or same <= {"open311"} | {"Open311"}, (name, same)


# -- events -----------------------------------------------------------------------------------


def test_what_the_topic_carries_is_what_the_events_schema_says() -> None:
    # given a case with a life behind it
    with doors() as api:
        case = api.file().answered()
        rating = {"contacted": False, "resolved": "no", "overall": 1, "stars": {"speed": 1}}
        case.citizen("rating", rating)
        dossier = api.world.service.store.dossier(case.number)
    assert dossier is not None
    schema = OAS31Validator(contracts.documents()["events.schema.json"])

    # then each of its commits is what subscribers were promised
    types = set()
    for commit in dossier.journal:
        announced = Announcement(
            case_number=case.number, state=dossier.head.case.state, unit=None, commit=commit
        )
        message = json.loads(announced.model_dump_json())
        schema.validate(message)
        types |= {event["type"] for event in message["commit"]["events"]}
    assert {"filed", "dispatched", "claimed", "replied", "invited", "rated"} <= types


def test_an_event_that_lacks_its_type_is_no_event() -> None:
    schema = OAS31Validator(contracts.documents()["events.schema.json"])
    commit = {"version": 1, "at": "2026-09-28T02:00:00Z", "actor": {"id": "x", "role": "agent"}}
    message = {"case_number": "1902481914976595", "state": "CLOSED", "unit": None}

    assert schema.is_valid(message | {"commit": commit | {"events": [{"type": "accepted"}]}})
    assert not schema.is_valid(message | {"commit": commit | {"events": [{}]}})
