"""Bytes read rightly, on the reporting half; peers' labels are decoded with Python's codecs.

"Right" is the whole text, code point for code point. In the rows about a missing byte the lost
character may be U+FFFD or absent, all others must stand; "named" means a finding gives the byte
offset within three bytes. Where a byte like the lost one stands beside it across the border of two
characters, the same bytes are left whichever is lost, and no reader can tell: the note counts those
that are read the other way.
"""

import random
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import cchardet
import chardet
import charset_normalizer

from jiaokan.repair.decode import decode_document
from jiaokan.validators.values import Document, Finding
from tests.accuracy.rows import Row, percent
from tests.accuracy.sets import SHARED, documents, rank_of

HANS = (
    "zh-Hans/lctt-tech-news",
    "zh-Hans/prc-laws",
    "zh-Hans/wikipedia",
    "zh-Hans/d2l-zh-textbook",
)
HANT = ("zh-Hant/tw-tainan-news", "zh-Hant/tw-president-news", "zh-Hant/wikipedia")
SAMPLE = 1000
"""Fragments of a row at full share."""

Reader = Callable[[bytes], str | None]


def read(data: bytes) -> tuple[Document, list[Finding]]:
    document, findings = decode_document(data)
    return document, list(findings)


def _by_label(data: bytes, label: str | None) -> str | None:
    if not label:
        return None
    try:
        return data.decode(label)
    except (LookupError, UnicodeDecodeError):
        return None


def _normalizer(data: bytes) -> str | None:
    best = charset_normalizer.from_bytes(data).best()
    return None if best is None else str(best)


PEERS: dict[str, Reader] = {
    "chardet": lambda data: _by_label(data, chardet.detect(data)["encoding"]),
    "charset-normalizer": _normalizer,
    "faust-cchardet": lambda data: _by_label(data, cchardet.detect(data)["encoding"]),
}


@cache
def _sources(names: tuple[str, ...]) -> list[list[str]]:
    found = []
    for name in names:
        texts = (text for text in documents(name, "report") if rank_of(text) < 0.3)
        found.append([text for text, _ in zip(texts, range(1500), strict=False)])
    return found


def fragments(names: tuple[str, ...], length: int, encoding: str, count: int) -> Iterator[str]:
    """Random pieces of lines, half of them Han at least, that the encoding can write."""
    choose = random.Random(f"{names}{length}{encoding}")
    sources = _sources(names)
    made = tries = 0
    while made < count and tries < 400 * count:
        tries += 1
        text = choose.choice(choose.choice(sources))
        if len(text) <= length:
            continue
        at = choose.randrange(len(text) - length)
        piece = text[at : at + length]
        other = sum(character > "\u2e7f" for character in piece)
        if "\n" in piece or other * 2 < length:
            continue
        try:
            piece.encode(encoding)
        except UnicodeEncodeError:
            continue
        made += 1
        yield piece


