"""What an editor sees of the server, under three encodings of positions, pushed and pulled."""

import shutil
from pathlib import Path

import pytest
from lsprotocol import types

from tests.server.editor import ENCODINGS, Editor, capabilities, in_time, names, session
from trainlint import explain

WIDE = """\
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 2), nn.Softmax(dim=1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
for x, y in loader:
    "😀 größer"; criterion(net(x), y).backward()
    "€"; optimizer.step()
"""
"""Two faults behind characters that are one unit long in UTF-32 alone."""
BOTH = ["softmax-before-cross-entropy", "stale-gradients"]
NETWORK = """\
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)
"""
TRAINING = """\
import torch
from net import Net

model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = torch.nn.CrossEntropyLoss()
for x, y in loader:
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
"""
SOFTMAX = "return self.fc(x)", "return self.fc(x).softmax(dim=1)"


def items(report: types.DocumentDiagnosticReport) -> list[types.Diagnostic]:
    """The diagnostics of a full report."""
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    return list(report.items)


@pytest.mark.parametrize("pulls", [False, True], ids=["pushed", "pulled"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_squiggle_stands_under_the_fault(tmp_path: Path, encoding: types.PositionEncodingKind, *, pulls: bool) -> None:
    """In a text that was never saved, with severity, code, evidence and data, once: pushed or pulled, never both."""

    async def test() -> None:
        async with session(tmp_path, able=capabilities(encoding, pulls=pulls)) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE)
            found = items(await editor.pulled(uri)) if pulls else await editor.pushed(uri, 1)
            assert names(found) == BOTH
            (stale,) = (one for one in found if one.code == "TL501")
            assert editor.under(uri, stale.range) == "optimizer.step()"
            assert stale.severity is types.DiagnosticSeverity.Error
            assert stale.source == "trainlint"
            assert stale.related_information
            assert stale.related_information[0].location.uri == uri
            assert editor.under(uri, stale.related_information[0].location.range) == "criterion(net(x), y).backward()"
            version = editor.replace(uri, '"€"; optimizer.step()', "optimizer.step(); optimizer.zero_grad()")
            found = items(await editor.pulled(uri)) if pulls else await editor.pushed(uri, version)
            assert names(found) == ["softmax-before-cross-entropy"]
            assert editor.under(uri, found[0].range) in WIDE
            assert bool(editor.published) is not pulls

    in_time(test())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_the_lamp_offers(tmp_path: Path, encoding: types.PositionEncodingKind) -> None:
    """A comment for the line of the finding, at its end, that names the rule; it answers the diagnostic that the editor asked about."""

    async def test() -> None:
        async with session(tmp_path, able=capabilities(encoding)) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE)
            (stale,) = (one for one in await editor.pushed(uri, 1) if one.code == "TL501")
            foreign = types.Diagnostic(stale.range, "of another server", code="TL501", source="other", data={"title": 1})
            offered = await editor.actions(uri, types.Range(stale.range.start, stale.range.start), [foreign, stale])
            (ignore,) = (action for action in offered if "ignore" in action.title)
            assert ignore.title == "trainlint (TL501): ignore stale-gradients for this line"
            assert ignore.diagnostics == (stale,)
            assert ignore.edit
            silenced = editor.apply(ignore.edit)[uri]
            assert silenced.split("\n")[stale.range.start.line] == '    "€"; optimizer.step()  # trainlint: ignore[TL501]'
            assert await editor.actions(uri, types.Range(types.Position(0, 0), types.Position(0, 1))) == []
            version = editor.replace(uri, WIDE, silenced)
            assert names(await editor.pushed(uri, version)) == BOTH[:1]

    in_time(test())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_fix_makes_its_squiggle_go(tmp_path: Path, encoding: types.PositionEncodingKind) -> None:
    """And no other one; it is an edit for the version that the editor shows, and touches nothing else."""

    async def test() -> None:
        async with session(tmp_path, able=capabilities(encoding)) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE)
            (stale,) = (one for one in await editor.pushed(uri, 1) if one.code == "TL501")
            (fix,) = (action for action in await editor.actions(uri, stale.range, [stale]) if "ignore" not in action.title)
            assert fix.kind == types.CodeActionKind.QuickFix
            assert fix.edit
            assert fix.diagnostics == (stale,)
            fixed = editor.apply(fix.edit)[uri]
            assert fixed != WIDE
            assert fixed.replace("optimizer.zero_grad(); ", "") == WIDE
            version = editor.replace(uri, WIDE, fixed)
            assert names(await editor.pushed(uri, version)) == BOTH[:1]

    in_time(test())


def test_a_fix_in_another_file(tmp_path: Path) -> None:
    """The network stands in a module of its own: the edit is for that, and names its version."""

    async def test() -> None:
        async with session(tmp_path) as editor:
            network = editor.open(tmp_path / "net.py", NETWORK.replace(*SOFTMAX))
            training = editor.open(tmp_path / "train.py", TRAINING)
            (found,) = await editor.pushed(training, 1)
            (fix,) = (action for action in await editor.actions(training, found.range) if "ignore" not in action.title)
            assert fix.edit
            assert editor.apply(fix.edit) == {network: NETWORK}

    in_time(test())


