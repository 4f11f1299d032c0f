"""A form that came after its session ended: nothing is recorded, and what was typed is there to be copied."""

from collections.abc import Iterator
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from roadlog.web.filled_in import texts_of, typed_conditions
from roadlog.web.forms import FILE, Form
from roadlog.web.pages.registry import NAVIGATION
from roadlog.web.posted import Typed, file_of, name_of, posted
from roadlog.web.rendering import bare
from roadlog.web.sessions import NOBODY, NOT_YOURS
from roadlog.web.signing_in import SIGN_IN, TO


async def signed_out(request: Request, form: Form) -> Response:
    """To whoever is not signed in. What is large is not read: nobody knows who sent it."""
    try:
        async with posted(request) as typed:
            return _answer(request, form, NOBODY, typed)
    except HTTPException:
        return _answer(request, form, NOBODY, Typed())


def of_another_session(request: Request, form: Form, typed: Typed) -> Response:
    """To whoever signed in anew after the form was opened."""
    return _answer(request, form, NOT_YOURS, typed)


def _answer(request: Request, form: Form, why: str, typed: Typed) -> Response:
    path = request.url.path
    html = bare(
        "too_late",
        title=f"{form.title}: {request.path_params['key']}",
        why=why,
        typed=[*_typed(form, typed)],
        again=path if why == NOT_YOURS else f"{SIGN_IN}?{TO}={quote(path)}",
        is_signed_in=why == NOT_YOURS,
        navigation=NAVIGATION,
    )
    return HTMLResponse(html, 403, {"Cache-Control": "no-store"})


def _typed(form: Form, typed: Typed) -> Iterator[tuple[str, str]]:
    """The label of each field that was filled in, and what was typed into it."""
    for field in form.fields:
        if field.kind == "conditions":
            texts = [f"{text} (due on {due})" if due else text for text, due in typed_conditions(typed)]
        elif field.name == FILE:
            file = file_of(typed, FILE)
            texts = [name_of(file)] if file else []
        else:
            texts = texts_of(typed, field.name)
        if any(texts):
            yield field.label, "\n".join(filter(None, texts))
