"""The frame holds: what is imported is what stands in the tree, and every package of the tree is declared."""

import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import roadlog
import roadlog.event_store

ROOT = Path(__file__).parents[2]
IN_THE_TREE = {ROOT / "src": roadlog, ROOT / "event_store": roadlog.event_store}
SAY = "the tree and the install differ: run `make dev`, which links files that came or went"


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def files_of(folder: Path) -> Iterator[Path]:
    """Every file below the folder that an install carries, as a path relative to it."""
    for path in folder.iterdir():
        if path.name.startswith((".", "__pycache__")):
            continue
        if path.is_dir():
            yield from (Path(path.name) / below for below in files_of(path))
        else:
            yield Path(path.name)


def test_every_file_of_the_tree_is_what_roadlog_resolves_to() -> None:
    for folder, package in IN_THE_TREE.items():
        installed = Path(package.__path__[0])
        for file in files_of(folder):
            target = installed / file
            assert target.exists(), f"{folder.name}/{file} is not installed; {SAY}"
            assert target.samefile(folder / file), f"{folder.name}/{file} is installed as another file; {SAY}"


def test_roadlog_resolves_to_no_file_that_left_the_tree() -> None:
    for folder, package in IN_THE_TREE.items():
        gone = set(files_of(Path(package.__path__[0]))) - set(files_of(folder))
        if folder.name == "src":
            gone = {file for file in gone if file.parts[0] != "event_store"}
        assert not gone, f"no longer in {folder.name}/: {sorted(map(str, gone))}; {SAY}"


def test_every_package_of_the_tree_is_declared() -> None:
    declared = pyproject()["tool"]["setuptools"]["packages"]
    packages = {
        ".".join(("roadlog", *init.relative_to(ROOT / "src").parent.parts))
        for init in (ROOT / "src").rglob("__init__.py")
    }
    assert sorted(packages | {"roadlog.event_store"}) == declared


def test_the_declared_command_is_there_to_call() -> None:
    module, name = pyproject()["project"]["scripts"]["roadlog"].split(":")
    assert callable(getattr(import_module(module), name))
