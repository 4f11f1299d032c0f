"""Checkpoints in git: what is committed, and that nothing of a repository or a user runs or changes."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path
from shutil import which

import pytest

from roadlog.trust.git_commits import Committed, NoCommit, committed
from tests.trust.logs import LOG, NOW, ORIGIN

REF = f"refs/{ORIGIN}"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if which("git") is None:
        pytest.skip("git is not installed")
    place = tmp_path / "repository"
    place.mkdir()
    git(place, "init", "--quiet", "--initial-branch=main")
    (place / "README").write_text("ours\n", encoding="utf-8")
    git(place, "add", "README")
    git(place, "-c", "user.name=p", "-c", "user.email=p@example.com", "commit", "--quiet", "-m", "First")
    return place


def git(place: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=place, check=True, capture_output=True, text=True)
    return done.stdout


def test_each_checkpoint_is_a_commit_that_follows_the_last(repository: Path) -> None:
    first = committed(LOG.note(7), str(repository), NOW)
    second = committed(LOG.note(9), str(repository), NOW + timedelta(hours=1))
    assert first == Committed(str(repository / ".git"), REF, first.commit)
    assert git(repository, "rev-list", REF).split() == [second.commit, first.commit]
    for each, size in ((first, 7), (second, 9)):
        assert git(repository, "show", f"{each.commit}:checkpoint").encode() == LOG.note(size).write()
    shown = git(repository, "show", "--no-patch", "--format=%an <%ae> %aI %cn <%ce> %cI %s", second.commit)
    roadlog = "roadlog <roadlog@localhost> 2026-03-02T10:00:00+00:00"
    assert shown == f"{roadlog} {roadlog} Checkpoint of {ORIGIN} with 9 records\n"


def test_neither_work_tree_nor_index_nor_branches_change(repository: Path) -> None:
    (repository / "README").write_text("not committed\n", encoding="utf-8")
    before = [git(repository, *each) for each in (["status", "-b", "--short"], ["branch", "-av"], ["log"])]
    committed(LOG.note(7), str(repository), NOW)
    after = [git(repository, *each) for each in (["status", "-b", "--short"], ["branch", "-av"], ["log"])]
    assert before == after
    assert (repository / "README").read_text(encoding="utf-8") == "not committed\n"
    git(repository, "fsck", "--strict")


def test_it_can_be_pushed_and_not_taken_back(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "kept")
    first = committed(LOG.note(7), str(repository), NOW)
    git(repository, "push", "--quiet", str(tmp_path / "kept"), REF)
    git(repository, "update-ref", "-d", REF)
    committed(LOG.note(9), str(repository), NOW)
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "push", str(tmp_path / "kept"), REF)
    assert git(tmp_path / "kept", "rev-parse", REF).strip() == first.commit


def test_a_folder_below_and_a_bare_repository_will_do(repository: Path, tmp_path: Path) -> None:
    below = repository / "a" / "b"
    below.mkdir(parents=True)
    assert committed(LOG.note(7), str(below), NOW).repository == str(repository / ".git")
    git(tmp_path, "init", "--quiet", "--bare", "bare")
    assert committed(LOG.note(7), str(tmp_path / "bare"), NOW).repository == str(tmp_path / "bare")


HOOKS = (
    "reference-transaction",
    "pre-commit",
    "post-commit",
    "commit-msg",
    "prepare-commit-msg",
    "post-index-change",
)


def test_neither_hooks_nor_configuration_nor_environment_count(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n", encoding="utf-8")
    evil.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    for name in HOOKS:
        (repository / ".git" / "hooks").mkdir(exist_ok=True)
        (repository / ".git" / "hooks" / name).symlink_to(evil)
    settings = {
        "commit.gpgSign": "true",
        "gpg.program": str(evil),
        "core.fsmonitor": str(evil),
        "core.hooksPath": str(repository / ".git" / "hooks"),
        "core.pager": str(evil),
        "filter.evil.clean": str(evil),
        "user.name": "Somebody",
    }
    for name, value in settings.items():
        git(repository, "config", name, value)
        git(home, "config", "--file", ".gitconfig", name, value)
    (repository / ".git" / "info" / "attributes").write_text("* filter=evil\n", encoding="utf-8")
    environ = {"HOME": str(home), "GIT_DIR": "/nowhere", "GIT_AUTHOR_NAME": "x", "GIT_TRACE": str(ran)}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = committed(LOG.note(7), str(repository), NOW)
    for name in ("GIT_DIR", "GIT_TRACE"):
        monkeypatch.delenv(name)
    assert not ran.exists()
    assert git(repository, "show", "--no-patch", "--format=%an", found.commit) == "roadlog\n"
    git(repository, "update-ref", "refs/x", found.commit)
    assert ran.exists()  # the control: the hooks are in force for everybody else


def test_where_there_is_no_repository_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoCommit, match="not a git repository"):
        committed(LOG.note(7), str(tmp_path), NOW)
    with pytest.raises(NoCommit, match="No such file"):
        committed(LOG.note(7), str(tmp_path / "gone"), NOW)


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoCommit, match="git is not installed"):
        committed(LOG.note(7), str(tmp_path), NOW)
