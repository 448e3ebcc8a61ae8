"""Where settings come from, and what is said about a mistake in them."""

from pathlib import Path

import pytest

from trainlint.findings import Confidence, Severity
from trainlint.settings.problem import SettingsError
from trainlint.settings.resolution import Resolution

EVERYTHING = """
select = ["TL3"]
ignore = ["TL302"]
extend-select = ["pedantic"]
preview = true
exclude = ["old"]
extend-exclude = ["generated_*.py"]
force-exclude = true
respect-gitignore = false
fail-on = "error"
min-confidence = "high"
target-torch = "1.8"

[per-file-ignores]
"tests/*" = ["stale-gradients"]

[severity]
TL105 = "info"

[rules.missing-gradient-clipping]
sgd-learning-rate = 0.5
"""


def write(root: Path, name: str, text: str) -> Path:
    """Writes a file."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_closest_file_wins_and_nothing_is_merged(tmp_path: Path) -> None:
    """A file in a folder hides those above it; a `pyproject.toml` that says nothing to trainlint hides none."""
    write(tmp_path, "pyproject.toml", '[tool.trainlint]\nignore = ["TL5"]\npreview = true\n')
    write(tmp_path, "inner/trainlint.toml", 'select = ["TL3"]\n')
    write(tmp_path, "inner/deep/pyproject.toml", "[project]\nname = 'trainlint-user'\n")
    resolution = Resolution()
    assert resolution.of_file(tmp_path / "a.py").ignore == ("TL5",)
    for folder in ("inner", "inner/deep"):
        settings = resolution.of_folder(tmp_path / folder)
        assert (settings.select, settings.ignore, settings.preview) == (("TL3",), (), False)
        assert settings.root == tmp_path / "inner"


def test_the_hidden_file_comes_first(tmp_path: Path) -> None:
    """In one folder, `.trainlint.toml` comes before `trainlint.toml`, and that before `pyproject.toml`."""
    for name, stage in (("pyproject.toml", "TL1"), ("trainlint.toml", "TL2"), (".trainlint.toml", "TL3")):
        write(tmp_path, name, ("[tool.trainlint]\n" if "project" in name else "") + f'select = ["{stage}"]\n')
        assert Resolution().of_folder(tmp_path).select == (stage,)


def test_every_key_is_read(tmp_path: Path) -> None:
    """What is written is what holds, and what is shown."""
    write(tmp_path, "trainlint.toml", EVERYTHING)
    settings = Resolution().of_folder(tmp_path)
    assert (settings.fail_on, settings.min_confidence, settings.target_torch) == (Severity.ERROR, Confidence.HIGH, (1, 8))
    assert settings.shown() == {
        "select": ["TL3"],
        "ignore": ["TL302"],
        "extend-select": ["pedantic"],
        "per-file-ignores": {"tests/*": ["stale-gradients"]},
        "severity": {"TL105": "info"},
        "preview": True,
        "exclude": ["old"],
        "extend-exclude": ["generated_*.py"],
        "force-exclude": True,
        "respect-gitignore": False,
        "fail-on": "error",
        "min-confidence": "high",
        "target-torch": "1.8",
        "rules": {"missing-gradient-clipping": {"sgd-learning-rate": 0.5}},
    }


def test_extend(tmp_path: Path) -> None:
    """A file builds on another: what it says itself wins, what extends is joined."""
    write(tmp_path, "base.toml", 'select = ["TL3"]\npreview = true\nextend-select = ["TL1"]\n')
    write(tmp_path, "sub/trainlint.toml", 'extend = "../base.toml"\nselect = ["TL5"]\nextend-select = ["TL2"]\n')
    settings = Resolution().of_folder(tmp_path / "sub")
    assert (settings.select, settings.preview, settings.extend_select) == (("TL5",), True, ("TL1", "TL2"))
    write(tmp_path, "base.toml", 'extend = "sub/trainlint.toml"\n')
    with pytest.raises(SettingsError, match=r"trainlint\.toml:1: the configuration extends itself"):
        Resolution().of_folder(tmp_path / "sub")


def test_the_command_line_wins(tmp_path: Path) -> None:
    """An option stands before the file; its `select` puts the file's `select` and `ignore` aside, its `ignore` alone adds to them."""
    write(tmp_path, "trainlint.toml", 'select = ["TL3"]\nignore = ["TL302"]\n')
    select = Resolution.of_command_line(select=("TL5",)).of_folder(tmp_path)
    assert (select.select, select.ignore) == (("TL5",), ())
    ignore = Resolution.of_command_line(ignore=("TL301",)).of_folder(tmp_path)
    assert (ignore.select, ignore.ignore) == (("TL3",), ("TL302", "TL301"))
    inline = Resolution.of_command_line(['fail-on = "info"', "preview=true"]).of_folder(tmp_path)
    assert (inline.fail_on, inline.preview, inline.select) == (Severity.INFO, True, ("TL3",))
    assert Resolution.of_command_line(isolated=True).of_folder(tmp_path).select == ()
    elsewhere = write(tmp_path, "elsewhere.toml", 'select = ["TL1"]\n')
    assert Resolution.of_command_line([str(elsewhere)]).of_folder(tmp_path).select == ("TL1",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\n\nselct = ["TL3"]', ":3: unknown setting `selct`; did you mean `select`?"),
        ('fail-on = "worst"', ":1: `fail-on` is one of info, warning, error, not `worst`"),
        ('preview = "yes"', ":1: `preview` is true or false, not `yes`"),
        ('ignore = "TL3"', ":1: `ignore` is a list of texts, not `TL3`"),
        ("ignore = [\n  'TL3',\n  7,\n]", ":3: `ignore` is a list of texts, and holds `7`"),
        ('target-torch = "new"', ':1: `target-torch` is a version such as "2.1", not `new`'),
        ('[severity]\nTL1 = "info"\nTL5 = "fatal"', ":3: `severity` is one of info, warning, error, not `fatal`"),
        ('extend = "gone.toml"', ":1: `extend` names `gone.toml`, which is no file"),
        ("select = [", ":1: "),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    """A key or value that means nothing is never passed over."""
    path = write(tmp_path, "trainlint.toml", text)
    with pytest.raises(SettingsError) as caught:
        Resolution().of_folder(tmp_path)
    assert f"{path}{message}" in str(caught.value)


def test_a_key_is_looked_for_in_its_own_section(tmp_path: Path) -> None:
    """The same word in another tool's section is not where the mistake is."""
    write(tmp_path, "pyproject.toml", "[tool.other]\nselct = 1\n\n[tool.trainlint]\npreview = true\nselct = 1\n")
    with pytest.raises(SettingsError, match=r"pyproject\.toml:6: unknown setting `selct`"):
        Resolution().of_folder(tmp_path)
