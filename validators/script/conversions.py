"""Characters that are not of the text's script, and forms that bad conversion put into it."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script.decisions import (
    Codes,
    Decisions,
    Positions,
    convert,
    decide,
    open_positions,
    surnames,
)
from jiaokan.validators.script.forms import (
    CANDIDATES,
    HANS_ONLY,
    HANT_ONLY,
    OPEN_HANS,
    OPEN_HANT,
    SIMPLIFIED,
    TRADITIONAL,
    forms,
)
from jiaokan.validators.script.kanji import may_be_japanese
from jiaokan.validators.script.model import contexts_of, familiarity, is_familiar, pad
from jiaokan.validators.script.names import in_name, in_quotation, is_contrasted
from jiaokan.validators.script.places import (
    is_old,
    without_quotations,
    without_special,
    without_spoken_of,
)
from jiaokan.validators.script.rules import CONVERTED, MIXED, OVER, UNDER
from jiaokan.validators.script.thresholds import (
    AMONG_OTHERS,
    ASKED,
    FAMILIAR,
    LONE,
    WELL_KNOWN,
    thresholds,
)
from jiaokan.validators.script.words import with_words
from jiaokan.validators.values import Applicability, Evidence, Finding, Rule, Settings
from jiaokan.validators.view import View

Kinds = NDArray[np.int64]

RULES: tuple[Rule, ...] = (MIXED, UNDER, OVER, CONVERTED)

RULING = 2.5
"""A script rules a document whose characters of it are this many times those of the other."""
LEAST_OF_SCRIPT = 4
DISTINCT = 2
"""So many different characters of the other script show that one alone is not a name's."""
DAMAGED = 3
"""So many wrong forms show a badly converted document, if there is one in `DENSITY` characters."""
DENSITY = 1500
AGAIN = 0.5
"""Log odds enough for a form that is surely wrong elsewhere in the document."""
NAME = 6.0
"""Log odds that a form must reach to be wrong in what looks like a personal name."""
DENSE = 400
"""The same, where there are fewer than `DAMAGED` wrong forms."""
HEAVY = 0.05
"""A share of the other script's characters that shows a document mixed through and through."""
SURE_OF_HANS, SURE_IF_ASKED = 3.0, 0.5
"""Log odds at which a character that Simplified keeps in some words (乾, 著) is not of it here."""


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    kinds = forms().kind.take(view.codes, mode="clip")  # unchecked bounds
    hans = _count(view, kinds & np.uint8(HANS_ONLY))
    hant = _count(view, kinds & np.uint8(HANT_ONLY))
    flags = (hans > 0) & (hant > 0)
    if settings.script == "zh-Hans":
        return flags | (hant > 0) | (_count(view, kinds & np.uint8(OPEN_HANS)) > 0)
    asked = settings.script.startswith("zh-Hant")
    if asked:
        others = _hans_forms().take(view.codes, mode="clip").view(np.uint8)
        flags |= (hans > 0) | ((hant == 0) & (_count(view, others) > 0))
    checked = (hant > 0) | (hans == 0) if asked else _rules(hant, hans)
    if checked.any():
        positions = np.flatnonzero((kinds & np.uint8(OPEN_HANT)) != 0)
        ends, starts = (np.searchsorted(positions, at) for at in (view.ends, view.starts))
        positions = positions[np.repeat(checked, ends - starts)]
        padded = pad(forms().folded.take(view.codes, mode="clip"))
        found = decide(view.codes, padded, _doubtful(view.codes, padded, positions), TRADITIONAL)
        wrong = _surely(found, ASKED) if asked else _wrong(view.text, found, padded)
        flags |= view.documents_with(wrong.positions)
    return flags


def find(view: View, settings: Settings) -> list[Finding]:
    kinds = forms().kind[view.codes]
    hans = np.flatnonzero(kinds & np.uint8(HANS_ONLY))
    hant = np.flatnonzero(kinds & np.uint8(HANT_ONLY))
    language = view.profile.language
    if language in ("ja", "ko") or (settings.script in ("auto", "keep") and language != "zh"):
        return []
    if settings.script in ("auto", "keep"):
        if may_be_japanese(view.text):
            return []
        if _rules(len(hant), len(hans)):
            target = TRADITIONAL
        elif _rules(len(hans), len(hant)):
            target = SIMPLIFIED
        else:
            return _undecided(view, hans, hant)
    else:
        target = SIMPLIFIED if settings.script == "zh-Hans" else TRADITIONAL
    asked = settings.script not in ("auto", "keep")
    if not asked and not len(hans) and not len(hant) and target == TRADITIONAL:
        return []
    if target == TRADITIONAL:
        found = _in_traditional(view, hans, hant, asked)
    else:
        found = _in_simplified(view, hans, hant, asked)
    if settings.script == "keep":
        return [_reported(finding) for finding in found]
    return found


