"""Who a case belongs to while bindings are joined, pass on and are separated again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from casework.cases.access import By
from casework.cases.rules import Refusal
from casework.cases.state import Case
from casework.people.person import (
    MOST_BINDINGS,
    MOST_CHANGES,
    PERIOD,
    Binding,
    Person,
    join,
    separate,
)
from schemas.events import Actor
from tests.support.world import START

PHONE, MAIL = "hash-of-a-phone", "hash-of-a-mail-address"
DAY = timedelta(days=1)


def filed(citizen: str, day: int) -> Case:
    """A case that was filed by this binding on a day."""
    at = START + day * DAY
    return Case(
        number="1902481914976595",
        version=1,
        state="SUBMITTED",
        kind="complaint",
        channel="sms",
        filed_at=at,
        changed_at=at,
        citizen=citizen,
    )


@dataclass
class Town:
    """Bindings and the people who join them, day by day."""

    bindings: dict[str, Binding] = field(default_factory=dict)
    lists: dict[str, set[str]] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        mine = self.lists.get(name, set())
        return Person(name, len(mine), {key: self.bindings[key] for key in sorted(mine)})

    def join(self, name: str, day: int, *keys: str) -> Refusal | None:
        proven = [self.bindings.get(key, Binding(key, "phone")) for key in keys]
        return self._keep(join(self.person(name), proven, "issuer", START + day * DAY))

    def separate(self, name: str, day: int, key: str) -> Refusal | None:
        return self._keep(separate(self.person(name), key, START + day * DAY))

    def _keep(self, after: Person | Refusal) -> Refusal | None:
        if isinstance(after, Refusal):
            return after
        self.bindings |= after.bindings
        self.lists[after.id] = set(after.bindings)
        return None

    def owns(self, name: str, case: Case) -> bool:
        actor = Actor(id="citizen", role="citizen")
        return By(actor, bindings=self.person(name).bounds).owns(case)

    def told(self, name: str) -> list[str]:
        return [record.what for record in self.person(name).records]


# -- joining -------------------------------------------------------------------------------


def test_a_person_without_bindings_has_what_the_account_filed() -> None:
    town = Town()

    assert town.owns("li", filed("li", 1))
    assert not town.owns("li", filed("wang", 1))
    assert not town.owns("li", filed(PHONE, 1))


def test_who_first_proves_a_number_has_all_that_was_ever_filed_by_it() -> None:
    town = Town()

    town.join("li", 10, PHONE)

    assert town.owns("li", filed(PHONE, 1))
    assert town.owns("li", filed(PHONE, 11))
    assert not town.owns("li", filed(MAIL, 11))
    assert town.told("li") == ["joined"]


def test_joining_twice_does_nothing() -> None:
    town = Town()
    town.join("li", 10, PHONE)
    before = town.person("li")

    town.join("li", 11, PHONE)

    assert town.person("li") == before


def test_two_bindings_are_joined_at_once() -> None:
    town = Town()

    town.join("li", 10, PHONE, MAIL)

    assert town.owns("li", filed(PHONE, 1))
    assert town.owns("li", filed(MAIL, 1))


def test_nobody_who_is_unknown_is_anybodys() -> None:
    """A case without a binding is opened by its access code alone."""
    town = Town()
    town.join("li", 10, PHONE)

    nameless = filed(PHONE, 1).model_copy(update={"citizen": None})

    assert not town.owns("li", nameless)


# -- a number that was handed out again ----------------------------------------------------


def test_a_number_that_another_proves_passes_on_from_then() -> None:
    # given Li, who has had a number for long
    town = Town()
    town.join("li", 10, PHONE)

    # when the number was handed out again, and Wang proves it
    town.join("wang", 100, PHONE)

    # then each has what was filed in the own time, and no moment counts for both or for neither
    assert town.owns("li", filed(PHONE, 99))
    assert not town.owns("wang", filed(PHONE, 99))
    assert not town.owns("li", filed(PHONE, 100))
    assert town.owns("wang", filed(PHONE, 100))

    # and both are told
    assert town.told("li") == ["joined", "passed_on"]
    assert town.told("wang") == ["joined_from_then"]


def test_a_number_that_comes_back_counts_from_then_and_for_the_old_time() -> None:
    town = Town()
    town.join("li", 10, PHONE)
    town.join("wang", 20, PHONE)

    town.join("li", 30, PHONE)

    mine = [day for day in range(40) if town.owns("li", filed(PHONE, day))]
    assert mine == [*range(20), *range(30, 40)]
    assert [day for day in range(40) if town.owns("wang", filed(PHONE, day))] == [*range(20, 30)]


def test_a_clock_that_runs_behind_gives_nobody_the_time_of_another() -> None:
    """Two machines: the later writer's clock is a day behind."""
    town = Town()
    town.join("li", 10, PHONE)
    town.join("wang", 20, PHONE)

    town.join("chen", 19, PHONE)

    assert town.owns("li", filed(PHONE, 19))
    assert not town.owns("chen", filed(PHONE, 19))
    assert town.owns("chen", filed(PHONE, 20))


