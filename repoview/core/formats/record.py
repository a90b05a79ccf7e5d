"""One record: its path, CID and offset; its bytes and value on demand.

A record is a number and a key; the rest it gets from its repository (`Held`).
A pickled record has the answers with it (`Carried`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from repoview.core.cid import CID_BYTES, DAG_CBOR, Cid
from repoview.core.errors import BlockMissing, FormatError, RepoviewError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.datamodel import to_json
from repoview.core.formats.key import collection_of, path_of
from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from repoview.core.findings.findings import Finding
    from repoview.core.formats.dagcbor.rules import Value


class Held(Protocol):
    """What a record gets from its repository, by record number."""

    @property
    def did(self) -> str | None:
        """The account, if it is known."""

    def cid_of(self, number: int) -> Cid:
        """Return the CID that the key links to."""

    def offset_of(self, number: int) -> int | None:
        """Return where the section of its block begins, None for no block."""

    def size_of(self, number: int) -> int | None:
        """Return the bytes of its block, None for no block."""

    def state_of(self, number: int, path: str) -> str:
        """Return its `Record.state`."""

    def is_strict(self, number: int) -> bool:
        """Tell whether its block has no finding, not even a warning."""

    def data_of(self, number: int) -> bytes:
        """Return the bytes of its block, hashed again."""

    def map_of(self, number: int) -> dict[str, Any] | None:
        """Return its value; None for one that takes more to decode.

        Or to say why it cannot be. Those of adjacent records, asked for in turn,
        are read by the batch.
        """

    def map_in(self, block: bytes) -> dict[str, Any] | None:
        """Return the value of a sound record from its CID and bytes, as `map_of`."""

    def processed_of(self, number: int) -> bytes | None:
        """Return the result of ``process=`` for its block, None for none."""

    def findings_of(self, path: str) -> Sequence[Finding]:
        """Return what is wrong with it."""


class Record:
    """One record, by number; its bytes are read when asked for.

    Equal are records of the same account that have one path and one CID.
    A pickled record carries its bytes. Made by `Repo` and `Stream`.
    """

    __slots__ = {  # noqa: RUF023 (texts that help() shows)
        "number": "Its index in key order, from 0.",
        "key": "The repo path as the tree has it.",
        "_held": "",
        "_block": "",
        "_result": "",
        "_is_strict": "",
    }

    if TYPE_CHECKING:
        number: int
        key: bytes
        _held: Held
        _block: bytes | None
        _result: bytes | None
        _is_strict: int | None

    def __init__(self) -> None:
        raise TypeError("a Repo or a Stream gives records: none can be made")

    @classmethod
    def _make(
        cls,
        held: Held,
        number: int,
        key: bytes,
        block: bytes | None = None,
        result: bytes | None = None,
    ) -> Record:
        """Make one.

        Args:
            held: Its repository.
            number: Its index in key order.
            key: Its repo path.
            block: CID and bytes, if they were hashed again already.
            result: The result of ``process=``, if that is known already.
        """
        self = cls.__new__(cls)
        self._held = held
        self.number = number
        self.key = key
        self._block = block
        self._result = result
        self._is_strict = None
        return self

    @classmethod
    def _make_all(
        cls,
        held: Held,
        first: int,
        keys: Iterable[bytes],
        blocks: Iterable[bytes | None],
        results: Iterable[bytes | None],
        are_strict: Iterable[int | None],
    ) -> list[Record]:
        """Make adjacent records, from number *first* on.

        Inlined in one loop: a call for each would double the time.
        """
        made: list[Record] = []
        numbered = enumerate(
            zip(keys, blocks, results, are_strict, strict=False), first
        )
        for number, (key, block, result, is_strict) in numbered:
            self = cls.__new__(cls)
            self._held = held
            self.number = number
            self.key = key
            self._block = block
            self._result = result
            self._is_strict = is_strict
            made.append(self)
        return made

    def __repr__(self) -> str:
        return f"<Record {self.number} {self.path!r}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows of it: where it is, and its JSON."""
        from repoview.notebook import card, json_block, note  # noqa: PLC0415 (few ask)

        try:
            below = json_block(self.json())
        except RepoviewError as error:
            below = note(str(error))
        place = (("CID", self.cid), ("size", self.size), ("offset", self.offset))
        facts = (("AT URI", self.at_uri), *place, ("state", self.state))
        return card(f"Record {self.path}", facts, below)

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same account's, under one path, and alike."""
        if not isinstance(other, Record):
            return NotImplemented
        mine, theirs = self._held.did, other._held.did
        return (self.key, mine) == (other.key, theirs) and self.cid == other.cid

    def __hash__(self) -> int:
        return hash((self.key, self.cid))

    def __reduce__(self) -> tuple[Callable[..., Record], tuple[Any, ...]]:
        carried = Carried.of(self._held, self)
        given = (carried, self.number, self.key, self._block, self._result)
        return Record._make, given

    @property
    def path(self) -> str:
        r"""The repo path; bytes that are not UTF-8 as ``\xNN``."""
        return path_of(self.key)

    @property
    def collection(self) -> str:
        """The first segment of the path; empty when the key has none."""
        return path_of(collection_of(self.key))

    @property
    def rkey(self) -> str:
        """What follows the collection and its slash."""
        collection = collection_of(self.key)
        return path_of(self.key[len(collection) + 1 :] if collection else self.key)

    @property
    def at_uri(self) -> str:
        """The record's AT URI; the path alone when no account is known."""
        did = self._held.did
        return self.path if did is None else f"at://{did}/{self.path}"

    @property
    def cid(self) -> Cid:
        """The CID that the key links to, as it stands in the tree."""
        if self._block is not None:
            return Cid(self._block[:CID_BYTES])
        return self._held.cid_of(self.number)

    @property
    def offset(self) -> int | None:
        """Where its section begins in the file; None when it is not there."""
        return self._held.offset_of(self.number)

    @property
    def size(self) -> int | None:
        """Bytes of its block; None when it is not there."""
        return self._held.size_of(self.number)

    @property
    def state(self) -> str:
        """sound, unsound, damaged or missing.

        A warning does not make a record unsound. If its bytes were not kept, it
        is unsound only if there is a finding about it.
        """
        return self._held.state_of(self.number, self.path)

    @property
    def is_strict(self) -> bool:
        """Whether its block is DAG-CBOR without any finding, even a warning."""
        if self._is_strict is None:
            self._is_strict = self._held.is_strict(self.number)
        return bool(self._is_strict)

    @property
    def data(self) -> bytes:
        """The bytes of its block, hashed again.

        Raises:
            BlockMissing: It is not there, does not hash to its CID, or was not
                kept: ``process=`` got it from a source that is read once.
            SourceError: The source was changed.
        """
        if self._block is not None:
            return self._block[CID_BYTES:]
        return self._held.data_of(self.number)

    @property
    def processed(self) -> bytes | None:
        """The result of ``process=`` for its bytes.

        None if there was no ``process=``, or its block is not there or does not
        hash.
        """
        if self._result is None:
            self._result = self._held.processed_of(self.number)
        return self._result

    @property
    def value(self) -> dict[str, Any]:
        """The record as a mapping, as far as it can be decoded.

        Links are `Cid`, bytes are `bytes`.

        Raises:
            BlockMissing: Its block is not there, or does not hash.
            FormatError: It is no map, which a record must be; `decoded` returns
                whatever it is.
            SourceError: The source was changed.
        """
        # Nearly every record is a sound map: made by the kernel, and with few calls.
        block = self._block
        if block is None:
            found = self._held.map_of(self.number)
        else:
            found = self._held.map_in(block) if self._is_strict else None
        if found is not None:
            return found
        value = self._decoded()
        if type(value) is dict:
            return value
        fact = f"the record {self.path} is no map, but {type(value).__name__}"
        raise FormatError(fact, offset=self.offset or 0)

    @property
    def decoded(self) -> Value:
        """The record as Python values, as far as it can be decoded.

        The same as `value` if the record is a map. A block that is not DAG-CBOR
        by its CID is returned as bytes.

        Raises:
            BlockMissing: Its block is not there, or does not hash.
            SourceError: The source was changed.
        """
        found = self._held.map_of(self.number) if self._block is None else None
        return self._decoded() if found is None else found

    def _decoded(self) -> Value:
        """Return what its bytes say, read by themselves."""
        cid, data = self.cid, self.data
        if cid.codec != DAG_CBOR:
            return data
        if self.is_strict:
            return dagcbor.decode_sound(data)
        return dagcbor.diagnose(data).value

    def json(self) -> Any:  # noqa: ANN401 (JSON)
        """Return the record as the JSON of the atproto data model has it.

        A link becomes ``{"$link": …}``, bytes ``{"$bytes": …}``; it is what
        `json.dumps` takes. Raises as `decoded` does.
        """
        return to_json(self.decoded)

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong with this record."""
        return self._held.findings_of(self.path)


@frozen
class Carried:
    """The answers about one record from when it was pickled; a `Held`."""

    did: str | None
    cid: Cid
    offset: int | None
    size: int | None
    state: str
    strict: bool
    data: bytes | None
    why_not: str
    """Why there are no bytes."""

    processed: bytes | None
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, held: Held, record: Record) -> Carried:
        """Get everything that a record may need from *held*."""
        data, why_not = None, ""
        try:
            data = record.data
        except BlockMissing as error:
            why_not = str(error)
        return cls(
            held.did,
            record.cid,
            record.offset,
            record.size,
            record.state,
            record.is_strict,
            data,
            why_not,
            record.processed,
            tuple(record.findings),
        )

    def cid_of(self, _: int) -> Cid:
        """See `Held`, as for the rest."""
        return self.cid

    def offset_of(self, _: int) -> int | None:
        """Return its offset in the file it came from."""
        return self.offset

    def size_of(self, _: int) -> int | None:
        """Return the bytes of its block."""
        return self.size

    def state_of(self, _: int, __: str) -> str:
        """Return its state."""
        return self.state

    def is_strict(self, _: int) -> bool:
        """Tell whether its block had no finding, not even a warning."""
        return self.strict

    def data_of(self, _: int) -> bytes:
        """Return its bytes, as they were."""
        if self.data is None:
            raise BlockMissing(self.why_not)
        return self.data

    def map_of(self, _: int) -> dict[str, Any] | None:
        """Return None: one record is decoded from its bytes."""
        return None

    def map_in(self, _: bytes) -> dict[str, Any] | None:
        """Return None, likewise."""
        return None

    def processed_of(self, _: int) -> bytes | None:
        """Return the result of ``process=``."""
        return self.processed

    def findings_of(self, _: str) -> Sequence[Finding]:
        """Return what was wrong with it."""
        return self.findings
