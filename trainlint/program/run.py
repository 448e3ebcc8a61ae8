"""One run of a program, from an entry point to its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

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
    periodic: Mapping[int, str] = field(default_factory=dict)
    """The branchings whose condition holds "once" in so many passes (`if (i + 1) % 4 == 0`), or in "most" (`if i % 4`)."""
    dispatches: frozenset[int] = frozenset()
    """The branchings over what a callee may be: one of its arms is taken whatever happens."""
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What questions have found out about the run, so that the next rule need not look again."""

    @property
    def confidence(self) -> Confidence:
        """How sure what happens in it is: what a function that nobody in sight calls is given is an assumption."""
        return Confidence.HIGH if self.entry == MAIN else Confidence.MEDIUM

    def of(self, kind: type[E]) -> Iterator[E]:
        """The events of one kind."""
        yield from self._by_kind.get(kind, ())  # type: ignore[misc]

    @property
    def _by_kind(self) -> dict[type[Event], list[Event]]:
        found: dict[type[Event], list[Event]] | None = self.memory.get("kinds")
        if found is None:
            found = self.memory["kinds"] = {}
            for event in self.events:
                found.setdefault(type(event), []).append(event)
        return found

    def among(self, *kinds: type[Event]) -> tuple[Event, ...]:
        """The events of several kinds, in order."""
        found: tuple[Event, ...] | None = self.memory.get(kinds)
        if found is None:
            chosen = [event for kind in kinds for event in self._by_kind.get(kind, ())]
            found = self.memory[kinds] = tuple(sorted(chosen, key=lambda event: event.index))
        return found

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
