"""Texts cut into clauses, and the technologies named in them: what rule 1 (`problem_first`) judges."""

from collections.abc import Iterator
from functools import cache
from re import IGNORECASE, Pattern
from re import compile as compiled

from msgspec import Struct

from roadlog.domain import technology_words as data

LONGEST_CLAUSE = 80
"""Words. A longer clause is cut, so that reading takes time in proportion to the text."""


class Word(Struct, frozen=True):
    """A word in lower case, and its place in the text as written."""

    text: str
    start: int
    end: int


class Clause(Struct, frozen=True):
    """A stretch of a sentence between commas, conjunctions and relative pronouns."""

    words: list[Word]
    texts: list[str]
    opener: str  # "." where a sentence begins, else the comma or the word that opened it
    sentence: frozenset[str]
    goes_on: bool  # it follows, after a comma, a clause about what people do


class Term(Struct, frozen=True):
    """A technology in a clause: the places of its first and its last word."""

    first: int
    last: int
    homograph: bool  # a technology only where it is governed as one


@cache
def _pattern() -> Pattern[str]:
    words = r"\ba\.i\.?|\blet's\b|\d+(?:[.,]\d+)*[a-z]*|'s\b|[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)*|[,&+]"
    sentence_end = r"[.!?;:()\[\]{}|\u2022]|\n[ \t]*(?=[-*\n\d\u2022])|(?<=\s)-(?=\s)"
    return compiled(rf"{words}|(?P<end>{sentence_end})", IGNORECASE)


@cache
def _plain() -> dict[int, str]:
    """One plain character for each typographic one, so that places in the text stay what they are."""
    alike = {"'": "\u2018\u2019\u02bc\u2032", "-": "\u2010\u2011\u2012\u2013", ";": "\u2014", ".": "\u2026"}
    return {ord(other): plain for plain, others in alike.items() for other in others}


def clauses(text: str) -> Iterator[Clause]:
    """Cut a text into clauses. A colon or dash after `Solution`, `Goal` and the like ends no sentence."""
    sentence: list[Word] = []
    for match in _pattern().finditer(text.translate(_plain())):
        written = match[0].lower()
        if match["end"] is None:
            sentence.append(
                Word(written.replace("a.i.", "ai").replace("a.i", "ai"), match.start(), match.end())
            )
        elif sentence and not (written in ":-" and sentence[-1].text in data.LABELS):
            yield from _clauses_of(sentence)
            sentence = []
    yield from _clauses_of(sentence)


def _clauses_of(sentence: list[Word]) -> Iterator[Clause]:
    words_of_it = frozenset(word.text for word in sentence)
    opener, words, goes_on = ".", list[Word](), False
    for word, after in zip(sentence, sentence[1:] + sentence[-1:], strict=True):
        has_subject = word.text in {"and", "but", "or"} and after.text in data.PRONOUNS
        if has_subject or word.text in data.CUTS or len(words) == LONGEST_CLAUSE:
            if words:
                clause = Clause(words, [each.text for each in words], opener, words_of_it, goes_on)
                goes_on = word.text == "," and (goes_on or is_about_people(clause))
                yield clause
                if clause.opener == "." and _leads_on(clause, word.text):
                    words = []
                    continue
            if words or opener != "." or word.text in data.CLAUSE_OPENERS:
                opener = word.text
            words = []
        else:
            words.append(word)
    if words:
        yield Clause(words, [each.text for each in words], opener, words_of_it, goes_on)


def _leads_on(clause: Clause, conjunction: str) -> bool:
    """`A tool that …`, `Find out whether …`: what follows is as much a wish as a sentence of its own."""
    if conjunction in {"that", "which"}:
        return clause.texts[0] in {"a", "an"} and not describes(clause)
    return conjunction in {"whether", "if", "how"} and clause.texts[0] in data.EXPLORES


def terms(clause: Clause, text: str) -> Iterator[Term]:
    """The technologies that a clause of this text names, from left to right."""
    here = 0
    while here < len(clause.texts):
        length = _technology_at(clause, here, text)
        if length == 0:
            here += 1
            continue
        last = _with_tail(clause, here, here + length - 1, text)
        name = clause.texts[here] in data.HOMOGRAPH_NAMES
        yield Term(here, last, name and last == here)
        here = last + 1


def _technology_at(clause: Clause, here: int, text: str) -> int:
    """How many words from here on name a technology: 0 when they name none."""
    word = clause.texts[here]
    singular = word.removesuffix("s")
    if data.OTHER_SENSE.get(singular, frozenset()) & clause.sentence:
        return 0
    for length in range(4, 0, -1):
        phrase = " ".join(clause.texts[here : here + length])
        if phrase in data.TECHNOLOGIES or phrase.removesuffix("s") in data.TECHNOLOGIES:
            return min(length, len(clause.texts) - here)
    before, after = word_at(clause, here - 1), word_at(clause, here + 1)
    if word in data.HOMOGRAPH_NAMES:
        return 1
    if word in data.ONLY_CAPITALS:
        written = text[clause.words[here].start : clause.words[here].end]
        named = written.isupper() or _singular_in(after, data.TAILS) or after in data.JOINTS
        return int(named and not before[:1].isdigit())
    if singular == "model":
        return int(before not in data.OTHER_MODELS and bool(data.MODEL_NEIGHBOURS & clause.sentence))
    return 0


def _with_tail(clause: Clause, first: int, last: int, text: str) -> int:
    """The last word of a technology's whole name: `GPT-4`, `LLM-powered chatbot`, `AI assistant`."""
    is_model_name = clause.texts[first] in data.VERSIONED
    while last + 1 < len(clause.texts):
        after = clause.texts[last + 1]
        joined = text[clause.words[last].end : clause.words[last + 1].start].strip() != ""
        version = is_model_name and (after[0].isdigit() or after in data.VERSIONS)
        beyond = word_at(clause, last + 2)
        joint = after in data.JOINTS and (joined or beyond != "") and beyond != "by"
        if version or joint or _singular_in(after, data.TAILS):
            last += 1
        elif length := _technology_at(clause, last + 1, text):
            last += length
        else:
            break
    return last


def _singular_in(word: str, words: frozenset[str]) -> bool:
    return word in words or word.removesuffix("s") in words


def word_at(clause: Clause, here: int) -> str:
    """The word at this place of the clause; "" outside of it."""
    return clause.texts[here] if 0 <= here < len(clause.texts) else ""


def describes(clause: Clause) -> bool:
    """Whether a verb of the clause says how things are."""
    texts = clause.texts
    return any(
        word in data.DESCRIBES and word_at(clause, here - 1) not in data.INFINITIVES
        for here, word in enumerate(texts)
    )


def is_about_people(clause: Clause) -> bool:
    """Whether the clause begins with people: its verb then tells what they do."""
    return any(is_people(word) for word in clause.texts[:3])


def is_people(word: str) -> bool:
    """Whether a word stands for people: a pronoun, `staff`, or a plural like `drivers`."""
    return word in data.SUBJECTS or (word.endswith(data.PEOPLE_ENDINGS) and word not in data.NOT_PEOPLE)
