"""Options are named as the web names the same values, and nothing else in a message is changed."""

import pytest

from roadlog.web.option_names import in_names, in_text


@pytest.mark.parametrize(
    ("message", "joint", "said"),
    [
        ("Give another --command-id, or none.", "_", "Give another “command_id”, or none."),
        ("--as-of 2030-01-01T00:00:00Z is after now.", "-", "“as-of” 2030-01-01T00:00:00Z is after now."),
        (
            "(--allow-solution and --because WHY record it.)",
            "_",
            "(“allow_solution” and “because” record it.)",
        ),
        ("Leave --at out.", "_", "Leave “at” out."),
        ("Sign with --sign KEYFILE.", "_", "Sign with “signature”."),
        ("There is no role '--at'. Leave --at out.", "-", "There is no role '--at'. Leave “at” out."),
        ("somebody's --at, theirs' --at", "-", "somebody's “at”, theirs' “at”"),
        ("“use --gpt” proposes a technology", "-", "“use --gpt” proposes a technology"),
        (
            "with: roadlog stakeholder add 'x' --role ROLE",
            "-",
            "with: roadlog stakeholder add 'x' --role ROLE",
        ),
        ("a--b and -- and ---c stay", "-", "a--b and -- and ---c stay"),
    ],
)
def test_a_message(message: str, joint: str, said: str) -> None:
    assert in_text(message, joint) == said


def test_names() -> None:
    assert in_names(("--expect-version", "reason", "log-owner"), "_") == (
        "expect_version",
        "because",
        "log-owner",
    )
    assert in_names(("--as-of",)) == ("as-of",)
