"""`trainlint clean`: throws away what earlier checks have kept."""

import argparse
from pathlib import Path
from typing import Any

from trainlint.cli.replay import cache_root


def add_to(commands: Any) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "clean", help="delete the cache", description="Deletes the cache of the project in the current folder.", allow_abbrev=False
    )
    parser.add_argument("--cache-dir", metavar="FOLDER", help="the cache, where it lies elsewhere")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Deletes it, and says where it was."""
    import shutil

    from trainlint.engine.cache import is_cache
    from trainlint.engine.usage import UsageError

    folder = Path(cache_root(options.cache_dir))
    if not folder.exists():
        print(f"There is no cache in {folder}.")
        return 0
    if not is_cache(folder):
        raise UsageError(f"`{folder}` is not a cache of trainlint's, and is left alone")
    shutil.rmtree(folder)
    print(f"Removed {folder}.")
    return 0
