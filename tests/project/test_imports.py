"""The domain stays pure: import-linter forbids by name, and only a list of what is allowed can say `only`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src"

# What the standard library offers and a pure function must not use.
IMPURE = {
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "time",
    "uuid",
}


def imported_by(path: Path) -> Iterator[str]:
    """The top-level name of every import in the file; of roadlog's own modules the first two names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                full = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                full = [f"{module}.{alias.name}" if module == "roadlog" else module for alias in names]
            case _:
                continue
        for name in full:
            parts = name.split(".")
            yield ".".join(parts[:2] if parts[0] == "roadlog" else parts[:1])


@pytest.mark.parametrize(
    "path", sorted((SRC / "domain").rglob("*.py")), ids=lambda path: str(path.relative_to(SRC))
)
def test_the_domain_imports_only_the_standard_library_and_msgspec(path: Path) -> None:
    allowed = (set(sys.stdlib_module_names) - IMPURE) | {"msgspec", "roadlog.domain"}
    assert set(imported_by(path)) <= allowed


def test_a_forbidden_import_would_be_seen(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import orjson, os.path\nfrom roadlog import cli\ndef f():\n    from roadlog.event_store import x\n",
        encoding="utf-8",
    )
    assert set(imported_by(bad)) == {"orjson", "os", "roadlog.cli", "roadlog.event_store"}
