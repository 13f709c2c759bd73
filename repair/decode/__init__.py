"""Bytes to text, run by run, and back."""

from jiaokan.repair.decode.document import decode_document, encode_document

__all__ = ["decode_document", "encode_document"]
