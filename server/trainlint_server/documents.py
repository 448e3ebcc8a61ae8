"""What is open in the editor: immutable versions of texts, and the files that they stand for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.uris import to_fs_path

from trainlint_server.positions import Lines

NOWHERE = Path("/<nowhere>/<nowhere>").absolute()
"""Where texts without a file are thought to be: beside nothing."""
LONG_AGO = float("-inf")
INSTALLED = {"site-packages", "dist-packages"}


@dataclass(frozen=True, slots=True)
class Document:
    """One version of an open text. `path` is absolute and without links; `root` is the workspace folder around it, if any."""

    uri: str
    path: Path
    version: int
    lines: Lines
    changed_at: float
    """When it was last edited, on the clock of the event loop."""
    root: Path | None = None
    is_deleted: bool = False
    """The file is gone from the disk, and nobody has touched the text since."""

    @property
    def text(self) -> str:
        """What the editor shows."""
        return self.lines.text

    @property
    def is_somewhere(self) -> bool:
        """Whether it stands for a file, so that there are files beside it."""
        return NOWHERE not in self.path.parents


class Documents:
    """The open Python texts, and the folders of the workspace."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}
        self.encoding: types.PositionEncodingKind | str = types.PositionEncodingKind.Utf16
        self.folders: tuple[Path, ...] = ()

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._open.values()))

    def get(self, uri: str) -> Document | None:
        """The newest version, if the text is open and one that trainlint looks at."""
        return self._open.get(unquote(uri))

    def open(self, item: types.TextDocumentItem) -> Document | None:
        """Takes in a text; None where it is nothing that trainlint looks at."""
        path = _path_of(item.uri)
        if path is None or not (item.language_id == "python" or path.suffix in {".py", ".pyw"}):
            return None
        root = self._root_of(path)
        if INSTALLED.intersection((path.relative_to(root) if root else path).parts):
            return None  # opened by jumping to a definition: it is nobody's to mend here
        document = Document(item.uri, path, item.version, Lines(item.text, self.encoding), LONG_AGO, root)
        self._open[unquote(item.uri)] = document
        return document

    def change(self, uri: str, version: int, changes: Sequence[types.TextDocumentContentChangeEvent], now: float) -> Document | None:
        """Applies edits, each to what the ones before have left."""
        document = self.get(uri)
        if document is None:
            return None
        lines = document.lines
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = lines.offset(change.range.start), lines.offset(change.range.end)
                lines = Lines(lines.text[:start] + change.text + lines.text[end:], self.encoding)
            else:
                lines = Lines(change.text, self.encoding)
        document = self._open[unquote(uri)] = replace(document, version=version, lines=lines, changed_at=now, is_deleted=False)
        return document

    def close(self, uri: str) -> Document | None:
        """Lets go of a text; gives its last version."""
        return self._open.pop(unquote(uri), None)

    def mark_deleted(self, uri: str, *, deleted: bool) -> Document | None:
        """Notes that the file of an open text is gone from the disk, or back."""
        document = self.get(uri)
        if document is None or document.is_deleted is deleted:
            return None
        document = self._open[unquote(uri)] = replace(document, is_deleted=deleted)
        return document

    def unsaved(self) -> Mapping[Path, str]:
        """What the editor shows of each file, saved or not."""
        return {document.path: document.text for document in self._open.values()}

    def change_folders(self, folders: Iterable[str]) -> None:
        """The workspace consists of these folders now, given by their URIs."""
        self.folders = tuple(path for uri in folders if (path := _path_of(uri)) is not None and path.is_dir())
        for key, document in self._open.items():
            self._open[key] = replace(document, root=self._root_of(document.path))

    def _root_of(self, path: Path) -> Path | None:
        """The innermost folder of the workspace around a file."""
        around = [folder for folder in self.folders if folder in path.parents]
        return max(around, key=lambda folder: len(folder.parts), default=None)

    def uri_of(self, path: Path) -> str:
        """How the client calls a file: by the URI under which it is open, if it is."""
        return next((document.uri for document in self._open.values() if document.path == path), None) or path.as_uri()


def _path_of(uri: str) -> Path | None:
    if urlsplit(uri).scheme == "untitled":
        return NOWHERE / unquote(uri.partition(":")[2]).replace("/", "_").replace("\\", "_")
    name = to_fs_path(uri)
    try:
        return Path(name).resolve() if name else None
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, links in a circle
        return None
