"""Encryption of personal data: AES-256-GCM under a data key that KMS wraps (envelope encryption).

The associated data names the case and the field, so that a ciphertext cannot be moved to another.
"""

import secrets

from casework.store.table import Vault

_NONCE = 12


def seal(
    vault: Vault, number: str, values: dict[str, str]
) -> tuple[dict[str, bytes], bytes | None]:
    """The values encrypted, by field, and the wrapped key that opens them."""
    if not values:
        return {}, None
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, wrapped = vault.new_data_key()
    cipher = AESGCM(key)
    sealed = {}
    for name, value in values.items():
        nonce = secrets.token_bytes(_NONCE)
        sealed[name] = nonce + cipher.encrypt(nonce, value.encode(), f"{number}/{name}".encode())
    return sealed, wrapped


def unseal(
    vault: Vault, number: str, sealed: dict[str, bytes], wrapped: bytes | None
) -> dict[str, str]:
    """What `seal` encrypted. Raises cryptography's InvalidTag if anything was changed or moved."""
    if not sealed or wrapped is None:
        return {}
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(vault.unwrap(wrapped))
    return {
        name: cipher.decrypt(data[:_NONCE], data[_NONCE:], f"{number}/{name}".encode()).decode()
        for name, data in sealed.items()
    }
