"""The key to check a signature with, as the command line is given it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from repoview.cli.file_type import FileType
from repoview.core import limits

_MOST: Final = 1 * limits.MiB
"""Bytes of a DID document: most have one thousand."""


class PublicKey(click.ParamType[str]):
    """A public key: a ``did:key``, or the Multikey in it."""

    name = "key"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's own signature)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return it as it is, or refuse what is no key."""
        from repoview.core.errors import SigningKeyError
        from repoview.core.signature.keys import read_key

        try:
            read_key(str(value))
        except SigningKeyError as error:
            self.fail(str(error), param, ctx)
        return str(value)


class DocumentFile(FileType):
    """A file with a DID document."""

    name = "file"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's own signature)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the text of the file, or refuse what is no document."""
        from repoview.core.errors import SigningKeyError, reason_of
        from repoview.core.signature.documents import read_document
        from repoview.present import safe

        name = safe(str(value), 200)
        try:
            with Path(str(value)).open("rb") as file:
                data = file.read(_MOST + 1)
            if len(data) > _MOST:
                self.fail(f"{name} is no DID document: it is too large", param, ctx)
            text = data.decode("utf-8-sig")
            read_document(text)
        except UnicodeDecodeError:
            self.fail(f"{name}: the DID document is no JSON", param, ctx)
        except (OSError, ValueError) as error:
            self.fail(f"cannot read {name}: {reason_of(error)}", param, ctx)
        except SigningKeyError as error:
            self.fail(f"{name}: {error}", param, ctx)
        return text


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
