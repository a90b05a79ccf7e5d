"""Facts about accounts in the place of a source."""

from __future__ import annotations

import pytest

from repoview.core.formats.accounts import is_handle, where_to_fetch

WITHOUT_KERNEL = True


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("alice.example.com", True),
        ("a-1.b.example", True),
        ("repo.car", False),
        ("repo.car.gz", False),
        ("all.JSONL", False),
        ("alice", False),
        ("a_b.example.com", False),
        ("./alice.example.com", False),
        ("alice.example.com/x", False),
        ("1.2.3.4", False),
        ("a." * 130 + "com", False),
        ("", False),
    ],
)
def test_handles_are_told_from_names_of_files(text: str, *, told: bool) -> None:
    """By their form, and by what files end with."""
    assert is_handle(text) is told
    assert (where_to_fetch(text) is not None) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "did:plc:abc",
            (
                "open https://SERVER/xrpc/com.atproto.sync.getRepo?did=did:plc:abc "
                "(https://plc.directory/did:plc:abc tells the SERVER, "
                "under #atproto_pds)"
            ),
        ),
        (
            "@did:web:example.com",
            (
                "open https://SERVER/xrpc/com.atproto.sync.getRepo?did="
                "did:web:example.com "
                "(https://example.com/.well-known/did.json tells the SERVER, "
                "under #atproto_pds)"
            ),
        ),
        *(
            (
                did,
                (
                    f"open https://SERVER/xrpc/com.atproto.sync.getRepo?did={did} "
                    "(SERVER is the account's own)"
                ),
            )
            for did in ("did:web:example.com:u:alice", "did:key:zQ3sh")
        ),
        (
            "at://alice.example.com/app.bsky.feed.post/1",
            (
                "https://public.api.bsky.app/xrpc/"
                "com.atproto.identity.resolveHandle?handle=alice.example.com "
                "tells its DID; then open "
                "https://SERVER/xrpc/com.atproto.sync.getRepo?did=DID"
            ),
        ),
        ("at://", "save the CAR and name that"),
    ],
)
def test_the_address_is_told(text: str, told: str) -> None:
    """That of the repository, and that which tells what is not known."""
    assert where_to_fetch(text) == told
