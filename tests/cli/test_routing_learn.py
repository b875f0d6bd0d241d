"""`lianxin routing learn`: shows the change on cases left out, asks, stores, and goes back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casework import runtime
from casework.learning import Lesson
from casework.outcomes import Request
from casework.routing import learned
from casework.store import models
from casework.store.dynamo import DynamoTable
from casework.store.models import Models
from casework.store.settings import write_city
from infra.cli.app import app
from infra.cli.client import put
from infra.cli.saying import Stop
from infra.local.city import LocalCity
from schemas import commands as c
from tests.support.aws import aws
from tests.support.models import model_of
from tests.support.stories import DISPATCHER, file
from tests.support.world import FrozenClock, MemoryWorld, yunting

pytest.importorskip("sklearn", reason="make setup installs what training needs")

from infra.routing.learning import FEWEST, TooFewError, learn
from infra.routing.teaching import read_lessons, router_of

PLACES = [
    "北门",
    "南门",
    "东门",
    "西门",
    "车站",
    "菜场",
    "学校",
    "医院",
    "码头",
    "广场",
    "桥头",
    "巷口",
    "河边",
    "坡上",
    "楼下",
]
MATTERS = {
    "0205": ("那盏灯黑了", "灯杆不亮", "灯一闪一闪"),
    "0208": ("大狗没人牵", "狗咬了孩子", "狗叫一夜"),
    "0105": ("提取公积金要带什么", "公积金转出", "公积金贷款额度"),
}
"""Citizens' words of this city; made up, as all in the tests."""
LEARNED = {code: words for code, words in MATTERS.items() if code != "0105"}


def made(matters: Mapping[str, tuple[str, ...]] = MATTERS) -> list[Lesson]:
    return [
        Lesson(f"{code}-{place}-{n}", "", f"{place}{said}，麻烦来看看{place}", code)
        for code, sayings in matters.items()
        for n, said in enumerate(sayings)
        for place in PLACES
    ]


def wrong(title: str, body: str) -> Mapping[str, float]:
    """A packaged model that takes all for parking, and knows of no lamp."""
    return {"0402": 0.7, "0208": 0.2, "0105": 0.1}


def right(title: str, body: str) -> Mapping[str, float]:
    code = next(code for code, said in MATTERS.items() if any(one in body for one in said))
    return {one: 0.98 if one == code else 0.01 for one in MATTERS}


# -- what is learned ----------------------------------------------------------------------


def test_what_the_packaged_model_does_not_know_is_learned_and_shown_on_cases_left_out() -> None:
    found = learn(made(), wrong)

    assert found.model is not None
    assert found.better
    assert found.before.accuracy == 0.0
    assert found.after.accuracy > 0.85
    assert found.after.likelihood > found.before.likelihood
    assert set(found.by_category) == set(MATTERS)
    assert found.by_category["0205"][:2] == (45, 0)
    assert {flip.before for flip in found.flips} == {"0402"}
    city = learned.load(found.model)
    assert city.card["share"] == found.share
    assert len(found.model) < models.LARGEST
    answer = learned.blended(wrong("", ""), city, "", "巷口那盏灯黑了")
    assert max(answer, key=lambda code: answer[code]) == "0205"


def test_where_the_packaged_model_is_right_already_it_is_hardly_disturbed() -> None:
    found = learn(made(), right)

    assert found.before.accuracy == found.after.accuracy == 1.0
    assert found.flips == ()


def test_labels_that_say_nothing_are_not_believed() -> None:
    """The same words under labels at random: the packaged model stays alone, or all but."""
    mixed = [
        Lesson(one.number, "", "随便写写" + one.number[-6:], ("0205", "0208")[n % 2])
        for n, one in enumerate(made())
    ]
    uniform = {code: 1 / len(MATTERS) for code in ("0205", "0208", "0105")}

    found = learn(mixed, lambda title, body: {**uniform, "0205": 0.5, "0208": 0.5, "0105": 0.0})

    assert found.after.likelihood >= found.before.likelihood - 0.05
    assert found.share < 0.5


def test_the_same_lessons_teach_the_same() -> None:
    assert learn(made(LEARNED), wrong) == learn(made(LEARNED), wrong)


@pytest.mark.parametrize(
    "few",
    [[], made()[: FEWEST - 1], [Lesson(str(n), "", "灯坏了", "0205") for n in range(FEWEST)]],
    ids=["none", "one too few", "copies of one"],
)
def test_from_too_little_nothing_is_learned(few: list[Lesson]) -> None:
    with pytest.raises(TooFewError):
        learn(few, wrong)


def test_the_packaged_answer_is_a_likelihood_of_every_category() -> None:
    for text in ("和平路的路灯不亮", "", "😀", "hello"):
        answer = router_of(yunting())("", text)

        assert set(answer) == set(yunting().categories)
        assert sum(answer.values()) == pytest.approx(1.0)
        assert min(answer.values()) >= 0.0


# -- the command --------------------------------------------------------------------------


def run(*arguments: object, typed: str | None = None) -> tuple[str, str]:
    done = CliRunner().invoke(app, ["routing", "learn", *map(str, arguments)], input=typed)
    if isinstance(done.exception, Stop):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout, done.stderr


def written(path: Path, lessons: list[Lesson], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "body", "label"])
        rows.writerows([one.number, one.title, one.body, one.category] for one in lessons)
    return path


