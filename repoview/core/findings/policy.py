"""What a finding weighs: by the profile, and by what the reader made of it.

A profile is one of ours, and applies while findings are made. A policy is the
reader's own: severities by code, CIDs whose findings they know of, and how
many of a code they want to see. It is applied to the outcome, so it changes
the verdict, and not what is looked for. What is fatal stays so: without a
repository there is nothing to weigh.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.findings.catalogue import CATALOGUE, Severity
from repoview.core.frozen import frozen
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from repoview.core.cid import Cid


class Profile(StrEnum):
    """How strictly a repository is judged."""

    STRICT = "strict"
    """What the IETF draft says must be is an error."""

    DEFAULT = "default"
    LENIENT = "lenient"
    """A `$type` that is not the collection is a warning."""

    MST_ONLY = "mst-only"
    """The root may be an MST node; no commit, path or record is judged."""


SHIFTED: Final[dict[Profile, dict[str, Severity]]] = {
    Profile.STRICT: dict.fromkeys(
        ("CAR004", "CAR013", "CAR022", "CID009", "KEY005"), Severity.ERROR
    ),
    Profile.LENIENT: {"REC005": Severity.WARNING},
}
"""Severities that a profile changes."""

LEFT_OUT: Final[dict[Profile, tuple[str, ...]]] = {
    Profile.MST_ONLY: (
        "BLK009",
        "COM",
        "SIG",
        "REC",
        "BLB",
        *(f"KEY{n:03}" for n in range(3, 14)),
    ),
}
"""Codes, or their beginnings, that a profile does not judge."""


class Weight(StrEnum):
    """What the reader can have a code weigh."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"
    """Findings of it are left out."""


_FAMILY: Final = 3
"""Letters in front of a code that all of its family share."""

_OURS: Final = "LIM"
"""The family about limits: they are ours, and no fault of a file."""

CODES: Final = tuple(code for code in CATALOGUE if not code.startswith(_OURS))
"""Those that a policy can weigh."""


@frozen
class Policy:
    """What the reader has findings weigh, beside the profile.

    Raises:
        ValueError: There is no such code or weight, the skip list is too long,
            or the number of findings is out of bounds.
    """

    severities: Mapping[str, str] = field(default_factory=dict)
    """Code, or family of codes as in ``REC``, → a `Weight`; a code wins over
    its family. Once made, it has the codes only."""

    skipped: Iterable[Cid] = ()
    """CIDs whose findings are left out. Once made, a frozen set."""

    most: int | None = None
    """How many findings of a code are kept; None for a hundred."""

    def __post_init__(self) -> None:
        """Name each code by itself."""
        weights: dict[str, Weight] = {}
        for length in (_FAMILY, None):
            for name, weight in self.severities.items():
                if (len(name) == _FAMILY) == (length is not None):
                    weights |= dict.fromkeys(codes_of(name), weight_of(weight))
        object.__setattr__(self, "severities", weights)
        skipped = frozenset(self.skipped)
        if len(skipped) > limits.MAX_SKIPPED:
            raise ValueError(
                f"a skip list has at most {limits.MAX_SKIPPED:,} CIDs: "
                f"this one has {len(skipped):,}"
            )
        object.__setattr__(self, "skipped", skipped)
        if self.most is not None and not 1 <= self.most <= limits.MOST_FINDINGS:
            raise ValueError(
                f"{self.most:,} is no number of findings from 1 to "
                f"{limits.MOST_FINDINGS:,}"
            )

    def weighed(self, code: str, severity: Severity) -> Severity | None:
        """Return the severity of a finding; None if it is to be left out.

        Args:
            code: Its code.
            severity: What it has without this.
        """
        weight = self.severities.get(code)
        if weight is None or severity is Severity.FATAL:
            return severity
        return None if weight is Weight.OFF else Severity(weight)

    def over(self, other: Policy) -> Policy:
        """Return this policy, and the other where this one says nothing."""
        return Policy(
            {**other.severities, **self.severities},
            frozenset(other.skipped) | frozenset(self.skipped),
            other.most if self.most is None else self.most,
        )

    def digest(self) -> str:
        """Return a text that is the same for equal policies, in every process."""
        skipped = blake2b(digest_size=16)
        for raw in sorted(cid.raw for cid in self.skipped):
            # Behind its length: no two lists are the same bytes.
            skipped.update(len(raw).to_bytes(2, "big") + raw)
        severities = sorted((c, str(w)) for c, w in self.severities.items())
        return repr((severities, skipped.hexdigest(), self.most))


class Changes(NamedTuple):
    """How many findings a policy changed, kept or only counted."""

    less: int = 0
    """Those that weigh less."""

    more: int = 0
    """Those that weigh more."""

    off: int = 0
    """Those that were left out by their code."""

    skipped: int = 0
    """Those that were left out by their CID."""

    def __bool__(self) -> bool:
        return any(tuple(self))

    def to_json(self) -> dict[str, int]:
        """Return the numbers by their names."""
        return self._asdict()


def codes_of(name: str) -> tuple[str, ...]:
    """Return the codes that a code, or a family of codes, stands for.

    Raises:
        ValueError: It is neither; the message names what is near.
    """
    wanted = name.strip().upper()
    if wanted.startswith(_OURS):
        raise ValueError(
            f"{wanted} is about a limit of repoview, and no fault of the file: "
            "give it more with --mem-limit or --disk-limit"
        )
    if wanted in CATALOGUE:
        return (wanted,)
    family = tuple(code for code in CODES if code[:_FAMILY] == wanted)
    if family:
        return family
    # Late: it takes a while, and few need it.
    from difflib import get_close_matches  # noqa: PLC0415

    names = [*CODES, *dict.fromkeys(code[:_FAMILY] for code in CODES)]
    near = get_close_matches(wanted, names, 3, 0.6)
    hint = f": did you mean {' or '.join(near)}?" if near else ""
    raise ValueError(f"{name[:40]!a} is no code of a finding{hint}")


def weight_of(text: str) -> Weight:
    """Return the weight that a text says.

    Raises:
        ValueError: It says none.
    """
    try:
        return Weight(text.strip().lower())
    except ValueError:
        if text.strip().lower() == Severity.FATAL:
            raise ValueError(
                "nothing is made fatal: that a file has no repository is no "
                "matter of weight"
            ) from None
        weights = ", ".join(Weight)
        raise ValueError(
            f"{text[:40]!a} is no severity: say one of {weights}"
        ) from None


def cids_of(text: str) -> frozenset[Cid]:
    """Return the CIDs of a skip list: one a line, comments behind a ``#``.

    Raises:
        ValueError: A line holds something else, or there are too many; the
            message names the line.
    """
    # Late: few readers have a list, and a CID in another base takes a library.
    from repoview.core.cid import Cid  # noqa: PLC0415
    from repoview.core.errors import CidError  # noqa: PLC0415

    cids: set[Cid] = set()
    for number, line in enumerate(text.splitlines(), 1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        try:
            cids.add(Cid.parse(word))
        except CidError as error:
            raise ValueError(f"line {number:,}: {error.fact}") from None
        if len(cids) > limits.MAX_SKIPPED:
            most = count_text(limits.MAX_SKIPPED, "CID")
            raise ValueError(f"line {number:,}: a skip list has at most {most}")
    return frozenset(cids)
