"""From HTTP to closed case: the ordinary way of a request, and the ways beside it."""

from __future__ import annotations

from casework.cases.number import parse
from tests.stack.people import PHOTO, events_of, fresh_key, good, refused
from tests.stack.town import STALLS, UNCLEAR, Town


def test_a_filing_is_answered_with_all_that_the_citizen_needs(town: Town) -> None:
    answer = town.stranger().post(
        "/v1/cases", {"text": STALLS, "kind": "complaint"}, town.key_of_number(sampled=False)
    )

    filed = good(answer, 201)
    assert parse(filed["case_number_spoken"]) == filed["case_number"]
    assert len(filed["access_code"]) == 6
    assert filed["access_code"].isdigit()
    assert filed["status"] == "SUBMITTED"
    (promise,) = filed["deadlines"]
    assert (promise["clock"], promise["limit"]) == ("resolve", "15WD")
    assert promise["due_on"] == "2026-03-23"
    assert len(promise["working"]["counted"]) == 15
    assert {"date": "2026-03-07", "reason": "周末"} in promise["working"]["skipped"]
    assert answer.header("Location") == f"/v1/cases/{filed['case_number']}"


def test_the_ordinary_way_from_filing_to_closed(town: Town) -> None:
    officer = town.officer()
    citizen = town.file(contact={"name": "王小云", "phone": "19900001234"}, kind="complaint")

    # dispatch finds the department by the words of the request
    town.drain()
    assert citizen.see()["department"]["code"] == "chengguan"
    line = officer.finds(citizen.number)
    assert line is not None
    assert (line["status"], line["late"]) == ("ASSIGNED", False)

    # the department handles it, and both sides talk
    assert officer.does(citizen.number, "claim")["status"] == "HANDLING"
    officer.does(citizen.number, "contact", how="phone", result="reached", text="约好明天到现场")
    officer.does(citizen.number, "message", text="请问摊贩一般几点出摊？")
    good(citizen.ask("messages", {"text": "傍晚六点以后。"}))
    line = officer.finds(citizen.number)
    assert line is not None
    assert line["unread"]
    replied = officer.does(
        citizen.number, "reply", outcome="resolved", text="已劝离并加派巡查。", evidence=[PHOTO]
    )
    assert replied["status"] == "AWAITING_RATING"

    # the citizen is invited, judges, and the case ends
    town.drain()
    seen = citizen.see()
    assert [notice["kind"] for notice in seen["notices"]] == ["invitation"]
    assert seen["rating_open"]
    assert citizen.rate(5, text="办得很快")["status"] == "CLOSED"
    town.drain()
    assert events_of(citizen.see()) == [
        *("filed", "accepted", "dispatched", "claimed", "contacted", "message-sent"),
        *("message-received", "replied", "invited", "rated", "closed"),
    ]
    said = [entry["text"] for entry in citizen.see()["timeline"] if "text" in entry]
    assert said == ["请问摊贩一般几点出摊？", "傍晚六点以后。", "已劝离并加派巡查。", "办得很快"]
    own = f"/v1/cases/{citizen.number}"
    assert citizen.see()["next"] == [
        {"command": "reopen", "name": "重新打开", "path": f"{own}/reopening"},
        {"command": "object", "name": "提出异议", "path": f"{own}/objection"},
    ]
    assert officer.finds(citizen.number) is None
    town.sound(citizen.number)


def test_an_integrating_unit_gets_its_assignment_in_its_own_queue_and_nothing_else(
    town: Town,
) -> None:
    citizen = town.replied()

    (assignment,) = town.assignments("chengguan", citizen.number)
    assert assignment["unit"] == "chengguan"
    assert assignment["commit"]["version"] == 2
    assert "dispatched" in [event["type"] for event in assignment["commit"]["events"]]
    assert town.assignments("gongshui", citizen.number) == []


