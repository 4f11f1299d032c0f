"""The API's own application: it answers at each address of the table, tells of them, and says what failed."""

from functools import partial

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from roadlog import machine
from roadlog.domain.refusals import RoadlogError
from roadlog.reading import Reading
from roadlog.web.api import answered, bodies, callers, document, parameters, problems
from roadlog.web.api.addresses import ADDRESSES, Address
from roadlog.web.api.answers import Given, Part
from roadlog.web.api.parameters import AT_MOMENT
from roadlog.web.api.questions import Question
from roadlog.web.api.wishes import Offered
from roadlog.web.commands import KEY, carry_out
from roadlog.web.rendering import bare
from roadlog.web.site import Site


def application(site: Site) -> Starlette:
    """The API of a site, to be mounted where `problems.BASE` says."""
    routes = [Route(each.path, partial(_address, site, each), methods=each.methods) for each in ADDRESSES]
    return Starlette(
        routes=[*routes, Route("/openapi.json", _document), Route("/", _page)],
        exception_handlers={
            RoadlogError: problems.of_error,
            HTTPException: problems.of_request,
            Exception: problems.of_defect,
        },
    )


async def _address(site: Site, address: Address, request: Request) -> Response:
    if request.method == "POST" and address.wishes is not None:
        return await _carry_out(site, address.wishes, request)
    assert address.asks is not None  # noqa: S101
    return await _answer(site, address.asks, request)


async def _answer(site: Site, question: Question, request: Request) -> Response:
    caller = await callers.reader(site, request)

    def made() -> Response:
        """In a thread of its own: it may take long."""
        now = machine.clock()
        values = parameters.read(question.known, request.path_params, request.query_params, site.zone)
        with Reading(site.folder, now=now) as reading:
            found = question.answer(Given(site.folder, reading, values, caller, site.zone, now))
            if isinstance(found, Part):
                return answered.part(found, request, lines=question.lines)
            return answered.json(found, tag=found["version"] if question.tagged else None)

    return await site.in_thread(made, is_slow=question.slow)


async def _carry_out(site: Site, offered: Offered, request: Request) -> Response:
    handle = await callers.writer(site, request)
    body = await bodies.values_of(request)
    wish, values = bodies.taken(handle, request, offered.name, body)
    if KEY in request.path_params:
        values[KEY] = request.path_params[KEY]
    done = await run_in_threadpool(carry_out, site.folder, wish, offered.name, values, client="api")
    return answered.write(offered.name, done)


async def _document(_: Request) -> Response:
    return answered.json(document.made())


async def _page(_: Request) -> Response:
    return HTMLResponse(
        bare("api", addresses=ADDRESSES, shared=AT_MOMENT, base=problems.BASE, titles=problems.TITLES)
    )
