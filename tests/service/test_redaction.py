"""What should not stand anywhere is taken out: of every view at once, then of the store, and the
journal stays whole (PIPL art. 47)."""

from __future__ import annotations

from random import Random

import pytest

from casework.clock.policy import ReplyReview
from casework.outcomes import Changed, Refused
from casework.relating import Followers
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.items import Dossier
from casework.views.cases import citizen_case, desk_case
from schemas import commands as c
from tests.service.test_crashes import MOMENTS, calls_of, mortal
from tests.support.faults import Baton, Death, Killed, Moment, StepTable
from tests.support.orders import Orders
from tests.support.relatives import (
    Act,
    case_of,
    copied,
    filed,
    follow,
    give,
    gives,
    handled,
    merge,
    play,
)
from tests.support.soundness import sound
from tests.support.stories import (
    HANDLED,
    MODERATOR,
    NAME,
    OFFICER,
    PHONE,
    REPLY,
    SUPERVISOR,
    TEXT,
    UNSURE,
)
from tests.support.world import CITIZEN, MemoryWorld, rules_of

ADDRESS = "听雨街道檐下社区月亮河小区七号楼"
SECRET = "张三家在七号楼，电话一三八零。"
PLACE = c.Place(lon=114.1, lat=30.5, address=ADDRESS)


def everything(world: MemoryWorld) -> str:
    return repr(world.stored())


def seen(world: MemoryWorld, dossier: Dossier) -> tuple[str, str]:
    """All that the citizen and the desk are shown, contact included."""
    service, rules = world.service, world.rules
    own = citizen_case(dossier, CITIZEN, rules, "zh-CN", world.now(), service.keys)
    contact = service.contact(dossier.body)
    desk = desk_case(dossier, contact, MODERATOR, rules, "zh-CN", world.now())
    return own.model_dump_json(), desk.model_dump_json()


def told(world: MemoryWorld) -> tuple[str, int]:
    """A case in which the citizen and the officer wrote too much; and the reply's version."""
    number = filed(world, "1", *HANDLED, text=TEXT, place=PLACE)
    give(world, number, c.SendMessage(text=SECRET), CITIZEN)
    version = sound(world.service, number).head.case.version
    give(world, number, *REPLY)
    return number, version


def test_what_was_filed_is_gone_from_the_views_and_from_the_store() -> None:
    world = MemoryWorld()
    number, _ = told(world)

    give(world, number, c.Redact(part="body", text="（应诉求人要求去除）"), MODERATOR)

    dossier = sound(world.service, number)
    assert (dossier.body.title, dossier.body.text) == ("", "")
    assert not {"title", "text"} & dossier.body.salts.keys(), "its hash can be matched with nothing"
    assert TEXT not in everything(world)
    for shown in seen(world, dossier):
        assert TEXT not in shown
        assert "（应诉求人要求去除）" in shown


def test_a_text_is_gone_and_what_replaces_it_is_shown_in_its_place() -> None:
    world = MemoryWorld()
    number, version = told(world)

    give(world, number, c.Redact(part=str(version), text="（已去除他人信息）"), MODERATOR)

    dossier = sound(world.service, number)
    assert SECRET not in everything(world)
    for shown in seen(world, dossier):
        assert SECRET not in shown
        assert shown.count("（已去除他人信息）") >= 1


def test_a_reply_that_went_out_after_review_is_taken_out_by_the_version_that_shows_it() -> None:
    world = MemoryWorld(rules=rules_of(reply_review="all"))
    number = handled(world, "1")
    answer = REPLY[0].model_copy(update={"text": SECRET})
    give(world, number, answer, OFFICER)
    give(world, number, c.DecideReply(approve=True), MODERATOR)
    shown = citizen_case(
        sound(world.service, number), CITIZEN, world.rules, "zh-CN", world.now()
    ).timeline
    version = next(entry.version for entry in shown if entry.text == SECRET)

    give(world, number, c.Redact(part=str(version)), MODERATOR)

    assert SECRET not in everything(world)
    assert SECRET not in "".join(seen(world, sound(world.service, number)))


