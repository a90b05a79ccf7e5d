"""The process that reads one chunk after another, for `supervisor`.

It reads a pickled `Setup` and then a chunk a line, as JSON. It writes a line with the
number of each file that it begins, and one with what came of the chunk. It ends with
its input, at once: then nobody waits for it any more.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, NoReturn

from repoview.core.errors import RepoviewError, own_fault
from repoview.export.writers.arrow_import import import_arrow
from repoview.fleet.chunks import Chunk
from repoview.fleet.work import do
from repoview.processes import READY

if TYPE_CHECKING:
    from repoview.fleet.work import Setup


def main() -> NoReturn:
    """Serve until the input ends."""
    # Ctrl-C is heard by the process that started this one, which then ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    setup: Setup = pickle.load(sys.stdin.buffer)  # noqa: S301 (of our own process)
    # What anything else prints must not come between the lines.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    arrow = import_arrow()
    # What a store is asked for must not be one of many threads of many processes.
    arrow.set_cpu_count(1)
    chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(chunks,), daemon=True).start()

    def tell(value: Any) -> None:  # noqa: ANN401 (JSON)
        out.write(json.dumps(value).encode() + b"\n")
        out.flush()

    try:
        out.write(READY)
        out.flush()
        while True:
            chunk = Chunk.from_json(json.loads(chunks.get()))
            tell(_outcome(chunk, setup, tell))
    except BrokenPipeError:
        # Nobody reads it any more.
        os._exit(0)


def _outcome(chunk: Chunk, setup: Setup, tell: Any) -> dict[str, Any]:  # noqa: ANN401 (a function)
    try:
        return {"done": do(chunk, setup, lambda at: tell({"at": at})).to_json()}
    except RepoviewError as error:
        return {"stop": str(error)}
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 (no file is its cause: it ends the run)
        traceback.print_exc()
        return {"stop": own_fault(error)}


def _read(chunks: queue.SimpleQueue[bytes]) -> None:
    """Take chunks, in a thread, and end with the input whatever is being done."""
    for line in sys.stdin.buffer:
        chunks.put(line)
    os._exit(0)
