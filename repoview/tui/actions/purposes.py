"""What each action is for: help and the palette list actions by that."""

from __future__ import annotations

from typing import Final

_SEE: Final = {
    "view.browse": "collections, records, one record",
    "view.tree": "the Merkle Search Tree, at the record",
    "view.blocks": "all blocks of the file, and its waste",
    "view.findings": "what was checked, and what is wrong",
    "view.overview": "the repository at a glance",
    "view.diagram": "the tree as boxes and links, at the record",
    "view.steps": "a walk, a look-up, a diff …, one step at a time",
    "visit.what_if": "try changes on a copy of the tree",
    "visit.compare": "what differs from another open source",
    "visit.break_it": "files that break a rule each, and why it is one",
    "visit.signature": "check it by a key or a DID document",
    "pane.next": "give the keys to the next pane",
    "pane.previous": "give the keys to the pane before",
    "browse.zoom": "more room for this pane",
    "diagram.zoom": "the whole shape of the tree, or boxes again",
    "diagram.in": "less of the shape; at last, boxes",
    "diagram.out": "the whole shape; in a part of it, more",
}

_FIND: Final = {
    "browse.filter": "narrow the list by a part of the path, or more",
    "filter.next": "the next of what fits there",
    "filter.previous": "the one before",
    "filter.complete": "take what fits, or the first of it",
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

_STEP: Final = {
    "steps.next": "the next step",
    "steps.back": "the step before",
    "steps.play": "go on by itself, or no longer",
    "steps.faster": "more steps a second",
    "steps.slower": "fewer steps a second",
    "steps.first": "the first step",
    "steps.last": "the last step, however many there are",
    "steps.page_on": "twenty steps further",
    "steps.page_back": "twenty steps back",
    "steps.jump": "to a step by its number",
    "steps.walk": "through the whole tree",
    "steps.look_up": "of a path, there or not",
    "steps.proof": "of a path, with commit and record",
    "steps.stream": "a reader that walks while blocks come",
    "steps.diff": "of the trees in two tabs",
    "steps.path": "another path to look up, there or not",
    "steps.order": "of a stream: file, walk, or CIDs",
    "steps.leave": "type nothing",
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

_LEARN: Final = {
    "learn.task": "from the text to the task",
    "learn.back": "to the rows, to the text, to the list",
    "learn.rows": "from the line to the rows",
    "learn.close": "to the lesson, or to the sandbox",
    "learn.line": "type any step, or an answer",
    "learn.type": "type any step, or an answer",
    "learn.do": "do what is typed",
    "learn.mark": "the row under the cursor, or no longer",
    "learn.add": "a record under a new key",
    "learn.write": "another text into the record",
    "learn.remove": "the record under the cursor",
    "learn.undo": "the last step",
    "learn.reset": "begin again",
    "learn.hint": "how to go about it",
    "learn.goal": "how all is when the task is solved; and back",
    "learn.draw": "the tree as boxes and links",
    "learn.steps": "a walk, a look-up, a diff …, one step at a time",
    "learn.predict": "say the depth of a key before it is told",
    "learn.find": "a key of a depth",
    "learn.commit": "what was changed counts as published",
    "learn.next": "the next lesson",
    "learn.previous": "the lesson before",
    "learn.pane": "give the keys to the next pane",
    "learn.panes": "give the keys to the next pane",
    "learn.down": "as much of the text as is shown",
    "learn.line_down": "one line of the text",
    "learn.line_up": "one line of the text",
    "learn.break": "files that break a rule each, and why it is one",
    "learn.break_it": "files that break a rule each, and why it is one",
    "learn.break_search": "narrow the list by code, rule or fault",
    "learn.break_list": "from the line to what was found",
    "learn.break_back": "to all files, and out of the list",
    "learn.open": "the broken file in the explorer",
    "learn.open_twin": "what it is without the fault, in the explorer",
    "learn.next_case": "the next broken file",
    "learn.case_before": "the broken file before",
    "learn.case_back": "to the list",
    "learn.leave": "leave; what you solved is remembered",
    "learn.quit": "leave",
}
"""Of lessons and the sandbox."""

_FOLDER: Final = {
    "folder.filter": "narrow the list by name, verdict or code",
    "folder.list": "from the line to the list",
    "folder.sort": "by the next column; a click on its name does it too",
    "folder.reverse": "the other way round",
    "folder.findings": "what was found in all files",
    "folder.again": "list the folder, and read all of it",
    "folder.all": "close the filter, and list all of them",
    "folder.leave": "leave; from a repository, back to its folder",
}

PURPOSES: Final = (
    ("Learn", _LEARN),
    ("A folder", _FOLDER),
    ("See it another way", _SEE),
    ("Find something", _FIND),
    ("Go back, or come back later", _COME_BACK),
    ("Open and close, follow", _OPEN),
    ("Order and narrow", _ORDER),
    ("Look closely at one record", _LOOK),
    ("Step through", _STEP),
    ("Mark, copy, export", _TAKE),
    ("Open other sources", _FILES),
    ("Get help, and leave", _PROGRAM),
    ("Move", _MOVE),
)
"""Purpose → names of actions, with a description of each."""
