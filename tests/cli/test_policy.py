"""`lianxin policy`: the packaged ones are shown, a city's own checked and put in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework import runtime
from casework.clock.book import presets
from casework.clock.policy import Policy
from casework.store.settings import SETTINGS, read_rules, write_city
from casework.store.table import Table
from infra.cli.app import app
from infra.cli.client import doors, put
from infra.cli.saying import CITY, Stop
from infra.local.city import LocalCity
from tests.support.world import yunting

ZONE = "Asia/Shanghai"
Write = Callable[..., str]


def lianxin(*arguments: str, group: str = "policy") -> str:
    """What the command prints, on a wide terminal. Raises what it raises."""
    said = CliRunner(env={"COLUMNS": "200"}).invoke(
        app, [group, *arguments], catch_exceptions=False
    )
    assert said.exit_code == 0
    return said.output


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes policies into a directory, by the name of their file; its path."""

    def made(table: str = "", **texts: str) -> str:
        for name, text in texts.items():
            (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        if table:
            (tmp_path / "by-category.csv").write_text(f"category,policy\n{table}\n", "utf-8")
        return str(tmp_path)

    return made


GUANGDONG = 'extends = "12345-guangdong"\n'
FAULTY = f'{GUANGDONG}[clocks.claim]\nlimit = "7X"\n'


class TestListing:
    def test_names_every_packaged_policy_with_its_source_and_its_promise(self) -> None:
        said = lianxin("list")

        for name in presets():
            assert name in said
        assert "urgent" not in said, "it lies over the others and cannot be chosen"
        assert "广东省12345政务服务便民热线管理办法（2022）" in said
        assert "投诉、举报: 15 个工作日" in said

    def test_speaks_english_too(self) -> None:
        said = lianxin("list", "--lang", "en")
        assert "Guangdong's regulation of the 12345 hotline (2022)" in said
        assert "Complaint, Report: 15 working days" in said
        assert "a complex matter: 15 days" in said


class TestShowing:
    @pytest.mark.parametrize("name", presets())
    @pytest.mark.parametrize("urgency", ["ordinary", "life_and_safety"])
    def test_every_clock_and_every_ladder_is_there(self, name: str, urgency: str) -> None:
        said = lianxin("show", name, "--urgency", urgency)
        policy = Policy.preset(name)
        for entry in (*policy.clocks, *policy.ladders):
            assert entry in said

    def test_says_what_each_rung_does_and_whom_it_tells(self) -> None:
        rows = [" ".join(line.split()) for line in lianxin("show").splitlines()]
        assert "│ 到期后 3 个工作日 │ 2 级督办、红牌 │ 督办部门、分管领导" in rows
        assert "│ 到期后 10 个工作日 │ 3 级督办、约谈 │ 分管领导" in rows
        assert "办结答复 resolve │ 咨询: 3 个工作日 │ 承办单位 │ default │ 超期回访诉求人" in rows
        assert "延期至多 │ 1 次" in rows

    def test_says_it_in_english_without_a_chinese_word_of_ours(self) -> None:
        said = lianxin("show", "12345-1-5-15", "--lang", "en")
        chinese = [word for word in said.split() if any("一" <= sign <= "鿿" for sign in word)]
        papers = {"催办通知单", "催办通知书", "通报批评"}
        assert {*chinese} <= {"党务", *papers}, "what a city calls its papers and its lines"
        assert "Extended, it ends no later after its start than" in said

    def test_of_what_is_urgent_in_hours_and_minutes(self) -> None:
        said = lianxin("show", "12345-general", "--urgency", "life_and_safety")
        assert "危及人身安全: 2 小时" in said

    def test_a_file_with_what_it_builds_on_beside_it(self, write: Write) -> None:
        folder = write(base='extends = "12345-flat5"', ours='extends = "base"\nname = "ours"')
        said = lianxin("show", f"{folder}/ours.toml")
        assert said.startswith("ours")
        assert "办结答复 resolve │ 5 个工作日" in " ".join(said.split())

    def test_one_that_nobody_has_is_one_sentence(self) -> None:
        with pytest.raises(Stop, match="内置政策：12345-1-5-15"):
            lianxin("show", "12345-sichuan")


class TestChecking:
    def test_says_which_would_count_for_what(self, write: Write) -> None:
        folder = write(
            "0205,lamps\n02,liuyanban", policy=GUANGDONG, lamps=GUANGDONG, lone=GUANGDONG
        )

        said = lianxin("check", folder)

        assert "政策有效：4 个文件\nValid: 4 files" in said
        assert "全部诉求 all: 12345-guangdong" in said
        assert "分类 category 0205: lamps" in said
        assert "领域 domain 02: liuyanban" in said
        assert "没有用到 used for nothing: lone" in said
        assert "未核对分类代码" in said
        assert "give the city's directory, or --table" in said

    def test_takes_single_files(self, write: Write) -> None:
        folder = write(ours='extends = "base"', base=GUANGDONG)
        assert "2 files" in lianxin("check", f"{folder}/ours.toml", f"{folder}/base.toml")

    def test_of_a_citys_directory_categories_are_looked_up(self) -> None:
        said = lianxin("check", str(CITY))
        assert "分类 category 0409: nuoche" in said
        assert "未核对" not in said
        assert "nuoche" in lianxin("check", str(CITY), group="city")

    def test_names_file_line_and_reason_in_both_languages(self, write: Write) -> None:
        folder = write("0205,none", policy=FAULTY)

        with pytest.raises(Stop) as stopped:
            lianxin("check", folder)

        said = str(stopped.value)
        assert "policy.toml:3: clocks.claim.limit.any：时限 '7X' 无法识别" in said
        assert "'7X' is no limit" in said
        assert "by-category.csv:2: 没有名为 none 的政策" in said
        assert "逐条改正" in said
        assert stopped.value.code == 1

    @pytest.mark.parametrize("path", ["nowhere", "."])
    def test_where_there_is_nothing_it_says_what_to_put_there(
        self, tmp_path: Path, path: str
    ) -> None:
        with pytest.raises(Stop, match="没有") as stopped:
            lianxin("check", str(tmp_path / path))
        assert stopped.value.code == 2

    def test_a_file_in_another_encoding_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "policy.toml").write_bytes('name = "本市"'.encode("gb18030"))
        with pytest.raises(Stop, match=r"policy.toml:0: 不是 UTF-8"):
            lianxin("check", str(tmp_path))

    def test_a_limit_that_reaches_beyond_the_calendar_is_refused(self, write: Write) -> None:
        with pytest.raises(Stop, match=r"policy.toml:2: .*请补充所缺年份的年历"):
            lianxin("check", write(policy=GUANGDONG + 'clocks.claim.limit = "9999WD"'))


