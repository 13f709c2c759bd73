"""Damage of characters, glosses and marks."""

import random
import re
from unicodedata import normalize

from jiaokan.validators.characters.ideographs import private_use, radicals
from jiaokan.validators.classes import Class, classes_of
from jiaokan.validators.glosses.readings import usual_readings
from tests.accuracy.damage import Damage, Damaged, Injure, Writer, is_han, swap
from tests.accuracy.glosses import marked

_CYRILLIC = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х"}
_ENTITIES = {
    "·": "&middot;", "“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;", "…": "&hellip;",
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "°": "&deg;", "×": "&times;",
}  # fmt: skip
_FLAT = {
    "，": ",", "。": ".", "、": ",", "；": ";", "：": ":", "？": "?", "！": "!", "（": "(",
    "）": ")", "“": '"', "”": '"', "「": '"', "」": '"', "……": "......", "——": "--",
}  # fmt: skip
_TITLES = _FLAT | {"《": '"', "》": '"'}
_MARKS = {
    "ascii-comma": "，", "enumeration-comma": "、", "ascii-semicolon": "；", "ascii-colon": "：",
    "ascii-question-mark": "？", "ascii-exclamation-mark": "！", "ascii-full-stop": "。",
    "ascii-ellipsis": "……", "ascii-dash": "——", "ascii-brackets": "（）", "ascii-quotes": "“”「」",
}  # fmt: skip


def _between_han(mark: str, share: float) -> Injure:
    """Something put between two Han characters, as often as `share` says."""

    def injure(text: str, draw: random.Random) -> Damaged | None:
        writer = Writer()
        for char, following in zip(text, text[1:] + "\n", strict=True):
            writer.keep(char)
            if is_han(char) and is_han(following) and draw.random() < share:
                writer.put(mark, "")
        return writer.damaged()

    return injure


def _before_lines(mark: str, share: float = 1.0) -> Injure:
    """Something put before this share of the lines, the first one excepted."""

    def injure(text: str, draw: random.Random) -> Damaged | None:
        writer = Writer()
        for number, line in enumerate(text.split("\n")):
            if number:
                writer.keep("\n")
                if draw.random() < share:
                    writer.put(mark, "")
            writer.keep(line)
        return writer.damaged()

    return injure


_WIDE = {",": "，", ":": "："}
_IN_NUMBERS = r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))|(?<=http):(?=//)|(?<=https):(?=//)"
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}


def _ligate(text: str, draw: random.Random) -> Damaged | None:
    writer = Writer()
    at = 0
    for match in re.finditer("(?<=[A-Za-z])(?:ff[il]?|f[il])|(?:ff[il]?|f[il])(?=[a-z])", text):
        writer.keep(text[at : match.start()])
        writer.put(_LIGATURES[match[0]], match[0])
        at = match.end()
    writer.keep(text[at:])
    return writer.damaged()


def _matches(pattern: str, share: float, change: dict[str, str] | None = None) -> Injure:
    """One character of some words in a table's other form; with no table, all in full width."""

    def injure(text: str, draw: random.Random) -> Damaged | None:
        writer = Writer()
        at = 0
        for match in re.finditer(pattern, text):
            word = match[0]
            places = [i for i, char in enumerate(word) if change is None or char in change]
            if not places or draw.random() >= share:
                continue
            place = draw.choice(places)
            writer.keep(text[at : match.start() + place])
            char = word[place]
            writer.put(chr(ord(char) + 0xFEE0) if change is None else change[char], char)
            at = match.start() + place + 1
        writer.keep(text[at:])
        return writer.damaged()

    return injure


def _tags(text: str, draw: random.Random) -> Damaged | None:
    """What a page's text keeps of its tags: <br> at the end of some lines."""
    writer = Writer()
    for number, line in enumerate(text.split("\n")):
        writer.keep("\n" if number else "")
        writer.keep(line)
        if draw.random() < 0.3:
            writer.put("<br>", "")
    return writer.damaged()


