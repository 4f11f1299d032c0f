"""Charts: each as a picture of its own."""

from roadlog.web.asked import Asked
from roadlog.web.figures import answer_of, drawing


def chart(asked: Asked) -> str:
    """The picture that an address names. Raises Unknown where there is none."""
    name = asked.parts["name"]
    return drawing(name).svg(answer_of(asked, name))
