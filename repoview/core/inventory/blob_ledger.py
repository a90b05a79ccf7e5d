"""One blob: what the references to it say, taken together."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from repoview.core.cid import Cid
    from repoview.core.inventory.blob_items import RefItem


class Blob(NamedTuple):
    """A blob that records refer to; it is not in the repository itself."""

    cid: Cid
    type: str | None
    """The media type that the first record tells; None where none does."""

    size: int | None
    """The bytes that the first record tells; None where none does: references
    of the older form do not."""

    form: Literal["blob", "legacy", "both"]
    """Of the references to it: that of today, the older one, or both."""

    numbers: Sequence[int]
    """Of the records that refer to it, ascending, each once."""

    is_consistent: bool
    """Whether all of them tell the same type and size, as far as they do."""


def blob_of(refs: Iterable[RefItem]) -> Blob:
    """Return a blob by all references to it, which are not none.

    Args:
        refs: By number of the record.
    """
    numbers = array("I")
    type_: str | None = None
    size: int | None = None
    forms = set()
    is_consistent = True
    for ref in refs:
        if not numbers or numbers[-1] != ref.number:
            numbers.append(ref.number)
        forms.add(ref.is_legacy)
        type_ = ref.type if type_ is None else type_
        size = ref.size if size is None else size
        is_consistent &= ref.type in {None, type_} and ref.size in {None, size}
    form: Literal["blob", "legacy", "both"] = "legacy" if True in forms else "blob"
    if len(forms) > 1:
        form = "both"
    return Blob(ref.cid, type_, size, form, numbers, is_consistent)