def test_who_and_where_are_gone_and_nobody_gets_in_touch_any_more() -> None:
    world = MemoryWorld()
    number, _ = told(world)
    give(world, number, c.Redact(part="contact"), MODERATOR)
    give(world, number, c.Redact(part="address"), MODERATOR)

    dossier = sound(world.service, number)
    assert world.service.contact(dossier.body) == {}
    assert (dossier.body.address, dossier.body.lon, dossier.body.lat) == (None, None, None)
    assert dossier.body.salts.keys() == {"title", "text"}
    assert dossier.body.key is None
    assert not dossier.head.case.reachable
    for secret in (ADDRESS, NAME, PHONE):
        assert secret not in everything(world)
        assert secret not in "".join(seen(world, dossier))


@pytest.mark.parametrize("part", ["0", "99", "contacts", "-1", "", "all"])
def test_what_is_not_there_is_not_taken_out(part: str) -> None:
    world = MemoryWorld()
    number = handled(world, "1")
    before = world.stored()
    with pytest.raises((Refused, ValueError)):
        give(world, number, c.Redact(part=part), MODERATOR)
    assert world.stored() == before


def test_the_replacement_can_be_taken_out_too() -> None:
    world = MemoryWorld()
    number, version = told(world)
    redacted = give(world, number, c.Redact(part=str(version), text=SECRET), MODERATOR)
    give(world, number, c.Redact(part=str(redacted.case.version), text="（略）"), SUPERVISOR)

    dossier = sound(world.service, number)
    assert SECRET not in everything(world)
    assert SECRET not in "".join(seen(world, dossier))


def test_an_ended_case_is_redacted_too_and_stays_ended() -> None:
    world = MemoryWorld()
    number = handled(world, "1")
    give(world, number, c.Withdraw(reason="solved"), CITIZEN)

    after = give(world, number, c.Redact(part="body"), MODERATOR).case

    assert after.state == "WITHDRAWN"
    assert after.next_due is None
    assert TEXT not in everything(world)


# -- what was passed on ------------------------------------------------------------------------

OWN_WORDS = "您楼里的电梯已修好。"


def passed_on(
    reply_review: ReplyReview = "none", own: str | None = None
) -> tuple[MemoryWorld, str, list[str], dict[str, int]]:
    """A lead whose answer says too much and went to two that followed it; and at which versions."""
    world = MemoryWorld(rules=rules_of(reply_review=reply_review))
    lead, *followers = (handled(world, name) for name in "123")
    for follower in followers:
        merge(world, follower, lead)
    versions = {}
    give(world, lead, REPLY[0].model_copy(update={"text": SECRET}), OFFICER)
    versions["the reply"] = case_of(world, lead).version
    if reply_review == "all":
        give(world, lead, c.DecideReply(approve=True), MODERATOR)
        versions["its review"] = case_of(world, lead).version
    give(world, lead, c.PassOn(text=own), MODERATOR)
    versions["the passing on"] = case_of(world, lead).version
    return world, lead, followers, versions


@pytest.mark.parametrize(
    ("reply_review", "part"),
    [("none", "the reply"), ("all", "the reply"), ("all", "its review")],
)
def test_a_reply_that_is_taken_out_goes_from_the_cases_it_was_passed_on_to(
    reply_review: ReplyReview, part: str
) -> None:
    world, lead, followers, versions = passed_on(reply_review)
    follow(world.service, lead)
    assert everything(world).count(SECRET) == 3

    redaction = c.Redact(part=str(versions[part]), text="（已去除他人信息）已修好。")
    for _ in range(2):
        give(world, lead, redaction, MODERATOR, "redaction")

    assert SECRET not in everything(world)
    for number in (lead, *followers):
        dossier = sound(world.service, number)
        assert len(dossier.redactions) == 1, "once"
        for shown in seen(world, dossier):
            assert SECRET not in shown
            assert "（已去除他人信息）已修好。" in shown


def test_words_that_were_passed_on_instead_go_with_the_passing_on_and_not_with_the_reply() -> None:
    world, lead, followers, versions = passed_on(own=OWN_WORDS)
    follow(world.service, lead)

    give(world, lead, c.Redact(part=str(versions["the reply"])), MODERATOR)
    assert SECRET not in everything(world)
    for follower in followers:
        assert OWN_WORDS in seen(world, sound(world.service, follower))[0]

    give(world, lead, c.Redact(part=str(versions["the passing on"])), MODERATOR)
    assert OWN_WORDS not in everything(world)


