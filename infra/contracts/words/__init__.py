"""What the contracts say of shapes, fields and closed lists, in Chinese and English."""

from infra.contracts.words.announced import ANNOUNCED
from infra.contracts.words.answered import ANSWERED
from infra.contracts.words.asked import ASKED
from infra.contracts.words.fields import BY_NAME
from infra.contracts.words.lists import CODES, ENUMS
from infra.contracts.words.own_fields import OF_A_SHAPE

__all__ = ["CODES", "ENUMS", "FIELDS", "SHAPES"]

SHAPES = {**ASKED, **ANSWERED, **ANNOUNCED}
FIELDS = {**BY_NAME, **OF_A_SHAPE}
