"""Misread text brought back, by path and length; the real accident; and what clean text suffers.

Sentences and fragments are of the report halves, drawn with a fixed seed, misread by Python's codecs
(those of Windows with C1 controls for their holes), kept where nothing is lost on the way, and mended each
by itself. `wrong` counts texts that came out neither right nor as they went in. ftfy runs with the
settings that harm Chinese (width, quotes) off. The table is of a share of 0.2: of up to 300 texts a row, 100 for
chains and phrases.
"""

import difflib
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

import ftfy

import jiaokan
from tests.accuracy.rows import Row, percent
from tests.accuracy.sets import documents, half_of, json_lines, prose_sets, rank_of

OTHERS = ("encoding", "characters", "glosses", "lines", "script", "punctuation", "debris")
_OTHERS = (
    "cp1250", "cp1251", "cp1254", "cp1258", "cp850", "cp852", "cp857", "cp866", "mac-roman",
)  # fmt: skip
"""Pages that are the default of some system."""
CODECS = {
    "utf8": "utf-8", "gbk": "gb18030", "latin1": "latin-1", "big5": "cp950", "latin9": "iso8859-15",
    "latin2": "iso8859-2", "cp437": "cp437", "shift-jis": "cp932", "euc-kr": "cp949", "koi8r": "koi8-r",
    "cp1252": "cp1252", **{name: name for name in _OTHERS},
}  # fmt: skip
WRONG = ("gbk", "latin1", "cp1252", "big5", "cp437", "shift-jis", "euc-kr", "koi8r")
PATHS = (
    *(("utf8", wrong) for wrong in WRONG),
    *(("gbk", wrong) for wrong in WRONG if wrong != "gbk"),
    *(("big5", wrong) for wrong in ("gbk", "latin1", "cp1252", "cp437", "koi8r")),
    *(
        (true, wrong)
        for wrong in ("latin9", "latin2", *_OTHERS)
        for true in ("utf8", "gbk", "big5")
    ),
)
CHAINS = (
    (("utf8", "latin1"), ("utf8", "latin1")), (("utf8", "cp1252"), ("utf8", "cp1252")),
    (("utf8", "latin1"), ("utf8", "gbk")), (("utf8", "gbk"), ("utf8", "latin1")),
    (("utf8", "gbk"), ("utf8", "cp1252")), (("utf8", "gbk"), ("utf8", "gbk")),
    (("gbk", "latin1"), ("utf8", "latin1")), (("gbk", "latin1"), ("utf8", "gbk")),
    (("gbk", "koi8r"), ("utf8", "latin1")), (("utf8", "cp437"), ("utf8", "gbk")),
    (("utf8", "latin1"),) * 3, (("utf8", "cp1252"), ("utf8", "latin1"), ("utf8", "gbk")),
)  # fmt: skip
SIMPLIFIED = ("zh-Hans/wikipedia", "zh-Hans/prc-laws", "zh-Hans/lctt-tech-news")
TRADITIONAL = (
    "zh-Hant/wikipedia", "zh-Hant/tw-tainan-news", "zh-Hant/tw-president-news",
    "other/yue-ctcpc-sentences", "other/lzh-vernacular-novels-hant",
)  # fmt: skip
LENGTHS = {"12 to 60": (12, 60), "4 to 11": (4, 11), "2 to 3": (2, 3)}
_FTFY = ftfy.TextFixerConfig(fix_character_width=False, uncurl_quotes=False)


