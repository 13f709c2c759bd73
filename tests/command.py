"""Runs the command in this process, as a shell would: arguments in, exit code and bytes out."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiaokan.repair.command import main

DAMAGED = "江蘇省召開企業(yè)家座談會，加快發(fā)展新質生產力。\n各地統(tǒng)籌推進，實施重大戰(zhàn)略。\n"
"""Three readings leaked into good Traditional text: safe changes, on two lines."""
REPAIRED = "江蘇省召開企業家座談會，加快發展新質生產力。\n各地統籌推進，實施重大戰略。\n"
BOM = b"\xef\xbb\xbf"
CLEAN = "今天天气很好，我们去公园散步。\n"


@dataclass(frozen=True)
class Done:
    code: int
    stdout: bytes
    err: str

    @property
    def out(self) -> str:
        return self.stdout.decode("utf-8")


def jiaokan(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> Done:
    """`jiaokan ARGUMENTS`."""
    with _streams(stdin) as (out, err), _folder(cwd):
        argv, sys.argv = sys.argv, ["jiaokan", *map(str, arguments)]
        try:
            main()
            code: Any = 0
        except SystemExit as ending:
            code = ending.code
        finally:
            sys.argv = argv
            sys.stdout.flush()
            sys.stderr.flush()
    return Done(code or 0, out.getvalue(), err.getvalue().decode("utf-8"))


class _Kept(io.BytesIO):
    def close(self) -> None:
        """Stay readable when the wrapper around it goes away."""


@contextmanager
def _streams(stdin: bytes) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = _Kept(), _Kept()
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin))
    # An encoding that could not hold a word of Chinese: the command must not care.
    sys.stdout = io.TextIOWrapper(out, "ascii", write_through=True)
    sys.stderr = io.TextIOWrapper(err, "ascii", write_through=True)
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


@contextmanager
def _folder(path: Path | None) -> Iterator[None]:
    before = Path.cwd()
    if path is not None:
        os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder but those of the audit, by their names."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "_audit" not in path.parts
    }


def corpus_in(tmp_path: Path) -> Path:
    """Files of several kinds, two folders deep."""
    folder = tmp_path / "corpus"
    (folder / "sub/deeper").mkdir(parents=True)
    (folder / "damaged.txt").write_bytes(DAMAGED.encode())
    (folder / "clean.txt").write_bytes(CLEAN.encode())
    (folder / "crlf.txt").write_bytes(DAMAGED.replace("\n", "\r\n").encode())
    (folder / "bom.txt").write_bytes(BOM + DAMAGED.encode())
    (folder / "sub/big5.txt").write_bytes((DAMAGED * 4).replace("è", "e").encode("big5", "ignore"))
    (folder / "sub/deeper/gbk.txt").write_bytes((CLEAN * 5).encode("gbk"))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "damaged.txt").chmod(0o640)
    return folder
