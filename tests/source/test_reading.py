"""Files are read as Python reads them, and those that cannot be are refused in one clear line."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.source.reading import LARGEST_FILE, UnreadableFile, declared_encoding, decode, mentions_training, read

PATH = Path("train.py")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ""),
        (b"x = 1\r\n\ty\x0c\r", "x = 1\r\n\ty\x0c\r"),
        ("é = '😀'".encode(), "é = '😀'"),
        (b"\xef\xbb\xbfx = '\xc3\xa9'", "x = 'é'"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'", "# -*- coding: latin-1 -*-\nx = 'é'"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1251 :\n'\xe9'", "#!/usr/bin/python\n# vim: set fileencoding=cp1251 :\n'й'"),
        (b"\n#coding=latin-1\r\n'\xe9'", "\n#coding=latin-1\r\n'é'"),
        (b"x = 1\n# coding: latin-1\n'\xc3\xa9'", "x = 1\n# coding: latin-1\n'é'"),
        (b"\n\n# coding: latin-1\n'\xc3\xa9'", "\n\n# coding: latin-1\n'é'"),
    ],
)
def test_a_text_is_decoded_as_it_declares(data: bytes, expected: str) -> None:
    """By a byte order mark or a comment in its first two rows, else as UTF-8; line endings stay."""
    assert decode(data, PATH) == expected
    assert decode(expected.encode(declared_encoding(data)), PATH) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = 1\n'\xe9'", "is not valid UTF-8 (row 2)"),
        (b"# coding: ascii\n'\xe9'", "is not valid ascii (row 2)"),
        (b"# coding: klingon\n", "declares the unknown encoding `klingon`"),
        (b"# coding: hex\n", "declares the unknown encoding `hex`"),
        ("x = 1".encode("utf-16"), "is encoded in UTF-16, which Python does not read"),
        ("x = 1".encode("utf-32"), "is encoded in UTF-32, which Python does not read"),
        ("x = 1".encode("utf-16-le"), "is binary (it contains NUL bytes)"),
        (b"\x7fELF\0\0", "is binary (it contains NUL bytes)"),
        (b" " * (LARGEST_FILE + 1), "is larger than 5 MB"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    """With the one reason that helps."""
    with pytest.raises(UnreadableFile) as refusal:
        decode(data, PATH)
    assert refusal.value.reason == reason
    assert str(refusal.value) == f"train.py: {reason}"
    assert refusal.value.path == PATH


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    """Missing ones, folders, large ones and what is no file at all."""
    (tmp_path / "large.py").write_bytes(b" " * (LARGEST_FILE + 1))
    expected = {"missing.py": "does not exist", ".": "is a folder", "large.py": "is larger than 5 MB"}
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.py")
        expected["pipe.py"] = "is not a regular file"
    for name, reason in expected.items():
        with pytest.raises(UnreadableFile) as refusal:
            read(tmp_path / name)
        assert refusal.value.reason == reason
    with pytest.raises(UnreadableFile):
        read(Path("a\0b.py"))


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the reason says so."""
    (tmp_path / "secret.py").write_text("x = 1")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableFile, match="permission denied"):
        read(tmp_path / "secret.py")


def test_a_file_is_read(tmp_path: Path) -> None:
    """With its line endings."""
    (tmp_path / "train.py").write_bytes(b"import torch\r\n")
    assert read(tmp_path / "train.py") == "import torch\r\n"


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """There is no third way."""
    with contextlib.suppress(UnreadableFile):
        assert isinstance(decode(data, PATH), str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import torch\n", True),
        ("import os, torch.nn as nn\n", True),
        ("    from pytorch_lightning import Trainer\n", True),
        ("from transformers import (\n    AutoModel,\n)\n", True),
        ("from mine import (\n    data,\n    optim,\n)\n", True),
        ("from . import nn\n", True),
        ("import tensorflow_datasets\n", True),
        ("module = importlib.import_module('torch')\n", True),
        ('    "import timm\\n",\n', True),
        ('["x = 1\\n", "from timm import create_model\\n"]', True),
        ("from mine import *\nfor x in y:\n    loss(x).backward()\n", True),
        ("", False),
        ("import os\nfrom inner import connector\n", False),
        ("# import torch\n", False),
        ("text = 'torch'\nimport os\n", False),
        ("important = 'torch'\n", False),
    ],
)
def test_the_gate_lets_training_code_pass(text: str, *, expected: bool) -> None:
    """What imports a training library, of whatever name, or steps by hand; the same for text and bytes."""
    assert mentions_training(text) is expected
    assert mentions_training(text.encode()) is expected


def test_reading_does_not_load_libcst() -> None:
    """A file without training code costs no more than a look."""
    program = "import sys, trainlint.source.reading; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_the_codec_of_a_package_that_rewrites_programs(tmp_path: Path) -> None:
    """The package need not be installed."""
    assert decode(b"# -*- coding: future_fstrings -*-\nname = 'caf\xc3\xa9'\n", tmp_path / "x.py").endswith("name = 'café'\n")
