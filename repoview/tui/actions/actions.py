"""Descriptions of all actions: one table for the footer, help and the palette.

An action is identified by the name of its binding. The table groups actions by
purpose and describes each; its label and keys are defined by its binding only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.binding import BindingsMap

from repoview.tui.actions.key_names import key_text
from repoview.tui.actions.keys import named_bindings
from repoview.tui.textual_internals import keys_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import Binding
    from textual.dom import DOMNode
    from textual.screen import Screen

VIEWS: Final = (
    "view.browse",
    "view.tree",
    "view.blocks",
    "view.findings",
    "view.overview",
)
"""The views, in the order of the footer."""

ALWAYS: Final = ("app.help", "app.quit")
"""Shown in the footer of the narrowest screen too."""

FOOTER: Final = (
    *ALWAYS,
    *VIEWS,
    "list.follow",
    "finding.go",
    "findings.go",
    "block.go",
    "browse.filter",
    "view.explain",
    "place.go_to",
    "browse.find",
    "outline.open_all",
    "diagram.zoom",
    "blocks.next",
    "blocks.sort",
    "record.copy",
    "mark.toggle",
    "browse.order",
    "visit.export",
    "place.bookmark",
    "json.unfold",
    "json.fold",
    "finding.open",
    "finding.shut",
    "browse.zoom",
    "app.commands",
    "visit.open",
)
"""What the footer shows as far as there is room, by priority."""

_SEE: Final = {
    "view.browse": "collections, records, one record",
    "view.tree": "the Merkle Search Tree, at the record",
    "view.blocks": "all blocks of the file, and its waste",
    "view.findings": "what was checked, and what is wrong",
    "view.overview": "the repository at a glance",
    "view.diagram": "the tree as boxes and links, at the record",
    "visit.what_if": "try changes on a copy of the tree",
    "visit.compare": "what differs from another open source",
    "visit.signature": "check it by a key or a DID document",
    "pane.next": "give the keys to the next pane",
    "pane.previous": "give the keys to the pane before",
    "browse.zoom": "more room for this pane",
    "diagram.zoom": "the whole shape of the tree, or boxes again",
    "diagram.in": "less of the shape; at last, boxes",
    "diagram.out": "the whole shape; in a part of it, more",
}

_FIND: Final = {
    "browse.filter": "narrow the list by a part of the path",
    "browse.find": "search in what records say",
    "find.hits": "from the line to what was found",
    "find.leave": "stop it, or close what it found",
    "browse.next": "the next of what was found",
    "browse.previous": "the one before",
    "place.go_to": "a path, CID, #number, @byte …",
}

_COME_BACK: Final = {
    "view.escape": "close what is open, or else go back",
    "place.back": "to where you were before",
    "place.forward": "to where you came back from",
    "place.bookmark": "keep this place, or no longer",
    "place.bookmarks": "the places that you kept",
}

_OPEN: Final = {
    "list.choose": "go on into what is under the cursor",
    "list.follow": "go where the link leads",
    "finding.go": "where the finding was made",
    "findings.go": "to the byte that it is about",
    "block.go": "the record or node that the block is",
    "operations.go": "the record of an event's operation",
    "json.unfold": "open a value; in an open one, go on",
    "json.fold": "close a value; else go out of it",
    "json.unfold_all": "everything in the record",
    "json.fold_all": "everything but the outermost",
    "diagram.choose": "the node or key in the tree",
    "outline.open": "open a node; in an open one, go on",
    "outline.close": "close a node; else go out of it",
    "outline.open_below": "all that is below a node",
    "outline.open_all": "the whole tree, however large",
    "outline.close_all": "all but the top",
    "outline.open_level": "all that is shown closed",
    "finding.open": "a group; in an open one, go on",
    "finding.shut": "the group that the cursor is in",
    "finding.open_all": "every group of findings",
    "finding.shut_all": "every group of findings",
    "bytes.open": "what one run of bytes consists of",
}

_ORDER: Final = {
    "browse.order": "by key, date, size or offset",
    "browse.reverse": "the other way round",
    "blocks.sort": "the largest first; as in the file again",
    "blocks.next": "show blocks of the next kind only",
    "blocks.before": "show blocks of the kind before only",
    "only.all": "findings of every severity",
    "only.fatal": "findings that end everything",
    "only.error": "findings that make it invalid",
    "only.warning": "findings that bend the rules",
    "only.info": "findings that are only worth a word",
}

_LOOK: Final = {
    "record.json": "the record as JSON",
    "record.bytes": "its bytes, beside what they mean",
    "record.path": "from the commit, each hash made again",
    "record.findings": "what is wrong with it",
    "record.full": "show long lines whole, or cut again",
    "record.pager": "its JSON in your pager",
    "record.editor": "its JSON in your editor",
}

_TAKE: Final = {
    "record.copy": "AT URI, CID or JSON; JSON to a file",
    "visit.export": "records into a file",
    "visit.salvage": "what is whole in a file, into a CAR",
    "visit.prove": "a small CAR that proves the record",
    "mark.toggle": "choose the record for an export",
    "mark.range": "all from the last mark to here",
    "mark.shown": "all that the list shows",
    "mark.none": "all, shown or not",
}

_FILES: Final = {
    "event.next": "of a file with many of the event stream",
    "event.before": "of a file with many of the event stream",
    "visit.open": "a file or an address, in a tab",
    "visit.reload": "the same source, from its beginning",
    "visit.close": "this tab",
    "visit.next": "of the sources that are open",
    "visit.previous": "of the sources that are open",
    "visit.tab_1": "by the number of its tab",
}

_PROGRAM: Final = {
    "view.explain": "what am I seeing? this, explained",
    "app.help": "the keys of this screen",
    "app.commands": "everything by its name; themes",
    "app.suspend": "back to the shell; fg comes back",
    "app.repaint": "the whole screen, if it was spoiled",
    "app.delete_word": "the word before the cursor, where you type",
    "app.quit": "leave; the place is remembered",
    "app.leave": "leave, from wherever you are",
    "app.end": "leave with exit code 130",
}

_MOVE: Final = {
    "list.up": "one row",
    "list.down": "one row",
    "list.half_up": "half of what is shown",
    "list.half_down": "half of what is shown",
    "list.page_up": "as much as is shown",
    "list.page_down": "as much as is shown",
    "list.first": "the first row",
    "list.last": "the last row",
    "diagram.left": "the node before, of the same depth",
    "diagram.right": "the next node of the same depth",
    "diagram.up": "the node above",
    "diagram.down": "a node below",
    "diagram.key_before": "the key before, in whichever node",
    "diagram.key_next": "the next key, in whichever node",
    "diagram.top": "the top node; the first column",
    "page.up": "one line",
    "page.down": "one line",
    "page.page_up": "as much as is shown",
    "page.page_down": "as much as is shown",
    "page.top": "the first line",
    "page.end": "the last line",
}

PURPOSES: Final = (
    ("See it another way", _SEE),
    ("Find something", _FIND),
    ("Go back, or come back later", _COME_BACK),
    ("Open and close, follow", _OPEN),
    ("Order and narrow", _ORDER),
    ("Look closely at one record", _LOOK),
    ("Mark, copy, export", _TAKE),
    ("Open other sources", _FILES),
    ("Get help, and leave", _PROGRAM),
    ("Move", _MOVE),
)
"""Purpose → names of actions, with a description of each."""

DIALOGS: Final = (
    "bookmarks",
    "copy",
    "differences",
    "writing",
    "goto",
    "open",
    "help",
    "learn",
    "picker",
    "seeing",
    "signature",
    "start",
)
"""Prefixes of the names of bindings of dialogs and lessons, which show their keys
themselves."""

_ELSEWHERE: Final = {
    "browse": "in Records",
    "mark": "in Records",
    "find": "in Records",
    "outline": "in Tree",
    "diagram": "in Diagram",
    "block": "in Blocks",
    "blocks": "in Blocks",
    "finding": "in Verdict",
    "only": "in Verdict",
    "page": "in Overview",
    "event": "in Overview",
    "operations": "in Overview",
}
"""Where an action of another screen is available, by the prefix of its name."""


class Row(NamedTuple):
    """An action in a list, ready to be shown."""

    name: str
    """By which settings give it other keys; empty where they cannot."""

    word: str
    """Its label in the footer."""

    says: str
    keys: tuple[str, ...]
    purpose: str
    elsewhere: str = ""
    """Where it is available, if not here."""

    action: str = ""
    """The Textual action to run."""

    node: DOMNode | None = None
    """The app, screen or widget that has the action."""

    theme: str = ""
    """The theme to switch to, in place of an action."""

    def matches(self, words: list[str]) -> bool:
        """Return whether it contains all of *words*, which are in lower case."""
        told = (self.name, self.word, self.says, *self.keys, self.purpose)
        text = " ".join((*told, self.elsewhere)).lower()
        return all(word in text for word in words)


@dataclass
class _Bound:
    """A binding, the node that has it, and its keys."""

    binding: Binding
    node: DOMNode | None
    keys: list[str]


def actions(screen: Screen[object], *, everywhere: bool) -> Iterator[Row]:
    """Yield the available actions, by purpose.

    Args:
        screen: The current one.
        everywhere: Whether to yield actions of other screens too; they have
            no node.
    """
    here = _bound_here(screen)
    others = {} if not everywhere else named_bindings()
    keymap = keys_set(screen.app)
    for purpose, names in PURPOSES:
        # Actions of this screen come first.
        for name, says in sorted(names.items(), key=lambda each: each[0] not in here):
            if name in here:
                found = here[name]
                keys = tuple(map(key_text, found.keys))
                yield _row(name, says, found.binding, keys, purpose)._replace(
                    action=found.binding.action, node=found.node
                )
            elif name in others:
                binding = others[name]
                keys = tuple(map(key_text, keymap.get(name, binding.key).split(",")))
                where = _ELSEWHERE.get(name.partition(".")[0], "in a record")
                row = _row(name, says, binding, keys, purpose)
                yield row._replace(elsewhere=where)


def _row(
    name: str, says: str, binding: Binding, keys: tuple[str, ...], purpose: str
) -> Row:
    word = binding.description
    if name == "visit.tab_1":
        # Nine keys with one purpose are one line.
        keys, word = (f"{keys[0]} … 9",), "Source"
    return Row(name, word, says, keys, purpose)


def _bound_here(screen: Screen[object]) -> dict[str, _Bound]:
    """Return the bindings of a screen and its panes, by name."""
    found: dict[str, _Bound] = {}
    keymap = keys_set(screen.app)
    focused = screen.focused
    near = [] if focused is None else list(focused.ancestors_with_self)
    panes = [node for pane in screen.focus_chain for node in pane.ancestors_with_self]
    for node in dict.fromkeys([*near, screen, screen.app, *panes]):
        mine: dict[str, _Bound] = {}
        bindings = _bindings_of(node)
        bindings.apply_keymap(keymap)
        for key, many in bindings.key_to_bindings.items():
            for binding in many:
                if binding.id:
                    mine.setdefault(binding.id, _Bound(binding, node, [])).keys.append(
                        key
                    )
        for name, bound in mine.items():
            found.setdefault(name, bound)
    return found


def _bindings_of(node: DOMNode) -> BindingsMap:
    """Return the bindings of a node's class and its base classes."""
    keys: dict[str, list[Binding]] = {}
    for kind in reversed(type(node).__mro__):
        keys |= BindingsMap(vars(kind).get("BINDINGS", ())).key_to_bindings
    return BindingsMap.from_keys(keys)
