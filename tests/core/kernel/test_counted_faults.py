"""Facts about faults that the compiled kernel counts, when they are told no more.

Held against `record_findings`, which tells them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.blocks.blocks import Blocks
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid
from repoview.core.findings.findings import Findings, Profile, Scope, Severity
from repoview.core.formats.car_header import read_header
from repoview.core.formats.commit import read_commit
from repoview.core.formats.dagcbor.strict import encode
from repoview.core.formats.key import key_faults
from repoview.core.formats.record_faults import record_findings
from repoview.core.kernel.counted_faults import COUNTED, OF_KEYS
from repoview.core.kernel.seam import Batch, CountedFault, Stop
from repoview.core.source.source import MemorySource
from repoview.core.verify.unlinked import Unlinked
from repoview.core.verify.verify import Checks
from repoview.corpus.cases.bad_values import VALUES
from repoview.corpus.cbor import Raw
from repoview.corpus.cbor import encode as encode_raw
from tests.core.repos import make_repo
from tests.fuzz.repositories import repositories
from tests.fuzz.twins import COMPILED, PURE, outcome
from tests.strategies import examples, mutated, nearly_blob_refs, odd_values, values

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding

pytestmark = pytest.mark.skipif(
    not COMPILED, reason="the compiled kernel was not built"
)

KIND: Final = "a.b.c"
LINK: Final = PLAIN_PREFIX + bytes(32)
BLOB: Final = {
    "$type": "blob",
    "ref": Cid(RAW_PREFIX + bytes(32)),
    "mimeType": "image/png",
    "size": 9,
}


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: all of them choose their kernels themselves."""


def walked(data: bytes, path: str = f"{KIND}/1", counted: int = -1) -> Batch | None:
    """Return what the compiled kernel makes of the tree of one record.

    None where it hands it over. Counted is all that can be, if nothing else is
    said.
    """
    kernel = COMPILED["one thread"].module
    car = make_repo({path: data})
    header, _ = read_header(car, offset=0, available=len(car))
    assert header is not None
    index = kernel.BlockIndex(1 << 20, 1)
    kernel.scan(index, car[header.end :], header.end)
    blocks = Blocks(index, MemorySource("memory", car))
    root = header.roots[0]
    commit, _ = read_commit(blocks.read(index.find(root.raw)), root, 0)
    assert commit is not None
    assert commit.data is not None
    state = kernel.WalkState()
    state.begin(commit.data, 0)
    state.counted = counted & (1 << len(CountedFault)) - 1
    return state.take() if kernel.walk(blocks, state, 9) is Stop.END else None


def counts(batch: Batch) -> Counter[str]:
    """Return by code what was counted."""
    found = {code: batch.faults[fault] for code, fault in COUNTED.items()}
    return +Counter(found)


def told(data: bytes, collection: str = KIND) -> Counter[str]:
    """Return by code what is told of a record."""
    return Counter(each.code for each in record_findings(data, collection, {}))


def record(value: bytes, **fields: Any) -> bytes:
    """Return a record that has *value* last, as it is written."""
    return encode_raw({"$type": KIND, **fields, "x" * 9: Raw(value)})


