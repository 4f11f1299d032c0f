"""Evidence: files and links, fixed by their SHA-256. A file is read in pieces, and stays where it is."""

import os
from pathlib import Path

import click

from roadlog.cli.arguments import KEY
from roadlog.cli.program import program
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import AttachEvidence
from roadlog.domain.events import EvidenceKind
from roadlog.domain.refusals import Malformed, Refused
from roadlog.media_type import media_type


@writing
@click.argument("key", type=KEY)
@click.argument("source", metavar="FILE|URI", type=click.Path())
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["dataset", "prototype", "model", "evaluation", "research", "document"]),
    help="What it is.",
)
@click.option("--title", metavar="TEXT", help="What people call it; its file name, unless given.")
@click.option("--sha256", metavar="HEX", help="Of its bytes: needed for a link, checked for a file.")
def evidence_attach(
    key: str, source: str, kind: EvidenceKind, title: str | None, sha256: str | None
) -> Commands:
    """The file is not copied: its name, size, type and SHA-256 are recorded, so that it can be told from any
    other.

    roadlog evidence attach SUP-1 tickets-2025.parquet --kind dataset \\
      --title "Tickets of 2025"
    """
    wanted = sha256.strip().lower() if sha256 else None
    if "://" in source:
        if wanted is None:
            raise click.MissingParameter(
                "A link can change: it is fixed by the digest of what stands there.",
                ctx=click.get_current_context(),
                param_hint="--sha256",
                param_type="option",
            )
        name = source.rstrip("/").rpartition("/")[2] or source
        return AttachEvidence(stream=key, kind=kind, title=title or name, sha256=wanted, uri=source)
    return _of_file(key, Path(source), kind, title, wanted)


def _of_file(
    key: str, path: Path, kind: EvidenceKind, title: str | None, wanted: str | None
) -> AttachEvidence:
    digest, size = digest_of(path)
    if wanted is not None and wanted != digest:
        raise Refused(
            "sha256-differs",
            f"{path} is another file than the one you mean: its SHA-256 is {digest}, not {wanted}.",
            missing=("sha256",),
            try_=(f"roadlog evidence attach {key} {path} --kind {kind}",),
        )
    program().typed["file digest"] = digest
    return attachment(key, path, kind, title, digest, size)


def attachment(
    key: str, path: Path, kind: EvidenceKind, title: str | None, digest: str, size: int
) -> AttachEvidence:
    """The wish to attach a file whose digest is known."""
    return AttachEvidence(
        stream=key,
        kind=kind,
        title=title or path.name,
        sha256=digest,
        uri=path.as_posix(),
        media_type=media_type(path.name),
        size=size,
    )


def digest_of(path: Path) -> tuple[str, int]:
    """A file's SHA-256 and its size in bytes. Raises Malformed where it cannot be read."""
    from hashlib import file_digest

    if path.exists() and not (path.is_file() or path.is_dir()):
        raise Malformed("file", f"{path} is a device or a pipe, not a file: it has no bytes that stay.")
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            return digest, os.fstat(file.fileno()).st_size
    except OSError as error:
        raise Malformed("file", f"{path} cannot be read: {error.strerror}.") from error
