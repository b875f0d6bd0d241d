"""A city on the local stack, loaded and inhabited, as the stack tests share it."""

from __future__ import annotations

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from casework import runtime
from casework.cases.chain import whole
from casework.cases.evolve import apply
from casework.cases.state import Case
from casework.catalogue.load import read_city
from casework.security.keys import Keys, salted
from casework.service import Service
from casework.store.items import Dossier
from casework.store.settings import write_city
from infra.local.stack import Stack
from schemas.events import Announcement
from tests.stack.people import PHOTO, Citizen, Client, Person, Staff, fresh_key, good

ROOT = Path(__file__).resolve().parents[2]
MONDAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""09:30 in the city, a working day with two plain weeks behind it."""
ISSUER, AUDIENCE = "https://issuer.example", "lianxin"
INTEGRATING = ("chengguan", "gongshui")
"""Units of the city with a queue of their own."""
STALLS = "路口每天傍晚占道经营的摊贩很多，人行道走不过去，请城管来管一管。"
"""A request whose words lead to the urban management bureau, chengguan."""
UNCLEAR = "昨天的事情我想再了解一下具体怎么处理，麻烦尽快告诉我结果。"
"""A request without a word that the catalogue knows."""


class Town:
    """The stack with its city, its issuer of tokens, and what the tests look at."""

    def __init__(self, **options: Any) -> None:
        self._assigned: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._key = ec.generate_private_key(ec.SECP256R1())
        parameters = {
            "TokenIssuer": ISSUER,
            "TokenAudience": AUDIENCE,
            "TokenJwksUri": self._jwks_uri(),
            **options.pop("parameters", {}),
        }
        clock = options.pop("clock", lambda: MONDAY)
        self.stack = Stack(ROOT, clock, parameters, INTEGRATING, **options)

    @contextmanager
    def open(self) -> Iterator[Town]:
        """Start the stack and load the city; stop it in the end."""
        with self.stack:
            write_city(runtime.world().settings_table, read_city(ROOT / "infra" / "city"))
            yield self

    @property
    def client(self) -> Client:
        """What carries people's requests."""
        return self.stack

    def drain(self) -> None:
        """Let the stack come to rest."""
        self.stack.drain()

    def _jwks_uri(self) -> str:
        key = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        jwks = json.dumps({"keys": [{**key, "kid": "test", "use": "sig"}]})
        return "data:application/json;base64," + base64.b64encode(jwks.encode()).decode()

    # -- who comes ---------------------------------------------------------------------------

    def token(self, role: str, subject: str, unit: str | None = None, **claims: Any) -> str:
        """A token of the city's issuer, good for an hour of the stack's time."""
        said = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "role": role,
            "exp": int((self.stack.now() + timedelta(hours=1)).timestamp()),
            **({"department": unit} if unit else {}),
            **claims,
        }
        return jwt.encode(said, self._key, algorithm="ES256", headers={"kid": "test"})

    def staff(self, role: str, unit: str | None = None, subject: str | None = None) -> Staff:
        """Somebody at the desk; the same account for the same role and unit."""
        token = self.token(role, subject or f"{role}-{unit or 'city'}", unit)
        return Staff(self.client, {"Authorization": f"Bearer {token}"})

    def officer(self, unit: str = "chengguan", subject: str | None = None) -> Staff:
        return self.staff("officer", unit, subject)

    def stranger(self) -> Person:
        """A citizen without any credentials."""
        return Person(self.client, {})

    def signed_in(self, subject: str, **claims: Any) -> Person:
        """A citizen who is signed in."""
        token = self.token("citizen", subject, **claims)
        return Person(self.client, {"Authorization": f"Bearer {token}"})

    # -- what they often do ------------------------------------------------------------------

    def file(
        self, text: str = STALLS, *, sampled: bool = False, by: Person | None = None, **fields: Any
    ) -> Citizen:
        """File a case, by default with a phone; `sampled`: its reply will be drawn for review."""
        fields = {"contact": {"phone": "19900001234"}, **fields}
        by_phone = fields.get("channel") == "hotline"  # then an agent takes it down
        somebody = by or (self.staff("agent") if by_phone else self.stranger())
        key = fresh_key() if by else self.key_of_number(sampled=sampled, by_phone=by_phone)
        filing = good(somebody.post("/v1/cases", {"text": text, **fields}, key), 201)
        number = filing["case_number"]
        assert by is not None or _is_sampled(number) == sampled
        code = filing["access_code"]
        return Citizen(self.client, {"Access-Code": code}, number, code)

    def key_of_number(self, *, sampled: bool, by_phone: bool = False) -> str:
        """An Idempotency-Key whose case number, on the web without sign-in or by phone, is (not)
        sampled."""
        sender = "hotline\nagent:agent-city" if by_phone else "web\ncitizen:citizen"
        keys = Keys(runtime.world().service.vault.master())
        while True:
            key = fresh_key()
            if _is_sampled(keys.case_number(f"{sender}\n{key}")) == sampled:
                return key

    def assigned(self, **fields: Any) -> Citizen:
        """A case that dispatch gave to chengguan by its words."""
        citizen = self.file(**fields)
        self.drain()
        assert self.case(citizen.number).state == "ASSIGNED"
        return citizen

    def handled(self, **fields: Any) -> Citizen:
        """A case that the officer of chengguan has claimed."""
        citizen = self.assigned(**fields)
        self.officer().does(citizen.number, "claim")
        return citizen

    def replied(self, **fields: Any) -> Citizen:
        """A case that waits for its citizen's rating."""
        citizen = self.handled(**fields)
        self.officer().does(
            citizen.number, "reply", outcome="resolved", text="摊贩已劝离。", evidence=[PHOTO]
        )
        self.drain()
        return citizen

    def cold(self) -> None:
        """Let every function start anew: no settings, no keys, nothing remembered."""
        runtime.configure({}, into=self.fresh_world())

    def fresh_world(self) -> runtime.World:
        """A world that knows nothing yet, but for AWS clients: to make those takes long."""
        world = runtime.World(self.stack.environment, self.stack.now)
        vars(world)["_clients"] = runtime.world()._clients
        return world

    def scheduled_event(self) -> dict[str, Any]:
        """What the schedule wakes a function with."""
        return {
            "version": "0",
            "id": fresh_key(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "123456789012",
            "time": self.stack.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self.stack.cloud.region,
            "resources": [],
            "detail": {},
        }

    # -- what stands in the end --------------------------------------------------------------

    @property
    def service(self) -> Service:
        return runtime.world().service

    def dossier(self, number: str) -> Dossier:
        found = self.service.store.dossier(number)
        assert found is not None, f"there is no case {number}"
        return found

    def case(self, number: str) -> Case:
        return self.dossier(number).head.case

    def sound(self, number: str) -> Dossier:
        """The dossier, after looking whether all of it holds together.

        The journal is gapless and chained; the case is what its events make of it; it has an
        alarm exactly while it is open; each request stands in it once; each text that a commit
        names is there, and is the one that the commit was sealed with.
        """
        dossier = self.dossier(number)
        case, journal = dossier.head.case, list(dossier.journal)
        assert whole(journal), "the chain is broken"
        made: Case | None = None
        for commit in journal:
            made = apply(made, commit, number)
        nobody = case.model_copy(update={"citizen": None})
        assert made == nobody, "the events, and who filed, do not make this case"
        assert (case.next_due is not None) == case.is_open
        requests = [commit.request.split(".")[0] for commit in journal if commit.request]
        assert len(requests) == len(set(requests)), "a request was carried out twice"
        named = [(number, commit.text) for commit in journal if commit.text is not None]
        stored = self.service.store.table.get_many(named)
        for commit in journal:
            if commit.text is not None:
                text = stored[number, commit.text]
                hashed = commit.texts.get("answer") or commit.texts["text"]
                assert hashed == salted(text["salt"], text["text"])
        return dossier

    def journal(self, number: str) -> list[str]:
        """The types of all events of a case that is sound."""
        return [event.type for commit in self.sound(number).journal for event in commit.events]

    def count(self, number: str, event: str) -> int:
        return self.journal(number).count(event)

    def texts(self, number: str) -> Counter[str]:
        """The texts that came with the case's commands, as its commits name them."""
        dossier = self.sound(number)
        return Counter(dossier.texts[c.text] for c in dossier.journal if c.text)

    def numbers(self) -> list[str]:
        """Every case that has a HEAD."""
        dynamodb = self.stack.cloud.client("dynamodb")
        pages = dynamodb.get_paginator("scan").paginate(
            TableName=self.stack.environment["CASES_TABLE"]
        )
        return [
            item["pk"]["S"]
            for page in pages
            for item in page["Items"]
            if item["sk"]["S"] == "#HEAD"
        ]

    def send(self, queue: str, *messages: str) -> None:
        """Put messages into a queue of the template."""
        url = self.stack.url(queue)
        for message in messages:
            self.stack.cloud.client("sqs").send_message(QueueUrl=url, MessageBody=message)

    def take(self, queue: str) -> list[str]:
        """Take the messages out of a queue of the template, by its logical id."""
        return self._take(self.stack.url(queue))

    def assignments(self, unit: str, number: str) -> list[dict[str, Any]]:
        """What an integrating unit's own queue was ever given of one case."""
        sqs = self.stack.cloud.client("sqs")
        url = sqs.get_queue_url(QueueName=f"lianxin-unit-{unit}")["QueueUrl"]
        self._assigned[unit] += [json.loads(body) for body in self._take(url)]
        return [one for one in self._assigned[unit] if one["case_number"] == number]

    def announcements(self, number: str) -> list[str]:
        """What the topic was given of a case, from its journal, each as it was at the time."""
        case: Case | None = None
        found = []
        for commit in self.dossier(number).journal:
            case = apply(case, commit, number)
            announced = Announcement(
                case_number=number, state=case.state, unit=case.unit, commit=commit
            )
            found.append(announced.model_dump_json())
        return found

    def _take(self, url: str) -> list[str]:
        """To look without taking would count as a delivery, and five of those kill a message."""
        sqs = self.stack.cloud.client("sqs")
        found: list[str] = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found


def _is_sampled(number: str) -> bool:
    """Whether the default policy draws this case's reply for review: ten of a hundred."""
    return int(number[-3:-1]) < 10