FAULTS: Final = {
    "a long head": record(b"\x18\x17"),
    "a long head of a key": record(b"\xa1\x78\x01a\x00"),
    "long heads of a tag and of bytes": record(b"\xd9\x00\x2a\x59\x00\x25\0" + LINK),
    "a tag": record(b"\xc1\x00"),
    "tags under one another": record(b"\xd8\x2a\xc1\xd8\x2a\x58\x25\0" + LINK),
    "a tag of a map": b"\xc1" + encode({"$type": KIND}),
    "an empty link": record(b"\xd8\x2a\x40"),
    "a link to text": record(b"\xd8\x2a\x61a"),
    "a link to a tag": record(b"\xd8\x2a\xd8\x2a\x41\x01"),
    "a link to another hash": record(b"\xd8\x2a\x58\x45\0\x01\x71\x13\x40" + bytes(64)),
    "a link of version 0": record(b"\xd8\x2a\x58\x23\0\x12\x20" + bytes(32)),
    "a link to another codec": record(
        b"\xd8\x2a\x58\x25\0\x01\x70\x12\x20" + bytes(32)
    ),
    "a float": record(b"\xfb\x3f\xf8\0\0\0\0\0\0"),
    "no number": record(b"\xfb\x7f\xf8\0\0\0\0\0\0"),
    "minus zero": record(b"\xfb\x80\0\0\0\0\0\0\0"),
    "a float of 16 bits": record(b"\xf9\x3e\0"),
    "undefined": record(b"\xf7"),
    "a simple value of two bytes": record(b"\xf8\x14"),
    "an integer of 54 bits": record(b"\x1b\0\x20\0\0\0\0\0\0"),
    "the least of 54 bits": record(b"\x3b\0\x1f\xff\xff\xff\xff\xff\xff"),
    "an integer of 64 bits": record(b"\x3b\x80\0\0\0\0\0\0\0"),
    "no UTF-8": record(b"\x61\xff"),
    "no UTF-8 around a control character": record(b"\x64\xe2\x80\x07\xff"),
    "a control character": record(b"\x62\xc2\x85"),
    "a control character in a key": record(b"\xa1\x61\x07\x00"),
    "an empty key": record(b"\xa1\x60\x00"),
    "an empty key twice": record(b"\xa2\x60\x00\x60\x00"),
    "an empty key behind another": record(b"\xa2\x61a\x00\x60\x00"),
    "a reserved key": record(b"\xa1\x62$a\x00"),
    "keys out of order": record(b"\xa3\x61c\x00\x61a\x00\x61b\x00"),
    "a key that is there again later": record(b"\xa3\x61b\x00\x61a\x00\x61b\x00"),
    "two types": b"\xa2\x65$type\x65a.b.c\x65$type\x61x",
    "the same keys side by side": record(
        b"\x83\xa1\x61b\xf7\xa1\x61b\x00\xa1\x61a\x00"
    ),
    "the same keys in one another": record(b"\xa1\x61b\xa2\x61a\xf7\x61b\x00"),
    "a tail": record(b"\x00") + b"\0\0",
    "text without a length": record(b"\x7f\x61a\x78\x01b\xff"),
    "a character in two pieces": record(b"\x7f\x61\xc3\x61\xa4\x61\x07\xff"),
    "bytes without a length": record(b"\x5f\xff"),
    "arrays without a length": record(b"\x9f\x9f\xff\x80\x01\xff"),
    "a map without a length": record(b"\xbf\x61a\xbf\xff\x61b\x81\x00\xff"),
    "a record without a length": b"\xbf\x65$type\x65a.b.c\xff",
    "a blob without fields": record(encode({"$type": "blob"})),
    "a blob of a long type": record(b"\xa1\x65$type\x78\x04blob"),
    "a blob with the wrong fields": record(
        encode({"$type": "blob", "ref": None, "size": b"", "mimeType": [], "a": 1})
    ),
    "a blob with one field too many": record(encode({**BLOB, "alt": "\x07"})),
    "a blob that is wrong in its values": record(
        encode({**BLOB, "ref": Cid(LINK), "size": -(2**64), "mimeType": "png"})
    ),
    "a blob of no bytes": record(encode([{**BLOB, "size": 0}] * 3)),
    "a blob whose size is too large": record(encode({**BLOB, "size": 2**64 - 1})),
    "a blob of the older form": record(encode({"cid": "", "mimeType": ""})),
    "a blob of the older form, out of order": record(
        b"\xa3\x68mimeType\x60\x63cid\x60\x63cid\x01"
    ),
    "a blob in a blob": record(encode({"$type": "blob", "ref": BLOB, "size": [BLOB]})),
    "no type": encode({"text": "a"}),
    "another type": encode({"$type": "a.b.d"}),
    "no type of a node": b"\xa2\x61e\x80\x61l\xf6",
    "a type one deeper": encode({"a": {"$type": KIND}}),
    "a hundred faults": record(b"\x98\x64" + b"\xf7" * 100),
    "much of all": record(b"\x84\xf7\x18\x00\xc1\xf7\x61\x07", a={"$b": "\x07"})
    + b"\0",
}
"""Records, each of which the kernel must count."""


@pytest.mark.parametrize("name", FAULTS)
def test_what_can_be_counted_is_counted_as_it_is_told(name: str) -> None:
    """Fault by fault."""
    batch = walked(FAULTS[name])
    assert batch is not None
    assert counts(batch) == told(FAULTS[name])
    assert list(batch.rows) != []


def test_every_fault_is_among_them() -> None:
    """And each has a code of its own."""
    found = {code for data in FAULTS.values() for code in told(data)}
    assert found == set(COUNTED) - {*OF_KEYS, "BLK001"}
    assert sorted(COUNTED.values()) == list(CountedFault)


