"""Properties of `script/variant` and `script/regional-word` that hold for any text."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.repair.edits import apply_edits, choose_edits
from jiaokan.validators.script import regional, variants
from jiaokan.validators.values import SCRIPTS, Edit, Finding, Settings
from jiaokan.validators.view import View

FORMS = "爲為産產衆眾麽麼裏裡着著説說羣群啓啟温溫台臺，。「」\n字的之嘅の林先生"
TEXTS = st.text(alphabet=st.sampled_from(FORMS), max_size=40)
WORDS = st.lists(
    st.sampled_from(
        [
            "軟件",
            "軟體",
            "軟件工程",
            "日",
            "內存",
            "入",
            "网路",
            "網絡",
            "的",
            "信息",
            "文檔",
            "文件",
        ]
    )
).map("".join)
ALL_SETTINGS = st.builds(Settings, script=st.sampled_from(SCRIPTS), regional_words=st.just(True))


def changed(text: str, findings: list[Finding]) -> str:
    edits = [
        Edit(
            f.rule,
            f.start,
            f.end,
            text[f.start : f.end],
            f.replacement,
            f.confidence,
            f.applicability,
        )
        for f in findings
        if f.replacement is not None and f.applicability == "safe"
    ]
    return apply_edits(text, choose_edits(edits))


@given(TEXTS, ALL_SETTINGS)
def test_variants_twice_is_once(text: str, settings: Settings) -> None:
    once = changed(text, variants.find(View(text), settings))
    assert changed(once, variants.find(View(once), settings)) == once


@given(WORDS, ALL_SETTINGS)
def test_words_twice_is_once(text: str, settings: Settings) -> None:
    once = changed(text, regional.find(View(text), settings))
    assert changed(once, regional.find(View(once), settings)) == once


@given(st.lists(TEXTS | WORDS, min_size=1, max_size=4), ALL_SETTINGS)
def test_what_is_found_was_screened(texts: list[str], settings: Settings) -> None:
    batch = View.of_batch(texts)
    for module in (variants, regional):
        flags = module.screen(batch, settings)
        alone = np.array([bool(module.screen(View(text), settings)[0]) for text in texts])
        assert (flags == alone).all()
        for index, text in enumerate(texts):
            found = module.find(View(text), settings)
            assert flags[index] or not found
            assert module.find(batch.part(index), settings) == found


@given(TEXTS)
def test_nothing_unless_asked(text: str) -> None:
    settings = Settings(script="keep")
    assert not variants.find(View(text), settings)
    assert not regional.find(View(text), settings)
