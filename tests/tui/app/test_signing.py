"""Facts about the key that a reader gives: asked, checked, shown, remembered."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static

from repoview.core.opening.options import OpenOptions
from repoview.core.verify.verify import Checks
from repoview.corpus.cases import commits, roots, signatures
from repoview.corpus.repo import DID
from repoview.corpus.signing import ALICE, BOB
from repoview.settings import Settings
from repoview.tui.remembered.state import AccountKey, State
from repoview.tui.screens.blocks import BlocksView
from repoview.tui.screens.dialogs.signature import SignatureDialog
from repoview.tui.screens.findings import FindingsView
from repoview.tui.screens.overview import OverviewView
from repoview.tui.session.typed_key import read_typed
from repoview.tui.widgets.base.suggestions import Suggestions
from repoview.tui.widgets.findings_list import FindingsList
from repoview.tui.widgets.frame.status import Status
from tests.tui.conftest import browsing, explorer, screen_text, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that Alice signed, beside the document of its account."""
    folder = tmp_path / "repo"
    folder.mkdir()
    path = folder / "signed.car"
    path.write_bytes(signatures.signed_on_k256().data)
    (folder / "did.json").write_text(signatures.document())
    (folder / "other.json").write_text(signatures.document("did:web:example.com"))
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of a reader who lets things be remembered."""
    return Settings(state=tmp_path / "state")


@asynccontextmanager
async def reading(
    path: Path, settings: Settings | None = None, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Explorer, Pilot[None]]]:
    """Open a file, and wait until it can be browsed."""
    app = explorer(path, settings=settings)
    async with app.run_test(size=size, notifications=True) as pilot:
        await browsing(pilot)
        yield app, pilot


async def asked(app: Explorer, pilot: Pilot[None]) -> SignatureDialog:
    """Press the key that asks who signed."""
    await pilot.press("K")
    await until(pilot, lambda: isinstance(app.screen, SignatureDialog))
    await until(pilot, lambda: app.screen.query(Input))
    assert isinstance(app.screen, SignatureDialog)
    return app.screen


async def give(app: Explorer, pilot: Pilot[None], text: str) -> None:
    """Type a key, or the name of a file, and have the signature checked by it."""
    dialog = await asked(app, pilot)
    dialog.query_one(Input).value = text
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, SignatureDialog))
    await pilot.pause()


def status(app: Explorer) -> str:
    """Return the line at the top."""
    assert app.view is not None
    return str(app.view.query_one(Status).render())


def answer(dialog: SignatureDialog) -> str:
    """Return what is said below the line."""
    return str(dialog.query_one("#answer", Static).render())


def gone(path: Path) -> None:
    """Take a file away."""
    path.unlink()


def places(path: Path) -> dict[str, str]:
    """Return what can be typed for Alice's key."""
    return {
        "did:key": ALICE.did_key,
        "multikey": ALICE.multikey,
        "document": str(path.parent / "did.json"),
    }


# Given, and shown


@pytest.mark.parametrize("how", ["did:key", "multikey", "document"])
async def test_a_key_that_is_given_is_answered_in_every_view_at_once(
    signed: Path, how: str
) -> None:
    """In those too that were looked at before; and the file is not read again."""
    async with reading(signed) as (app, pilot):
        session = app.session
        await pilot.press("3")
        await until(pilot, lambda: "Signature not checked." in screen_text(app))
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, OverviewView))
        gone(signed)
        await give(app, pilot, places(signed)[how])
        assert app.session is session
        assert "· signature verified ·" in status(app)
        await until(pilot, lambda: "Verified: the signature holds" in screen_text(app))
        assert "Not checked" not in screen_text(app)
        await pilot.press("v")
        await until(pilot, lambda: "SIG007" in screen_text(app))
        assert "Signature verified." in screen_text(app)
        assert "not checked" not in screen_text(app)
        await pilot.press("c")
        await until(pilot, lambda: "Signature verified." in screen_text(app))
        assert "not checked" not in screen_text(app)
        assert "· signature verified ·" in status(app)


async def test_another_key_changes_the_verdict_and_none_gives_it_back(
    signed: Path,
) -> None:
    """Wrong, and as it was."""
    async with reading(signed) as (app, pilot):
        first = status(app)
        assert " SOUND " in first
        await give(app, pilot, BOB.did_key)
        assert " INVALID " in status(app)
        assert "signature wrong · 1 error" in status(app)
        await pilot.press("v")
        await until(pilot, lambda: "FAIL  signature" in screen_text(app))
        assert "SIG002" in screen_text(app)
        dialog = await asked(app, pilot)
        await until(pilot, lambda: dialog.query_one(Suggestions).shown)
        await pilot.press("down", "enter")
        await until(pilot, lambda: status(app) == first)
        assert "SIG002" not in screen_text(app)


