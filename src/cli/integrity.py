"""Whether what is stored is whole, and what is read from it is what it says: verify, and the projections."""

from typing import Any

import click

from roadlog.cli.asking import Verdict, answering
from roadlog.cli.program import program
from roadlog.cli.progress import bar


def _render_verdict(answer: dict[str, Any]) -> None:
    from roadlog.cli.views import verify

    verify.render(answer)


@answering(_render_verdict)
@click.option(
    "--against",
    metavar="FILE",
    help="A checkpoint, or the log's key, that you kept where nobody else could change it.",
)
@click.option(
    "--witness-key",
    "witness_keys",
    multiple=True,
    metavar="KEY|FILE",
    help="Believe this witness, instead of those whose keys are beside the store. As many as you like.",
)
@click.option(
    "--tsa-roots",
    metavar="FILE",
    help="Believe time-stamp authorities that these certificates vouch for, instead of the store's.",
)
def verify(against: str | None, witness_keys: tuple[str, ...], tsa_roots: str | None) -> Verdict:
    """From the stored bytes: every leaf, each stream's chain, the tree and its root; the checkpoints, one of
    yours among them; then what was derived.

    Exit 0 says that the log is whole, and that something outside of it vouches for all but the latest records
    (those of the last `anchor_max_age_hours`); 1 that it is whole, and that nothing outside does; 4 that it
    was tampered with, or cannot be read; 6 that there was nothing to verify.

    roadlog verify
    roadlog verify --against checkpoint.txt
    roadlog verify --witness-key witness.pub
    """
    from roadlog import trusted_keys
    from roadlog.verification import verdict
    from roadlog.verification.given import given

    run = program()
    folder = run.folder()
    kept = None if against is None else given(against)
    own = trusted_keys.trusted(folder, witness_keys, tsa_roots) if witness_keys or tsa_roots else None
    with bar("Verifying") as progress:
        answer = verdict.verify(folder, now=run.now, against=kept, trusted=own, progress=progress)
    return Verdict(answer, answer["exit"])


def _render_checkpoint(answer: dict[str, Any]) -> None:
    click.echo(answer["note"], nl=False)


@answering(_render_checkpoint)
def checkpoint() -> dict[str, Any]:
    """Prints the signed note of a checkpoint: which log, how many records, the root over them, and when. Kept
    where those who run the store cannot change it, it shows later whether the log is still the same.

    Approvals make one by themselves, and so does the first command after `checkpoint_every_hours` (24).

    roadlog checkpoint > checkpoint.txt
    """
    from roadlog.trust.checkpoint import Checkpoint
    from roadlog.trust.note import Note

    with program().application() as application:
        note = application.checkpoint().note
    said = Checkpoint.of(Note.read(note))
    return {
        "origin": said.origin,
        "size": said.size,
        "root": said.root.hex(),
        "made_at": said.made_at,
        "note": note.decode(),
    }


def _render_proof(answer: dict[str, Any]) -> None:
    from roadlog.cli.views import proof

    proof.render(answer)


@answering(_render_proof)
@click.argument("position", type=click.IntRange(min=1), required=False)
@click.option(
    "--consistency",
    "sizes",
    type=click.IntRange(min=1),
    nargs=2,
    metavar="A B",
    help="That the log of B records begins with its first A.",
)
def prove(position: int | None, sizes: tuple[int, int] | None) -> dict[str, Any]:
    """That the record at POSITION is in the log, without showing any other; or, with --consistency, that the
    log only grew between two sizes. Proofs are those of RFC 9162: who holds a root from elsewhere can
    check them without roadlog. docs/how-to/trust-the-log.md has a program of thirty lines that does.

    roadlog prove 12 --json > proof.json
    roadlog prove --consistency 100 240
    """
    from roadlog import proving

    if position is not None and sizes is None:
        return proving.prove_record(program().folder(), position)
    if sizes is not None and position is None:
        return proving.prove_growth(program().folder(), *sizes)
    raise click.UsageError("Give a POSITION, or --consistency A B.")


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
