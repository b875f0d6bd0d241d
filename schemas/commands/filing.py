"""The filing: what a citizen, or somebody for the citizen, brings to the city."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from schemas import names
from schemas.base import Code, Day, Line, Model, Phone, Text, Time, Title
from schemas.commands.base import Command


def _to_the_centimetre(degrees: float) -> float:
    """Seven decimals, and no negative zero: what any store gives back as it was."""
    return round(degrees, 7) + 0.0


_ROUNDED = AfterValidator(_to_the_centimetre)


class Place(Model):
    """Where the matter is. Degrees in WGS 84; address as the citizen wrote it."""

    lon: Annotated[float, Field(ge=-180, le=180), _ROUNDED] | None = None
    lat: Annotated[float, Field(ge=-90, le=90), _ROUNDED] | None = None
    address: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Place":
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon_lat_together")
        return self


class Contact(Model):
    """How the city reaches the citizen. Encrypted at rest, masked on display."""

    name: Line | None = None
    phone: Phone | None = None


class KnowledgeAnswer(Model):
    """An answer given in the call from the knowledge base; the article's version is kept."""

    article: Code
    article_version: int = Field(ge=1, le=1_000_000)
    text: Text


class OnBehalfOf(Model):
    """Who speaks for the citizen, being what to them; without the citizen's consent only a guardian."""

    relation: names.Representation
    consent: bool = False
    name: Line | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _agreed(self) -> "OnBehalfOf":
        if not self.consent and self.relation != "guardian":
            raise ValueError("consent_needed")
        return self


class From(Model):
    """Where a case from above comes from, its number there (发文字号 such as 批〔2026〕7号), and the
    due date imposed: a day, or an instant."""

    system: names.Origin
    number: Line | None = None
    due: Day | None = None
    due_at: Time | None = None

    @model_validator(mode="after")
    def _one_due(self) -> "From":
        if self.due is not None and self.due_at is not None:
            raise ValueError("one_due")
        return self


class File(Command):
    """A request as the citizen, or an agent for the citizen, files it."""

    type: Literal["file"] = "file"
    text: Text
    title: Title | None = None
    channel: names.Channel = "web"
    kind: names.Kind | None = None
    urgency: names.Urgency = "ordinary"
    """Said by the desk; what a citizen's words make urgent, the alerts and the dispatcher find."""
    category: Code | None = None
    area: Code | None = None
    place: Place | None = None
    contact: Contact | None = None
    publishable: bool = False
    notice_version: Code | None = None
    """Version of the privacy notice that was shown before submission (PIPL art. 17)."""
    identity: names.Identity | None = None
    """Left out: a report is sealed, anything else open."""
    on_behalf_of: OnBehalfOf | None = None
    minor: bool = False
    contact_mode: names.ContactMode | None = None
    reply_wanted: bool = True
    language: Code | None = None
    needs: list[names.Need] = Field(default_factory=list, max_length=6)
    about: list[Code] = Field(default_factory=list, max_length=5)
    """Units complained about: none of their people sees the case."""
    addressee: Code | None = None
    """The leader's office or the unit that the citizen writes to."""
    origin: From | None = None
    answer: KnowledgeAnswer | None = None

    @model_validator(mode="after")
    def _nameless(self) -> "File":
        if self.identity == "anonymous" and (self.contact or self.on_behalf_of):
            raise ValueError("anonymous_with_contact")
        return self
