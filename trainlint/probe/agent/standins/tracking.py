"""wandb, as far as a program depends on it: its configuration."""

from __future__ import annotations

from typing import Any

from .quiet import Quiet


class Configuration(dict):  # type: ignore[type-arg]
    """A mapping whose entries are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def update(self, *values: Any, allow_val_change: bool = True, **more: Any) -> None:
        """Takes mappings, and what argparse gives."""
        for value in values:
            super().update(value if isinstance(value, dict) else vars(value))
        super().update(more)

    setdefaults = update


class Run(Quiet):
    """A run that is not tracked."""

    def __init__(self, values: Configuration) -> None:
        super().__init__()
        self.config = values
        self.id = self.name = "probe"
        self.summary: dict[str, Any] = {}
        self.dir = "."


config = Configuration()
summary: dict[str, Any] = {}
run = Run(config)


def init(*_: Any, **options: Any) -> Run:
    """Keeps the configuration, and tracks nothing."""
    if options.get("config") is not None:
        config.update(options["config"])
    return run


def login(*_: Any, **__: Any) -> bool:
    """Nobody is asked for a key."""
    return True


def __getattr__(name: str) -> Any:
    """What else there is goes nowhere."""
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (Quiet,), {}) if name[:1].isupper() else Quiet()
