"""What the documents show is what roadlog prints."""

from pathlib import Path

import pytest

from tests.docs import reference, reference_of_api, reference_of_exports
from tests.docs.played import BLOCK, COMMAND, ROOT, documents, played, without_hashes

pytestmark = pytest.mark.docs

AGAIN = "`make docs` writes it as it is today; read what changed before you commit it"


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_every_command_of_a_document_prints_what_stands_under_it(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert without_hashes(played(text)) == without_hashes(text), AGAIN


def test_playing_notices_output_that_is_not_what_roadlog_prints() -> None:
    said = played("```console\n$ roadlog --version\nroadlog 0.0.0\n```\n")
    assert said.startswith("```console\n$ roadlog --version\nroadlog ")
    assert "0.0.0" not in said


def test_a_document_cannot_say_what_cannot_be_played() -> None:
    with pytest.raises(AssertionError, match="no document may say"):
        played("```console\n$ rm -r /\n```\n")


def test_the_first_session_has_ten_commands_and_ends_with_verify() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    session = readme.partition("## A first session")[2].partition("\n## ")[0]
    blocks = [block["text"] for block in BLOCK.finditer(session) if block["language"] == "console"]
    typed = [found[1] for text in blocks for found in COMMAND.finditer(text)]
    commands = [line for line in typed if line.startswith("roadlog ")]
    assert len(commands) == 10
    assert commands[-1] == "roadlog verify"


def test_the_reference_of_commands_is_their_help() -> None:
    assert reference.COMMANDS.read_text(encoding="utf-8") == reference.commands(), AGAIN


def test_the_reference_of_exports_is_what_they_hold() -> None:
    assert reference_of_exports.EXPORTS.read_text(encoding="utf-8") == reference_of_exports.exports(), AGAIN


def test_the_reference_of_the_api_is_its_table() -> None:
    assert reference_of_api.API.read_text(encoding="utf-8") == reference_of_api.api(), AGAIN


def test_the_reference_of_events_is_their_docstrings() -> None:
    assert reference.EVENTS.read_text(encoding="utf-8") == reference.events(), AGAIN
