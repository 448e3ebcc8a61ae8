"""Statements are put in, taken out and moved the way a careful person would, whatever the layout."""

import pytest

from tests.editing.workbench import Bench, changed
from trainlint.cures.changes import (
    Change,
    Decorate,
    Delete,
    InsertAfter,
    InsertAtTop,
    InsertBefore,
    MoveAfter,
    MoveBefore,
    Named,
    Swap,
    Wrap,
)
from trainlint.source import ir


def before(bench: Bench) -> Change:
    """`go()` before `step()`."""
    return InsertBefore(bench.expression("step()"), "go()")


def after(bench: Bench) -> Change:
    """`go()` after `step()`."""
    return InsertAfter(bench.expression("step()"), "go()")


def without(bench: Bench) -> Change:
    """No `step()`."""
    return Delete(bench.expression("step()"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a()\nstep()\n", "a()\ngo()\nstep()\n", id="plain"),
        pytest.param("if x:\n\ta()\n\tstep()  # why\n", "if x:\n\ta()\n\tgo()\n\tstep()  # why\n", id="tabs"),
        pytest.param("if x:\r\n  step()\r\nb()\r\n", "if x:\r\n  go()\r\n  step()\r\nb()\r\n", id="carriage returns"),
        pytest.param("for o in x: step()\n", "for o in x: go(); step()\n", id="one-line suite"),
        pytest.param("a(); step()\n", "a(); go(); step()\n", id="semicolon"),
        pytest.param("x = step()\n", "go()\nx = step()\n", id="inside a statement"),
        pytest.param("f(a,\n  step())\n", "go()\nf(a,\n  step())\n", id="inside a statement of several rows"),
        pytest.param("# now\nstep()", "# now\ngo()\nstep()", id="no newline at the end"),
        pytest.param("if x: \\\n  step()\n", "if x: \\\n  go(); step()\n", id="continued row"),
        pytest.param("f(lambda: step())\n", "unsure: it stands inside of an expression that is run apart", id="lambda"),
        pytest.param("[step() for i in x]\n", "unsure: it stands inside of an expression that is run apart", id="comprehension"),
        pytest.param("if x:\n  a()\nelif step():\n  b()\n", "unsure: nothing can stand before an `elif`", id="elif"),
        pytest.param("if x:\n  a()\nelif y:\n  step()\n", "if x:\n  a()\nelif y:\n  go()\n  step()\n", id="inside an elif"),
        pytest.param("try:\n  step()\nfinally:\n  b()\n", "try:\n  go()\n  step()\nfinally:\n  b()\n", id="try"),
    ],
)
def test_insert_before(text: str, expected: str) -> None:
    """A statement comes right before another one, in its block."""
    assert changed(text, before) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("step()\nb()\n", "step()\ngo()\nb()\n", id="plain"),
        pytest.param("if x:\n\tstep()  # why\nb()\n", "if x:\n\tstep()  # why\n\tgo()\nb()\n", id="trailing comment"),
        pytest.param("if x:\r\n  step()\r\n", "if x:\r\n  step()\r\n  go()\r\n", id="carriage returns"),
        pytest.param("if x:\n  step()", "if x:\n  step()\n  go()", id="no newline at the end"),
        pytest.param("if x: step()\n", "if x: step(); go()\n", id="one-line suite"),
        pytest.param("if x: a()\nelse: step()  # why\n", "if x: a()\nelse: step(); go()  # why\n", id="one-line else"),
        pytest.param("step(); b()\n", "step(); go(); b()\n", id="semicolon"),
        pytest.param("x = (1,\n     2); step()\n", "x = (1,\n     2); step()\ngo()\n", id="after a statement of several rows"),
        pytest.param("x = [\n  step()\n]\n", "x = [\n  step()\n]\ngo()\n", id="inside a statement of several rows"),
    ],
)
def test_insert_after(text: str, expected: str) -> None:
    """A statement comes right after another one, in its block."""
    assert changed(text, after) == expected


