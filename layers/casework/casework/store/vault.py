"""Keys: the master secret in Secrets Manager, data keys from KMS. None is ever in the environment."""

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from casework.store.table import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEY_LIFE = 3600.0
"""Seconds that a data key is used for new items."""
KEYS_KEPT = 200
"""Unwrapped data keys that a process remembers, least recently used dropped."""


class AwsVault:
    def __init__(
        self, secrets: "SecretsManagerClient", kms: "KMSClient", secret_id: str, key_id: str
    ) -> None:
        self._secrets, self._kms = secrets, kms
        self._secret_id, self._key_id = secret_id, key_id
        self._master: bytes | None = None
        self._current: tuple[bytes, bytes] | None = None
        self._until = 0.0
        self._unwrapped: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def master(self) -> bytes:
        if self._master is None:
            try:
                answer = self._secrets.get_secret_value(SecretId=self._secret_id)
            except (ClientError, BotoCoreError) as error:
                raise Unavailable(str(error)) from error
            self._master = answer["SecretString"].encode()
        return self._master

    def new_data_key(self) -> tuple[bytes, bytes]:
        with self._lock:
            if self._current is None or time.monotonic() > self._until:
                try:
                    answer = self._kms.generate_data_key(KeyId=self._key_id, KeySpec="AES_256")
                except (ClientError, BotoCoreError) as error:
                    raise Unavailable(str(error)) from error
                self._current = answer["Plaintext"], answer["CiphertextBlob"]
                self._until = time.monotonic() + KEY_LIFE
                self._remember(self._current[1], self._current[0])
            return self._current

    def unwrap(self, wrapped: bytes) -> bytes:
        with self._lock:
            if wrapped in self._unwrapped:
                self._unwrapped.move_to_end(wrapped)
                return self._unwrapped[wrapped]
            try:
                answer = self._kms.decrypt(KeyId=self._key_id, CiphertextBlob=wrapped)
            except (ClientError, BotoCoreError) as error:
                raise Unavailable(str(error)) from error
            self._remember(wrapped, answer["Plaintext"])
            return answer["Plaintext"]

    def _remember(self, wrapped: bytes, key: bytes) -> None:
        self._unwrapped[wrapped] = key
        if len(self._unwrapped) > KEYS_KEPT:
            self._unwrapped.popitem(last=False)
