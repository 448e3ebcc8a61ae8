"""Reads source files as Python would, and tells at a glance which of them could hold training code.

This module is imported before it is known whether anything will be parsed, so it stays free of LibCST.
"""

import codecs
import re
from pathlib import Path
from stat import S_ISDIR, S_ISREG

LARGEST_FILE = 5_000_000
"""Bytes beyond which a file is data rather than source."""
LARGEST_NOTEBOOK = 60_000_000
"""As above, for a notebook, most of which may be pictures."""

SUFFIX = ".ipynb"

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = re.compile(rb"^[ \t\f]*(?:#.*)?\r?$")
_WIDE_BOMS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class UnreadableFile(Exception):
    """A file that gives no text; `reason` completes the sentence "this file …"."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def read(path: Path) -> str:
    """The text of a file, with line endings, tabs and form feeds as they stand, without a byte order mark."""
    return decode(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """What a file holds, if it is a file that can be opened and is not too large."""
    try:
        status = path.stat()
        if S_ISDIR(status.st_mode):
            raise UnreadableFile(path, "is a folder")
        if not S_ISREG(status.st_mode):
            raise UnreadableFile(path, "is not a regular file")
        if status.st_size > _largest(path):
            raise UnreadableFile(path, f"is larger than {_largest(path) // 1_000_000} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(path, "does not exist") from None
    except PermissionError:
        raise UnreadableFile(path, "may not be read (permission denied)") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(path, f"cannot be read ({reason.lower()})") from None


def decode(data: bytes, path: Path) -> str:
    """The text of a file's bytes, in the encoding that they declare (PEP 263); `path` is named when that fails.

    The text of a notebook is the program that its code cells make.
    """
    if len(data) > _largest(path):
        raise UnreadableFile(path, f"is larger than {_largest(path) // 1_000_000} MB")
    for mark, name in _WIDE_BOMS.items():
        if data.startswith(mark):
            raise UnreadableFile(path, f"is encoded in {name}, which Python does not read")
    if b"\0" in data:
        raise UnreadableFile(path, "is binary (it contains NUL bytes)")
    encoding = declared_encoding(data) if path.suffix != SUFFIX else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except LookupError:
        raise UnreadableFile(path, f"declares the unknown encoding `{encoding}`") from None
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(path, f"is not valid {_display_name(encoding)} (row {row})") from None
    except ValueError:
        raise UnreadableFile(path, f"is not valid {_display_name(encoding)}") from None
    return text if path.suffix != SUFFIX else _program(text, path)


def _program(notebook: str, path: Path) -> str:
    from trainlint.source.notebooks import program_of

    try:
        return program_of(notebook)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(path, f"is no notebook ({error})") from None


def _largest(path: Path) -> int:
    return LARGEST_NOTEBOOK if path.suffix == SUFFIX else LARGEST_FILE


_UTF_8_OF_PACKAGES = {"future_fstrings", "future_annotations", "future_typing", "pyxl"}
"""Codecs that come with a package and rewrite the program that is read; underneath it is UTF-8."""


def declared_encoding(data: bytes) -> str:
    """The encoding that a byte order mark or a coding comment in the first two rows declares, else "utf-8".

    "utf-8-sig" stands for UTF-8 with a byte order mark, so that encoding an edited text with it gives the mark back.
    """
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    for row in data.split(b"\n", 2)[:2]:
        if cookie := _COOKIE.match(row):
            declared = cookie[1].decode("ascii", "replace")
            return "utf-8" if declared.replace("-", "_") in _UTF_8_OF_PACKAGES else declared
        if not _BLANK_OR_COMMENT.match(row):
            break
    return "utf-8"


def _display_name(encoding: str) -> str:
    return "UTF-8" if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig") else encoding


_LIBRARIES = (
    "torch|lightning|transformers|accelerate|ignite|keras|tensorflow|timm|fastai|fastcore|apex|deepspeed|diffusers|peft|trl|"
    "optim|monai|catalyst|horovod|fairscale|colossalai|composer|detectron|mmcv|mmengine|fairseq|allennlp|flair|kornia|"
    r"(?<![a-z])nn(?![a-z])"
)
_TRAINING_IMPORT = re.compile(
    r"(?:[ \t>]*(?:import|from)[ \t][^\n(]*(?:\([^)]*?)?"
    rf"|[^\n]*(?:import_module|__import__)\(\s*[\"'])(?:{_LIBRARIES})"
)
_IMPORT = re.compile("import")
_TRAINING_STEPS = (".backward(", "zero_grad", "no_grad", "requires_grad", "GradientTape")


def mentions_training(data: bytes | str) -> bool:
    """Whether a text (or a notebook's JSON) imports something of a training library, or steps through training by hand.

    A file that does neither is parsed only when another file imports it.
    """
    text = data if isinstance(data, str) else data.decode("latin-1")
    if any(step in text for step in _TRAINING_STEPS):
        return True
    starts = (max(text.rfind("\n", 0, word.start()), text.rfind('"', 0, word.start())) + 1 for word in _IMPORT.finditer(text))
    return any(_TRAINING_IMPORT.match(text, start) for start in starts)
