"""Code of a cure as text: pieces put together, with the parentheses that they need where they stand."""

import ast
from dataclasses import dataclass

from trainlint.cures.changes import Code, Named
from trainlint.editing.layout import Layout, Unsure
from trainlint.editing.names import check_same_meaning, is_free, name_at_hand
from trainlint.source import ir

_ATOMIC = ir.Name | ir.Attribute | ir.Call | ir.Subscript | ir.Sequence | ir.Dict | ir.FormattedString


@dataclass(slots=True)
class Writer:
    """Writes code for one place of one file; `imports` are the packages that the file then has to import."""

    layout: Layout
    place: ir.Node
    imports: list[str]
    after: bool = False
    """The code comes after the place, not before it."""
    kept: ir.Node | None = None
    """What the code replaces: expressions inside of it stay where they are."""

    def write(self, code: Code) -> str:
        """The text of the code."""
        pieces = code if isinstance(code, tuple) else (code,)
        texts = [piece if isinstance(piece, str) else "" for piece in pieces]
        for number, piece in enumerate(pieces):
            if isinstance(piece, Named):
                texts[number] = self._named(piece)
            elif not isinstance(piece, str):
                before = texts[number - 1] if number else ""
                following = texts[number + 1] if number + 1 < len(texts) else ""
                texts[number] = self._expression(piece, alone=len(pieces) == 1, before=before, following=following)
        return "".join(texts)

    def _named(self, piece: Named) -> str:
        name = name_at_hand(self.layout, piece.name, self.place)
        if name is not None:
            return name
        package = piece.name.partition(".")[0]
        if not piece.imported or not is_free(self.layout, package, self.place):
            raise Unsure(f"no name for `{piece.name}` is at hand")
        if package not in self.imports:
            self.imports.append(package)
        return piece.name

    def _expression(self, node: ir.Expr, *, alone: bool, before: str, following: str) -> str:
        if node.chunk.path != self.layout.file.path:
            raise Unsure("an expression stands in another file")
        if self.kept is None or not self._is_inside(node, self.kept):
            check_same_meaning(self.layout, node, self.place, after=self.after)
        text = self.layout.source(node)
        delimited = alone or (before.endswith(("(", ", ")) and following.startswith((")", ",")))
        loose = not isinstance(node, _ATOMIC) if not delimited else isinstance(node, ir.Yield | ir.NamedExpression) and not alone
        return f"({text})" if loose or (not alone and "\n" in text and not _stands_alone(text)) else text

    def _is_inside(self, node: ir.Node, whole: ir.Node) -> bool:
        current: ir.Node | None = node
        while current is not None and current is not whole:
            current = self.layout.parent(current)
        return current is whole


def replaced(layout: Layout, node: ir.Expr, text: str) -> str:
    """The text with the parentheses that it needs in the place of an expression; that of a statement may be any other one."""
    if isinstance(layout.parent(node), ir.Expression) and _is_statement(text):
        return text
    if _is_atom(text) and ("\n" not in text or _stands_alone(text)):
        return text
    start, end = layout.offsets(node)
    if layout.text[:start].rstrip().endswith("(") and layout.text[end:].lstrip().startswith((")", ",")):
        return text
    parent = layout.parent(node)
    whole = isinstance(
        parent, ir.Assign | ir.AugmentedAssign | ir.AnnotatedName | ir.Return | ir.Expression | ir.Argument | ir.Lambda | ir.If | ir.While
    )
    listed = isinstance(parent, ir.Sequence) and parent.kind != "tuple"
    if (whole or listed) and (_stands_alone(text) or listed or isinstance(parent, ir.Argument)):
        return text
    return f"({text})"


def _is_atom(text: str) -> bool:
    """Whether an expression binds as tightly as a name."""
    try:
        parsed = ast.parse(f"(\n{text}\n)", mode="eval").body
    except SyntaxError:
        raise Unsure("the code is no expression") from None
    if isinstance(parsed, ast.Tuple):
        return text.startswith("(") and text.endswith(")")
    if isinstance(parsed, ast.Constant):
        return isinstance(parsed.value, str | bool | None)
    return isinstance(
        parsed,
        ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.List | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.DictComp,
    )


def _is_statement(text: str) -> bool:
    """Whether it is a statement of one row."""
    try:
        return "\n" not in text and len(ast.parse(text).body) == 1
    except SyntaxError:
        return False


def _stands_alone(text: str) -> bool:
    """Whether it can be read without brackets around it."""
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True
