"""What citizens write is never refused for its words or its script, and comes back as written."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pytest

from tests.doors.driving import TEXT, Api, Case

CHINESE = re.compile(r"[\u4e00-\u9fff]")
RTL_OVERRIDE, ISOLATE, POP, POP_ISOLATE = "\u202e", "\u2066", "\u202c", "\u2069"


def shown(case: Case) -> Any:
    answer = case.api.get(case.path, headers=case.opened)
    assert answer.status == 200, answer.text
    return answer.body


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("路燈壞了，請儘快修復。", id="traditional"),
        pytest.param("كوچىدىكى چىراغ بۇزۇلۇپ كەتتى", id="uyghur"),
        pytest.param("مصباح الشارع لا يعمل", id="arabic"),
        pytest.param("ལམ་སྒྲོན་ཆག་སོང་།", id="tibetan"),
        pytest.param("ᠭᠡᠷᠡᠯ ᠦᠭᠡᠢ", id="mongolian"),
        pytest.param("ꀋꉬ", id="yi"),
        pytest.param("🕯️👩‍👩‍👧‍👦 没灯 🏚️", id="emoji of many parts"),
        pytest.param("𠮷野家门口的灯，㐀㐁", id="rare characters"),
        pytest.param("The lamp is broken.", id="english"),
        pytest.param("你们这帮废物！滚！！！法轮大法好 SB", id="insults and forbidden words"),
        pytest.param(
            "<script>alert('x')</script> & \"quoted\" \\ %00 {{7*7}} ${jndi:x}", id="code"
        ),
        pytest.param("'; DROP TABLE cases; --", id="an old joke"),
        pytest.param("一行\n\n\t二行", id="lines and tabs"),
        pytest.param("。", id="one full stop"),
        pytest.param("？！", id="marks alone"),
    ],
)
def test_any_script_and_any_word(api: Api, text: str) -> None:
    case = api.file(text=text, category=None)

    read = shown(case)

    assert read["text"] == unicodedata.normalize("NFC", text)
    assert read["title"].strip(), "a missing title is made"
    assert read["title"].rstrip("…") in read["text"]


def test_control_characters_are_dropped(api: Api) -> None:
    case = api.file(title="路\x00灯\x1b", text="\ufeff第一行\r\n第二\x07行\x85第三行\x9f")

    read = shown(case)

    assert read["title"] == "路灯"
    assert read["text"].removeprefix("\ufeff") == "第一行\n第二行\n第三行"


def test_bidirectional_text_is_kept_and_made_safe_where_it_is_shown(api: Api) -> None:
    # given a text that opens directions and never closes them
    text = f"灯坏了 {RTL_OVERRIDE}abc\n{ISOLATE}第二行{POP}"
    case = api.file(text=text)

    # when it is shown, each line closes what it opened, so that it cannot reach further
    first, second = shown(case)["text"].split("\n")
    assert first == f"灯坏了 {RTL_OVERRIDE}abc{POP}"
    assert second == f"{ISOLATE}第二行{POP_ISOLATE}"

    # while what is stored is what was written
    (body,) = [item for item in api.world.stored() if item["sk"] == "BODY"]
    assert body["text"] == text


@pytest.mark.parametrize("sign", ["字", "😀", "é", "𠮷"])
def test_limits_are_counted_in_characters(api: Api, sign: str) -> None:
    case = api.file(title=sign * 100, text=sign * 5_000)

    read = shown(case)

    assert (len(read["title"]), len(read["text"])) == (100, 5_000)


def test_blanks_around_a_text_at_the_limit_do_not_count(api: Api) -> None:
    case = api.file(title=f"  {'题' * 100}\n", text=f"\u3000{'字' * 5_000}\x00 ")

    assert len(shown(case)["text"]) == 5_000


@pytest.mark.parametrize("title", [None, "", "  ", "\x00\x1f"])
def test_a_missing_title_is_the_first_sentence(api: Api, title: str | None) -> None:
    case = api.file(title=title, text="东门的路灯坏了。晚上很黑，\n请尽快。")

    assert shown(case)["title"] == "东门的路灯坏了"


def test_a_made_title_is_not_long(api: Api) -> None:
    case = api.file(text="很" * 200)

    assert shown(case)["title"] == "很" * 29 + "…"


def test_a_byte_order_mark_is_no_fault(api: Api) -> None:
    raw = b"\xef\xbb\xbf" + json.dumps({"text": TEXT}, ensure_ascii=False).encode()

    assert api.post("/v1/cases", raw=raw).status == 201


def test_a_body_that_comes_in_base64(api: Api) -> None:
    raw = json.dumps({"text": TEXT}, ensure_ascii=False).encode()

    assert api.post("/v1/cases", raw=raw, base64_body=True).status == 201


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("199 0000 1234", "19900001234"),
        ("+86 199-0000-1234", "19900001234"),
        ("１９９００００１２３４", "19900001234"),
        ("(0571) 8765 4321", "057187654321"),
        ("+1 415 555 0100", "+14155550100"),
        ("0044 20 7946 0000", "+442079460000"),
    ],
)
def test_a_phone_as_people_write_it(api: Api, written: str, kept: str) -> None:
    case = api.file(contact={"phone": written})

    answer = case.desk("reveal", {"reason": "contact"}, role="agent")

    assert answer.body["contact"]["phone"] == kept


def test_messages_are_kept_as_written_too(api: Api) -> None:
    case = api.file().claimed()

    assert case.citizen("messages", {"text": f"谢谢 {RTL_OVERRIDE}🙏\x00"}).status == 200

    said = [entry["text"] for entry in shown(case)["timeline"] if "text" in entry]
    assert said == [f"谢谢 {RTL_OVERRIDE}🙏{POP}"]


def test_the_citizen_never_sees_what_is_internal(api: Api) -> None:
    case = api.file().claimed()
    case.desk("note", {"text": "这人来过三次"})
    case.desk("contact", {"how": "phone", "result": "reached", "text": "语气不好"})

    answer = api.get(case.path, headers=case.opened)

    assert "这人来过三次" not in answer.text
    assert "语气不好" not in answer.text
    assert "officer of" not in answer.text, "no officer's account"
    assert "这人来过三次" in api.get(case.desk_path, headers=api.bearer("agent")).text


def test_nobody_reads_the_contact_in_full_unrecorded(api: Api) -> None:
    case = api.file().claimed()
    desk = api.get(case.desk_path, headers=api.bearer("agent"))
    assert desk.body["contact"] == {"name": "欧***", "phone": "199****7788"}

    full = case.desk("reveal", {"reason": "visit"})

    assert full.body["contact"] == {"name": "欧阳慕晴", "phone": "19900007788"}
    seen = api.get(case.desk_path, headers=api.bearer("agent")).body["timeline"][-1]
    assert (seen["event"], seen["details"]) == ("revealed", {"reason": "visit"})
    assert "officer of" in seen["by"]


def test_the_catalogue_says_which_evidence_a_reply_brings(api: Api) -> None:
    # when a reader asks for the catalogue
    answer = api.get("/v1/catalogue", language="en")

    # then each category says what is asked of a reply, if anything
    asked = {one["code"]: one["evidence"] for one in answer.body["categories"]}
    assert asked["0205"] == ["photo"]
    assert asked["1008"] == ["document"]
    assert asked["1706"] == []


def test_english_says_the_same(api: Api) -> None:
    # given a case far on its way, filed in English
    case = api.file(text="The lift is broken.", title="Lift", contact=None).answered()

    for path, headers in [
        (case.path, case.opened),
        (case.desk_path, api.bearer("agent")),
        ("/v1/catalogue", {}),
        ("/v1/desk/worklist?", api.bearer("officer", department=case.unit)),
    ]:
        # when it is read in both languages
        chinese = api.get(path.rstrip("?"), headers=headers, language="zh-CN")
        english = api.get(path.rstrip("?"), headers=headers, language="en-US,en;q=0.9")

        # then both have the same shape, and the English one no Chinese but what people wrote
        assert _shape(chinese.body) == _shape(english.body)
        assert english.headers["Content-Language"] == "en"
        said = english.text.replace("电梯已修好。", "")
        assert not CHINESE.search(said), CHINESE.findall(said)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(held) for key, held in value.items()}
    return [_shape(one) for one in value] if isinstance(value, list) else type(value)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (None, "zh-CN"),
        ("en", "en"),
        ("fr, en;q=0.5, zh;q=0.4", "en"),
        ("zh-Hant-TW, en;q=0.9", "zh-CN"),
        ("de", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("*;;q=x,,", "zh-CN"),
    ],
)
def test_the_language_is_the_callers(api: Api, wanted: str | None, given: str) -> None:
    assert api.get("/v1/health", language=wanted).headers["Content-Language"] == given
