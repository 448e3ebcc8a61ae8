"""Data and weights that are not there and cannot be fetched, where torchvision or torch would fetch them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from types import ModuleType
from typing import Any

from .. import imports, incidents


def install(synthetic: str) -> None:
    """`synthetic`: `auto` where the real ones fail, `always`, or `never`."""
    if synthetic == "never":
        return
    imports.when_imported("torchvision.datasets", functools.partial(_offer_datasets, always=synthetic == "always"))
    imports.when_imported("torch", _offer_weights)


def _offer_datasets(module: ModuleType, *, always: bool) -> None:
    from .torchvision import datasets

    if module is datasets:
        return
    kinds: list[Any] = [getattr(module, name) for name in datasets.FORMS if name != "FakeData" and hasattr(module, name)]
    constructors = [kind.__init__ for kind in kinds]  # all of them, before the first is replaced that others inherit
    for kind, constructor in zip(kinds, constructors):
        kind.__init__ = _offered(constructor, datasets.FORMS, datasets.Synthetic, always=always)


def _offered(original: Callable[..., None], forms: Collection[str], made_up: type[Any], *, always: bool) -> Callable[..., None]:
    """The constructor of a dataset that makes the data up where they are missing."""

    @functools.wraps(original)
    def made(self: Any, root: Any = None, *arguments: Any, **options: Any) -> None:
        if "_being_made" in self.__dict__:  # by the constructor of a class below
            original(self, root, *arguments, **options)
            return
        reason = "asked for"
        if not always:
            self.__dict__["_being_made"] = True
            try:
                original(self, root, *arguments, **options)
            except (OSError, RuntimeError, ImportError) as error:  # not there, and not to be fetched
                reason = str(error).strip().partition("\n")[0].rstrip(": ") or type(error).__name__
            else:
                self.__dict__.pop("_being_made", None)
                return
        name = next(kind.__name__ for kind in type(self).__mro__ if kind.__name__ in forms)
        incidents.record("stand-in data", f"torchvision.datasets.{name} ({reason})")
        self.__dict__.clear()
        made_up.fill(self, name, root, arguments, options)
        self.__class__ = type(type(self).__name__, (made_up, type(self)), {"__init__": type(self).__init__})

    return made


class _NoWeights(dict):  # type: ignore[type-arg]
    """In place of the weights of a network that could not be fetched."""


def _offer_weights(torch: ModuleType) -> None:
    fetch, load = torch.hub.load_state_dict_from_url, torch.nn.Module.load_state_dict

    @functools.wraps(fetch)
    def fetched(url: str, *arguments: Any, **options: Any) -> Any:
        try:
            return fetch(url, *arguments, **options)
        except OSError:
            incidents.record("stand-in data", f"random weights in place of {url}")
            return _NoWeights()

    @functools.wraps(load)
    def loaded(self: Any, state_dict: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(state_dict, _NoWeights):
            return torch.nn.modules.module._IncompatibleKeys([], [])
        return load(self, state_dict, *arguments, **options)

    torch.hub.load_state_dict_from_url = fetched
    torch.nn.Module.load_state_dict = loaded