def measure(share: float) -> Iterator[Row]:
    repairer = jiaokan.Repairer(ignore=OTHERS)
    count = max(int(1500 * share), 30)
    for label, (low, high) in LENGTHS.items():
        target = {12: ">= 99.9%", 4: ">= 98%", 2: ">= 70%, nothing wrong"}[low]
        for true, wrong in PATHS:
            pairs = list(islice(_misread(((true, wrong),), low, high, count * 15), count))
            yield _row(f"{true} as {wrong}, {label} characters", target, pairs, repairer)
    for label, (low, high) in LENGTHS.items():
        yield _half_mended(label, low, high, count, repairer)
    for chain in CHAINS:
        pairs = list(islice(_misread(chain, 12, 60, count * 15), count // 3 or 1))
        name = ", then ".join(f"{true} as {wrong}" for true, wrong in chain)
        yield _row(f"chain: {name}", ">= 99.9%", pairs, repairer)
    yield from _phrases(repairer, count)
    yield from _lossy(repairer, count)
    yield from _accident(repairer)
    yield _clean(repairer, share)


def misread(text: str, true: str, wrong: str) -> str:
    """The text as a wrong decoder shows it. Raises UnicodeError where it cannot."""
    data = text.encode(CODECS[true])
    if wrong.startswith("cp125"):
        return "".join(bytes((byte,)).decode(wrong, "ignore") or chr(byte) for byte in data)
    return data.decode(CODECS[wrong])


def _row(name: str, target: str, pairs: list[tuple[str, str]], repairer: jiaokan.Repairer) -> Row:
    right = wrong = theirs = 0
    for good, shown in pairs:
        text = repairer.repair(shown).text
        right += text == good
        wrong += text not in (good, shown)
        theirs += ftfy.fix_text(shown, _FTFY) == good
    return Row(
        name, target, percent(right, len(pairs), 2), {"ftfy": percent(theirs, len(pairs))},
        f"{wrong} wrong" if pairs else "no sample of this length survives this path",
    )  # fmt: skip


def _half_mended(label: str, low: int, high: int, count: int, repairer: jiaokan.Repairer) -> Row:
    """GBK seen as Latin-1 that ftfy made something else of."""
    shown = _misread((("gbk", "latin1"),), low, high, count * 15)
    pairs = [(good, ftfy.fix_text(text, _FTFY), text) for good, text in islice(shown, count)]
    changed = [(good, text) for good, text, before in pairs if text != before]
    out = [(good, repairer.repair(text).text) for good, text in changed]
    right = sum(good == text for good, text in out)
    return Row(
        f"gbk as latin1, then changed by ftfy, {label} characters", "",
        percent(right, len(out)), {"ftfy": percent(0, len(out))},
        f"Han restored; wrong ones put in: {_restored(out, '[一-鿿]')}",
    )  # fmt: skip


def _misread(
    chain: tuple[tuple[str, str], ...], low: int, high: int, tries: int
) -> Iterator[tuple[str, str]]:
    names = TRADITIONAL if chain[0][0] == "big5" else SIMPLIFIED + TRADITIONAL[:2]
    for good in islice(fragments(names, low, high), tries):
        shown = good
        try:
            for true, wrong in chain:
                if (
                    CODECS[true] != "utf-8"
                    and shown.encode(CODECS[true]).decode(CODECS[true]) != shown
                ):
                    raise UnicodeError  # another character with the same code: lost by writing
                shown = misread(shown, true, wrong)
        except UnicodeError:
            continue
        if shown != good:
            yield good, shown


def fragments(names: tuple[str, ...], low: int, high: int) -> Iterator[str]:
    """Whole sentences, or from 11 characters down runs of Han cut out of them; without end."""
    draw = random.Random(20260)
    pools = list(map(_sentences, names))
    while True:
        sentence = draw.choice(draw.choice(pools))
        if high > 11:
            if low <= len(sentence) <= high and len(re.findall("[一-鿿]", sentence)) >= 8:
                yield sentence
            continue
        runs = re.findall(f"[一-鿿]{{{low},}}", sentence)
        if runs:
            run = draw.choice(runs)
            length = draw.randint(low, min(high, len(run)))
            start = draw.randint(0, len(run) - length)
            yield run[start : start + length]


@cache
def _sentences(name: str) -> list[str]:
    pool: list[str] = []
    for document in documents(name, "report"):
        pool += filter(None, map(str.strip, re.split(r"(?<=[。！？])|\n", document)))
        if len(pool) > 12_000:
            break
    return pool


def _phrases(repairer: jiaokan.Repairer, count: int) -> Iterator[Row]:
    """A phrase of four to ten characters, misread, inside its own good sentence."""
    draw = random.Random(7)
    for true, wrong in PATHS:
        names = TRADITIONAL if true == "big5" else SIMPLIFIED
        pairs = []
        for sentence in islice(fragments(names, 20, 60), count * 10):
            start = draw.randrange(4, len(sentence) - 12)
            end = start + draw.randint(4, 10)
            if not re.fullmatch("[一-鿿，、]+", sentence[start:end]):
                continue
            try:
                shown = (
                    sentence[:start] + misread(sentence[start:end], true, wrong) + sentence[end:]
                )
            except UnicodeError:
                continue
            pairs.append((sentence, shown))
            if len(pairs) >= count // 3:
                break
        yield _row(f"a phrase in a good sentence: {true} as {wrong}", ">= 95%", pairs, repairer)


def _lossy(repairer: jiaokan.Repairer, count: int) -> Iterator[Row]:
    """What a page shows nothing for, or has in private use, dropped or replaced after the last misreading."""
    sentences = list(islice(fragments(SIMPLIFIED + TRADITIONAL[:2], 12, 60), count))
    for wrong in ("cp1252", "latin1", "gbk"):
        for times in (1, 2):
            seen = [(good, _misread_with_loss(good, wrong, times)) for good in sentences]
            for name, sign in (("dropped", ""), ("as ?", "?"), ("as U+FFFD", "\ufffd")):
                shown = [(good, _SILENT[wrong].sub(sign, text)) for good, text in seen]
                much = "once" if times == 1 else "twice"
                yield _lossy_row(
                    f"utf8 as {wrong}, {much}, what is invisible {name}", repairer, shown
                )
    for codec in ("gbk", "gb18030", "cp950", "cp932", "cp949"):
        for name, sign in (("?", "?"), ("U+FFFD", "\ufffd")):
            shown = [
                (good, good.encode().decode(codec, "replace").replace("\ufffd", sign))
                for good in sentences
            ]
            yield _lossy_row(
                f"utf8 as Python's {codec}, {name} for each byte it cannot read", repairer, shown
            )
    yield _of_stops(repairer, count)
    yield from _lossy_pairs(repairer, count)
    traditional = [
        sentence.encode("gbk", "ignore").decode("gbk")
        for sentence in islice(fragments(TRADITIONAL[1:3], 12, 60), count)
    ]
    for codec in ("cp1252", "cp1250", "latin-1"):
        for name, sign in (("dropped", ""), ("as ?", "?"), ("as U+FFFD", "\ufffd")):
            shown = [
                (
                    good,
                    re.sub("[\x80-\x9f\ufffd]", sign, good.encode("gbk").decode(codec, "replace")),
                )
                for good in traditional
            ]
            yield _lossy_row(
                f"gbk of Traditional text as {codec}, what has no character {name}", repairer, shown
            )


def _lossy_pairs(repairer: jiaokan.Repairer, count: int) -> Iterator[Row]:
    """Pairs of bytes through another page's decoder, which stumbles over one byte at a time."""
    for names, true, codec in (
        (TRADITIONAL, "cp950", "gbk"), (SIMPLIFIED, "gbk", "cp950"), (SIMPLIFIED, "gbk", "cp949"),
        (SIMPLIFIED, "gbk", "cp932"),
    ):  # fmt: skip
        sentences = [
            sentence.encode(true, "ignore") for sentence in islice(fragments(names, 12, 60), count)
        ]
        for name, sign in (("dropped", ""), ("as ?", "?"), ("as U+FFFD", "\ufffd")):
            shown = [
                (data.decode(true), data.decode(codec, "replace").replace("\ufffd", sign))
                for data in sentences
            ]
            yield _lossy_row(
                f"{true} as Python's {codec}, bytes that it cannot read {name}", repairer, shown
            )


def _of_stops(repairer: jiaokan.Repairer, count: int) -> Row:
    """Lines of which Python's gbk loses the last byte: their marks brought back, left as a gap, or wrong."""
    found = Counter[str]()
    for name in prose_sets():
        lines = (line.strip() for text in documents(name, "report") for line in text.split("\n"))
        shown = (
            (line, f"{line}\n".encode().decode("gbk", "replace"))
            for line in lines
            if 8 <= len(line) <= 200 and line.encode("utf-8", "replace")[-3:-1] == b"\xe3\x80"
        )
        lost = list(islice(((good, text) for good, text in shown if text[-2] == "\ufffd"), count))
        for good, text in lost:
            last = repairer.repair(text).text.rstrip("\n")[-1:]
            found["right" if last == good[-1] else "gap" if last == "\ufffd" else "wrong"] += 1
    return Row(
        "the last mark of a line, E3 80 left of it, by Python's gbk", "",
        percent(found["right"], found.total()), note=f"{found['wrong']} wrong, {found['gap']} a gap",
    )  # fmt: skip


def _lossy_row(name: str, repairer: jiaokan.Repairer, shown: Sequence[tuple[str, str]]) -> Row:
    out = [(good, repairer.repair(text).text, text) for good, text in shown]
    theirs = [(good, ftfy.fix_text(text, _FTFY), text) for good, text in shown]
    return Row(
        f"{name}: Han restored; wrong Han put in", "<= 0.05% wrong", _restored_of_changed(out),
        {"ftfy": _restored_of_changed(theirs)},
        f"{sum(text == good for good, text, _ in out)} of {len(out)} exact, "
        f"{sum(text == before for _, text, before in out)} untouched",
    )  # fmt: skip


_SILENT = {
    "cp1252": re.compile("[\x80-\x9f]"), "latin1": re.compile("[\x80-\x9f]"),
    "gbk": re.compile("[\ue000-\uf8ff]"),
}  # fmt: skip


def _misread_with_loss(text: str, wrong: str, times: int) -> str:
    """Misread as `misread` does it; bytes that GBK has not at all become `?`."""
    for _ in range(times):
        if wrong == "gbk":
            text = text.encode().decode("gb18030", "replace").replace("\ufffd", "?")
        else:
            text = misread(text, "utf8", wrong)
    return text


def _restored_of_changed(texts: list[tuple[str, str, str]]) -> str:
    """The same as `_restored`; what was left as it was holds nothing that was put in."""
    return _restored(
        [(good, "" if text == before else text) for good, text, before in texts], "[一-鿿]"
    )


def _accident(careful: jiaokan.Repairer) -> Iterator[Row]:
    bold = jiaokan.Repairer(ignore=OTHERS, unsafe=True)
    for name, letters in (("pairs_zh", r"[一-鿿]"), ("pairs_ja_ko_other", r"[一-鿿ぁ-ヿ가-힣]")):
        records = [
            record
            for record in json_lines("mojibake", "pkv-sync", f"{name}.jsonl")
            if half_of(record["good"]) == "report"
        ]
        plain = [
            (r["good"], r["bad"].encode("gb18030", "replace").decode("utf-8", "replace"))
            for r in records
        ]
        theirs = [(r["good"], ftfy.fix_text(r["bad"], _FTFY)) for r in records]
        for label, repairer, target in (
            ("default", careful, ">= 96%; <= 0.1% wrong"),
            ("unsafe", bold, ">= 98%; <= 0.1% wrong"),
        ):
            ours = [(r["good"], repairer.repair(r["bad"]).text) for r in records]
            yield Row(
                f"pkv-sync {name}, a line at a time, {label}: letters restored; wrong ones put in",
                target,
                _restored(ours, letters),
                {"ftfy": _restored(theirs, letters), "plain inversion": _restored(plain, letters)},
                f"{sum(a == b for a, b in ours)} of {len(ours)} lines exact",
            )


def _restored(pairs: list[tuple[str, str]], letters: str) -> str:
    total = same = wrong = 0
    for good, text in pairs:
        total += len(re.findall(letters, good))
        for tag, a, b, c, d in difflib.SequenceMatcher(
            None, good, text, autojunk=False
        ).get_opcodes():
            if tag == "equal":
                same += len(re.findall(letters, good[a:b]))
            else:
                wrong += len(re.findall(letters, text[c:d]))
    return f"{100 * same / total:.1f}%; {100 * wrong / total:.2f}%" if total else "nothing"


def _clean(repairer: jiaokan.Repairer, share: float) -> Row:
    size = changed = theirs = lines = 0
    for name in prose_sets():
        good = (d for d in documents(name, "report") if rank_of(d) < share)
        for out in repairer.repair_many(good):
            size += len(out.document.text)
            changed += len(out.edits)
            for line in out.document.text.split("\n")[:5]:
                lines += 1
                theirs += ftfy.fix_text(line) != line
    return Row(
        f"edits in clean text ({size / 1e6:.1f} M code points, every set)",
        "0 in 10 million characters",
        str(changed),
        {"ftfy": f"changes {percent(theirs, lines)} of lines (its defaults)"},
    )
