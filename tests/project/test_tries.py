"""What a refusal offers to type is a command of roadlog; what else can be done stands in its message."""

import ast
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"


def beginnings(value: ast.expr) -> Iterator[str]:
    """How each text of an expression begins that is written there; what a variable holds is not followed."""
    match value:
        case ast.Constant(value=str(text)) | ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield text
        case ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            for each in parts:
                yield from beginnings(each)
        case ast.IfExp(body=one, orelse=other):
            yield from beginnings(one)
            yield from beginnings(other)
        case ast.Call(args=[ast.GeneratorExp(elt=each)]):
            yield from beginnings(each)
        case _:
            pass


def test_every_try_that_is_written_down_begins_with_the_program_s_name() -> None:
    found = {
        (f"{path.relative_to(SRC)}:{node.lineno}", text)
        for path in SRC.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        for node in call.keywords
        if node.arg == "try_"
        for text in beginnings(node.value)
    }
    assert len(found) > 100
    assert {each for each in found if not each[1].startswith("roadlog ")} == set()
