"""Removes, empties, renames and overwrites what is there."""

import os
import pathlib
import shutil

here = os.path.dirname(os.path.abspath(__file__))


def attempt(what, *arguments):
    try:
        what(*arguments)
    except OSError as error:
        print(what.__name__, "refused:", type(error).__name__)
    else:
        print(what.__name__, "done")


attempt(os.remove, os.path.join(here, "data.txt"))
attempt(os.rename, os.path.join(here, "kept.txt"), os.path.join(here, "other.txt"))
attempt(os.truncate, os.path.join(here, "kept.bin"), 0)
attempt(shutil.rmtree, os.path.join(here, "checkpoints"))
attempt(pathlib.Path(here, "kept.bin").unlink)
attempt(os.rmdir, os.path.join(here, "empty"))
attempt(os.chmod, os.path.join(here, "kept.bin"), 0)
