"""Loops: what is played how often, and what one pass leaves for the next."""

from pathlib import Path

import pytest

from tests.program.annotated import happens, run
from trainlint.program.events import Draw, Forward, Step


def test_a_loop_over_data_is_played_twice(tmp_path: Path) -> None:
    """A loop whose length is not known runs for two passes, each of which draws once."""
    happens(
        tmp_path,
        """
        for x, y in loader:  #: [1,2] draw from DataLoader
            F.cross_entropy(net(x), y).backward()  #: [1,2] forward Linear: mode train, gradients on, trained | [1,2] backward through
            opt.step()  #: [1,2] step SGD(Linear)
        """,
        about="draw forward backward step",
    )


def test_loops_inside_loops(tmp_path: Path) -> None:
    """Each pass of an outer loop plays the inner one anew, and twice."""
    happens(
        tmp_path,
        """
        for epoch in range(3):
            net.train()  #: [1,2] train Linear
            for x, y in loader:
                opt.zero_grad()  #: [1,2][1,2] clear SGD(Linear)
        """,
    )


def test_what_a_pass_leaves_behind_meets_the_next(tmp_path: Path) -> None:
    """The mode that the first pass ends in is the mode in which the second begins."""
    happens(
        tmp_path,
        """
        for x in loader:
            net(x)  #: [1] forward Linear: mode train, | [2] forward Linear: mode eval since 4
            net.eval()  #: [1,2] eval Linear
        """,
    )


def test_a_while_loop(tmp_path: Path) -> None:
    """An undecided `while` is played twice as well."""
    happens(
        tmp_path,
        """
        while maybe():
            opt.step()  #: [1,2] step SGD(Linear)
        """,
    )


def test_while_true(tmp_path: Path) -> None:
    """An endless loop is left by its `break` alone: what follows sees the state at the `break`."""
    happens(
        tmp_path,
        """
        while True:
            net.train()  #: [1,2] train Linear
            if maybe():
                net.eval()  #: [1] (1a) eval Linear | [2] (2a) eval Linear
                break
        net(data)  #: forward Linear: mode eval since 5,
        """,
    )


def test_while_false(tmp_path: Path) -> None:
    """A loop whose condition is false from the start is not played."""
    happens(
        tmp_path,
        """
        while False:
            opt.step()
        """,
    )


@pytest.mark.parametrize("phases", ['["train", "val"]', '("train", "val")', '{"train": 1, "val": 2}'])
def test_a_list_that_is_written_out_is_played_item_by_item(tmp_path: Path, phases: str) -> None:
    """A loop over a list that is known item by item takes each item once, and a branch on the item is decided."""
    happens(
        tmp_path,
        f"""
        for phase in {phases}:
            if phase == "train":
                net.train()  #: [1] train Linear
            else:
                net.eval()  #: [2] eval Linear
        """,
    )


@pytest.mark.parametrize(
    "pairs",
    ['zip(["a", "b"], [True, False])', '{"a": True, "b": False}.items()', '[("a", True), ("b", False)]', "enumerate([True, False])"],
)
def test_pairs_that_are_written_out(tmp_path: Path, pairs: str) -> None:
    """`zip`, `enumerate` and `items` of what is known item by item are known item by item too."""
    happens(
        tmp_path,
        f"""
        for name, training in {pairs}:
            net.train(training)  #: [1] train Linear | [2] eval Linear
        """,
    )


def test_a_loop_over_networks(tmp_path: Path) -> None:
    """The networks of a list keep their identity."""
    happens(
        tmp_path,
        """
        other = nn.Linear(4, 2)
        for each in (net, other):
            each.eval()  #: [1] eval Linear | [2] eval Linear#2
        net(data)  #: forward Linear: mode eval since 4
        other(data)  #: forward Linear#2: mode eval since 4
        """,
    )


