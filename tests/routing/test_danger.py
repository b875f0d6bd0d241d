"""Which texts ring the duty desk: what people write when somebody is in danger, and what not."""

from __future__ import annotations

import re
import unicodedata
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.routing.danger import dangers
from casework.routing.danger_words import HARMLESS, SIGNS
from casework.routing.folding import folded
from casework.routing.traditional import SIMPLIFIED, TRADITIONAL

RINGS = {
    # 自伤
    "再不给我解决，我就从这栋楼上跳下去，跳楼给你们看": "self_harm",
    "我真的不想活了": "self_harm",
    "邻居在群里发了遗书，联系不上人": "self_harm",
    "担心他会自杀，请快派人去看看": "self_harm",
    "欠的钱要不回来，活着没意思，昨晚喝了农药被救回来": "self_harm",
    "有人站在楼顶边缘，已经半个小时了": "self_harm",
    "去年我就割腕过一次，现在又控制不住了": "self_harm",
    "不处理就同归于尽": "self_harm violence",
    "I can't take it any more, I want to die.": "self_harm",
    "My neighbour says she will kill herself tonight": "self_harm",
    "If nobody helps me I will end my life": "self_harm",
    # 暴力
    "楼下有人持刀追人": "violence",
    "隔壁男的又在殴打他老婆，求你们快来": "violence",
    "他扬言要杀我全家": "violence",
    "保安把业主打伤了，还不让走": "violence",
    "我被前夫家暴，现在躲在厕所里": "violence",
    "夜市门口打架了，有人流血": "violence",
    "他拿着菜刀堵在我家门口": "violence",
    "工头威胁说谁去告就打断谁的腿": "violence",
    "There is a man with a knife outside the school": "violence",
    "My husband beats me every night": "violence",
    "He threatened to kill me if I complain": "violence",
    # 险情
    "三号楼着火了，楼道全是烟": "hazard",
    "厨房有很重的煤气味，打了燃气公司电话没人接": "hazard",
    "小区门口的燃气泄漏，一直在响": "hazard",
    "电梯里困人了，里面有个老人": "hazard",
    "我们被困在电梯里一个小时": "hazard",
    "主水管爆裂，水已经漫进一楼": "hazard",
    "路边高压线断了，掉在人行道上": "hazard",
    "围墙随时会倒塌，学生天天从下面走": "hazard",
    "墙已经塌了，下面可能压住了人": "hazard",
    "变压器爆炸，整条街停电": "hazard",
    "有人掉下井里，井盖早就没了": "hazard",
    "电线裸露在外，担心小孩碰到": "hazard",
    "一位老人晕倒在公交站，没有呼吸了": "hazard",
    "正在发生火灾，在老街27号": "hazard",
    "山体滑坡把路埋了，后面还有车": "hazard",
    "好几个人食物中毒，都在吐": "hazard",
    "There is a strong smell of gas in the corridor": "hazard",
    "The warehouse is on fire": "hazard",
    "A wall collapsed and two people are trapped": "hazard",
    "Live wires are lying on the pavement": "hazard",
    # 未成年人
    "我家孩子放学后不见了，到现在没回来": "minor",
    "小区里捡到一个弃婴": "minor",
    "女儿在学校被同学欺凌，不敢去上学": "minor",
    "车里锁着一个小孩，孩子被反锁在车内": "minor",
    "楼上天天打孩子，孩子被打得哭喊": "minor violence",
    "有小孩落水了，快来人": "hazard minor",
    "A child is locked in a car in the sun": "minor",
    "My son is missing since yesterday": "minor",
    # 群体
    "工地上百名工人聚集，说再不发工资就去堵路": "group",
    "几百人围堵售楼部，情绪激动": "group",
    "村民把路堵了，拉横幅要说法": "group",
    "出租车司机罢运了": "group",
    "我们全体工人明天到政府门口讨薪": "group",
    "业主们准备集体上访": "group",
    "Hundreds of workers are blocking the gate over unpaid wages": "group",
    "The drivers are on strike and blocking the road": "group",
    # 几样一起
    "工人爬上塔吊要跳楼，下面围了几百人聚集": "self_harm group",
    "他把汽油泼了一地，说要泼汽油烧死我们，屋里已经着火了": "violence hazard",
}

