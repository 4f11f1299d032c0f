"""Whether what is stored is whole, and what is read from it is what it says: verify, and the projections."""

from typing import Any

from roadlog.cli.asking import Verdict, answering
from roadlog.cli.program import program
from roadlog.cli.progress import bar


def _render_verdict(answer: dict[str, Any]) -> None:
    from roadlog.cli.views import verify

    verify.render(answer)


@answering(_render_verdict)
def verify() -> Verdict:
    """From the stored bytes: every leaf, each stream's chain, the tree and its root; then what was derived.

    Exit 1 says that the log is whole, and that nothing outside of it vouches for that yet; 4 that it was
    tampered with, or cannot be read; 6 that there was nothing to verify.

    roadlog verify
    """
    from roadlog.verification import verify as verified

    run = program()
    folder = run.folder()
    with bar("Verifying") as progress:
        answer = verified(folder, now=run.now, progress=progress)
    return Verdict(answer, answer["exit"])


def _render_status(answer: dict[str, Any]) -> None:
    from roadlog.cli.views import projections

    projections.status(answer)


@answering(_render_status)
def projections_status() -> dict[str, Any]:
    """They are a cache beside the log, which any read catches up.

    roadlog projections status
    """
    with program().reading() as reading:
        return reading.status()


@answering(_render_status)
def projections_rebuild() -> dict[str, Any]:
    """From the first record on, into a new file that takes the old one's place when it is whole.

    roadlog projections rebuild
    """
    with bar("Rebuilding") as progress, program().reading(progress) as reading:
        return reading.rebuild()


def _render_check(answer: dict[str, Any]) -> None:
    from roadlog.cli.views import projections

    projections.check(answer)


@answering(_render_check)
def projections_check() -> Verdict:
    """Exit 1 where a row differs. `rebuild` then makes them right.

    roadlog projections check
    """
    with bar("Checking") as progress, program().reading(progress) as reading:
        answer = reading.check()
    return Verdict(answer, 0 if answer["same"] else 1)