class TestLoadingIntoTheLocalStack:
    @pytest.fixture
    def city(self, empty_city: LocalCity) -> Iterator[LocalCity]:
        yield empty_city
        put(empty_city.port, "/policies", {"policy.toml": 'extends = "12345-general"'})

    def test_puts_them_in_force_and_counts_the_open_cases(
        self, city: LocalCity, write: Write
    ) -> None:
        doors(city.port).file({"text": "路灯不亮。", "kind": "help"}, "counted")
        folder = write("0301,12345-flat5", policy=GUANGDONG)

        said = lianxin("load", folder, "--port", str(city.port))

        assert "已录入政策，5 分钟内生效。" in said
        assert "全部诉求 all: 12345-guangdong" in said
        assert "1 件未结诉求中，1 件将改期或改提醒时间" in said
        assert "Of 1 open cases, 1 get other dates or reminders." in said
        assert "约 10 分钟内按新政策自动重新计时" in said
        rules = read_rules(runtime.world().settings_table, ZONE)
        assert rules.policy.name == "12345-guangdong"
        assert rules.book is not None
        assert rules.book.of("0301", "ordinary").name == "12345-flat5"

    def test_the_city_began_with_those_of_its_directory(self, empty_city: LocalCity) -> None:
        stored = runtime.world().settings_table.get((SETTINGS, "policies"))
        assert stored is not None

    @pytest.mark.parametrize(
        ("texts", "fault"),
        [
            ({"policy": FAULTY}, "policy.toml:3"),
            ({"table": "9901,liuyanban"}, "by-category.csv:2: 没有分类或领域 9901"),
        ],
    )
    def test_faulty_ones_change_nothing(
        self, city: LocalCity, write: Write, texts: dict[str, str], fault: str
    ) -> None:
        settings = runtime.world().settings_table
        before = settings.partition(SETTINGS)

        with pytest.raises(Stop, match=fault):
            lianxin("load", write(**texts), "--port", str(city.port))

        assert settings.partition(SETTINGS) == before

    @pytest.mark.parametrize("body", [[], {"policy.toml": 5}])
    def test_what_is_no_set_of_files_is_refused(self, city: LocalCity, body: object) -> None:
        with pytest.raises(Stop, match="no JSON of policies"):
            put(city.port, "/policies", body)

    def test_without_a_running_stack_it_says_how_to_start_it(self, write: Write) -> None:
        with pytest.raises(Stop, match="lianxin local"):
            lianxin("load", write(policy=GUANGDONG), "--port", "9")


class TestLoadingIntoADeployment:
    def test_puts_them_in_force_and_lists_them(self, settings: Table, write: Write) -> None:
        write_city(settings, yunting())

        said = lianxin("load", write("0205,liuyanban", policy=GUANGDONG), "--table", "settings")

        assert "--cases" in said, "how to see how many cases it moves"
        assert "in force within five minutes" in said
        assert read_rules(settings, ZONE).policy.name == "12345-guangdong"
        listed = lianxin("list", "--table", "settings")
        assert "all: 12345-guangdong" in listed
        assert "category 0205: liuyanban" in listed

    def test_a_check_looks_categories_up_in_the_table(self, settings: Table, write: Write) -> None:
        write_city(settings, yunting())
        with pytest.raises(Stop, match=r"by-category.csv:2"):
            lianxin("check", write("9901,liuyanban"), "--table", "settings")

    def test_loading_the_city_takes_its_policies_along(self, settings: Table) -> None:
        lianxin("load", str(CITY), "--table", "settings", group="city")

        book = read_rules(settings, ZONE).book

        assert book is not None
        assert book.of("0409", "ordinary").name == "nuoche"
        assert str(book.of("0409", "ordinary").clocks["resolve"].limit["any"]) == "2H"

    def test_a_city_without_a_catalogue_is_sent_to_load_one(
        self, settings: Table, write: Write
    ) -> None:
        with pytest.raises(Stop, match="lianxin city load"):
            lianxin("load", write(policy=GUANGDONG), "--table", "settings")
        assert settings.partition(SETTINGS) == []
