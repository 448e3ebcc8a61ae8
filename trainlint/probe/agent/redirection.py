"""Where no overlay of the kernel's does it: what Python writes goes into a scratch folder, and reading sees it there.

`os` and `open` are replaced by functions that translate paths and call what was there before. A path below the scratch folder
is left alone. Files that only exist as they were before the run are never changed, renamed or deleted.
"""

from __future__ import annotations

import builtins
import errno
import functools
import io
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from typing import Any

from . import incidents, native

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_UNTOUCHED = ("/dev/", "/proc/", "/sys/")


class Layer:
    """The files that the program has written, at their own paths below one folder."""

    def __init__(self, folder: str, scratch: str) -> None:
        self.folder = os.path.realpath(folder)
        self._scratch = os.path.realpath(scratch) + os.sep  # before anything is replaced
        self._lstat, self._mkdir, self._open, self._stat = os.lstat, os.mkdir, io.open, os.stat
        self._getcwd, self._readlink = os.getcwd, os.readlink
        self.cwd: str | None = None
        """Where the program believes to be, when that folder exists in the layer alone."""
        self._told: set[str] = set()

    def absolute(self, path: Any) -> str | None:
        """The path that a program means, None where it is none that is ever redirected."""
        if isinstance(path, int):
            return None
        name = os.fsdecode(path)
        if not name:
            return None
        name = os.path.normpath(os.path.join(self.cwd or self._getcwd(), name))
        if name.startswith(_UNTOUCHED) or (name + os.sep).startswith(self._scratch):
            return None
        return name

    def copy_of(self, name: str) -> str:
        """Where the layer keeps what was written to a path."""
        parent, last = os.path.split(name)
        return self.folder + os.path.join(self._real(parent), last)

    def has(self, path: str) -> bool:
        """Whether there is something at a path of the file system as it truly is."""
        try:
            self._lstat(path)
        except OSError:
            return False
        return True

    def reading(self, path: Any) -> Any:
        """The path to read instead: the written copy where there is one."""
        name = self.absolute(path)
        if name is None:
            return path
        copy = self.copy_of(name)
        if self.has(copy) and not (self._is_folder(copy) and self.has(name)):
            return copy
        return name if self.cwd is not None else path

    def writing(self, path: Any, *, keep: bool) -> Any:
        """The path to write instead. `keep`: what is in the file now matters, and is copied before."""
        name = self.absolute(path)
        if name is None:
            return path
        copy = self.copy_of(name)
        if self._is_folder(name) or self._is_folder(copy):
            return name  # let the kernel say that it is one
        self.make_parents(name)
        if keep and not self.has(copy) and self.has(name):
            shutil.copyfile(name, copy)
        self.tell(name)
        return copy

    def make_parents(self, name: str) -> None:
        """The folders above a copy, where the program sees them; FileNotFoundError where it sees none."""
        copy = self.copy_of(name)
        parent = os.path.dirname(copy)
        if not self.has(parent):
            if not self._is_folder(os.path.dirname(name)):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
            self._make_all(parent)

    def tell(self, name: str) -> None:
        """Writes down, once, that a file was redirected."""
        if name not in self._told:
            self._told.add(name)
            incidents.record("write", name)

    def both(self, path: Any) -> tuple[str | None, str | None]:
        """A folder as it is and as the layer has it, each None where it is not there."""
        name = self.absolute(path)
        if name is None:
            return os.fsdecode(path) if not isinstance(path, int) else path, None  # type: ignore[return-value]
        copy = self.copy_of(name)
        return (name if self.has(name) else None), (copy if self._is_folder(copy) else None)

    def _is_folder(self, path: str) -> bool:
        try:
            return stat.S_ISDIR(self._stat(path).st_mode)
        except OSError:
            return False

    def _real(self, folder: str, links: int = 40) -> str:
        """`os.path.realpath`, through the functions that were there before."""
        known = os.sep
        parts = folder.split(os.sep)[1:]
        for index, part in enumerate(parts):
            path = os.path.join(known, part)
            try:
                is_link = links and stat.S_ISLNK(self._lstat(path).st_mode)
                if is_link:
                    return self._real(os.path.normpath(os.path.join(known, self._readlink(path), *parts[index + 1 :])), links - 1)
            except OSError:
                return os.path.join(known, *parts[index:])
            known = path
        return known

    def _make_all(self, folder: str) -> None:
        if not self.has(folder):
            self._make_all(os.path.dirname(folder))
            self._mkdir(folder)