SILENT = (
    # 没有发生
    "昨天的事没有人被打伤，请放心",
    "没有发生火灾，只是冒了点水汽",
    "幸好无人被困",
    "他没有打人，是我误会了",
    "并未发生爆炸，只是放炮的声音",
    "没有人自杀，是谣言",
    "Nobody was trapped and nothing was on display",
    "The house is not on fire",
    # 夸张的话
    "气死我了，停车费又涨",
    "热死了，公交车不开空调",
    "吵死人了，天天半夜装修",
    "笑死，这也叫整改",
    "排队等到要命",
    "价格太高，简直是抢钱",
    "这房价真让人想死守着出租屋",
    "This is killing my patience",
    "I am dying to know when the metro opens",
    "I was fired last week and need advice on the contract",
    # 名称和合成词
    "消防通道被占用，请清理",
    "楼道的防火门坏了",
    "火车站的出租车太少",
    "火灾报警器总是误报",
    "商场跳楼价促销，噪音很大",
    "游乐园的跳楼机什么时候开",
    "师傅，墙上吊顶怎么收费",
    "营业执照马上吊销了，能恢复吗",
    "不想活动改期，请说明原因",
    "我被打扰得睡不好",
    "电话总是被打断",
    "家里的漏电保护器要换",
    "我的个人信息泄露了",
    "这门课的知识爆炸式增长",
    "贫困人口怎么认定",
    "路灯杆上的落水管松了",
    "外地旅游行程取消，旅行社不退钱",
    "天天堵在拥堵路段",
    "请问怎么报名儿童舞蹈班",
    "孩子上幼儿园要什么材料",
    "孩子的学位没有了，怎么办",
    "学生宿舍没有热水",
    "刀具店占道经营",
    "请问带刀鞘的工艺品能寄吗",
    "The fire station siren is too loud",
    "The fire door in block 3 does not close",
    "The strike price of the bond is unclear",
    # 只是想到
    "充电桩离窗太近，担心会着火",
    "电线太乱，容易引发火灾",
    "万一爆炸后果不堪设想",
    "存在火灾隐患，请排查",
    "这里有坍塌的风险，请评估",
    "要是燃气泄漏怎么办",
    "楼道堆物一旦起火谁负责",
    "请开展火灾预防宣传",
    "If it explodes, who is responsible?",
    "It could cause an explosion one day",
    # 早已过去
    "前年发生火灾以后，楼里装了喷淋",
    "我们村曾发生过斗殴，现在好多了",
    "去年水管爆裂，赔偿还没到",
    "Years ago the roof collapsed, when will it be rebuilt",
    # 平常事
    "路灯坏了，晚上看不见",
    "小区垃圾三天没人收",
    "几百户居民用水压力不足",
    "聚集区的垃圾桶太少",
    "咨询小孩入学需要什么材料",
    "建议公园增加儿童设施",
    "谢谢你们，电梯修好了",
    "The street light is broken",
)


def kinds(names: str) -> frozenset[str]:
    return frozenset(names.split())


@pytest.mark.parametrize("text", RINGS)
def test_danger_rings(text: str) -> None:
    assert dangers(text) == kinds(RINGS[text])


@pytest.mark.parametrize("text", SILENT)
def test_what_only_sounds_like_danger_does_not_ring(text: str) -> None:
    assert dangers(text) == frozenset()


def test_nothing_is_no_danger() -> None:
    assert dangers("") == dangers("火") == dangers("。。。") == frozenset()


# -- doubt --------------------------------------------------------------------------------


def test_a_fear_silences_what_is_only_feared_and_not_what_is_smelt() -> None:
    assert dangers("担心爆炸") == frozenset()
    assert dangers("厨房有煤气味，担心爆炸") == {"hazard"}


def test_what_is_about_to_happen_is_no_mere_thought() -> None:
    assert dangers("可能坍塌") == frozenset()
    assert dangers("正在坍塌，可能压到人") == {"hazard"}


def test_the_past_silences_everything_but_a_danger_to_oneself() -> None:
    assert dangers("去年被打过") == frozenset()
    assert dangers("去年自杀过") == {"self_harm"}


