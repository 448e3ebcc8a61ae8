"""Which rules run."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainlint.rule import Rule

ALL = "ALL"


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked for: rule names, rule codes, prefixes of codes, or `ALL`.

    Without `select`, all rules run but the pedantic ones. Rules in preview need `preview` as well. What the tool says about
    itself (TL0…) does not depend on `select`: a file that does not parse hides what the selected rules would find.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False

    def rules(self) -> "tuple[type[Rule], ...]":
        """The rules that run, in the order of their codes."""
        from trainlint.engine.catalogue import all_rules
        from trainlint.engine.usage import UsageError
        from trainlint.findings import Category

        selected = {rule for selector in self.select for rule in _matching(selector)}
        ignored = {rule for selector in self.ignore for rule in _matching(selector)}
        if selected and not self.preview and all(rule.preview for rule in selected):
            raise UsageError(f"`{', '.join(self.select)}` selects only rules in preview, which run with --preview")
        return tuple(
            rule
            for rule in all_rules()
            if rule not in ignored
            and (self.preview or not rule.preview)
            and (rule.stage == "tool" or (rule in selected if self.select else rule.category is not Category.PEDANTIC))
        )


def _matching(selector: str) -> "list[type[Rule]]":
    from trainlint.engine.catalogue import all_rules, unknown

    word = selector.upper()
    matching = [rule for rule in all_rules() if word == ALL or rule.name == selector.lower() or (word and rule.code.startswith(word))]
    if not matching:
        raise unknown(selector)
    return matching