def _rules(mine: NDArray[np.intp] | int, other: NDArray[np.intp] | int) -> NDArray[np.bool_]:
    """Whether characters of one script are many enough, and the other's few."""
    return (np.asarray(mine) >= LEAST_OF_SCRIPT) & (np.asarray(mine) >= RULING * np.asarray(other))


def _count(view: View, marks: NDArray[np.uint8]) -> NDArray[np.intp]:
    """How many characters of each document are marked."""
    positions = np.flatnonzero(marks != 0)
    counts: NDArray[np.intp] = np.searchsorted(positions, view.ends)
    counts -= np.searchsorted(positions, view.starts)
    return counts


def _doubtful(codes: Codes, padded: Codes, positions: Positions) -> Positions:
    """Those that are not in a word in which native text writes them so: a quick way out."""
    own = forms().own[TRADITIONAL, forms().member[codes[positions]]]
    return positions[~is_familiar(padded, positions, own, TRADITIONAL)]


def _wrong(text: str, found: Decisions, padded: Codes) -> Decisions:
    """The decisions that are sure enough to call what is written wrong, without other damage."""
    asked = thresholds()[:, found.choice, found.own, found.best]
    found, asked = found.select(some := found.margin > asked[FAMILIAR]), asked[:, some]
    if not len(found.positions):
        return found
    own = found.own.astype(np.intp)
    told = familiarity(padded, found.positions, found.best, TRADITIONAL) >= WELL_KNOWN
    told &= familiarity(padded, found.positions, own, TRADITIONAL) == 0
    # Quotations may be of any age, and in an old text words are not what they are in a new one.
    told[told] = ~in_quotation(text, found.positions[told])
    return found.select(((found.margin > asked[LONE]) | told) & (own >= 0))


def _kinds(found: Decisions) -> Kinds:
    """A number for each decision's form and better form."""
    return (found.choice.astype(np.int64) * CANDIDATES + found.own) * CANDIDATES + found.best


def _surely(found: Decisions, circumstance: int) -> Decisions:
    """The decisions whose odds are above the threshold."""
    asked = thresholds()[circumstance, found.choice, found.own, found.best]
    return found.select((found.margin > asked) & (found.own >= 0))


def _wrong_again(found: Decisions, sure: Decisions, damaged: bool) -> Decisions:
    """What else is wrong in a document in which `sure` is: the same forms for the same others in
    other places; in a badly converted one, any form.
    """
    asked = thresholds()[AMONG_OTHERS, found.choice, found.own, found.best]
    again = np.isin(_kinds(found), _kinds(sure))
    if damaged:
        asked = np.where(again, np.minimum(asked, AGAIN), asked)
    else:
        asked = np.where(again, asked, np.inf)
        asked[np.isin(found.positions, sure.positions)] = 0
    return found.select((found.margin > asked) & (found.own >= 0))


