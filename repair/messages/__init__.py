"""What the command says, in English or Chinese: English sentences are the keys of `zh.toml`.

The language is that of `--lang`, of JIAOKAN_LANG, or of the locale (LC_ALL, LC_MESSAGES, LANG).
What programs read (JSON, SARIF and so on, and the audit) is English in every language.
"""

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jiaokan.validators.values import Rule

LANGUAGES = ("en", "zh")
_chosen: str | None = None


def use_language(language: str | None) -> None:
    """Speak this language; None: the environment's. Raises ValueError for one that is not there."""
    global _chosen
    if language is not None and language not in LANGUAGES:
        raise ValueError(f"--lang {language}: there are {', '.join(LANGUAGES)}")
    _chosen = language


def language() -> str:
    """The language that is spoken."""
    return _chosen or _of_environment(os.environ)


def _of_environment(environment: Mapping[str, str]) -> str:
    if environment.get("JIAOKAN_LANG") in LANGUAGES:
        return environment["JIAOKAN_LANG"]
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)
    return "zh" if (locale or "").lower().startswith("zh") else "en"


def tr(sentence: str, **values: Any) -> str:
    """A sentence with its values, in the language that is spoken."""
    if language() == "zh":
        sentence = chinese()["sentences"].get(sentence, sentence)
    return sentence.format(**values)


def summary_of(rule: Rule) -> str:
    """What a rule finds."""
    if language() == "zh":
        return chinese()["rules"].get(rule.id, rule.summary)
    return rule.summary


def message_of(rule: str, message: str) -> str:
    """A finding's message: in Chinese what its rule finds, with the finding's own words after it."""
    if language() == "zh" and rule in chinese()["rules"]:
        return f"{chinese()['rules'][rule].removesuffix('。')}（{message}）"
    return message


def kind_of(applicability: str) -> str:
    """How sure a finding is, in a word."""
    return tr(str(applicability))


@cache
def chinese() -> dict[str, dict[str, str]]:
    """The tables of `zh.toml`: `rules` by their ids, `sentences` by their English."""
    text = files(__name__).joinpath("zh.toml").read_text("utf-8")
    return tomllib.loads(text)
