"""Stretches of bytes, each with its encoding, put together: a text, and runs that lead back."""

from jiaokan.repair.decode.codecs import decode_bytes, exact_runs, joined_runs
from jiaokan.repair.decode.lattice import Stretch
from jiaokan.repair.decode.naming import exact_name
from jiaokan.validators.values import Decoding, Run

REPLACEMENT = "\ufffd"
_CHARACTER = {"utf-8": 3, "utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}


def assemble(
    data: bytes, mark: bytes, stretches: list[Stretch], main: str, confidence: float
) -> tuple[str, Decoding]:
    """The text of all stretches, whose positions count from the end of the mark.

    A byte astray, or up to a character's worth of such bytes, stands as one U+FFFD.
    """
    pieces: list[str] = []
    runs: list[Run] = []
    start = 0
    names: dict[str, str] = {}
    weight: dict[str, int] = {}
    for stretch in stretches:
        begin, end = stretch.start + len(mark), stretch.end + len(mark)
        part = data[begin:end]
        if stretch.encoding is None:
            text = REPLACEMENT * -(-len(part) // _CHARACTER.get(main, 2))
            runs.append(Run(names.get(main, main), begin, end, start, start + len(text), part))
        else:
            known = stretch.text
            text = decode_bytes(part, stretch.encoding) if known is None else known
            name = stretch.encoding
            if known is None or len(text) == 1 or name != "gb18030":  # which `screening` names
                name = exact_name(part, text, name)
            weight[name] = weight.get(name, 0) + len(part)
            runs += exact_runs(part, text, name, begin, start)
        pieces.append(text)
        start += len(text)
    encoding = max(weight, key=weight.__getitem__, default=main)
    return "".join(pieces), Decoding(encoding, tuple(joined_runs(runs)), mark, confidence)


def unreadable(data: bytes, mark: bytes) -> tuple[str, Decoding]:
    """Bytes that no encoding reads as text: ASCII where there is some, U+FFFD for the rest."""
    body = data[len(mark) :]
    text = body.decode("ascii", "replace")
    run = Run("ascii", len(mark), len(data), 0, len(text), body)
    return text, Decoding("ascii", (run,), mark, 0.0)
