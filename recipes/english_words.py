"""Common English words, to tell a word cut by a line's end from two words.

Source: wordfreq 3.1 (Apache-2.0; its lists CC BY-SA 4.0), the most frequent English words.
"""

from recipes.sources import SourceMissingError

TARGET = "validators/tables/english_words.txt"
WORDS = 15_000


def build() -> dict[str, str | bytes]:
    try:
        from wordfreq import top_n_list
    except ImportError:
        raise SourceMissingError("pip install wordfreq") from None
    words = [w for w in top_n_list("en", 2 * WORDS) if w.isascii() and w.isalpha()]
    words = [w for w in words if len(w) > 2 or w in _SHORT][:WORDS]
    head = "".join(f"# {line}\n" for line in str(__doc__).strip().splitlines() if line)
    rows = [" ".join(sorted(words)[at : at + 20]) for at in range(0, len(words), 20)]
    return {TARGET: head + "\n".join(rows) + "\n"}


_SHORT = frozenset(
    [
        "a",
        "i",
        "am",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "us",
        "we",
    ]
)
