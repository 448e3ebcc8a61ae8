"""Switches between training and evaluation, and flags that are set where nothing reads them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from torch import nn
from torch.utils.weak import WeakIdKeyDictionary

from . import places
from .session import Session

MISSPELT = frozenset({"require_grad", "require_grads", "requires_grads", "required_grad", "requires_gradient", "require_gradient"})
FLAGS = MISSPELT | {"requires_grad", "training"}


class Modes:
    """Watches `train()`, `eval()` and assignments of flags."""

    def __init__(self, session: Session, is_active: Callable[[nn.Module], bool]) -> None:
        self.session, self.is_active = session, is_active
        self.switches: list[dict[str, Any]] = []
        """Each outermost call: its place, its mode, and the number that passes name it by."""
        self.last: Any = WeakIdKeyDictionary()
        """The number of the last switch of each module."""
        self.flags: list[dict[str, Any]] = []
        self._switching = False

    def install(self) -> None:
        """Replaces the switch and the setting of attributes by ones that are watched."""
        train, watch = nn.Module.train, self
        set_on_module, set_on_parameter = nn.Module.__setattr__, nn.Parameter.__setattr__

        def switching(module: nn.Module, mode: bool = True) -> Any:  # noqa: FBT002 - as torch has it
            if watch._switching or not watch.session.watching:
                return train(module, mode)
            watch._switching = True
            try:
                watch.last[module] = len(watch.switches)
                called = sys._getframe(1).f_code.co_name
                watch.switches.append({"place": places.here(module, "train" if called != "eval" else "eval"), "mode": bool(mode)})
                return train(module, mode)
            finally:
                watch._switching = False

        def setting(module: nn.Module, name: str, value: Any) -> None:
            set_on_module(module, name, value)
            if name in FLAGS and isinstance(value, bool):
                watch._set(module, name, value)

        def setting_on_parameter(parameter: nn.Parameter, name: str, value: Any) -> None:
            set_on_parameter(parameter, name, value)
            if name in FLAGS:
                watch._set(parameter, name, value)

        nn.Module.train = switching
        nn.Module.__setattr__ = setting
        nn.Parameter.__setattr__ = setting_on_parameter

    def _set(self, receiver: Any, name: str, value: bool) -> None:
        frame = sys._getframe(2)
        if self._switching or not self.session.watching or not places.is_users(frame.f_code.co_filename):
            return
        if name != "training" and isinstance(receiver, nn.Module) and not any(True for _ in receiver.parameters()):
            return
        if isinstance(receiver, nn.Module) and frame.f_code.co_name in ("train", "eval", "__init__"):
            return
        without = False if name == "requires_grad" and not isinstance(receiver, nn.Module) else None
        self.flags.append(
            {"place": places.of(frame), "attribute": name, "value": bool(value), "receiver": receiver, "without_effect": without}
        )

    def on_pass(self, network: nn.Module) -> None:
        """A network is called: what was set on it has an effect now or none."""
        for flag in self.flags:
            own = flag["receiver"]
            if flag["without_effect"] is not None or not _holds(network, own):
                continue
            if flag["attribute"] != "training":
                held = own.parameters() if isinstance(own, nn.Module) else (own,)
                flag["without_effect"] = any(parameter.requires_grad != flag["value"] for parameter in held)
            elif isinstance(own, nn.Module) and own.training == flag["value"]:
                deaf = [child for child in own.modules() if child is not own and self.is_active(child) != flag["value"]]
                flag["without_effect"] = bool(deaf) and all(child.training != flag["value"] for child in deaf)

    def fields(self) -> list[dict[str, Any]]:
        """The fields of `observations.Flag`, one for each place."""
        found: dict[Any, dict[str, Any]] = {}
        for flag in self.flags:
            attribute, without = flag["attribute"], flag["without_effect"]
            module = isinstance(flag["receiver"], nn.Module)
            place = flag["place"]
            entry = found.setdefault(
                (place["path"], place["row"], attribute),
                {"place": place, "attribute": attribute, "value": flag["value"], "on_network": module, "without_effect": without},
            )
            if without is not None:
                entry["without_effect"] = bool(entry["without_effect"]) or without
        return list(found.values())


def _holds(network: nn.Module, own: Any) -> bool:
    return any(own is part for part in (network.modules() if isinstance(own, nn.Module) else network.parameters()))
