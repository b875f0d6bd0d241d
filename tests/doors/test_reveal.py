"""Looking at the citizen's contact: recorded each time, and over when the case is elsewhere."""

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
    assert late.status == 200
    assert "contact" not in late.body
