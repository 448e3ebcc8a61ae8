"""One run of the user's program under watch."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from typing import Any, NoReturn

import torch

from . import compilation, containment, notebooks, places
from .collection import Collection
from .loaders import Loaders
from .losses import Losses
from .modules import Modules
from .operations import Watch
from .optimizers import Optimizers
from .randomness import Randomness
from .replays import AT_MOST, Replays
from .session import Session

_leave = os._exit
"""Bound here: for the program there is another one."""
PATIENCE = 30.0
MEASURING = 20.0
"""Seconds that running networks again may take, beyond those that as many passes have taken before."""
LATE, TOO_LATE = 1 / 6, 1 / 2
"""Shares of the time for telling: when a run is ended whatever it does, and when what the agent itself still measures is given up."""
RESERVE = 1 / 3
"""As long as this share of the time for telling, a run is ended before its time is over."""


class Run:
    """The parts of the agent, put together."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        channel = os.environ.pop("TRAINLINT_CHANNEL", None)
        self.configuration = configuration
        self.session = Session(configuration, int(channel) if channel else None)
        self.modules = Modules(self.session)
        self.losses = Losses(self.session, self.modules)
        self.watch = Watch(self.session, self.modules, self.losses)
        self.optimizers = Optimizers(self.session, self.modules)
        self.loaders = Loaders(self.session)
        self.randomness = Randomness(self.session)
        self.replays = Replays(self.session, self.modules, self.watch)
        self.failure: dict[str, Any] | None = None
        self._ending, self._telling = threading.Lock(), threading.Lock()
        self._ends_in = 0
        self._reason = "timeout"

    def install(self) -> None:
        """Begins to watch."""
        compilation.install()
        self.session.finish = self.finish
        self.modules.install()
        self.modules.current_loader = self.loaders.current
        self.modules.on_pass += [self.loaders.on_pass, lambda loader: self.randomness.on_pass()]
        self.optimizers.install()
        self.optimizers.on_backward += [self.loaders.on_backward, self._training_again]
        self.optimizers.on_step += [self.losses.on_step]
        self.modules.on_trained_pass = self._forwarded
        self.losses.install()
        self.loaders.install()
        if self.watch.finiteness is not None:
            torch.autograd.set_detect_anomaly(True)
            self.optimizers.on_failure.append(self.watch.finiteness.explain)
        self.randomness.install()
        self.optimizers.on_step.append(self.randomness.on_step)
        self.watch.on_dropout = self.randomness.dropped
        self.watch.__enter__()
        os._exit = self._left
        self._set_alarm()

    def _left(self, status: int) -> NoReturn:
        """The program leaves without a word: what it has shown until here is told all the same."""
        if self.session.watching:
            self.finish("exited" if status else "program ended")
        _leave(status)

    def _training_again(self) -> None:
        self.modules.quiet_passes = 0

    def _forwarded(self) -> None:
        for record in self.optimizers.records:
            record.forwarded = True

    def _set_alarm(self) -> None:
        def late(*_: Any) -> None:
            if self.session.watching:
                self.finish("timeout")

        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, late)
            signal.setitimer(signal.ITIMER_REAL, max(self.session.deadline - time.monotonic() - RESERVE * self.session.ending, 0.5))
        threading.Thread(target=self._tell_in_time, name="trainlint", daemon=True).start()

    def _tell_in_time(self) -> None:
        """Ends a run that one operation holds up past its time: no signal is handled before it returns."""
        self._wait_past_the_end(LATE)
        if os.getpid() != self.session.process:
            return
        if not self._ending.locked():
            self.session.light = True  # nothing is run again while the program still runs
            self.finish("timeout")
        self._wait_past_the_end(TOO_LATE)
        self._tell()

    def _wait_past_the_end(self, share: float) -> None:
        time.sleep(max(self.session.deadline + share * self.session.ending - time.monotonic(), 0.0))

    def finish(self, reason: str) -> NoReturn:
        """Tells what was seen, and ends the process before the program can do anything more."""
        if os.getpid() != self.session.process:
            _leave(0)  # a process that the program has forked saw nothing of its own
        if not self._ending.acquire(blocking=False):
            if self._ends_in == threading.get_ident():
                raise RuntimeError("the run is being ended")
            time.sleep(PATIENCE)  # the other thread ends the process
            _leave(0)
        self._ends_in = threading.get_ident()
        self._reason = reason
        self.session.measuring = True
        if not self.session.light:
            threading.Thread(target=self._tell_without_measures, name="trainlint", daemon=True).start()
            with suppress(BaseException):  # what was seen without it is told all the same
                self.replays.run()
                self.replays.read_twice(self.loaders)
        self._tell()

    def _tell_without_measures(self) -> None:
        """Where the program's own network or data set does not come back when it is asked once more."""
        time.sleep(MEASURING + AT_MOST * sum(record.seconds for record in self.modules.records))
        self._tell()

    def _tell(self) -> NoReturn:
        if not self._telling.acquire(blocking=False):
            time.sleep(PATIENCE)  # the other thread ends the process
            _leave(0)
        try:
            self.session.finished = True
            collection = Collection(self.session, self.modules, self.losses, self.watch, self.optimizers, self.loaders, self.replays)
            observation = collection.observation(self._reason, self.failure, self._incidents())
            self.session.send({"kind": "observation", "observation": observation})
        except BaseException as error:  # noqa: BLE001 - the process ends here, and this is the last chance to say why
            told = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            self.session.send({"kind": "failed", "message": f"{type(error).__name__}: {error}", "traceback": told})
        for stream in (sys.stdout, sys.stderr):
            with suppress(BaseException):  # the program may have put anything there
                stream.flush()
        _leave(0)

    def _incidents(self) -> list[dict[str, Any]]:
        notes = containment.incidents()
        if self.loaders.workers.replaced:
            notes.append({"kind": "note", "what": "data are loaded without worker processes", "count": 1, "place": None})
        return notes

    def fail(self, error: BaseException) -> NoReturn:
        """The program raised."""
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        place = None
        for entry, (frame, row) in zip(frames, traceback.walk_tb(error.__traceback__)):
            if places.is_users(entry.f_code.co_filename):
                path = os.path.realpath(frame.f_code.co_filename)
                place = {"path": path, "row": row, "column": None, "end_row": None, "end_column": None, "callee": None}
        told = str(error)
        if isinstance(error, SyntaxError) and error.filename and places.is_users(error.filename):
            told = error.msg
            place = {"path": os.path.realpath(error.filename), "row": error.lineno or 1, "column": None, "end_row": None}
            place.update(end_column=None, callee=None)
        self.failure = {"kind": type(error).__name__, "message": told[:2000], "place": place}
        shown = error.__traceback__
        while shown is not None and os.path.realpath(shown.tb_frame.f_code.co_filename).startswith(places.HERE + os.sep):
            shown = shown.tb_next
        traceback.print_exception(type(error), error, shown)
        self.finish("raised")


