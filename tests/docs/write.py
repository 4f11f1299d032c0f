"""`make docs`: writes the reference, and what commands print in the documents, as they are today."""

import sys
from pathlib import Path

from tests.docs import played, reference, reference_of_api, reference_of_exports


def write(path: Path, text: str) -> None:
    """Writes a document, unless it says the same already but for hashes."""
    now = path.read_text(encoding="utf-8") if path.exists() else ""
    if played.without_hashes(now) != played.without_hashes(text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"Wrote {path.relative_to(played.ROOT)}\n")


def main() -> None:
    write(reference.COMMANDS, reference.commands())
    write(reference.EVENTS, reference.events())
    write(reference_of_exports.EXPORTS, reference_of_exports.exports())
    write(reference_of_api.API, reference_of_api.api())
    for document in played.documents():
        write(document, played.played(document.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