def _in_traditional(view: View, hans: Positions, hant: Positions, asked: bool) -> list[Finding]:
    codes = view.codes
    known = forms()
    if asked and len(hans) > len(hant):
        return list(_converted_lines(view, TRADITIONAL))
    padded = pad(known.folded[codes])
    if not asked:
        hans = _without_old_forms(codes, padded, without_quotations(view, hans, hant))
    share = len(hans) / max(1, len(hans) + len(hant))
    is_heavy = share >= HEAVY and len(hans) >= DAMAGED
    if is_heavy or (asked and (share >= HEAVY / 2 or not len(hant))):
        # What Taiwan writes too (庄, 群) is as likely to be of the other script.
        hans = np.flatnonzero(_hans_forms()[codes])
    open_ = open_positions(codes)
    if not asked:
        open_ = without_spoken_of(view, open_)
    found = decide(codes, padded, open_, TRADITIONAL)
    doubtful = _doubtful(codes, padded, found.positions)
    wrong = found.select(np.isin(found.positions, doubtful))
    wrong = _surely(wrong, ASKED) if asked else _wrong(view.text, wrong, padded)
    if not asked and len(wrong.positions) and is_old(view.text):
        wrong = wrong.select(np.zeros(len(wrong.positions), dtype=np.bool_))
    kept = without_special(view, hans, asked=asked)
    strays = set(codes[kept].tolist())
    distinct = len(strays) + len(set(zip(wrong.choice.tolist(), wrong.best.tolist(), strict=True)))
    signs = len(kept) + len(wrong.positions)
    dense = signs * (DENSITY if signs >= DAMAGED else DENSE) >= view.profile.han
    if len(wrong.positions):
        wrong = _wrong_again(found, wrong, dense)
    if is_heavy:
        looks_simplified = known.simplified[codes[found.positions]]
        sure = found.margin > -np.log(share)
        sure &= ~known.free[found.choice, found.own, found.best]
        asked_of = thresholds()[AMONG_OTHERS, found.choice, found.own, found.best]
        wrong = found.select((looks_simplified & sure) | (found.margin > asked_of))
    several = known.allowed[TRADITIONAL].sum(axis=1)[known.member[codes[kept]]] > 1
    open_strays = decide(codes, padded, kept[several], TRADITIONAL)
    sure_of = asked or distinct >= DISTINCT
    findings = list(_strays(view, kept[~several], open_strays, TRADITIONAL, sure_of, asked))
    places = set(without_special(view, wrong.positions, asked=asked).tolist())
    rows = []
    for row, position in enumerate(wrong.positions.tolist()):
        is_named = wrong.margin[row] < NAME and in_name(view.text, position)
        if position in places and not is_named and not is_contrasted(view, position):
            rows.append(row)
    simplified = known.simplified[codes[wrong.positions[rows]]].tolist() if rows else []
    rules = [UNDER if is_simplified else OVER for is_simplified in simplified]
    findings += _wrong_forms(view, wrong, rows, padded, rules)
    if dense and signs:
        named = surnames(codes, codes, found.select(~np.isin(found.positions, wrong.positions)))
        named = named.select(
            np.isin(named.positions, without_special(view, named.positions, asked=asked))
        )
        every = list(range(len(named.positions)))
        findings += _wrong_forms(view, named, every, padded, [OVER] * len(every))
    return findings


def _in_simplified(view: View, hans: Positions, hant: Positions, asked: bool) -> list[Finding]:
    codes = view.codes
    known = forms()
    if asked and len(hant) > len(hans):
        return list(_converted_lines(view, SIMPLIFIED))
    if not asked:
        hant = without_quotations(view, hant, hans)
    open_ = np.flatnonzero(known.kind[codes] & np.uint8(OPEN_HANS))
    padded = pad(known.folded[codes])
    kept = without_special(view, hant, asked=asked)
    strays = set(codes[kept].tolist())
    several = known.allowed[SIMPLIFIED].sum(axis=1)[known.member[codes[kept]]] > 1
    findings = list(
        _strays(
            view, kept[~several], decide(codes, padded, kept[several], SIMPLIFIED), SIMPLIFIED,
            asked or len(strays) >= DISTINCT, asked,
        )
    )  # fmt: skip
    if asked or len(strays) >= DISTINCT:
        found = decide(codes, padded, without_special(view, open_, asked=asked), SIMPLIFIED)
        least = SURE_IF_ASKED if asked else SURE_OF_HANS
        found = found.select((found.best != found.own) & (found.margin > least))
        rows = list(range(len(found.positions)))
        findings += _wrong_forms(view, found, rows, padded, [MIXED] * len(rows))
    return findings


def _without_old_forms(codes: Codes, padded: Codes, strays: Positions) -> Positions:
    """The strays but for those that old text writes (并), where no word says what they are here."""
    known = forms()
    old = known.old[codes[strays]]
    if not old.any():
        return strays
    in_question = strays[old & (known.member[codes[strays]] > 0)]
    found = decide(codes, padded, in_question, TRADITIONAL)
    told = is_familiar(padded, in_question, found.best.astype(np.int8), TRADITIONAL)
    return np.sort(np.concatenate([strays[~old], in_question[told]]))


@cache
def _hans_forms() -> NDArray[np.bool_]:
    """Characters that Traditional text has another form for."""
    known = forms()
    differs: NDArray[np.bool_] = known.direct[TRADITIONAL] != np.arange(len(known.kind))
    differs[known.own[TRADITIONAL, known.member] >= 0] = False
    return differs


