"""How long a user waits after a keystroke: from an edit to the diagnostics of that version, beyond the debounce.

    python -m tests.benchmarks.editing [--edits 120] [--profile]

A statement is typed character by character, and deleted again, inside of the training loop of three files of 1,000 lines; the server is
a process of its own, and the time is that of the client, from sending the edit to having decoded the answer.
"""

# ruff: noqa: T201 - a command prints

import argparse
import asyncio
import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.long_files import SHAPES, LongFile
from tests.server.editor import COMMAND, names, session
from trainlint.engine.session import Session

STATEMENT = 'logger.info("epoch %d: the loss is %.4f", epoch, sum(history) / len(history))'
BOUND = 0.100
"""Seconds that 95 of 100 edits may take."""
WARM_UP = 5


def typed(edits: int) -> Iterator[tuple[str, str]]:
    """What stands there before and after each keystroke: the statement grows to its end and shrinks again."""
    text, grows = "", True
    for _ in range(edits):
        longer = STATEMENT[: len(text) + 1] if grows else text[:-1]
        yield text, longer
        text = longer
        grows = (grows and text != STATEMENT) or not text


async def measured(file: LongFile, edits: int) -> list[float]:
    """Seconds for each edit; makes sure that nothing disappears meanwhile."""
    times: list[float] = []
    with tempfile.TemporaryDirectory(prefix="trainlint-") as folder:
        async with session(Path(folder), command=COMMAND, options={"debounce": 0}) as editor:
            uri = editor.open(Path(folder, "train.py"), file.text)
            await editor.pushed(uri, 1)
            editor.replace(uri, "# here", "")
            for before, after in typed(edits + WARM_UP):
                anchor = MARK[file.indentation]
                start = time.perf_counter()
                version = editor.replace(uri, f"{anchor}{before}\n", f"{anchor}{after}\n")
                found = await editor.pushed(uri, version)
                times.append(time.perf_counter() - start)
                missing = file.expected - set(names(found))
                assert not missing, f"after {after!r}, {missing} is not found"
    return times[WARM_UP:]


MARK = {
    " " * 8: "history.append(loss.item())\n" + " " * 8,
    " " * 12: "self.optimizer.step()\n" + " " * 12,
}
"""What stands before the statement that is typed."""


def profile(file: LongFile, edits: int) -> None:
    """Prints where the time of the same edits goes, without any server."""
    path = Path("/nowhere/train.py")
    checker = Session()
    checker.check(path, {path: file.text}, fixes=False)
    profiler = cProfile.Profile()
    for before, after in typed(edits):
        anchor = MARK[file.indentation]
        del before
        text = file.text.replace("# here", "").replace(anchor.rstrip(" "), f"{anchor}{after}\n", 1)
        profiler.enable()
        checker.check(path, {path: text}, fixes=False)
        profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(r"trainlint|libcst", 30)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints a row for each file, and fails where one is over the bound."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.editing", description=__doc__.partition("\n")[0])
    parser.add_argument("--edits", type=int, default=120, help="keystrokes in each file (120)")
    parser.add_argument("--profile", action="store_true", help="print where the time goes instead")
    options = parser.parse_args(arguments)
    worst = 0.0
    print(f"{'':28} {'lines':>6} {'median':>8} {'p95':>8} {'worst':>8}")
    for name, make in SHAPES.items():
        file = make()
        if options.profile:
            print(name)
            profile(file, min(options.edits, 20))
            continue
        times = sorted(asyncio.run(measured(file, options.edits)))
        p95 = times[int(len(times) * 0.95)]
        worst = max(worst, p95)
        row = "".join(f" {1000 * seconds:5.0f} ms" for seconds in (statistics.median(times), p95, times[-1]))
        print(f"{name:28} {file.text.count(chr(10)):6}{row}", flush=True)
    return int(worst > BOUND)


if __name__ == "__main__":
    sys.exit(main())
