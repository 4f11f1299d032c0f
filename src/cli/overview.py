"""What `roadlog` says when nothing is asked: the board, and what I owe next."""

from roadlog.cli.output import print_json, with_asides
from roadlog.cli.program import program


def overview() -> None:
    """Prints the board and what is owed by whoever asks; by anybody, where they are not on the roadmap."""
    run = program()
    with run.reading() as store:
        moment = store.moment()
        board = store.board(moment)
        handle = run.handle() if store.knows(run.handle(), moment) else None
        owed = store.owed(handle, moment)
    if run.json:
        print_json(with_asides({**board, "next": owed}, run))
        return
    from roadlog.cli.views.overview import render

    render(board, owed, handle, moment.as_of)
