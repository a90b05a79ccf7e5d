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
from repoview.tui.actions.purposes import PURPOSES
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
    "steps.next",
    "steps.play",
    "steps.path",
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
    "steps.back",
    "steps.jump",
    "app.commands",
    "visit.open",
    "folder.filter",
    "folder.sort",
    "folder.findings",
    "folder.reverse",
)
"""What the footer shows as far as there is room, by priority."""

DIALOGS: Final = (
    "bookmarks",
    "copy",
    "differences",
    "found",
    "writing",
    "goto",
    "open",
    "help",
    "picker",
    "seeing",
    "signature",
    "start",
)
"""Prefixes of the names of bindings of dialogs, which show their keys
themselves."""

_APART: Final = ("learn", "folder")
"""With which the names of keys of lessons and of folders begin: help has those of one,
or those of the explorer, and no others."""

_ELSEWHERE: Final = {
    "learn": "in a lesson",
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
    "steps": "in Step through",
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
    world = next((apart for apart in map(_world, here) if apart), "")
    for purpose, names in PURPOSES:
        # Actions of this screen come first.
        for name, says in sorted(names.items(), key=lambda each: each[0] not in here):
            if name in here:
                found = here[name]
                keys = tuple(map(key_text, found.keys))
                yield _row(name, says, found.binding, keys, purpose)._replace(
                    action=found.binding.action, node=found.node
                )
            elif name in others and _world(name) == world:
                binding = others[name]
                keys = tuple(map(key_text, keymap.get(name, binding.key).split(",")))
                where = _ELSEWHERE.get(name.partition(".")[0], "in a record")
                row = _row(name, says, binding, keys, purpose)
                yield row._replace(elsewhere=where)


def _world(name: str) -> str:
    """Return whose help has an action: of lessons, of folders, or "" for others."""
    first = name.partition(".")[0]
    return first if first in _APART else ""


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
