"""Keyed hashes, access codes, tokens, and the encryption of personal data."""