# -- separating ----------------------------------------------------------------------------


def test_what_was_joined_by_mistake_counts_no_more() -> None:
    town = Town()
    town.join("li", 10, PHONE)

    town.separate("li", 20, PHONE)

    assert not any(town.owns("li", filed(PHONE, day)) for day in range(30))
    assert town.told("li") == ["joined", "separated"]


def test_separating_and_joining_again_is_as_before() -> None:
    town = Town()
    town.join("li", 10, PHONE)
    before = town.person("li").bounds

    town.separate("li", 20, PHONE)
    town.join("li", 30, PHONE)

    assert town.person("li").bounds == before
    assert town.told("li") == ["joined", "separated", "joined"]


def test_separating_twice_does_nothing() -> None:
    town = Town()
    town.join("li", 10, PHONE)
    town.separate("li", 20, PHONE)
    before = town.person("li")

    assert town.separate("li", 21, PHONE) is None
    assert town.person("li") == before


def test_what_one_separated_another_has_from_the_own_proof_on() -> None:
    """Whose it was before is not known any more: rather nobody's than a stranger's."""
    town = Town()
    town.join("li", 10, PHONE)
    town.separate("li", 20, PHONE)

    town.join("wang", 30, PHONE)

    assert not town.owns("wang", filed(PHONE, 29))
    assert town.owns("wang", filed(PHONE, 30))


def test_who_separates_what_has_passed_on_gives_up_the_old_time_only() -> None:
    town = Town()
    town.join("li", 10, PHONE)
    town.join("wang", 20, PHONE)

    town.separate("li", 30, PHONE)

    assert not town.owns("li", filed(PHONE, 1))
    assert not town.owns("wang", filed(PHONE, 1))
    assert town.owns("wang", filed(PHONE, 31))
    assert town.told("wang") == ["joined_from_then"]


def test_the_own_account_stays() -> None:
    refused = Town().separate("li", 10, "li")

    assert refused is not None
    assert refused.code == "own_account"


def test_nobody_separates_what_is_not_theirs() -> None:
    town = Town()
    town.join("li", 10, PHONE)

    refused = town.separate("wang", 20, PHONE)

    assert refused is not None
    assert (refused.code, refused.pointer) == ("unknown_binding", "/binding")
    assert town.owns("li", filed(PHONE, 21))


def test_what_was_only_listed_is_nothing_to_separate() -> None:
    """A process died between the list and the binding."""
    person = Person("li", 1, {PHONE: Binding(PHONE, "phone")})

    refused = separate(person, PHONE, START)

    assert isinstance(refused, Refusal)
    assert refused.code == "unknown_binding"
    assert person.bounds == Person("li").bounds


# -- limits --------------------------------------------------------------------------------


