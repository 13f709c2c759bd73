"""Reading bytes: any bytes come back, known damage is located, hostile bytes too."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jiaokan
from jiaokan.repair.decode import decode_document, encode_document
from jiaokan.repair.decode.codecs import decode_bytes, encode_text
from jiaokan.repair.decode.screening import clear_gb18030
from jiaokan.repair.decode.tables import GB18030_2022, PAIR_LEADS
from jiaokan.repair.decode.wide import wide_costs
from jiaokan.validators.values import Document, Finding

HANS = "今天的会议改在下午三点举行，请各位准时参加，并带上上周的材料。\n"
HANT = "今天的會議改在下午三點舉行，請各位準時參加，並帶上上週的資料。\n"
ENCODINGS = (*sorted(PAIR_LEADS), "utf-8", "cp1252", "koi8-r", "hz", "iso2022_jp", "utf-16-le")

pieces = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([HANS, HANT, "abc\n", "\x1b[1m", "~{", "\r\n", "ｱｲｳ", "ḿ龴", "十卅"]).flatmap(
        lambda text: st.sampled_from(ENCODINGS).map(
            lambda name: text.encode(_python(name), "ignore")
        )
    ),
    st.sampled_from(
        [b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x84\x31\x95\x33", b"\x8e\xa2\xa1\xa1"]
    ),
)


def _python(name: str) -> str:
    return {"euc-tw": "cp950", "big5-uao": "big5hkscs"}.get(name, name)


def read(data: bytes) -> tuple[Document, dict[str, Finding]]:
    document, findings = decode_document(data)
    decoding = document.decoding
    assert decoding is not None
    assert encode_document(document.text, decoding) == data
    at, start = len(decoding.bom), 0
    for run in decoding.runs:
        assert (run.byte_start, run.start) == (at, start)
        at, start = run.byte_end, run.end
    assert (at, start) == (len(data), len(document.text))
    assert all(0 <= f.start <= f.end <= len(document.text) for f in findings)
    return document, {finding.rule: finding for finding in findings}


@settings(max_examples=120)
@given(st.lists(pieces, max_size=8).map(b"".join))
def test_any_bytes_come_back(data: bytes) -> None:
    read(data)
    assert jiaokan.undo(jiaokan.Repairer(unsafe=True).repair(data)) == data


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_what_we_write_is_read_as_utf8(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    if text.isascii():  # seven-bit encodings and UTF-16 look like that
        data += "。".encode()
    document, _ = read(data)
    assert document.decoding is not None and document.decoding.encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "cp950", "big5hkscs", "big5-uao", "euc-tw"])
def test_every_code_comes_back(encoding: str) -> None:
    lead = 0x81
    for first in range(lead, 0xFF):
        codes = [bytes((first, second)) for second in range(0x40, 0xFF)]
        for code in codes:
            try:
                text = decode_bytes(code, encoding)
            except UnicodeDecodeError:
                continue
            again = encode_text(text, encoding)
            assert decode_bytes(again, encoding) == text


def test_gb18030_is_the_edition_of_2022() -> None:
    for code, code_point in GB18030_2022.items():
        assert decode_bytes(code.to_bytes(2, "big"), "gb18030") == chr(code_point)
        assert encode_text(chr(code_point), "gb18030") == code.to_bytes(2, "big")


@pytest.mark.parametrize(
    ("encoding", "least"), [("utf-8", 40), ("gbk", 34), ("cp950", 30), ("utf-16-le", 34)]
)
def test_a_missing_byte_is_located(encoding: str, least: int) -> None:
    text = (HANT if encoding == "cp950" else HANS) * 3
    data = text.encode(encoding)
    # Where an ASCII byte is left over from a character, it may just be ASCII.
    high = [i for i in range(10, len(data) - 10) if min(data[i - 2 : i + 3]) >= 0x80]
    if encoding == "utf-16-le":
        high = list(range(10, len(data) - 10))
    right = 0
    for at in random.Random(1).choices(high, k=40):
        document, findings = read(data[:at] + data[at + 1 :])
        lost = findings.get("encoding/undecodable")
        head, _, tail = document.text.partition("\ufffd")
        near = lost is not None and abs(int(str(lost.evidence["byte"])) - at) <= 2
        others_right = text.startswith(head) and text.endswith(tail)
        right += near and others_right and len(head) + len(tail) == len(text) - 1
    assert right >= least


@pytest.mark.parametrize(("one", "other"), [("gbk", "utf-8"), ("cp950", "utf-8"), ("gbk", "cp950")])
def test_lines_of_two_encodings(one: str, other: str) -> None:
    texts = [HANT if name == "cp950" else HANS for name in (one, other, one, one, other)]
    names = (one, other, one, one, other)
    data = b"".join(text.encode(name) for text, name in zip(texts, names, strict=True))
    document, findings = read(data)
    assert document.text == "".join(texts)
    assert "encoding/mixed" in findings


def test_a_declaration_weighs_but_does_not_decide() -> None:
    declared = b'<?xml version="1.0" encoding="big5"?>'
    assert "encoding/declared-wrong" in read(declared + HANS.encode("gbk"))[1]
    assert "encoding/declared-wrong" not in read(declared + HANT.encode("big5"))[1]


def hostile() -> dict[str, bytes]:
    noise = random.Random(7)
    return {
        "random": noise.randbytes(1 << 20),
        "one byte": b"\xff" * (1 << 20),
        "lead bytes": b"\x81" * (1 << 20),
        "no newline": ("谁也没有说话" * 30000).encode("gbk"),
        "no newline, damaged": ("谁也没有说话" * 30000).encode("gbk")[1:],
        "alternating": ("中".encode("gbk") + "文".encode() + "國".encode("big5")) * 20000,
        "random GBK": bytes(noise.randrange(0x81, 0xFF) for _ in range(1 << 18)),
        "random ASCII and high": bytes(noise.choice((0x41, 0xB0, 0xE4)) for _ in range(1 << 18)),
        "nuls": b"\0" * (1 << 20),
        "surrogates": b"\xff\xfe" + b"\x00\xd8" * (1 << 18),
    }


def test_a_long_line_stays_in_step_after_damage() -> None:
    text = "风吹过山坡，草低下头去，谁也没有说话，远处的狗叫了两声又停了。" * 400
    document, _ = read(text.encode("gbk")[1:])
    assert document.text == "\ufffd" + text[1:]


@pytest.mark.parametrize("encoding", ["gbk", "cp950", "shift_jis"])
def test_blocks_end_with_a_character(encoding: str) -> None:
    text = "x" + "山路下大木一日月中人" * 70000
    document, findings = read(text.encode(encoding))
    assert document.text == text
    assert set(findings) <= {"encoding/legacy", "encoding/uncertain"}


@pytest.mark.parametrize("kind", list(hostile()))
def test_hostile_bytes_come_back(kind: str) -> None:
    data = hostile()[kind]
    document, _ = decode_document(data)
    assert document.decoding is not None
    assert encode_document(document.text, document.decoding) == data


def test_the_codec_tables_are_what_the_recipe_makes() -> None:
    recipe = pytest.importorskip("recipes.codecs")
    sources = pytest.importorskip("recipes.sources")
    try:
        built = recipe.build()
    except sources.SourceMissingError as missing:
        pytest.skip(str(missing))
    for path, content in built.items():
        assert (Path(__file__).parent.parent / path).read_text("utf-8") == content


@pytest.mark.parametrize(
    ("before", "lost", "after"),
    [
        ("我們去年就開始了基礎建", "設", "、要讓大家放心地走路。"),
        ("這次討論的重點是", "國", "家來對地方說明。"),
        ("他在信裡寫到", "家", "人都很平安。"),
    ],
)
def test_a_missing_trail_byte_does_not_take_the_next_lead_for_its_own(
    before: str, lost: str, after: str
) -> None:
    start = "今天的會議開得很長，大家都有點累。"
    data = (start + before).encode("big5") + lost.encode("big5")[:1] + after.encode("big5")
    document, found = read(data + b"\n")
    assert document.text == f"{start}{before}\ufffd{after}\n"
    offset = int(str(found["encoding/undecodable"].evidence["byte"]))
    assert abs(offset - len((start + before).encode("big5"))) <= 3


def test_clear_gbk_is_told_at_a_glance_and_japanese_and_korean_are_not() -> None:
    for text in (HANS * 5, HANT * 5):
        assert clear_gb18030(text.encode("gb18030")) is not None
    kana = "あしたのかいぎは三時からです。資料を持ってきてください。\n" * 8
    hangul = "내일 회의는 세 시에 시작합니다. 자료를 가져오십시오.\n" * 8
    for data in (kana.encode("euc_jp"), hangul.encode("euc_kr"), (HANT * 5).encode("big5")):
        assert clear_gb18030(data) is None
    assert clear_gb18030(HANS.encode("gb18030")) is None  # too short to be clear


def test_ascii_is_no_utf_16_however_strange_it_is() -> None:
    assert not wide_costs(b"p451\nV##number##\nQ7x@Zk$9\n" * 200)
    for strange in (b"\0\0\n \x0e&\0", b"N-NN\\u4e2dN&\x0e", b"Q&A\x0e\0\0 ok"):
        assert decode_document(strange)[0].text == strange.decode()
    assert "utf-16-le" in wide_costs(HANS.encode("utf-16-le"))


def test_wide_encodings_are_weighed_on_as_many_bytes_as_the_others() -> None:
    data = (HANS * 200).encode("utf-16-le")
    some, more = (wide_costs(data[:size])["utf-16-le"] for size in (4096, 6144))
    assert more > 1.3 * some


EUROPE = {
    "German": ("cp1252", "Der Bär lag müde im Gras und hörte über dem Tal die Glocken läuten."),
    "Norwegian": (
        "cp1252",
        "Han gikk over brua på vei til fjøset, så de små båtene lå ute på fjorden.",
    ),
    "French": ("cp1252", "Le préfet a reçu hier les élèves du collège près de la forêt."),
    "Spanish": ("cp1252", "El niño miró la montaña y preguntó cuándo volvería el pequeño tren."),
    "Croatian": (
        "iso8859-2",
        "Žena je pošla kući, a dječak je čekao kraj ceste gdje šumi rječica.",
    ),
    "Italian": (
        "cp1252",
        "La città è più bella la sera, perché la gente esce e c'è aria di festa.",
    ),
}


@pytest.mark.parametrize("language", list(EUROPE))
@pytest.mark.parametrize("plain_lines", [0, 2, 12])
def test_accented_letters_are_no_chinese(language: str, plain_lines: int) -> None:
    encoding, sentence = EUROPE[language]
    text = (sentence + "\n" + "A line of plain text stands here.\n" * plain_lines) * 20
    document, _ = read(text.encode(encoding))
    assert document.text == text


def test_a_table_of_kana_is_no_euc_tw() -> None:
    text = "# 半角→全角変換表\n" + "".join(
        f"{a}\t{b}\n" for a, b in zip("アイウエオカキクケコ", "あいうえおかきくけこ", strict=True)
    )
    document, _ = read(text.encode("euc_jp"))
    assert document.decoding is not None and document.decoding.encoding != "euc-tw"


OF_THREE_BYTES = (
    "河边的柳树都绿了，孩子们在堤上放风筝。\n\n老人说：“今年的春天来得早，参加植树的人比去年多。”\n"
)


@pytest.mark.parametrize("width", range(7, 40))
@pytest.mark.parametrize("line_break", [b"\n", b"\r\n"])
def test_breaks_within_characters_of_utf8(width: int, line_break: bytes) -> None:
    """As `fold -b` leaves them: they are put after the character, and come back."""
    lines = OF_THREE_BYTES.encode().split(b"\n")
    folded = b"\n".join(
        line_break.join(line[at : at + width] for at in range(0, len(line), width))
        for line in lines
    )
    document, _ = decode_document(folded)
    assert document.text.replace("\r", "").replace("\n", "") == OF_THREE_BYTES.replace("\n", "")
    assert document.decoding and encode_document(document.text, document.decoding) == folded


def test_bytes_that_were_made_blanks() -> None:
    """A0, a no-break space in Latin-1, wherever it was; the characters of which it was one are told."""
    damaged = OF_THREE_BYTES.encode().replace(b"\xa0", b" ")
    document, found = decode_document(damaged)
    assert document.text == OF_THREE_BYTES and damaged != OF_THREE_BYTES.encode()
    assert any("A byte of '加' at byte" in finding.message for finding in found)
    assert document.decoding and encode_document(document.text, document.decoding) == damaged
    kept = damaged + "堠".encode()  # not all were
    assert decode_document(kept)[0].text != OF_THREE_BYTES + "堠"


@pytest.mark.parametrize("latin", ["Café \xa9 Paris\n", "Un café  \nfini.\n", "caf\xe9 \xab"])
def test_letters_before_blanks_are_no_such_characters(latin: str) -> None:
    data = latin.encode("latin-1")
    document, _ = decode_document(data)
    assert "é" in document.text
    assert document.decoding and encode_document(document.text, document.decoding) == data
