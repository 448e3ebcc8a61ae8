"""The typed form says what the text says."""

import sysconfig
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.source.programs import CONSTRUCTS, LONG_TRAINING, TRAINING
from tests.source.reference_reading import Reference, described
from trainlint.source import ir
from trainlint.source.source_file import SourceFile

PATH = Path("train.py")


def read(text: str) -> SourceFile:
    """A text, which may be broken."""
    return SourceFile.parse(PATH, text)


def only_value(text: str) -> object:
    """The value of a literal."""
    (statement,) = read(text).body
    assert isinstance(statement, ir.Expression)
    assert isinstance(statement.value, ir.Constant)
    return statement.value.value


@pytest.mark.parametrize("text", [TRAINING, LONG_TRAINING, CONSTRUCTS], ids=["training", "long training", "constructs"])
def test_the_typed_form_is_that_of_python(text: str) -> None:
    """Nodes, fields and places are those that `ast` gives, however the text is cut."""
    assert described(read(text)) == Reference(text).body


def test_the_standard_library_reads_as_python_reads_it() -> None:
    """Some thousand lines in the style of many people."""
    library = Path(sysconfig.get_paths()["stdlib"])
    for name in ("argparse.py", "asyncio/streams.py", "dataclasses.py", "enum.py", "json/decoder.py", "tokenize.py"):
        text = (library / name).read_text(encoding="utf-8")
        source = SourceFile.parse(library / name, text)
        assert source.syntax_errors == ()
        assert described(source, with_places=False) == Reference(text, with_places=False).body, name


@given(st.one_of(st.text(), st.binary(), st.integers(0), st.floats(0, allow_infinity=False), st.booleans(), st.none()))
def test_a_literal_has_its_value(value: object) -> None:
    """What Python writes as a literal is read back as the same value."""
    assert only_value(f"({value!r})") == value


@given(st.text(st.sampled_from("abNuUx{}01789'\"\\\n\r"), max_size=12), st.sampled_from(["", "b", "r", "br", "Rb", "u", "B"]))
def test_escapes_are_read_as_python_reads_them(content: str, prefix: str) -> None:
    """Whatever stands between the quotes, it gives the same string or is no string at all."""
    text = f'{prefix}"""{content}"""\n'
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = eval(text)  # noqa: S307 - the reference itself
        except (SyntaxError, TypeError):
            return
    if not isinstance(expected, str | bytes) or "\\\n" in content.replace("\r", "\n"):
        return
    assert only_value(text) == expected


@pytest.mark.parametrize(
    ("text", "generates"),
    [
        ("def f():\n    yield 1\n", True),
        ("def f():\n    def g():\n        yield 1\n", False),
        ("def f():\n    return lambda: (yield)\n", False),
        ("def f():\n    for x in y:\n        if x:\n            z = yield from x\n", True),
        ("def f():\n" + "    x = 1\n" * 90 + "    for x in y:\n" + "        x = 1\n" * 90 + "        yield x\n", True),
        ("def f():\n" + "    x = 1\n" * 90 + "    def g():\n" + "        x = 1\n" * 90 + "        yield x\n", False),
    ],
    ids=["yield", "inner", "lambda", "nested", "cut", "inner of cut"],
)
def test_a_generator_is_known_as_one(text: str, *, generates: bool) -> None:
    """A `yield` makes a generator of the nearest function around it, even where that is cut into several chunks."""
    (function,) = read(text).body
    assert isinstance(function, ir.FunctionDef)
    assert function.is_generator is generates


def test_a_guard_becomes_an_if() -> None:
    """The body of a guarded case runs only if the guard holds."""
    (match,) = read("match x:\n    case [a] if a > 1:\n        b\n").body
    assert isinstance(match, ir.Match)
    ((names, (guard,)),) = match.cases
    assert names == ("a",)
    assert isinstance(guard, ir.If)
    assert isinstance(guard.test, ir.Comparison)
    assert len(guard.body) == 1


def test_what_runs_too_deep_is_unknown() -> None:
    """Neither a parser nor the interpreter's stack may break on generated code."""
    for expression in (
        "1" + "+1" * 20_000,
        "(" * 5_000 + "1" + ")" * 5_000,
        "[" * 500 + "]" * 500,
        "lambda:" * 9_000 + "1",
        "x" + ".a" * 900,
    ):
        before, middle, after = read(f"a = 1\n\nb = {expression}\n\nc = 2\n").body
        assert isinstance(before, ir.Assign)
        assert isinstance(after, ir.Assign)
        assert isinstance(middle, ir.Assign | ir.Unknown)


@pytest.mark.parametrize(
    "text", ["def f[T: int, *Ts, **P](x: T) -> T: pass\n", "class A[T](B[T]): pass\n", "type X[T] = list[T]\n", "f'{a['b']}'\n"]
)
def test_newer_syntax_is_read_by_an_older_python(text: str) -> None:
    """What LibCST reads is no syntax error, whichever Python runs."""
    source = read(text)
    assert source.syntax_errors == ()
    assert not isinstance(source.body[0], ir.Unknown)