def test_insert_after_a_block() -> None:
    """What comes after a loop stands where the loop stands."""
    text = "if y:\n    for i in x:\n        a()\n        # the end\nb()\n"
    expected = "if y:\n    for i in x:\n        a()\n    go()\n        # the end\nb()\n"
    assert changed(text, lambda bench: InsertAfter(bench.statement("for"), "go()")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("for i in x:  # each\n    a()\n", "for i in x:  # each\n    go()\n    a()\n", id="comment in the header"),
        pytest.param("for i in x: a()\n", "for i in x: go(); a()\n", id="one-line suite"),
        pytest.param("def f():\n    'what'\n    a()\n", "def f():\n    'what'\n    go()\n    a()\n", id="docstring"),
        pytest.param("def f():\n    'what'\n", "def f():\n    'what'\n    go()\n", id="docstring alone"),
        pytest.param("for i in x:\n    pass\n", "unsure: there is no body", id="nothing in it"),
    ],
)
def test_insert_at_top(text: str, expected: str) -> None:
    """A statement starts a body, after its docstring."""
    assert changed(text, lambda bench: InsertAtTop(bench.nodes[0], "go()")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a()\nstep()  # why\nb()\n", "a()\nb()\n", id="row"),
        pytest.param("a()\nstep()", "a()", id="no newline at the end"),
        pytest.param("if x:\n    step()  # why\nb()\n", "if x:\n    pass  # why\nb()\n", id="alone in its block"),
        pytest.param("if x: step()\n", "if x: pass\n", id="alone in a one-line suite"),
        pytest.param("a(); step()\n", "a()\n", id="last of a row"),
        pytest.param("step(); b()\n", "b()\n", id="first of a row"),
        pytest.param("a(); step(); b()\n", "a(); b()\n", id="middle of a row"),
        pytest.param("x = step()\nb()\n", "unsure: it is a part of a statement that does something else as well", id="value"),
    ],
)
def test_delete(text: str, expected: str) -> None:
    """A statement goes, and nothing else does."""
    assert changed(text, without) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("back()\nstep()\nclip(\n  p,\n)  # 1\nc()\n", "back()\nclip(\n  p,\n)\nstep()\nc()\n", id="rows"),
        pytest.param("step(); clip()\n", "clip()\nstep()\n", id="one row"),
        pytest.param("step()\np = 1\nclip(p)\n", "unsure: `p` is bound in between", id="what it reads"),
        pytest.param("step()\nif x:\n  clip()\nb()\n", "if x:\n  clip()\nstep()\nb()\n", id="with its condition"),
        pytest.param(
            "step()\nif x:\n  clip()\n  b()\n", "unsure: it is done under a condition, and something else with it", id="out of a block"
        ),
        pytest.param("def f():\n  step()\nclip()\n", "unsure: the two places are not in the same function", id="other function"),
    ],
)
def test_move(text: str, expected: str) -> None:
    """A statement is taken to another place, if it does the same there."""

    def move(bench: Bench) -> Change:
        clip = next(node for node in bench.nodes if isinstance(node, ir.Call) and getattr(node.function, "id", "") == "clip")
        return MoveBefore(clip, bench.expression("step()"))

    assert changed(text, move) == expected


def test_move_after() -> None:
    """The other way round."""
    text = "for i in x:\n    schedule()\n    back()\n    step()  # now\n"
    expected = "for i in x:\n    back()\n    step()  # now\n    schedule()\n"
    assert changed(text, lambda bench: MoveAfter(bench.expression("schedule()"), bench.expression("step()"))) == expected


def test_move_under_a_condition() -> None:
    """What was done always is done where the other one is."""
    text = "for i in x:\n    clear()\n    back()\n    if i % 4:\n        step()\n"
    expected = "for i in x:\n    back()\n    if i % 4:\n        step()\n        clear()\n"
    assert changed(text, lambda bench: MoveAfter(bench.expression("clear()"), bench.expression("step()"))) == expected