async def test_a_finding_of_the_commit_is_beside_its_block(signed: Path) -> None:
    """In the view of blocks, while it is shown."""
    async with reading(signed) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, BlocksView))
        await until(pilot, lambda: "commit" in screen_text(app))
        await pilot.press("4")
        assert not app.screen.query_one(FindingsList).count
        await give(app, pilot, BOB.did_key)
        await until(pilot, lambda: "SIG002" in screen_text(app))
        assert app.screen.query_one(FindingsList).count == 1


async def test_who_looks_at_a_finding_still_does(tmp_path: Path) -> None:
    """Where others come before it, and go."""
    path = tmp_path / "unsorted.car"
    path.write_bytes(signatures.signed_on_k256().data)
    async with reading(path) as (app, pilot):
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        view = app.screen
        assert isinstance(view, FindingsView)
        await until(pilot, lambda: "ORD003" in screen_text(app))
        here = app.session.findings.rows()[view.place().number] if app.session else None
        await give(app, pilot, BOB.did_key)
        await until(pilot, lambda: "SIG002" in screen_text(app))
        assert app.session is not None
        assert app.session.findings.rows()[view.place().number] == here


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_the_mouse_asks_wherever_the_signature_is_spoken_of(
    signed: Path, size: tuple[int, int]
) -> None:
    """In the line at the top, beside the verdict, in the overview, on the way."""
    async with reading(signed, size=size) as (app, pilot):
        for keys, text in (
            ("", "signature not checked"),
            ("3 tab home", "signature not checked"),
            ("pagedown pagedown", "Signature not checked."),
            ("v", "Signature not checked."),
            ("i", "Not checked: nobody"),
        ):
            await pilot.press(*keys.split())
            await until(pilot, lambda text=text: text in screen_text(app))
            await pilot.pause()
            lines = screen_text(app).splitlines()
            row = max(n for n, line in enumerate(lines) if text in line)
            await pilot.click(offset=(lines[row].index(text) + 2, row))
            await until(pilot, lambda: isinstance(app.screen, SignatureDialog))
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, SignatureDialog))
        # Beside it, the line at the top leads to the verdict as ever.
        await pilot.click(offset=(3, 0))
        await until(pilot, lambda: isinstance(app.screen, FindingsView))


# Typed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ALICE.did_key, "a key on K-256"),
        (f"  {BOB.multikey} ", "a key on P-256"),
        ("repo/did.json", f"a document of {DID}: its key is did:key:zQ3sh"),
        ("repo/empty.json", f"a document of {DID}, with no key to check by: a Mult"),
        ("did:plc:ewvi7nxzyoun6zhxrhs64oiz", "is an account, and no key: its DID"),
        ("z", "the key does not begin with the number of a kind of key"),
        ("did:key:z0", "'z0' is not in base58"),
        ("repo", "that is a folder: go on with the name of a file in it"),
        ("alice", "there is no such file, and 'alice' is no key: a key is did:key:z…"),
        ("repo/signed.car", "repo/signed.car: the DID document is no JSON"),
        ("repo/list.json", "it is no DID document: it has no `verificationMethod`"),
        ("repo/pipe", "it is not a regular file"),
        ("a\x00b", "no key"),
        ("", ""),
    ],
)
def test_what_is_typed_is_answered_in_the_words_of_who_reads_it(
    signed: Path, text: str, says: str
) -> None:
    """What it is, or why it is nothing."""
    (signed.parent / "empty.json").write_text(signatures.document(DID, None))
    (signed.parent / "list.json").write_text("[]")
    os.mkfifo(signed.parent / "pipe")
    typed = read_typed(text)
    assert says in typed.says
    assert (typed.given is not None) == says.startswith("a ")


async def test_what_is_no_key_is_refused_as_it_is_typed(signed: Path) -> None:
    """And Enter leaves the line as it is."""
    async with reading(signed, size=(80, 24)) as (app, pilot):
        dialog = await asked(app, pilot)
        await pilot.press(*"did:key:z0")
        await until(pilot, lambda: "is not in base58" in answer(dialog))
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen is dialog
        assert dialog.query_one("#answer").has_class("-none")
        dialog.query_one(Input).value = ALICE.did_key
        await until(pilot, lambda: "a key on K-256" in answer(dialog))
        assert not dialog.query_one("#answer").has_class("-none")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not dialog)
        assert "· signature not checked ·" in status(app)


async def test_documents_beside_the_file_are_offered_and_completed(
    signed: Path,
) -> None:
    """Before anything is typed, and as one types."""
    async with reading(signed) as (app, pilot):
        dialog = await asked(app, pilot)
        offered = dialog.query_one(Suggestions)
        await until(pilot, lambda: offered.count)
        names = [each.text.rpartition("/")[2] for each in offered.shown]
        assert names[:2] == ["did.json", "other.json"]
        await pilot.press(*"repo/d")
        await until(pilot, lambda: [e.text for e in offered.shown] == ["repo/did.json"])
        await pilot.press("tab")
        assert dialog.query_one(Input).value == "repo/did.json"
        await until(pilot, lambda: f"a document of {DID}" in answer(dialog))
        await pilot.press("enter")
        await until(pilot, lambda: "· signature verified ·" in status(app))


