"""A real browser opens the page: what is drawn, in light, in dark and on a telephone. PICTURES names a folder for screenshots."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

from tests.editors import tools
from tests.probe.extremes import extreme
from tests.probe.runs import PROGRAMS, SharedProbes
from trainlint.probe.report.page import write_page

DRIVER = Path(__file__).with_name("report_in_browser.mjs")
NAMES = ("image_classifier", "patients", "running_sum")


def test_what_a_browser_shows(probes: SharedProbes, tmp_path: Path) -> None:
    """Charts with something in them, text that can be read, nothing cut off, no error, no request, and headings in order."""
    environment = {**tools.with_node(), "PLAYWRIGHT": str(tools.playwright()), "CHROMIUM": tools.chromium()}
    pages = [tmp_path / f"{name}.html" for name in NAMES]
    for name, path in zip(NAMES, pages, strict=True):
        write_page(probes.of(PROGRAMS / "faulty" / f"{name}.py", counterfactual=name == "running_sum"), path)
    pages.append(tmp_path / "extreme.html")
    write_page(extreme(probes.of(PROGRAMS / "faulty" / "patients.py")), pages[-1])
    done = subprocess.run([tools.node() / "node", DRIVER, *pages], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    for name in (*NAMES, "extreme"):
        for kind, page in seen[name].items():
            where = f"{name} in {kind}"
            assert (page["said"], page["asked"]) == ([], []), where
            assert page["charts"] >= 5, where
            assert page["empty"] == 0, where
            assert page["cut"] == [], where
            assert page["faint"] == [], where
            assert not page["wide"], where
            headings = page["headings"]
            assert headings[0] == 1
            assert all(after <= before + 1 for before, after in pairwise(headings)), where
        assert seen[name]["light"]["ground"] != seen[name]["dark"]["ground"]