def test_settings(tmp_path: Path) -> None:
    """The configuration of the project decides; a changed one at once; a mistake in it is a line of the log."""
    settings = tmp_path / "trainlint.toml"
    settings.write_text('ignore = ["TL501"]\n', encoding="utf-8")

    async def test() -> None:
        async with session(tmp_path) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE)
            assert names(await editor.pushed(uri, 1)) == BOTH[:1]
            for text, expected in (('ignore = ["TL302"]\n', BOTH[1:]), ('ignore = ["TL9999"]\n', [])):
                settings.write_text(text, encoding="utf-8")
                event = types.FileEvent(settings.as_uri(), types.FileChangeType.Changed)
                editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
                await editor.until(text, lambda expected=expected: names(editor.shown(uri)) == expected)
            assert len(editor.log) == 1
            assert "TL9999" in editor.log[0]

    in_time(test())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_hovering_shows_the_page_of_the_rule(tmp_path: Path, encoding: types.PositionEncodingKind) -> None:
    """Over the finding, and nowhere else."""

    async def test() -> None:
        async with session(tmp_path, able=capabilities(encoding)) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE)
            (stale,) = (one for one in await editor.pushed(uri, 1) if one.code == "TL501")
            hover = await editor.hovered(uri, stale.range.end)
            assert hover
            assert isinstance(hover.contents, types.MarkupContent)
            assert hover.contents.kind is types.MarkupKind.Markdown
            assert hover.contents.value == explain("stale-gradients")
            assert hover.range == stale.range
            assert await editor.hovered(uri, types.Position(0, 0)) is None

    in_time(test())


def test_result_ids(tmp_path: Path) -> None:
    """A client that pulls is told when nothing has changed, and hears of texts that it did not touch."""

    async def test() -> None:
        async with session(tmp_path, able=capabilities(pulls=True)) as editor:
            network = editor.open(tmp_path / "net.py", NETWORK)
            training = editor.open(tmp_path / "train.py", TRAINING)
            first = await editor.pulled(training)
            assert items(first) == []
            again = await editor.pulled(training, first.result_id)
            assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
            editor.refreshes = 0
            editor.replace(network, *SOFTMAX)
            await editor.until("a refresh", lambda: editor.refreshes)
            assert names(items(await editor.pulled(training, first.result_id))) == ["softmax-before-cross-entropy"]
            assert items(await editor.pulled(network)) == []
            assert not editor.published

    in_time(test())


def test_other_texts_of_the_editor(tmp_path: Path) -> None:
    """What one buffer imports is read from the other, saved or not, and an edit there renews what is shown here."""
    (tmp_path / "net.py").write_text(NETWORK, encoding="utf-8")

    async def test() -> None:
        async with session(tmp_path) as editor:
            training = editor.open(tmp_path / "train.py", TRAINING)
            assert await editor.pushed(training, 1) == ()
            network = editor.open(tmp_path / "net.py", NETWORK)
            await editor.pushed(network, 1)
            editor.replace(network, *SOFTMAX)
            await editor.until("the finding in the other text", lambda: editor.shown(training))
            assert names(editor.shown(training)) == ["softmax-before-cross-entropy"]
            (evidence,) = (e for e in editor.shown(training)[0].related_information or () if e.location.uri == network)
            assert editor.under(network, evidence.location.range) in SOFTMAX[1]
            editor.close(network)
            await editor.until(
                "the text of the disk", lambda: editor.published[-1].uri == training and not editor.published[-1].diagnostics
            )

    in_time(test())


def test_squiggles_go_with_their_text(tmp_path: Path) -> None:
    """When it is closed, deleted or renamed."""
    path = tmp_path / "train.py"
    path.write_text(WIDE, encoding="utf-8")

    async def test() -> None:
        async with session(tmp_path) as editor:
            await editor.until("the watch", lambda: types.WORKSPACE_DID_CHANGE_WATCHED_FILES in editor.registered)
            uri = editor.open(path, WIDE)
            assert names(await editor.pushed(uri, 1)) == BOTH
            editor.close(uri)
            await editor.until("an empty list", lambda: not editor.shown(uri))
            editor.open(path, WIDE)
            await editor.until("the findings", lambda: editor.shown(uri))
            for event, expected in ((types.FileChangeType.Deleted, 0), (types.FileChangeType.Created, 2)):
                editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([types.FileEvent(uri, event)]))
                await editor.until(event.name, lambda expected=expected: len(editor.shown(uri)) == expected)
            editor.close(uri)
            renamed = editor.open(tmp_path / "other.py", WIDE)
            await editor.until("the new name", lambda: editor.shown(renamed))
            assert not editor.shown(uri)

    in_time(test())


