"""A trained classifier as bytes: n-grams and weights in one byte each, checked when read. Pure.

MAGIC, the SHA-256 of the rest, and zlib of: the length of the header, the header (JSON), then for
each part of a message its n-grams, parted by line feeds, their scales and their weights.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite
from typing import Any, Final

MAGIC: Final = b"LXCLS\x01"
"""The last byte is the version of the format."""
LARGEST: Final = 64 * 2**20
"""Bytes that an artefact may unfold to; a hostile one stops there."""
ZERO: Final = 128
"""The byte that stands for the weight 0."""

_DIGEST = 32
_LENGTH = 4


class ModelError(ValueError):
    """The bytes are no classifier that this version can use; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Table:
    """The n-grams of one part of a message and their weights.

    `scales` has a byte for each n-gram: how much it counts in the length of a message.
    `weights` has a row for each n-gram and in it a byte for each label; a byte less ZERO, times
    `unit`, over the length, is what it adds to the label's log-odds. No message is shorter than
    `least`: where next to nothing is known, next to nothing is believed.
    """

    grams: tuple[str, ...]
    scales: bytes
    weights: bytes
    unit: float
    least: float


@dataclass(frozen=True, slots=True)
class Artefact:
    """All that a classifier knows. `priors` are log-odds; `card` says where it comes from."""

    labels: tuple[str, ...]
    priors: tuple[float, ...]
    text: Table
    head: Table
    card: Mapping[str, Any]


def encode(artefact: Artefact) -> bytes:
    """The same bytes for the same artefact, with one version of zlib."""
    tables = (artefact.text, artefact.head)
    names = ["\n".join(table.grams).encode() for table in tables]
    header = {
        "labels": artefact.labels,
        "priors": artefact.priors,
        "tables": [
            {
                "grams": len(table.grams),
                "bytes": len(name),
                "unit": table.unit,
                "least": table.least,
            }
            for table, name in zip(tables, names, strict=True)
        ],
        "card": artefact.card,
    }
    written = json.dumps(header, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()
    body = [len(written).to_bytes(_LENGTH, "big"), written]
    for table, name in zip(tables, names, strict=True):
        body += [name, table.scales, table.weights]
    packed = zlib.compress(b"".join(body), 9)
    return MAGIC + sha256(packed).digest() + packed


def decode(data: bytes) -> Artefact:
    """Read an artefact. Raises ModelError for what is none, is damaged or of another version."""
    if data[: len(MAGIC) - 1] != MAGIC[:-1]:
        raise ModelError(
            "这不是分类模型文件，请给 lianxin train 写出的文件。",
            "This is no classifier; give a file that lianxin train has written.",
        )
    if data[: len(MAGIC)] != MAGIC:
        raise ModelError(
            "模型是另一版本的格式，请用 lianxin train 重新训练。",
            "The model is of another version; train it again with lianxin train.",
        )
    start = len(MAGIC) + _DIGEST
    packed = data[start:]
    if sha256(packed).digest() != data[len(MAGIC) : start]:
        raise _damaged()
    try:
        unpacking = zlib.decompressobj()
        body = unpacking.decompress(packed, LARGEST)
        if not unpacking.eof:
            raise _damaged()
        return _read(body)
    except ModelError:
        raise
    except (zlib.error, ValueError, KeyError, TypeError, IndexError) as fault:
        raise _damaged() from fault


def _read(body: bytes) -> Artefact:
    at = _LENGTH + int.from_bytes(body[:_LENGTH], "big")
    header = json.loads(body[_LENGTH:at])
    labels, priors = tuple(header["labels"]), tuple(map(float, header["priors"]))
    tables = []
    for one in header["tables"]:
        sizes = (one["bytes"], one["grams"], one["grams"] * len(labels))
        names, scales, weights = (body[at : (at := at + size)] for size in sizes)
        grams = tuple(names.decode().split("\n")) if names else ()
        table = Table(grams, scales, weights, float(one["unit"]), float(one["least"]))
        if (len(grams), len(scales), len(weights)) != (sizes[1], *sizes[1:]) or not table.least > 0:
            raise _damaged()
        tables.append(table)
    text, head = tables
    numbers = (*priors, text.unit, head.unit, text.least, head.least)
    if not labels or len(labels) != len(priors) or not all(map(isfinite, numbers)):
        raise _damaged()
    return Artefact(labels, priors, text, head, header["card"])


def _damaged() -> ModelError:
    return ModelError(
        "模型文件已损坏，请重新复制或重新训练。",
        "The model file is damaged; copy it again or train it again.",
    )