@pytest.mark.parametrize("name", ["no_commit", "no_sig"])
async def test_where_there_is_no_signature_that_is_said(
    tmp_path: Path, name: str
) -> None:
    """Without a commit nothing is asked; without a signature nothing is found."""
    path = tmp_path / "repo.car"
    case = commits.no_sig() if name == "no_sig" else roots.no_commit()
    path.write_bytes(case.data)
    async with reading(path) as (app, pilot):
        if name == "no_sig":
            await asked(app, pilot)
            assert "Not checked: the commit has no signature." in screen_text(app)
        else:
            await pilot.press("K")
            await until(pilot, lambda: "There is no commit here" in screen_text(app))


# Remembered


async def test_the_next_file_of_the_account_is_checked_by_the_same_key(
    signed: Path, settings: Settings
) -> None:
    """Which is said in the same places; and a key can be forgotten."""
    async with reading(signed, settings) as (app, pilot):
        await give(app, pilot, "repo/did.json")
        assert "· signature verified ·" in status(app)
        await until(pilot, lambda: "The key is remembered" in screen_text(app))
    later = signed.with_name("later.car")
    later.write_bytes(signatures.signed_another_commit().data)
    for path, said in ((signed, "verified"), (later, "wrong")):
        async with reading(path, settings) as (app, pilot):
            text = f"signature {said}, by a remembered key"
            assert f"· {text} ·" in status(app)
            await pilot.press("3")
            sentence = f"{text.capitalize()}."
            await until(pilot, lambda s=sentence: s in screen_text(app))
            await pilot.press("v")
            await until(pilot, lambda s=sentence: s in screen_text(app))
            await pilot.press("i")
            word = f"{said.capitalize()}: the signature"
            await until(pilot, lambda w=word: w in screen_text(app))
            text = " ".join(screen_text(app).replace("│", " ").split())
            assert "repo/did.json, is remembered of an earlier file of this" in text
    async with reading(signed, settings) as (app, pilot):
        dialog = await asked(app, pilot)
        await until(pilot, lambda: dialog.query_one(Suggestions).shown)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "The key is forgotten." in screen_text(app))
        assert "· signature not checked ·" in status(app)
    async with reading(signed, settings) as (app, pilot):
        assert "· signature not checked ·" in status(app)


async def test_other_accounts_and_their_documents_are_left_alone(
    signed: Path, settings: Settings, sample: Path
) -> None:
    """A document of another account is answered, and not remembered."""
    async with reading(signed, settings) as (app, pilot):
        await give(app, pilot, "repo/other.json")
        assert "(the document is of another account)" in status(app)
        await until(pilot, lambda: "It is not remembered" in screen_text(app))
        await give(app, pilot, BOB.did_key)
        await until(pilot, lambda: "The key is remembered" in screen_text(app))
        await give(app, pilot, "repo/other.json")
    async with reading(sample, settings) as (app, pilot):
        assert "· signature not checked ·" in status(app)
    async with reading(signed, settings) as (app, pilot):
        assert "· signature wrong, by a remembered key ·" in status(app)


@pytest.mark.parametrize("key", [ALICE, BOB], ids=["right", "wrong"])
async def test_a_key_of_the_command_line_is_remembered_if_it_is_right(
    signed: Path, settings: Settings, key: object
) -> None:
    """It was given for all sources alike; and goes before what is remembered."""
    assert key in (ALICE, BOB)
    given = (ALICE if key is ALICE else BOB).did_key
    assert settings.state is not None
    State(settings.state, pytest.fail).keep_key(DID, AccountKey("did:key:zNone"))
    asked_for = replace(settings, options=OpenOptions(Checks(key=given)))
    async with reading(signed, asked_for) as (app, pilot):
        said = "verified" if key is ALICE else "wrong"
        assert f"· signature {said} ·" in status(app)
        await pilot.press("q")
    kept = State(settings.state, pytest.fail).of(DID).key
    assert kept == AccountKey(given if key is ALICE else "did:key:zNone")
    # What is no key is as if there were none.
    async with reading(signed, settings) as (app, _):
        said = "verified, by a remembered key" if key is ALICE else "not checked"
        assert f"· signature {said} ·" in status(app)


async def test_a_file_that_is_read_again_is_checked_by_the_same_key(
    signed: Path,
) -> None:
    """Where nothing is remembered, too; and by none where it was forgotten."""
    options = OpenOptions(Checks(key=BOB.did_key))
    async with reading(signed, Settings(options)) as (app, pilot):
        assert "· signature wrong ·" in status(app)
        for text, said in ((ALICE.did_key, "verified"), ("", "not checked")):
            if text:
                await give(app, pilot, text)
            else:
                dialog = await asked(app, pilot)
                offered = dialog.query_one(Suggestions)
                await until(pilot, lambda o=offered: o.shown)
                await pilot.press("down", "enter")
                await until(pilot, lambda: "not checked" in status(app))
            await pilot.press("ctrl+r")
            await browsing(pilot)
            await until(pilot, lambda s=said: f"· signature {s} ·" in status(app))
