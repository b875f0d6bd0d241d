"""The command line `lianxin`."""

from infra.cli.app import main

__all__ = ["main"]