def test_a_long_list_is_played_twice(tmp_path: Path) -> None:
    """A list of many items is not played item by item, and its items decide nothing."""
    happens(
        tmp_path,
        """
        for number in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]:
            if number == 3:
                opt.step()  #: [1] (1a) step SGD(Linear) | [2] (2a) step SGD(Linear)
        """,
    )


def test_a_list_is_played_in_the_order_that_it_is_given(tmp_path: Path) -> None:
    """`reversed` turns the order around."""
    happens(
        tmp_path,
        """
        for phase in reversed(["val", "train"]):
            if phase == "train":
                net.train()  #: [1] train Linear
            else:
                net.eval()  #: [2] eval Linear
        """,
    )


def test_an_empty_list_is_not_played(tmp_path: Path) -> None:
    """A loop over a list that is known to be empty has no pass."""
    happens(
        tmp_path,
        """
        callbacks = []
        for callback in callbacks:
            callback(opt)
        """,
    )


def test_a_short_range(tmp_path: Path) -> None:
    """A loop over a range that is known to be empty, or to have one number, is not played twice."""
    happens(
        tmp_path,
        """
        for i in range(0):
            net.eval()
        for i in range(1):
            net(data)  #: [1] forward Linear: mode train
            net.eval()  #: [1] eval Linear
        """,
    )


def test_a_loop_that_breaks_at_once(tmp_path: Path) -> None:
    """A dry run ends with its first pass, and its loop says so."""
    program = happens(
        tmp_path,
        """
        for x in loader:
            net(x)  #: [1] forward Linear
            break
        net.eval()  #: eval Linear
        """,
    )
    assert all(each.loop.breaks_at_once for event in program.runs[0].events for each in event.loops)


def test_a_break_on_some_path(tmp_path: Path) -> None:
    """After a loop, the states of its breaks and of its end are joined."""
    happens(
        tmp_path,
        """
        net.train()  #: train Linear
        for x in loader:
            if maybe():
                net.eval()  #: [1] (1a) eval Linear | [2] (2a) eval Linear
                break
        net(data)  #: forward Linear: mode train since 2 or eval since 5,
        """,
    )


def test_a_counted_while_may_end_without_its_break(tmp_path: Path) -> None:
    """A `while` whose condition is true at first is not endless for that: it ends at its `break` or by its condition."""
    happens(
        tmp_path,
        """
        step = 0
        while step < 100:
            net.eval()  #: [1,2] eval Linear
            if maybe():
                net.train()  #: [1] (1a) train Linear | [2] (2a) train Linear
                break
            step += 1
        net(data)  #: forward Linear: mode train since 6 or eval since 4,
        """,
    )


def test_continue(tmp_path: Path) -> None:
    """After `continue` the rest of the body is skipped, and its state reaches the next pass."""
    happens(
        tmp_path,
        """
        net.train()  #: train Linear
        for x in loader:
            net(x)  #: [1] forward Linear: mode train since 2, | [2] forward Linear: mode train since 2 or eval since 6,
            if maybe():
                net.eval()  #: [1] (1a) eval Linear | [2] (2a) eval Linear
                continue
            opt.step()  #: [1,2] step SGD(Linear)
        """,
    )


def test_continue_on_every_path(tmp_path: Path) -> None:
    """What stands behind an unconditional `continue` never happens, and the next pass does."""
    happens(
        tmp_path,
        """
        for x in loader:
            net(x)  #: [1,2] forward Linear
            continue
            opt.step()
        """,
    )


def test_a_break_leaves_the_inner_loop_alone(tmp_path: Path) -> None:
    """`break` ends the loop that it stands in, not those around it."""
    happens(
        tmp_path,
        """
        for epoch in range(9):
            for x in loader:
                net(x)  #: [1,2][1] forward Linear
                break
            opt.step()  #: [1,2] step SGD(Linear)
        """,
    )


