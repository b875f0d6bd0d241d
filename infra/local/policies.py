"""Policies for the running city: what `lianxin policy load` puts there."""

from __future__ import annotations

import json

from casework import runtime
from casework.catalogue.tables import CityError
from casework.clock.words import ClockError
from casework.policies import enter
from casework.store.table import Taken

FAULTY = ("政策有错，现有政策不变；请逐条改正：", "The policies have faults; those in force stay:")
"""Before the faults of policy files."""


def entered(name: str, body: bytes) -> tuple[int, object]:
    """Enter policies, texts by file name: 200 and which count for what, or why nothing has changed."""
    world = runtime.world()
    try:
        texts = json.loads(body)
        if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
            raise ValueError("it must be an object of texts")
        found = enter(
            texts,
            world.settings_table,
            world.environment.get("CITY_TZ", "Asia/Shanghai"),
            world.clock(),
            world.service.store,
        )
    except CityError as faults:
        return 422, {"zh": FAULTY[0], "en": f"{FAULTY[1]}\n{faults}"}
    except ClockError as fault:
        return 422, {"zh": fault.words.zh, "en": fault.words.en}
    except ValueError as fault:
        return 400, {"zh": "不是政策文件的 JSON。", "en": f"It is no JSON of policies: {fault}"}
    except Taken:
        zh, en = "有人同时在录入政策，请再运行一次。", "Somebody enters policies too; run it again."
        return 409, {"zh": zh, "en": en}
    return 200, found.shown()
