"""The interoperability fixtures of the data model: JSON, CBOR and CID agree."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from repoview.core.cid import Cid
from repoview.core.formats.dagcbor.strict import (
    decode,
    decode_sound,
    encode,
    sound_type,
)
from repoview.core.formats.datamodel import from_json, to_json
from tests.vectors import needs_vectors, read_json

WITHOUT_KERNEL = True

pytestmark = needs_vectors

FIXTURES = read_json("interop/data-model/data-model-fixtures.json")
VALID = read_json("interop/data-model/data-model-valid.json")
INVALID = read_json("interop/data-model/data-model-invalid.json")

OTHER_LAYERS = {
    "top-level not an object",
    "record with $type null",
    "record with $type wrong type",
    "record with empty $type string",
    "blob with string size",
    "blob with missing key",
}
"""What is wrong with a record or a blob, but not with its data."""


@pytest.mark.parametrize("case", FIXTURES, ids=range(len(FIXTURES)))
def test_json_cbor_and_cid_agree(case: dict[str, Any]) -> None:
    """Each leads to the others."""
    text = case["cbor_base64"]
    data = b64decode(text + "=" * (-len(text) % 4))
    assert encode(from_json(case["json"])) == data
    assert to_json(decode(data)) == case["json"]
    assert decode_sound(data) == decode(data)
    assert sound_type(data) == ""
    assert str(Cid.for_block(data)) == case["cid"]


@pytest.mark.parametrize("case", VALID, ids=[case["note"] for case in VALID])
def test_valid_data_is_sound(case: dict[str, Any]) -> None:
    """And the JSON that comes back says the same."""
    value = from_json(case["json"])
    data = encode(value)
    assert sound_type(data) is not None
    assert to_json(decode(data)) == case["json"]


@pytest.mark.parametrize("case", INVALID, ids=[case["note"] for case in INVALID])
def test_invalid_data_is_refused(case: dict[str, Any]) -> None:
    """Unless it is data, and what is wrong is the record or blob that it is."""
    if case["note"] in OTHER_LAYERS:
        assert to_json(from_json(case["json"])) == case["json"]
        return
    with pytest.raises(ValueError, match=r"^(the top|[a-z.]+): "):
        from_json(case["json"])
