"""`lianxin duplicates`: which messages of a file say the same, whatever the file is like."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from infra.cli.duplicates import run
from infra.cli.saying import ROOT, Stop
from infra.duplicates.pairs import ALL_PAIRS, find_pairs
from infra.duplicates.rows import Row

BOARD = ROOT.parent / "shared" / "data" / "messages" / "board_messages.csv"
CELLAR = (
    "荷风社区三号楼前的地下车库从上个月起积水，最深处没过脚踝，物业说等排水泵到货，"
    "可是问了三次都没有准信。昨晚又下了一场雨，两辆电动车泡坏了，老人不敢从那里走。"
)
MARKET = "菜市场西门的摊位每天收摊后不清扫，烂菜叶堆在路边，雨天一踩一滑，请安排人打扫。"
HEADER = "id,title,body\n"
Pairs = dict[tuple[str, str], float]


def compared(tmp_path: Path, text: str | bytes, least: float = 0.75) -> Pairs:
    source, target = tmp_path / "in.csv", tmp_path / "pairs.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    run(source, target, least)
    return read(target)


def read(target: Path) -> Pairs:
    with target.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == ["id_a", "id_b", "score"]
    return {(a, b): float(score) for a, b, score in lines}


# -- what is found ----------------------------------------------------------------------------


def test_same_bodies_and_near_copies_are_paired_in_the_order_of_the_file(tmp_path: Path) -> None:
    pairs = compared(
        tmp_path,
        HEADER
        + f"b1,车库积水,{CELLAR}\nm1,打扫,{MARKET}\na2,地下车库,{CELLAR}\n"
        + f"c3,,尊敬的领导您好！{CELLAR.replace('三次', '五次')}谢谢！\n",
    )

    assert set(pairs) == {("b1", "a2"), ("b1", "c3"), ("a2", "c3")}
    assert pairs["b1", "a2"] == 1.0
    assert 0.9 < pairs["b1", "c3"] < 1.0


def test_the_same_few_words_are_paired_too_and_say_how_little_that_is(tmp_path: Path) -> None:
    text = "id,title,body,area\n1,,路灯不亮,北区\n2,,路灯不亮,南区\n3,,路灯不亮,北区\n"
    pairs = compared(tmp_path, text)

    assert set(pairs) == {("1", "2"), ("1", "3"), ("2", "3")}
    assert pairs["1", "2"] < pairs["1", "3"] < 0.75


def test_blanks_width_and_traditional_characters_make_no_other_body(tmp_path: Path) -> None:
    pairs = compared(
        tmp_path, HEADER + '1,,"路燈 壞了,修一修"\n2,,路灯坏了，修一修\n3,,👍👍\n4,,👍👍\n'
    )

    assert set(pairs) == {("1", "2"), ("3", "4")}


def test_a_copy_about_another_area_is_a_form_that_many_use(tmp_path: Path) -> None:
    near = CELLAR.replace("荷风社区三号楼", "老砖社区九号楼")
    rows = f"1,,{CELLAR},南区\n2,,{near},北区\n3,,{near},南区\n"
    pairs = compared(tmp_path, "id,title,body,area\n" + rows)

    assert ("1", "2") not in pairs
    assert ("1", "3") in pairs


@pytest.mark.parametrize(
    "written", ["2019/2/28 11:25:05", "2019-02-28 11:25:05", "2019-02-28T03:25Z"]
)
def test_times_are_read_as_boards_write_them(tmp_path: Path, written: str) -> None:
    header = "id,title,body,area,time\n"
    late = compared(tmp_path, header + f"1,,路灯不亮,北区,{written}\n2,,路灯不亮,北区,2018-01-01\n")
    soon = compared(tmp_path, header + f"1,,路灯不亮,北区,{written}\n2,,路灯不亮,北区,2019-03-01\n")

    assert late["1", "2"] < soon["1", "2"]


def test_of_a_huge_group_a_chain_is_named_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = ALL_PAIRS + 1
    pairs = compared(tmp_path, HEADER + "".join(f"{n},,{MARKET}\n" for n in range(many)))

    assert set(pairs) == {(str(n), str(n + 1)) for n in range(many - 1)}
    assert f"{many} 条内容相同" in capsys.readouterr().out


# -- bad files --------------------------------------------------------------------------------


def test_a_file_in_gbk_or_with_a_bom_is_read(tmp_path: Path) -> None:
    text = HEADER + f"1,,{MARKET}\n2,,{MARKET}\n"

    assert set(compared(tmp_path, text.encode("gbk"))) == {("1", "2")}
    assert set(compared(tmp_path, text.encode("utf-8-sig"))) == {("1", "2")}


def test_broken_rows_are_passed_over_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"1,,{MARKET}\nshort\n2,,too,many\n,,no id\n3,,\n1,again,{MARKET}\n4,,{MARKET}\n"

    assert set(compared(tmp_path, HEADER + text)) == {("1", "4")}
    said = capsys.readouterr().out
    assert "too few or too many cells, passed over │ 2" in " ".join(said.split())
    for why in ("没有编号的行", "没有正文的行", "编号重复的行"):
        assert why in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id,title\n1,x\n", "缺少列：body"),
        ("", "缺少列：id, title, body"),
        (b"\xff\xfe\x00\x81", "既不是 UTF-8，也不是 GB18030"),
        (HEADER + '1,,"never closed\n2,,x\n', "不是有效的 CSV"),
    ],
    ids=["no body", "empty", "binary", "open quote"],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_written(
    tmp_path: Path, text: str | bytes, sentence: str
) -> None:
    with pytest.raises(Stop, match=sentence) as refused:
        compared(tmp_path, text)

    assert refused.value.code == 2
    assert not (tmp_path / "pairs.csv").exists()


def test_no_file_no_directory_and_the_input_itself_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    with pytest.raises(Stop, match="没有文件"):
        run(source, tmp_path / "out.csv", 0.75)
    source.write_text(HEADER)
    with pytest.raises(Stop, match="没有文件夹"):
        run(source, tmp_path / "nowhere" / "out.csv", 0.75)
    with pytest.raises(Stop, match="不能覆盖输入"):
        run(source, source, 0.75)


def test_a_file_without_messages_has_no_pairs(tmp_path: Path) -> None:
    assert compared(tmp_path, HEADER) == {}


# -- real messages ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def board() -> list[Row]:
    if not BOARD.is_file():
        pytest.skip("the real messages (../shared/data) are not here")
    with BOARD.open(encoding="utf-8-sig", newline="") as file:
        return [Row(r["id"], r["title"], r["body"]) for r in csv.DictReader(file)][:2_000]


def test_of_real_messages_all_same_bodies_and_nearly_all_near_copies_are_found(
    board: list[Row],
) -> None:
    """Near copies: three quarters of the shingles (cosine), by comparing all with all."""
    found = {(pair.a, pair.b) for pair in find_pairs(board, 0.75, by_place=False).pairs}

    bodies: dict[str, list[str]] = defaultdict(list)
    for row in board:
        bodies["".join(row.body.split())].append(row.id)
    same = {(a, b) for ids in bodies.values() for i, a in enumerate(ids) for b in ids[i + 1 :]}
    near = all_near_copies(board, 0.75)
    assert same <= found
    assert len(near & found) >= 0.95 * len(near)
    assert len(found & (near | same)) >= 0.95 * len(found)


def all_near_copies(rows: list[Row], least: float) -> set[tuple[str, str]]:
    """Counted shingle by shingle, without signatures."""
    from collections import Counter

    from casework.routing.signing import shingles

    said = [shingles(row.title, row.body) for row in rows]
    where: dict[str, list[int]] = defaultdict(list)
    near = set()
    for place, ours in enumerate(said):
        common = Counter(other for shingle in ours for other in where[shingle])
        for other, count in common.items():
            if count >= least * (len(ours) * len(said[other])) ** 0.5:
                near.add((rows[other].id, rows[place].id))
        for shingle in ours:
            where[shingle].append(place)
    return near
