"""Views: what is found in a batch once is shared out to each document as if it were alone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.view import GAP, Spans, View

TEXTS = ["甲，乙。", "", "ab\n丙!", "，", "\ud800丁\r\n戊"]


def marks(view: View) -> NDArray[np.intp]:
    return view.where(Class.CJK_MARK)


def spans(view: View) -> Spans:
    return [(at, at + 1, view.text[at]) for at in marks(view).tolist()]


@pytest.mark.parametrize("asked_before", [True, False], ids=["of the batch", "of each"])
def test_each_document_of_a_batch_has_what_it_has_alone(asked_before: bool) -> None:
    batch = View.of_batch(TEXTS)
    if asked_before:
        assert len(batch.positions("marks", marks)) == len(batch.spans("spans", spans)) == 3
        assert len(batch.breaks) > 3
        batch.flags("flags", lambda view: view.documents_with(marks(view)))
        batch.counts("lengths", lambda view: view.ends - view.starts)
    for index, text in enumerate(TEXTS):
        part, alone = batch.part(index), View(text)
        assert part.text == text
        for classes in (Class.CJK_MARK, Class.BREAK, Class.HAN, Class.ASCII_MARK | Class.BREAK):
            assert part.where(classes).tolist() == alone.where(classes).tolist()
        assert part.present == alone.present
        for classes in (Class.HAN, Class.KANA, Class.BREAK):  # now that it is known what is there
            assert part.where(classes).tolist() == View(text).where(classes).tolist()
        for view in (part, alone):
            assert view.positions("marks", marks).tolist() == [
                at for at, character in enumerate(text) if character in "，。"
            ]
            assert view.spans("spans", spans) == [
                (at, at + 1, character) for at, character in enumerate(text) if character in "，。"
            ]
            assert view.breaks.tolist() == [
                at for at, character in enumerate(text) if character in "\r\n"
            ]
            has = view.flags("flags", lambda view: view.documents_with(marks(view)))
            assert has.tolist() == ["，" in text]
            lengths = view.counts("lengths", lambda view: view.ends - view.starts)
            assert lengths.tolist() == [len(text)]


def test_documents_of_a_batch() -> None:
    batch = View.of_batch(TEXTS)
    assert [batch.text[a:b] for a, b in zip(batch.starts, batch.ends, strict=True)] == TEXTS
    assert batch.text == "".join(text + GAP for text in TEXTS)
    assert batch.documents_with_class(Class.HAN).tolist() == [True, False, True, False, True]
    assert batch.documents_with(np.empty(0, np.intp)).tolist() == [False] * len(TEXTS)


def test_languages_that_are_found_together_are_those_of_each() -> None:
    texts = [
        "今天我们去公园散步，天气很好。",
        "これは日本語の文章です。",
        "佢喺屋企食緊飯，唔知你嚟唔嚟。",
        "",
    ]
    together = [View(text) for text in texts]
    View.know_languages(together)
    assert [view.profile.language for view in together] == [
        View(text).profile.language for text in texts
    ]
    assert [view.profile.language for view in together[:3]] == ["zh", "ja", "yue"]


def test_documents_are_together_in_the_batch_that_they_are_most_of_or_joined_anew() -> None:
    batch = View.of_batch(TEXTS)
    parts = [batch.part(index) for index in (4, 0, 2)]
    others = [batch.part(3), View(TEXTS[4])]
    for views, is_batch in ((parts, True), (parts[:2], False), ([*parts, View("己")], False)):
        found, numbers = View.together(views)
        assert (found is batch) == is_batch
        texts = [
            found.text[found.starts[number] : found.ends[number]] for number in numbers.tolist()
        ]
        assert texts == [view.text for view in views]
    assert View.together(others)[0] is not batch
