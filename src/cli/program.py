"""The program's own options on this line, and what follows from them: the store, the actor, the moment."""

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.terminal import is_colourless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from roadlog.application import Application, Wish
    from roadlog.filling import Progress
    from roadlog.reading import Reading
    from roadlog.trust.signing import KeyFile


class Program:
    """One run of the program. Its options may stand anywhere on the line; they are set while it is parsed."""

    def __init__(self) -> None:
        self.store: str | None = None
        self.acting: str | None = None
        self.json = False
        self.verbose = False
        self.color: bool | None = False if is_colourless() else None
        self.read_as: list[dict[str, str]] = []
        self.warnings: list[str] = []
        self._untold: list[str] = []
        self.then: dict[str, Any] | None = None
        self.writing: dict[str, Any] = {}
        self.key: KeyFile | None = None
        self.typed: dict[str, Any] = {}
        self._now: datetime | None = None
        self._config: dict[str, Any] | None = None

    @property
    def now(self) -> "datetime":
        """The moment of this run, the same wherever it is asked for."""
        from roadlog import machine

        self._now = self._now or machine.clock()
        return self._now

    def folder(self) -> str:
        """The store's folder. Raises StoreFailure where there is none."""
        from roadlog import store

        try:
            working = os.getcwd()
        except FileNotFoundError:  # it was deleted under us
            working = os.sep
        return store.find(self.store, os.environ, working)

    def config(self) -> dict[str, Any]:
        """The store's own settings, empty where there is no store yet."""
        from roadlog import store
        from roadlog.domain.refusals import StoreFailure

        if self._config is None:
            try:
                folder = self.folder()
            except StoreFailure:
                return {}
            self._config = store.config(folder)
        return self._config

    def zone(self) -> "tzinfo":
        """The zone in which a bare date begins: UTC, or what the store's settings name. Raises Unknown."""
        from roadlog.domain.refusals import Unknown
        from roadlog.projections.zones import zone_of

        try:
            return zone_of(self.config().get("zone", "UTC"))
        except Unknown as error:
            where = f"{error.message} The store's config.toml names it."
            raise Unknown(error.rule, where, missing=error.missing) from error

    def handle(self) -> str:
        """Who acts: `--as`, else `ROADLOG_ACTOR`, else the store's settings, else the system's account."""
        from roadlog import machine

        named = self.acting or os.environ.get("ROADLOG_ACTOR") or self.config().get("actor")
        return named or machine.os_user()

    @contextmanager
    def of_whom(self, named: str | None, command: str) -> "Iterator[str]":
        """Of whom a command asks: whoever is named, else who acts. Raises Unknown for nobody known."""
        from roadlog.domain.refusals import Unknown

        try:
            yield named or self.handle()
        except Unknown as error:
            if named or error.rule != "unknown-stakeholder":
                raise
            message = f"{error.message} --as, or ROADLOG_ACTOR, says who you are."
            try_ = (f"roadlog {command} --for HANDLE", *error.try_)
            raise Unknown(error.rule, message, missing=error.missing, try_=try_) from error

    def application(self) -> "Application":
        """The store, opened for writing. Close it, or use it as a context manager."""
        from roadlog.application import Application

        return Application.open(self.folder())

    def reading(self, progress: "Progress | None" = None) -> "Reading":
        """The store, opened for reading at this run's moment. Close it, or use it as a context manager."""
        from roadlog.reading import Reading

        return Reading(self.folder(), now=self.now, progress=progress)

    def wish(self) -> "Wish":
        """Who wishes, when, why and under which id, from the options that every writing command has."""
        from roadlog.application import Wish

        given = self.writing
        return Wish(
            actor=self.handle(),
            at=given["at"],
            reason=given["because"] or None,
            typed=self.typed,
            command_id=given["command_id"],
            expect_version=given["expect_version"],
            dry_run=given["dry_run"],
            key=self.key,
        )

    def understood(self, text: str, moment: str) -> None:
        """Say what a time was read as: on stderr, or with the answer when that is a JSON object."""
        self.read_as.append({"text": text, "time": moment})
        self._beside(f'Read "{text}" as {moment}')

    def warn(self, text: str) -> None:
        """Say what the reader should know: on stderr, or with the answer when that is a JSON object."""
        self.warnings.append(text)
        self._beside(f"Warning: {text}")

    def _beside(self, text: str) -> None:
        self._untold.append(text)
        if not self.json:
            self.tell_asides()

    def tell_asides(self) -> None:
        """Says on stderr what has no place in the answer."""
        if self._untold:
            from roadlog.visible import plain

            for text in self._untold:
                click.echo(plain(text), err=True)
            self._untold.clear()


def program() -> Program:
    """This run's program."""
    return program_of(click.get_current_context())


def program_of(context: click.Context) -> Program:
    """The program that a command of this context belongs to."""
    return context.find_root().ensure_object(Program)


def _set(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Takes over an option that was given; one that was not leaves what was given elsewhere on the line."""
    if value is None or value is False:
        return
    run = program_of(context)
    if parameter.name == "no_color":
        run.color = context.color = context.find_root().color = False
    else:
        setattr(run, str(parameter.name), value)


def _options(*, hidden: bool) -> list[click.Parameter]:
    """The program's options, for the program itself or, hidden in the help, for a command."""
    shared: dict[str, Any] = {"expose_value": False, "is_eager": True, "callback": _set, "hidden": hidden}
    return [
        click.Option(
            ["--store"],
            metavar="PATH|URL",
            help="Which store; else ROADLOG_STORE, else the nearest .roadlog/ at or above this folder.",
            **shared,
        ),
        click.Option(
            ["--as", "acting"],
            metavar="HANDLE",
            help="Who acts; else ROADLOG_ACTOR, else the store's config, else the account of the system.",
            **shared,
        ),
        click.Option(
            ["--json"], is_flag=True, help="Answer in JSON. May stand anywhere on the line.", **shared
        ),
        click.Option(["--no-color"], is_flag=True, help="No colour; so do NO_COLOR and TERM=dumb.", **shared),
        click.Option(
            ["--verbose"], is_flag=True, help="Show where an unexpected error comes from.", **shared
        ),
    ]


OPTIONS = _options(hidden=False)
HIDDEN_OPTIONS = _options(hidden=True)
