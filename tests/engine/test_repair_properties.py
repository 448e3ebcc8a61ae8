"""Whatever the layout of a program: fixing twice changes nothing more, and a diff that is patched gives what fixing gives."""

import re
import shutil
import subprocess
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trainlint.bindings.importers import ImportIndex
from trainlint.engine.analysis import check
from trainlint.engine.catalogue import all_rules
from trainlint.engine.repair import Repair, repair
from trainlint.engine.report import Report
from trainlint.engine.selection import ALL, Selection
from trainlint.reporting.diff import unified_diff
from trainlint.rule import Bad
from trainlint.source.reading import declared_encoding
from trainlint.source.saving import save
from trainlint.source.texts import Texts

PATCH = shutil.which("patch")
FAULTY = [
    re.sub(r" *# <- here", "", textwrap.dedent(example.source))
    for rule in all_rules()
    for example in rule.examples
    if isinstance(example, Bad) and example.fixed is not None
]
LAYOUT = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    """A faulty program in one of many layouts."""
    text = draw(st.sampled_from(FAULTY))
    if draw(st.booleans()):
        text = re.sub(r"^(?:    )+", lambda indent: "\t" * (len(indent[0]) // 4), text, flags=re.MULTILINE)
    if draw(st.booleans()):
        text = re.sub(r"(?<=[\w)])\n", "  # größer\n", text)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig"])))


def repaired(path: Path) -> Repair:
    """The file after all fixes."""
    index = ImportIndex(Texts())

    def check_with(unsaved: Mapping[Path, str]) -> Report:
        index.texts.unsaved = unsaved
        return check([path], Selection(select=(ALL,), preview=True), index=index)

    return repair(check_with, Texts().read, {path}, unsafe=True)


def test_there_are_programs() -> None:
    """The properties are tried on something."""
    assert len(FAULTY) >= 20


@given(data=programs())
@LAYOUT
def test_fixing_is_idempotent(tmp_path: Path, data: bytes) -> None:
    """After fixing there is nothing left to fix, and something was fixed."""
    path = tmp_path / "train.py"
    path.write_bytes(data)
    first = repaired(path)
    assert first.applied
    save(path, first.before[path], first.texts[path])
    assert repaired(path).texts == {}


@pytest.mark.skipif(PATCH is None, reason="there is no `patch`")
@given(data=programs())
@LAYOUT
def test_patching_is_fixing(tmp_path: Path, data: bytes) -> None:
    """Byte for byte."""
    assert PATCH is not None
    path, patched = tmp_path / "train.py", tmp_path / "patched.py"
    path.write_bytes(data)
    patched.write_bytes(data)
    found = repaired(path)
    mark = "\ufeff" if declared_encoding(data) == "utf-8-sig" else ""
    diff = unified_diff(path, mark + found.before[path], mark + found.texts[path])
    subprocess.run([PATCH, "--binary", "-s", str(patched)], input=diff.encode(), cwd=tmp_path, check=True)
    save(path, found.before[path], found.texts[path])
    assert patched.read_bytes() == path.read_bytes()
