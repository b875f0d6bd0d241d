"""A city's policies together: the packaged ones with their figures, which counts for what, and what
is urgent over them all. Each is read whole, or refused with the policy, the entry and the reason."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from casework.clock.book import PolicyBook, pair_of, presets, read_book, source_of
from casework.clock.calendar import Calendar
from casework.clock.limits import Limit, due
from casework.clock.policy import URGENT, Policy, PolicyError, preset_text
from casework.clock.words import ClockError
from schemas.names import Kind, Urgency
from tests.cases.telling import on

CALENDAR = Calendar.seeded()
KINDS: tuple[Kind, ...] = get_args(Kind)
FLAT = {"extends": "12345-flat5"}
"""A policy of the city's own, that is just one of the packaged."""
Document = dict[str, Any]


def book(
    own: Document | None = None,
    by_category: dict[str, str] | None = None,
    **named: Document,
) -> PolicyBook:
    return read_book(own, named, by_category or {})


def promise(policy: Policy, kind: str, urgency: Urgency = "ordinary") -> str:
    """The limit of the citizen's promise."""
    return str(policy.clocks["resolve"].limit_for(kind, urgency=urgency))


# -- the packaged policies, with their figures ---------------------------------------------------

PROMISES = {
    "12345-general": ("3WD", "7WD", "15WD", "15WD", "7WD", "7WD"),
    "12345-guangdong": ("2WD", "10WD", "15WD", "15WD", "10WD", "10WD"),
    "12345-flat5": ("5WD", "5WD", "5WD", "5WD", "5WD", "5WD"),
    "12345-1-5-15": ("1WD", "5WD", "5WD", "5WD", "1WD", "5WD"),
    "liuyanban": ("3WD", "7WD", "7WD", "7WD", "7WD", "7WD"),
    "jiesujiban": ("7D", "7D", "7D", "7D", "7D", "7D"),
}
"""Of each packaged policy: enquiry, help, complaint, report, suggestion, praise."""


def test_a_city_can_choose_among_these_and_no_others() -> None:
    assert set(presets()) == PROMISES.keys()


@pytest.mark.parametrize("name", PROMISES)
def test_each_promises_what_its_source_says(name: str) -> None:
    policy = Policy.preset(name)
    assert policy.name == name
    assert tuple(promise(policy, kind) for kind in KINDS) == PROMISES[name]


@pytest.mark.parametrize("name", PROMISES)
def test_each_keeps_of_the_general_one_whatever_it_does_not_say(name: str) -> None:
    policy, general = Policy.preset(name), Policy.preset()
    assert policy.clocks.keys() == general.clocks.keys()
    for clock in policy.clocks.keys() - {"resolve"}:
        assert policy.clocks[clock] == general.clocks[clock]
    assert policy.clocks["return"].limit_for("help") == Limit.parse("2WD")
    assert (policy.times, policy.windows) == (general.times, general.windows)
    assert (policy.times["redo"], policy.times["extension"]) == (2, 1)
    assert policy.at_most["extension"] == Limit.parse("10WD")


@pytest.mark.parametrize(
    ("urgency", "limit"),
    [("life_and_safety", "2H"), ("utilities", "24H"), ("ordinary", "7D"), ("complex", "15D")],
)
def test_beijings_practice_goes_by_urgency_and_not_by_kind(urgency: Urgency, limit: str) -> None:
    policy = Policy.preset("jiesujiban")
    assert {promise(policy, kind, urgency) for kind in KINDS} == {limit}


def test_only_shanghais_streets_count_an_extension_from_the_start() -> None:
    """One day, five days, and fifteen in all."""
    (known,) = [name for name in presets() if "extension_to" in Policy.preset(name).at_most]
    assert known == "12345-1-5-15"
    assert Policy.preset(known).at_most["extension_to"] == Limit.parse("15WD")


@pytest.mark.parametrize("name", PROMISES)
def test_each_says_where_it_comes_from_in_both_languages(name: str) -> None:
    zh, en = source_of(name)
    assert re.search("[一-鿿]", zh)
    assert en.isascii()


def test_the_petitions_regulation_is_not_offered_before_its_reviews_are_built() -> None:
    with pytest.raises(PolicyError, match="xinfang-2022"):
        book({"name": "ours", "extends": "xinfang-2022"})


def test_the_overlay_is_no_policy_that_can_be_chosen() -> None:
    with pytest.raises(PolicyError, match="there is no policy urgent"):
        book(by_category={"0204": "urgent"})


