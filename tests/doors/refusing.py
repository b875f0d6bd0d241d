"""What every refusal has in common, whoever is refused and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.doors.driving import Answer, Api

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def refused(
    api: Api,
    method: str,
    path: str,
    status: int,
    code: str,
    pointers: Sequence[str] | None = None,
    **how: Any,
) -> Answer:
    """Send it in both languages: each time it is refused, said well, and nothing is stored.

    `pointers` are those of the faulty fields, in their order. Gives the Chinese answer.
    """
    before = api.stored()
    send = api.get if method == "GET" else api.post
    chinese = send(path, language="zh-CN,zh;q=0.9", **how)
    english = send(path, language="en-GB", **how)
    for answer, language in ((chinese, "zh-CN"), (english, "en")):
        _well_said(answer, status, code, pointers, language)
    assert api.stored() == before, "a refused request left something behind"
    return chinese


def _well_said(
    answer: Answer, status: int, code: str, pointers: Sequence[str] | None, language: str
) -> None:
    problem = answer.body
    assert (answer.status, problem["code"]) == (status, code), answer.text
    assert problem["type"] == f"urn:lianxin:problem:{code}"
    assert problem["status"] == status
    assert answer.headers["Content-Language"] == language
    faults = problem.get("errors", [])
    for words in (problem["title"], problem["detail"], *(fault["detail"] for fault in faults)):
        assert words
        assert bool(_CHINESE.search(words)) == (language == "zh-CN"), words
        assert "{" not in words.replace("{…}", ""), f"a place was left unfilled: {words}"
    if pointers is not None:
        assert [fault["pointer"] for fault in faults] == list(pointers)