class _Entry:
    """An entry of a folder in the layer, at the path where the program believes it to be."""

    def __init__(self, entry: os.DirEntry[Any], folder: Any) -> None:
        self._entry = entry
        self.name = entry.name
        self.path = os.path.join(folder, entry.name)

    def __fspath__(self) -> Any:
        return self.path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"


class _Entries(Iterator[Any]):
    """What `os.scandir` gives: an iterator that can be closed."""

    def __init__(self, entries: list[Any]) -> None:
        self._entries = iter(entries)

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> _Entries:  # noqa: PYI034 - `Self` needs Python 3.11
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        self._entries = iter(())


def install(folder: str, scratch: str) -> Layer:
    """Redirects from here on."""
    layer = Layer(folder, scratch)
    layer._make_all(layer.folder)
    shutil._use_fd_functions = False  # type: ignore[attr-defined] # removing a tree by descriptors knows no paths
    _replace_open(layer)
    _replace_readers(layer)
    _replace_writers(layer)
    _replace_folders(layer)
    _replace_early_bindings()
    native.install(layer.reading, functools.partial(layer.writing, keep=False))
    return layer


class _Function:
    """A function that stays one where a class holds it, as those of `os` do."""

    def __init__(self, function: Callable[..., Any], original: Callable[..., Any]) -> None:
        functools.update_wrapper(self, original)
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)


_replaced: dict[int, _Function] = {}
"""By the identity of the function that was there before, which lives on in the new one."""


