"""Expressions, arguments and items are changed the way a careful person would, whatever the layout."""

import pytest

from tests.editing.workbench import Bench, changed
from trainlint.cures.changes import Change, Code, InsertItem, Named, RemoveItem, Replace, SetArgument, Swap, SwapItems
from trainlint.source import ir


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("y = soft(x, dim=1)\n", "y = x\n", id="plain"),
        pytest.param("y = soft(a + b) * 2\n", "y = (a + b) * 2\n", id="parentheses where they are needed"),
        pytest.param("y = soft(a + b)\n", "y = a + b\n", id="none where they are not"),
        pytest.param("y = f(soft(a + b), 1)\n", "y = f(a + b, 1)\n", id="argument"),
        pytest.param("y = soft(a + b).sum()\n", "y = (a + b).sum()\n", id="receiver"),
        pytest.param("y = (soft(a + b)).sum()\n", "y = (a + b).sum()\n", id="parentheses that are there"),
        pytest.param("y = soft(\n    a +  # one\n    b,\n    1)\n", "y = (a +  # one\n    b)\n", id="rows"),
        pytest.param("return_ = soft(-1)**2\n", "return_ = (-1)**2\n", id="sign"),
        pytest.param("y = soft(lambda: 1), 2\n", "y = (lambda: 1), 2\n", id="lambda"),
        pytest.param("y = soft(2).real\n", "y = (2).real\n", id="number"),
    ],
)
def test_unwrap(text: str, expected: str) -> None:
    """A call gives way to its argument, and the expression around it keeps its meaning."""

    def unwrap(bench: Bench) -> Change:
        call = next(node for node in bench.nodes if isinstance(node, ir.Call) and getattr(node.function, "id", "") == "soft")
        return Replace(call, call.arguments[0].value)

    assert changed(text, unwrap) == expected


@pytest.mark.parametrize(
    ("imports", "name", "expected"),
    [
        pytest.param("import torch", "torch.nn.Identity", "torch.nn.Identity", id="package"),
        pytest.param("from torch import nn\nimport torch", "torch.nn.Identity", "nn.Identity", id="shortest"),
        pytest.param("import torch.nn.functional as F", "torch.nn.functional.relu", "F.relu", id="alias"),
        pytest.param("from torch.nn import Identity as I", "torch.nn.Identity", "I", id="the thing itself"),
        pytest.param("import torch.optim", "torch.nn.Identity", "torch.nn.Identity", id="submodule binds its package"),
        pytest.param("from torch import nn\nnn = 1", "torch.nn.Identity", None, id="bound again"),
        pytest.param("if x:\n  import torch", "torch.nn.Identity", None, id="perhaps"),
        pytest.param("from .torch import nn", "torch.nn.Identity", None, id="relative"),
        pytest.param("import mytorch as t", "torch.nn.Identity", None, id="something else"),
    ],
)
def test_names(imports: str, name: str, expected: str | None) -> None:
    """What stands in a library is written as the file imports it."""
    text = f"{imports}\ny = old()\n"
    found = changed(text, lambda bench: Replace(bench.expression("old()"), (Named(name), "()")))
    assert found == (f"{imports}\ny = {expected}()\n" if expected else f"unsure: no name for `{name}` is at hand")


def test_a_name_that_a_function_shadows() -> None:
    """Inside of a function, its own names come first; an import below the function is there when it is called."""
    text = "def f(nn):\n    y = old()\ndef g():\n    y = old()\nfrom torch import nn\n"
    code: Code = (Named("torch.nn.Identity"), "()")
    assert changed(text, lambda bench: Replace(bench.expression("old()"), code)).startswith("unsure")
    assert changed(text, lambda bench: Replace(bench.expression("old()", 1), code)) == text.replace(
        "g():\n    y = old()", "g():\n    y = nn.Identity()"
    )
    assert changed("y = old()\nfrom torch import nn\n", lambda bench: Replace(bench.expression("old()"), code)).startswith("unsure")


ONE_TO_A_ROW = "net = S(\n    A(),  # first\n    (B()),\n    C()\n)\n"


