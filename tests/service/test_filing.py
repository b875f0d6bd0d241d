"""Filing: the same twice is one case with one answer, whatever came between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.cases.access import Bound, By
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.outcomes import Filed, KeyReused, Refused, Request
from casework.security.keys import Keys
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.table import Unavailable
from schemas import commands as c
from tests.support.faults import Moment, StepTable
from tests.support.soundness import sound
from tests.support.stories import AGENT, CLAIM, DISPATCH, HANDLED, UNSURE, file, filing
from tests.support.world import CITIZEN, MemoryWorld, rules_of


def test_a_filing_is_a_case_at_version_one_with_a_number_and_a_code() -> None:
    world = MemoryWorld()

    filed = file(world.service)

    assert not filed.repeated
    assert filed.number.isdigit()
    assert len(filed.number) == 16
    assert len(filed.access_code) == 6
    assert (filed.case.version, filed.case.state) == (1, "SUBMITTED")
    assert filed.case.next_due is not None
    assert sound(world.service, filed.number).head.case == filed.case


def test_the_same_filing_again_gets_the_same_answer() -> None:
    world = MemoryWorld()
    first = file(world.service)
    world.now.advance(hours=3)

    second = file(world.new_service())

    assert second == replace(first, repeated=True)


def test_the_same_filing_again_gets_the_same_answer_after_the_case_went_on() -> None:
    """The answer says how it stood when it was filed, even if much has happened since."""
    world = MemoryWorld()
    first = file(world.service)
    for place, (command, by) in enumerate(HANDLED):
        world.service.change(first.number, command, Request(by, str(place)))

    assert file(world.service) == replace(first, repeated=True)


def test_the_same_filing_again_gets_the_same_answer_after_the_limits_were_changed() -> None:
    """Deadlines that were promised once are told again, not those of today's policy."""
    world = MemoryWorld()
    first = file(world.service)
    world.rules = with_limit_of_an_enquiry(world.rules)

    again = file(world.service)

    assert again == replace(first, repeated=True)
    assert file(world.service, "another").case.clocks["resolve"] != first.case.clocks["resolve"]


def test_the_same_filing_again_gets_the_same_answer_after_its_category_was_struck_out() -> None:
    world = MemoryWorld()
    first = file(world.service, category="0205")
    world.rules = without_category("0205")

    assert file(world.service, category="0205") == replace(first, repeated=True)
    with pytest.raises(Refused) as refused:
        file(world.service, "another", category="0205")
    assert refused.value.refusal.code == "unknown_category"


def without_category(code: str) -> Rules:
    rules = rules_of()
    left = {k: v for k, v in rules.city.categories.items() if k != code}
    return replace(rules, city=replace(rules.city, categories=left))


