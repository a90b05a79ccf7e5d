"""Facts about judged signatures: what holds, and that nothing else does."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.formats.commit import Commit, read_commit
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.dagcbor.fields import without_field
from repoview.core.signature.documents import Signer, read_document
from repoview.core.signature.forms import other_forms, signed_bytes
from repoview.core.signature.judge import Judgement, judge
from repoview.core.signature.keys import read_key
from repoview.corpus.cbor import Link, encode
from repoview.corpus.signing import ALICE, BOB, Pair, raw
from tests import strategies
from tests.vectors import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_KERNEL = True

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
UNSIGNED = {
    "did": DID,
    "version": 3,
    "data": Link(Cid.for_block(b"top").raw),
    "rev": "3jzfcijpj2z2a",
    "prev": None,
}
PAIRS = pytest.mark.parametrize("pair", [ALICE, BOB], ids=["K-256", "P-256"])


def by(pair: Pair) -> Signer:
    """Return who signs with a key."""
    return Signer(None, read_key(pair.did_key))


def read(block: bytes) -> Commit:
    """Read a block that is a commit."""
    commit, _ = read_commit(block, Cid.for_block(block), 59)
    assert commit is not None
    return commit


def judged(block: bytes, signer: Signer | None) -> Judgement:
    """Judge the signature of a commit."""
    return judge(read(block), block, signer)


def outcome(block: bytes, signer: Signer | None) -> tuple[str, str]:
    """Return the answer, and the codes of what was found."""
    answer, found = judged(block, signer)
    return answer, " ".join(each.code for each in found)


def signed(sig: bytes, unsigned: Mapping[str, Any] = UNSIGNED) -> bytes:
    """Return the block of a commit with this signature."""
    return encode({**unsigned, "sig": sig})


# Vectors


def commit_of(message: bytes, sig: bytes) -> tuple[Commit, bytes]:
    """Return a block that is *message* once its signature is cut out."""
    fields = {**_map(dagcbor.decode(message)), "sig": sig}
    block = dagcbor.encode(fields)
    cid = Cid.for_block(block)
    return Commit(cid, 0, len(block), None, 3, None, None, None, sig, fields), block


def _map(value: Any) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    "case",
    read_json("interop/crypto/signature-fixtures.json"),
    ids=lambda case: case["comment"],
)
def test_the_signatures_of_the_interop_vectors_are_judged(case: Any) -> None:
    """Under the key by itself and in a document: right, high, or in DER."""
    message = base64.b64decode(case["messageBase64"] + "==")
    sig = base64.b64decode(case["signatureBase64"] + "==")
    (tag,) = case["tags"] or [""]
    code = {"": "SIG007", "high-s": "SIG003", "der-encoded": "SIG004"}[tag]
    method = {
        "id": "#atproto",
        "type": case["didDocSuite"],
        "publicKeyMultibase": case["publicKeyMultibase"],
    }
    document = read_document(json.dumps({"verificationMethod": [method]}))
    assert document == Signer(None, read_key(case["publicKeyDid"]))
    answer, (found,) = judge(*commit_of(message, sig), document)
    assert found.code == code
    assert (answer == "verified") is case["validSignature"]
    if code == "SIG004":
        assert "it is in DER; in its right form it holds under did:key" in found.message


# What holds


@PAIRS
def test_a_right_signature_is_verified_under_its_key(pair: Pair) -> None:
    """Which is named, with its curve."""
    answer, (found,) = judged(signed(pair.sign(encode(UNSIGNED))), by(pair))
    assert (answer, found.code, found.found) == ("verified", "SIG007", pair.did_key)


@PAIRS
def test_no_bit_of_a_signature_can_be_changed(pair: Pair) -> None:
    """All 512 of them are needed, and what is left is said to be wrong."""
    sig, signer = int.from_bytes(pair.sign(encode(UNSIGNED)), "big"), by(pair)
    for bit in range(512):
        changed = (sig ^ 1 << bit).to_bytes(64, "big")
        answer, code = outcome(signed(changed), signer)
        assert (answer, code in {"SIG002", "SIG008"}) == ("failed", True), bit


@pytest.mark.unmeasured
@PAIRS
def test_no_bit_of_a_commit_can_be_changed(pair: Pair) -> None:
    """What is a sound commit after that is not signed as it should be."""
    block, signer = signed(pair.sign(encode(UNSIGNED))), by(pair)
    sound = 0
    for bit in range(8 * len(block)):
        changed = bytearray(block)
        changed[bit // 8] ^= 1 << bit % 8
        data = bytes(changed)
        if dagcbor.sound_type(data) is None:
            continue
        commit, _ = read_commit(data, Cid.for_block(data), 59)
        if commit is not None and commit.sig is not None:
            sound += 1
            _, (found,) = judge(commit, data, signer)
            # Without its `prev` of null it is one that was signed with it.
            is_other = commit.fields.get("prev", "none") is not None
            assert found.code == ("SIG009" if is_other else "SIG002"), bit
    assert sound > 900


@PAIRS
def test_a_commit_that_was_damaged_is_not_sound_if_its_signature_holds(
    pair: Pair,
) -> None:
    """As where the count of its fields is wrong, and all six are there."""
    block = b"\xa7" + signed(pair.sign(encode(UNSIGNED)))[1:]
    commit, found = read_commit(block, Cid.for_block(block), 59)
    assert commit is not None
    assert judge(commit, block, by(pair)).answer == "verified"
    assert {"CBR001", "COM016"} <= {each.code for each in found}


@PAIRS
def test_the_twin_of_a_signature_is_told_to_be_right_and_not_allowed(
    pair: Pair,
) -> None:
    """With the higher `s`; a wrong one that is high is only wrong."""
    block = signed(pair.sign_high(encode(UNSIGNED)))
    assert outcome(block, by(pair)) == ("failed", "SIG003")
    other = signed(pair.sign_high(encode({**UNSIGNED, "version": 4})))
    assert outcome(other, by(pair)) == ("failed", "SIG002")


@PAIRS
def test_of_a_signature_in_der_it_is_told_whether_it_would_be_right(
    pair: Pair,
) -> None:
    """It is wrong in any case."""
    answer, (found,) = judged(signed(pair.sign_in_der(encode(UNSIGNED))), by(pair))
    assert (answer, found.code) == ("failed", "SIG004")
    assert f"in its right form it holds under {pair.did_key}" in found.message
    answer, (found,) = judged(signed(pair.sign_in_der(b"another")), by(pair))
    assert (answer, found.code) == ("failed", "SIG004")
    assert "in its right form it does not hold either" in found.message


@given(st.binary(max_size=80))
def test_bytes_of_any_length_are_judged(sig: bytes) -> None:
    """With a key they are wrong; without one, at most that."""
    answer, _ = judged(signed(sig), by(ALICE))
    assert answer == "failed"
    answer, code = outcome(signed(sig), None)
    assert (answer == "failed") == (code in {"SIG004", "SIG008"})


@pytest.mark.parametrize(
    ("der", "is_der"),
    [
        ("3006020101020101", True),
        ("3006020101020102", True),
        ("3006020101020201", False),
        ("3007020101020101", False),
        ("300602010102", False),
        ("3003020101", False),
        ("3009020101020101020101", False),
        ("30040200020101", False),
        ("30", False),
    ],
)
def test_der_is_told_by_its_structure(der: str, is_der: bool) -> None:
    """A sequence of two integers, and nothing behind them."""
    _, (found,) = judged(signed(bytes.fromhex(der)), None)
    assert ("it is in DER" in found.message) is is_der


@given(st.integers(1, BOB.curve.order - 1), st.integers(1, BOB.curve.order - 1))
def test_without_a_key_nothing_is_said_of_numbers_in_range(r: int, s: int) -> None:
    """High ones too: a key would say of which curve they are."""
    assert outcome(signed(raw(r, s)), None) == ("not-checked", "")


@pytest.mark.parametrize(
    ("pair", "order"), [(ALICE, ALICE.curve.order), (BOB, BOB.curve.order)]
)
def test_the_range_of_numbers_is_that_of_the_curve_of_the_key(
    pair: Pair, order: int
) -> None:
    """The last number is in range, and wrong as a signature."""
    for r, s in ((order, 1), (1, order), (0, 1), (1, 0)):
        assert outcome(signed(raw(r, s)), by(pair)) == ("failed", "SIG008")
    for r, s in ((order - 1, 1), (1, order - 1)):
        assert outcome(signed(raw(r, s)), by(pair)) == ("failed", "SIG002")


# Who signs


def test_a_document_of_another_account_is_told_of() -> None:
    """Its key is used all the same, and both are named."""
    block = signed(ALICE.sign(encode(UNSIGNED)))
    other = Signer("did:web:example.com", read_key(ALICE.did_key))
    answer, found = judged(block, other)
    assert (answer, [each.code for each in found]) == ("verified", ["SIG006", "SIG007"])
    assert (found[0].expected, found[0].found) == ("did:web:example.com", DID)
    assert outcome(block, Signer(DID, other.key)) == ("verified", "SIG007")


def test_a_document_without_a_key_leaves_the_signature_unchecked() -> None:
    """But for one that no key could accept."""
    nobody = Signer(DID, None, "it has none")
    assert outcome(signed(bytes(31) + b"\1" * 33), nobody) == ("not-checked", "SIG005")
    assert outcome(signed(bytes(64)), nobody) == ("failed", "SIG005 SIG008")


def test_a_commit_without_a_signature_has_none_to_check() -> None:
    """That it has none is told by COM003."""
    block = encode({**UNSIGNED, "sig": "J. Hancock"})
    assert outcome(block, by(ALICE)) == ("not-checked", "")


# What is signed


@pytest.mark.unmeasured
@given(
    st.dictionaries(strategies.names(), strategies.odd_values()),
    st.sampled_from([ALICE, BOB]),
)
def test_fields_of_its_own_are_signed_as_they_are(
    own: dict[str, Any], pair: Pair
) -> None:
    """Whatever they hold: the bytes are those of the block, without `sig`."""
    fields = {**own, **UNSIGNED, "data": Cid.for_block(b"top")}
    fields.pop("sig", None)
    unsigned = dagcbor.encode(fields)
    block = dagcbor.encode({**fields, "sig": pair.sign(unsigned)})
    assert without_field(block, "sig") == unsigned
    assert signed_bytes(read(block), block) == unsigned
    assert outcome(block, by(pair)) == ("verified", "SIG007")


def test_a_commit_of_version_2_is_signed_over_its_own_fields() -> None:
    """Not over those that it would have in version 3."""
    older = {**UNSIGNED, "version": 2}
    del older["rev"]
    assert outcome(signed(ALICE.sign(encode(older)), older), by(ALICE)) == (
        "verified",
        "SIG007",
    )


def letters(fields: Mapping[str, Any]) -> bytes:
    """Encode *fields* in the order of their letters, which is not canonical."""
    pairs = (encode(name) + encode(fields[name]) for name in sorted(fields))
    return bytes([0xA0 + len(fields)]) + b"".join(pairs)


NO_PREV = {name: value for name, value in UNSIGNED.items() if name != "prev"}
NOTED = {**UNSIGNED, "note": "put in later"}
OTHER_FORMS = {
    "without `prev`": (UNSIGNED, encode(NO_PREV)),
    "with a `prev` of null": (NO_PREV, encode(UNSIGNED)),
    "without its fields of its own": (NOTED, encode(UNSIGNED)),
    "without its fields of its own and without `prev`": (NOTED, encode(NO_PREV)),
    "without its fields of its own and with a `prev` of null": (
        {**NO_PREV, "note": "put in later"},
        encode(UNSIGNED),
    ),
}


@pytest.mark.parametrize("how", OTHER_FORMS)
def test_a_signature_over_another_form_is_verified_and_said_to_be_so(how: str) -> None:
    """`did`, `rev` and `data` are signed; what is not, is named."""
    fields, unsigned = OTHER_FORMS[how]
    answer, (found,) = judged(signed(ALICE.sign(unsigned), fields), by(ALICE))
    assert (answer, found.code) == ("verified", "SIG009")
    assert found.message.endswith(f"for the commit {how} only")


def test_a_commit_that_is_not_canonical_is_signed_in_its_canonical_form() -> None:
    """And one that was signed in its own bytes is said to be so."""
    block = letters({**UNSIGNED, "sig": ALICE.sign(encode(UNSIGNED))})
    assert outcome(block, by(ALICE)) == ("verified", "SIG007")
    block = letters({**UNSIGNED, "sig": ALICE.sign(letters(UNSIGNED))})
    answer, (found,) = judged(block, by(ALICE))
    assert (answer, found.code) == ("verified", "SIG009")
    assert "in the bytes that it has, which are not canonical" in found.message


def test_no_form_says_another_account_revision_version_or_tree() -> None:
    """A signature that is taken for right has always signed these."""
    fields = {**NOTED, "prev": Link(Cid.for_block(b"before").raw)}
    block = letters({**fields, "sig": bytes(64)})
    forms = list(other_forms(read(block), block))
    assert len(forms) == 6
    for _, data in forms:
        value = _map(dagcbor.diagnose(data).value)
        kept = {name: value[name] for name in ("did", "rev", "version")}
        assert kept == {name: UNSIGNED[name] for name in kept}
        assert value["data"] == Cid.for_block(b"top")


def test_a_commit_that_has_no_canonical_form_cannot_be_right() -> None:
    """Unless it was signed as it stands."""
    block = signed(bytes(64), NOTED).replace(encode("put in later"), b"\xf9\x7e\x00")
    commit = read(block)
    assert signed_bytes(commit, block) is None
    unsigned = without_field(block, "sig")
    assert unsigned is not None
    block = block.replace(bytes(64), ALICE.sign(unsigned))
    assert outcome(block, by(ALICE)) == ("verified", "SIG009")


@pytest.mark.parametrize(
    ("block", "rest"),
    [
        ("a1636b657901", None),
        ("83636b657901", None),
        ("a163736967", None),
        ("", None),
        ("a16373696740", "a0"),
        ("a2616101637369675f4101ff", "a1616101"),
        ("bf637369674101616102ff", "bf616102ff"),
        ("b9000261610163736967820102", "a1616101"),
    ],
)
def test_a_field_is_cut_out_whatever_stands_around_it(
    block: str, rest: str | None
) -> None:
    """With its key, and of the count that the map has; the rest is as it was."""
    left = without_field(bytes.fromhex(block), "sig")
    assert left == (None if rest is None else bytes.fromhex(rest))


# What it costs

LOADED = """
import sys
from repoview.core.verify.verify import Checks
checks = Checks(key=sys.argv[1])
assert "cryptography" not in sys.modules
"""


def test_what_checks_signatures_is_not_loaded_by_reading_a_key() -> None:
    """A key that is none is told at once."""
    program = [sys.executable, "-c", LOADED, ALICE.did_key]
    subprocess.run(program, check=True)


def test_the_byte_of_a_number_is_told() -> None:
    """Behind the head of the signature; of one in pieces there is none."""
    sig = raw(1, 0)
    block = signed(sig)
    _, (found,) = judged(block, None)
    assert (found.code, found.block_offset) == ("SIG008", block.index(sig) + 32)
    pieces = b"\x5f\x58\x20" + sig[:32] + b"\x58\x20" + sig[32:] + b"\xff"
    _, (found,) = judged(block.replace(b"\x58\x40" + sig, pieces), None)
    assert (found.code, found.block_offset) == ("SIG008", None)
