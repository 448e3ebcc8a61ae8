"""The journal of what a run writes: properties that forking and joining rest on."""

from collections.abc import Callable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from trainlint.bindings.workspace import Workspace
from trainlint.knowledge.facts import Kind
from trainlint.program.events import Mode
from trainlint.program.interpreter.heap import Heap
from trainlint.program.interpreter.machine import Completion, Machine
from trainlint.program.joins import join
from trainlint.program.values import Either, Known, Sequence, Tensor, Unknown, Value, sequence

patient = settings(deadline=None)
"""How long an example takes depends on what else the machine does."""
Cells = dict[str, object]
Operation = tuple[int, str, object]
"""Writes a value, or with `...` deletes, a cell of one of some dicts."""

SHARED = tuple(Known(number) for number in range(3))
"""Values that have an identity, to be met more than once."""
PLAIN = st.sampled_from(
    [*SHARED, Known("a"), Unknown(), Tensor(kind=Kind.AFFINE), Tensor(graph=True), Tensor(graph=True, kind=Kind.AFFINE)]
)
CONTENTS = {
    "a": PLAIN,
    "items": st.lists(PLAIN, max_size=3).map(tuple),
    "mode": st.sets(st.tuples(st.sampled_from(Mode), st.none()), min_size=1).map(frozenset),
    "list": st.just(sequence("list", SHARED)),
}
"""What the cells of each name hold: values, the items of a list, typestates."""
OPERATIONS = st.lists(
    st.sampled_from(sorted(CONTENTS)).flatmap(lambda key: st.tuples(st.integers(0, 2), st.just(key), CONTENTS[key] | st.just(...))),
    max_size=8,
)


def three() -> tuple[Cells, ...]:
    """Three empty dicts."""
    return ({}, {}, {})


def work(heap: Heap, dicts: tuple[Cells, ...], operations: list[Operation]) -> None:
    """Does the writes."""
    for index, key, value in operations:
        if value is ...:
            heap.delete(dicts[index], key)
        else:
            heap.write(dicts[index], key, value)


def snapshot(dicts: tuple[Cells, ...]) -> list[Cells]:
    """What is in the dicts, by identity."""
    return [dict(cells) for cells in dicts]


def plain(value: object) -> object:
    """A value without its identity, and without the order in which its alternatives were met."""
    if isinstance(value, Either):
        return frozenset(map(plain, value.options))
    if isinstance(value, Known):
        return ("known", value.value)
    if isinstance(value, Tensor):
        return ("tensor", value.graph, value.kind)
    if isinstance(value, Sequence):
        return ("list", plain(value.items))
    if isinstance(value, tuple):
        return ("items", *map(plain, value))
    return value if isinstance(value, frozenset) else type(value).__name__


def state(dicts: tuple[Cells, ...]) -> list[dict[str, object]]:
    """What is in the dicts."""
    return [{key: plain(value) for key, value in cells.items()} for cells in dicts]


def arm(machine: Machine, dicts: tuple[Cells, ...], operations: list[Operation], completion: Completion = None) -> Callable[[], Completion]:
    """A branch that does these writes and ends so."""

    def run() -> Completion:
        work(machine.heap, dicts, operations)
        return completion

    return run


def after(before: list[Operation], *arms: tuple[list[Operation], Completion]) -> list[dict[str, object]]:
    """What an undecided branch leaves behind."""
    machine, dicts = Machine(Workspace()), three()
    work(machine.heap, dicts, before)
    machine.fork([arm(machine, dicts, operations, completion) for operations, completion in arms])
    return state(dicts)


def straight(*stretches: list[Operation]) -> list[dict[str, object]]:
    """What the same writes leave behind one after the other."""
    heap, dicts = Heap(), three()
    for operations in stretches:
        work(heap, dicts, operations)
    return state(dicts)


