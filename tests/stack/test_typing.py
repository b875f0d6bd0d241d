"""What people's machines send over HTTP: another encoding, another width, another spacing."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from infra.local.web import Server
from tests.stack.people import Citizen, fresh_key
from tests.stack.town import STALLS, Town


@dataclass(frozen=True)
class Line:
    """HTTP written by hand, so that every byte arrives as the sender's machine made it."""

    port: int

    def send(self, method: str, path: str, headers: bytes, body: bytes = b"") -> tuple[int, Any]:
        """Status and JSON. `headers` are lines, each with its end."""
        start = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        length = f"Content-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(start.encode() + headers + length.encode() + body)
            answer = b"".join(iter(lambda: line.recv(65_536), b""))
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(content)

    def opens(self, citizen: Citizen, code: bytes) -> tuple[int, str | None]:
        """Status and code of the problem, for this access code."""
        status, said = self.send(
            "GET", f"/v1/cases/{citizen.number}", b"Access-Code: " + code + b"\r\n"
        )
        return status, said.get("code")


@pytest.fixture(scope="module")
def line(town: Town) -> Iterator[Line]:
    server = Server(town.stack.gateway, 0, {})
    server.start()
    yield Line(server.port)
    server.stop()


def wide(code: str) -> str:
    """The digits as a Chinese input method may type them."""
    return code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5"])
def test_a_text_in_another_encoding_is_refused_and_nothing_is_lost(
    town: Town, line: Line, encoding: str
) -> None:
    before = town.numbers()
    key = f"Idempotency-Key: {fresh_key()}\r\n".encode()
    text = "路燈壞了，請修理。" if encoding == "big5" else STALLS
    body = json.dumps({"text": text}, ensure_ascii=False)

    status, said = line.send("POST", "/v1/cases", key, body.encode(encoding))

    # then nothing is stored, and the same key files the text that was meant
    assert (status, said["code"]) == (400, "malformed")
    assert "请改用 UTF-8 重发" in said["detail"]
    assert town.numbers() == before
    status, filed = line.send("POST", "/v1/cases", key, body.encode())
    assert status == 201
    assert town.dossier(filed["case_number"]).body.text == text


def test_an_access_code_however_it_is_typed(town: Town, line: Line) -> None:
    citizen = town.file()
    code = citizen.code or ""

    for typed in (wide(code), f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", f"\u3000{code}"):
        assert line.opens(citizen, typed.encode()) == (200, None), typed


@pytest.mark.parametrize(
    "typed",
    [
        b"12345",
        b"1234567",
        b"abcdef",
        "六位数字".encode(),
        "０９５６６８".encode("gbk"),
        b"\xff\xfe",
    ],
)
def test_what_can_be_no_access_code_is_no_try(town: Town, line: Line, typed: bytes) -> None:
    citizen = town.file()

    for _ in range(5):
        assert line.opens(citizen, typed) == (403, "wrong_code")

    # then nobody is held off
    assert line.opens(citizen, (citizen.code or "").encode()) == (200, None)


def test_a_wrong_code_in_any_width_is_a_try(town: Town, line: Line) -> None:
    citizen = town.file()
    wrong = wide(f"{(int(citizen.code or '') + 1) % 1_000_000:06d}").encode()

    tries = [line.opens(citizen, wrong) for _ in range(4)]

    assert tries == [(403, "wrong_code")] * 3 + [(429, "locked")]
