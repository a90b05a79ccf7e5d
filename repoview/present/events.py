"""Events of the event stream in words: what one says, and how it was proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.formats.frames.head import ERROR
from repoview.core.wording import agreed, count_text
from repoview.present.text import safe

if TYPE_CHECKING:
    from repoview.core.formats.dagcbor.rules import Value
    from repoview.core.formats.frames.frame import Frame

_TEXT = 200


def event_name(frame: Frame) -> str:
    """Return what kind of event it is, with its number: "#commit event 193"."""
    if frame.type == ERROR:
        return "error of the event stream"
    kind = safe(frame.type, 40) or "unnamed"
    return f"{kind} event" + ("" if frame.seq is None else f" {frame.seq:,}")


def event_sentence(frame: Frame) -> str:
    """Return what an event says, without a full stop."""
    who = safe(frame.repo or "an account that is not named", _TEXT)
    match frame.type:
        case "#commit":
            rev = safe(frame.rev or "an unknown revision", 60)
            return f"{who} wrote {rev}: {changes_text(frame)}"
        case "#sync":
            rev = safe(frame.rev or "an unknown revision", 60)
            return f"{who} is at {rev} now, whatever was said before"
        case "#account":
            return f"{who} {_state_text(frame)}"
        case "#identity" | "#handle":
            handle = _detail(frame, "handle")
            more = f": its handle is {handle}" if handle else ""
            return f"the identity of {who} may have changed{more}"
        case "#migrate":
            where = _detail(frame, "migrateTo")
            return f"{who} moved to {where}" if where else f"{who} moved away"
        case "#tombstone":
            return f"{who} was deleted"
        case "#info":
            name = _detail(frame, "name") or "something without a name"
            return f"the server says {name}{_message(frame)}"
        case "error":
            name = _detail(frame, "error") or "an error without a name"
            return f"the server ended the stream with {name}{_message(frame)}"
    return "it says something that is not known here"


def _state_text(frame: Frame) -> str:
    """Return whether an account is active, and why not."""
    if "active" not in frame.details:
        return "has another state than before"
    status = _detail(frame, "status")
    why = f" ({status})" if status else ""
    return ("is active" if frame.details["active"] else "is not active") + why


def _detail(frame: Frame, name: str) -> str:
    value: Value = frame.details.get(name)
    return safe(value, _TEXT) if isinstance(value, str) else ""


def _message(frame: Frame) -> str:
    message = _detail(frame, "message")
    return f": {message}" if message else ""


def changes_text(frame: Frame) -> str:
    """Return how much a commit changed: "2 records created, 1 deleted"."""
    total = len(frame.ops) + frame.more_ops
    if not total:
        is_large = frame.details.get("tooBig") is True
        return "more than the event could hold" if is_large else "no records changed"
    counts = {
        done: sum(op.action == action for op in frame.ops)
        for action, done in (
            ("create", "created"),
            ("update", "updated"),
            ("delete", "deleted"),
        )
    }
    told = [f"{count:,} {done}" for done, count in counts.items() if count]
    if not told:
        return count_text(total, "operation")
    if len(told) == 1 and not frame.more_ops:
        return f"{count_text(total, 'record')} {told[0].partition(' ')[2]}"
    return f"{count_text(total, 'record')}, {', '.join(told)}"


def proved_text(frame: Frame) -> str:
    """Return what is proved of an event in which nothing is wrong."""
    if not frame.is_of_repo:
        return event_sentence(frame)
    if frame.type == "#sync":
        return "the event and its commit say the same"
    count = len(frame.ops)
    what = f"{count_text(count, 'operation')} proved" if count else "no operations"
    if frame.undone == "proved":
        undone = agreed(count, "undone it gives", "undone they give")
        return f"{what}, and {undone if count else 'its tree is'} the tree before"
    if frame.prev_data is None:
        return f"{what}; the event does not say what was before"
    return what


def holding_text(frame: Frame) -> str:
    """Return what an event holds of a repository, without a full stop."""
    if frame.blocks is None:
        return "It holds no repository"
    if frame.type == "#sync":
        return "It holds a commit alone, and nothing of its tree"
    return "It holds what the commit changed, and not the whole repository"
