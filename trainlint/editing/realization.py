"""From a cure to a fix: each change as edits of the text, or nothing where one of them cannot be made surely."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from trainlint.cures import changes
from trainlint.cures.changes import Change, Cure
from trainlint.editing import items, statements
from trainlint.editing.layout import Layout, Unsure
from trainlint.editing.text import Overlap, TextEdit, edited, is_sound
from trainlint.findings import Applicability, Edit, Fix, Span
from trainlint.source import ir
from trainlint.source.source_file import SourceFile

_Realizing: TypeAlias = Callable[[Layout, Any, list[str]], list[TextEdit]]

_REALIZE: dict[type, _Realizing] = {
    changes.Decorate: statements.decorate,
    changes.Delete: statements.delete,
    changes.InsertAfter: statements.insert_after,
    changes.InsertAtTop: statements.insert_at_top,
    changes.InsertBefore: statements.insert_before,
    changes.InsertItem: items.insert_item,
    changes.MoveAfter: statements.move_after,
    changes.MoveBefore: statements.move_before,
    changes.RemoveItem: items.remove_item,
    changes.Replace: items.replace,
    changes.SetArgument: items.set_argument,
    changes.Swap: items.swap,
    changes.SwapItems: items.swap_items,
    changes.Wrap: statements.wrap,
}


def _place(change: Change) -> ir.Node:
    """A node of the file that a change is made in."""
    if isinstance(change, changes.Swap | changes.SwapItems):
        return change.one
    if isinstance(change, changes.Wrap):
        return change.first
    if isinstance(change, changes.SetArgument):
        return change.call
    return change.node


@dataclass(slots=True)
class Realization:
    """Turns the cures of one analysis into fixes; what it finds out about a file's layout serves all of them."""

    files: Mapping[Path, SourceFile]
    layouts: dict[Path, Layout] = field(default_factory=dict)

    def fix(self, *cures: Cure) -> Fix | None:
        """The fix of the first cure that can be made surely; of those without changes, the advice."""
        return next((fix for cure in cures if (fix := self._surely(cure)) is not None), None)

    def _surely(self, cure: Cure) -> Fix | None:
        try:
            return self.realized(cure)
        except Unsure:
            return None

    def realized(self, cure: Cure) -> Fix:
        """The fix of one cure; raises `Unsure` with the reason where it cannot be made."""
        if not cure.changes:
            return Fix(cure.title, (), Applicability.DISPLAY_ONLY, cure.reason)
        by_file: dict[Layout, list[TextEdit]] = {}
        for change in cure.changes:
            place = _place(change)
            layout = self._layout(place)
            imports: list[str] = []
            edits = by_file.setdefault(layout, [])
            edits += _REALIZE[type(change)](layout, change, imports)
            # At the same place, an import comes before what needs it.
            edits[:0] = [edit for package in imports if (edit := statements.import_package(layout, package, place)) not in edits]
        edits_of_all = (edit for layout, texts in by_file.items() for edit in _stated(layout, texts))
        return Fix(cure.title, tuple(edits_of_all), cure.applicability, cure.reason)

    def _layout(self, node: ir.Node) -> Layout:
        path = node.chunk.path
        if path not in self.layouts:
            file = self.files.get(path)
            if file is None or file.syntax_errors:
                raise Unsure("the file is not at hand, or does not parse")
            self.layouts[path] = Layout(file)
        return self.layouts[path]


def _stated(layout: Layout, texts: list[TextEdit]) -> list[Edit]:
    """The edits of one file, in order of their places, if Python reads what they make of it."""
    try:
        result = edited(layout.text, texts)
    except Overlap:
        raise Unsure("two of the changes overlap") from None
    if not is_sound(result):
        raise Unsure("the result would not parse")
    file = layout.file
    newline = "\r\n" if "\r\n" in file.text else "\r" if "\r" in file.text else "\n"
    return [
        Edit(Span(file.path, file.position(edit.start), file.position(edit.end)), edit.text.replace("\n", newline))
        for edit in sorted(texts, key=lambda edit: (edit.start, edit.end))
    ]
