"""Looking at the citizen's contact: recorded each time, and over when the case is elsewhere."""

import pytest

from tests.doors.driving import Answer, Api, Case

PHONE = "19912345678"


def look(api: Api, case: Case, unit: str) -> Answer:
    """The same look under the same key, by an officer of this unit."""
    officer = api.bearer("officer", department=unit, subject="officer-1")
    headers = officer | {"Idempotency-Key": "look-1"}
    return api.post(f"{case.desk_path}/reveal", {"reason": "contact"}, headers=headers)


def test_the_key_of_a_look_is_no_lasting_look(api: Api) -> None:
    case = api.file(contact={"name": "欧阳清和", "phone": PHONE}).claimed()
    unit = case.unit
    assert unit is not None
    first = look(api, case, unit)
    assert first.body["contact"]["phone"] == PHONE
    assert look(api, case, unit).body["contact"]["phone"] == PHONE, "the answer may have been lost"

    case.desk("return", {"reason": "not_our_duty", "text": "不属我单位职责。"})
    given = case.desk("decide-return", {"approve": True, "unit": "chengguan"}, role="supervisor")
    assert given.status == 200, given.text

    late = look(api, case, unit)
    assert (late.status, late.body["code"]) == (403, "not_readable")
    assert PHONE not in late.text


CHANGES = {
    "another unit has it": (
        ("return", {"reason": "not_our_duty", "text": "不属我单位职责。"}, "officer"),
        ("decide-return", {"approve": True, "unit": "chengguan"}, "supervisor"),
    ),
    "it is about the officer": (("name-subjects", {"persons": ["officer-1"]}, "moderator"),),
    "it is about the officer's unit": (("name-subjects", {"units": ["zhujian"]}, "moderator"),),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_repeat_tells_nothing_to_whom_the_case_is_none_of_any_more(api: Api, change: str) -> None:
    """What they asked for stays done; what has become of the case since is not theirs to read."""
    case = api.file().claimed()
    note = {"text": "已约明天上门。"}
    officer = api.bearer("officer", department=case.unit, subject="officer-1")
    same = {"headers": officer | {"Idempotency-Key": "once"}}
    assert case.unit == "zhujian"
    first = api.post(f"{case.desk_path}/note", note, **same)
    assert api.post(f"{case.desk_path}/note", note, **same).body == first.body
    for command, body, role in CHANGES[change]:
        assert case.desk(command, body, role).status == 200

    before = api.stored()
    again = api.post(f"{case.desk_path}/note", note, **same)

    accused = change.startswith("it is about")
    expected = (404, "not_found") if accused else (403, "not_readable")
    assert (again.status, again.body["code"]) == expected
    assert api.stored() == before
