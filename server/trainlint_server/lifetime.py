"""The server ends with its client, however that ends."""

import os
import sys
import threading
import time

INTERVAL = 2.0
"""Seconds between two looks at whether the client is still there."""


def end_with(process: int | None) -> None:
    """Ends this process soon after the client's has ended, if that can be seen from here.

    Most clients that die close the stream, which ends the server at once; some leave it open in a child of theirs.
    """
    if process is None or sys.platform == "win32" or not _is_there(process):
        return  # on Windows asking would end the process; one in another container is not there from the start
    threading.Thread(target=_watch, args=(process,), name="client watch", daemon=True).start()


def _watch(process: int) -> None:
    while _is_there(process):
        time.sleep(INTERVAL)
    os._exit(1)


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True
