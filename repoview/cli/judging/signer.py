"""The key to check a signature with, as the command line is given it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from repoview.cli.options.file_type import FileType, TextType
from repoview.core import limits

_MOST: Final = 1 * limits.MiB
"""Bytes of a DID document: most have one thousand."""


class PublicKey(TextType[str]):
    """A public key: a ``did:key``, or the Multikey in it."""

    name = "key"

    def read(self, text: str) -> str:
        """Return it as it is, or refuse what is no key."""
        from repoview.core.errors import SigningKeyError
        from repoview.core.signature.keys import read_key

        try:
            read_key(text)
        except SigningKeyError as error:
            raise ValueError(str(error)) from None
        return text


class DocumentFile(FileType):
    """A file with a DID document."""

    name = "file"

    def read(self, text: str) -> str:
        """Return the text of the file, or refuse what is no document."""
        from repoview.core.errors import SigningKeyError, reason_of
        from repoview.core.signature.documents import read_document
        from repoview.present import safe

        name = safe(text, 200)
        try:
            with Path(text).open("rb") as file:
                data = file.read(_MOST + 1)
        except (OSError, ValueError) as error:
            raise ValueError(f"cannot read {name}: {reason_of(error)}") from None
        if len(data) > _MOST:
            raise ValueError(f"{name} is no DID document: it is too large")
        try:
            document = data.decode("utf-8-sig")
            read_document(document)
        except UnicodeDecodeError:
            raise ValueError(f"{name}: the DID document is no JSON") from None
        except SigningKeyError as error:
            raise ValueError(f"{name}: {error}") from None
        return document


def refuse_together(profile: str, key: str | None, document: str | None) -> None:
    """Refuse options about the signature that cannot go together.

    Raises:
        click.UsageError: As it says.
    """
    if key is not None and document is not None:
        raise click.UsageError("give one of --key and --did-doc: they could differ")
    if profile == "mst-only" and (key is not None or document is not None):
        raise click.UsageError(
            "--profile mst-only judges no commit, so there is no signature to check"
        )