# -- which counts for what -----------------------------------------------------------------------


def test_a_city_that_says_nothing_goes_by_the_general_one() -> None:
    whole = book()
    assert whole.of(None, "ordinary") == Policy.preset()
    assert whole.of("0204", "complex") == Policy.preset()


def test_a_category_goes_by_its_own_policy_and_else_by_its_domains() -> None:
    whole = book(by_category={"02": "liuyanban", "0204": "jiesujiban"})
    assert whole.of("0204", "ordinary").name == "jiesujiban"
    assert whole.of("0203", "ordinary").name == "liuyanban"
    for other in (None, "1702"):
        assert whole.of(other, "ordinary").name == "12345-general"


def test_a_city_writes_only_what_it_has_otherwise() -> None:
    own = {
        "name": "云汀",
        "extends": "12345-guangdong",
        "review": "all",
        "clocks": {"claim": {"limit": "4WH"}, "resolve": {"ladder": "card-wuhu"}},
        "times": {"extension": 2},
    }
    policy = book(own).of(None, "ordinary")
    guangdong = Policy.preset("12345-guangdong")

    assert (policy.name, policy.review) == ("云汀", "all")
    assert policy.clocks["claim"].limit_for("help") == Limit.parse("4WH")
    assert policy.clocks["claim"].stops_on == guangdong.clocks["claim"].stops_on
    assert promise(policy, "help") == "10WD"
    assert policy.clocks["resolve"].ladder.rungs[0].at == "due + 5D"
    assert policy.times == {**guangdong.times, "extension": 2}


def test_a_category_that_the_city_has_no_more_may_be_named() -> None:
    """Old cases have it still; whoever enters policies is told (casework.catalogue.policies)."""
    assert book(by_category={"9901": "liuyanban"}).of("9901", "ordinary").name == "liuyanban"


def test_a_policy_of_the_citys_own_may_build_on_another() -> None:
    whole = book(
        {"name": "ours", "extends": "strict"},
        {"0204": "strictest"},
        strict={"extends": "12345-flat5", "clocks": {"redo": {"limit": "2WD"}}},
        strictest={"extends": "strict", "clocks": {"claim": {"limit": "2H"}}},
    )
    ours, lamps = whole.of(None, "ordinary"), whole.of("0204", "ordinary")
    assert (ours.name, lamps.name) == ("ours", "strictest")
    for policy, claim in ((ours, "1WD"), (lamps, "2H")):
        assert promise(policy, "report") == "5WD"
        assert policy.clocks["redo"].limit_for("help") == Limit.parse("2WD")
        assert policy.clocks["claim"].limit_for("help") == Limit.parse(claim)


# -- what is urgent, over any of them ------------------------------------------------------------


@pytest.mark.parametrize("name", PROMISES)
@pytest.mark.parametrize(("urgency", "limit"), [("life_and_safety", "2H"), ("utilities", "24H")])
def test_what_is_urgent_counts_in_hours_and_minutes_under_every_policy(
    name: str, urgency: Urgency, limit: str
) -> None:
    policy = book(by_category={"0204": name}).of("0204", urgency)
    assert {promise(policy, kind, urgency) for kind in KINDS} == {limit}
    quick = {"dispatch": "10M", "claim": "30M", "first_contact": "1H"}
    for clock, text in quick.items():
        assert policy.clocks[clock].limit_for("help", urgency=urgency) == Limit.parse(text)
    levels = [rung.level for rung in policy.clocks["resolve"].ladder.rungs]
    assert levels == [0, 1, 2, 3], "and every level follows within hours"


def test_it_runs_through_the_night_and_the_holidays() -> None:
    policy = book().of("0204", "life_and_safety")
    limit = policy.clocks["resolve"].limit_for("help", urgency="life_and_safety")
    assert limit is not None
    assert due(on("2026-10-01 23:30"), limit, CALENDAR).at == on("2026-10-02 01:30")


def test_what_is_not_urgent_is_as_it_was() -> None:
    whole = book(FLAT | {"name": "ours"})
    assert URGENT == ("life_and_safety", "utilities")
    assert whole.of("0204", "complex") is whole.of("0204", "ordinary") is whole.default.plain
    assert whole.of("0204", "utilities") is whole.default.urgent