def test_a_sampled_reply_is_reviewed_by_somebody_else_before_it_goes_out(town: Town) -> None:
    citizen = town.handled(sampled=True)
    officer, moderator = town.officer(), town.staff("moderator")

    drafted = officer.does(
        citizen.number, "reply", outcome="resolved", text="知道了。", evidence=[PHOTO]
    )
    town.drain()
    assert drafted["status"] == "REPLY_REVIEW"
    assert "知道了。" not in str(citizen.see())
    assert moderator.finds(citizen.number, "queue=replies")

    refused(officer.act(citizen.number, "decide-reply", {"approve": True}), 403, "role")
    moderator.does(citizen.number, "decide-reply", approve=False, text="请写明怎么处理的。")
    officer.does(
        citizen.number,
        "reply",
        outcome="resolved",
        text="已劝离三家，并固定岗位值守。",
        evidence=[PHOTO],
    )
    moderator.does(citizen.number, "decide-reply", approve=True)
    town.drain()

    seen = citizen.see()
    (reply,) = [entry for entry in seen["timeline"] if entry["event"] == "replied"]
    assert reply["text"] == "已劝离三家，并固定岗位值守。"
    assert "请写明" not in str(seen)
    assert len(seen["notices"]) == 1
    citizen.rate(4)
    assert town.case(citizen.number).state == "CLOSED"


def test_what_looks_odd_is_reviewed_before_acceptance(town: Town) -> None:
    citizen, moderator = town.file("你好"), town.staff("moderator")
    town.drain()
    assert town.case(citizen.number).state == "IN_REVIEW"
    assert moderator.finds(citizen.number, "queue=review")

    moderator.does(citizen.number, "request-info", text="您想反映什么事情？")
    town.drain()
    assert "您想反映什么事情？" in str(citizen.see()["timeline"])
    assert good(citizen.ask("messages", {"text": "路口有人占道经营。"}))["status"] == "IN_REVIEW"
    moderator.does(citizen.number, "accept")
    town.drain()

    # its first words say nothing, so a person sends it on
    assert town.case(citizen.number).state == "TRIAGE"
    town.staff("dispatcher").does(citizen.number, "dispatch", unit="chengguan", category="0201")
    town.drain()
    assert len(town.assignments("chengguan", citizen.number)) == 1
    assert citizen.see()["department"]["code"] == "chengguan"


def test_declining_names_the_lawful_path_and_can_be_objected_to(town: Town) -> None:
    citizen = town.file("你好")
    town.drain()
    town.staff("moderator").does(
        citizen.number, "decline", reason="judicial", path="court", text="判决请向上一级法院上诉。"
    )

    seen = citizen.see()
    assert seen["status"] == "DECLINED"
    (declined,) = [entry for entry in seen["timeline"] if entry["event"] == "declined"]
    assert "法院" in declined["words"]
    assert declined["text"] == "判决请向上一级法院上诉。"

    good(citizen.ask("objection", {"text": "不是判决的事，是占道经营没人管。"}))
    refused(
        town.staff("moderator").act(
            citizen.number, "decide-objection", {"grant": True, "text": "自己复核自己"}
        ),
        409,
        "same_person",
    )
    second = town.staff("moderator", subject="moderator-two")
    second.does(citizen.number, "decide-objection", grant=True, text="确属受理范围。")
    town.drain()
    assert town.case(citizen.number).state == "TRIAGE"


def test_an_objection_that_is_refused_is_the_last_of_its_end(town: Town) -> None:
    citizen = town.replied()
    citizen.rate(5)
    good(citizen.ask("objection", {"text": "摊贩当晚又来了。"}))
    moderator = town.staff("moderator")
    assert moderator.finds(citizen.number, "queue=objections")

    moderator.does(citizen.number, "decide-objection", grant=False, text="新情况请重新打开。")

    assert citizen.see()["status"] == "CLOSED"
    refused(citizen.ask("objection", {"text": "还是不服。"}), 409, "objected_already")


def test_an_enquiry_is_answered_in_the_call_by_an_agent(town: Town) -> None:
    answer = {"article": "kb-12", "article_version": 3, "text": "工作日九点到十七点。"}
    filing = {"text": "婚姻登记处几点上班？", "kind": "enquiry", "answer": answer}
    agent = town.staff("agent")

    filed = good(agent.post("/v1/cases", {**filing, "channel": "hotline"}), 201)
    town.drain()

    assert filed["status"] == "AWAITING_RATING"
    seen = agent.sees(filed["case_number"])
    assert events_of(seen) == ["filed", "answered", "invited"]
    assert seen["timeline"][1]["text"] == "工作日九点到十七点。"
    assert len(seen["notices"]) == 1
    town.sound(filed["case_number"])
    refused(town.stranger().post("/v1/cases", filing), 403, "role")