def _strays(
    view: View, plain: Positions, several: Decisions, script: int, sure: bool, asked: bool
) -> Iterator[Finding]:
    """Characters of the other script, with what stands for them in this one."""
    applicability = Applicability.SAFE if sure else Applicability.UNSAFE
    name = ("Traditional", "Simplified")
    direct = forms().direct[script]
    pairs: list[tuple[int, str, Evidence]]
    pairs = [(int(p), chr(direct[view.codes[p]]), {}) for p in plain]
    pairs += [
        (int(p), chr(code), _evidence(view, several, row))
        for row, (p, code) in enumerate(zip(several.positions, several.codes(), strict=True))
    ]
    for position, better, evidence in pairs:
        written = view.text[position]
        if better != written:
            # Old editions of Simplified text write what their character set has: 駓, not 𬳵.
            rare = script == SIMPLIFIED and not asked and not _is_in_gb2312(better)
            yield Finding(
                MIXED.id, position, position + 1,
                f"{written} is {name[1 - script]}, in {name[script]} text",
                0.98 if sure else 0.7, Applicability.UNSAFE if rare else applicability, better,
                evidence,
            )  # fmt: skip


def _is_in_gb2312(character: str) -> bool:
    return bool(character.encode("gb2312", "ignore"))


def _wrong_forms(
    view: View, found: Decisions, rows: list[int], padded: Codes, rules: list[Rule]
) -> Iterator[Finding]:
    """A finding for each of these decisions, with the word that tells most of it."""
    some = found.positions[rows]
    contexts_of_all = contexts_of(padded, some, found.script) if rows else []
    codes, margins = found.codes(), found.margin
    for row, position, contexts, rule in zip(
        rows, some.tolist(), contexts_of_all, rules, strict=True
    ):
        better = chr(codes[row])
        evidence = dict(_evidence(view, found, row))
        own, best = int(found.own[row]), int(found.best[row])
        telling = sorted(contexts, key=lambda c: c[2][own] - c[2][best])[:1]
        for before, after, _ in telling:
            evidence["word"] = view.text[position - before : position + after + 1]
        confidence = 1 / (1 + float(np.exp(-min(margins[row], 12))))
        yield Finding(
            rule.id, position, position + 1,
            f"{view.text[position]} where {evidence.get('word', better)} means {better}",
            round(confidence, 4), rule.applicability, better, evidence,
        )  # fmt: skip


def _evidence(view: View, found: Decisions, row: int) -> Evidence:
    """The odds of each form that may stand there."""
    odds = np.exp(found.odds[row] - found.odds[row].max())
    odds /= odds.sum()
    letters = forms().candidates[found.script, found.choice[row]]
    ranked = sorted(zip(odds.tolist(), letters.tolist(), strict=True), reverse=True)
    return {"odds": tuple(f"{chr(c)} {p:.4f}" for p, c in ranked if c and p > 1e-5)}


def _converted_lines(view: View, script: int) -> Iterator[Finding]:
    """A finding for each line that conversion changes, from its first to its last change."""
    codes = view.codes
    converted = convert(codes, script)
    if script == SIMPLIFIED:
        converted = with_words(codes, converted)
    changed = without_special(
        view, np.flatnonzero(converted != codes), asked=True, quoted_only=True
    )
    if not len(changed):
        return
    final = codes.copy()
    final[changed] = converted[changed]
    text = final.tobytes().decode("utf-32-le", "surrogatepass")
    line = np.searchsorted(view.breaks, changed)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    last = np.append(first[1:], len(line)) - 1
    name = ("Simplified", "Traditional")[script]
    for start, end in zip(first.tolist(), last.tolist(), strict=True):
        at, to = int(changed[start]), int(changed[end]) + 1
        yield Finding(
            CONVERTED.id, at, to, f"{name} text", 0.99, Applicability.SAFE, text[at:to],
            {"characters": end - start + 1},
        )  # fmt: skip


def _undecided(view: View, hans: Positions, hant: Positions) -> list[Finding]:
    """A report of a document that both scripts share."""
    hans, hant = (without_special(view, places, asked=False) for places in (hans, hant))
    if min(len(hans), len(hant)) < DISTINCT:
        return []
    both = np.concatenate([hans, hant])
    return [
        Finding(
            MIXED.id, int(both.min()), int(both.max()) + 1,
            "both scripts, and neither rules: ask for one with --script", 0.9,
            Applicability.DISPLAY, None, {"simplified": len(hans), "traditional": len(hant)},
        )
    ]  # fmt: skip


def _reported(finding: Finding) -> Finding:
    return Finding(
        finding.rule, finding.start, finding.end, finding.message, finding.confidence,
        Applicability.DISPLAY, finding.replacement, finding.evidence,
    )  # fmt: skip