def test_swap() -> None:
    """Two statements change places, their comments stay."""
    text = "a(1)  # one\nb(\n  2)\n"
    assert changed(text, lambda bench: Swap(bench.expression("a(1)"), bench.statement("b("))) == "b(\n  2)  # one\na(1)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "import torch\nif y:\n  for i in x:\n    a('''\nb''')\n\n    c()\n  d()\n",
            "import torch\nif y:\n  with torch.no_grad():\n    for i in x:\n      a('''\nb''')\n\n      c()\n  d()\n",
            id="string over rows",
        ),
        pytest.param(
            "from torch import no_grad\nfor i in x: a()", "from torch import no_grad\nwith no_grad():\n    for i in x: a()", id="name"
        ),
        pytest.param("from lib import torch\nfor i in x: a()\n", "unsure: no name for `torch.no_grad` is at hand", id="another torch"),
        pytest.param("'''Doc'''\nfor i in x: a()\n", "'''Doc'''\nimport torch\nwith torch.no_grad():\n    for i in x: a()\n", id="import"),
    ],
)
def test_wrap(text: str, expected: str) -> None:
    """Statements come under a `with`; what stands inside of a string stays."""
    assert changed(text, lambda bench: Wrap(bench.statement("for"), (Named("torch.no_grad", imported=True), "()"))) == expected


def test_decorate() -> None:
    """A decorator stands nearest to the function."""
    text = "import torch as t\nclass A:\n    @one\n    # two\n    def f(self): pass\n"
    expected = "import torch as t\nclass A:\n    @one\n    # two\n    @t.no_grad()\n    def f(self): pass\n"
    assert changed(text, lambda bench: Decorate(bench.statement("def f"), (Named("torch.no_grad"), "()"))) == expected


def test_a_fix_of_a_broken_file_is_not_offered() -> None:
    """Where Python cannot read the file, nobody knows what an edit would do to it."""
    assert changed("step()\nx = = 1\n", before) == "unsure: the file is not at hand, or does not parse"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("opt = f()\nback()\nopt.step()\n", "opt = f()\nopt.zero_grad()\nback()\nopt.step()\n", id="variable"),
        pytest.param("back()\nopt = f()\nopt.step()\n", "unsure: `opt` is bound in between", id="bound later"),
        pytest.param("back()\nself.opt.step()\n", "self.opt.zero_grad()\nback()\nself.opt.step()\n", id="attribute"),
        pytest.param("back()\nself.opt = 1\nself.opt.step()\n", "unsure: `self.opt` is bound in between", id="attribute bound later"),
        pytest.param("back()\nself = 1\nself.opt.step()\n", "unsure: `self.opt` is bound in between", id="owner bound later"),
        pytest.param("back()\nfor opt in x: opt.step()\n", "unsure: `opt` is bound in between", id="loop variable"),
        pytest.param(
            "back()\nf().step()\n", "unsure: `f()` is no variable, so that it may be another thing elsewhere", id="made on the spot"
        ),
        pytest.param("back()\ndef f(opt): opt.step()\n", "unsure: `opt` is not known at the other place", id="parameter"),
        pytest.param("opt = 1\nback()\ndef f(): opt.step()\n", "opt = 1\nopt.zero_grad()\nback()\ndef f(): opt.step()\n", id="global"),
    ],
)
def test_an_expression_means_the_same_elsewhere(text: str, expected: str) -> None:
    """A name is taken to another place only where it is bound to the same thing."""

    def clear(bench: Bench) -> Change:
        step = next(node for node in bench.nodes if getattr(node, "attr", None) == "step")
        return InsertBefore(bench.expression("back()"), (step.value, ".zero_grad()"))  # type: ignore[attr-defined]

    assert changed(text, clear) == expected
