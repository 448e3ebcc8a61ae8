"""A root folder of its own for a mount namespace: the same files as outside, and every change to them in memory.

An overlay cannot be laid over a folder in which something else is mounted (the kernel refuses it in a user namespace). So such
folders are made anew and filled entry by entry, and every folder without mounts in it becomes an overlay.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from trainlint.probe.containment import linux

_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_ACCELERATORS = ("nvidia", "dri", "kfd", "dxg", "accel", "davinci", "infiniband")
_SMALL = 1 << 20
"""A file up to this size beside a mount is copied; a larger one is there for reading alone."""
_MOST_MOUNTS = 400
_OPTIONAL = ("/run", "/boot", "/snap", "/media", "/var/lib", "/var/snap")
"""Where a folder that cannot be shown is left out without a word."""


@dataclass(frozen=True)
class Layer:
    """The changes to one folder."""

    folder: str
    """As the program sees it."""
    changes: int
    """An open descriptor of the folder in which the overlay keeps them."""


class Root:
    """The new root, on a file system in memory of a bounded size. To be built in a mount namespace of its own."""

    def __init__(self, *, most_bytes: int, most_shared: int, most_processes: int | None, needed: list[str]) -> None:
        """`most_bytes` may be written, `most_shared` be shared memory; `most_processes` is written to the namespace's settings.

        `needed` are paths without which the program makes no sense: OSError where one cannot be shown.
        """
        self._most_shared = most_shared
        self._most_processes = most_processes
        self._needed = [os.path.realpath(path) for path in needed]
        self._most_bytes = most_bytes
        self._mounts = _mounted()
        self._made = 0
        self.layers: list[Layer] = []

    def enter(self, folder: str) -> None:
        """Builds the root on top of an existing folder, and makes it this process's root. Raises OSError."""
        linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
        linux.mount("trainlint", folder, kind="tmpfs", options=f"size={self._most_bytes},mode=0755")
        self._base = folder
        new = os.path.join(folder, "root")
        for name in (new, os.path.join(folder, "changes"), os.path.join(folder, "work")):
            os.mkdir(name, 0o755)
        linux.mount(new, new, flags=linux.MS_BIND)
        self._fill("/", new)
        linux.enter_root(new)

    def written(self, most: int) -> Iterator[tuple[str, int | None]]:
        """What the program wrote and how long it is, None for what it deleted; at most so many entries. After `enter`."""
        for layer in self.layers:
            for here, folders, files, descriptor in os.fwalk(".", dir_fd=layer.changes, onerror=None):
                for name in sorted(files) + sorted(name for name in folders if stat.S_ISLNK(_mode(name, descriptor))):
                    if most <= 0:
                        return
                    most -= 1
                    found = os.lstat(name, dir_fd=descriptor)
                    deleted = stat.S_ISCHR(found.st_mode) and found.st_rdev == 0
                    yield os.path.normpath(os.path.join(layer.folder, here, name)), None if deleted else found.st_size

    def _fill(self, outside: str, inside: str) -> None:
        with os.scandir(outside) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            target = os.path.join(inside, entry.name)
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), target)
            elif entry.is_dir():
                os.mkdir(target)
                self._show(entry.path, target)
            elif entry.is_file():
                self._show_file(entry, target)

    def _show(self, outside: str, inside: str) -> None:
        if outside == "/proc":
            linux.mount("proc", inside, kind="proc", flags=linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
            if self._most_processes is not None:
                with open(os.path.join(inside, "sys/kernel/pid_max"), "w", encoding="ascii") as file:
                    file.write(str(self._most_processes))
            _make_read_only(os.path.join(inside, "sys"))
            return
        if outside == "/sys":
            linux.mount(outside, inside, flags=linux.MS_BIND | linux.MS_REC)
            _make_read_only(inside, bound=True)
            return
        if outside == "/dev":
            self._fill_devices(inside)
            return
        below = outside.rstrip("/") + "/"
        try:
            if any(mounted.startswith(below) for mounted in self._mounts):
                _take_mode(outside, inside)
                self._fill(outside, inside)
            else:
                self._lay_over(outside, inside)
        except OSError:
            if any((path + "/").startswith(below) for path in self._needed):
                raise
            if not outside.startswith(_OPTIONAL):
                self._lend(outside, inside)

    def _lay_over(self, outside: str, inside: str) -> None:
        self._made += 1
        if self._made > _MOST_MOUNTS:
            raise OSError("too many folders have something mounted in them")
        changes, work = (os.path.join(self._base, part, str(self._made)) for part in ("changes", "work"))
        os.mkdir(changes)
        os.mkdir(work)
        _take_mode(outside, changes)
        os.chdir(outside)  # a relative name needs no escapes
        options = f"lowerdir=.,upperdir={changes},workdir={work}"
        try:
            linux.mount("overlay", inside, kind="overlay", options=f"{options},userxattr")
        except OSError:
            linux.mount("overlay", inside, kind="overlay", options=options)  # before Linux 5.11, for root alone
        finally:
            os.chdir("/")
        self.layers.append(Layer(outside, os.open(changes, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)))

    def _lend(self, outside: str, inside: str) -> None:
        try:
            linux.mount(outside, inside, flags=linux.MS_BIND | linux.MS_REC)
            _make_read_only(inside, bound=True)
        except OSError:
            return  # an empty folder then

    def _show_file(self, entry: "os.DirEntry[str]", target: str) -> None:
        try:
            found = entry.stat()
            if found.st_size <= _SMALL and entry.path not in self._mounts:
                with open(entry.path, "rb") as source, open(target, "wb") as copy:
                    copy.write(source.read())
                os.chmod(target, stat.S_IMODE(found.st_mode))
                os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
                return
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
            linux.mount(entry.path, target, flags=linux.MS_BIND)
            _make_read_only(target, bound=True)
        except OSError:
            return  # it may not be read outside either

    def _fill_devices(self, inside: str) -> None:
        names = [name for name in os.listdir("/dev") if name in _DEVICES or name.startswith(_ACCELERATORS)]
        for name in names:
            outside, target = os.path.join("/dev", name), os.path.join(inside, name)
            if os.path.isdir(outside):
                os.mkdir(target)
            else:
                os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o666))
            linux.mount(outside, target, flags=linux.MS_BIND | linux.MS_REC)
        for name, target in (
            ("fd", "/proc/self/fd"),
            ("stdin", "/proc/self/fd/0"),
            ("stdout", "/proc/self/fd/1"),
            ("stderr", "/proc/self/fd/2"),
        ):
            os.symlink(target, os.path.join(inside, name))
        shared = os.path.join(inside, "shm")
        os.mkdir(shared)
        linux.mount(
            "trainlint", shared, kind="tmpfs", options=f"mode=1777,size={self._most_shared}", flags=linux.MS_NOSUID | linux.MS_NODEV
        )
        terminals = os.path.join(inside, "pts")
        os.mkdir(terminals)
        try:
            linux.mount("devpts", terminals, kind="devpts", options="newinstance,ptmxmode=0666,mode=0620")
            os.symlink("pts/ptmx", os.path.join(inside, "ptmx"))
        except OSError:
            return  # no new terminals then


