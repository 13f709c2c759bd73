"""Edits as patches: applying, reverting and composing agree with each other."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.repair.edits import SpanMap, apply_edits, choose_edits, compose_edits, revert_edits
from jiaokan.validators.values import Applicability, Edit


def edit(text: str, start: int, end: int, after: str, rule: str = "a/b") -> Edit:
    return Edit(rule, start, end, text[start:end], after, 1.0, Applicability.SAFE)


@st.composite
def patches(draw: st.DrawFn, text: str, rule: str) -> list[Edit]:
    spans = draw(
        st.lists(
            st.tuples(st.integers(0, len(text)), st.integers(0, 3), st.text("xyz", max_size=3)),
            max_size=5,
        )
    )
    edits = [edit(text, s, min(len(text), s + n), after, rule) for s, n, after in spans]
    return [e for e in choose_edits(edits) if e.before != e.after]


@given(st.data(), st.text("abcdef", max_size=12))
def test_revert_gives_back_what_apply_took(data: st.DataObject, text: str) -> None:
    edits = data.draw(patches(text, "a/b"))
    assert revert_edits(apply_edits(text, edits), edits) == text


@given(st.data(), st.text("abcdef", max_size=12))
def test_composed_patches_do_what_the_two_do(data: st.DataObject, text: str) -> None:
    first = data.draw(patches(text, "first/one"))
    middle = apply_edits(text, first)
    second = data.draw(patches(middle, "second/two"))
    composed = compose_edits(SpanMap(first), second)
    assert apply_edits(text, composed) == apply_edits(middle, second)
    assert revert_edits(apply_edits(text, composed), composed) == text
    for one in composed:
        assert text[one.start : one.end] == one.before
    for one, two in itertools.pairwise(composed):
        assert one.end <= two.start


@given(st.data(), st.text("abcdef", max_size=12))
def test_untouched_text_maps_back_to_itself(data: st.DataObject, text: str) -> None:
    edits = data.draw(patches(text, "a/b"))
    spans = SpanMap(edits)
    after = apply_edits(text, edits)
    shift = at = 0
    for one in [*edits, edit(text, len(text), len(text), "")]:
        for position in range(at, one.start):
            mapped = spans.original(position + shift, position + shift + 1)
            assert mapped == (position, position + 1)
            assert after[position + shift] == text[position]
        at = one.end
        shift += len(one.after) - len(one.before)


@pytest.mark.parametrize(
    ("before", "after", "now"), [("b", "x", "aYc"), ("b", "x", ""), ("c", "", "a")]
)
def test_a_changed_text_is_not_reverted(before: str, after: str, now: str) -> None:
    at = "abc".index(before)
    with pytest.raises(ValueError, match=f"at code point {at} the edit a/b"):
        revert_edits(now, [edit("abc", at, at + 1, after)])


def test_a_composed_edit_is_as_sure_as_the_less_sure_of_its_parts() -> None:
    sure = edit("abc", 0, 2, "x", "first/one")
    unsure = Edit("second/two", 0, 2, "xc", "y", 0.6, Applicability.UNSAFE)
    for first, second in (
        (sure, unsure),
        (
            replace(sure, confidence=0.6, applicability=Applicability.UNSAFE),
            replace(unsure, confidence=1.0, applicability=Applicability.SAFE),
        ),
    ):
        (composed,) = compose_edits(SpanMap([first]), [second])
        assert composed == Edit(
            "first/one", 0, 3, "abc", "y", 0.6, Applicability.UNSAFE, ("second/two",)
        )
