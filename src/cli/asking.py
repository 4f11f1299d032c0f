"""Reading commands: `@reading` gives a function the store, the moment and its arguments, and prints.

To add one: a row in story.py, and in its module

    @reading(render)
    @click.argument("key", type=KEY)
    def gate(reading: Reading, moment: Moment, key: str) -> Answer:
        '''What the help says beyond the row's sentence.

        roadlog gate SUP-1
        '''
        return reading.gate(key, moment)

The function returns the answer as plain JSON, keys as in cli.md. With `--json` it is printed as it stands;
else `render(answer)` prints it for people (through `output.say`, or rich imported inside it, with other
people's text through `terminal.plain`). An answer that stands for an exit code is returned as
`Verdict(answer, code)`. `program()` has everything else: `.now`, `.handle()`, `.json`, `.color`. What needs
no store uses `@answering(render)`.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from roadlog.cli import errors
from roadlog.cli.frame import Verb
from roadlog.cli.output import print_json, with_asides
from roadlog.cli.program import program
from roadlog.cli.times import SINCE

if TYPE_CHECKING:
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading

Answer = dict[str, Any] | list[Any]


class Verdict(NamedTuple):
    """An answer with the exit code that it stands for."""

    answer: Answer
    code: int


Given = Answer | Verdict | None
Function = TypeVar("Function", bound=Callable[..., Any])

MOMENT = [
    click.Option(["--as-of"], type=SINCE, metavar="TIME", help="What was true then, with all we know now."),
    click.Option(["--known-at"], type=SINCE, metavar="TIME", help="What this log said then."),
    click.Option(
        ["--position"],
        type=click.IntRange(min=0),
        metavar="N",
        help="What this log said up to record N, as of when that was recorded; --as-of asks what was true.",
    ),
]


def reading(
    render: Callable[[Any], None], *, moment: bool = True, stamped: bool = False
) -> Callable[[Callable[..., Given]], Verb]:
    """A command that answers from the store. `moment=False`: as the store is, without the three options.

    What it prints about a moment that is not now ends in a line that says which; `stamped`: `render` does so.
    """

    def told_when(answer: Any) -> None:
        render(answer)
        tell_moment()

    def made(function: Callable[..., Given]) -> Verb:
        def from_the_store(
            as_of: Any = None, known_at: Any = None, position: int | None = None, **values: Any
        ) -> Given:
            with program().reading() as store:
                if moment:
                    values["moment"] = moment_of(store, as_of=as_of, known_at=known_at, position=position)
                return function(store, **values)

        told = _like(function, from_the_store)
        return answering(render if stamped else told_when)(moments(told) if moment else told)

    return made


def answering(render: Callable[[Any], None]) -> Callable[[Callable[..., Given]], Verb]:
    """A command that answers without a store, or opens it itself; it may print by itself and return None."""

    def made(function: Callable[..., Given]) -> Verb:
        def answer_it(**values: Any) -> int:
            answer = function(**values)
            return (
                0
                if answer is None
                else show(answer if isinstance(answer, Verdict) else Verdict(answer, 0), render)
            )

        return Verb(name=function.__name__, callback=_like(function, answer_it), params=parameters(function))

    return made


def moment_of(store: "Reading", **asked: Any) -> "Moment":
    """The moment asked for by the three options; kept for `tell_moment` where one of them was given."""
    moment = store.moment(**asked)
    if any(each is not None for each in asked.values()):
        begins = {} if moment.position else {"log_begins": store.log_begins(), "first_begins": None}
        program().then = {**moment.stamp(), "head": moment.head, **begins}
    return moment


def tell_moment() -> None:
    """Prints which moment an answer was about, where it was not now; before the log, when that begins."""
    then = program().then
    if then is not None:
        from rich.text import Text

        from roadlog.cli.views import board, screen

        begins = [] if then["position"] else [Text(board.beginning(then))]
        screen.show(Text(), *begins, board.stamp(then))


def moments(function: Function) -> Function:
    """Gives a function the three options of the moment: `as_of`, `known_at`, `position`."""
    function.__click_params__ = [*reversed(MOMENT), *getattr(function, "__click_params__", [])]  # type: ignore[attr-defined]
    return function


def parameters(function: Callable[..., Any]) -> list[click.Parameter]:
    """What click's decorators said of a function, in the order in which they stand."""
    return list(reversed(getattr(function, "__click_params__", [])))


def _like(function: Callable[..., Any], other: Callable[..., Any]) -> Callable[..., Any]:
    """The other, with the function's help and parameters."""
    other.__name__ = function.__name__
    other.__doc__ = function.__doc__
    other.__click_params__ = list(getattr(function, "__click_params__", []))  # type: ignore[attr-defined]
    return other


def show(verdict: Verdict, render: Callable[[Any], None]) -> int:
    """Prints an answer, as JSON or for people, and gives its exit code."""
    run = program()
    try:
        if not run.json:
            render(verdict.answer)
        elif isinstance(verdict.answer, dict):
            print_json(with_asides(verdict.answer, run))
        else:
            run.tell_asides()
            print_json(verdict.answer)
    except BrokenPipeError:  # the verdict stands, whoever has read enough of it
        errors.discard(sys.stdout)
    return verdict.code