def measure(share: float) -> Iterator[Row]:
    count = max(20, int(SAMPLE * share))
    yield from _fragments(count)
    yield from _mixed(count // 4)
    yield from _missing(count // 2)
    yield from _folders(share)
    yield from _harm(share)
    yield from _curve(count)
    yield from _speed(share)


def _compared(measure: str, target: str, samples: list[tuple[bytes, str]]) -> Row:
    right = sum(read(data)[0].text == text for data, text in samples)
    peers = {
        name: percent(sum(reader(data) == text for data, text in samples), len(samples))
        for name, reader in PEERS.items()
    }
    return Row(measure, target, percent(right, len(samples)), peers)


def _fragments(count: int) -> Iterator[Row]:
    ja, ko = ("other/ja-manpages",), ("other/ko-libreoffice-help",)
    sets = (
        ("gbk", HANS), ("big5", HANT), ("utf-16-le", HANS + HANT), ("utf-16-be", HANS + HANT),
        ("big5hkscs", ("other/yue-ctcpc-sentences",)), ("hz", HANS),
        ("shift_jis", ja), ("euc_jp", ja), ("euc_kr", ko),
    )  # fmt: skip
    targets = {4: {"gbk": "≥ 98%", "big5": "≥ 92%", "utf-16-le": "≥ 90%", "utf-16-be": "≥ 90%"}}
    targets[16] = dict.fromkeys(targets[4], "≥ 99.5%")
    for length in (4, 16, 50):
        for encoding, names in sets:
            samples = [(t.encode(encoding), t) for t in fragments(names, length, encoding, count)]
            target = targets.get(length, {}).get(encoding, "above every peer")
            yield _compared(f"{encoding}, {length} characters", target, samples)


def _mixed(count: int) -> Iterator[Row]:
    for one, other, target in (
        ("gbk", "utf-8", "≥ 98%"), ("big5", "utf-8", "≥ 98%"), ("gbk", "big5", "≥ 90%"),
    ):  # fmt: skip
        right = lines = 0
        files: list[tuple[bytes, str]] = []
        choose = random.Random(one + other)
        pools = [
            iter(list(fragments(HANT if "big5" in (name, one) and name != "gbk" else HANS, 24, name, 6 * count)))
            for name in (one, other)
        ]  # fmt: skip
        for _ in range(count):
            kinds = [0, 1, *(choose.randrange(2) for _ in range(4))]
            choose.shuffle(kinds)
            texts = [next(pools[kind], "") + "\n" for kind in kinds]
            data = b"".join(
                text.encode((one, other)[kind]) for text, kind in zip(texts, kinds, strict=True)
            )
            got = read(data)[0].text.split("\n")
            right += sum(a + "\n" == b for a, b in zip(got, texts, strict=False))
            lines += len(texts)
            files.append((data, "".join(texts)))
        peers = {
            name: percent(sum(reader(data) == text for data, text in files), len(files))
            for name, reader in PEERS.items()
        }
        yield Row(
            f"lines of a {one} and {other} mix", target, percent(right, lines), peers,
            "peers: whole files",
        )  # fmt: skip
    right = total = 0
    inside = list(fragments(HANS, 8, "gbk", 2 * count))
    for outer, inner in zip(inside[::2], inside[1::2], strict=False):
        data = f"2024-05-01 INFO {outer}: C:/".encode() + inner.encode("gbk") + b"/a.txt ok\n"
        total += 1
        right += read(data * 1)[0].text == f"2024-05-01 INFO {outer}: C:/{inner}/a.txt ok\n"
    yield Row("a GBK path inside a UTF-8 line", "", percent(right, total))


def _missing(count: int) -> Iterator[Row]:
    for encoding, names in (("utf-8", HANS), ("gbk", HANS), ("big5", HANT), ("utf-16-le", HANS)):
        others = named = total = left = named_of_left = alike = 0
        choose = random.Random(encoding)
        for text in fragments(names, 60, encoding, count):
            wide = encoding.startswith("utf-16")
            place = choose.choice([i for i in range(5, 55) if text[i] > "\u007f"])
            before, lost = text[:place].encode(encoding), text[place].encode(encoding)
            at = len(before) + choose.randrange(len(lost))
            data = text.encode(encoding)
            data = data[:at] + data[at + 1 :]
            document, findings = read(data + ("\n".encode(encoding) if wide else b"\n"))
            got = document.text.rstrip("\n")
            stands = _stands(got, text, place)
            alike += not stands and any(
                _stands(got, text, other) for other in _losses_alike(text, place, at, encoding)
            )
            offsets = [f.evidence["byte"] for f in findings if f.rule in _LOCATED]
            near = any(abs(int(str(offset)) - at) <= 3 for offset in offsets)
            ascii_left = encoding == "big5" and at == len(before) and lost[1] < 0x80
            total += 1
            others += stands
            named += stands and near
            left += ascii_left
            named_of_left += ascii_left and stands and near
        notes = []
        if left:
            notes.append(f"of these {left} leave plain ASCII behind, {named_of_left} named")
        if alike:
            notes.append(f"{alike} more are read as if a neighbour had lost the same byte")
        note = "; ".join(notes)
        target = "≥ 98%" if encoding != "utf-16-le" else ""
        yield Row(
            f"one byte missing, {encoding}: others right", target, percent(others, total),
            note=note if alike else "",
        )  # fmt: skip
        yield Row(
            f"one byte missing, {encoding}: others right, offset named", target,
            percent(named, total), note=note,
        )  # fmt: skip


def _stands(got: str, text: str, place: int) -> bool:
    """Whether all characters but the one at a place are as they were, and that one is lost or marked."""
    head, tail = text[:place], text[place + 1 :]
    return got.startswith(head) and got.endswith(tail) and len(got) - len(text) in (-1, 0)


def _losses_alike(text: str, place: int, at: int, encoding: str) -> list[int]:
    """The neighbours of a character that leave the same bytes if they lose one: where the bytes on
    both sides of a border are alike, no reader can tell which of them is missing."""
    data = text.encode(encoding)
    without = data[:at] + data[at + 1 :]
    found = []
    for other in (place - 1, place + 1):
        start, end = (len(text[:stop].encode(encoding)) for stop in (other, other + 1))
        if any(data[:i] + data[i + 1 :] == without for i in range(start, end)):
            found.append(other)
    return found


_LOCATED = {"encoding/undecodable", "encoding/truncated", "encoding/half-character"}


def _folders(share: float) -> Iterator[Row]:
    root = SHARED / "bytes"
    truths = [
        (path.read_bytes(), (root / "xkx2001" / "utf8" / path.name).read_bytes().decode())
        for path in sorted((root / "xkx2001" / "gbk").iterdir())
        if (root / "xkx2001" / "utf8" / path.name).exists()
    ]
    yield _compared("bytes/xkx2001, files", "above every peer", _part(truths, share))
    for folder in ("char-dataset", "maplebbs-itoc", "pttbbs"):
        samples = []
        for path in sorted((root / folder).glob("*/*")):
            if path.parent.name in ("None", "big5-broken-or-uao"):
                continue
            text = _truth(path)
            if text is not None:
                samples.append((path.read_bytes(), text))
        yield _same(f"bytes/{folder}, files", "above every peer", _part(samples, share))
    for folder in ("cpython-cjkencodings", "vim", "glibc-iconvdata"):
        pairs = [(p.read_bytes(), t) for p, t in _pairs(root / folder / "pairs")]
        if pairs:
            yield _same(f"bytes/{folder}, files", "", pairs)


def _same(measure: str, target: str, samples: list[tuple[bytes, str]]) -> Row:
    """As `_compared`; symbols that editions of Big5 map differently count as equal."""
    plain = [(data, text.translate(_SYMBOLS)) for data, text in samples]
    right = sum(read(data)[0].text.translate(_SYMBOLS) == text for data, text in plain)
    peers = {
        name: percent(
            sum((reader(data) or "\0").translate(_SYMBOLS).lstrip("\ufeff") == text for data, text in plain),
            len(plain),
        )
        for name, reader in PEERS.items()
    }  # fmt: skip
    return Row(measure, target, percent(right, len(samples)), peers)


_SYMBOLS = str.maketrans("•､‾∼♁☉∕﹨¥¢£—―·・‥∥−〜", "‧﹑¯～⊕⊙／＼￥￠￡――‧‧‥‖－～")


def _part(samples: list[tuple[bytes, str]], share: float) -> list[tuple[bytes, str]]:
    return samples[:: max(1, round(1 / max(share, 0.05)))]


def _truth(path: Path) -> str | None:
    name = {"None": "", "johab": "johab"}.get(path.parent.name, path.parent.name)
    for encoding in (name, {"big5": "cp950", "gb2312": "gb18030", "shift_jis": "cp932",
                            "euc_kr": "cp949"}.get(name, name)):  # fmt: skip
        try:
            return path.read_bytes().decode(encoding).lstrip("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def _pairs(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.iterdir()):
        for twin in (path.with_name(f"{path.stem}-utf8.txt"), path.with_suffix(".utf8")):
            if twin.exists() and twin != path and not path.stem.endswith("-utf8"):
                yield path, twin.read_bytes().decode()
                break


def _harm(share: float) -> Iterator[Row]:
    for encoding, names in (
        ("gb18030", (*HANS, "zh-Hans/oi-wiki")),
        ("cp950", (*HANT, "other/lzh-classical-hant", "other/lzh-vernacular-novels-hant")),
        ("big5hkscs", ("other/yue-ctcpc-sentences",)),
        ("cp932", ("other/ja-manpages",)), ("cp949", ("other/ko-libreoffice-help",)),
    ):  # fmt: skip
        wrong = size = 0
        reported: list[Finding] = []
        for text in (t for texts in map(_sources, ((n,) for n in names)) for t in texts[0]):
            if rank_of(text) > 0.3 * share:
                continue
            data = _whole(text[:8000].encode(encoding, "ignore"), encoding)
            clean = data.decode(encoding)
            size += len(clean)
            document, findings = read(data)
            wrong += document.text != clean
            reported += (f for f in findings if f.rule in _LOCATED or f.rule == "encoding/mixed")
        yield Row(
            f"clean {encoding}: documents not read as written; damage reported",
            "0", f"{wrong}; {len(reported)} in {size / 1e6:.2f} M characters",
        )  # fmt: skip


def _whole(data: bytes, encoding: str) -> bytes:
    """The data as it is when written again: of two codes for a character the usual one."""
    return data.decode(encoding).encode(encoding)


def _curve(count: int) -> Iterator[Row]:
    """What the confidence says, and how often it is right."""
    bins: dict[float, list[bool]] = {}
    for length in (1, 2, 3, 4, 6, 8, 16):
        for encoding, names in (("gbk", HANS), ("big5", HANT), ("utf-16-le", HANS),
                                ("shift_jis", ("other/ja-manpages",)),
                                ("euc_kr", ("other/ko-libreoffice-help",))):  # fmt: skip
            for text in fragments(names, length, encoding, count // 3):
                data = text.encode(encoding)
                if _by_label(data, "utf-8") is not None:
                    continue  # is UTF-8, by decision
                document, _ = read(data)
                assert document.decoding is not None
                sure = document.decoding.confidence
                edge = next(e for e in (0.5, 0.7, 0.9, 0.97, 0.99, 1.01) if sure < e)
                bins.setdefault(edge, []).append(document.text == text)
    names_of = {0.5: "below 0.5", 0.7: "0.5 to 0.7", 0.9: "0.7 to 0.9", 0.97: "0.9 to 0.97",
                0.99: "0.97 to 0.99", 1.01: "0.99 to 1"}  # fmt: skip
    for edge, outcomes in sorted(bins.items()):
        yield Row(
            f"confidence {names_of[edge]}: right",
            "as it says",
            percent(sum(outcomes), len(outcomes)),
        )


def _speed(share: float) -> Iterator[Row]:
    text = "\n".join(t for texts in _sources(HANS) for t in texts)[: int(6e6 * max(share, 0.1))]
    for encoding, target in (("utf-8", "< 3 ms/MB more"), ("gbk", "≤ 2 ×")):
        data = text.encode(encoding, "ignore")
        ours = _timed(partial(decode_document, data))
        codec = _timed(partial(data.decode, encoding))
        more = (ours - codec) / len(data) * 1e9
        yield Row(
            f"time of {encoding}, {len(data) / 1e6:.1f} MB", target,
            f"{ours / codec:.1f} × the codec, {more:.1f} ms/MB more",
        )  # fmt: skip
    noise = random.Random(5).randbytes(int(1e8 * share))
    for name, data in (("random", noise), ("FF", b"\xff" * len(noise))):
        taken = _timed(partial(decode_document, data), 1)
        yield Row(
            f"{len(data) / 1e6:.0f} MB of {name} bytes without a newline", "ends", f"{taken:.1f} s"
        )


def _timed(work: Callable[[], object], times: int = 5) -> float:
    best = 1e9
    for _ in range(times):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best
