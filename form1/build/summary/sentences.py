"""Sentences below a figure, in the manner of the Committee's releases; the words stand in reference/."""

from __future__ import annotations

from collections.abc import Sequence

from form1.build.summary.case import Case, each, fill, number, per_cent
from form1.core.cells import Address
from form1.core.texts import Language, Text, lower_az
from form1.definition.summary import Figure, Sentence
from form1.model.figures import Point


def change(case: Case, address: Address) -> tuple[Text, ...]:
    """Return how far the count at `address` is from that of the same period of the last year, or why nobody knows.

    Nothing where nothing is known of that period: the headline figures say so once for all.
    """
    was, moved, reason = case.compared(address)
    if moved is None:
        return () if case.no_last_year else (case.word("difference_unknown", reason=reason),)
    if not was.value:
        return (case.word("difference_from_zero" if moved.difference else "difference_none"),)
    if not moved.difference:
        return (case.word("difference_none"),)
    said = case.word(
        "difference_up" if moved.difference > 0 else "difference_down",
        difference=number(abs(moved.difference)),
        percent=per_cent(abs(moved.tenths or 0)),
    )
    return (said,)


def listed(figure: Figure, points: Sequence[Point], whole: int) -> Text | None:
    """Return the sentence that names the points of the picture with their shares; None where it says nothing."""
    sentence = figure.sentence
    if sentence is None or sentence.item is None or sentence.rest is None:
        return None
    if all(point.is_rest for point in points):
        return None
    return each(lambda language: _list(figure, sentence, points, whole, language))


def _list(figure: Figure, sentence: Sentence, points: Sequence[Point], whole: int, language: Language) -> str:
    items: list[str] = []
    for place, point in enumerate(points):
        says = sentence.rest if point.is_rest else (sentence.first if place == 0 else None) or sentence.item
        assert says is not None and point.share is not None  # `listed` has asked, and there is a whole
        facts = {"share": per_cent(point.share), "name": name(figure, point, language)}
        items.append(fill(says, language, facts))
    return fill(sentence.says, language, {"list": ", ".join(items), "whole": number(whole)})


def name(figure: Figure, point: Point, language: Language) -> str:
    """Return what a point is called within a sentence."""
    if point.code in figure.names:
        return figure.names[point.code].of(language)
    label = point.label.of(language)
    if not figure.lower_first:
        return label
    first = lower_az(label[0]) if language == "az" else label[0].lower()
    return first + label[1:]


def alternative(case: Case, figure: Figure, basis: Text, points: Sequence[Point], whole: str) -> Text:
    """Return what is seen in a figure: its title and every number in it."""

    def say(language: Language) -> str:
        facts = {
            "title": figure.title,
            "period": basis,
            "whole": whole,
            "list": "; ".join(seen(case, point, language) for point in points),
        }
        return fill(figure.alt, language, facts)

    return each(say)


def seen(case: Case, point: Point, language: Language) -> str:
    """Return a point with its numbers, as an alternative text lists it."""
    signs = case.form.signs()
    numbers = "/".join(number(cell.value) if cell.value is not None else signs[cell.status] for cell in point.cells)
    share = f" ({per_cent(point.share).of(language)} %)" if point.share is not None else ""
    return f"{point.label.of(language)} {numbers}{share}"