def test_a_filing_that_was_overtaken_by_its_own_repeat_gets_the_answer_that_was_stored() -> None:
    """Two processes with different policies: the limits are changed in one of them already."""
    world = MemoryWorld()
    faster: list[Filed] = []

    def step(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_new", "before") and len(world.stored()) == 1 and not faster:
            old, world.rules = world.rules, with_limit_of_an_enquiry(world.rules)
            faster.append(file(world.service))
            world.rules = old

    store = CaseStore(StepTable(world.memory, step))
    slower = file(Service(store, world.vault, lambda: world.rules, world.clock))

    assert faster[0].case == slower.case == sound(world.service, slower.number).head.case


def with_limit_of_an_enquiry(rules: Rules) -> Rules:
    """Every request is to be resolved as fast as an enquiry."""
    resolve = rules.policy.clocks["resolve"]
    shorter = replace(resolve, limit={"any": resolve.limit["enquiry"]})
    clocks = {**rules.policy.clocks, "resolve": shorter}
    return replace(rules, policy=replace(rules.policy, clocks=clocks))


def test_a_key_that_comes_again_with_another_body_is_refused_and_nothing_is_stored() -> None:
    world = MemoryWorld()
    file(world.service)
    stored = world.stored()

    for changed in ({"text": "另外一件事。"}, {"kind": "help"}, {"contact": None}):
        with pytest.raises(KeyReused):
            file(world.service, **changed)

    assert world.stored() == stored


@pytest.mark.parametrize("changed", [{"category": "no-such"}, {"area": "000000"}], ids=str)
def test_a_filing_that_is_refused_leaves_nothing_behind(changed: dict[str, str]) -> None:
    world = MemoryWorld()

    with pytest.raises(Refused):
        file(world.service, **changed)

    assert world.stored() == []


def test_another_key_another_sender_or_another_channel_is_another_case() -> None:
    world = MemoryWorld()
    anonymous = By(CITIZEN.actor)
    numbers = {
        world.service.file(filing(), anonymous, "key").number,
        world.service.file(filing(), anonymous, "key-2").number,
        world.service.file(filing(channel="app"), anonymous, "key").number,
        world.service.file(filing(), AGENT, "key").number,
        world.service.file(filing(), anonymous, "key", subject="li").number,
        world.service.file(filing(), anonymous, "key", subject="wang").number,
    }

    assert len(numbers) == 6


def test_a_number_that_is_taken_by_another_filing_is_derived_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two identities of ten to the fourteenth meet: the second goes on with another salt."""
    world = MemoryWorld()
    derive = Keys.case_number
    everyone = derive(world.service.keys, "everyone", 0)

    def meeting(keys: Keys, identity: str, salt: int = 0) -> str:
        return everyone if salt == 0 else derive(keys, identity, salt)

    monkeypatch.setattr(Keys, "case_number", meeting)
    first, second = file(world.service, "key-1"), file(world.service, "key-2")

    assert first.number == everyone
    assert second.number != everyone
    assert second.access_code != first.access_code
    assert file(world.service, "key-1") == replace(first, repeated=True)
    assert file(world.service, "key-2") == replace(second, repeated=True)
    with pytest.raises(KeyReused):
        file(world.service, "key-2", text="另外一件事。")


def test_where_every_number_is_taken_the_sender_is_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = MemoryWorld()
    monkeypatch.setattr(Keys, "case_number", lambda keys, identity, salt=0: "1000000000000001")
    file(world.service, "key-1")

    with pytest.raises(Unavailable):
        file(world.service, "key-2")


def test_an_enquiry_that_is_answered_in_the_call_waits_for_the_citizens_judgement() -> None:
    world = MemoryWorld()
    answer = c.KnowledgeAnswer(article="kb-7", article_version=2, text="周一至周五。")

    wish = filing(kind="enquiry", channel="hotline", answer=answer)
    filed = world.service.file(wish, AGENT, "call-1")

    assert filed.case.state == "AWAITING_RATING"
    dossier = sound(world.service, filed.number)
    assert dossier.head.commit.text is not None
    assert dossier.texts[dossier.head.commit.text] == "周一至周五。"
    assert world.service.file(wish, AGENT, "call-1") == replace(filed, repeated=True)


def test_only_an_agent_answers_at_filing_and_only_an_enquiry() -> None:
    world = MemoryWorld()
    answer = c.KnowledgeAnswer(article="kb-7", article_version=2, text="周一至周五。")
    with pytest.raises(Refused) as by_citizen:
        file(world.service, kind="enquiry", answer=answer)
    with pytest.raises(Refused) as complaint:
        world.service.file(filing(answer=answer), AGENT, "call-1")

    assert by_citizen.value.refusal.code == "role"
    assert complaint.value.refusal.code == "only_enquiries"
    assert world.stored() == []


def test_my_cases_are_those_of_my_account_or_of_my_phone() -> None:
    world = MemoryWorld()
    keys = world.service.keys
    mine = world.service.file(filing(), By(CITIZEN.actor), "1", subject="li").number
    by_phone = file(world.service, "2", channel="hotline").number
    file(world.service, "3", contact=None)
    file(world.service, "4", channel="web")  # a number typed into a form may be anybody's

    def cases_of(citizen: str) -> list[str]:
        found = world.service.store.cases_of([Bound(citizen)], 10).cases
        return [case.number for case, _ in found]

    assert cases_of(keys.person("li")) == [mine]
    assert cases_of(keys.phone("19912345678")) == [by_phone]


@pytest.mark.parametrize(
    ("lon", "lat"), [(-0.0, 0.0), (1e-200, -1e-200), (116.3971281234567, 39.9), (180, -90)]
)
def test_a_place_is_hashed_as_it_can_be_read_back(lon: float, lat: float) -> None:
    """DynamoDB knows no negative zero and nothing smaller than 1e-130."""
    world = MemoryWorld()
    place = c.Place(lon=lon, lat=lat, address="和平路")
    number = file(world.service, place=place).number

    body = sound(world.service, number).body

    assert body.lon is not None
    assert body.lon == pytest.approx(lon, abs=1e-7)
    assert str(body.lon) == str(float(f"{body.lon:.7f}"))
    assert not str(body.lon).startswith("-0.0")


def test_dispatch_and_claim_follow_a_filing() -> None:
    world = MemoryWorld()
    number = file(world.service).number
    cases: list[Case] = [
        world.service.change(number, command, Request(by, str(place))).case
        for place, (command, by) in enumerate((UNSURE, DISPATCH, CLAIM))
    ]

    assert [case.state for case in cases] == ["TRIAGE", "ASSIGNED", "HANDLING"]
    assert [case.version for case in cases] == [2, 3, 4]
