"""How code uses what it was given: the role follows from the use."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.bindings.usage import NO_USES, UsedAs, Uses, path_of, read_uses, stored_parameters, with_uses_as
from trainlint.source import ir
from trainlint.source.source_file import SourceFile


def block(text: str) -> ir.Block:
    """The statements of a text."""
    return SourceFile.parse(Path("text.py"), dedent(text)).body


def definition(text: str) -> ir.FunctionDef:
    """The function that a text defines."""
    [function] = block(text)
    assert isinstance(function, ir.FunctionDef)
    return function


def role(text: str, path: str = "it") -> UsedAs | None:
    """What the uses of a path in a text show it to be."""
    return Uses(read_uses(block(text)), path).role


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it.step(); it.zero_grad()", UsedAs.OPTIMIZER),
        ("it.step(); it.param_groups[0]['lr'] = 1", UsedAs.OPTIMIZER),
        ("it.eval()", UsedAs.NETWORK),
        ("f(it.parameters())", UsedAs.NETWORK),
        ("it.train(); it(x)", UsedAs.NETWORK),
        ("it.zero_grad(); it(x)", UsedAs.NETWORK),
        ("it.step(); it.get_last_lr()", UsedAs.SCHEDULER),
        ("it.scale(x); it.step(y); it.update()", UsedAs.SCALER),
        ("it.unscale_(x)", UsedAs.SCALER),
        ("it.step()", None),
        ("it.train()", None),
        ("it(x)", None),
        ("it.zero_grad()", None),
        ("it.append(x)", None),
        ("it", None),
        ("pass", None),
    ],
)
def test_roles(text: str, expected: UsedAs | None) -> None:
    """What only optimizers, networks, schedulers or scalers have, shows them; what several have, shows nothing."""
    assert role(text) is expected


@given(
    st.sampled_from(["optimizer", "model", "loader", "criterion", "scheduler", "x", "data"]), st.sampled_from(["net", "opt", "self", "y"])
)
def test_names_play_no_part(name: str, other: str) -> None:
    """What a variable is called decides nothing: not for it, and not for what is used beside it."""
    text = f"{name}.eval()\n{other}.zero_grad()\n{other}.step()\n"
    assert role(text, name) is UsedAs.NETWORK
    assert role(text, other) is UsedAs.OPTIMIZER
    assert role(f"for a in {name}:\n    f(a)\n", name) is None


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("self.inner.step(); self.inner.zero_grad()", "self.inner"),
        ("its[0].step(); its[1].zero_grad()", "its.[]"),
        ("its['a'].inner.step(); its[b].inner.zero_grad()", "its.[].inner"),
        ("other = it\nother.step()\nit.zero_grad()", "it"),
        ("other = it\nlast = other\nlast.step()\nlast.zero_grad()", "it"),
        ("for each in its:\n    each.step()\n    each.zero_grad()", "its.[]"),
        ("def inner():\n    it.step()\n    it.zero_grad()", "it"),
        ("if a:\n    it.step()\nelse:\n    while b:\n        it.zero_grad()", "it"),
        ("try:\n    it.step()\nfinally:\n    f(g=[lambda: it.zero_grad()])", "it"),
        ("with a as b:\n    it.step()\n    x = [it.zero_grad() for _ in y]", "it"),
    ],
)
def test_uses_are_read_along_paths(text: str, path: str) -> None:
    """Attributes, items, other names and inner functions are followed, wherever the use stands."""
    assert role(text, path) is UsedAs.OPTIMIZER


def test_uses_of_a_part_are_not_those_of_the_whole() -> None:
    """`self.optimizer.step()` says nothing of `self`."""
    table = read_uses(block("self.a.step()\nself.a.zero_grad()\n"))
    assert Uses(table, "self").role is None
    assert Uses(table, "self").attributes == {"a"}
    assert Uses(table, "self").member("a").role is UsedAs.OPTIMIZER
    assert Uses(table, "other").role is None
    assert NO_USES.role is None


def test_the_first_parameter_of_a_method_has_one_name() -> None:
    """Methods of a class may call their receiver as they like."""
    assert Uses(read_uses(block("this.a.eval()\n"), root="this"), "self.a").role is UsedAs.NETWORK


def test_an_alias_of_itself_ends() -> None:
    """`x = x.a` is followed a few times, and no further."""
    table = read_uses(block("x = x.a\nx.step()\n"))
    assert "step" in Uses(table, "x").attributes


def test_stored_parameters() -> None:
    """A method may keep a parameter as an attribute, also what a chain of its methods gives back."""
    method = definition(
        """
        def __init__(self, model, optimizer, loader, other):
            self.net = model.to(device).float()
            if optimizer:
                self.b = optimizer
            other.loader = loader
            self.c = f(other)
        """
    )
    assert stored_parameters(method) == {"model": "self.net", "optimizer": "self.b"}
    assert stored_parameters(definition("def f(): x = 1")) == {}


def test_uses_of_what_is_stored_are_uses_of_the_parameter() -> None:
    """What all methods do with an attribute is done with the parameter that was stored there."""
    of_class = read_uses(block("self.net.eval()\nself.net.head.step()\nself.network.zero_grad()\n"))
    merged = with_uses_as(read_uses(block("model.cuda()\n")), "model", of_class, "self.net")
    assert Uses(merged, "model").attributes == {"cuda", "eval", "head"}
    assert Uses(merged, "model.head").attributes == {"step"}


@pytest.mark.parametrize(
    ("text", "path"),
    [("a", "a"), ("a.b.c", "a.b.c"), ("a[i].b", "a.[].b"), ("a[1:2]", "a.[]"), ("f().a", None), ("(a or b).c", None), ("1", None)],
)
def test_paths(text: str, path: str | None) -> None:
    """A path starts at a name and goes through attributes and items."""
    [statement] = block(text)
    assert isinstance(statement, ir.Expression)
    assert path_of(statement.value) == path