def test_a_return_sends_the_case_to_the_department_that_is_responsible(town: Town) -> None:
    citizen, officer, dispatcher = town.assigned(), town.officer(), town.staff("dispatcher")
    asked = {"reason": "not_our_duty", "unit": "gongshui", "text": "地下管线归供水公司。"}

    good(officer.act(citizen.number, "return", asked))
    assert dispatcher.finds(citizen.number, "queue=returns")
    assert "归供水公司" not in str(citizen.see())
    dispatcher.does(citizen.number, "decide-return", approve=True, unit="gongshui")
    town.drain()

    assert citizen.see()["department"]["code"] == "gongshui"
    assert len(town.assignments("gongshui", citizen.number)) == 1
    assert len(town.assignments("chengguan", citizen.number)) == 1
    refused(officer.act(citizen.number, "claim"), 403, "not_yours")
    town.officer("gongshui").does(citizen.number, "claim")


def test_a_return_without_a_name_is_dispatched_anew_and_never_to_who_returned_it(
    town: Town,
) -> None:
    citizen = town.assigned()

    town.officer().does(citizen.number, "return", reason="not_our_area", text="不在辖区。")
    town.staff("dispatcher").does(citizen.number, "decide-return", approve=True)
    town.drain()

    case = town.case(citizen.number)
    assert case.returned_by == ("chengguan",)
    assert case.unit != "chengguan"
    assert case.state in ("ASSIGNED", "TRIAGE")


def test_a_refused_return_leaves_the_case_where_it_was(town: Town) -> None:
    citizen = town.handled()
    town.officer().does(citizen.number, "return", reason="not_our_duty", text="不归我们管。")

    town.staff("dispatcher").does(citizen.number, "decide-return", approve=False, text="归你们管。")

    assert town.case(citizen.number).state == "HANDLING"
    assert town.case(citizen.number).officer == "officer-chengguan"


def test_an_urge_shows_in_the_worklist(town: Town) -> None:
    citizen = town.handled()

    good(citizen.ask("urges"))
    good(citizen.ask("urges", {"text": "三天了。"}))

    line = town.officer().finds(citizen.number)
    assert line is not None
    assert line["unread"]
    assert town.count(citizen.number, "urged") == 2


def test_a_withdrawal_ends_the_case_and_can_be_taken_back(town: Town) -> None:
    citizen = town.assigned()

    assert good(citizen.ask("withdrawal", {"reason": "solved"}))["status"] == "WITHDRAWN"
    refused(town.officer().act(citizen.number, "claim"), 409, "state")

    good(citizen.ask("reopening", {"text": "第二天又来了。"}))
    town.staff("moderator").does(citizen.number, "accept")
    town.drain()
    assert town.case(citizen.number).state == "ASSIGNED"
    assert len(town.assignments("chengguan", citizen.number)) == 2
    town.sound(citizen.number)


def test_a_closed_case_is_reopened_with_new_facts(town: Town) -> None:
    citizen = town.replied()
    citizen.rate(5)

    assert good(citizen.ask("reopening", {"text": "摊贩又回来了。"}))["status"] == "IN_REVIEW"
    town.staff("moderator").does(citizen.number, "accept")
    town.drain()

    assert town.case(citizen.number).state == "ASSIGNED"
    assert [notice["kind"] for notice in citizen.see()["notices"]] == ["invitation"]
    town.officer().does(citizen.number, "claim")
    town.officer().does(
        citizen.number, "reply", outcome="resolved", text="已设固定岗。", evidence=[PHOTO]
    )
    town.drain()
    assert len(citizen.see()["notices"]) == 2, "each reply has its invitation"


def test_others_support_a_published_case_each_once(town: Town) -> None:
    citizen = town.assigned(publishable=True)
    path, mei = f"/v1/cases/{citizen.number}/support", town.signed_in("mei")
    refused(mei.post(path, {}), 409, "not_public")

    town.staff("moderator").does(citizen.number, "publish")

    assert good(mei.post(path, {}))["supports"] == 1
    assert good(mei.post(path, {}))["supports"] == 1
    assert good(town.signed_in("ping").post(path, {}))["supports"] == 2
    assert citizen.see()["supports"] == 2


def test_a_note_is_for_the_desk_alone(town: Town) -> None:
    citizen = town.handled()

    town.officer().does(citizen.number, "note", text="此人多次投诉同一摊位。")

    assert "此人多次" not in str(citizen.see())
    assert "noted" not in events_of(citizen.see())
    assert "此人多次" in str(town.officer().sees(citizen.number))


