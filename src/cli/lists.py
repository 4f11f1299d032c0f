"""Lists: who is on the roadmap; evidence, risks, edge cases and incidents of one initiative or of all."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import KEY
from roadlog.cli.asking import reading
from roadlog.cli.program import program

if TYPE_CHECKING:
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading

Entries = list[dict[str, Any]]


def _view(name: str) -> Callable[[Any], None]:
    """Prints a list through that function of `cli/views/lists.py`, which is imported only then."""

    def render(answer: Entries) -> None:
        from roadlog.cli.views import lists

        getattr(lists, name)(answer)

    return render


def _people(answer: Entries) -> None:
    """With their names and addresses, which only people are shown: they are no part of the log."""
    from roadlog.cli.views import lists
    from roadlog.directory import Directory

    folder = Path(program().folder())
    entries = Directory.entries(folder)
    erased = _erased(folder) if entries else ()
    lists.stakeholders(
        answer, {handle: entry.said for handle, entry in entries.items() if handle not in erased}
    )


def _erased(folder: Path) -> Collection[str]:
    """Whom the log says are erased today, whatever moment is asked for; the directory forgets them now."""
    from roadlog.directory import HELD, Directory
    from roadlog.domain.refusals import StoreFailure

    with program().reading() as store:
        erased = store.roadmap(store.moment()).erasures
    try:
        Directory.forget(folder, erased)
    except StoreFailure as error:
        program().warn(f"{HELD} {error.message}")
    return erased


@reading(_people)
def stakeholder_list(reading: "Reading", moment: "Moment") -> Entries:
    """Those who left come last. Names and addresses are of today, and not in the JSON: the log holds none. Of
    whom was erased, it says by which record.

    roadlog stakeholder list
    """
    from roadlog.projections.people import stakeholders

    return stakeholders(reading.roadmap(moment))


@reading(_view("evidence"))
@click.argument("key", type=KEY)
def evidence_list(reading: "Reading", moment: "Moment", key: str) -> Entries:
    """The ids are what `result`, `measure` and `criterion set` take.

    roadlog evidence list SUP-1
    """
    return reading.entries("evidence", moment, key)


@reading(_view("risks"))
@click.argument("key", type=KEY, required=False)
def risk_list(reading: "Reading", moment: "Moment", key: str | None) -> Entries:
    """Score is likelihood times impact; what remains counts at the gate.

    roadlog risk list
    roadlog risk list SUP-1 --as-of 2026-03-01
    """
    return reading.entries("risks", moment, key)


@reading(_view("edge_cases"))
@click.argument("key", type=KEY, required=False)
def edge_case_list(reading: "Reading", moment: "Moment", key: str | None) -> Entries:
    """Those that were not triaged yet say so.

    roadlog edge-case list SUP-1
    """
    return reading.entries("edge_cases", moment, key)


@reading(_view("incidents"))
def incident_list(reading: "Reading", moment: "Moment") -> Entries:
    """Those that are open say so.

    roadlog incident list
    """
    return reading.entries("incidents", moment)
