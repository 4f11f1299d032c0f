"""Anchoring: a checkpoint goes where those who run the store cannot reach."""

from typing import Any

import click

from roadlog.cli.asking import answering
from roadlog.cli.output import say
from roadlog.cli.program import program


def _render(answer: dict[str, Any]) -> None:
    commit = f", as commit {answer['commit']}" if answer["commit"] else ""
    say(f"A checkpoint of {answer['size']} records went to {answer['place']}{commit}.")
    say(f"Their root is {answer['root']}.")
    if answer["by"]:
        say(f"Since {answer['at']} it is vouched for by {answer['by']}.")
    elif answer["kind"] == "git":
        say("Push it where nobody can force a push, or it is no anchor:")
    else:
        say("Bring it where those who run the store cannot change it, or it is no anchor. Later:")
    for each in answer["next"]:
        say(f"  {each}")


@answering(_render)
@click.option("--file", "path", metavar="F", help="Write it to this new file, for somebody to take away.")
@click.option(
    "--git",
    "repository",
    is_flag=False,
    flag_value="",
    metavar="[REPO]",
    help="Commit it on a ref of its own, in the git repository of the store's folder, or in REPO.",
)
@click.option("--tsa", metavar="URL", help="Have a time-stamp authority (RFC 3161) stamp it.")
@click.option("--witness", metavar="URL", help="Have a witness cosign it: see roadlog witness.")
@click.option("--tsa-roots", metavar="FILE", help="With --tsa, once: the root certificates to believe.")
@click.option("--witness-key", metavar="KEY|FILE", help="With --witness, once: the witness' public key.")
def anchor(
    path: str | None,
    repository: str | None,
    tsa: str | None,
    witness: str | None,
    tsa_roots: str | None,
    witness_key: str | None,
) -> dict[str, Any]:
    """It makes a checkpoint of the log as it stands and brings it out; what came of that is kept beside the
    log, and verify looks at it. A witness shows that the log only grew, an authority since when it is so, to
    whoever has their key from elsewhere. A file or a commit shows it to whoever holds it.

    roadlog anchor --witness http://127.0.0.1:7461 --witness-key witness.pub
    roadlog anchor --git
    roadlog anchor --file /media/usb/checkpoint.txt
    """
    from roadlog import anchoring

    if [path, repository, tsa, witness].count(None) != 3:
        raise click.UsageError("Give one of --file, --git, --tsa and --witness.")
    if (tsa_roots and not tsa) or (witness_key and not witness):
        raise click.UsageError("--tsa-roots goes with --tsa, --witness-key with --witness.")
    run = program()
    folder = run.folder()
    if path is not None:
        return anchoring.by_file(folder, path)
    if tsa is not None:
        return anchoring.by_stamp(folder, tsa, tsa_roots)
    if witness is not None:
        return anchoring.by_witness(folder, witness, witness_key)
    return anchoring.by_commit(folder, repository or None, run.now)
