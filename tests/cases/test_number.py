"""Case numbers: told on the phone, typed on any keypad, and no slip of a finger finds another case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.number import check_digit, derive, parse, spoken

KEY = b"a key of the city"
NUMBERS = st.builds(derive, st.just(KEY), st.text(max_size=40), st.integers(0, 4))


def test_the_check_digit_is_that_of_the_standard() -> None:
    """ISO 7064 gives MOD 11,10 of 0794 as 5."""
    assert check_digit("0794") == "5"


@given(NUMBERS)
def test_a_number_is_sixteen_digits_begins_with_one_and_reads_back(number: str) -> None:
    assert len(number) == 16
    assert number.isascii()
    assert number.isdigit()
    assert number.startswith("1")
    assert parse(number) == number


@given(NUMBERS)
def test_every_single_wrong_digit_is_found(number: str) -> None:
    for place, right in enumerate(number):
        for wrong in set("0123456789") - {right}:
            assert parse(number[:place] + wrong + number[place + 1 :]) is None


def test_of_a_hundred_swaps_of_neighbours_hardly_three_go_unseen() -> None:
    swaps = [
        number[:i] + number[i + 1] + number[i] + number[i + 2 :]
        for number in (derive(KEY, str(filing)) for filing in range(500))
        for i in range(1, 15)
        if number[i] != number[i + 1]
    ]
    assert sum(parse(swap) is not None for swap in swaps) < 0.03 * len(swaps)


@pytest.mark.parametrize(
    "written",
    [
        "1817209355617200",
        "1817 2093 5561 7200",
        "1817-2093-5561-7200",
        "1817–2093—5561−7200",
        "  1817\t2093\u00a05561\u30007200\n",
        "１８１７２０９３５５６１７２００",
        "１８１７　２０９３－５５６１　７２００",
        "1817.2093.5561_7200",
    ],
)
def test_people_may_write_it_as_they_like(written: str) -> None:
    assert parse(written) == "1817209355617200"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1817 2093 5561 720",
        "1817 2093 5561 72006",
        "2817 2093 5561 7200",
        "1817 2093 5561 720六",
        "181720935561720O",
        "١٨١٧٢٠٩٣٥٥٦١٧٢٠٠",
        "1817/2093/5561/7200",
    ],
)
def test_what_is_no_number_is_none(written: str) -> None:
    assert parse(written) is None


def test_it_is_said_in_four_groups_of_four() -> None:
    assert spoken("1817209355617200") == "1817 2093 5561 7200"


@given(st.text(max_size=40))
def test_the_same_filing_has_the_same_number_and_a_salt_gives_another(identity: str) -> None:
    assert derive(KEY, identity) == derive(KEY, identity)
    assert derive(KEY, identity) != derive(KEY, identity, salt=1)


def test_nobody_without_the_key_can_tell_the_number() -> None:
    assert derive(KEY, "web\nme\n1") != derive(b"another key", "web\nme\n1")
