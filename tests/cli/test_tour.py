"""The front page's own words are true: its curl lines, run by a shell, take a case to its end."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import urllib.request

import pytest

from infra.local.city import LocalCity
from infra.local.tour import PEOPLE


def page(city: LocalCity, path: str) -> str:
    with urllib.request.urlopen(f"{city.url}{path}", timeout=30) as answer:
        text: str = answer.read().decode()
    return text


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("sh")), reason="needs curl and sh")
def test_the_curl_lines_take_a_case_from_filing_to_its_close(empty_city: LocalCity) -> None:
    steps = page(empty_city, "/").partition('id="try"')[2].partition("<h3>")[0]
    lines = [html.unescape(one) for one in re.findall(r"<pre[^>]*>(.*?)</pre>", steps, re.DOTALL)]
    # the stack needs a moment to dispatch what was filed
    script = "\n".join(f"{line}\necho; sleep 0.7" for line in lines)

    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, timeout=90, check=True
    )

    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(answers) == len(lines) - 1  # the first one sets tokens and says nothing
    assert answers[0]["status"] == "SUBMITTED"
    assert answers[-1]["status"] == "CLOSED"
    refused = [one for one in answers if one.get("code")]
    assert [one["code"] for one in refused] in ([], ["state"])  # a reply not drawn for review


def test_there_is_a_token_for_every_role_that_can_sign_in(empty_city: LocalCity) -> None:
    script = page(empty_city, "/tokens.sh")

    assert [line.split("=")[0] for line in script.splitlines()] == [f"export {n}" for n in PEOPLE]
    assert len({who.role for who, _, _ in PEOPLE.values()}) == len(PEOPLE) == 11


@pytest.mark.parametrize("path", ["/docs", "/docs/en"])
def test_the_reference_is_rendered_from_the_contract(empty_city: LocalCity, path: str) -> None:
    shown = re.sub(r"<[^>]+>", "", page(empty_city, path))

    assert "/v1/cases/{case_number}/rating" in shown
