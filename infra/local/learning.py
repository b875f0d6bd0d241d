"""The running city's lessons and its model: what `lianxin routing learn --port` asks for and puts."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict

from casework import runtime
from casework.learning import lessons
from casework.routing.artefact import ModelError
from casework.store.models import Models
from casework.store.table import Taken


def given(name: str, body: bytes) -> tuple[int, object]:
    """What people decided, with the texts. Asked for by PUT, which no web page elsewhere can."""
    world = runtime.world()
    found = lessons(world.service.store, world.service.rules(), world.clock())
    return 200, {"lessons": [asdict(lesson) for lesson in found]}


def entered(name: str, body: bytes) -> tuple[int, object]:
    """Put a model in force, `{"model": <base64>}`, or forget the one that is, `{"forget": true}`."""
    models = Models(runtime.world().settings_table)
    try:
        document = json.loads(body)
        if document.get("forget") is True:
            return 200, {"changed": models.forget()}
        return 200, {"version": models.put(base64.b64decode(document["model"], validate=True))}
    except ModelError as fault:
        return 422, {"zh": fault.zh, "en": fault.en}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        return 400, {"zh": "不是模型的 JSON。", "en": f"It is no JSON of a model: {fault!r}"}
    except Taken:
        zh, en = "有人同时在换模型，请再运行一次。", "Somebody changes the model too; run it again."
        return 409, {"zh": zh, "en": en}