UNCOUNTED: Final = {
    "a blob whose type is in pieces": record(b"\xa1\x65$type\x7f\x64blob\xff"),
    "a blob whose type has a tag": record(b"\xa1\x65$type\xc1\x64blob"),
    "a blob of another hash": record(
        encode({**BLOB, "ref": Cid(b"\1\x55\x13\x20" + bytes(32))})
    ),
    "a blob of the older form in pieces": record(
        b"\xa2\x63cid\x7f\x60\xff\x68mimeType\x60"
    ),
    "a type that is no text": encode({"$type": 1}),
    "an empty type": encode({"$type": ""}),
    "a type that is no UTF-8": b"\xa1\x65$type\x61\xff",
    "no map": encode([1]),
    "a key that is no UTF-8": record(b"\xa1\x61\xff\x00"),
    "a map of too many keys": record(
        b"\xb8\x42" + b"".join(b"\x62%02d\x00" % n for n in range(65)) + b"\x62aa\xf7"
    ),
    "over a hundred faults": record(b"\x98\x65" + b"\xf7" * 101),
    "a type in pieces": b"\xa1\x65$type\x7f\x65a.b.c\xff",
    "a key in pieces": record(b"\xa1\x7f\x61a\xff\x00"),
    "a piece of another kind": record(b"\x7f\x41a\xff"),
    "pieces in one another": record(b"\x7f\x7f\xff\xff"),
    "a break in place of a value": record(b"\xbf\x61a\xff"),
    "an array without an end": record(b"\x9f\x00"),
    "too many items without a length": record(b"\x9f%b\xff" % bytes(131_073)),
    "half a link": record(b"\xd8\x2a\x45\0\x01\x71\x12\x20"),
    "nesting": record(b"\x81" * 33 + b"\xf7"),
    "a size": record(b"\xf7", a="x" * 1_000_000),
}
"""Records of whose faults the kernel cannot count all."""


@pytest.mark.parametrize("name", UNCOUNTED)
def test_what_cannot_be_counted_is_handed_over(name: str) -> None:
    """The engine tells it, or counts it, as ever."""
    assert told(UNCOUNTED[name])
    assert walked(UNCOUNTED[name]) is None


@pytest.mark.parametrize("data", [encode({"a": 1}), encode({"$type": KIND})])
@pytest.mark.parametrize("path", ["a", "/a"])
def test_a_record_without_a_collection_is_handed_over(data: bytes, path: str) -> None:
    """Nothing says of what type it should be."""
    assert walked(data, path) is None


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_is_counted_that_is_to_be_told(name: str) -> None:
    """One fault that is to be told hands all of a record over."""
    for code in told(FAULTS[name]):
        assert walked(FAULTS[name], counted=~(1 << COUNTED[code])) is None


RIGHT: Final = encode({"$type": KIND})
"""A record with which nothing is wrong."""


def told_of(key: str) -> Counter[str]:
    """Return by code what is told of a key."""
    return Counter(each.code for each in key_faults(key.encode()))


@pytest.mark.parametrize(
    "key",
    [
        "a.b.c/!",
        "a.b.c/a b%c~",
        f"a.b.c/{'x' * 251}",
        f"a.b.c/{'x' * 512}",
        f"a.b.c/{'!' * 512}",
        f"{'a' * 63}.{'b' * 63}.{'d' * 63}.{'e' * 51}.c/{'x' * 50}",
    ],
)
def test_keys_that_can_be_counted_are_counted_as_they_are_told(key: str) -> None:
    """With what is wrong with the record."""
    data = encode({"$type": key.partition("/")[0], "a": 1.5})
    batch = walked(data, key)
    assert batch is not None
    assert told_of(key)
    assert counts(batch) == told_of(key) + Counter(["CBR011"])
    for code in told_of(key):
        assert walked(data, key, ~(1 << COUNTED[code])) is None


@pytest.mark.parametrize(
    "key",
    [
        "a.b.c",
        "a.b.c/",
        "a.b.c/!/!",
        "a.b.c/.",
        "a.b.c/..",
        "a.b.c/ä",
        "a.b.c/\x07",
        "a.b.c/\x7f",
        "a.B.c/!",
        "a.b/!",
        f"a.b.c/{'x' * 513}",
        f"{'a' * 63}.{'b' * 63}.{'d' * 63}.{'e' * 62}.c/!",
        f"a.b.c/{'x' * 1_019}",
    ],
)
def test_keys_that_cannot_be_counted_are_handed_over(key: str) -> None:
    """The engine tells of them, or counts, as ever."""
    assert told_of(key)
    assert walked(RIGHT, key) is None


