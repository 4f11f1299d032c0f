"""A webhook: told of each new record and of each decision newly owed, in order, until it takes them.

In a thread of its own, so that nobody waits for it. Whatever fails is tried again: a receiver that refuses,
too, as leaving something out would be the one thing that cannot be made good.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from time import monotonic
from typing import Any
from urllib.parse import SplitResult

import orjson

from roadlog import failures, machine
from roadlog.domain.records import Record
from roadlog.domain.refusals import RoadlogError
from roadlog.projections.digest import DECISIONS
from roadlog.projections.moment import Moment
from roadlog.projections.owed import owed
from roadlog.projections.records import record_json
from roadlog.reading import Reading
from roadlog.store import Place
from roadlog.web.deliveries import Deliveries, Duties
from roadlog.web.posting import Delivery, post

LOOK = 0.5
"""Seconds between two looks at the log while there is nothing to tell."""
JUDGED = 60.0
"""Seconds after which it is looked what time alone made owed, such as a waiver that lapses soon."""
ASIDE = 5.0
"""Seconds before the store is looked at again where it could not be read, or not be written."""
FIRST, LONGEST = 1.0, 300.0
"""Seconds before a delivery is tried again: each time twice as long as before, and at most so long."""
SAME = ("key", "kind", "role", "since", "try")
"""Fields by which an entry of `next` is the one that was owed before."""


@contextmanager
def told(folder: Place, to: SplitResult, secret: str, warn: Callable[[str], None]) -> Iterator[None]:
    """Tells a webhook for as long as the `with` lasts, from where it was told last, or else from now on.

    warn: is told when deliveries begin to fail, and when they are taken again. Raises RoadlogError.
    """
    webhook = Webhook(folder, to, secret, warn)
    webhook.begin()
    thread = threading.Thread(target=webhook.run, name="webhook", daemon=True)
    thread.start()
    try:
        yield
    finally:
        webhook.stop()
        thread.join(1.0)  # a receiver may be silent for longer; what was not taken is told the next time


class Webhook:
    """One receiver, and what it is to be told next."""

    def __init__(self, folder: Place, to: SplitResult, secret: str, warn: Callable[[str], None]) -> None:
        self._folder = folder
        self._to = to
        self._url = to.geturl()
        self._secret = secret
        self._warn = warn
        self._kept = Deliveries(folder, self._url)
        self._stopped = threading.Event()
        self._touched: set[str] | None = None
        self._judged = 0.0
        self._failing = ""

    def begin(self) -> None:
        """From where it was told last; a new one from the head on."""
        if not self._kept.is_known():
            with self._reading() as reading:
                moment = reading.moment()
                self._kept.begin(moment.position, _decisions(reading.owed(None, moment)))

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        """Tells what there is to tell, until it is stopped."""
        while not self._stopped.is_set():
            try:
                if not self._is_told():
                    self._stopped.wait(LOOK)
            except RoadlogError as error:
                self._complain(error.message)
                self._stopped.wait(ASIDE)
            except Exception as error:  # noqa: BLE001 (a thread that ended would leave everything out from then on)
                kind = type(error).__name__
                self._complain(f"{self._url} cannot be told: {kind}: {error}. It is tried again.", kind)
                self._stopped.wait(ASIDE)

    def _is_told(self) -> bool:
        """Tells the next thing. Gives whether there was one."""
        waiting = self._kept.waiting()
        for each in waiting:
            if self._is_delivered(each):
                self._kept.done(each)
        return bool(waiting) or self._is_record_told() or self._is_judged()

    def _is_record_told(self) -> bool:
        told = self._kept.told()
        with self._reading() as reading:
            head = reading.head_now()
            if head < told:
                raise failures.shorter(told, head)
            following = list(reading.records(after=told, upto=min(told + 2, head)))
        if not following:
            return False
        record, then = following[0], following[1] if len(following) > 1 else None
        if not self._is_delivered(_of_record(record)):
            return True
        if self._touched is not None:
            self._touched.add(record.stream)
        if then and then.body.command_id == record.body.command_id:
            self._kept.keep(record.position)  # in the midst of a command nothing is owed yet
        else:
            with self._reading() as reading:
                moment = reading.moment()
                is_last = moment.position == record.position
                self._judge(reading, moment if is_last else reading.moment(position=record.position))
        return True

    def _is_judged(self) -> bool:
        """Looks from time to time what became owed though nothing was recorded."""
        if monotonic() < self._judged + JUDGED:
            return False
        with self._reading() as reading:
            moment = reading.moment()
            if moment.position != self._kept.told():
                return False  # as of the record told last, what time made owed since would be owed no more
            self._touched = None
            self._judge(reading, moment)
        self._judged = monotonic()
        return bool(self._kept.waiting())

    def _judge(self, reading: Reading, moment: Moment) -> None:
        """Keeps that it was told up to a moment, and what is owed then that was not owed before."""
        before = self._kept.owed()
        now = self._owed(reading, moment, before)
        new = _new(now, before)
        self._kept.keep(moment.position, now, [_of_decision(each, moment) for each in new])
        self._touched = set()

    def _owed(self, reading: Reading, moment: Moment, before: Duties) -> Duties:
        """The decisions owed at a moment: looked at anew of what was touched, else as before."""
        if self._touched is None or reading.roadmap_key() in self._touched:
            return _decisions(reading.owed(None, moment))
        states = {key: reading.state(key, moment) for key in self._touched}
        anew = owed(reading.roadmap(moment), states, None, moment.as_of)
        others = [each for each in before if each["key"] not in states]
        return others + [each for each in _decisions(anew) if each["key"] in states]

    def _is_delivered(self, delivery: Delivery) -> bool:
        """Posts until it is taken. Gives whether it was, before all is stopped."""
        pause = FIRST
        while not self._stopped.is_set():
            why = post(self._to, delivery, self._secret)
            if why is None:
                if self._failing:
                    self._warn(f"{self._url} takes deliveries again.")
                self._failing = ""
                return True
            self._complain(f"{self._url} did not take delivery {delivery.id}: {why}. It is tried again.")
            self._stopped.wait(pause)
            pause = min(2 * pause, LONGEST)
        return False

    def _complain(self, text: str, kind: str | None = None) -> None:
        """Says what is wrong, once; of a kind, whatever it says each time."""
        if (kind or text) != self._failing:
            self._failing = kind or text
            self._warn(text)

    def _reading(self) -> Reading:
        return Reading(self._folder, now=machine.clock())


def _decisions(duties: Duties) -> Duties:
    return [each for each in duties if each["kind"] in DECISIONS]


def _new(now: Duties, before: Duties) -> Duties:
    """What was not owed before, or not by all who owe it now."""
    known = {_same(each): set(each["by"]) for each in before}
    return [each for each in now if _same(each) not in known or set(each["by"]) - known[_same(each)]]


def _same(duty: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(duty[name] for name in SAME)


def _of_record(record: Record) -> Delivery:
    """Its id is the record's leaf: the same whoever posts it, and whenever."""
    return Delivery(record.leaf, orjson.dumps({"delivery": record.leaf, "record": record_json(record)}))


def _of_decision(duty: dict[str, Any], moment: Moment) -> Delivery:
    """Its id is made of what it says and of the record after which it was owed."""
    made = sha256(moment.head.encode() + orjson.dumps(duty)).hexdigest()
    return Delivery(made, orjson.dumps({"delivery": made, "decision": duty}))
