"""The two parsers: LibCST, whose trees are lowered, and Python's own, which is quick to say whether and why a text is wrong."""

import ast
import re
import warnings
from functools import lru_cache

import libcst as cst

_DETAIL = re.compile(r" \(.*\)$")


class TooDeep(Exception):
    """A text so deeply nested that no parser should be given it."""


def is_concrete(text: str) -> bool:
    """Whether LibCST reads a text."""
    try:
        cst.parse_module(text)
    except cst.ParserSyntaxError:
        return False
    return True


def check_syntax(text: str) -> None:
    """Raises `SyntaxError` or `TooDeep` for a text that Python does not read; its warnings are left for others to give."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError as error:
            if "too many" in error.msg:
                raise TooDeep from None
            raise
        except (RecursionError, MemoryError):
            raise TooDeep from None


@lru_cache(maxsize=2048)
def fault_of(text: str) -> SyntaxError | TooDeep | None:
    """What `check_syntax` raises, remembered: for single lines, which are looked at again after every keystroke beside them."""
    try:
        check_syntax(text)
    except (SyntaxError, TooDeep) as error:
        return error.with_traceback(None)
    return None


def message_of(error: SyntaxError) -> str:
    """What Python says about an error, in the words of a finding: short, lower case, code in backticks."""
    message = _DETAIL.sub("", error.msg).partition(". ")[0].rstrip(".?!").replace("'", "`")
    return message[:1].lower() + message[1:]
