"""What settings make of findings."""

from pathlib import Path

import pytest

from trainlint.engine.analysis import check
from trainlint.engine.selection import Selection
from trainlint.findings import Severity
from trainlint.settings.problem import SettingsError
from trainlint.settings.resolution import Resolution

STALE = """\
import torch

model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([(torch.zeros(4), 0)], shuffle=True):
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
"""
UNCLIPPED = """\
import torch

model = torch.nn.LSTM(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
for x, y in loader:
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x)[0], y).backward()
    optimizer.step()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two folders with the same fault."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "train.py").write_text(STALE, encoding="utf-8")
    return tmp_path


def found(project: Path) -> list[tuple[str, str, Severity]]:
    """Folder, code and severity of what is found."""
    report = check([project], resolution=Resolution())
    return [(finding.span.path.parent.name, finding.code, finding.severity) for finding in report.findings]


BOTH = [("a", "TL501", Severity.ERROR), ("b", "TL501", Severity.ERROR)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", BOTH),
        ('ignore = ["TL5"]', []),
        ('ignore = ["TL5"]\nselect = ["stale-gradients"]', BOTH),
        ('select = ["TL5"]\nignore = ["TL501"]', []),
        ('ignore = ["correctness"]\nextend-select = ["TL50"]', BOTH),
        ('select = ["pedantic"]', []),
        ('[per-file-ignores]\n"a/*" = ["TL5"]', BOTH[1:]),
        ('[per-file-ignores]\n"*.py" = ["ALL"]', []),
        ('exclude = ["b"]', BOTH[:1]),
        ('extend-exclude = ["b/tr*.py"]', BOTH[:1]),
        ('[severity]\nTL5 = "info"', [("a", "TL501", Severity.INFO), ("b", "TL501", Severity.INFO)]),
        ('[severity]\nTL5 = "info"\nstale-gradients = "warning"', [("a", "TL501", Severity.WARNING), ("b", "TL501", Severity.WARNING)]),
    ],
)
def test_a_setting_does_what_it_says(project: Path, text: str, expected: list[tuple[str, str, Severity]]) -> None:
    """Each of them changes what is shown, and the more exact word wins."""
    (project / "trainlint.toml").write_text(text, encoding="utf-8")
    assert found(project) == expected


def test_each_file_has_its_own_settings(project: Path) -> None:
    """A project inside of a project decides for itself."""
    (project / "trainlint.toml").write_text('ignore = ["TL501"]', encoding="utf-8")
    (project / "b" / "pyproject.toml").write_text("[tool.trainlint]\npreview = false\n", encoding="utf-8")
    assert found(project) == BOTH[1:]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nselect = [\n  "TL5",\n  "stale-gradient",\n]', ":4: there is no rule `stale-gradient`; did you mean `stale-gradients`?"),
        ('[severity]\n"TL999" = "info"', ":2: there is no rule `TL999`"),
        ('[per-file-ignores]\n"a.py" = ["TL77"]', ":2: there is no rule `TL77`"),
        ("[rules.stale-gradients]\nlimit = 3", ":2: `stale-gradients` has no option `limit`; it has none"),
        ("[rules.missing-gradient-clipping]\nsgd-rate = 3", "did you mean `sgd-learning-rate`?"),
        ('[rules.missing-gradient-clipping]\nsgd-learning-rate = "much"', "is of the kind of `0.1`, not `much`"),
    ],
)
def test_an_unknown_rule_or_option_is_an_error(project: Path, text: str, message: str) -> None:
    """It is named with its place in the configuration and the word that was probably meant."""
    (project / "trainlint.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        found(project)
    assert message in str(caught.value)


@pytest.mark.parametrize(("option", "expected"), [("", Severity.WARNING), ("sgd-learning-rate = 2.0", Severity.INFO)])
def test_an_option_reaches_its_rule(tmp_path: Path, option: str, expected: Severity) -> None:
    """A limit that is set is the limit that holds."""
    (tmp_path / "train.py").write_text(UNCLIPPED, encoding="utf-8")
    (tmp_path / "trainlint.toml").write_text(f'select = ["TL401"]\n[rules.missing-gradient-clipping]\n{option}\n', encoding="utf-8")
    assert [finding.severity for finding in check([tmp_path], resolution=Resolution()).findings] == [expected]


def test_doubt_is_shown_when_asked_for(tmp_path: Path) -> None:
    """A finding in code that nobody in sight calls is of medium confidence: `min-confidence = "high"` hides it."""
    uncalled = "import torch\n\ndef train(model, loader, optimizer):\n    for x, y in loader:\n"
    uncalled += "        torch.nn.functional.cross_entropy(model(x), y).backward()\n        optimizer.step()\n"
    (tmp_path / "train.py").write_text(uncalled, encoding="utf-8")
    shown = {
        level: check([tmp_path], resolution=Resolution.of_command_line([f'min-confidence = "{level}"'])) for level in ("medium", "high")
    }
    assert {level: [finding.code for finding in report.findings] for level, report in shown.items()} == {"medium": ["TL501"], "high": []}


def test_the_longest_word_wins() -> None:
    """A code or name over a prefix over a category over ALL; `ignore` between equals."""
    selection = Selection(("ALL", "stale-gradients"), ("TL", "TL501"))
    assert [rule for rule in selection.rules() if rule.code == "TL501"] == []
    assert [rule.code for rule in Selection(("TL501",), ("TL", "correctness", "ALL")).rules()] == ["TL501"]
