"""The dialog that copies AT URI, CID or JSON to the clipboard, or to a file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from repoview.core.errors import RepoviewError
from repoview.present import safe, size_text
from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.session.detail import whole_json
from repoview.tui.terminal.outward import CLIPBOARD, write_new

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.session.detail import Detail

SENT: Final = (
    "{} sent to the terminal. If it does not arrive, the terminal does not take "
    "it: y w writes a file."
)


class Copy(Dialog[None]):
    """Asks what to copy, and copies it.

    Args:
        detail: The record, node or block.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "take('uri')", "AT URI", id="copy.uri"),
        Binding("c", "take('cid')", "CID", id="copy.cid"),
        Binding("j", "take('json')", "JSON", id="copy.json"),
        Binding("w", "take('file')", "File", id="copy.file"),
        Binding("escape,y", "leave", "Cancel", id="copy.leave"),
    ]

    def __init__(self, detail: Detail) -> None:
        super().__init__()
        self._detail = detail

    def compose(self) -> ComposeResult:
        """Lay out the choices, an input for a file name, and a line for answers."""
        detail = self._detail
        box = Vertical(id="copy")
        box.border_title = Content(f"Copy {detail.title}")
        with box:
            choices = [
                _choice("u", "AT URI", detail.at_uri or "a block has none", "uri"),
                _choice("c", "CID", detail.cid, "cid"),
                _choice("j", "JSON", _about_json(detail), "json"),
                _choice("w", "JSON to a file", "asks for its name", "file"),
            ]
            yield OptionList(*choices, id="choices", markup=False)
            yield Input(detail.file_name, id="name")
            yield Static("Enter or the letter copies, Esc leaves", id="said")

    def on_mount(self) -> None:
        """Show the choices first."""
        self.query_one("#name").display = False
        self.query_one("#choices").focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Run the choice."""
        event.stop()
        self.action_take(event.option_id or "uri")

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the file."""
        event.stop()
        try:
            text = await asyncio.to_thread(whole_json, self._detail)
            says = await asyncio.to_thread(write_new, event.value, text)
        except (RepoviewError, OSError, RuntimeError, ValueError) as error:
            self._tell(safe(str(error), 200))
            return
        self._end(safe(says, 300))

    def action_take(self, what: str) -> None:
        """Copy one of the choices, or ask for the name of a file."""
        detail = self._detail
        if what == "file":
            line = self.query_one("#name", Input)
            line.display = True
            self.set_focus(line)
            self._tell("The name of a new file; Enter writes it")
        elif what == "json":
            self.run_worker(self._copy_json(), exclusive=True)
        elif what == "cid":
            self._send("CID", detail.cid)
        elif detail.at_uri:
            self._send("AT URI", detail.at_uri)
        else:
            self._tell("A block has no AT URI; c copies its CID")

    async def _copy_json(self) -> None:
        self._tell("Making JSON …")
        text = await asyncio.to_thread(whole_json, self._detail)
        size = len(text.encode(errors="replace"))
        if size > CLIPBOARD:
            self._tell(
                f"{size_text(size)} are more than terminals take: w writes a file"
            )
        else:
            self._send("JSON", text)

    def action_leave(self) -> None:
        """Close the input for the file name, or the dialog."""
        line = self.query_one("#name", Input)
        if line.display:
            line.display = False
            self.query_one("#choices").focus()
            self._tell("Enter or the letter copies, Esc leaves")
        else:
            self.dismiss(None)

    def _send(self, name: str, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self._end(SENT.format(name))

    def _end(self, says: str) -> None:
        self.app.notify(says, markup=False)
        self.dismiss(None)

    def _tell(self, says: str) -> None:
        self.query_one("#said", Static).update(Content(says))


def _choice(key: str, name: str, about: str, what: str) -> Option:
    text = Text.assemble((f" {key} ", "reverse"), f" {name:<15}", (about, "dim"))
    text.no_wrap, text.overflow = True, "ellipsis"
    return Option(text, id=what)


def _about_json(detail: Detail) -> str:
    if detail.structure is None:
        return "there is none"
    return f"of {size_text(len(detail.data))} of DAG-CBOR"