def test_contact_data_are_masked_until_somebody_says_why(town: Town) -> None:
    citizen = town.handled(contact={"name": "王小云", "phone": "19900001234"})
    officer = town.officer()

    assert "19900001234" not in str(officer.sees(citizen.number))
    seen = officer.does(citizen.number, "reveal", reason="contact")

    assert seen["contact"] == {"name": "王小云", "phone": "19900001234"}
    assert town.count(citizen.number, "revealed") == 1
    assert "revealed" not in events_of(citizen.see())


def test_a_citizen_who_is_signed_in_finds_the_case_again(town: Town) -> None:
    lin = town.signed_in("lin")
    citizen = town.file(by=lin)
    town.drain()

    (mine,) = good(lin.get("/v1/cases"))["items"]
    assert mine["case_number"] == citizen.number
    assert good(lin.get(f"/v1/cases/{citizen.number}"))["status"] == "ASSIGNED"
    refused(town.signed_in("eve").get(f"/v1/cases/{citizen.number}"), 403, "not_readable")


def test_who_is_dissatisfied_has_it_done_again_twice_by_others_and_then_one_level_up(
    town: Town,
) -> None:
    citizen, moderator = town.replied(), town.staff("moderator")
    for round_, unit in ((1, "chengguan"), (2, "chengguan"), (3, "yunting")):
        assert citizen.rate(1, "no")["status"] == "FOLLOW_UP"
        moderator.does(citizen.number, "redo", text="请换人重新办理。")
        town.drain()
        case = town.case(citizen.number)
        assert (case.state, case.unit) == ("REDO", unit)
        last = town.officer(unit, subject=case.replied_by)
        refused(last.act(citizen.number, "claim"), 409, "same_person")
        another = town.officer(unit, subject=f"another-{round_}")
        another.does(citizen.number, "claim")
        text = f"第{round_}次重办。"
        answer = another.does(
            citizen.number, "reply", outcome="resolved", text=text, evidence=[PHOTO]
        )
        assert answer["status"] == "REPLY_REVIEW", "a second handling is always reviewed"
        moderator.does(citizen.number, "decide-reply", approve=True)
        town.drain()

    assert citizen.rate(1, "no")["status"] == "FOLLOW_UP"
    refused(moderator.act(citizen.number, "redo", {"text": "再来一次"}), 409, "redo_used_up")
    town.staff("supervisor").does(
        citizen.number, "close", explanation="lawful", text="已四次到场，摊位有许可。"
    )
    town.drain()
    assert town.case(citizen.number).state == "CLOSED"
    assert town.count(citizen.number, "redo-ordered") == 3
    assert len(citizen.see()["notices"]) == 4


def test_who_was_never_contacted_gets_a_second_handling_at_once(town: Town) -> None:
    citizen = town.replied()

    assert citizen.rate(2, "no", contacted=False)["status"] == "REDO"
    another = town.officer(subject="another")
    another.does(citizen.number, "claim")
    another.does(citizen.number, "reply", outcome="resolved", text="已当面说明。", evidence=[PHOTO])
    town.staff("moderator").does(citizen.number, "decide-reply", approve=True)
    town.drain()

    assert citizen.rate(4)["status"] == "CLOSED"
    town.sound(citizen.number)


def test_what_no_word_decides_waits_for_a_person(town: Town) -> None:
    citizen, dispatcher = town.file(UNCLEAR), town.staff("dispatcher")
    town.drain()

    assert dispatcher.finds(citizen.number, "queue=triage")
    dispatcher.does(citizen.number, "dispatch", unit="gongshui", category="0301")
    town.drain()

    (assignment,) = town.assignments("gongshui", citizen.number)
    assert assignment["commit"]["actor"]["id"] == "dispatcher-city"


def test_a_command_repeated_with_the_same_key_is_carried_out_once(town: Town) -> None:
    citizen, officer, key = town.handled(), town.officer(), fresh_key()
    first = good(officer.act(citizen.number, "message", {"text": "收到。"}, key=key))

    again = good(officer.act(citizen.number, "message", {"text": "收到。"}, key=key))

    assert again["version"] == first["version"]
    other = officer.act(citizen.number, "message", {"text": "别的。"}, key=key)
    refused(other, 422, "key_reused")
    assert town.texts(citizen.number)["收到。"] == 1