@pytest.mark.parametrize(
    ("text", "item", "expected"),
    [
        pytest.param("S(A(), B(), C())\n", "A()", "S(B(), C())\n", id="first"),
        pytest.param("S(A(), B(), C())\n", "B()", "S(A(), C())\n", id="middle"),
        pytest.param("S(A(), B(), C())\n", "C()", "S(A(), B())\n", id="last"),
        pytest.param("S(A(), B(), C(), )\n", "C()", "S(A(), B(), )\n", id="last with a comma"),
        pytest.param("S([A(), B()])\n", "A()", "S([B()])\n", id="list"),
        pytest.param(ONE_TO_A_ROW, "A()", "net = S(\n    (B()),\n    C()\n)\n", id="row with a comment"),
        pytest.param(ONE_TO_A_ROW, "B()", "net = S(\n    A(),  # first\n    C()\n)\n", id="parentheses"),
        pytest.param(ONE_TO_A_ROW, "C()", "net = S(\n    A(),  # first\n    (B()),\n)\n", id="last row"),
        pytest.param("S(A(),\n  B())\n", "B()", "S(A())\n", id="last row with the bracket"),
        pytest.param("S(\n  A(), B(),\n  C())\n", "B()", "S(\n  A(), C())\n", id="last of a row"),
        pytest.param("S(A())\n", "A()", "S()\n", id="alone"),
    ],
)
def test_remove_item(text: str, item: str, expected: str) -> None:
    """An item goes with its comma and, where it has one of its own, its row."""
    assert changed(text, lambda bench: RemoveItem(bench.expression(item))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("S(D(0.5), N(3), R())\n", "S(N(3), D(0.5), R())\n", id="one row"),
        pytest.param("S(\n  D(0.5),  # drop\n  N(3),\n)\n", "S(\n  N(3),\n  D(0.5),  # drop\n)\n", id="rows with a comment"),
        pytest.param("S(D(0.5),\n  R(), N(3))\n", "S(N(3),\n  R(), D(0.5))\n", id="apart"),
    ],
)
def test_swap_items(text: str, expected: str) -> None:
    """Two items change places; what is written about one in its row comes along."""
    assert changed(text, lambda bench: SwapItems(bench.expression("D(0.5)"), bench.expression("N(3)"))) == expected


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        pytest.param("C([A(), B()])\n", False, "C([new, A(), B()])\n", id="before"),
        pytest.param("C([A(), B()])\n", True, "C([A(), new, B()])\n", id="after"),
        pytest.param("C([B(), A()])\n", True, "C([B(), A(), new])\n", id="at the end"),
        pytest.param("C([\n  A(),  # a\n  B(),\n])\n", True, "C([\n  A(),  # a\n  new,\n  B(),\n])\n", id="row after"),
        pytest.param("C([\n  A(),  # a\n  B(),\n])\n", False, "C([\n  new,\n  A(),  # a\n  B(),\n])\n", id="row before"),
        pytest.param("C([\n  A()\n])\n", True, "C([\n  A(),\n  new\n])\n", id="row after the last"),
    ],
)
def test_insert_item(text: str, after: bool, expected: str) -> None:  # noqa: FBT001 - a parameter of the cases
    """An item comes before or after another one, in a row of its own where that one has one."""
    assert changed(text, lambda bench: InsertItem(bench.expression("A()"), "new", after=after)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("L()\n", "L(shuffle=True)\n", id="no arguments"),
        pytest.param("L(data)\n", "L(data, shuffle=True)\n", id="added"),
        pytest.param("L(data, 1,)\n", "L(data, 1, shuffle=True,)\n", id="comma at the end"),
        pytest.param("L(data, shuffle = not x)\n", "L(data, shuffle = True)\n", id="replaced"),
        pytest.param("L(data, 1, False)\n", "L(data, 1, True)\n", id="by its position"),
        pytest.param("L(\n    data,\n    b=1,  # one\n)\n", "L(\n    data,\n    b=1,  # one\n    shuffle=True,\n)\n", id="rows"),
        pytest.param("L(\n    data,\n    b=1)\n", "L(\n    data,\n    b=1,\n    shuffle=True)\n", id="rows without a comma"),
        pytest.param("L(data, **more)\n", "unsure: arguments are given with `*`, so that it may be among them", id="hidden"),
        pytest.param("L(x for x in y)\n", "unsure: the call has a generator for its only argument", id="generator"),
    ],
)
def test_set_argument(text: str, expected: str) -> None:
    """A keyword argument is replaced where it is given, in whichever way, and added where it is not."""

    def shuffle(bench: Bench) -> Change:
        call = next(node for node in bench.nodes if isinstance(node, ir.Call))
        return SetArgument(call, "shuffle", "True", position=2)

    assert changed(text, shuffle) == expected


def test_swap_expressions() -> None:
    """Two arguments change places."""
    assert changed("f(a + 1, b)\n", lambda bench: Swap(bench.expression("a + 1"), bench.expression("b"))) == "f(b, a + 1)\n"
