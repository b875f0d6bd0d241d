"""A city's policies as files: read together, or refused with file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.catalogue.city import City
from casework.catalogue.policies import LARGEST, Policies, policies_of, read_policies
from casework.catalogue.tables import CityError
from casework.clock.book import read_book
from casework.clock.policy import preset_text
from tests.support.world import yunting

CITY = yunting()
GUANGDONG = 'extends = "12345-guangdong"\n'
FLAT = 'extends = "12345-flat5"\n'
TABLE = "category,policy\n"


def faults(city: City | None = CITY, **files: str) -> list[tuple[str, int, str, str]]:
    """What is wrong with these files; `by_category` is the table, the others are TOML."""
    with pytest.raises(CityError) as refused:
        policies_of(named(files), city)
    return [(fault.file, fault.line, fault.zh, fault.en) for fault in refused.value.faults]


def named(files: dict[str, str]) -> dict[str, str]:
    return {
        "by-category.csv" if name == "by_category" else f"{name}.toml": text
        for name, text in files.items()
    }


def read(**files: str) -> Policies:
    return policies_of(named(files), CITY)


# -- what a city may say ---------------------------------------------------------------------------


def test_a_city_may_choose_a_packaged_policy_in_one_line() -> None:
    assert read(policy=GUANGDONG).book().of("0204", "ordinary").name == "12345-guangdong"


def test_files_are_called_as_the_policies_are_and_the_table_says_what_they_count_for() -> None:
    policies = read(
        policy=GUANGDONG,
        strict='extends = "12345-flat5"\n[clocks.claim]\nlimit = "2H"\n',
        stricter='extends = "strict"\n[clocks.redo]\nlimit = "1WD"\n',
        by_category=TABLE + "# lamps\n0205,stricter\n02,strict\n17,12345-1-5-15\n",
    )

    book = policies.book()

    counts = {code: book.of(code, "ordinary") for code in ("0205", "0204", "1702", "0301")}
    assert {code: policy.name for code, policy in counts.items()} == {
        "0205": "stricter",
        "0204": "strict",
        "1702": "12345-1-5-15",
        "0301": "12345-guangdong",
    }
    claims = {code: str(policy.clocks["claim"].limit["any"]) for code, policy in counts.items()}
    assert claims == {"0205": "2H", "0204": "2H", "1702": "1WD", "0301": "1WD"}


def test_without_one_for_all_the_packaged_default_is() -> None:
    policies = read(by_category=TABLE + "0205,12345-flat5\n")
    assert policies.book().default.plain.name == "12345-general"


def test_what_is_stored_is_read_back_the_same() -> None:
    policies = read(policy=GUANGDONG, strict=FLAT, by_category=TABLE + "02,strict\n")
    again = read_book(**policies.document())
    assert again.default == policies.book().default
    assert again.by_category == policies.book().by_category


def test_a_whole_packaged_file_may_be_copied_and_changed() -> None:
    text = preset_text().replace('name = "12345-general"', 'name = "本市"', 1)
    policy = read(policy=text).book().default.plain
    assert policy.name == "本市"


# -- what is wrong, and where ----------------------------------------------------------------------

CLAIM = FLAT + "\n[clocks.claim]\n"
LADDER = FLAT + "[ladders]\nshort = [\n"
WRONG: dict[str, tuple[str, int, str, str]] = {
    "an unknown unit": (
        CLAIM + 'limit = "7X"',
        4,
        "clocks.claim.limit.any：时限 '7X' 无法识别",
        "'7X' is no limit; write 7WD (working days)",
    ),
    "a negative limit": (
        FLAT + '[clocks.resolve]\nlimit = {help = "5WD", report = "-2WD"}',
        3,
        "clocks.resolve.limit.report：时限 -2WD 应在 1 至 9999 之间",
        "the limit -2WD must lie between 1 and 9999",
    ),
    "a ladder out of order": (
        LADDER
        + '  {at = "due", do = "remind"},\n  {at = "due + 1WD", do = "remind"},\n'
        + '  {at = "80%", do = "level 1"},\n]',
        6,
        "ladders.short：第 3 级（80%）不晚于第 2 级（due + 1WD）",
        "rung 3 (80%) is no later than rung 2 (due + 1WD)",
    ),
    "levels that do not rise": (
        LADDER + '  {at = "due", do = "level 2"},\n  {at = "due + 1WD", do = "level 1"},\n]',
        5,
        "第 2 级（level 1）没有高于前面的 level 2",
        "rung 2 (level 1) is not above level 2",
    ),
    "a rung that tells nobody known": (
        LADDER
        + '  {at = "due", do = "remind"},\n  {at = "due + 1H", do = "remind", who = ["x"]}\n]',
        5,
        "第 2 级：who 中的 'x' 无法识别",
        "rung 2: 'x' in who is not known",
    ),
    "an unknown event": (
        CLAIM + 'limit = "1WD"\nstops_on = [\n  "claimed",\n  "replid",\n]',
        7,
        "没有事件 'replid'",
        "there is no event 'replid'",
    ),
    "an entry that nobody knows": (
        CLAIM + 'limits = "1WD"',
        4,
        "clocks.claim.limits：多余，请删除",
        "clocks.claim.limits: is unknown, remove it",
    ),
    "at the top too": (FLAT + "\nreveiw = 'all'\n", 3, "reveiw：多余", "reveiw: is unknown"),
    "a bound that there is not": (
        FLAT + "[times]\nredo = 2\nmerging = 1\n",
        4,
        "times：应恰好含有",
        "times: must hold exactly",
    ),
    "a ladder that there is not": (
        CLAIM + 'ladder = "steep"',
        4,
        "没有名为 'steep' 的阶梯",
        "no ladder is called 'steep'",
    ),
    "a new clock that says too little": (
        FLAT + '[clocks.ours]\nladder = "short"\nstarts_on = ["filed"]\n',
        2,
        "clocks.ours.limit.any：缺少",
        "clocks.ours.limit.any: is missing",
    ),
    "dotted keys": (FLAT + 'clocks.claim.limit = "0WD"', 2, "时限 0WD", "the limit 0WD"),
    "a source in one language": (
        FLAT + 'source = "本市"',
        2,
        "source：应形如",
        "source: must be {zh",
    ),
    "an unknown policy": (
        '# ours\nextends = "12345-sichuan"',
        2,
        "没有名为 12345-sichuan 的政策，可用：",
        "there is no policy 12345-sichuan; there are ",
    ),
    "a policy that says nothing": (
        "\n",
        0,
        "ladders：应为一张非空的表",
        "ladders: must be a table",
    ),
    "no TOML": (FLAT + "[clocks.claim\n", 2, "读不懂：", "Unreadable: "),
    "a table twice": (CLAIM + "[clocks.claim]\n", 4, "读不懂：", "Unreadable: "),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_policy_is_refused_with_file_line_and_reason(wrong: str) -> None:
    text, line, zh, en = WRONG[wrong]

    ((file, found, said, said_en),) = faults(policy=text)

    assert (file, found) == ("policy.toml", line)
    assert zh in said
    assert en in said_en


def test_one_that_extends_itself_is_refused_where_it_says_so() -> None:
    ((file, line, zh, en),) = faults(ours='# ours\nextends = "ours"\n')
    assert (file, line) == ("ours.toml", 2)
    assert "政策 ours 继承了自己" in zh
    assert "the policy ours extends itself" in en


def test_a_circle_is_refused_where_it_closes() -> None:
    found = faults(policy='extends = "a"', a='\nextends = "b"', b='\n\nextends = "a"\n')
    assert {(file, line) for file, line, *_ in found} == {("b.toml", 3), ("a.toml", 2)}


def test_a_fault_is_named_where_it_was_written_and_once() -> None:
    """Given three that build on the one that is wrong."""
    found = faults(
        base=CLAIM + 'limit = "3W"\n',
        policy='extends = "base"\n[clocks.claim]\nladder = "default"\n',
        other='extends = "base"\n',
    )
    assert [(file, line) for file, line, *_ in found] == [("base.toml", 4)]


def test_what_a_policy_says_itself_is_its_own_fault() -> None:
    """Given one that builds on another and has the same limit otherwise."""
    found = faults(
        base=CLAIM + 'limit = {help = "1WD", any = "2WD"}\n',
        policy='extends = "base"\n\n\n[clocks.claim]\nlimit = "3W"\n',
    )
    assert [(file, line) for file, line, *_ in found] == [("policy.toml", 5)]


def test_every_wrong_file_is_named_at_once() -> None:
    found = faults(
        policy=CLAIM + 'limit = "3W"', strict="extends = 'none'", by_category=TABLE + "9901,strict"
    )
    assert [(file, line) for file, line, *_ in found] == [
        ("by-category.csv", 2),
        ("policy.toml", 4),
        ("strict.toml", 1),
    ]


def test_a_name_must_be_that_of_the_file() -> None:
    ((file, line, zh, en),) = faults(strict=FLAT + 'name = "12345-flat5"\n')
    assert (file, line) == ("strict.toml", 2)
    assert "name 应与文件名 strict 相同" in zh
    assert "name must be strict" in en


@pytest.mark.parametrize("name", ["12345-flat5", "urgent"])
def test_no_file_may_be_called_as_a_packaged_one(name: str) -> None:
    with pytest.raises(CityError, match=f"{name}.toml:0: {name} 是内置政策") as refused:
        policies_of({f"{name}.toml": FLAT}, CITY)
    assert len(refused.value.faults) == 1


# -- the table --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "line", "zh", "en"),
    [
        ("0205,liuyanban\n9901,liuyanban", 3, "没有分类或领域 9901", "no category or domain 9901"),
        ("99,liuyanban", 2, "没有分类或领域 99", "no category or domain 99"),
        ("205,liuyanban", 2, "Excel 会去掉开头的 0", "dropped a leading 0"),
        ("0205,flat-5", 2, "没有名为 flat-5 的政策", "no policy flat-5"),
        ("0205,urgent", 2, "没有名为 urgent 的政策", "no policy urgent"),
        ("0205,liuyanban\n\n0205,jiesujiban", 4, "0205 在第 2 行已经写过", "on line 2 too"),
        ("0205,", 2, "都要填写", "Fill in both"),
        (",liuyanban", 2, "都要填写", "Fill in both"),
        ("0205,liuyanban,x", 2, "单元格比表头多", "Too many cells"),
        ('"0205', 2, "读不懂", "Unreadable"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(rows: str, line: int, zh: str, en: str) -> None:
    ((file, found, said, said_en), *_) = faults(by_category=TABLE + rows)
    assert (file, found) == ("by-category.csv", line)
    assert zh in said
    assert en in said_en


def test_another_heading_is_refused() -> None:
    ((_, line, zh, _),) = faults(by_category="分类,政策\n0205,liuyanban")
    assert (line, zh) == (1, "表头应是：category,policy。")


def test_without_a_city_categories_are_not_looked_up() -> None:
    files = {"by-category.csv": TABLE + "9901,liuyanban"}
    assert policies_of(files).by_category == {"9901": "liuyanban"}


def test_more_than_an_item_of_the_table_holds_is_refused() -> None:
    whole = preset_text().replace('name = "12345-general"\n', "", 1)
    copies = {f"copy-{n}.toml": whole for n in range(LARGEST // len(whole) * 3)}
    with pytest.raises(CityError, match="请用 extends"):
        policies_of(copies, CITY)


# -- directories ------------------------------------------------------------------------------------


def test_a_directory_is_read_with_byte_order_marks_and_line_ends_of_windows(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_bytes(
        b"\xef\xbb\xbf" + GUANGDONG.encode() + b"spread='none'\r\n"
    )
    (tmp_path / "by-category.csv").write_bytes(b"\xef\xbb\xbfcategory,policy\r\n0205,liuyanban\r\n")
    (tmp_path / "README.md").write_text("notes", "utf-8")

    policies = policies_of(read_policies(tmp_path), CITY)

    assert policies.own == {"extends": "12345-guangdong", "spread": "none"}
    assert policies.by_category == {"0205": "liuyanban"}


def test_in_a_citys_directory_they_stand_in_a_folder_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "categories.csv").touch()
    (tmp_path / "cases.toml").touch()
    assert read_policies(tmp_path) == {}

    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "policy.toml").write_text(GUANGDONG, "utf-8")
    assert read_policies(tmp_path) == {"policy.toml": GUANGDONG}


def test_a_table_of_another_name_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(GUANGDONG, "utf-8")
    (tmp_path / "by_category.csv").write_text(TABLE, "utf-8")
    with pytest.raises(CityError, match=r"by_category.csv:0: .*对应表应叫 by-category.csv"):
        policies_of(read_policies(tmp_path))


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_bytes('source.zh = "本市"'.encode("gb18030"))
    with pytest.raises(CityError, match=r"policy.toml:0: 不是 UTF-8"):
        read_policies(tmp_path)
