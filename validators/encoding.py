"""How bytes were read. These defects are noticed while decoding (`repair/decode`), not in text."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.values import Applicability, Finding, Rule, Settings
from jiaokan.validators.view import View

RULES: tuple[Rule, ...] = (
    Rule(
        "encoding/legacy",
        "The file is not in UTF-8.",
        Applicability.DISPLAY,
        """What is written out is UTF-8, so that every program reads it alike. The encoding is found
by how probable the text is that each encoding makes of the bytes, under a model of Chinese,
Japanese, Korean and some forty other languages; a declaration in the file weighs, but does not
decide. UTF-8, with or without a byte order mark, is never reported.""",
    ),
    Rule(
        "encoding/mixed",
        "A passage is in another encoding than the rest of the file.",
        Applicability.DISPLAY,
        """Files grow by appending, and programs append in their own encoding: a UTF-8 advert in a
Big5 subtitle, a GBK path in a UTF-8 log. No single encoding reads such a file. Each passage is
read by the encoding in which it is most probable, line by line and within lines; changing the
encoding counts as improbable, so a passage is only read otherwise where that is clearly better.
The bytes come back exactly on undo.""",
    ),
    Rule(
        "encoding/undecodable",
        "Bytes that are no character in the encoding around them.",
        Applicability.DISPLAY,
        """A byte is missing, or there is one too many: half a character is left. It stands as U+FFFD
(�), and reading goes on where characters begin again, which is found by how probable the text is
(half a double-byte character would shift all that follows it). The finding names the byte offset;
the bytes are kept, so undo is exact. Nothing is filled in. Where a colour code of a terminal
stands between the two bytes of a character, the character is put together before it; so it is where a
line break stands between the bytes of one of UTF-8, as programs leave it that count in bytes, and
where every byte A0 was made a blank, if all is UTF-8 then.""",
    ),
    Rule(
        "encoding/truncated",
        "The file ends within a character.",
        Applicability.DISPLAY,
        """The last bytes are the beginning of a character: the file was cut. They stand as U+FFFD and
are kept. Whether more than one character is missing cannot be known.""",
    ),
    Rule(
        "encoding/half-character",
        "An ASCII character that is probably the rest of a double-byte one.",
        Applicability.DISPLAY,
        """In Big5 the second byte of a character may be an ASCII letter or mark. Where the first byte
is missing, that one is left over: 行F院 for 行政院. It is told from a real letter by how much more
likely one of the characters with that second byte would be between its neighbours (twelve bits at
least). The letter stays, since it may be meant.""",
    ),
    Rule(
        "encoding/declared-wrong",
        "The file declares an encoding that it is not in.",
        Applicability.DISPLAY,
        """An HTML `meta`, an XML declaration, a mail header or a coding comment names an encoding in
which the bytes are not, or not plausibly, text. Labels mean what the WHATWG Encoding Standard says
(`gb2312` is GBK, `iso-8859-1` is windows-1252). The bytes decide.""",
    ),
    Rule(
        "encoding/uncertain",
        "Two encodings read the file about equally well.",
        Applicability.DISPLAY,
        """With a few characters only, the bytes of one encoding can be good text in another. The more
probable reading is taken; the finding's evidence names the rivals, and its confidence is the
probability that the reading is wrong. The table in docs/accuracy/encoding.md shows how well that
holds.""",
    ),
    Rule(
        "encoding/unreadable",
        "No encoding reads the bytes as text.",
        Applicability.DISPLAY,
        """The file is an image, a program, encrypted or noise. Its ASCII is shown, all else stands as
U+FFFD, the bytes are kept, and undo is exact.""",
    ),
)


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    """Nothing of this is seen in a text."""
    return np.zeros(len(view.starts), dtype=np.bool_)


def find(view: View, settings: Settings) -> list[Finding]:
    """Nothing: see `jiaokan.repair.decode`."""
    return []