def test_nothing_is_said_about_a_version_that_is_gone(tmp_path: Path) -> None:
    """Of many quick edits, only the last one is answered, and the answer names its version."""

    async def test() -> None:
        async with session(tmp_path) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE)
            await editor.pushed(uri, 1)
            version = [editor.replace(uri, "lr=0.1", "lr=0.11") for _ in range(30)][-1]
            assert names(await editor.pushed(uri, version)) == BOTH
            assert [params.version for params in editor.published] == [1, version]

    in_time(test())


def test_two_folders_do_not_mix(tmp_path: Path) -> None:
    """In a workspace of two projects, each script imports from its own."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, network in ((one, NETWORK), (two, NETWORK.replace(*SOFTMAX))):
        (folder / "scripts").mkdir(parents=True)
        (folder / "net.py").write_text(network, encoding="utf-8")

    async def test() -> None:
        async with session(one, two) as editor:
            first, second = (editor.open(folder / "scripts" / "train.py", TRAINING) for folder in (one, two))
            assert await editor.pushed(first, 1) == ()
            assert names(await editor.pushed(second, 1)) == ["softmax-before-cross-entropy"]

    in_time(test())


def test_a_client_that_names_a_root_alone(tmp_path: Path) -> None:
    """Older clients know of one folder; it is as good as any."""
    (tmp_path / "net.py").write_text(NETWORK.replace(*SOFTMAX), encoding="utf-8")
    (tmp_path / "scripts").mkdir()

    async def test() -> None:
        async with session(tmp_path, only_root=True) as editor:
            uri = editor.open(tmp_path / "scripts" / "train.py", TRAINING)
            assert names(await editor.pushed(uri, 1)) == ["softmax-before-cross-entropy"]

    in_time(test())


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\f\n"])
def test_rows_are_those_of_the_editor(tmp_path: Path, newline: str) -> None:
    """Whatever ends them; a form feed ends none. Edits land where they are meant."""

    async def test() -> None:
        async with session(tmp_path) as editor:
            uri = editor.open(tmp_path / "train.py", WIDE.replace("\n", newline))
            assert {one.range.start.line for one in await editor.pushed(uri, 1)} == {7, 8}
            editor.texts[uri] = 1, WIDE  # whose places are the same
            version = editor.replace(uri, '"€"; optimizer.step()', "optimizer.step(); optimizer.zero_grad()")
            assert names(await editor.pushed(uri, version)) == BOTH[:1]

    in_time(test())


def test_texts_without_a_file(tmp_path: Path) -> None:
    """A new text is checked before it has a name; it lies beside no other file."""

    async def test() -> None:
        async with session(tmp_path) as editor:
            uri = editor.open("untitled:Untitled-1", WIDE)
            found = await editor.pushed(uri, 1)
            assert names(found) == BOTH
            assert {e.location.uri for one in found for e in one.related_information or ()} == {uri}

    in_time(test())


async def _is_left_alone(editor: Editor, path: Path | str) -> bool:
    uri = editor.open(path, WIDE)
    canary = editor.open(f"untitled:{len(editor.texts)}", WIDE)
    await editor.pushed(canary, 1)
    return all(params.uri != uri for params in editor.published)


def test_what_is_nobodys_to_mend_here(tmp_path: Path) -> None:
    """Installed packages, which a jump to a definition opens, and cells of a notebook; yet a project inside of an environment is one."""
    inside = tmp_path / "site-packages" / "project"
    inside.mkdir(parents=True)

    async def test() -> None:
        async with session(tmp_path) as editor:
            assert await _is_left_alone(editor, tmp_path / "venv/lib/site-packages/torch/optim.py")
            assert await _is_left_alone(editor, "vscode-notebook-cell:/a.ipynb#1")
        async with session(inside) as editor:
            uri = editor.open(inside / "train.py", WIDE)
            assert names(await editor.pushed(uri, 1)) == BOTH

    in_time(test())


def test_links(tmp_path: Path) -> None:
    """A file that is opened through a link is called what the editor calls it."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "net.py").write_text(NETWORK.replace(*SOFTMAX), encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "project")

    async def test() -> None:
        async with session(tmp_path / "link") as editor:
            uri = editor.open(tmp_path / "link" / "train.py", TRAINING)
            (found,) = await editor.pushed(uri, 1)
            assert found.related_information
            assert uri.endswith("/link/train.py")

    in_time(test())


def test_everything_at_once(tmp_path: Path) -> None:
    """A dozen texts opened together all get their answer, while hovers are answered too."""
    shutil.copytree(Path(__file__).parent.parent / "programs" / "faulty", tmp_path / "faulty")

    async def test() -> None:
        async with session(tmp_path) as editor:
            paths = sorted((tmp_path / "faulty").glob("*.py"))[:12]
            uris = [editor.open(path, path.read_text(encoding="utf-8")) for path in paths]
            assert await editor.hovered(uris[-1], types.Position(0, 0)) is None
            for uri in uris:
                assert await editor.pushed(uri, 1)

    in_time(test())
