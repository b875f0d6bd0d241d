"""Every reason for which the service says no: its status, its sentence, what to do next."""

from casework.edge.refusals.beside import OF_WHAT_IS_BESIDE
from casework.edge.refusals.fields import FIELDS
from casework.edge.refusals.life import OF_THE_LIFE
from casework.edge.refusals.relations import OF_RELATIONS
from casework.edge.refusals.requests import OF_REQUESTS
from casework.edge.refusals.sentence import Sentence

__all__ = ["FIELDS", "SENTENCES", "Sentence"]

SENTENCES: dict[str, Sentence] = {
    **OF_THE_LIFE,
    **OF_WHAT_IS_BESIDE,
    **OF_RELATIONS,
    **OF_REQUESTS,
}