def test_what_else_is_taken_out_of_a_lead_stays_with_those_that_followed() -> None:
    world, lead, followers, _ = passed_on()
    follow(world.service, lead)
    give(world, lead, c.Redact(part="body"), MODERATOR)
    for follower in followers:
        assert sound(world.service, follower).redactions == {}
        assert SECRET in seen(world, sound(world.service, follower))[0]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_redaction_that_died_between_the_lead_and_its_followers_is_done_by_the_repeat(
    moment: Moment,
) -> None:
    world_told, lead, followers, versions = passed_on()
    follow(world_told.service, lead)
    act = gives(lead, c.Redact(part=str(versions["the reply"])), MODERATOR)
    for call in range(calls_of(act, copied(world_told))):
        world = copied(world_told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        act(world.new_service())
        assert SECRET not in everything(world)
        for number in (lead, *followers):
            assert len(sound(world.service, number).redactions) == 1


@pytest.mark.parametrize("seed", range(100))
def test_a_redaction_while_the_answer_is_on_its_way_reaches_it(seed: int) -> None:
    """In orders at random: of all there are too many."""
    world, lead, followers, versions = passed_on()
    baton = Baton(Random(seed).choice)
    table = StepTable(world.memory, baton.step)
    service = Service(CaseStore(table), world.vault, lambda: world.rules, clock=world.clock)
    redacts = gives(lead, c.Redact(part=str(versions["the reply"])), MODERATOR)

    results = baton.run(
        lambda: redacts(service),
        lambda: Followers(service).follow(lead, versions["the passing on"]),
    )

    assert not [result for result in results if isinstance(result, BaseException)], results
    assert SECRET not in everything(world)
    for number in (lead, *followers):
        assert sound(world.service, number).head.case.state == "AWAITING_RATING"


# -- deaths, and two at once -------------------------------------------------------------------


@pytest.mark.parametrize("part", ["body", "contact", "address", "text"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_redaction_whose_process_died_anywhere_is_done_by_the_repeat(
    part: str, moment: Moment
) -> None:
    world_told = MemoryWorld()
    number, version = told(world_told)
    part = str(version) if part == "text" else part
    act = gives(number, c.Redact(part=part, text="（略）"), MODERATOR)
    for call in range(calls_of(act, copied(world_told))):
        world = copied(world_told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        for _ in range(2):
            act(world.new_service())
        dossier = sound(world.service, number)
        assert len(dossier.journal) == version + 2, "once"
        _gone(world, dossier, part)


def _gone(world: MemoryWorld, dossier: Dossier, part: str) -> None:
    gone = {"body": TEXT, "contact": "sealed-", "address": ADDRESS}.get(part, SECRET)
    assert gone not in everything(world)
    assert part != "contact" or dossier.body.sealed == {}


def test_two_redactions_at_once_are_both_done() -> None:
    world_told = MemoryWorld()
    number = filed(world_told, "1", UNSURE, place=PLACE)
    acts: tuple[Act, Act] = (
        gives(number, c.Redact(part="contact"), MODERATOR),
        gives(number, c.Redact(part="address"), SUPERVISOR),
    )
    orders = Orders()
    for run in orders:
        world = copied(world_told)
        results = play(world, run, *acts)
        assert all(isinstance(result, Changed) for result in results), results
        body = sound(world.service, number).body
        assert body.sealed == {}
        assert body.address is None
    assert orders.tried > 10


def test_a_redaction_and_a_message_at_once() -> None:
    world_told = MemoryWorld()
    number, version = told(world_told)
    orders = Orders()
    for run in orders:
        world = copied(world_told)
        play(
            world,
            run,
            gives(number, c.Redact(part=str(version)), MODERATOR),
            gives(number, c.SendMessage(text="谢谢。"), CITIZEN),
        )
        dossier = sound(world.service, number)
        assert SECRET not in everything(world)
        assert "谢谢。" in dossier.texts.values()