def _mounted() -> frozenset[str]:
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as rows:
        points = {row.split()[4] for row in rows}
    escapes = (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\"))
    return frozenset(_replaced(point, escapes) for point in points)


def _replaced(text: str, replacements: tuple[tuple[str, str], ...]) -> str:
    for old, new in replacements:
        text = text.replace(old, new)
    return text


def _mode(name: str, descriptor: int) -> int:
    return os.lstat(name, dir_fd=descriptor).st_mode


def _take_mode(source: str, target: str) -> None:
    found = os.stat(source)
    with suppress(OSError):  # its owner may have no number in this namespace
        os.chown(target, found.st_uid, found.st_gid)
    os.chmod(target, stat.S_IMODE(found.st_mode))


def _make_read_only(path: str, *, bound: bool = False) -> None:
    if not bound:
        linux.mount(path, path, flags=linux.MS_BIND)
    flags = os.statvfs(path).f_flag & (linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC | 1024 | 2048 | 4096)
    kept = flags & 0xF
    kept |= 1024 if flags & 1024 else 0  # noatime has the same bit in statvfs and in mount
    kept |= 2048 if flags & 2048 else 0  # nodiratime as well
    kept |= (1 << 21) if flags & 4096 else 0  # relatime has not
    linux.mount("none", path, flags=linux.MS_BIND | linux.MS_REMOUNT | linux.MS_RDONLY | kept)
