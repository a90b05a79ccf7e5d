"""Commands, options, exit codes, formats and JSON schemas, as one JSON document.

Commands and options are read from the commands themselves, so that the document
cannot differ from what they take.
"""

from __future__ import annotations

import inspect
from typing import Any, Final

import click

from repoview import __version__
from repoview.cli.options.options import COMMON
from repoview.cli.spec.outputs import OUTPUTS, SCHEMAS
from repoview.export.formats import FORMATS, PACKED

VERSION: Final = 1
"""Of this document: it changes when something is renamed or removed."""

EXIT_CODES: Final = (
    (0, "sound, or done"),
    (1, "an error of the system, a source that cannot be opened, or nothing found"),
    (2, "wrong usage"),
    (10, "incomplete: blocks are missing, or a limit ended the reading"),
    (11, "invalid: the tree, the commit, their encoding, or the signature is wrong"),
    (12, "unreadable: no repository can be made out"),
    (13, "sound and complete, but for records"),
    (14, "sound and complete, but for the file around it"),
    (130, "interrupted"),
)

_STREAMS: Final = {
    "stdout": "data, and nothing else",
    "stderr": "messages, each a line that begins with 'repoview: '; and progress, "
    "to a terminal only",
    "json": "UTF-8; keys may be added, never renamed",
}


def document(root: click.Group) -> dict[str, Any]:
    """Return the document.

    Args:
        root: The group of all commands.
    """
    context = click.Context(root, info_name="repoview")
    return {
        "spec": VERSION,
        "program": "repoview",
        "version": __version__,
        "streams": _STREAMS,
        "exit_codes": [{"code": code, "means": text} for code, text in EXIT_CODES],
        "common_options": [_option(each) for each in COMMON],
        "commands": _commands(root, context),
        "formats": [_format(name) for name in FORMATS],
        "schemas": SCHEMAS,
    }


def _options(command: click.Command) -> list[click.Option]:
    return [each for each in command.params if isinstance(each, click.Option)]


def _commands(group: click.Group, context: click.Context) -> list[dict[str, Any]]:
    common, found = {each.name for each in COMMON}, []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        below = click.Context(command, context, info_name=name)
        arguments = [p for p in command.params if isinstance(p, click.Argument)]
        own = [each for each in _options(command) if each.name not in common]
        told: dict[str, Any] = {
            "name": below.command_path,
            "help": inspect.cleandoc(command.help or ""),
            "usage": command.get_usage(below).removeprefix("Usage: "),
            "arguments": [_argument(each, below) for each in arguments],
            "options": [_option(each) for each in own if not each.hidden],
            "notes": (command.epilog or "").strip(),
            "json": OUTPUTS.get(below.command_path),
        }
        if isinstance(command, click.Group):
            told["commands"] = _commands(command, below)
        found.append(told)
    return found


def _argument(argument: click.Argument, context: click.Context) -> dict[str, Any]:
    return {
        "name": argument.make_metavar(context).strip("[].") or argument.name,
        "required": argument.required,
        "repeated": argument.nargs == -1,
    }


def _option(option: click.Option) -> dict[str, Any]:
    told: dict[str, Any] = {
        "names": [*option.opts, *option.secondary_opts],
        "help": option.help or "",
        "required": option.required,
        "repeated": option.multiple,
        "value": None,
    }
    if not (option.is_flag or option.count):
        told["value"] = option.metavar or option.type.name.upper()
    if isinstance(option.type, click.Choice):
        told["choices"] = [str(choice) for choice in option.type.choices]
    if isinstance(option.default, str | int | float):
        told["default"] = option.default
    return told


def _format(name: str) -> dict[str, Any]:
    form = FORMATS[name]
    return {
        "name": name,
        "suffixes": list(form.suffixes),
        "compressed_suffixes": list(PACKED) if form.can_pack else [],
        "about": form.about,
        "kind": form.kind.value,
        "unlinked_blocks": form.has_unlinked,
    }
