"""Which names are a function's own."""

import symtable

import pytest

from tests.source.programs import CONSTRUCTS, TRAINING
from tests.source.test_lowering import read
from trainlint.source import ir
from trainlint.source.locals import local_names
from trainlint.source.walk import descendants


def reference(table: symtable.SymbolTable) -> dict[tuple[str, int], set[str]]:
    """The local names of every function of a program, by its name and row, as the compiler sees them."""
    found: dict[tuple[str, int], set[str]] = {}
    for inside in table.get_children():
        found |= reference(inside)
        if isinstance(inside, symtable.Function):
            names = {symbol.get_name() for symbol in inside.get_symbols() if symbol.is_local() or symbol.is_parameter()}
            found[inside.get_name(), inside.get_lineno()] = {name for name in names if not name.startswith(".")}
    return found


@pytest.mark.parametrize(
    "text",
    [
        TRAINING,
        "def f(a, /, b=1, *c, d, **e):\n    pass\n",
        "def f():\n    a = b, [c, *d] = e\n    f.g = h[i] = 1\n    j: int\n    k += 1\n    del l\n",
        "def f():\n    for a, b in c:\n        d = 1\n    else:\n        e = 2\n    while f: g = 1\n    with h as i, j as (k, l): m = 1\n",
        "def f():\n    try: a = 1\n    except b as c: d = 1\n    else: e = 1\n    finally: f = 1\n",
        "def f():\n    import a.b, c as d\n    from e import g, h as i\n",
        "def f():\n    def a(b): c = 1\n    class d: e = 1\n",
        "def f():\n    g((a := 1), x=(e := 1))[(h := 1)]\n    if (i := 1): return (j := 2) if (k := 3) else 4\n",
        "def f():\n    @(a := g)\n    def b(c=(d := 1)): return (e := 1)\n    class h((i := 1)): (j := 2)\n",
        "def f():\n    global a\n    a = b = 1\n    def g():\n        nonlocal b\n        b = c = 1\n",
        "def f():\n    match a:\n        case [b, *c] | {'d': b, **c} if (e := 1): g = 1\n        case h.i(j=k) as l: m = 1\n",
        "def f():\n" + "    x = 1\n" * 90 + "    if x:\n" + "        y = 1\n" * 90 + "        print(z := 1)\n",
    ],
)
def test_local_names_are_the_compilers(text: str) -> None:
    """Targets of every kind are local, and so is what `:=` binds; what is declared global or nonlocal is not."""
    expected = reference(symtable.symtable(text, "train.py", "exec"))
    source = read(text)
    functions = [node for node in descendants(source.body) if isinstance(node, ir.FunctionDef)]
    assert functions
    for function in functions:
        assert local_names(function) == expected[function.name, source.row(function)], function.name
        assert local_names(function) is local_names(function)


def test_a_comprehension_shares_its_walrus() -> None:
    """What `:=` binds in a comprehension is the function's; what the comprehension runs over is its own."""
    (function,) = read("def f():\n    return [a := b for b in c if (d := b)]\n").body
    assert isinstance(function, ir.FunctionDef)
    assert local_names(function) == {"a", "d"}


def test_a_lambda_binds_its_parameters() -> None:
    """And what `:=` binds in its body."""
    (statement,) = read("lambda a, *b, c=(d := 1), **e: (f := a)\n").body
    assert isinstance(statement, ir.Expression)
    assert isinstance(statement.value, ir.Lambda)
    assert local_names(statement.value) == {"a", "b", "c", "e", "f"}


def test_every_function_has_local_names() -> None:
    """No construct is too strange."""
    for node in descendants(read(CONSTRUCTS).body):
        if isinstance(node, ir.FunctionDef | ir.Lambda):
            assert isinstance(local_names(node), frozenset)