def _replace(name: str, made: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Puts a function in the place of one of `os`."""
    original = getattr(os, name, None)
    if original is None:
        return
    function = _Function(made(original), original)
    _replaced[id(original)] = function
    setattr(os, name, function)
    for known in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids):
        if original in known:
            known.add(function)


def _replace_open(layer: Layer) -> None:
    original = io.open

    def open(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:  # noqa: A001 - as it is called
        if isinstance(file, (str, bytes, os.PathLike)):
            if {"w", "a", "x", "+"}.isdisjoint(mode):
                file = layer.reading(file)
            else:
                name = layer.absolute(file)
                if "x" in mode and name is not None and layer.has(name):
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
                if mode.startswith("r") and name is not None and not layer.has(name) and not layer.has(layer.copy_of(name)):
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
                file = layer.writing(file, keep="a" in mode or "r" in mode)
        return original(file, mode, *args, **kwargs)

    function = _replaced[id(original)] = _Function(open, original)
    for module in (builtins, io):
        module.open = function  # type: ignore[attr-defined]

    def by_flags(opened: Callable[..., int]) -> Callable[..., int]:
        def os_open(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            if dir_fd is None:
                if not flags & _WRITING:
                    path = layer.reading(path)
                else:
                    name = layer.absolute(path)
                    seen = name is not None and (layer.has(name) or layer.has(layer.copy_of(name)))
                    if flags & os.O_EXCL and flags & os.O_CREAT and seen:
                        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
                    if name is not None and not flags & os.O_CREAT and not seen:
                        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
                    path = layer.writing(path, keep=not flags & os.O_TRUNC)
            return opened(path, flags, mode, dir_fd=dir_fd)

        return os_open

    _replace("open", by_flags)


def _replace_readers(layer: Layer) -> None:
    def first(original: Callable[..., Any]) -> Callable[..., Any]:
        def reading(path: Any, *args: Any, **kwargs: Any) -> Any:
            return original(path if kwargs.get("dir_fd") is not None else layer.reading(path), *args, **kwargs)

        return reading

    for name in ("stat", "lstat", "access", "readlink", "statvfs", "pathconf", "getxattr", "listxattr"):
        _replace(name, first)

    def listdir(original: Callable[..., Any]) -> Callable[..., Any]:
        def listed(path: Any = ".") -> Any:
            path = "." if path is None else path
            if isinstance(path, int):
                return original(path)
            real, copy = layer.both(path)
            names = list(original(path if real is None and copy is None else real)) if real is not None or copy is None else []
            added = original(copy) if copy is not None else []
            names += [name for name in added if name not in set(names)]
            return [os.fsencode(name) for name in names] if isinstance(path, bytes) else names

        return listed

    def scandir(original: Callable[..., Any]) -> Callable[..., Any]:
        def scanned(path: Any = None) -> Any:
            path = "." if path is None else path
            if isinstance(path, int):
                return original(path)
            real, copy = layer.both(path)
            if copy is None and layer.cwd is None:
                return original(path)
            shown = os.fspath(path)
            entries = {}
            for folder in (real, copy):
                if folder is not None:
                    with original(os.fsencode(folder) if isinstance(shown, bytes) else folder) as found:
                        entries.update({entry.name: _Entry(entry, shown) for entry in found})
            return _Entries(list(entries.values())) if entries or real or copy else original(path)

        return scanned

    _replace("listdir", listdir)
    _replace("scandir", scandir)


def _replace_writers(layer: Layer) -> None:
    def changed(original: Callable[..., Any]) -> Callable[..., Any]:
        """Functions that change a file in its place: they get a copy of it."""

        def changing(path: Any, *args: Any, **kwargs: Any) -> Any:
            if kwargs.get("dir_fd") is None and not isinstance(path, int):
                name = layer.absolute(path)
                if name is not None and layer.has(name) and stat.S_ISDIR(layer._lstat(name).st_mode):
                    return layer.tell(name)  # times and rights of a folder: nothing depends on them
                path = layer.writing(path, keep=True)
            return original(path, *args, **kwargs)

        return changing

    for name in ("truncate", "chmod", "chown", "utime", "setxattr", "removexattr"):
        _replace(name, changed)

    def removed(original: Callable[..., Any]) -> Callable[..., Any]:
        def removing(path: Any, *args: Any, **kwargs: Any) -> Any:
            name = layer.absolute(path) if kwargs.get("dir_fd") is None else None
            if name is not None and layer.has(layer.copy_of(name)) and not layer.has(name):
                path = layer.copy_of(name)
            return original(path, *args, **kwargs)

        return removing

    for name in ("remove", "unlink", "rmdir"):
        _replace(name, removed)

    def renamed(original: Callable[..., Any]) -> Callable[..., Any]:
        def renaming(source: Any, target: Any, *args: Any, **kwargs: Any) -> Any:
            if any(kwargs.get(name) is not None for name in ("src_dir_fd", "dst_dir_fd")):
                return original(source, target, *args, **kwargs)
            old, new = layer.absolute(source), layer.absolute(target)
            if old is not None and (layer.has(old) or not layer.has(layer.copy_of(old))):
                return original(source, target, *args, **kwargs)  # the hook refuses it, or the kernel says what is missing
            source = source if old is None else layer.copy_of(old)
            if new is not None:
                layer.make_parents(new)
                layer.tell(new)
                target = layer.copy_of(new)
            return original(source, target, *args, **kwargs)

        return renaming

    _replace("rename", renamed)
    _replace("replace", renamed)

    def linked(original: Callable[..., Any]) -> Callable[..., Any]:
        def linking(source: Any, target: Any, *args: Any, **kwargs: Any) -> Any:
            new = layer.absolute(target) if kwargs.get("dir_fd") is None and kwargs.get("dst_dir_fd") is None else None
            if new is None:
                return original(source, target, *args, **kwargs)
            if layer.has(new) or layer.has(layer.copy_of(new)):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
            layer.make_parents(new)
            layer.tell(new)
            if original.__name__ == "link":
                return shutil.copyfile(source, target)
            pointed = os.path.join(os.path.dirname(new), os.fsdecode(source))
            return original(layer.reading(pointed), layer.copy_of(new), *args, **kwargs)

        return linking

    _replace("symlink", linked)
    _replace("link", linked)


def _replace_folders(layer: Layer) -> None:
    def mkdir(original: Callable[..., Any]) -> Callable[..., Any]:
        def making(path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
            name = layer.absolute(path) if dir_fd is None else None
            if name is None:
                original(path, mode, dir_fd=dir_fd)
                return
            if layer.has(name):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
            layer.make_parents(name)
            layer.tell(name)
            original(layer.copy_of(name), mode)

        return making

    def chdir(original: Callable[..., Any]) -> Callable[..., Any]:
        def changing(path: Any) -> None:
            name = layer.absolute(path)
            if name is None or layer.has(name):
                original(path if name is None else name)
                layer.cwd = None
            else:
                original(layer.copy_of(name))
                layer.cwd = name

        return changing

    _replace("mkdir", mkdir)
    _replace("chdir", chdir)
    _replace("getcwd", lambda original: lambda: layer.cwd or original())
    _replace("getcwdb", lambda original: lambda: os.fsencode(layer.cwd) if layer.cwd else original())


def _replace_early_bindings() -> None:
    """What took a function of `os` under a name of its own before this one came: `glob` and `pathlib` do, in classes."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", None) in {"os", "posix", __name__}:
            continue
        owners = [owner for owner in getattr(module, "__dict__", {}).values() if isinstance(owner, type)]
        for owner in [module, *owners]:
            for name, value in list(getattr(owner, "__dict__", {}).items()):
                replacement = _replaced.get(id(getattr(value, "__func__", value)))
                if replacement is not None:
                    setattr(owner, name, replacement)
