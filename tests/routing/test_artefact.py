"""A model as bytes: what is written is read again, and what is no model is refused."""

from __future__ import annotations

import json
import zlib
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.routing import artefact
from casework.routing.artefact import MAGIC, ZERO, Artefact, ModelError, Table, decode, encode

TABLE = Table(("公交", "学校"), bytes([9, 200]), bytes([ZERO, 255, 1, ZERO]), 0.25, 3.5)
MODEL = Artefact(("交通", "教育"), (0.5, -0.5), TABLE, Table((), b"", b"", 1.0, 1.0), {"rows": 2})


def sealed(body: bytes) -> bytes:
    """Bytes that pass as an artefact until they are looked into."""
    packed = zlib.compress(body)
    return MAGIC + sha256(packed).digest() + packed


def headed(header: Any, rest: bytes = b"") -> bytes:
    written = json.dumps(header).encode()
    return sealed(len(written).to_bytes(4, "big") + written + rest)


def header(**changes: Any) -> dict[str, Any]:
    empty = {"grams": 0, "bytes": 0, "unit": 1.0, "least": 1.0}
    return {
        "labels": ["a", "b"],
        "priors": [0.0, 0.0],
        "tables": [empty, empty],
        "card": {},
    } | changes


def test_what_is_written_is_read_again() -> None:
    assert decode(encode(MODEL)) == MODEL
    assert decode(headed(header())).labels == ("a", "b")


def test_the_same_model_gives_the_same_bytes() -> None:
    assert encode(MODEL) == encode(decode(encode(MODEL)))


@pytest.mark.parametrize("data", [b"", b"id,title,body", MAGIC[:-2]])
def test_another_file_is_named_so(data: bytes) -> None:
    with pytest.raises(ModelError) as refused:
        decode(data)
    assert "不是分类模型文件" in refused.value.zh
    assert "no classifier" in refused.value.en


def test_another_version_is_to_be_trained_again() -> None:
    other = MAGIC[:-1] + b"\x7f" + encode(MODEL)[len(MAGIC) :]
    with pytest.raises(ModelError) as refused:
        decode(other)
    assert "重新训练" in refused.value.zh
    assert "another version" in refused.value.en


@given(st.data())
def test_no_byte_can_change_or_be_lost_unnoticed(data: st.DataObject) -> None:
    good = bytearray(encode(MODEL))
    place = data.draw(st.integers(0, len(good) - 1))
    if data.draw(st.booleans()):
        good[place] ^= data.draw(st.integers(1, 255))
    else:
        del good[place:]
    with pytest.raises(ModelError):
        decode(bytes(good))


@pytest.mark.parametrize(
    "data",
    [
        sealed(b""),
        sealed(b"\xff\xff\xff\xff{}"),
        headed([]),
        headed({}),
        headed(header(labels=[])),
        headed(header(priors=[0.0])),
        headed(header(priors=[0.0, "x"])),
        headed(header(tables=[])),
        headed(header(tables=[{"grams": 2, "bytes": 1, "unit": 1.0, "least": 1.0}] * 2), b"a"),
        headed(header(tables=[{"grams": 0, "bytes": 0, "unit": 1.0, "least": 0.0}] * 2)),
        headed(
            header(tables=[{"grams": 1, "bytes": 2, "unit": 1.0, "least": 1.0}] * 2), b"\xff" * 9
        ),
        MAGIC + sha256(b"no zlib").digest() + b"no zlib",
    ],
)
def test_what_is_sealed_but_no_model_is_damaged(data: bytes) -> None:
    with pytest.raises(ModelError) as refused:
        decode(data)
    assert "已损坏" in refused.value.zh


def test_what_would_unfold_without_end_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artefact, "LARGEST", 1000)
    with pytest.raises(ModelError, match="damaged"):
        decode(sealed(b"0" * 2000))