def test_examples_of_a_file_are_shown_and_nothing_is_replaced(tmp_path: Path) -> None:
    out, err = run("--examples", written(tmp_path / "ex.csv", made()))

    assert "135 examples" in out
    assert "→" in out
    assert "Nothing was changed" in err


def test_the_figures_come_as_json(tmp_path: Path) -> None:
    shown: dict[str, Any] = json.loads(
        run("--json", "--examples", written(tmp_path / "ex.csv", made()))[0]
    )

    assert shown["enough"]
    assert shown["lessons"] == len(made())
    assert 0 < shown["bytes"] < models.LARGEST
    assert shown["after"]["accuracy"] >= shown["before"]["accuracy"]


def test_too_few_examples_are_said_and_nothing_is_done(tmp_path: Path) -> None:
    out, err = run("--json", "--examples", written(tmp_path / "ex.csv", made()[:10]))

    assert json.loads(out) == {"lessons": 10, "enough": False}
    assert f"it takes {FEWEST} of two" in err


def test_a_file_in_gbk_with_rows_of_no_use_is_read_as_far_as_it_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "ex.csv", [*made(), Lesson("x", "", "什么", "9999")], "gbk")
    with path.open("a", encoding="gbk") as file:
        file.write("y,只有两格\n")

    found = read_lessons(path, yunting())

    assert found == made()
    assert "2 rows are left out" in capsys.readouterr().err


def test_without_a_source_it_says_what_to_give() -> None:
    for arguments in ((), ("--forget",)):
        with pytest.raises(Stop, match="--examples"):
            run(*arguments)
    with pytest.raises(Stop, match="--cases"):
        run("--table", "settings")


# -- a running city -----------------------------------------------------------------------


def test_a_running_city_takes_a_model_and_forgets_it(empty_city: LocalCity, tmp_path: Path) -> None:
    table = Models(runtime.world().settings_table)
    source = ("--port", empty_city.port, "--examples", written(tmp_path / "ex.csv", made()))

    with pytest.raises(Stop, match="--yes"):
        run(*source)
    assert table.read() is None
    _, said = run(*source, "--yes")
    assert "--forget" in said
    model = table.read()
    assert model is not None
    assert set(learned.load(model).labels) == set(MATTERS)

    _, said = run("--port", empty_city.port, "--forget")
    assert "out of force" in said
    assert table.read() is None
    assert "no model" in run("--port", empty_city.port, "--forget")[1]


def test_a_running_city_gives_its_own_lessons(empty_city: LocalCity) -> None:
    """There are none yet: it says so and does nothing."""
    assert "There are 0 examples" in run("--port", empty_city.port)[1]


@pytest.mark.parametrize(
    "document", [{"model": "bm9uc2Vuc2U="}, {"model": "%%"}, {}, [], {"forget": "yes"}]
)
def test_a_running_city_refuses_what_is_no_model(empty_city: LocalCity, document: object) -> None:
    before = Models(runtime.world().settings_table).version()

    with pytest.raises(Stop):
        put(empty_city.port, "/model", document)

    assert Models(runtime.world().settings_table).version() == before


def test_a_model_that_makes_it_worse_is_not_put_in_force_unasked(
    empty_city: LocalCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from infra.routing import learning

    worse = learning.Learned(
        model_of({"路灯": "0205", "井盖": "0204"}),
        0.4,
        60,
        learning.Reached(0.9, -0.3),
        learning.Reached(0.8, -0.29),
        {"0205": (60, 54, 48)},
        (),
    )
    monkeypatch.setattr(learning, "learn", lambda *_: worse)
    source = ("--port", empty_city.port, "--examples", written(tmp_path / "ex.csv", made()))
    before = Models(runtime.world().settings_table).version()

    assert "It would be worse" in run(*source, "--yes")[1]
    assert Models(runtime.world().settings_table).version() == before


# -- a deployed city ----------------------------------------------------------------------


@pytest.fixture
def deployed() -> Iterator[tuple[DynamoTable, DynamoTable]]:
    """The settings of Yunting and its cases, in the cloud."""
    with aws() as cloud:
        settings, cases = cloud.new_table(), cloud.new_table()
        write_city(settings, yunting())
        yield settings, cases


def test_a_deployed_city_learns_from_its_own_cases_and_goes_back(
    deployed: tuple[DynamoTable, DynamoTable],
) -> None:
    settings, cases = deployed
    taught(cases, [one for one in made(LEARNED) if int(one.number[-1]) < 2])
    where = ("--table", settings._name, "--cases", cases._name, "--shards", 1)

    out, err = run(*where, "--yes")

    assert "60 examples" in out
    assert "version 1" in err
    model = Models(settings).read()
    assert model is not None
    assert set(learned.load(model).labels) == set(LEARNED)
    assert "out of force" in run("--table", settings._name, "--forget")[1]
    assert Models(settings).read() is None


def taught(table: DynamoTable, lessons: list[Lesson]) -> None:
    """Cases that people dispatched, as the service and relay write them."""
    world = MemoryWorld(FrozenClock(datetime.now(UTC)), table=table)
    for one in lessons:
        number = file(world.service, one.number, text=one.body, contact=None).number
        world.service.tell(number, c.Route())
        dispatch = c.Dispatch(unit="chengguan", category=one.category)
        world.service.change(number, dispatch, Request(DISPATCHER, "dispatch"))
        world.relay.publish_again(number, 3)
