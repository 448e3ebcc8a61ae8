"""Writes an edited text back to its file, whole or not at all.

This module is imported before it is known whether anything will be parsed, so it stays free of LibCST.
"""

import codecs
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE

from trainlint.source.reading import SUFFIX, UnreadableFile, declared_encoding, decode


class UnsavedFile(Exception):
    """A file that was left as it is; `reason` completes the sentence "this file …"."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def save(path: Path, before: str, after: str) -> None:
    """Replaces the text of a file, which has to be `before` still; encoding, byte order mark and permissions stay.

    The new text is written beside the file and then put in its place at once, so that a file is never seen half written.
    Raises `UnsavedFile`.
    """
    try:
        data = path.read_bytes()
        if decode(data, path) != before:
            raise UnsavedFile(path, "was changed by someone else meanwhile")
        if not os.access(path, os.W_OK):
            raise UnsavedFile(path, "may not be written (permission denied)")
        replace_file(path, encoded(path, data, after), S_IMODE(path.stat().st_mode))
    except UnreadableFile as error:
        raise UnsavedFile(path, error.reason) from None
    except OSError as error:
        raise UnsavedFile(path, f"cannot be written ({(error.strerror or str(error)).lower()})") from None


def encoded(path: Path, data: bytes, text: str) -> bytes:
    """A text in the encoding that a file's bytes declare; raises `UnsavedFile` where it has no such characters."""
    if path.suffix == SUFFIX:
        return _notebook(path, data, text)
    encoding = declared_encoding(data)
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        raise UnsavedFile(path, f"is encoded in {encoding}, which lacks a character of the new text") from None


def _notebook(path: Path, data: bytes, program: str) -> bytes:
    from trainlint.source.notebooks import with_program

    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        return mark + with_program(data.decode("utf-8-sig"), program).encode("utf-8")
    except ValueError as error:
        raise UnsavedFile(path, f"cannot be written back ({error})") from None


def replace_file(path: Path, data: bytes, mode: int) -> None:
    """Puts bytes in the place of a file, at once; raises `OSError`."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".trainlint", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a file that is open already
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