_CHARACTERS: Final = st.sampled_from("a.b.c/-~!ä \x07")


@given(st.text(_CHARACTERS, max_size=9), st.integers(1, 300))
def test_whatever_is_counted_of_a_key_is_what_is_told(text: str, times: int) -> None:
    """Of any key in a node of its own."""
    for key in (text * times, f"{KIND}/{text * times}"):
        batch = walked(encode({"$type": key.partition("/")[0]}), key)
        found = Counter[str]() if batch is None else counts(batch)
        assert batch is None or found == told_of(key)


_BLOBS: Final = st.lists(nearly_blob_refs(), max_size=3)
PIECES: Final = [bad.data for bad in VALUES if len(bad.data) < 50]
PIECES += [b"\x65$type", b"\x64blob", b"\x68mimeType", b"\x63cid"]


@examples(300)
@given(mutated(st.one_of(values(), odd_values(), _BLOBS).map(encode), PIECES))
def test_whatever_is_counted_is_what_is_told(data: bytes) -> None:
    """Bytes changed, put in or left out anywhere."""
    # What is empty would stand for a sound record.
    data = data or b"\xf7"
    batch = walked(data)
    assert batch is None or counts(batch) == told(data)


@pytest.mark.unmeasured
@pytest.mark.parametrize("profile", Profile)
def test_records_of_many_faults_are_judged_the_same(profile: Profile) -> None:
    """Of each code more than are told; some blocks under several keys."""
    luck = Random(profile)  # noqa: S311 (not for secrets)
    pool = [*FAULTS.values(), *list(UNCOUNTED.values())[:8], RIGHT]
    records: dict[str, Any] = {}
    for number in range(600):
        kind = luck.choice((KIND, KIND, KIND, "a.b.e"))
        # Most are blocks of their own.
        data = luck.choice(pool).replace(b"x" * 9, b"x%08d" % (number // 2))
        records[f"{kind}/{number:03}{luck.choice(('', '', '!', 'ä'))}"] = data
    check_with_few_told(make_repo(records), profile)


@pytest.mark.parametrize("told_at_most", [2, 100])
def test_records_that_do_not_hash_are_judged_the_same(told_at_most: int) -> None:
    """Some of them under two keys."""
    records = {f"{KIND}/{number:03}": encode({"n": number}) for number in range(300)}
    records |= {f"a.b.e/{n}": encode({"n": n}) for n in range(280, 300)}
    data = make_repo(records).replace(b"\xa1\x61n", b"\xa1\x61m")
    check_with_few_told(data, Profile.DEFAULT, told_at_most)


@examples(50)
@given(repositories(), st.sampled_from(Profile))
def test_generated_repositories_are_judged_the_same(
    data: bytes, profile: Profile
) -> None:
    """With nodes that are wrong, too."""
    check_with_few_told(data, profile)


def check_with_few_told(data: bytes, profile: Profile, told_at_most: int = 2) -> None:
    """See that kernels agree where few findings of each code are told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "FINDINGS_A_CODE", told_at_most)
        # Of what is counted, the compiled kernel names as many as ever.
        patch.setattr(Unlinked, "_name", lambda *_: None)
        one, other = (
            outcome(data, twin, checks=Checks(profile=profile))
            for twin in (PURE, COMPILED["one thread"])
        )
    for each in (one, other):
        each["report"].pop("cids")  # type: ignore[attr-defined]  # it is a report
    assert one == other


def test_findings_are_enough_when_no_more_would_be_told() -> None:
    """Of one code that is about one thing; none where they are not judged."""
    findings = Findings(Profile.MST_ONLY)
    (other,) = _of_other_type()
    assert findings.has_enough(other)
    (found,) = record_findings(FAULTS["a float"], KIND, {})
    for number in range(limits.FINDINGS_A_CODE):
        assert not findings.has_enough(found), number
        findings.add(found)
    assert findings.has_enough(found)
    assert not findings.has_enough(replace(found, scope=Scope.TREE))


def test_more_findings_have_the_severity_of_the_profile() -> None:
    """As those that were added."""
    findings = Findings(Profile.LENIENT)
    (found,) = _of_other_type()
    findings.add(found)
    findings.count_more(found, 2)
    assert findings.totals()[Severity.WARNING.value] == 3


def _of_other_type() -> list[Finding]:
    return list(record_findings(FAULTS["another type"], KIND, {}))
