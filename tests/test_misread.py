"""What is misread and only offered is left by families that need text."""

from hypothesis import given
from hypothesis import strategies as st

from jiaokan.repair.edits import apply_edits
from jiaokan.repair.misread import outside
from jiaokan.validators.values import Applicability, Edit

LENGTH = 30


def edit(rule: str, start: int, before: str, after: str) -> Edit:
    return Edit(rule, start, start + len(before), before, after, 1.0, Applicability.SAFE)


bounds = st.lists(st.integers(0, LENGTH), max_size=8, unique=True).map(sorted)


@given(bounds, st.data())
def test_only_what_is_misread_stays(places: list[int], data: st.DataObject) -> None:
    """Of a text made of letters, whose made edits change its length, each letter outside is changed."""
    text = "a" * LENGTH
    spans = list(zip(places[::2], places[1::2], strict=False))
    misread, changed = spans[::2], spans[1::2]
    made = [
        edit("script/mixed", first, text[first:last], "a" * data.draw(st.integers(0, 9)))
        for first, last in changed
    ]
    now = apply_edits(text, made)
    expected = ["b"] * len(now)
    for first, last in misread:
        shift = sum(len(each.after) - len(each.before) for each in made if each.end <= first)
        expected[first + shift : last + shift] = text[first:last]
    whole = edit("script/mixed", 0, now, "b" * len(now))
    assert apply_edits(now, list(outside([whole], misread, made))) == "".join(expected)


def test_bytes_are_mended_there_and_what_changes_the_length_is_not() -> None:
    of_bytes = edit("mojibake/gbk-as-latin1", 2, "aaaa", "中文")
    longer = edit("punctuation/ellipsis", 4, "...", "……")
    beyond = edit("punctuation/ellipsis", 8, "...", "……")
    assert list(outside([of_bytes, longer, beyond], [(3, 6)], [])) == [of_bytes, beyond]