def test_a_number_that_two_people_tear_at_stays_until_a_year_is_over() -> None:
    town = Town()
    for turn in range(MOST_CHANGES):
        assert town.join(("li", "wang")[turn % 2], turn, PHONE) is None

    refused = town.join("li", MOST_CHANGES, PHONE)
    assert refused is not None
    assert (refused.code, refused.details) == ("changed_too_often", {"times": MOST_CHANGES})
    assert town.bindings[PHONE].holder == "wang"

    # but whoever joined it by mistake is free of it at any time
    assert town.separate("wang", MOST_CHANGES, PHONE) is None
    assert town.join("li", MOST_CHANGES + PERIOD.days, PHONE) is None


def test_a_person_has_so_many_bindings_and_no_more() -> None:
    town = Town()
    for place in range(MOST_BINDINGS):
        assert town.join("li", place, f"phone-{place}") is None

    refused = town.join("li", 99, "one-more")

    assert refused is not None
    assert refused.code == "too_many_bindings"
    assert town.join("li", 99, "phone-0") is None, "what is joined already is no more"


# -- whatever happens ----------------------------------------------------------------------

NAMES, KEYS = ("li", "wang", "chen"), (PHONE, MAIL)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("join", "separate")),
        st.sampled_from(NAMES),
        st.sampled_from(KEYS),
        st.integers(-3, 9),  # days since the last deed: clocks of machines differ
    ),
    max_size=14,
)


def lived(deeds: list[tuple[str, str, str, int]]) -> Town:
    town, day = Town(), 10
    for deed, name, key, passed in deeds:
        day += passed
        town.join(name, day, key) if deed == "join" else town.separate(name, day, key)
    return town


@given(DEEDS)
def test_no_time_of_a_binding_counts_for_two(deeds: list[tuple[str, str, str, int]]) -> None:
    for binding in lived(deeds).bindings.values():
        spans = binding.spans
        assert all(one.until is not None for one in spans[:-1]), "only the last one is open"
        for one, next_one in pairwise(spans):
            assert one.until is not None
            assert next_one.since is not None
            assert one.until <= next_one.since


@given(DEEDS, st.sampled_from(KEYS), st.integers(-40, 160))
def test_a_case_is_one_persons_at_most(
    deeds: list[tuple[str, str, str, int]], key: str, day: int
) -> None:
    town = lived(deeds)

    assert sum(town.owns(name, filed(key, day)) for name in NAMES) <= 1


@given(DEEDS, st.sampled_from(NAMES), st.sampled_from(KEYS))
def test_who_proves_a_binding_has_it_from_then_and_takes_nothing_from_others(
    deeds: list[tuple[str, str, str, int]], name: str, key: str
) -> None:
    town = lived(deeds)
    days = range(-40, 200)
    before = {who: {d for d in days if town.owns(who, filed(key, d))} for who in NAMES}

    assert town.join(name, 200, key) is None

    assert town.owns(name, filed(key, 200))
    for who in set(NAMES) - {name}:
        assert {d for d in days if town.owns(who, filed(key, d))} == before[who]
        assert not town.owns(who, filed(key, 200))


@given(DEEDS, st.sampled_from(NAMES), st.sampled_from(KEYS))
def test_what_is_separated_is_gone_and_bears_on_nobody_else(
    deeds: list[tuple[str, str, str, int]], name: str, key: str
) -> None:
    town = lived(deeds)
    others = {who: town.person(who).bounds for who in NAMES if who != name}

    town.separate(name, 200, key)

    assert all(bound.key != key for bound in town.person(name).bounds)
    assert {who: town.person(who).bounds for who in others} == others


@given(DEEDS)
def test_the_record_ends_as_things_are(deeds: list[tuple[str, str, str, int]]) -> None:
    """Each person can read from the own record which bindings count."""
    town = lived(deeds)
    for name in NAMES:
        person = town.person(name)
        for key, binding in person.bindings.items():
            last = [record.what for record in person.records if record.key == key][-1:]
            assert (binding.holder == name) == (last in (["joined"], ["joined_from_then"]))
