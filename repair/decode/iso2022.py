"""ISO-2022-CN and -EXT (RFC 1922), which Python does not have: GB 2312 and CNS 11643, seven bits."""

from jiaokan.repair.decode.tables import NONE, cns_planes
from jiaokan.validators.expressions import expression

_DESIGNATIONS = {b"\x1b$)A": "gb2312", b"\x1b$)G": "cns1", b"\x1b$*H": "cns2"}
_DESIGNATIONS |= {b"\x1b$+" + b"IJKLM"[k : k + 1]: f"cns{k + 3}" for k in range(5)}
_SHIFTS = {ord(")"): "SO", ord("*"): "SS2", ord("+"): "SS3"}
_TOKENS = expression(
    rb"(?P<escape>\x1b\$(?:\)[AG]|\*H|\+[I-M]))|(?P<out>\x0e)|(?P<in>\x0f)"
    rb"|(?P<single>\x1b[NO][!-~][!-~])|(?P<break>[\r\n])|(?P<byte>[^\x80-\xff\x0e\x0f\x1b])"
)


def decode_iso2022_cn(data: bytes) -> str:
    """The text; raises UnicodeDecodeError at the first byte that does not belong."""
    out: list[str] = []
    shifted = False
    sets: dict[str, str] = {}
    at, size = 0, len(data)
    while at < size:
        token = _TOKENS.match(data, at)
        if token is None:
            raise UnicodeDecodeError("iso2022_cn", data, at, at + 1, "begins no character")
        kind = token.lastgroup
        end = token.end()
        if kind == "escape":
            escape = token[0]
            sets[_SHIFTS[escape[2]]] = _DESIGNATIONS[escape]
        elif kind == "out":
            shifted = True
        elif kind == "in":
            shifted = False
        elif kind == "single":
            shift = "SS2" if data[at + 1] == ord("N") else "SS3"
            out.append(_character(sets.get(shift), data, end - 2))
        elif kind == "break":
            # Designations end with the line.
            shifted = False
            sets = {}
            out.append(chr(data[at]))
        elif shifted and data[at] > 0x20:
            end = at + 2
            out.append(_character(sets.get("SO"), data, at))
        else:
            out.append(chr(data[at]))
        at = end
    return "".join(out)


def _character(charset: str | None, data: bytes, at: int) -> str:
    code = data[at : at + 2]
    if len(code) == 2 and all(0x21 <= byte <= 0x7E for byte in code):
        if charset == "gb2312":
            try:
                return bytes(byte | 0x80 for byte in code).decode("gb2312")
            except UnicodeDecodeError:
                pass
        elif charset is not None:
            found = int(cns_planes()[int(charset[3]), (code[0] - 0x21) * 94 + code[1] - 0x21])
            if found != NONE:
                return chr(found)
    raise UnicodeDecodeError("iso2022_cn", data, at, min(at + 2, len(data)), "not assigned")


def encode_iso2022_cn(text: str) -> bytes:
    """Escapes can stand in many places: the bytes are not made again but kept with the run."""
    raise UnicodeEncodeError("iso2022_cn", text, 0, len(text), "bytes are kept with the run")
