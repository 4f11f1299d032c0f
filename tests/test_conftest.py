"""What runs the tests: a skip is seen, and is a failure where every test must run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import EVERY_TEST_RUNS

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest

@pytest.mark.skipif(True, reason="strace is absent")
def test_before(): pass

def test_meanwhile(): pytest.skip("no root")

@pytest.mark.xfail(strict=True)
def test_known(): assert False

def test_other(): pass
"""


@pytest.mark.parametrize(
    ("every", "code", "said"),
    [
        ("", 0, ["1 passed, 2 skipped, 1 xfailed", "SKIPPED [1] test_some.py:4: strace is absent"]),
        (
            "1",
            1,
            ["1 failed, 1 passed, 1 xfailed, 1 error", "Skipped: strace is absent; with EVERY_TEST_RUNS set"],
        ),
    ],
)
def test_a_skip_is_seen_or_is_a_failure(tmp_path: Path, every: str, code: int, said: list[str]) -> None:
    (tmp_path / "test_some.py").write_text(TESTS, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-ra",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            "test_some.py",
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), EVERY_TEST_RUNS: every},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert [each for each in said if each not in done.stdout] == [], done.stdout
