"""Rule 1, problem first: which sentences propose a technology, which mention one, which name none."""

import pytest

from roadlog.domain.problem_first import EXAMPLE, Reading, check
from tests.domain.problem_sentences import MENTIONS, MISREAD, PROPOSES, SILENT

WORDS = (
    ("use GPT-4", ("use GPT-4",)),
    ("build an LLM-powered chatbot", ("build an LLM-powered chatbot",)),
    ("fine-tune a model on our tickets", ("fine-tune a model",)),
    ("we need RAG", ("need RAG",)),
    ("AI chatbot for support", ("AI chatbot",)),
    ("Automate invoice entry with OCR", ("with OCR",)),
    ("Customers wait. We’d like to fine‑tune Llama 3 on contracts", ("fine‑tune Llama 3",)),
    ("İİİ İstanbul: use\u00a0GPT-4", ("use\u00a0GPT-4",)),
    ("Use Claude or GPT-4", ("Use Claude", "GPT-4")),
    ("We need A.I. now", ("need A.I.",)),
    ("An LLM should sort them", ("LLM",)),
    ("Customers wait 9 hours. Use GPT-4! And add a chatbot.", ("Use GPT-4", "add a chatbot")),
)


@pytest.mark.parametrize("text", PROPOSES)
def test_a_text_that_proposes_a_technology_is_read_so_with_its_words(text: str) -> None:
    reading = check(text)
    assert reading.proposes != ()
    assert [words for words in reading.proposes if words not in text] == []


@pytest.mark.parametrize("text", MENTIONS)
def test_a_text_that_merely_mentions_a_technology_proposes_nothing(text: str) -> None:
    reading = check(text)
    assert reading.proposes == ()
    assert reading.mentions != ()


@pytest.mark.parametrize("text", SILENT)
def test_a_text_without_technology_has_neither(text: str) -> None:
    assert check(text) == Reading(proposes=(), mentions=())


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_the_offending_words_are_given_as_written(text: str, words: tuple[str, ...]) -> None:
    assert check(text).proposes == words


def test_a_text_may_propose_one_technology_and_mention_another() -> None:
    reading = check("Our chatbot's answers cause refunds. Use GPT-4.")
    assert reading == Reading(proposes=("Use GPT-4",), mentions=("chatbot",))


def test_the_example_shown_with_a_refusal_passes_itself() -> None:
    assert check(EXAMPLE) == Reading(proposes=(), mentions=())


def test_a_long_text_is_read_in_time_that_grows_with_its_length() -> None:
    reading = check("Our chatbot's answers cause refunds, and agents retype them. " * 250)
    assert reading == Reading(proposes=(), mentions=("chatbot",))


@pytest.mark.parametrize(("text", "proposes"), MISREAD)
def test_known_limits(text: str, proposes: bool) -> None:
    """Read wrongly today; a text that comes to be read rightly moves to its table."""
    assert (check(text).proposes != ()) is not proposes
