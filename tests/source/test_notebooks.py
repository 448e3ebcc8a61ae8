"""Notebooks are programs in cells."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from trainlint.source.notebooks import cell_rows, program_of, with_program
from trainlint.source.reading import UnreadableFile, read
from trainlint.source.saving import UnsavedFile, save


def notebook(*cells: tuple[str, str], language: str = "python", **style: Any) -> str:
    """A notebook as Jupyter writes it, with outputs and metadata that must stay."""
    content = {
        "cells": [
            {
                "cell_type": kind,
                "metadata": {"tags": ["é", 1.0, 1e5]},
                "source": source.splitlines(keepends=True),
                **({"execution_count": 3, "outputs": [{"data": {"text/plain": ["\u2713 <b>"]}}]} if kind == "code" else {}),
            }
            for kind, source in cells
        ],
        "metadata": {"language_info": {"name": language}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, **{"indent": 1, "ensure_ascii": False, **style}) + "\n"


CELLS = (("code", "import torch\nx = 1"), ("markdown", "# Title\nimport nothing"), ("code", ""), ("code", "%matplotlib inline\ny = 'ä'\n"))


def test_cells_are_one_program_in_order() -> None:
    """Text is left out, and each row knows the cell that it stands in, counted among all cells."""
    program = program_of(notebook(*CELLS))
    rows = program.split("\n")
    assert [row for row in rows if "Title" in row] == []
    cells = cell_rows(program)
    assert cells
    assert {row: cells.locate(rows.index(row) + 1) for row in ("import torch", "x = 1", "%matplotlib inline", "y = 'ä'")} == {
        "import torch": (1, 1),
        "x = 1": (1, 2),
        "%matplotlib inline": (4, 1),
        "y = 'ä'": (4, 2),
    }


@pytest.mark.parametrize(
    "style", [{}, {"indent": 4}, {"indent": None}, {"ensure_ascii": True}, {"indent": None, "separators": (",", ":")}], ids=str
)
def test_only_the_code_is_touched(style: dict[str, Any]) -> None:
    """What an edit gives back is the notebook that Jupyter would have written with the new code, byte for byte."""
    before = notebook(*CELLS, **style)
    program = program_of(before)
    assert with_program(before, program) == before
    edited = program.replace("x = 1", 'x = 2\n\nz = "ü\\n"').replace("y = 'ä'\n", "")
    changed = (("code", 'import torch\nx = 2\n\nz = "ü\\n"'), *CELLS[1:3], ("code", "%matplotlib inline\n"))
    assert with_program(before, edited) == notebook(*changed, **style)


def test_a_source_that_is_one_text_stays_one() -> None:
    """Both forms are allowed by the format."""
    text = '{"cells": [{"cell_type": "code", "source": "x = 1\\ny = 2"}, {"source": ["a"], "cell_type": "code"}]}'
    assert with_program(text, program_of(text).replace("y = 2", "y = 3")) == text.replace("y = 2", "y = 3")


def test_random_edits_come_back() -> None:
    """Whatever the cells become, reading what was written gives it again."""
    chance = random.Random(0)  # noqa: S311 - nothing secret
    for _ in range(200):
        before = notebook(*((chance.choice(["code", "markdown"]), chance.choice(["", "a\n", "b\nc", '"""\n# %%\n"""'])) for _ in range(4)))
        program = program_of(before)
        edited = "".join(row + chance.choice(["", "", "new = 'ß'\n"]) for row in program.splitlines(keepends=True))
        assert program_of(with_program(before, edited)) == edited
        assert [each["cell_type"] for each in json.loads(with_program(before, edited))["cells"]] == [
            each["cell_type"] for each in json.loads(before)["cells"]
        ]


def test_files(tmp_path: Path) -> None:
    """A notebook is read as a program and saved as a notebook; what is none is said to be none."""
    path = tmp_path / "train.ipynb"
    path.write_text(notebook(*CELLS), encoding="utf-8")
    program = read(path)
    save(path, program, program.replace("x = 1", "x = 2"))
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"] == ["import torch\n", "x = 2"]
    with pytest.raises(UnsavedFile, match="its cells are not those"):
        save(path, read(path), "x = 1\n")
    for text in ("{", "[]", '{"cells": 1}', ""):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UnreadableFile, match="is no notebook"):
            read(path)


def test_another_language_is_no_code() -> None:
    """A notebook for R holds no program."""
    assert program_of(notebook(*CELLS, language="R")) == ""
