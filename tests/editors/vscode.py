"""A VS Code in a browser, with the extension as it is now, on a fresh profile."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.editors import tools

DRIVER = Path(__file__).with_name("vscode.mjs")
SETTINGS: Mapping[str, object] = {
    "security.workspace.trust.startupPrompt": "never",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "telemetry.telemetryLevel": "off",
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "chat.disableAIFeatures": True,
    "files.autoSave": "off",
    "editor.minimap.enabled": False,
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.autoClosingBrackets": "never",
}
PATIENCE = 60.0
"""Seconds in which the server is to be there."""


@dataclass
class Code:
    """A running VS Code for one folder, or for those that a file names."""

    port: int
    folder: Path
    extensions: Path

    def play(self, scenario: str, file: Path, **variables: str) -> dict[str, Any]:
        """Opens a file in a browser, does what the scenario says, and gives what it saw."""
        payload = json.dumps([["openFile", f"vscode-remote://127.0.0.1:{self.port}{quote(str(file))}"]])
        kind = "workspace" if self.folder.suffix else "folder"
        url = f"http://127.0.0.1:{self.port}/?{kind}={quote(str(self.folder))}&payload={quote(payload)}"
        environment = {
            **tools.with_node(),
            "PLAYWRIGHT": str(tools.playwright()),
            "CHROMIUM": tools.chromium(),
            "URL_TO_OPEN": url,
            "FILE_TO_OPEN": str(file),
            "EXTENSIONS": str(self.extensions),
            "SETTINGS": ",".join(map(str, settings_of(self.extensions.parent / "user"))),
            **variables,
        }
        command = (tools.node() / "node", DRIVER, scenario)
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=400, check=False
        )
        assert done.returncode == 0, f"{done.stderr}\n{self.log()}"
        seen: dict[str, Any] = json.loads(done.stdout)
        return seen

    def log(self) -> str:
        """What the extension has logged."""
        logs = self.extensions.parent.glob("user/logs/*/exthost*/**/*trainlint*.log")
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)


def settings_of(user: Path) -> list[Path]:
    """Where the settings of the user are; those that depend on the machine are read from the second, as soon as VS Code knows them."""
    return [user / place / "settings.json" for place in ("User", "Machine")]


@contextmanager
def code(folder: Path, profile: Path, settings: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Iterator[Code]:
    """Starts VS Code on a folder; `profile` is where it keeps its settings, extensions and logs."""
    node, entry, vsix = tools.node() / "node", tools.code_server(), tools.extension()
    tools.playwright(), tools.chromium()  # so that a missing one is known before anything is started
    user, extensions = profile / "user", profile / "extensions"
    for place in settings_of(user):
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps({**SETTINGS, **settings}), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (profile / "config.yaml").write_text(f"bind-addr: 127.0.0.1:{port}\nauth: none\ncert: false\n", encoding="utf-8")
    options = ("--config", profile / "config.yaml", "--user-data-dir", user, "--extensions-dir", extensions)
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(profile), **(environment or {})}
    variables = {name: value for name, value in variables.items() if not name.startswith("VSCODE")}
    subprocess.run([node, entry, *options, "--install-extension", vsix], env=variables, check=True, capture_output=True)
    command = (node, entry, *options, "--disable-telemetry", "--disable-update-check", folder)
    with (profile / "output.log").open("w") as output:
        server = subprocess.Popen(
            command,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield Code(port, folder, extensions)
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # it leaves watchers behind where it is asked to end
            server.wait()


def _wait_for(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while not _answers(url):
        assert time.monotonic() < end, f"{url} does not answer"
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - it is this machine
            return True
    except OSError:
        return False
