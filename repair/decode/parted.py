"""Characters of UTF-8 with a line break inside, or with a byte that was made a blank.

Programs that count in bytes break lines within characters (`fold -b`, mail gateways), and some make every
byte A0, in Latin-1 a no-break space, a blank. UTF-8 tells where its characters begin, so what was
there is certain where all else is UTF-8. The break is put after its character; the bytes are kept.
"""

import re

from jiaokan.repair.decode.lattice import Stretch

_BREAK = re.compile(
    rb"([\xe2-\xef])(\r?\n)([\x80-\xbf]{2})(?![\x80-\xbf])"
    rb"|([\xe2-\xef][\x80-\xbf])(\r?\n)([\x80-\xbf])(?![\x80-\xbf])"
)
_BLANK = re.compile(rb"[\xe2-\xef](?: [\x80-\xbf]|[\x80-\xbf] )(?![\x80-\xbf])|\xc2 ")
_WHOLE = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}")
_LEAST_WHOLE = 3
"""Characters of three bytes beside those: a letter of Latin-1 before a blank is not one of them."""


def read_parted(body: bytes) -> list[Stretch] | None:
    """The stretches of bytes that are UTF-8 but for such characters; None where they are not."""
    if not _begins_so(body):
        return None
    whole = _BREAK.sub(_before_break, body)
    if b"\xa0" not in body:
        whole = _BLANK.sub(lambda match: match[0].replace(b" ", b"\xa0"), whole)
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return None
    spans = _spans(body)
    if len(_WHOLE.findall(body)) < max(_LEAST_WHOLE, len(spans)):
        return None
    stretches: list[Stretch] = []
    at = 0
    for start, end in spans:
        if at < start:
            stretches.append(Stretch("utf-8", at, start))
        stretches.append(Stretch("utf-8", start, end, whole[start:end].decode("utf-8")))
        at = end
    if at < len(body):
        stretches.append(Stretch("utf-8", at, len(body)))
    return stretches


def _begins_so(body: bytes) -> bool:
    """Whether the first bytes that are no UTF-8 are such a character, as hardly any of other encodings are."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return any(pattern.match(body, error.start) for pattern in (_BREAK, _BLANK))
    return False


def has_break(part: bytes) -> bool:
    """Whether these bytes are a character with a line break in it, and nothing else."""
    return _BREAK.fullmatch(part) is not None


def has_blank(part: bytes) -> bool:
    """Whether these bytes are a character of which one was made a blank, and nothing else."""
    return _BLANK.fullmatch(part) is not None


def _before_break(match: re.Match[bytes]) -> bytes:
    first, between, last = (group for group in match.groups() if group is not None)
    joined: bytes = first + last + between
    return joined


def _spans(body: bytes) -> list[tuple[int, int]]:
    patterns = (_BREAK, _BLANK) if b"\xa0" not in body else (_BREAK,)
    return sorted(match.span() for pattern in patterns for match in pattern.finditer(body))