def _noise(text: str, draw: random.Random) -> Damaged | None:
    """What Discuz! hides in a post: pieces before or behind each line break."""
    writer = Writer()
    for number, line in enumerate(text.split("\n")):
        before, after = ("\n", "") if draw.random() < 0.5 else ("", "\n")
        if number:
            writer.keep(before)
            pieces = range(draw.randint(5, 15))
            writer.put(
                "".join(
                    f"{chr(draw.randint(32, 59))} {chr(draw.randint(63, 126))}" for _ in pieces
                ),
                "",
            )
            writer.keep(after)
        writer.keep(line)
    return writer.damaged()


def _decompose(text: str, draw: random.Random) -> Damaged | None:
    writer = Writer()
    for char in text:
        apart = normalize("NFD", char)
        if apart != char and char < "\u2000":
            writer.put(apart, char)
        else:
            writer.keep(char)
    return writer.damaged()


def _leak(text: str, draw: random.Random) -> Damaged | None:
    """A third of the Traditional characters get their reading in brackets, wherever they stand."""
    kinds = sorted({c for c in text if classes_of(c) & Class.HANT and usual_readings(c)})
    chosen = {c for c in kinds if draw.random() < 0.33}
    chosen = {c for c in chosen if all(reading[:-1].isalpha() for reading in usual_readings(c))}
    writer = Writer()
    for char in text:
        writer.keep(char)
        if char in chosen:
            writer.put(f"({marked(min(usual_readings(char)))})", "")
    return writer.damaged(3)


def _flatten(table: dict[str, str], wanted: str) -> Injure:
    """All marks to ASCII; the places are those of the wanted ones."""
    pattern = re.compile("|".join(map(re.escape, table)))

    def injure(text: str, draw: random.Random) -> Damaged | None:
        writer = Writer()
        at = 0
        for match in pattern.finditer(text):
            writer.keep(text[at : match.start()])
            writer.put(table[match[0]], match[0])
            at = match.end()
        writer.keep(text[at:])
        made = writer.damaged()
        if made is None:
            return None
        places = tuple(place for place in made.places if place.original in wanted)
        return Damaged(made.data, made.original, places, also=made.places) if places else None

    return injure


def _marks(damage: str, share: float) -> Injure:
    """Some marks as `damage` says, `{}` for the mark."""

    def injure(text: str, draw: random.Random) -> Damaged | None:
        writer = Writer()
        for char, following in zip(text, text[1:] + "\n", strict=True):
            if char in "，。；" and is_han(following) and draw.random() < share:
                writer.put(damage.format(char), char)
            else:
                writer.keep(char)
        return writer.damaged()

    return injure


def _spaced(text: str, draw: random.Random) -> Damaged | None:
    """A sentence of each line with spaces between its characters."""
    writer = Writer()
    for number, line in enumerate(text.split("\n")):
        sentences = re.findall(r"[^。！？]*[。！？]?", line)
        chosen = draw.randrange(len(sentences))
        writer.keep("\n" if number else "")
        for at, sentence in enumerate(sentences):
            if at == chosen and len(sentence) >= 10 and all(map(is_han, sentence[:-1])):
                writer.put(" ".join(sentence[:-1]) + sentence[-1], sentence)
            else:
                writer.keep(sentence)
    return writer.damaged()


def _empty_brackets(text: str, draw: random.Random) -> Damaged | None:
    """What stands in brackets taken away."""
    writer = Writer()
    at = 0
    for match in re.finditer(r"（[^（）\n]+）", text):
        writer.keep(text[at : match.start()])
        writer.put("（）", "")
        at = match.end()
    writer.keep(text[at:])
    return writer.damaged()


def _kangxi() -> dict[str, str]:
    return {v: k for k, v in radicals().items() if k >= "\u2f00"}


