"""Conditions on the JSON of a record, in JMESPath.

The language is that of https://jmespath.org, its implementation another's; it is
loaded when an expression is met. Whatever a record holds, it either meets a
condition or does not: where a function cannot take its value, it does not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from repoview.core.formats.datamodel import to_json
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.formats.dagcbor.rules import Value

_KNOWN: Final = 64


class NoCondition(ValueError):
    """A text that is no expression; the message is a sentence.

    Args:
        reason: What is wrong.
        at: The character at which that is.
    """

    def __init__(self, reason: str, at: int = 0) -> None:
        super().__init__(reason)
        self.at = at


@lru_cache(_KNOWN)
def condition(text: str) -> Callable[[Value], bool]:
    """Return what tells whether a record meets an expression.

    Raises:
        NoCondition: It is none.
    """
    from jmespath import compile as compile_expression  # noqa: PLC0415 (see above)
    from jmespath.exceptions import JMESPathError  # noqa: PLC0415

    try:
        compiled = compile_expression(text)
        _check(compiled.parsed)
    except (JMESPathError, RecursionError) as error:
        at = min(getattr(error, "lex_position", None) or 0, len(text))
        reason = f"this is no JMESPath expression: {_reason(error)}"
        raise NoCondition(reason, at) from None
    failures = (
        JMESPathError,
        # What its functions let through of values that they cannot take.
        RecursionError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    )

    def is_met(value: Value) -> bool:
        try:
            return _is_true(compiled.search(to_json(value)))
        except failures:
            return False

    return is_met


def _is_true(answer: Any) -> bool:  # noqa: ANN401 (JSON)
    """Tell as JMESPath does: of numbers, 0 is true too."""
    return answer is not None and answer is not False and answer not in ("", [], {})


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    first = str(error).partition("\n")[0].partition("expression: ")
    return (first[2] or first[0]).removesuffix(", for expression:").rstrip(":")


def _check(parsed: Any) -> None:  # noqa: ANN401 (a tree of maps)
    """Refuse functions that there are not, before any record is met."""
    from jmespath.functions import Functions  # noqa: PLC0415

    known = Functions.FUNCTION_TABLE
    for name, given in _calls(parsed):
        if name not in known:
            raise NoCondition(f"JMESPath has no function {name}()")
        wanted = known[name]["signature"]
        is_any = bool(wanted) and wanted[-1].get("variadic", False)
        if len(wanted) > given or (given > len(wanted) and not is_any):
            amount = count_text(len(wanted), "value")
            raise NoCondition(f"{name}() takes {amount}, and not {given}")


def _calls(parsed: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401 (a tree of maps)
    todo = [parsed]
    while todo:
        node = todo.pop()
        if node["type"] == "function_expression":
            yield node["value"], len(node["children"])
        todo.extend(each for each in node["children"] if isinstance(each, dict))
