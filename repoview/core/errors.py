"""The error tree: everything repoview raises on purpose.

::

    RepoviewError
    ├── SourceError        the bytes cannot be read
    │   └── SourceClosed   they were given back
    ├── FormatError        bytes break a format's rule (carries their offset)
    │   ├── CarError
    │   ├── CidError
    │   ├── CommitError
    │   ├── DagCborError
    │   └── MstError
    ├── SigningKeyError    no key, or no DID document, to check a signature with
    ├── LimitExceeded      legal, but over one of our bounds
    │   └── Left           the caller asked to leave the rest unread
    ├── SelectionError     a text that selects nothing (carries the character)
    ├── NotFound           a path that names no record
    │   └── BlockMissing   a CID whose bytes are not there
    ├── Cancelled          the caller asked to stop
    ├── CacheError         nothing can be kept between runs (see `core.cache`)
    └── KernelFault        the compiled kernel is wrong: a bug of repoview

Hostile bytes raise these and nothing else. What is wrong with a *file* is a
finding, not an exception: the engine raises only where nothing can go on.
"""

from __future__ import annotations

from repoview.core.wording import count_text


class RepoviewError(Exception):
    """Base of all errors of repoview; its text is a sentence for a person."""

    exit_code = 1
    """What a command line ends with when this error ends it."""


class SourceError(RepoviewError):
    """The bytes cannot be read: missing, a directory, no permission."""


class SourceClosed(SourceError):
    """The source was closed: what is still asked of it has no answer."""


class FormatError(RepoviewError):
    """Bytes that break a format's rule."""

    exit_code = 12

    def __init__(self, fact: str, *, offset: int) -> None:
        super().__init__(f"byte {offset:,}: {fact}")
        self.fact = fact
        self.offset = offset


class CarError(FormatError):
    """The container around the blocks cannot be read."""


class CidError(FormatError):
    """Bytes or text that are no CID."""


class CommitError(FormatError):
    """A block that is no commit."""


class DagCborError(FormatError):
    """Bytes that are not strict DAG-CBOR."""


class MstError(FormatError):
    """A block that is no MST node."""


class SigningKeyError(RepoviewError):
    """A text that is no public key, or no DID document."""


class SelectionError(RepoviewError):
    """A text that is no selection.

    Args:
        text: All of it.
        position: The character that is wrong, from 0; its length for its end.
        fact: What is wrong there, and what would fit.
    """

    exit_code = 2

    def __init__(self, text: str, position: int, fact: str) -> None:
        super().__init__(f"selection, character {position + 1}: {fact}")
        self.text = text
        self.position = position
        self.fact = fact

    def __reduce__(self) -> tuple[type[SelectionError], tuple[str, int, str]]:
        return type(self), (self.text, self.position, self.fact)


class LimitExceeded(RepoviewError):
    """Legal input that is over a bound of `limits`."""

    exit_code = 10


class Left(LimitExceeded):
    """The caller asked to leave the rest unread."""


class NotFound(RepoviewError):
    """A path or number that names no record of this repository."""


class BlockMissing(NotFound):
    """A CID whose block is not in the file, or does not hash to its CID."""


class Cancelled(RepoviewError):
    """The caller asked to stop; nothing is wrong."""

    exit_code = 130


class KernelFault(RepoviewError):
    """The compiled kernel failed: a bug of it, whatever the input.

    The repository that it was reading cannot be used any more.

    Args:
        said: What is known of it.
    """

    def __init__(self, said: str) -> None:
        super().__init__(
            f"a fault of repoview's compiled kernel ({said}): please report it; "
            "REPOVIEW_PURE=1 does without it"
        )


def too_many(blocks: int) -> LimitExceeded:
    """Return the error of a block index that is full."""
    return LimitExceeded(
        f"memory can index no more than {count_text(blocks, 'block')}: "
        "give less of it with --mem-limit, and the disk takes more"
    )


def changed(name: str, doing: str = "open", end: int | None = None) -> SourceError:
    """Return the error of a source whose bytes have changed.

    Args:
        name: What it is called.
        doing: What it was, or was being, meanwhile.
        end: Where it ends now, if that is what is wrong with it.
    """
    fact = name if end is None else f"{name} ends at byte {end:,} now: it"
    return SourceError(f"{fact} was changed while it was {doing}; open it again")


def reason_of(error: Exception) -> str:
    """Return the operating system's message, without its error number.

    Args:
        error: An `OSError`, or the `ValueError` of a path that no file has.

    Returns:
        Part of a sentence: "no space left on device".
    """
    text = getattr(error, "strerror", None) or str(error)
    return text[:1].lower() + text[1:]


def is_panic(error: BaseException) -> bool:
    """Tell whether an error is a panic of compiled code, which is no `Exception`."""
    return type(error).__module__ == "pyo3_runtime"


def why_not_read(error: BaseException, source: str) -> str:
    """Return in a sentence why a source could not be read.

    Args:
        error: Whatever ended the reading.
        source: What was read.
    """
    if isinstance(error, RepoviewError):
        return str(error)
    if isinstance(error, OSError):
        return f"cannot read {source}: {reason_of(error)}"
    if isinstance(error, MemoryError):
        return f"{source} takes more memory than there is"
    return f"{source}: {own_fault(error)}"


def own_fault(error: BaseException) -> str:
    """Return what is said of an error that is a bug of this program."""
    kind = type(error).__name__
    return f"a fault of repoview itself ({kind}: {error}): please report it"


def no_room(reason: str, what: str = "the index on disk") -> SourceError:
    """Return the error of a failed write to disk."""
    return SourceError(
        f"cannot keep {what}: {reason}; "
        "make room there, or name another folder with --cache-dir"
    )
