"""What a contained program sees of the environment, and what is seen of its folder."""

from pathlib import Path

from trainlint.probe.containment.environment import environment_of
from trainlint.probe.containment.fingerprint import compared, fingerprint
from trainlint.probe.containment.outcome import Change, Crash, How, Outcome, Row, crash_in

OUTSIDE = {
    "PATH": "/bin",
    "HOME": "/home/u",
    "PWD": "/home/u",
    "TOKENIZERS_PARALLELISM": "false",
    "CUDA_VISIBLE_DEVICES": "0",
    "KEYBOARD": "de",
    "HF_TOKEN": "hf_1",
    "WANDB_API_KEY": "1",
    "AWS_SECRET_ACCESS_KEY": "1",
    "AWS_PROFILE": "p",
    "GITHUB_TOKEN": "1",
    "SSH_AUTH_SOCK": "/run/s",
    "DB_PASSWORD": "1",
    "HTTPS_PROXY": "http://user:pw@proxy:80",
    "HTTP_PROXY": "http://proxy:80",
}


def test_credentials_are_told_by_the_words_of_a_name() -> None:
    """A word in a name, not a part of one; and a password in an address."""
    seen = environment_of(OUTSIDE, allow_network=False)
    kept = {"PATH", "HOME", "PWD", "TOKENIZERS_PARALLELISM", "CUDA_VISIBLE_DEVICES", "KEYBOARD", "HTTP_PROXY"}
    assert seen.keys() & OUTSIDE.keys() == kept
    assert (seen["WANDB_MODE"], seen["HF_HUB_OFFLINE"]) == ("disabled", "1")
    assert "HF_HUB_OFFLINE" not in environment_of(OUTSIDE, allow_network=True)


def test_every_change_of_a_folder_is_seen(tmp_path: Path) -> None:
    """Also one that keeps size and time of a file."""
    for name in ("kept", "changed", "touched", "removed"):
        (tmp_path / name).write_text("1234", encoding="ascii")
    before = fingerprint(str(tmp_path))
    (tmp_path / "added").touch()
    (tmp_path / "removed").unlink()
    (tmp_path / "changed").write_text("4321", encoding="ascii")
    (tmp_path / "touched").chmod(0o600)
    changes = compared(before, fingerprint(str(tmp_path)))
    assert [(Path(change.path).name, change.how) for change in changes] == [
        ("added", "added"),
        ("changed", "changed"),
        ("removed", "removed"),
        ("touched", "changed"),
    ]


def test_a_large_folder_is_compared_as_far_as_it_was_seen(tmp_path: Path) -> None:
    """What only one of two bounded looks saw has not been added."""
    for number in range(20):
        (tmp_path / f"{number:02}").touch()
    before = fingerprint(str(tmp_path), most_files=10)
    (tmp_path / "00").write_text("x", encoding="ascii")
    after = fingerprint(str(tmp_path), most_files=12)
    assert (before.whole, after.whole) == (False, False)
    assert compared(before, after) == (Change(str(tmp_path / "00"), "changed"),)


def test_the_last_traceback_counts() -> None:
    """Of an exception during another one, and of a file that is no Python."""
    printed = (
        "Traceback (most recent call last):\n"
        '  File "a.py", line 1, in f\n    x\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n'
        "Traceback (most recent call last):\n"
        '  File "a.py", line 9, in <module>\n    f()\n    ~^^\nmy.Error: two\nrows\n'
    )
    assert crash_in(printed) == Crash("my.Error", "two", (Row("a.py", 9, "<module>"),))
    syntax = '  File "b.py", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n'
    assert crash_in(syntax) == Crash("SyntaxError", "invalid syntax", (Row("b.py", 3, "<module>"),))
    assert crash_in("all is well\n") is None
    assert Outcome(How.ENDED, 1.0, code=1, printed=printed).described() == "raised my.Error at a.py:9 after 1.0 s"
    assert Outcome(How.ENDED, 1.0, signal=11).described() == "was ended by SIGSEGV after 1.0 s"