def test_a_denial_holds_for_its_own_clause_only() -> None:
    assert dangers("没有人受伤，但是房子着火了") == {"hazard"}
    assert dangers("没人管，他还在打人") == {"violence"}


def test_one_of_several_mentions_is_enough() -> None:
    assert dangers("上次没有着火。这次着火了") == {"hazard"}


# -- every text ---------------------------------------------------------------------------

alarming = st.sampled_from(sorted(RINGS))
quiet = st.sampled_from(sorted(SILENT))


@given(alarm=alarming, before=quiet, after=quiet)
def test_harmless_sentences_around_an_alarm_never_silence_it(
    alarm: str, before: str, after: str
) -> None:
    assert dangers(f"{before}。{alarm}。{after}") == kinds(RINGS[alarm])


@given(alarm=alarming, before=st.text(max_size=60), after=st.text(max_size=60))
def test_nothing_that_can_be_written_before_or_after_an_alarm_silences_it(
    alarm: str, before: str, after: str
) -> None:
    assert dangers(f"{before}。{alarm}。{after}") >= kinds(RINGS[alarm])


@given(alarm=alarming, data=st.data(), line_break=st.sampled_from(["\n", "\r\n", " \n\t"]))
def test_line_breaks_do_not_matter(alarm: str, data: st.DataObject, line_break: str) -> None:
    """Given one where a phone's keyboard wrapped the line: anywhere in Chinese, at a blank else."""
    if alarm.isascii():
        broken = alarm.replace(" ", line_break)
    else:
        at = data.draw(st.integers(1, len(alarm) - 1))
        broken = alarm[:at] + line_break + alarm[at:]

    assert dangers(broken) == dangers(alarm)


@given(text=alarming | quiet)
def test_full_width_traditional_and_capital_letters_do_not_matter(text: str) -> None:
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
    traditional = text.translate(str.maketrans(SIMPLIFIED, TRADITIONAL))

    assert dangers(wide) == dangers(traditional) == dangers(text.upper()) == dangers(text)


@given(st.text(max_size=300) | st.text("，。！（Ａ＂乾㎡ﬁ…漢\u0338゙か <", max_size=30))
def test_a_text_is_folded_as_if_every_character_were_normalized(text: str) -> None:
    simpler = str.maketrans(TRADITIONAL, SIMPLIFIED)
    expected = unicodedata.normalize("NFKC", text).casefold().translate(simpler)

    assert folded(text) == re.sub(r"(?<=[㐀-鿿])[ \t]+(?=[㐀-鿿])", "", expected)


def test_blanks_between_characters_do_not_matter() -> None:
    assert dangers("不 想 活 了") == {"self_harm"}
    assert dangers("ｇａｓ　ｌｅａｋ") == {"hazard"}


@pytest.mark.parametrize(
    "unit",
    [
        "自杀",
        "没有着火",
        "跳楼价",
        "刀",
        "孩子",
        "孩子没有被打",
        "没",
        "没有发生",
        "，",
        "。",
        "\n",
        " ",
        "a",
        "not on fire ",
        "if ",
        "会引发",
        "担心着火",
        "几百人",
        "\r\n\r\n",
        "．",
        "’",
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    """Given 5000 characters made to be searched again and again; a slow machine forgiven."""
    text = (unit * 5000)[:5000]
    dangers(text)  # what is worked out once is not what is measured

    start = perf_counter()
    dangers(text)

    assert perf_counter() - start < 0.25


# -- the lists ----------------------------------------------------------------------------


def test_each_harmless_word_takes_the_danger_out_of_a_word_of_danger() -> None:
    words = {word for sign in SIGNS for word in (*sign.words, *sign.near)}
    idle = [one for one in HARMLESS if not any(word in one and word != one for word in words)]

    assert not idle


def test_every_word_is_in_the_spelling_in_which_it_is_looked_for() -> None:
    words = [word for sign in SIGNS for word in (*sign.words, *sign.near)]

    assert [one for one in (*words, *HARMLESS) if folded(one) != one] == []


def test_a_single_character_is_no_danger_without_another_word_near_by() -> None:
    """And a sign of two parts says how near they must be."""
    assert all(sign.near or len(word) > 1 for sign in SIGNS for word in sign.words)
    assert all(bool(sign.near) == bool(sign.after or sign.before) for sign in SIGNS)
