"""How urgent a text is: a threat to life, a utility that is out now, or neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.routing.urgency import guess_urgency, utility_out


@pytest.mark.parametrize(
    "text",
    [
        "整栋楼现在停水了，老人没法做饭。",
        "昨天晚上自来水就停了，到现在还没来。",
        "停电三个小时了，打电话没人接。",
        "我家停水了",
        "我家停电",
        "暖气停了两天了，孩子冻病了。",
        "停电六个小时了，至今还没有恢复供电，冰箱里的药要冷藏，打了三个电话都说在抢修，请给一个准确的时间。",
        "物业说已恢复供水，可是我们这栋到现在还停水，十二楼的老人提着桶下楼接水，请派人上门看看到底怎么回事。",
        "我們這裡現在停電了",
        "The whole street has no water since last night.",
        "Power cut for five hours now",
    ],
)
def test_a_utility_that_is_out_now_is_urgent(text: str) -> None:
    assert utility_out("", text)
    assert guess_urgency("", text) == "utilities"


@pytest.mark.parametrize(
    "text",
    [
        "这里经常停水，请改造管网，谢谢你们多年来的关心和支持，希望能有一个明确的答复。",
        "停电通知贴得太晚了，今后请提前三天告诉居民，谢谢你们的工作，期待改进。",
        "停气改造什么时候收费？想咨询一下具体的标准和办理的流程，需要准备哪些材料。",
        "电梯停了三天了，物业一直说在等配件，老人上下楼非常不方便，请帮忙催一下。",
        "请把车停水果店门口的位置划出来",
        "昨天停水一天，今天已经恢复供水，请问是什么原因？想知道以后遇到这样的情况应该先找哪一家单位，谢谢。",
        "断电以后今天来电了，谢谢抢修的师傅们，大热天在外面忙了整整一个下午，请转达我们全楼的感谢。",
        "现在小区没停水也没停电，只是水压太低，六楼的住户洗澡要等到半夜，请派人看一看增压泵是不是该换了。",
        "今天我去交电费，营业厅没电子发票可以开，来回跑了两趟，能不能在网上直接下载，不要让老百姓白跑。",
        "目前小区没水表箱，水表露在外面，冬天容易冻，抄表的师傅也不方便，请考虑给我们统一装上水表箱。",
        "自来水公司门口今天有人把车停水泥墩旁边，把整个人行道都挡住了，推婴儿车的只能绕到马路中间去走。",
        "There is often no water in summer; when will the pipes be renewed?",
        "",
        "😀😀",
    ],
)
def test_what_is_planned_standing_or_something_else_is_not(text: str) -> None:
    assert not utility_out("", text)


def test_the_title_alone_can_say_it() -> None:
    assert utility_out("小区停水两天了", "")


def test_a_threat_to_life_comes_first() -> None:
    assert guess_urgency("停电", "停电三个小时了，楼里着火了，有人被困！") == "life_and_safety"


@given(st.text(max_size=60), st.text(max_size=400))
def test_any_text_has_an_urgency(title: str, body: str) -> None:
    assert guess_urgency(title, body) in ("life_and_safety", "utilities", "ordinary")


def test_five_thousand_characters_are_read_in_no_time_to_speak_of() -> None:
    """Nothing in the patterns may run away; the figure is a guard against that, not a measurement."""
    import time

    began = time.perf_counter()
    utility_out("停" * 200, "停水连续二" * 1000)
    for number in ("1", "一"):
        utility_out("", "停水" + number * 4998)
    assert time.perf_counter() - began < 0.25
