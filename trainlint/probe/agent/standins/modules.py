"""Stand-ins for modules that cannot be imported, for imports made from the user's own files alone.

Libraries ask whether others are there and behave differently then, so that for them the missing ones stay missing.
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType

from .. import incidents, places
from . import quiet

_TABLE = {
    "tqdm": "progress",
    "tqdm.auto": "progress",
    "tqdm.autonotebook": "progress",
    "tqdm.notebook": "progress",
    "tqdm.rich": "progress",
    "tqdm.std": "progress",
    "wandb": "tracking",
    "torchvision": "torchvision",
    "torchvision.datasets": "torchvision.datasets",
    "torchvision.datasets.cifar": "torchvision.datasets",
    "torchvision.datasets.folder": "torchvision.datasets",
    "torchvision.datasets.mnist": "torchvision.datasets",
    "torchvision.models": "torchvision.models",
    "torchvision.models.resnet": "torchvision.models",
    "torchvision.models.vgg": "torchvision.models",
    "torchvision.transforms": "torchvision.transforms",
    "torchvision.transforms.functional": "torchvision.functional",
    "torchvision.transforms.transforms": "torchvision.transforms",
    "torchvision.transforms.v2": "torchvision.transforms",
    "torchvision.transforms.v2.functional": "torchvision.functional",
    "torchvision.utils": "torchvision.utils",
}
"""Modules with a stand-in that does what a program depends on, and the one of ours that it is."""

_QUIET = frozenset(
    "IPython aim clearml codecarbon colorama comet_ml dvclive gpustat livelossplot matplotlib memory_profiler mlflow mpl_toolkits "
    "neptune nvidia_smi prettytable ptflops py3nvml pynvml seaborn swanlab tensorboard_logger tensorboardX termcolor thop torchinfo "
    "torchsummary torchviz visdom".split(),
)
"""Modules that show, draw or track: what they would do is left out. Nothing that is trained on comes from them."""

_WRITERS = ("torch.utils.tensorboard", "torch.utils.tensorboard.writer")


class _Quiet(importlib.abc.Loader):
    """Makes modules whose every attribute accepts everything."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """A quiet one."""
        return quiet.QuietModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to execute."""


class _Ours(importlib.abc.Loader):
    """Gives one of our modules another name."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Ours, executed where it is at home."""
        return importlib.import_module(f".{_TABLE[spec.name]}", __package__)

    def exec_module(self, module: ModuleType) -> None:
        """It has been executed; its parts are looked for in the table, not in our folder."""
        module.__path__ = []


class _Finder(importlib.abc.MetaPathFinder):
    """The last in the row: it is asked for what nobody else has found."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for what there is a stand-in for."""
        first, _, rest = fullname.partition(".")
        if first not in self._given if rest else not _asked_by_user():
            return None
        loader = _Ours() if fullname in _TABLE else _Quiet() if first in _QUIET else None
        if loader is None:
            return None
        if not rest:
            self._given.add(first)
            incidents.record("stand-in module", first)
        return importlib.machinery.ModuleSpec(fullname, loader, is_package=True)


class _WriterFinder(importlib.abc.MetaPathFinder):
    """`torch.utils.tensorboard` is there, and cannot be imported where TensorBoard is not."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A quiet one where the real one would fail."""
        if fullname not in _WRITERS or not _asked_by_user() or _is_there("tensorboard"):
            return None
        incidents.record("stand-in module", "tensorboard")
        return importlib.machinery.ModuleSpec(fullname, _Quiet(), is_package=True)


def install() -> None:
    """Offers stand-ins from here on."""
    sys.meta_path.insert(0, _WriterFinder())
    sys.meta_path.append(_Finder())


def _asked_by_user() -> bool:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if "importlib" not in path and path != __file__ and not path.endswith(f"agent{os.sep}imports.py"):
            return places.is_users(path)
        frame = frame.f_back
    return False


@functools.cache
def _is_there(name: str) -> bool:
    return importlib.util.find_spec(name) is not None
