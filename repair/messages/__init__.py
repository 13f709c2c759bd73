"""What a person reads, in English, Simplified Chinese and Traditional Chinese: gettext catalogues.

The code says everything in English, and so does all that programs read: the audit, the cache, JSON.
Where a person reads, `tr` and `tr_count` give the sentence in the reader's language. Findings,
reasons and errors come from everywhere, other processes and the cache among them, as finished
English sentences: `translated` finds the sentence of the catalogue that one was made of.

`jiaokan.po` holds the command's sentences, `rules.po` those of the rules; `python -m recipes
messages` brings them up to date with the code.
"""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from jiaokan.repair.messages.catalogue import Catalogue, read_catalogue
from jiaokan.validators.values import Rule

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
FOLDER = Path(__file__).parent / "locale"
SAID = "said"
"""The context, in the catalogue, of sentences that reach `translated` with their values in them."""
EVIDENCE = "evidence"
"""The context of the names of evidence."""
LONGEST = 2_000
"""Code points of a sentence beyond which its values are not looked for: it quotes a document."""
MOST_PARTS = 3
"""Places at which a sentence is taken for two."""
_TRADITIONAL = re.compile(r"(?i)zh[-_](hant|tw|hk|mo)\b")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_chosen: str | None = None


def use_language(tag: str | None) -> None:
    """Speak this language, by its tag (zh-Hant, zh-TW …); None: the environment's. Raises
    ValueError for one that is not there."""
    global _chosen
    chosen = None if tag is None else _of_tag(tag)
    if tag is not None and chosen is None:
        raise ValueError(f"--lang {tag}: there are {', '.join(LANGUAGES)}")
    _chosen = chosen


def language() -> str:
    """The language that is spoken, one of `LANGUAGES`."""
    return _chosen or _of_environment(os.environ)


def _of_tag(tag: str) -> str | None:
    """Of a tag of BCP 47, or a locale's name."""
    if re.match(r"(?i)zh\b|zh_", tag):
        return "zh-Hant" if _TRADITIONAL.match(tag) else "zh-Hans"
    return "en" if re.match(r"(?i)en\b|en_", tag) else None


def _of_environment(environment: Mapping[str, str]) -> str:
    """As gettext has it: LANGUAGE, a list, counts where the locale is not C."""
    if own := _of_tag(environment.get("JIAOKAN_LANG", "")):
        return own
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return "en"
    for tag in (*environment.get("LANGUAGE", "").split(":"), locale):
        if found := _of_tag(tag):
            return found
    return "en"


@cache
def _catalogue(tag: str, domain: str) -> Catalogue:
    """Empty for English, which needs none."""
    if tag == "en":
        return {}
    return read_catalogue(FOLDER / tag.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po")


def tr(sentence: str, **values: Any) -> str:
    """A sentence with its values, in the language that is spoken."""
    said = _catalogue(language(), "jiaokan").get((None, sentence), sentence)
    return said.format(**values) if values else said


def tr_count(one: str, many: str, count: int, **values: Any) -> str:
    """The sentence for this count. `{count}` in it is the count."""
    english = one if count == 1 else many
    said = _catalogue(language(), "jiaokan").get((None, one), english)
    return said.format(count=count, **values)


def later(sentence: str) -> str:
    """Mark a sentence that is handed to `tr` elsewhere, so that the catalogues have it."""
    return sentence


def summary_of(rule: Rule) -> str:
    """What a rule finds."""
    return _of_rules(rule.summary)


def docs_of(rule: Rule) -> str:
    """A rule's documentation, translated by paragraphs."""
    return "\n\n".join(map(_of_rules, paragraphs_of(rule)))


def paragraphs_of(rule: Rule) -> list[str]:
    """The paragraphs of a rule's documentation, in English."""
    return [part.strip("\n") for part in re.split(r"\n\s*\n", rule.docs.strip()) if part.strip()]


def _of_rules(sentence: str) -> str:
    return _catalogue(language(), "rules").get((None, sentence), sentence)


def name_of_evidence(name: str) -> str:
    """What a piece of a finding's evidence is called."""
    spaced = name.replace("_", " ")
    return _catalogue(language(), "jiaokan").get((EVIDENCE, spaced), spaced)


def kind_of(applicability: str) -> str:
    """How sure a finding is, in a word."""
    return tr(str(applicability))


def translated(text: str) -> str:
    """A finding's message, a reason or an error, in the language that is spoken.

    What is not in the catalogue stays as it is.
    """
    return text if language() == "en" else _translated(language(), text) or text


@lru_cache(4096)
def _translated(tag: str, text: str, depth: int = 0) -> str | None:
    for domain in ("jiaokan", "rules"):
        catalogue = _catalogue(tag, domain)
        for english in (text, f"{text}."):
            whole = catalogue.get((SAID, english))
            if whole is None and " " in english:  # a sentence, and not a word of the frame
                whole = catalogue.get((None, english))
            if whole is not None:
                return whole if english is text else whole.removesuffix("。")
    if depth > 3 or len(text) > LONGEST:
        return None
    catalogue = _catalogue(tag, "jiaokan")
    for pattern, sentence in _templates(tag):
        if match := pattern.fullmatch(text):
            values = {
                name: _translated(tag, value, depth + 1) or value
                if " " in value
                else catalogue.get((SAID, value), value)
                for name, value in match.groupdict().items()
            }
            return sentence.format(**values)
    # A path, or another name, and what there is to say of it; or one thing after another.
    for separator, instead in ((": ", "："), ("; ", "；"), (". ", "。")):
        for found in islice(re.finditer(re.escape(separator), text), MOST_PARTS):
            rest = _translated(tag, text[found.end() :], depth + 1)
            if rest is not None:
                first = _translated(tag, text[: found.start()], depth + 1)
                return f"{first or text[: found.start()]}{instead}{rest}"
    return None


@cache
def _templates(tag: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of the sentences with values in them, the most particular first."""
    found = [
        (english, said)
        for (context, english), said in _catalogue(tag, "jiaokan").items()
        if context == SAID and _PLACEHOLDER.search(english)
    ]
    found.sort(key=lambda pair: (-len(_PLACEHOLDER.sub("", pair[0])), -pair[0].count("{")))
    return tuple(
        (re.compile("".join(_pattern(english)), re.DOTALL), said) for english, said in found
    )


def _pattern(english: str) -> Iterator[str]:
    """A regular expression, in parts, for what a sentence with values may have become."""
    seen = set()
    for number, part in enumerate(_PLACEHOLDER.split(english)):
        if number % 2 == 0:
            yield re.escape(part)
        elif part in seen:
            yield f"(?P={part})"
        else:
            seen.add(part)
            # What stands before a colon is no part of the sentence.
            any_text = ".+?" if number > 1 or english[0] != "{" else "(?:(?!: ).)+?"
            yield f"(?P<{part}>{any_text})"
