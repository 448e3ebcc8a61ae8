"""Every rule there is: the files below `trainlint.rules`, found by looking, not listed."""

import importlib
import inspect
import pkgutil
from collections import Counter
from functools import cache
from types import ModuleType

import trainlint.rules
from trainlint.engine.usage import UsageError
from trainlint.rule import Rule


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """The rules, in the order of their codes."""
    modules = [info.name for info in pkgutil.walk_packages(trainlint.rules.__path__, "trainlint.rules.") if not info.ispkg]
    rules = sorted((_rule_in(importlib.import_module(name)) for name in modules), key=lambda rule: rule.code)
    twice = [code for code, count in Counter(rule.code for rule in rules).items() if count > 1]
    if twice:
        raise TypeError(f"these codes belong to more than one rule: {', '.join(twice)}")
    return tuple(rules)


def _rule_in(module: ModuleType) -> type[Rule]:
    rules = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__ and not inspect.isabstract(value)
    ]
    if len(rules) != 1:
        raise TypeError(f"{module.__name__}: a rule file holds one rule, this one holds {len(rules)}")
    return rules[0]


def find(code_or_name: str) -> type[Rule]:
    """The rule of this code or name."""
    for rule in all_rules():
        if code_or_name.lower() in (rule.name, rule.code.lower()):
            return rule
    raise unknown(code_or_name)


def unknown(code_or_name: str) -> UsageError:
    """Says that there is no such rule, and which one may have been meant."""
    import difflib

    known = {word.lower(): word for rule in all_rules() for word in (rule.name, rule.code)}
    close = difflib.get_close_matches(code_or_name.lower(), known, n=1)
    hint = f"did you mean `{known[close[0]]}`?" if close else "`trainlint rules` lists them all"
    return UsageError(f"there is no rule `{code_or_name}`; {hint}")
