"""Which rules run."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainlint.rule import Rule
    from trainlint.settings.values import Settings

ALL = "ALL"


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked for: rule names, rule codes, prefixes of codes, categories, or `ALL`.

    Without `select`, all rules run but the pedantic ones. Where a rule is both selected and ignored, the more exact word wins:
    its code or name over a longer prefix over a shorter one over a category over `ALL`; between equals, `ignore` does. Rules in
    preview need `preview` as well. What the tool says about itself (TL0…) does not depend on `select`: a file that does not
    parse hides what the selected rules would find.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False
    extend_select: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: "Settings") -> "Selection":
        """What the settings of a file ask for."""
        return cls(settings.select, settings.ignore, settings.preview, settings.extend_select)

    def rules(self) -> "tuple[type[Rule], ...]":
        """The rules that run, in the order of their codes."""
        return _chosen(self)

    def wants(self, rule: "type[Rule]") -> bool:
        """Whether a rule is chosen, preview aside."""
        from trainlint.findings import Category

        by_default = rule.stage == "tool" or (not self.select and rule.category is not Category.PEDANTIC)
        chosen = max((exactness(selector, rule) for selector in (*self.select, *self.extend_select)), default=0)
        dropped = max((exactness(selector, rule) for selector in self.ignore), default=0)
        return max(chosen, int(by_default)) > dropped


@cache
def _chosen(selection: Selection) -> "tuple[type[Rule], ...]":
    from trainlint.engine.catalogue import all_rules
    from trainlint.engine.usage import UsageError

    selected = {rule for selector in selection.select for rule in matching(selector)}
    if selected and not selection.preview and all(rule.preview for rule in selected):
        raise UsageError(f"`{', '.join(selection.select)}` selects only rules in preview, which run with --preview")
    for selector in (*selection.extend_select, *selection.ignore):
        matching(selector)  # a misspelt one is an error even where it changes nothing
    return tuple(rule for rule in all_rules() if (selection.preview or not rule.preview) and selection.wants(rule))


def exactness(selector: str, rule: "type[Rule]") -> int:
    """How exactly a selector means a rule; 0 where it does not."""
    word = selector.upper()
    if word in (rule.code, rule.name.upper()):
        return 100
    if word and rule.code.startswith(word):
        return 10 + len(word)
    if word == rule.category.name:
        return 2
    return int(word == ALL)


def matching(selector: str) -> "list[type[Rule]]":
    """The rules that a selector means; an error where there are none."""
    from trainlint.engine.catalogue import all_rules, unknown
    from trainlint.findings import Category

    found = [rule for rule in all_rules() if exactness(selector, rule)]
    if not found and selector.upper() not in Category.__members__:
        raise unknown(selector)
    return found
