"""Why the machine dispatched as it did: staff read it in words, the citizen does not."""

from __future__ import annotations

import pytest

from casework.dispatching import Dispatcher
from casework.views.cases import citizen_case, desk_case
from casework.views.timeline import timeline
from casework.words import Language
from tests.support.soundness import sound
from tests.support.stories import SUPERVISOR, file
from tests.support.world import CITIZEN, MemoryWorld

PLAIN = "楼下餐馆的油烟直接排到我家窗口，没有装净化设备，环保部门来过一次没有改变。"
UNCLEAR = "我们这一片的情况反映了好几次，电话里也说不清楚，希望有人来现场看看再说该找谁。"


def routed(text: str) -> tuple[MemoryWorld, str]:
    world = MemoryWorld()
    number = file(world.service, text=text).number
    Dispatcher(world.service).route(number)
    return world, number


def reasons(text: str, language: Language) -> list[str]:
    world, number = routed(text)
    entries = timeline(sound(world.service, number), world.rules, language, desk=True)
    return [reason for entry in entries for reason in entry.reasons]


def test_a_dispatch_says_words_rule_confidence_and_runner_up() -> None:
    words, rule, sure, *others = reasons(PLAIN, "zh-CN")
    assert words.startswith("词语：") and "油烟" in words
    assert rule == "依据：0505 @ * → shengtai" or rule.startswith("依据：0505")
    assert sure.startswith("把握：0.") or sure == "把握：1.00"
    assert all(other.startswith("其次：") for other in others)
    assert reasons(PLAIN, "en")[0].startswith("Words: ")


def test_what_is_left_to_a_person_says_so_with_the_guesses() -> None:
    doubt, *rest = reasons(UNCLEAR, "zh-CN")
    assert doubt == "把握不足，由人派单"
    assert [one for one in rest if one.startswith("可能：")]
    assert len([one for one in rest if one.startswith("可能：")]) <= 3


@pytest.mark.parametrize("text", [PLAIN, UNCLEAR])
def test_the_citizen_reads_none_of_it(text: str) -> None:
    world, number = routed(text)
    dossier, now = sound(world.service, number), world.now()
    shown = citizen_case(dossier, CITIZEN, world.rules, "zh-CN", now)
    assert not [entry for entry in shown.timeline if entry.reasons]
    assert [
        entry
        for entry in desk_case(dossier, {}, SUPERVISOR, world.rules, "zh-CN", now).timeline
        if entry.reasons
    ]
