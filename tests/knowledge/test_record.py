"""Records behave like frozen dataclasses."""

import pytest

from trainlint.knowledge.facts import Copies, Effect, Function, Gives


def test_fields_are_bound_by_place_and_by_name() -> None:
    """A record takes its fields in order, by name, or leaves them at their defaults."""
    assert Function(Effect.KEEP, ("input",)).parameters == ("input",)
    assert Function(Effect.KEEP, axis="dim").axis == "dim"
    assert Function(Effect.KEEP).guarded is False


def test_records_are_equal_by_value_and_kind() -> None:
    """Equal fields make equal records, of one class only."""
    assert Gives("x", ("x",)) == Gives("x", ("x",))
    assert hash(Gives("x", ("x",))) == hash(Gives(which="x", parameters=("x",)))
    assert Gives("x", ("x",)) != Gives("y", ("x",))
    assert Gives("x", ("x",)) != Copies("x", ("x",))


def test_records_are_frozen() -> None:
    """A fact cannot be changed by one of its readers."""
    fact = Gives("x")
    with pytest.raises(AttributeError):
        fact.which = "y"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del fact.which


def test_records_show_what_was_given() -> None:
    """Their text is short: defaults are left out."""
    assert repr(Gives("x")) == "Gives(which='x')"
