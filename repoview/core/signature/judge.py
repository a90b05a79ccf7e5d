"""Judge the signature of a commit: with a key, or by its form alone.

Without a key the answer is "not-checked", or "failed" for what no key could
accept. With one it is "not-checked" only where the commit has no signature.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from repoview.core.findings.findings import Place, finding
from repoview.core.formats.commit import starts_in
from repoview.core.signature.curves import K256
from repoview.core.signature.ecdsa import SIZE, is_right, numbers_of, numbers_of_der
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.findings.findings import Finding
    from repoview.core.formats.commit import Commit
    from repoview.core.signature.documents import Signer
    from repoview.core.signature.ecdsa import Numbers
    from repoview.core.signature.keys import SigningKey

Answer: TypeAlias = Literal["verified", "failed", "not-checked"]

_GREATEST: Final = K256.order
"""Numbers from here on are beyond both curves."""

_RIGHT: Final = ("SIG007", "SIG009")
_SHOWN: Final = 400
"""Characters of a DID that a finding keeps."""


class Judgement(NamedTuple):
    """The answer about a signature, and its findings."""

    answer: Answer
    findings: list[Finding]


def judge(commit: Commit, block: bytes, signer: Signer | None) -> Judgement:
    """Return whether a commit is signed as it should be.

    Args:
        commit: The commit.
        block: Its bytes, from which it was read.
        signer: The expected signer; None if none was given.
    """
    place: Place = {"offset": commit.offset, "cid": commit.cid}
    found = [] if signer is None else list(_signer_findings(commit, signer, place))
    outcome = None
    if commit.sig is None:
        # That there is none was said (COM003).
        pass
    elif signer is None or signer.key is None:
        outcome = _form_fault(block, commit.sig, place)
    else:
        outcome = _Check(commit, block, signer.key).outcome(commit.sig)
    if outcome is None:
        return Judgement("not-checked", found)
    answer: Answer = "verified" if outcome.code in _RIGHT else "failed"
    return Judgement(answer, [*found, outcome])


def _signer_findings(commit: Commit, signer: Signer, place: Place) -> Iterator[Finding]:
    if signer.key is None:
        text = f"the DID document gives no key to check with: {signer.trouble}"
        yield finding("SIG005", text, at=place)
    theirs, ours = signer.did, commit.did
    if theirs is not None and ours is not None and theirs != ours:
        text = f"the DID document is of {theirs[:80]!a}, the commit is of {ours[:80]!a}"
        more: Place = {"expected": theirs[:_SHOWN], "found": ours[:_SHOWN]}
        yield finding("SIG006", text, at=place, **more)


def _form_fault(
    block: bytes, sig: bytes, place: Place, order: int = _GREATEST
) -> Finding | None:
    """Return why no key can accept a signature, whatever it is of.

    Args:
        block: The commit.
        sig: The signature in it.
        place: Of the commit.
        order: That of the key's curve; the greater of both where it is unknown.
    """
    if len(sig) != SIZE:
        text = f"the signature has {count_text(len(sig), 'byte')}, not {SIZE}"
        if numbers_of_der(sig) is not None:
            text += ": it is in DER"
        told: Place = {"expected": str(SIZE), "found": str(len(sig))}
        told["block_offset"] = starts_in(block).get("sig")
        return finding("SIG004", text, at=place, **told)
    for name, number in numbers_of(sig)._asdict().items():
        if number == 0:
            text = f"`{name}` of the signature is 0"
        elif number >= order:
            text = f"`{name}` of the signature is beyond the order of the curve"
        else:
            continue
        return finding("SIG008", text, at=place, **_byte_of(block, sig, name))
    return None


def _byte_of(block: bytes, sig: bytes, number: str) -> Place:
    """Return at which byte of a commit `r` or `s` of its signature begins.

    Nothing for a signature in pieces, which are not as they are together.
    """
    begins = block.find(sig, starts_in(block).get("sig", 0))
    if begins < 0:
        return {}
    return {"block_offset": begins + (SIZE // 2 if number == "s" else 0)}


class _Check:
    """One signature, checked with one key."""

    def __init__(self, commit: Commit, block: bytes, key: SigningKey) -> None:
        self._commit = commit
        self._block = block
        self._key = key
        self._at: Place = {"offset": commit.offset, "cid": commit.cid}

    def outcome(self, sig: bytes) -> Finding:
        """Return what comes of it."""
        order = self._key.curve.order
        fault = _form_fault(self._block, sig, self._at, order)
        if fault is not None:
            return self._with_der(fault, sig) if fault.code == "SIG004" else fault
        numbers = numbers_of(sig)
        how = self._how_it_is_right(numbers)
        key = self._key.text
        if how is None:
            text = (
                f"the signature does not hold under {key}: another key signed this "
                "commit, or it was changed since"
            )
            return finding("SIG002", text, expected=key, at=self._at)
        if numbers.is_high(order):
            text = f"the signature holds under {key}, but its `s` is the high one"
            place: Place = {**self._at, **_byte_of(self._block, sig, "s")}
            return finding("SIG003", text, found=key, at=place)
        if how:
            text = f"the signature holds under {key} for the commit {how} only"
            return finding("SIG009", text, found=key, at=self._at)
        text = f"the signature holds under {key} ({self._key.curve.name})"
        return finding("SIG007", text, found=key, at=self._at)

    def _with_der(self, fault: Finding, sig: bytes) -> Finding:
        """Tell what a signature in DER would come to in its right form."""
        numbers = numbers_of_der(sig)
        if numbers is None or not numbers.is_in_range(self._key.curve.order):
            return fault
        is_one = self._how_it_is_right(numbers) is not None
        tail = "it holds" if is_one else "it does not hold either"
        text = f"{fault.message}; in its right form {tail} under {self._key.text}"
        return replace(fault, message=text)

    def _how_it_is_right(self, numbers: Numbers) -> str | None:
        """Return what the signature is over: "" for what it should be over."""
        # Late, as the library is: without a key nothing asks for it.
        from repoview.core.signature.forms import (  # noqa: PLC0415
            other_forms,
            signed_bytes,
        )

        signed = signed_bytes(self._commit, self._block)
        if signed is not None and is_right(self._key, numbers, signed):
            return ""
        for how, other in other_forms(self._commit, self._block):
            if is_right(self._key, numbers, other):
                return how
        return None
