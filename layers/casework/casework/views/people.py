"""A person as the person sees it: kinds, times and proofs of bindings, never what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casework.views.times import local
from casework.words import Language, pick
from schemas.names import BindingEvent, BindingKind, Proof
from schemas.views import Binding, BindingRecord, Person

if TYPE_CHECKING:
    from casework.clock.calendar import Calendar
    from casework.people import person as people

_KINDS: dict[BindingKind, tuple[str, str]] = {
    "account": ("登录账号", "account"),
    "phone": ("手机或电话号码", "phone number"),
    "wechat": ("微信", "WeChat"),
    "email": ("电子邮箱", "mail address"),
}
_PROOFS: dict[Proof, tuple[str, str]] = {
    "account": ("登录即为本人", "you are signed in with it"),
    "issuer": ("登录服务已核实", "verified by the sign-in service"),
}
_HAPPENED: dict[BindingEvent, tuple[str, str]] = {
    "joined": (
        "已绑定{kind}（{proof}）。用它提交过的诉求都归到您名下。",
        "Joined: {kind} ({proof}). What was filed with it is yours.",
    ),
    "joined_from_then": (
        "已绑定{kind}（{proof}）。它以前由别人绑定过，此刻起用它提交的诉求才归到您名下。",
        "Joined: {kind} ({proof}). Somebody else had it before, so what is filed with it from then on "
        "is yours.",
    ),
    "passed_on": (
        "{kind}已由另一人核实并绑定。此前用它提交的诉求仍是您的，此后的不再是。",
        "Passed on: another person has proven this {kind}. What was filed with it before stays yours.",
    ),
    "separated": (
        "已解除绑定{kind}。用它提交的诉求不再归到您名下，凭查询码仍可查看。",
        "Separated: {kind}. What was filed with it is yours no more; the access code still opens it.",
    ),
}


def kind_name(kind: BindingKind, language: Language) -> str:
    return pick(_KINDS[kind], language)


def proof_name(proof: Proof, language: Language) -> str:
    return pick(_PROOFS[proof], language)


def person(found: people.Person, calendar: Calendar, language: Language) -> Person:
    """The bindings that count, the account first, and what became of all there ever were."""
    account = Binding(
        id=found.id,
        kind="account",
        name=kind_name("account", language),
        how="account",
        how_text=proof_name("account", language),
        current=True,
    )
    joined = [
        _binding(binding, found.id, calendar, language)
        for binding in found.bindings.values()
        if binding.spans_of(found.id)
    ]
    return Person(
        bindings=[account, *sorted(joined, key=lambda one: (one.joined_at or "", one.id))],
        records=[
            BindingRecord(
                at=local(record.at, calendar),
                binding=record.key,
                event=record.what,
                words=_words(record, language),
            )
            for record in found.records
        ],
    )


def _binding(
    binding: people.Binding, person: str, calendar: Calendar, language: Language
) -> Binding:
    joined = binding.joined_by(person)
    return Binding(
        id=binding.key,
        kind=binding.kind,
        name=kind_name(binding.kind, language),
        joined_at=local(joined.at, calendar),
        how=joined.proof,
        how_text=proof_name(joined.proof, language),
        current=binding.holder == person,
    )


def _words(record: people.Record, language: Language) -> str:
    proof = proof_name(record.proof, language) if record.proof else ""
    return pick(_HAPPENED[record.what], language).format(
        kind=kind_name(record.kind, language), proof=proof
    )