def test_it_adds_no_clock_that_the_city_does_without() -> None:
    document = tomllib.loads(preset_text())
    del document["clocks"]["assist"]
    urgent = pair_of(document, {}).urgent
    assert "assist" not in urgent.clocks
    assert urgent.clocks["assist_report"].limit_for("help") == Limit.parse("30M")


def test_a_limit_that_the_city_names_for_an_urgency_counts() -> None:
    limits = {"life_and_safety": "1H", "any": "5WD"}
    clocks = {"resolve": {"limit": limits}, "claim": {"limit": {"utilities": "10M", "any": "1WD"}}}
    ours = book({"name": "ours", "extends": "12345-general", "clocks": clocks})
    assert promise(ours.of(None, "life_and_safety"), "help", "life_and_safety") == "1H"
    assert promise(ours.of(None, "utilities"), "help", "utilities") == "24H"
    claims: dict[Urgency, str] = {"life_and_safety": "30M", "utilities": "10M"}
    for urgency, claim in claims.items():
        found = ours.of(None, urgency).clocks["claim"].limit_for("help", urgency=urgency)
        assert found == Limit.parse(claim)


# -- what is refused -----------------------------------------------------------------------------

FAULTS: dict[str, tuple[Document, str, str]] = {
    "an unknown one": (
        {"own": {"name": "ours", "extends": "12345-sichuan"}},
        "没有名为 12345-sichuan 的政策，可用：.*12345-general",
        "there is no policy 12345-sichuan; there are .*12345-general",
    ),
    "for a category": (
        {"by_category": {"0204": "flat-5"}},
        "没有名为 flat-5 的政策",
        "there is no policy flat-5",
    ),
    "it extends itself": (
        {"by_category": {"02": "ours"}, "ours": {"extends": "ours"}},
        "政策 ours 继承了自己",
        "the policy ours extends itself",
    ),
    "by way of another": (
        {"own": {"name": "a", "extends": "b"}, "b": {"extends": "c"}, "c": {"extends": "b"}},
        "政策 b 继承了自己",
        "the policy b extends itself",
    ),
    "an unknown unit": (
        {"own": FLAT | {"name": "ours", "clocks": {"claim": {"limit": "3W"}}}},
        r"政策 ours：clocks\.claim\.limit\.any：时限 '3W' 无法识别",
        r"policy ours: clocks\.claim\.limit\.any: '3W' is no limit",
    ),
    "a negative limit": (
        {
            "by_category": {"0204": "strict"},
            "strict": FLAT | {"clocks": {"resolve": {"limit": {"help": "-2WD", "any": "5WD"}}}},
        },
        r"政策 strict：clocks\.resolve\.limit\.help：时限 -2WD 应在 1 至 9999",
        r"policy strict: clocks\.resolve\.limit\.help: the limit -2WD must lie",
    ),
    "a ladder out of order": (
        {
            "own": FLAT
            | {
                "name": "ours",
                "ladders": {
                    "default": [
                        {"at": "due", "do": "level 1", "who": ["head"]},
                        {"at": "80%", "do": "remind", "who": ["officer"]},
                    ]
                },
            }
        },
        r"政策 ours：ladders\.default：第 2 级（80%）不晚于第 1 级（due）",
        r"policy ours: ladders\.default: rung 2 \(80%\) is no later than rung 1 \(due\)",
    ),
    "an entry that nobody knows": (
        {"own": FLAT | {"name": "ours", "clocks": {"claim": {"limits": "2H"}}}},
        r"政策 ours：政策文件的 clocks\.claim\.limits：多余",
        r"policy ours: policy entry clocks\.claim\.limits: is unknown",
    ),
    "a table that is none": (
        {"own": FLAT | {"name": "ours", "times": 3}},
        "政策 ours：政策文件的 times：应为一张表",
        "policy ours: policy entry times: must be a table",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_policy_is_refused_with_its_entry_and_the_reason(fault: str) -> None:
    given, zh, en = FAULTS[fault]
    with pytest.raises(ClockError, match=en) as refused:
        book(**given)
    assert re.search(zh, refused.value.words.zh)


def test_what_extends_nothing_must_say_everything() -> None:
    document = tomllib.loads(preset_text())
    assert book(document).of(None, "ordinary") == Policy.preset()
    del document["windows"]
    with pytest.raises(PolicyError, match="windows"):
        book(document)


def test_every_packaged_file_is_tried_here() -> None:
    files = Path(__file__).parents[2] / "layers/casework/casework/clock/policies"
    assert {file.stem for file in files.glob("*.toml")} == {*PROMISES, "urgent"}
