"""Invented letters to a city, of three matters, as many as a test wants: our own writing."""

from __future__ import annotations

from itertools import product

from infra.training.examples import Example

_PLACES = ("幸福巷", "东风里", "柳荫街", "建设桥", "光明坊", "望江路", "石榴园", "北门口")
_MATTERS = {
    "交通": (
        ("公交车半小时不来", "早上挤不上公交车，班次太少，请增开一班。"),
        ("红绿灯时间太短", "过马路绿灯只有十秒，老人走不完斑马线。"),
        ("出租车拒载", "出租车司机一听路程近就拒载，还绕路多收钱。"),
        ("路口停车混乱", "路口两边乱停车，公交车转不过弯，堵成一团。"),
    ),
    "教育": (
        ("小学报名问题", "孩子九月上小学，报名要哪些材料，学区怎么分？"),
        ("老师有偿补课", "班主任周末在家办补习班，不去的学生坐后排。"),
        ("幼儿园收费", "幼儿园这学期多收了兴趣班的费用，没有通知家长。"),
        ("学校食堂饭菜差", "学校食堂的饭菜又冷又少，学生回家都喊饿。"),
    ),
    "环境": (
        ("河水发臭", "河里漂着死鱼，工厂夜里偷排污水，臭味很大。"),
        ("烧烤油烟扰民", "楼下烧烤摊油烟直冲窗户，噪声到半夜。"),
        ("工地扬尘", "工地运土不盖篷布，尘土满天，空气污染严重。"),
        ("垃圾没人清运", "垃圾堆了三天，苍蝇乱飞，污水流到路面。"),
    ),
}


def letters() -> list[Example]:
    """Ninety-six letters: each matter at each place, so that none is another's near-duplicate."""
    found = []
    for label, matters in _MATTERS.items():
        for number, (place, (title, body)) in enumerate(product(_PLACES, matters)):
            text = f"{place}{'的居民反映' * (number % 2)}，{body}住在{place}{number + 1}号，{_turned(body, number)}"
            found.append(Example(f"{place}{title}" if number % 3 else "", text, label))
    return found


def _turned(body: str, number: int) -> str:
    """The body's pieces in another order: the same matter in other sentences."""
    pieces = body.strip("。？").split("，")
    turn = number % len(pieces)
    return "，".join(pieces[turn:] + pieces[:turn]) + "。"