def run(configuration: dict[str, Any]) -> NoReturn:
    """Runs the program that the configuration names."""
    import __main__

    sources: dict[str, str] = configuration.get("sources", {})
    _serve(sources)
    watched = Run(configuration)
    if configuration.get("device") == "cuda" and not torch.cuda.is_available():
        watched.session.send({"kind": "failed", "message": "`--device cuda` was asked for, and torch can use no GPU here"})
        _leave(0)
    sys.argv[:] = [configuration["script"], *configuration.get("arguments", [])]
    sys.dont_write_bytecode = True
    namespace: dict[str, Any] = vars(__main__)
    kept: dict[str, Any] = {name: namespace[name] for name in ("__name__", "__builtins__", "__doc__") if name in namespace}
    namespace.clear()
    namespace.update({**kept}, __doc__=None, __package__=None, __spec__=None, __loader__=None, __cached__=None)
    watched.install()
    try:
        if configuration.get("module"):
            _run_module(configuration["module"])
        else:
            path = configuration["script"]
            sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
            if configuration.get("notebook"):
                notebooks.run(sources[os.path.realpath(path)], path, namespace, network=bool(configuration.get("network")))
                watched.finish("program ended")
            namespace["__file__"] = path
            text = sources.get(os.path.realpath(path))
            if text is None:
                with open(path, "rb") as file:
                    code = compile(file.read(), path, "exec", dont_inherit=True)
            else:
                code = compile(text, path, "exec", dont_inherit=True)
            exec(code, namespace)  # noqa: S102 - this is what the user asked for
    except SystemExit as stop:
        watched.finish("exited" if stop.code not in (None, 0) else "program ended")
    except BaseException as error:  # noqa: BLE001 - whatever ends the program is told
        watched.fail(error)
    watched.finish("program ended")


def _run_module(name: str) -> None:
    import runpy

    sys.path.insert(0, os.getcwd())
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def _serve(sources: dict[str, str]) -> None:
    """Lets imports find these texts instead of what the files hold."""
    import linecache

    for path, text in sources.items():
        linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    original = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, fullname: str) -> Any:
        text = sources.get(os.path.realpath(loader.path))
        return compile(text, loader.path, "exec", dont_inherit=True) if text is not None else original(loader, fullname)

    if sources:
        SourceFileLoader.get_code = get_code
