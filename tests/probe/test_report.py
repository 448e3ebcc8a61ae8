"""The page that a probe leaves: what it says, and that it is whole, safe and readable by itself."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timezone
from functools import cache
from pathlib import Path

import pytest

from tests.probe.extremes import extreme
from tests.probe.runs import PROGRAMS, SharedProbes
from trainlint.engine.catalogue import all_rules
from trainlint.probe.probing import ProbeReport
from trainlint.probe.report.belonging import MECHANISMS
from trainlint.probe.report.page import page
from trainlint.probe.report.step_charts import spread_apart

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)
NAMES = ("image_classifier", "patients", "running_sum")


def of(probes: SharedProbes, name: str) -> ProbeReport:
    """The probe of a faulty program."""
    return probes.of(PROGRAMS / "faulty" / f"{name}.py", counterfactual=name == "running_sum")


@cache
def page_of(probes: SharedProbes, name: str) -> str:
    """Its page."""
    return page(of(probes, name), NOW)


def seen(text: str) -> str:
    """What a reader sees of a page, white space aside."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>|<details.*?</details>", "", text, flags=re.DOTALL)))


@pytest.mark.parametrize("name", NAMES)
def test_every_verdict_is_told_whole(probes: SharedProbes, name: str) -> None:
    """Outcome, place, measured value, threshold and its source; and the page asks nobody for anything."""
    report = of(probes, name)
    text = page_of(probes, name)
    assert len(text) < 500_000
    told = seen(text).replace("&#39;", "'")
    for verdict in report.verdicts:
        ruling = verdict.ruling
        for said in (verdict.finding.code, verdict.finding.name, ruling.measured, ruling.threshold, ruling.source):
            assert said.replace("`", "") in told
    assert "<script" not in text
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?!#)[^"')>\s]""", re.sub(r"<svg[^>]*>", "", text))
    assert {"Interpreter", "Steps", "Stand-ins", "Changed on disk", "Refused or redirected"} <= set(re.findall(r"<dt>([^<]+)</dt>", text))


def test_the_place_of_a_finding_is_marked_in_its_line(probes: SharedProbes) -> None:
    """The span, not the line."""
    text = page_of(probes, "patients")
    assert "loss = criterion(<mark>risk</mark>, yb)" in text


def test_the_loss_as_it_is_against_all_fixed(probes: SharedProbes) -> None:
    """Both lines by their names; what is not finite is said to be that."""
    text = page_of(probes, "running_sum")
    assert re.findall(r"as it is|all fixed|not finite", "".join(re.findall(r"<tspan[^>]*>([^<]+)", text)))[:3] == [
        "as it is",
        "not finite",
        "all fixed",
    ]
    assert "at no finite number" in text


def test_the_loss_of_a_guess_is_drawn_in(probes: SharedProbes) -> None:
    """Where the loss is one over classes, and only there."""
    assert "ln 2 = 0.693" in page_of(probes, "image_classifier")
    assert "a guess among" not in page_of(probes, "running_sum")


def test_no_guess_is_drawn_into_a_sum_of_losses(probes: SharedProbes) -> None:
    """A guess at one of its parts is no level of the whole."""
    report = of(probes, "image_classifier")
    observation = report.observation
    assert observation is not None
    parts = tuple(replace(loss, values=tuple(value + 1.0 for value in loss.values)) for loss in observation.losses)
    summed = replace(report, observed=replace(report.observed, observation=replace(observation, losses=parts)))
    assert "a guess among" in page(report, NOW)
    assert page(summed, NOW).count("a guess among") < page(report, NOW).count("a guess among")


def test_a_figure_stands_beside_its_finding(probes: SharedProbes) -> None:
    """And nowhere else."""
    text = page_of(probes, "image_classifier")
    cards = dict(re.findall(r'<h3 id="verdict-\d+-heading"><span class="code">\w+</span> ([\w-]+)</h3>(.*?)</article>', text, re.DOTALL))
    assert "What the first layer reads" in cards["unnormalized-input"]
    assert "Variance that reaches the normalization" in cards["batchnorm-after-dropout"]
    assert "Outputs in both modes" in cards["evaluation-in-train-mode"]
    assert "Gradient at the logits" in cards["single-logit-cross-entropy"]
    titles = re.findall(r'class="figure-title">([^<]+)<', text)
    assert len(titles) == len(set(titles))


def test_figures_belong_to_rules() -> None:
    """Each to one that there is."""
    assert set(MECHANISMS) <= {rule.name for rule in all_rules()}


def test_what_the_program_says_is_text(probes: SharedProbes) -> None:
    """Whatever a program prints or raises, the page shows it and obeys nothing of it."""
    report = of(probes, "patients")
    observation = report.observation
    assert observation is not None
    failure = observation.ending.failure
    assert failure is not None
    ending = replace(observation.ending, failure=replace(failure, message="<img src=x onerror=alert(1)>"))
    outcome = replace(report.observed.outcome, printed="\x1b[31m</pre><script>alert(2)</script>\x07")
    observed = replace(report.observed, observation=replace(observation, ending=ending), outcome=outcome)
    text = page(replace(report, observed=observed), NOW)
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "&lt;/pre&gt;&lt;script&gt;alert(2)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "\x1b" not in text


EARLY = """\
import torch
loss = torch.nn.CrossEntropyLoss()
open('no & such')
print(loss(torch.rand(4, 3).softmax(1), torch.tensor([0, 1, 2, 0])))
"""


def test_a_page_survives_what_is_not_a_number(probes: SharedProbes) -> None:
    """And says so in words; what lies in the middle of too many layers is left out, and counted."""
    text = page(extreme(of(probes, "patients")), NOW)
    assert "at no finite number" in text
    assert "176 layers in the middle are left out here" in text
    assert "<b>attention" not in text


def test_a_program_that_makes_no_step(tmp_path: Path) -> None:
    """The page says so, with the reason and its line, and what the analyzer had found."""
    (tmp_path / "train.py").write_text(EARLY, encoding="utf-8")
    (tmp_path / "page.html").write_text("old", encoding="utf-8")
    line = [sys.executable, "-m", "trainlint", "probe", "--report", "page.html", "train.py"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "the report is in page.html" in done.stderr
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "No step was observed" in text
    assert "FileNotFoundError" in text
    assert "<mark>open(&#39;no &amp; such&#39;)</mark>" in text
    assert "softmax-before-cross-entropy" in text
    assert "<figure" not in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "train.py"]


@pytest.mark.parametrize(("where", "said"), [("no/such/page.html", "there is no such folder"), (".", "it is a folder")])
def test_a_page_that_cannot_be_written_is_said_before_anything_runs(tmp_path: Path, where: str, said: str) -> None:
    """One line, exit status 2."""
    (tmp_path / "train.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    line = [sys.executable, "-m", "trainlint", "probe", "--report", where, "train.py"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr


def test_names_at_the_ends_of_lines_keep_apart() -> None:
    """In their order, and within the chart."""
    assert spread_apart([100.0, 50.0, 102.0], 20, 180) == [100.0, 50.0, 120.0]
    assert spread_apart([175.0, 178.0], 20, 180) == [160.0, 180.0]
