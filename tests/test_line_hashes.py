"""Hashes of what is wrong in a line: by them baselines and code hosts know a finding again."""

import hashlib

from jiaokan.repair.checking.line_hashes import LineHashes


class CountedLine(str):
    """A line that counts how often it is read."""

    read = 0

    def strip(self, chars: str | None = None, /) -> str:
        self.read += 1
        return super().strip(chars)


def test_it_is_the_hash_of_the_whole() -> None:
    hashes = LineHashes()
    for line in ("  企業(yè)家 \n", "另一行\ud800", "  企業(yè)家 \n"):
        for kind in ("a", "b", "a"):
            for what in ("(yè)", "", "\ud800"):
                whole = f"{kind}\0{line.strip()}\0{what}".encode("utf-8", "surrogatepass")
                assert hashes.of(kind, line, what) == hashlib.sha256(whole).hexdigest()


def test_a_line_with_many_findings_is_read_once_a_kind() -> None:
    line = CountedLine("今天天氣很好,我們去公園散步。" * 100)
    hashes = LineHashes()
    assert len({hashes.of(kind, line, str(n)) for n in range(200) for kind in "ab"}) == 400
    assert line.read == 2