def _compatibility() -> dict[str, str]:
    forms = ((normalize("NFC", chr(p)), chr(p)) for p in range(0xF900, 0xFA0C))
    return {usual: form for usual, form in forms if len(usual) == 1}


def damages() -> dict[str, Damage]:
    hkscs = {v: k for k, v in private_use("hkscs").items() if "\u3400" <= v <= "\u9fff"}
    found = {
        "characters/control": Damage(
            "U+0007 between one pair of Han in 50", _between_han("\x07", 0.02)
        ),
        "characters/invisible": Damage(
            "U+200B between one pair of Han in 50", _between_han("\u200b", 0.02)
        ),
        "characters/soft-hyphen": Damage(
            "U+00AD between one pair of Han in 50", _between_han("\xad", 0.02)
        ),
        "characters/byte-order-mark": Damage("U+FEFF before each line", _before_lines("\ufeff")),
        "characters/noncharacter": Damage(
            "U+FFFF between one pair of Han in 50", _between_han("\uffff", 0.02)
        ),
        "characters/radical": Damage("a tenth of those that can be radicals", swap(_kangxi(), 0.1)),
        "characters/compatibility-ideograph": Damage(
            "a tenth of those that have such a form", swap(_compatibility(), 0.1)
        ),
        "characters/private-use": Damage(
            "characters of HKSCS, in Cantonese", swap(hkscs), "other/yue-ctcpc-sentences"
        ),
        "characters/width": Damage(
            "one character of a number or word in full width, in a tenth of them",
            _matches("[0-9A-Za-z]{2,}", 0.1),
            options={"extend_select": ["characters/width"]},
        ),
        "characters/look-alike": Damage(
            "one Cyrillic letter in a tenth of the Latin words",
            _matches("[A-Za-z]{4,}", 0.1, _CYRILLIC),
        ),
        "characters/html-entity": Damage("all signs that have an entity", swap(_ENTITIES)),
        "characters/html-tag": Damage(
            "<br> at the end of a third of the lines", _tags, options={"extend_select": ["characters/html-tag"]}
        ),
        "characters/copy-noise": Damage("the noise of Discuz! at each line break", _noise),
        "characters/decomposed": Damage("Latin letters with marks, taken apart", _decompose),
        "characters/ligature": Damage("ff, fi and fl of words, each as one character", _ligate),
        "characters/object": Damage(
            "U+FFFC, where a picture stood, before a line in ten", _before_lines("\ufffc", 0.1),
            options={"extend_select": ["characters/object"]},
        ),
        "glosses/leaked-pinyin": Damage(
            "readings after a third of the Traditional characters", _leak, "zh-Hant"
        ),
        "punctuation/title-marks": Damage("all marks flattened", _flatten(_TITLES, "《》")),
        "punctuation/reversed-quotes": Damage(
            "a tenth of the curly quotes turned", swap({"“": "”", "”": "“"}, 0.1), "zh-Hans",
            options={"extend_select": ["punctuation/reversed-quotes"]},
        ),
        "punctuation/doubled": Damage(
            "one mark in three twice", _marks("{0}{0}", 0.3),
            options={"extend_select": ["punctuation/doubled"]},
        ),
        "punctuation/space-before-mark": Damage(
            "a space before one mark in three", _marks(" {}", 0.3),
            options={"extend_select": ["punctuation/space-before-mark"]},
        ),
        "punctuation/widened": Damage(
            "the marks of thousands and addresses made full-width", _matches(_IN_NUMBERS, 1.0, _WIDE)
        ),
        "punctuation/space-between-han": Damage("a sentence of a line spaced out", _spaced),
        "debris/empty-brackets": Damage(
            "what stood in brackets is gone", _empty_brackets,
            options={"extend_select": ["debris/empty-brackets"]},
        ),
    }  # fmt: skip
    for name, marks in _MARKS.items():
        found[f"punctuation/{name}"] = Damage("all marks flattened", _flatten(_FLAT, marks))
    return found
