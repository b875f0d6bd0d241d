"""Cases that belong together, over HTTP: one answer for a quarter, each household judging for itself."""

from __future__ import annotations

from schemas.events import Split
from tests.stack.faults import away, fuses, meanwhile, puts
from tests.stack.people import PHOTO, Citizen, events_of, fresh_key, good, refused
from tests.stack.town import Town

ANSWER = "拌合站已停产整改，围挡和喷淋本周装好。"


def merged(town: Town, followers: int = 1) -> tuple[Citizen, list[Citizen]]:
    """A case that chengguan handles, and others about the same matter that follow it."""
    lead, moderator = town.handled(), town.staff("moderator")
    behind = [town.assigned(contact={"phone": f"1990000{n:04}"}) for n in range(followers)]
    for one in behind:
        said = moderator.does(one.number, "merge", case=lead.number)
        assert said["status"] == "FOLLOWING"
    town.drain()
    return lead, behind


def replies(town: Town, lead: Citizen) -> None:
    town.officer().does(lead.number, "reply", outcome="resolved", text=ANSWER, evidence=[PHOTO])
    town.drain()


def checked(town: Town, lead: Citizen, text: str | None = None) -> None:
    """The reply has been read for other people's data, and goes to all."""
    body = {"text": text} if text else {}
    town.staff("moderator").does(lead.number, "pass-on", **body)
    town.drain()


def test_one_answer_reaches_all_that_were_merged_and_each_judges_it(town: Town) -> None:
    lead, (pleased, angry) = merged(town, 2)
    assert town.case(lead.number).followers == 2

    # given an answer to the lead: its own citizen has it, the others wait for the check
    replies(town, lead)
    assert lead.see()["status"] == "AWAITING_RATING"
    assert pleased.see()["status"] == "FOLLOWING"
    assert town.staff("moderator").finds(lead.number, "queue=followers")

    # when it has been checked, in words for everybody
    everybody = "拌合站已停产整改，请大家监督。"
    checked(town, lead, everybody)

    # then each has an answer, and an invitation to judge it, of its own
    for one in (pleased, angry):
        seen = one.see()
        assert seen["status"] == "AWAITING_RATING"
        assert events_of(seen)[-2:] == ["reply-taken", "invited"]
        assert everybody in str(seen)
        assert ANSWER not in str(seen)
        assert len(seen["notices"]) == 1
        assert lead.number not in str(seen), "whose case it follows is nobody's business"
    assert town.staff("moderator").finds(lead.number, "queue=followers") is None

    # and goes on by itself: one is satisfied, the other has it handled again
    assert pleased.rate(5)["status"] == "CLOSED"
    assert angry.rate(1, "no")["status"] == "FOLLOW_UP"
    town.staff("supervisor").does(angry.number, "redo", text="请到他家听一听。")
    town.drain()
    assert town.officer().finds(angry.number), "with the unit that gave the answer"
    assert lead.rate(4)["status"] == "CLOSED"
    for one in (lead, pleased, angry):
        town.sound(one.number)


def test_the_answer_comes_once_however_often_it_is_told(town: Town) -> None:
    lead, (one,) = merged(town)
    replies(town, lead)

    with meanwhile(
        town.stack,
        lambda call: call.function == "Followers" and puts(call, "#HEAD"),
        lambda: good(one.ask("messages", {"text": "还要等多久？"})),
    ):
        checked(town, lead)
    for announcement in town.announcements(lead.number) * 2:
        town.send("FollowQueue", announcement)
    town.drain()

    assert town.count(one.number, "reply-taken") == 1
    assert town.count(one.number, "message-received") == 1
    assert one.see()["status"] == "AWAITING_RATING"


def test_an_answer_that_could_not_be_stored_is_told_again(town: Town) -> None:
    lead, behind = merged(town, 3)
    replies(town, lead)

    with away(
        town.stack,
        lambda call: call.function == "Followers" and puts(call, "#HEAD"),
        2,
        code="ServiceUnavailable",
    ):
        checked(town, lead)

    for one in behind:
        assert one.see()["status"] == "AWAITING_RATING"
        assert town.count(one.number, "reply-taken") == 1
    assert town.take("FollowDeadLetters") == []