def test_else_of_a_loop(tmp_path: Path) -> None:
    """The `else` of a loop runs when no `break` ended it."""
    happens(
        tmp_path,
        """
        for x in loader:
            net(x)  #: [1,2] forward Linear
        else:
            net.eval()  #: eval Linear
        for x in loader:
            net(x)  #: [1] forward Linear
            break
        else:
            net.train()
        """,
    )


@pytest.mark.xfail(reason="the `else` of a loop that may break never runs")
def test_else_of_a_loop_that_may_break(tmp_path: Path) -> None:
    """The `else` of a loop that may have been left by a `break` runs on the other paths."""
    happens(
        tmp_path,
        """
        net.train()  #: train Linear
        for x in loader:
            if maybe():
                break
        else:
            net.eval()  #: eval Linear
        net(data)  #: forward Linear: mode train since 2 or eval since 7,
        """,
    )


def test_a_return_ends_the_loop(tmp_path: Path) -> None:
    """A function that returns from its first pass draws one batch."""
    happens(
        tmp_path,
        """
        def first():
            for x in loader:
                return net(x)  #: [1] forward Linear
        first()
        """,
    )


def test_a_loop_is_its_activation(tmp_path: Path) -> None:
    """A loop that is entered twice is two loops: steps of the one are not repeated by the other."""
    program = happens(
        tmp_path,
        """
        def epoch():
            for x in loader:
                opt.step()  #: [1] step SGD(Linear) | [2] step SGD(Linear) | [1] step SGD(Linear) | [2] step SGD(Linear)
        epoch()
        epoch()
        """,
    )
    [run] = program.runs
    assert len({event.loops[0].loop for event in run.of(Step)}) == 2


@pytest.mark.parametrize(
    "source", ["enumerate(loader)", "zip(loader, loader)", "tqdm(loader)", "iter(loader)", "enumerate(tqdm(loader), 1)"]
)
def test_what_wraps_the_data(tmp_path: Path, source: str) -> None:
    """What is made of a loader by enumerate, zip, tqdm or iter draws batches all the same."""
    program = run(
        tmp_path,
        f"""
        from tqdm import tqdm
        for batch in {source}:
            net(batch)
        """,
    )
    [played] = program.runs
    forwards = list(played.of(Forward))
    assert [each.loops[0].number for each in forwards] == [1, 2]
    assert all(any(type(event) is Draw and event.loops == each.loops for value in each.inputs for event in value.deps) for each in forwards)


def test_next_draws_without_a_loop(tmp_path: Path) -> None:
    """`next(iter(loader))` draws a batch; no loop is around it."""
    happens(
        tmp_path,
        """
        x, y = next(iter(loader))  #: draw from iter(DataLoader
        net(x)  #: forward Linear: mode train, gradients on; (?) ->
        """,
        about="draw forward",
    )


def test_a_counter_says_nothing_of_later_passes(tmp_path: Path) -> None:
    """What a counter is in the first two passes decides no branch: the others may take the other arm."""
    happens(
        tmp_path,
        """
        step = 0
        for x in loader:
            step += 1
            if step % 100 == 0:
                opt.step()  #: [1] (1a) step SGD(Linear) | [2] (2a) step SGD(Linear)
        """,
    )


def test_the_index_of_enumerate_decides_nothing(tmp_path: Path) -> None:
    """The index of a loop over data is a number that is not known."""
    happens(
        tmp_path,
        """
        for i, x in enumerate(loader):
            if i == 0:
                opt.zero_grad()  #: [1] (1a) clear SGD(Linear) | [2] (2a) clear SGD(Linear)
        """,
    )


def test_an_item_from_a_generator(tmp_path: Path) -> None:
    """A loop over a generator of the program draws what that yields."""
    happens(
        tmp_path,
        """
        def batches():
            while True:
                for x in loader:
                    yield torch.softmax(net(x), 1)  #: [1,2][1,2] forward Linear
        for p in batches():
            p.sum().backward()  #: [1,2] backward through
        """,
    )
