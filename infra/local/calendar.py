"""A year's calendar for the running city: what `lianxin calendar import` puts there."""

from __future__ import annotations

import json

from casework import runtime
from casework.calendars import enter
from casework.clock.words import CalendarError
from casework.store.table import Taken


def entered(name: str, body: bytes, *, again: bool = False) -> tuple[int, object]:
    """Enter the year of a file: 200 and what it changes, or why nothing has changed."""
    world = runtime.world()
    try:
        year = enter(
            json.loads(body),
            name,
            world.settings_table,
            world.environment.get("CITY_TZ", "Asia/Shanghai"),
            world.service.store,
            provisional_again=again,
        )
    except CalendarError as fault:
        return 422, {"zh": fault.words.zh, "en": fault.words.en}
    except ValueError as fault:
        return 400, {"zh": "不是有效的 JSON。", "en": f"It is no valid JSON: {fault}"}
    except Taken:
        zh, en = (
            "有人同时在录入这一年，请再运行一次。",
            "Somebody enters this year too; run it again.",
        )
        return 409, {"zh": zh, "en": en}
    return 200, year.shown()