def test_when_a_lead_ends_without_an_answer_its_followers_are_dispatched_again(town: Town) -> None:
    lead, (one,) = merged(town)

    good(lead.ask("withdrawal", {"reason": "no_longer_wanted"}))
    town.drain()

    case = town.case(one.number)
    assert (case.state, case.follows, case.unit) == ("ASSIGNED", None, "chengguan")
    assert town.count(one.number, "unmerged") == 1
    assert town.case(lead.number).followers == 0


def test_one_that_is_taken_out_is_not_told_the_answer(town: Town) -> None:
    lead, (stays, leaves) = merged(town, 2)
    moderator = town.staff("moderator")

    moderator.does(leaves.number, "unmerge", text="他家说的是另一条路。")
    town.drain()
    assert town.case(lead.number).followers == 1
    replies(town, lead)
    checked(town, lead)

    assert stays.see()["status"] == "AWAITING_RATING"
    assert leaves.see()["status"] == "ASSIGNED"
    assert town.count(leaves.number, "reply-taken") == 0


def test_two_that_are_merged_into_each_other_at_once_are_one_lead_and_one_follower(
    town: Town,
) -> None:
    first, second = town.handled(), town.handled()

    def the_other_way() -> None:
        town.staff("dispatcher").does(second.number, "merge", case=first.number)

    with meanwhile(
        town.stack, lambda call: call.function == "Desk" and puts(call, "#HEAD"), the_other_way
    ):
        answer = town.staff("moderator").act(first.number, "merge", {"case": second.number})
    town.drain()

    refused(answer, 409, "follows_another")
    assert town.case(first.number).followers == 1
    assert town.case(second.number).follows == first.number
    for one in (first, second):
        town.sound(one.number)


def test_the_answer_comes_once_wherever_followers_dies(town: Town) -> None:
    points: list[str | None] = []
    for fuse in fuses("Followers"):
        lead, (one,) = merged(town)
        replies(town, lead)
        town.cold()
        with fuse.lit(town.stack):
            checked(town, lead)
        assert one.see()["status"] == "AWAITING_RATING", fuse.burnt
        assert town.count(one.number, "reply-taken") == 1, fuse.burnt
        points.append(fuse.burnt)
    assert len(points) >= 2 * 5 + 1, "the lead; who follows it: HEAD, text, commit, HEAD"


def test_a_merge_that_is_asked_again_wherever_the_desk_died_is_one(town: Town) -> None:
    lead, moderator = town.handled(), town.staff("moderator")
    for merges, fuse in enumerate(fuses("Desk"), start=1):
        one, key = town.assigned(), fresh_key()
        town.cold()
        with fuse.lit(town.stack):
            moderator.act(one.number, "merge", {"case": lead.number}, key=key)
        again = good(moderator.act(one.number, "merge", {"case": lead.number}, key=key))
        assert again["status"] == "FOLLOWING", fuse.burnt
        assert town.count(one.number, "merged") == 1, fuse.burnt
        assert town.count(lead.number, "lead-taken") == merges, fuse.burnt
        assert town.case(lead.number).followers == merges, fuse.burnt


def test_a_case_that_is_split_makes_each_part_once_wherever_the_desk_died(town: Town) -> None:
    dispatcher, parts = town.staff("dispatcher"), [{"text": "路口的灯也不亮，请修。"}]
    before, wholes, made = set(town.numbers()), set[str](), set[str]()
    for fuse in fuses("Desk"):
        whole, key = town.file(), fresh_key()
        wholes.add(whole.number)
        town.cold()
        with fuse.lit(town.stack):
            dispatcher.act(whole.number, "split", {"parts": parts}, key=key)
        good(dispatcher.act(whole.number, "split", {"parts": parts}, key=key))
        (split,) = [
            event
            for commit in town.sound(whole.number).journal
            for event in commit.events
            if isinstance(event, Split)
        ]
        made.update(split.into)

    assert len(made) == len(wholes)
    assert set(town.numbers()) - before == wholes | made, "and there are no others"
