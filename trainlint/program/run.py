"""One run of a program, from an entry point to its end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from trainlint.findings import Confidence
from trainlint.program.events import Event, Pass, Truncated
from trainlint.source import ir

E = TypeVar("E", bound=Event)


MAIN = "__main__"


@dataclass(frozen=True, slots=True)
class Run:
    """What happened between an entry point and its end, in order."""

    path: Path
    entry: str
    """ "__main__", or the name of the function or class that no code in sight calls."""
    events: tuple[Event, ...]
    _by_kind: dict[type, list[Event]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def confidence(self) -> Confidence:
        """How sure what happens in it is: what a function that nobody in sight calls is given is an assumption."""
        return Confidence.HIGH if self.entry == MAIN else Confidence.MEDIUM

    def of(self, kind: type[E]) -> Iterator[E]:
        """The events of one kind."""
        if not self._by_kind:
            for event in self.events:
                self._by_kind.setdefault(type(event), []).append(event)
        return iter(self._by_kind.get(kind, ()))  # type: ignore[arg-type]

    def between(self, first: Event, last: Event) -> tuple[Event, ...]:
        """The events after the first and before the last."""
        return self.events[first.index + 1 : last.index]

    @property
    def truncated(self) -> Truncated | None:
        """Where the run was cut short, if it was."""
        return next(self.of(Truncated), None)


def shared_loop(earlier: Event, later: Event) -> tuple[Pass, Pass] | None:
    """The passes of the outermost loop in which the first event belongs to an earlier pass than the second."""
    for one, other in zip(earlier.loops, later.loops, strict=False):
        if one is not other:
            return (one, other) if one.loop is other.loop and one.number < other.number else None
    return None


def same_pass(one: Event, other: Event) -> bool:
    """Whether both belong to the same pass of the innermost loop around the first."""
    return not one.loops or one.loops[-1] in other.loops


def exclude_each_other(one: Event, other: Event) -> bool:
    """Whether the events stand in different arms of one branch, so that they never happen in the same pass."""
    arms = dict(one.guards)
    return any(branching in arms and arms[branching] != arm for branching, arm in other.guards)


def place_of(event: Event) -> ir.Node:
    """Where the event stands."""
    return event.node
