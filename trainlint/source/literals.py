"""The values of literals, from their text."""

import re
import unicodedata

_STRING = re.compile(r"""([A-Za-z]*)(\"\"\"|'''|"|')(.*)\2""", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(\n|[\\'\"abfnrtv]|[0-7]{1,3}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|N\{[^}]+\})",
)
_SIMPLE_ESCAPES = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def string_value(literal: str) -> str | bytes:
    """The value of a string or bytes literal, prefix and quotes included."""
    if "\\" not in literal and literal[0] in "'\"":
        quotes = 3 if literal[:3] in ('"""', "'''") else 1
        return literal[quotes:-quotes]
    parts = _STRING.fullmatch(literal)
    assert parts is not None, "LibCST reads no other strings"
    prefix, content = parts[1].lower(), parts[3]
    if "b" in prefix:
        if "r" not in prefix:
            content = _ESCAPE.sub(_unescaped_byte, content)
        return content.encode("latin-1", "replace")
    return content if "r" in prefix else _ESCAPE.sub(_unescaped, content)


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    if code in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[code]
    if code[0] in "xuU":
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else escape[0]
    if code[0] == "N":
        try:
            return unicodedata.lookup(code[2:-1])
        except KeyError:
            return escape[0]
    return chr(int(code, 8))


def _unescaped_byte(escape: re.Match[str]) -> str:
    if escape[1][0] in "uUN":
        return escape[0]
    value = _unescaped(escape)
    return chr(ord(value) & 0xFF) if value else ""


def integer_value(literal: str) -> int | None:
    """The value of an integer literal; None if it has more digits than Python converts."""
    try:
        return int(literal)
    except ValueError:
        pass
    try:
        return int(literal.replace("_", ""), 0)
    except ValueError:
        return None


def float_value(literal: str) -> float:
    """The value of a float literal."""
    return float(literal.replace("_", ""))


def imaginary_value(literal: str) -> complex:
    """The value of an imaginary literal."""
    return complex(literal.replace("_", "").lower())
