"""The API reference page: all that the document says, in one language, without help from outside."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest

from casework.edge.refusals import SENTENCES
from casework.words import LANGUAGES, Language
from infra import contracts
from infra.local.reference import PAGES, reference_html

VOID = {"meta", "br", "wbr", "link", "img", "hr", "input"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
URL = "http://127.0.0.1:8095"


class Page(HTMLParser):
    """What is in a page: its ids, links, texts outside of examples, and whether tags pair up."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag in ("script", "link", "img", "iframe") or "src" in given:
            self.loaded.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"pre", "style", "code"} & set(self._open) and data.strip():
            self.words.append(data.strip())


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = contracts.documents()["openapi.json"]
    return made


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


def test_every_operation_shape_and_code_stands_on_the_page(
    document: dict[str, Any], language: Language
) -> None:
    page = Page(reference_html(document, language, URL))

    operations = [op["operationId"] for item in document["paths"].values() for op in item.values()]
    assert set(operations) <= set(page.ids)
    assert document["components"]["schemas"].keys() <= set(page.ids)
    assert {f"problems.{code}" for code in SENTENCES} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_every_link_leads_somewhere(document: dict[str, Any], language: Language) -> None:
    page = Page(reference_html(document, language, URL))

    within = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert within <= set(page.ids)
    assert set(page.links) - {f"#{one}" for one in within} == {
        PAGES["en" if language == "zh-CN" else "zh-CN"],
        "/v1/openapi.json",
    }


def test_nothing_is_loaded_from_elsewhere(document: dict[str, Any], language: Language) -> None:
    html = reference_html(document, language, URL)

    assert Page(html).loaded == []
    shown = re.sub(r"<pre>.*?</pre>", "", html, flags=re.DOTALL)
    assert not re.search(r"https?://|@import|url\(", shown)


def test_every_shell_variable_of_the_examples_is_set_at_the_top(
    document: dict[str, Any], language: Language
) -> None:
    shown = reference_html(document, language, URL)
    first, *examples = (unescape(one) for one in re.findall(r"<pre>(.*?)</pre>", shown, re.DOTALL))
    lines = [one for one in examples if one.startswith("curl")]

    used = {name for line in lines for name in re.findall(r"\$\(?([A-Za-z]+)", line)}
    assert used == {"API", "NUMBER", "CODE", "TOKEN", "key"}
    assert used == set(re.findall(r"^([A-Za-z]+)(?:=|\(\))", first, re.MULTILINE))
    assert f"API={URL}/v1" in first
    assert all('"$API/' in line for line in lines)


@pytest.mark.skipif(
    not (shutil.which("sh") and shutil.which("python3")), reason="needs sh, python3"
)
def test_a_key_is_another_one_each_time(document: dict[str, Any]) -> None:
    html = reference_html(document, "en", URL)
    (key,) = re.findall(r"^key\(\).*$", unescape(html).replace("</pre>", "\n"), re.MULTILINE)

    made = subprocess.run(
        ["sh", "-c", f"{key}\nkey; key"], capture_output=True, text=True, check=True
    )

    one, other = (UUID(line) for line in made.stdout.split())
    assert one != other


def test_numbers_are_written_out(document: dict[str, Any]) -> None:
    html = reference_html(document, "zh-CN", URL)

    types = re.findall(r'<span class="type">([^<]*)</span>', html)
    assert "整数 1–1000000" in types
    assert not [one for one in types if re.search(r"[0-9]e[+-]|[0-9]\.0\b", one)]


def test_states_are_told_apart_though_their_names_have_commas(document: dict[str, Any]) -> None:
    assert "已受理，正在转办 / 待派" in reference_html(document, "zh-CN", URL)
    assert "Accepted / Waiting to be dispatched" in reference_html(document, "en", URL)


def test_the_english_page_is_english(document: dict[str, Any]) -> None:
    words = Page(reference_html(document, "en", URL)).words

    # the name of the service, the way to the other page, and the names of what people write
    assert {word for word in words if CHINESE.search(word)} == {"连心 · Lianxin", "中文"}


def test_the_chinese_page_is_chinese(document: dict[str, Any]) -> None:
    html = reference_html(document, "zh-CN", URL)

    for _, operation in ((p, op) for p, item in document["paths"].items() for op in item.values()):
        assert operation["x-summary"]["zh-CN"] in html
        assert operation["x-description"]["en"] not in html


def test_what_the_document_says_is_shown_and_never_run(document: dict[str, Any]) -> None:
    (operation, *_) = document["paths"]["/v1/health"].values()
    spoken = {"zh-CN": "<script>alert(1)</script>", "en": "<b>"}
    changed = operation | {"x-description": spoken}
    paths = document["paths"] | {"/v1/health": {"get": changed}}

    html = reference_html(document | {"paths": paths}, "zh-CN", URL)

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_field_is_required_where_it_is_asked_and_never_where_it_is_answered(
    document: dict[str, Any],
) -> None:
    html = reference_html(document, "en", URL)

    def article(name: str) -> str:
        found = re.search(rf'<article id="{name}">.*?</article>', html, re.DOTALL)
        assert found is not None
        return found[0]

    assert "required" in article("Decline")
    assert "required" not in article("Receipt")
    assert article("OwnCases").count("if there is one") == 1, "the cursor, absent on the last page"
