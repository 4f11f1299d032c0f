"""`roadlog prove`: a record, or the log's growth; never both, and nothing that is not there."""

from __future__ import annotations

import json

from tests.cli.line import Line


def test_a_record_is_proved(line: Line) -> None:
    answer, verified = line.json("prove", "3"), json.loads(line.run("verify", "--json").stdout)
    assert (answer["position"], answer["size"], answer["root"]) == (3, verified["size"], verified["root"])
    said = line("prove", "3")
    assert said.startswith(
        f"✓ Record #3 is among the {answer['size']} of this log.\n  leaf {answer['leaf']}\n"
    )
    assert said.endswith("".join(f"  {each}\n" for each in answer["proof"]))


def test_that_the_log_only_grew_is_proved(line: Line) -> None:
    answer = line.json("prove", "--consistency", "2", "5")
    assert (answer["from"]["size"], answer["to"]["size"]) == (2, 5)
    assert line("prove", "--consistency", "2", "5").startswith(
        f"✓ The log of 5 records begins with the first 2.\n  root of 2 {answer['from']['root']}\n"
    )
    assert line("prove", "--consistency", "2", "2").endswith("\nProof\n  no hash is needed\n")


def test_what_cannot_be_proved_is_not_understood(line: Line) -> None:
    for words in ((), ("3", "--consistency", "1", "2"), ("0",), ("999",), ("--consistency", "2", "1")):
        assert line.error("prove", *words)["exit"] == 2
