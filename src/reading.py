"""The read side: catches the projections up with the log, and answers about now or any moment before.

When there is nothing to catch up, the board comes from the cache alone: neither the catalogue nor the fold is
imported.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Self

import orjson

from roadlog import failures, store
from roadlog.domain.keys import number_of
from roadlog.domain.moments import EARLIEST, EPOCH, MICROSECOND, instant, microseconds, rfc3339
from roadlog.domain.refusals import Damaged, Malformed, StoreFailure, Unknown, unknown
from roadlog.event_store.records import NO_LEAF, Head
from roadlog.machine import without_collector
from roadlog.projections.answers import ABOUT_ALL, DIGEST, GATE, NEXT, SHOW, Question, answer, as_of_now
from roadlog.projections.cache import Cache
from roadlog.projections.database import CacheFailure, Row, translated
from roadlog.projections.moment import Moment
from roadlog.store import Place
from roadlog.upkeep import Upkeep

if TYPE_CHECKING:
    from roadlog.domain.initiative import InitiativeState
    from roadlog.domain.records import Record
    from roadlog.domain.roadmap import RoadmapState
    from roadlog.domain.workflow import Workflow
    from roadlog.filling import Progress
    from roadlog.projections.kept_trail import Dated
    from roadlog.trail import Trail

FOREVER = "9999"
"""Later than every time, as texts are compared."""


class Reading:
    """Answers questions about one store, from one snapshot of its log. Close it, or use it in a `with`."""

    def __init__(self, folder: Place, *, now: datetime, progress: "Progress | None" = None) -> None:
        self._upkeep = Upkeep(folder, now, progress)

    def close(self) -> None:
        self._upkeep.close()

    @property
    def _now(self) -> datetime:
        return self._upkeep.now

    @property
    def _head(self) -> Head:
        return self._upkeep.head

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # The moment

    def moment(
        self,
        *,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
        position: int | None = None,
    ) -> Moment:
        """The moment asked for; all None is now.

        Raises Malformed for one after now, before all times, or beyond the head.
        """
        for name, time in (("--as-of", as_of), ("--known-at", known_at)):
            if time is not None and time > self._now:
                raise Malformed("future", f"{name} {rfc3339(time)} is after now ({rfc3339(self._now)}).")
            if time is not None and time < EARLIEST:
                raise Malformed("time", f"{name} {rfc3339(time)} is before {rfc3339(EARLIEST)}.")
        if known_at is not None and position is not None:
            raise Malformed("moment", "Give --known-at or --position, not both: each says what the log held.")
        if position is not None:
            return self._at_position(position, as_of)
        if known_at is not None:
            reached = self._upkeep.position_at(rfc3339(known_at))
            return self._moment(as_of or known_at, known_at, reached)
        if as_of is None:
            self._upkeep.caught_up()
        return self._moment(as_of or self._now, self._now, self._head.position)

    def _at_position(self, position: int, as_of: datetime | None) -> Moment:
        if not 0 <= position <= self._head.position:
            raise Malformed(
                "position",
                f"Position {position} is not in this log: it holds 1 to {self._head.position}, and 0 is "
                "before all of them.",
            )
        stored = self._upkeep.row_at(position)
        if position and stored is None:
            raise failures.missing(position)
        time = failures.recorded_time(stored.recorded_at, position) if stored else self._before_all()
        return self._moment(as_of or time, time, position)

    def _before_all(self) -> datetime:
        """A time at which nothing was recorded yet, the same one for ever; of an empty store, now."""
        first = self._upkeep.row_at(1)
        return failures.recorded_time(first.recorded_at, 1) - MICROSECOND if first else self._now

    def _moment(self, as_of: datetime, known_at: datetime, position: int) -> Moment:
        leaf = self._head.leaf
        if position != self._head.position:
            stored = self._upkeep.row_at(position)
            leaf = stored.leaf if stored else NO_LEAF
        return Moment(as_of=as_of, known_at=known_at, position=position, head=leaf)

    def _is_now(self, moment: Moment) -> bool:
        if moment.as_of != self._now or moment.position != self._head.position:
            return False
        self._upkeep.caught_up()  # which may find that somebody recorded just now
        return moment.as_of == self._now and moment.position == self._head.position

    # Answers

    def board(self, moment: Moment) -> dict[str, Any]:
        """Where everything is."""
        if not self._is_now(moment):
            roadmap = self.roadmap(moment)
            rows = self._rows_then(moment, roadmap)
            return {"roadmap": roadmap.key, **moment.stamp(), "head": moment.head, "initiatives": rows}
        lapsed: list[str] = []
        rows = self._upkeep.ask(lambda cache: [self._row_now(row, moment, lapsed) for row in cache.rows()])
        if lapsed:
            self._upkeep.keep(lambda cache: self._keep_rows(cache, lapsed))
        return {"roadmap": self.roadmap_key(), **moment.stamp(), "head": moment.head, "initiatives": rows}

    def _rows_then(self, moment: Moment, roadmap: "RoadmapState") -> list[dict[str, Any]]:
        """The board's rows at a past moment; damage after it does not matter."""
        from roadlog.past import board_rows
        from roadlog.projections import board

        try:
            return self._upkeep.ask(lambda cache: board_rows(self._upkeep, cache, moment, roadmap))
        except Damaged:
            _, states = self.states(moment)
            return [board.row(state, roadmap, moment.as_of) for state in states.values()]

    def _row_now(self, kept: Row, moment: Moment, lapsed: list[str]) -> dict[str, Any]:
        """A board row from the cache; where its time is over, or yet to come, made anew and noted."""
        key, age_from, good_from, good_until, row = kept
        if not self._is_good(good_from, good_until):
            from roadlog.projections import board

            lapsed.append(key)
            return board.row(self.state(key, moment), self.roadmap(moment), self._now)
        answer: dict[str, Any] = orjson.loads(row)
        answer["age"] = (self._now - instant(age_from)).total_seconds() if age_from else None
        return answer

    def _keep_rows(self, cache: Cache, keys: list[str]) -> None:
        from roadlog.projections.kept import row_as_of

        for key in keys:
            cache.put_rows(row_as_of(cache, key, self._now))

    def page(self, key: str, moment: Moment) -> dict[str, Any]:
        """One initiative, whole."""
        answer: dict[str, Any] = self._answer(Question(SHOW, key), moment)
        return answer

    def show(self, key: str, moment: Moment) -> dict[str, Any]:
        """One initiative, whole, with its gate."""
        return {**self.page(key, moment), "gate": self.gate(key, moment)}

    def entries(self, part: str, moment: Moment, key: str | None = None) -> list[dict[str, Any]]:
        """The entries that `show` has under a name, of one or of all, each with its initiative's key."""
        keys = (key,) if key is not None else tuple(self.states(moment)[1])
        return [{"key": each, **entry} for each in keys for entry in self.page(each, moment)[part]]

    def gate(self, key: str, moment: Moment) -> dict[str, Any]:
        """What leaving its milestone needs, what is there, what is owed by whom."""
        answer: dict[str, Any] = self._answer(Question(GATE, key), moment)
        return answer

    def owed(self, handle: str | None, moment: Moment) -> list[dict[str, Any]]:
        """What a stakeholder can do or owes; of everybody, when no handle is given."""
        answer: list[dict[str, Any]] = self._answer(Question(NEXT, handle), moment)
        return answer

    def standing(self, handle: str, moment: Moment) -> dict[str, Any]:
        """What a stakeholder's digest says of a moment. Raises Unknown for a handle that is not there."""
        answer: dict[str, Any] = self._answer(Question(DIGEST, handle), moment)
        return answer

    def _answer(self, question: Question, moment: Moment) -> Any:
        """The answer at a moment; now as it was kept, or worked out and kept for whoever asks next."""
        if not self._is_now(moment):
            return as_of_now(answer(question, *self._asked(question, moment), moment.as_of), moment.as_of)
        kept = self._upkeep.ask(lambda cache: self._kept_answer(cache, str(question)))
        if kept is None:
            from roadlog.projections.kept import kept_answer

            row = kept_answer(question, *self._asked(question, moment), self._now)
            self._upkeep.keep(lambda cache: cache.put_answers([row]))
            kept = orjson.loads(row[-1])
        return as_of_now(kept, self._now)

    def _kept_answer(self, cache: Cache, question: str) -> Any:
        """None where nothing is kept that is good now."""
        kept = cache.answer(question)
        if kept is None:
            return None
        good_from, good_until, text = kept
        return orjson.loads(text) if self._is_good(good_from, good_until) else None

    def _is_good(self, good_from: str, good_until: str | None) -> bool:
        """Whether now is in the time of what was kept, which is neither over nor yet to come."""
        return good_from <= rfc3339(self._now) < (good_until or FOREVER)

    def _asked(self, question: Question, moment: Moment) -> "tuple[RoadmapState, dict[str, InitiativeState]]":
        """The states that a question is about. Raises Unknown for a key or a handle that is not there."""
        if question.verb not in ABOUT_ALL:
            key = question.of or ""
            return self.roadmap(moment), {key: self.state(key, moment)}
        if question.of is not None:
            self.check_handle(question.of, moment)
        return self.states(moment)

    def metrics(
        self, moment: Moment, *, zone: tzinfo = UTC, progress: "Progress | None" = None, **chosen: Any
    ) -> dict[str, Any]:
        """Flow metrics of the roadmap, or of what the fields of `metrics.chosen.Filter` choose."""
        from roadlog.projections.metrics.chosen import Filter
        from roadlog.projections.metrics.report import report

        wanted = Filter(**chosen)
        self._check_stream(wanted.key, moment)
        workflow = self.workflow(moment)
        start, end = wanted.window
        if start and end and end <= start:
            raise Malformed("window", f"--to {rfc3339(end)} is not after --from {rfc3339(start)}.")
        if start and start > moment.as_of:
            message = f"--from {rfc3339(start)} is after the moment asked about ({rfc3339(moment.as_of)})."
            raise Malformed("window", message)
        with without_collector():
            entries = self._measured(moment, wanted.key, workflow, progress)
            if wanted.segment is not None and not any(wanted.segment in each["segments"] for each in entries):
                every = entries if wanted.key is None else self._measured(moment, None, workflow, progress)
                segments = tuple(dict.fromkeys(each for entry in every for each in entry["segments"]))
                if wanted.segment not in segments:
                    raise unknown("segment", wanted.segment, segments, try_=("roadlog board",))
            return report(entries, workflow, moment, wanted, zone)

    def _measured(
        self, moment: Moment, key: str | None, workflow: "Workflow", progress: "Progress | None"
    ) -> list[dict[str, Any]]:
        """The initiatives as they are measured at a moment, or one of them."""
        if self._is_now(moment):
            from roadlog.measuring import measured_now

            if key is not None and not self._upkeep.ask(lambda cache: cache.has(key)):
                raise self._absent(key, moment)
            return measured_now(self._upkeep, key, workflow, progress)
        from roadlog.projections.metrics.measured import measured

        states = self.states(moment)[1] if key is None else {key: self.state(key, moment)}
        return [measured(state, workflow, moment.as_of) for state in states.values()]

    def trail(  # noqa: PLR0913 - all that can be asked of it
        self,
        moment: Moment,
        *,
        key: str | None = None,
        kind: str | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        last: int | None = None,
        first: int | None = None,
        after: int = 0,
        before: int | None = None,
    ) -> "Trail":
        """Who did what, when and why, oldest first.

        last, first: only so many entries; after, before: only those beyond, or ahead of, a position
        Raises Unknown for a key that is not there, and for an actor who was never on the roadmap.
        """
        from roadlog.trail import Trail

        self._check_stream(key, moment)
        index = self._upkeep.ask(
            lambda cache: cache.trail(
                upto=moment.position,
                as_of=microseconds(moment.as_of),
                stream=key,
                kind=kind,
                actor=actor,
                since=microseconds(since) if since else None,
                last=last,
                first=first,
                after=after,
                before=before,
            )
        )
        if not index and actor is not None:
            self.check_handle(actor, moment)
        return Trail(self._upkeep, index, of=key, upto=moment.position)

    def dated(self, moment: Moment, key: str | None = None) -> "list[Dated]":
        """When each record that the log held took effect, in log order; of one stream, those about it.

        Raises Unknown for a key that was not there.
        """
        self._check_stream(key, moment)
        return self._upkeep.ask(lambda cache: cache.dated(upto=moment.position, stream=key))

    def search(
        self, text: str, moment: Moment, *, best: int, progress: "Progress | None" = None
    ) -> list[dict[str, Any]]:
        """The texts in which every word occurs, best first, at most so many.

        Raises Malformed where there is no word to look for, StoreFailure where this SQLite cannot search.
        """
        from roadlog.searching import Search

        return Search(self._upkeep, progress).found(text, moment, best)

    def knows(self, handle: str, moment: Moment) -> bool:
        """Whether a handle is, or ever was, on the roadmap."""
        return handle in self.roadmap(moment).stakeholders

    def check_handle(self, handle: str, moment: Moment) -> None:
        """Raises Unknown for a handle that was never on the roadmap."""
        known = tuple(self.roadmap(moment).stakeholders)
        if handle in known:
            return
        if self._is_now(moment):
            raise unknown("stakeholder", handle, known, try_=("roadlog stakeholder list",))
        raise Unknown(
            "unknown-stakeholder",
            f"There was no stakeholder {handle!r} at {rfc3339(moment.as_of)}, as position {moment.position} "
            f"knew it (the log begins {self.log_begins()}).",
            missing=(handle,),
            try_=(f"roadlog stakeholder list --position {moment.position}",),
        )

    def check_milestone(self, milestone: str, moment: Moment) -> None:
        """Raises Unknown for a milestone that the workflow in force does not have."""
        known = self.workflow(moment).order
        if milestone not in known:
            raise unknown("milestone", milestone, known, try_=("roadlog workflow show",))

    def check_role(self, role: str, moment: Moment) -> None:
        """Raises Unknown for a role that the workflow in force does not have."""
        known = self.workflow(moment).roles
        if role not in known:
            raise unknown("role", role, known, try_=("roadlog workflow show",))

    def _check_stream(self, key: str | None, moment: Moment) -> None:
        if key is None or key == self.roadmap_key():
            return
        with failures.in_our_words():
            if next(self._upkeep.reader.stream(key, upto=moment.position), None) is None:
                raise self._absent(key, moment)

    def _absent(self, key: str, moment: Moment) -> Unknown:
        """Why a key is not there, in words that the log up to the moment's position settles for ever."""
        if self._is_now(moment):
            return unknown("initiative", key, self.keys(), try_=("roadlog board",))
        with failures.in_our_words():
            first = next(self._upkeep.stream(key, moment.position), None) if key else None
        if first is None or key == self.roadmap_key():
            return Unknown(
                "unknown-initiative",
                f"There is no initiative {key!r} {self._too_early(moment)}",
                missing=(key,),
                try_=(f"roadlog board --position {moment.position}",),
            )
        since = max(first.effective_at, moment.as_of)
        return Unknown(
            "not-yet",
            f"{key} was not there yet at {rfc3339(moment.as_of)}: it begins {rfc3339(since)}.",
            missing=(key,),
            try_=(f"roadlog show {key} --as-of {rfc3339(since)}",),
        )

    def _too_early(self, moment: Moment) -> str:
        """The end of a sentence about what the log did not know yet."""
        return (
            f"at position {moment.position} (the log begins {self.log_begins()}). "
            "--as-of asks what was true at a time, with all we know now."
        )

    def first_begins(self, moment: Moment) -> str | None:
        """When the first initiative that is known at a moment began, in RFC 3339; None where none is."""
        found = self._upkeep.ask(lambda cache: cache.earliest(moment.position))
        return None if found is None else rfc3339(EPOCH + found * MICROSECOND)

    def log_begins(self) -> str | None:
        """When the log's first record was recorded, in RFC 3339; None in an empty store."""
        first = self._upkeep.row_at(1)
        return first.recorded_at if first else None

    def keys(self) -> tuple[str, ...]:
        """Every initiative's key, in order."""
        return self._upkeep.ask(lambda cache: tuple(row[0] for row in cache.rows()))

    def titles(self) -> dict[str, str]:
        """What each initiative is called now."""
        return self._upkeep.ask(
            lambda cache: {row[0]: orjson.loads(row[-1])["title"] for row in cache.rows()}
        )

    def roadmap_key(self) -> str:
        """The roadmap's own key, which is the log's first stream; empty in an empty store."""
        return self._upkeep.roadmap_key()

    def workflow(self, moment: Moment) -> "Workflow":
        """The workflow in force at a moment. Raises Malformed for a moment before the first one."""
        workflow = self.roadmap(moment).workflow
        if workflow is None:
            told = f"No workflow was in force {self._too_early(moment)}"
            raise Malformed("moment", told, try_=(f"roadlog board --position {moment.position}",))
        return workflow

    # States

    def roadmap(self, moment: Moment) -> "RoadmapState":
        """The roadmap's state at a moment."""
        from roadlog.domain.roadmap import fold_roadmap
        from roadlog.projections.kept import ROADMAP, decode_roadmap

        if self._is_now(moment) and moment.position:
            return self._upkeep.ask(lambda cache: decode_roadmap(cache.state(ROADMAP)))
        return fold_roadmap(self.history(self.roadmap_key(), moment), as_of=moment.as_of)

    def state(self, key: str, moment: Moment) -> "InitiativeState":
        """One initiative's state at a moment. Raises Unknown where it was not there yet."""
        from roadlog.domain.evolve import fold
        from roadlog.projections.kept import decode_initiative

        state = None
        if not key or key == self.roadmap_key():
            pass
        elif self._is_now(moment):
            state = self._upkeep.ask(
                lambda cache: decode_initiative(cache.state(key), key) if cache.has(key) else None
            )
        else:
            state = fold(self.history(key, moment), as_of=moment.as_of)
        if not state or not state.exists:
            raise self._absent(key, moment)
        return state

    def states(self, moment: Moment) -> "tuple[RoadmapState, dict[str, InitiativeState]]":
        """The roadmap and every initiative at a moment, in key order."""
        from roadlog.domain.evolve import fold
        from roadlog.projections.kept import states_of

        if self._is_now(moment) and moment.position:
            keys = self.keys()
            return self._upkeep.ask(lambda cache: states_of(cache, keys))
        roadmap = self.roadmap(moment)
        streams = self._upkeep.streams(moment.position)
        folded = {key: fold(records, as_of=moment.as_of) for key, records in streams if key != roadmap.key}
        order = sorted(folded, key=number_of)
        return roadmap, {key: folded[key] for key in order if folded[key].exists}

    def statuses(self, moment: Moment, key: str | None = None) -> dict[str, str]:
        """Each initiative's status at a moment, or that of one, if it was there; none before a workflow."""
        if self.roadmap(moment).workflow is None:
            return {}
        rows = self.board(moment)["initiatives"]
        return {row["key"]: row["status"] for row in rows if key in (None, row["key"])}

    def records(self, *, after: int = 0, upto: int | None = None) -> "Iterator[Record]":
        """Records with their bodies, in log order."""
        return self._upkeep.records(after=after, upto=upto)

    def head_now(self) -> int:
        """The log's last position as it is now; whoever recorded meanwhile is counted."""
        with failures.in_our_words():
            return self._upkeep.reader.head().position

    def release(self) -> None:
        """Holds the projections no longer; they are looked up again at the next question."""
        self._upkeep.release()

    def record(self, position: int) -> "Record":
        """The record at a position. Raises Unknown where the log holds none."""
        found = next(self.records(after=position - 1, upto=position), None)
        if found is None:
            raise Unknown(
                "unknown-position",
                f"There is no record at position {position}: the log holds 1 to {self._head.position}.",
                missing=(str(position),),
                try_=("roadlog log",),
            )
        return found

    def latest_of(self, handle: str) -> "Record | None":
        """The last record that somebody acted in, None where there is none: read from the log's end."""
        upto = self._head.position
        while upto > 0:
            after = max(0, upto - 500)
            mine = [each for each in self.records(after=after, upto=upto) if each.actor.id == handle]
            if mine:
                return mine[-1]
            upto = after
        return None

    def history(self, stream: str, moment: Moment) -> "Iterator[Record]":
        """A stream's records, oldest first, as the log held them at a moment; voided ones included."""
        return self._upkeep.stream(stream, moment.position)

    def streams(self, moment: Moment) -> "Iterator[tuple[str, list[Record]]]":
        """Every stream's records as the log held them at a moment: one stream after the other in memory."""
        return self._upkeep.streams(moment.position)

    # The projections themselves

    def status(self) -> dict[str, Any]:
        """Where the projections stand against the log, without catching up."""
        return self._upkeep.status()

    def rebuild(self) -> dict[str, Any]:
        """Folds everything anew into a new file, which then takes the old one's place whole."""
        try:
            with translated():
                return self._upkeep.rebuild(searched=True)
        except CacheFailure as error:
            why = "the disk is full" if error.full else str(error)
            raise StoreFailure("projections", f"{store.PROJECTIONS} cannot be written: {why}.") from error

    def check(self) -> dict[str, Any]:
        """Folds everything into memory and names the first row of the cache that differs from it."""
        return self._upkeep.check()