@patient
@given(OPERATIONS, OPERATIONS, OPERATIONS)
def test_rollback_restores(first: list[Operation], second: list[Operation], third: list[Operation]) -> None:
    """Whatever was written since a mark, rolling back to it gives what was there, cell by cell; marks nest."""
    heap, dicts = Heap(), three()
    start = heap.mark()
    work(heap, dicts, first)
    outer, before = heap.mark(), snapshot(dicts)
    work(heap, dicts, second)
    inner, between = heap.mark(), snapshot(dicts)
    work(heap, dicts, third)
    heap.rollback(inner)
    assert snapshot(dicts) == between
    heap.rollback(outer)
    assert snapshot(dicts) == before
    heap.rollback(start)
    assert snapshot(dicts) == [{}, {}, {}]


@patient
@given(OPERATIONS, OPERATIONS)
def test_changes_are_what_was_written(before: list[Operation], then: list[Operation]) -> None:
    """The changes since a mark, applied to the state at the mark, give the state from which they were taken."""
    heap, dicts = Heap(), three()
    work(heap, dicts, before)
    mark = heap.mark()
    work(heap, dicts, then)
    changes, expected = heap.changes(mark), snapshot(dicts)
    heap.rollback(mark)
    heap.apply(changes)
    assert snapshot(dicts) == expected
    heap.rollback(0)
    assert snapshot(dicts) == [{}, {}, {}], "applied changes are in the journal too"


@patient
@given(OPERATIONS, OPERATIONS)
def test_identical_arms_are_one(before: list[Operation], then: list[Operation]) -> None:
    """A branch whose arms do the same leaves what one of them leaves; a deletion is forgotten by no arm."""
    assert after(before, (then, None), (then, None)) == straight(before, then)


@patient
@given(OPERATIONS, st.lists(OPERATIONS, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_arms_does_not_matter(before: list[Operation], arms: list[list[Operation]], random: Random) -> None:
    """Whichever arm runs first, the branch leaves the same."""
    shuffled = random.sample(arms, len(arms))
    assert after(before, *((each, None) for each in arms)) == after(before, *((each, None) for each in shuffled))


@patient
@given(OPERATIONS, OPERATIONS, OPERATIONS)
def test_an_arm_twice_is_an_arm_once(before: list[Operation], one: list[Operation], other: list[Operation]) -> None:
    """An arm that is met again adds nothing to what is joined."""
    assert after(before, (one, None), (other, None), (one, None)) == after(before, (one, None), (other, None))


@patient
@given(OPERATIONS, OPERATIONS, OPERATIONS, st.sampled_from(["raise", "return", "break", "continue"]))
def test_an_abrupt_arm_leaves_nothing_behind(before: list[Operation], one: list[Operation], other: list[Operation], how: str) -> None:
    """What an arm that leaves has written is not there on the way on."""
    assert after(before, (one, how), (other, None)) == straight(before, other)
    assert after(before, (one, None), (other, how)) == straight(before, one)
    assert after(before, (one, how), (other, how)) == straight(before)


@patient
@given(OPERATIONS, OPERATIONS, OPERATIONS)
def test_a_branch_can_be_undone(before: list[Operation], one: list[Operation], other: list[Operation]) -> None:
    """What a branch has joined is journaled as well: a branch around it rolls it back."""
    machine, dicts = Machine(Workspace()), three()
    work(machine.heap, dicts, before)
    mark, expected = machine.heap.mark(), snapshot(dicts)
    machine.fork([arm(machine, dicts, one), arm(machine, dicts, other)])
    machine.heap.rollback(mark)
    assert snapshot(dicts) == expected


@patient
@given(st.lists(PLAIN, min_size=1, max_size=4))
def test_joining_a_value_with_itself(values: list[Value]) -> None:
    """The join of one value is that value, and joining a join with one of its parts adds nothing."""
    joined = join(values)
    assert join([values[0], values[0]]) is values[0]
    if isinstance(joined, Either) or len({plain(value) for value in values}) == 1:
        assert plain(join([joined, values[0]])) == plain(joined)


def test_a_default_stays_a_default() -> None:
    """A setting's default joined with the same constant still decides no branch, whichever comes first."""
    hard, soft = Known(1), Known(1, soft=True)
    assert join([hard, soft]).soft
    assert join([soft, hard]).soft
