"""What `get_ipython()` gives to a notebook: the magics that change what happens, and commands."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from . import incidents
from .standins.quiet import Quiet

_HARMLESS = frozenset(
    "aimport alias autoawait autoreload autosave colors config connect_info debug doctest_mode history html javascript js killbgjobs latex "
    "load_ext logstart logstop lsmagic man markdown matplotlib memory_usage more notebook pdb pdoc pfile pinfo precision profile psearch "
    "psource pylab quickref recall reload_ext reset_selective svg tensorboard unload_ext watermark who who_ls whos xmode".split()
)
"""Magics that show something, or set how it is shown."""
_PYTHON_CELLS = frozenset("capture memit prun time timeit".split())
_COMMANDS = frozenset("cat cp ldir less ll ls mkdir mv rm rmdir".split())
_INSTALLERS = frozenset("apt apt-get conda curl git gdown kaggle mamba micromamba npm pip pip3 uv wget".split())
"""Commands that have nothing to do without a network."""
_MAGIC = re.compile(r"(%{0,2})\s*([\w!]+)[ \t]?(.*)", re.DOTALL)
_VARIABLE = re.compile(r"\{\{|\}\}|\{(?P<expression>[^{}]+)\}|\$\$|\$(?P<name>[A-Za-z_]\w*)")


class Lines(list):  # type: ignore[type-arg]
    """The rows that a command has printed, as IPython gives them."""

    n = property("\n".join)
    s = property(" ".join)
    l = property(list)  # noqa: E741 - as IPython names it


class Shell(Quiet):
    """The shell of one notebook. What it does not know it takes and does nothing, and the report says so."""

    def __init__(self, namespace: dict[str, Any], *, network: bool) -> None:
        """Works on these names."""
        self.user_ns = namespace
        self._network = network
        self._magics: dict[str, Callable[[str], Any]] = {
            "cd": self._enter,
            "pwd": lambda _: os.getcwd(),
            "env": self._set_variable,
            "set_env": self._set_variable,
            "run": self._run_file,
            "sx": self.getoutput,
            "system": self.getoutput,
        }

    def __bool__(self) -> bool:
        return True

    def told(self, text: str) -> Any:
        """Does what a row or a cell says that is no Python."""
        text = text.rstrip("\n").replace("\\\n", " ")
        if text.startswith("!!"):
            return self.getoutput(text[2:])
        if text.startswith("!"):
            return self.system(text[1:])
        found = _MAGIC.match(text)
        if found is None:
            return None  # a question
        percent, name, rest = found.groups()
        if percent == "%%":
            line, _, body = rest.partition("\n")
            return self.run_cell_magic(name, line, body)
        return self.run_line_magic(name, rest)

    def run_line_magic(self, name: str, line: str, _: int = 1) -> Any:
        """`%name line`."""
        line = self._expanded(line.strip())
        if name in self._magics:
            return self._magics[name](line)
        if name in _INSTALLERS:
            module = f"{shlex.quote(sys.executable)} -m " * name.startswith("pip")
            self._execute(["sh", "-c", f"{module}{name} {line}"], f"%{name} {line}")
            return None
        if name in _COMMANDS:
            return self.system(f"{name} {line}")
        if name not in _HARMLESS:
            incidents.record("note", f"`%{name}` was not run: the probe has no such magic")
        return Quiet()

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """`%%name line`, and the cell below it."""
        if name in {"writefile", "file"}:
            words = self._expanded(line).split()
            with open(os.path.expanduser(words[-1]), "a" if words[0] == "-a" else "w", encoding="utf-8") as file:
                file.write(cell if cell.endswith("\n") else cell + "\n")
        elif name in {"bash", "sh", "script", "!", "system", "sx"}:
            self._execute(line.split()[:1] if name == "script" else ["bash" if name == "bash" else "sh"], f"%%{name}", cell)
        elif name == "capture":
            self.user_ns.update(dict.fromkeys([word for word in line.split()[:1] if word.isidentifier()], Quiet()))
        elif name not in _HARMLESS | _PYTHON_CELLS:
            incidents.record("note", f"a cell with `%%{name}` was not run: the probe has no such magic")
        return None

    def magic(self, text: str) -> Any:
        """`%text`."""
        name, _, line = text.lstrip("%").partition(" ")
        return self.run_line_magic(name, line)

    line_magic, cell_magic = run_line_magic, run_cell_magic

    def system(self, command: str) -> None:
        """`!command`."""
        self._execute(["sh", "-c", self._expanded(command.strip())], f"!{command.strip()}")

    def getoutput(self, command: str) -> Lines:
        """`rows = !command`."""
        told = self._execute(["sh", "-c", self._expanded(command.strip())], f"!{command.strip()}", captured=True)
        return Lines(told.splitlines())

    def _execute(self, command: list[str], shown: str, text: str = "", *, captured: bool = False) -> str:
        """What a command has printed, where it is captured; that it has failed is said, and ends nothing."""
        words = shown.lstrip("!%").split()
        if not self._network and words and (words[0] in _INSTALLERS or "pip" in words[1:3]):
            incidents.record("note", f"`{_short(shown)}` was not run: there is no network; --allow-network lets the program have it")
            return ""
        try:
            done = subprocess.run(  # noqa: S603 - contained, or refused
                command, input=text, stdout=subprocess.PIPE if captured else None, text=True, errors="replace", check=False
            )
        except OSError as error:
            incidents.record("note", f"`{_short(shown)}` was not run: {error.strerror or error}")
            return ""
        if done.returncode:
            incidents.record("note", f"`{_short(shown)}` ended with exit status {done.returncode}")
        return done.stdout or ""

    def _enter(self, folder: str) -> None:
        try:
            os.chdir(os.path.expanduser(folder.strip("'\"") or "~"))
        except OSError as error:
            incidents.record("note", f"`%cd {folder}`: {error.strerror}")

    def _set_variable(self, line: str) -> Any:
        name, equals, value = line.partition("=")
        if not equals:
            name, _, value = line.partition(" ")
        if value:
            os.environ[name.strip()] = value.strip()
            return None
        return os.environ.get(name.strip(), "") if name else dict(os.environ)

    def _run_file(self, line: str) -> None:
        """Its names are there afterwards."""
        words = [word for word in shlex.split(line) if word not in {"-i", "-t"}]
        if not words or words[0].startswith("-") or words[0].endswith(".ipynb"):
            incidents.record("note", f"`%run {line}` was not run: the probe runs files of Python there")
            return
        path = words[0] if os.path.exists(words[0]) else words[0] + ".py"
        before = sys.argv[:]
        sys.argv[:] = [path, *words[1:]]
        try:
            names = runpy.run_path(path, run_name="__main__")
        finally:
            sys.argv[:] = before
        self.user_ns.update({name: value for name, value in names.items() if not name.startswith("__")})

    def _expanded(self, text: str) -> str:
        """With `{expression}` and `$name` replaced by their values, where they have one."""

        def value(found: re.Match[str]) -> str:
            if found[0] in {"{{", "}}", "$$"}:
                return found[0][0]
            try:
                return str(eval(found["expression"] or found["name"], self.user_ns))  # noqa: S307 - as IPython does
            except Exception:  # noqa: BLE001 - it is meant for the command
                return found[0]

        return _VARIABLE.sub(value, text)


Shell.__name__ = Shell.__qualname__ = "ZMQInteractiveShell"  # programs ask for it to know whether they are in a notebook


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
