"""The rules of the family, and what they say about themselves."""

from jiaokan.validators.values import Applicability, Rule

_WHOLE = """\
Cleaning tools (ftfy's defaults, Unicode's NFKC, Data-Juicer's punctuation operator) replace the
full-width marks of Chinese text by ASCII look-alikes, all of them and everywhere. So the document
is judged first: where it has none of ，：；？！（） left, and an ASCII mark stands where a sentence has a
Chinese one, it was flattened, and every mark in Chinese context comes back. A document that has
both uses both on purpose and is left alone. Never Chinese context: code, formulas, addresses,
paths, Markdown syntax, CSV and JSON, emoticons, Latin quotations, Japanese, Korean.

Of an HTML page the text between the tags is prose; tags, attributes, scripts, styles, `<pre>` and
templates stay as they are.
"""


def _rule(
    defect: str,
    summary: str,
    docs: str,
    example: tuple[str, str] | None,
    applicability: Applicability = Applicability.SAFE,
) -> Rule:
    return Rule(f"punctuation/{defect}", summary, applicability, docs, example)


RULES = (
    _rule(
        "ascii-comma",
        "An ASCII comma where Chinese text has ，.",
        _WHOLE
        + """
Left alone: thousands (`1,234`), lists of Latin words or numbers, and a line of eight or more short
values with nothing else between commas (`编辑,背景,作者,…`), which a program reads. A single ASCII
comma between Han in a document that has ，is a slip of the hand: reported, and changed only with
`--unsafe`.
""",
        ("今天的会开得很好,大家都来了。", "今天的会开得很好，大家都来了。"),
    ),
    _rule(
        "enumeration-comma",
        "An ASCII comma where Chinese text has 、 between the items of a list.",
        _WHOLE
        + """
Only where the document lost its 、 as well (no 、 is left and its 。 became `.`): a comma between
short like items is 、, told by a model counted on Chinese text of many kinds. Where 、 is still there, a
flattened comma was never one.
""",
        (
            "超市里有苹果,香蕉,梨和葡萄.我们买了一些,明天再来.",
            "超市里有苹果、香蕉、梨和葡萄。我们买了一些，明天再来。",
        ),
    ),
    _rule(
        "ascii-semicolon",
        "An ASCII semicolon where Chinese text has ；.",
        _WHOLE + "\nLeft alone: entities (`&amp;`), emoticons, the ends of statements in code.\n",
        (
            "一是要把路修好,方便大家出行;二是要把灯装上。",
            "一是要把路修好，方便大家出行；二是要把灯装上。",
        ),
    ),
    _rule(
        "ascii-colon",
        "An ASCII colon where Chinese text has ：.",
        _WHOLE
        + "\nLeft alone: times, ratios, addresses, `::`, keys in Latin letters, emoji codes.\n",
        ("他说:今天的会不开了,改在明天。", "他说：今天的会不开了，改在明天。"),
    ),
    _rule(
        "ascii-question-mark",
        "An ASCII question mark where Chinese text has ？.",
        _WHOLE
        + "\nLeft alone: queries of addresses, operators, the end of a Latin sentence, and marks\n"
        "that stand for characters an encoding could not hold (`游錫?、`, `在??公司`): where they are, no sentence ends.\n",
        ("天黑了,你还要去吗?", "天黑了，你还要去吗？"),
    ),
    _rule(
        "ascii-exclamation-mark",
        "An ASCII exclamation mark where Chinese text has ！.",
        _WHOLE + "\nLeft alone: `!=`, Markdown images, names such as `Yahoo!`.\n",
        ("下雪了,大家快来看!", "下雪了，大家快来看！"),
    ),
    _rule(
        "ascii-full-stop",
        "An ASCII full stop where Chinese text has 。.",
        _WHOLE
        + """
Only where hardly a 。 is left. Left alone: decimals, numbering, abbreviations, names of files, dots
between the parts of a name in a text that has 。. One that ends a sentence and its line in a document
that has other Chinese marks is a slip of the hand: reported, and changed only with `--unsafe`.
""",
        ("他走了很远的路,终于到家了.", "他走了很远的路，终于到家了。"),
    ),
    _rule(
        "ascii-ellipsis",
        "Three full stops where Chinese text has …, six where it has ……",
        _WHOLE
        + "\nOnly in a document that has no … left. Three full stops in one that has …… are a slip: reported, and\n"
        "changed only with `--unsafe`.\n",
        ("我想一想,也许......明天吧。", "我想一想，也许……明天吧。"),
    ),
    _rule(
        "ascii-dash",
        "Hyphens where Chinese text has ——.",
        _WHOLE
        + "\nOnly where 。 is lost as well. Left alone: options (`--help`), rules of hyphens, arrows, comments, tables.\n",
        ("他终于回来了,回到家乡--一个小镇.", "他终于回来了，回到家乡——一个小镇。"),
    ),
    _rule(
        "ascii-brackets",
        "ASCII brackets where Chinese text has （）.",
        _WHOLE
        + """
Told by what they hold and follow: Han inside, or Han directly outside. Left alone: calls
(`f(x)`), brackets among Latin words, emoticons, numbers of list items without a partner. A pair of which
one is ASCII and one full-width, in a document that has its marks, is a slip: reported, and changed only with
`--unsafe`.
""",
        ("他生在杭州(今属浙江),长在北京。", "他生在杭州（今属浙江），长在北京。"),
    ),
    _rule(
        "ascii-quotes",
        "Straight quotes where Chinese text has “” or 「」.",
        _WHOLE
        + """
Paired within a line; a line with an odd number is left alone. Which quotes come back is what the
document has elsewhere, else what its script's readers use. Left alone: apostrophes, inches, quotes
around Latin words among Latin words. A straight pair in a document that has five times as many others is a
slip: reported, and changed only with `--unsafe`.
""",
        ('老师说:"明天不上课,大家休息。"', "老师说：“明天不上课，大家休息。”"),
    ),
    _rule(
        "reversed-quotes",
        "A quote that faces the wrong way.",
        """\
`“好“` and `”好“` come from keyboards that turn quotes by turns, and from editors that guess. Of a line whose
curly quotes are an even number and yet make no pairs, every second one closes: the others are
turned, only with `--unsafe`. Left alone: a quotation of several paragraphs, which opens in each, and lines
where a quote is missing.
""",
        ("他只说了一个“好“字，就走了。", "他只说了一个“好”字，就走了。"),
        Applicability.UNSAFE,
    ),
    _rule(
        "title-marks",
        "Straight quotes where Chinese text has 《》.",
        _WHOLE
        + """
Data-Juicer's operator makes straight quotes of title marks too. Only in a text that lost its 。 as well
and has no 《 left; a model counted on titles and quotations of many kinds tells them by what they hold
and what stands beside them, and where it is not sure the quotes stay. In such a text in Traditional script `<` and `>` around Han were 〈〉.
""",
        (
            '依照"中华人民共和国森林法"第三条的规定,他们种了两百棵树,没有砍一棵.',
            "依照《中华人民共和国森林法》第三条的规定，他们种了两百棵树，没有砍一棵。",
        ),
    ),
    _rule(
        "doubled",
        "A mark twice in a row where it stands once.",
        """\
`，，`, `。。`, `、、` come from joining texts and from slips. Three or more in a row are a way of
writing, and `！！`, `？？`, `……`, `——` are good Chinese. Authors do write `。。` for an ellipsis, so it
is changed only with `--unsafe`. So are `，。` and `。，`, of which the mark set last stays.
""",
        ("今天下雨，，我们不去了。", "今天下雨，我们不去了。"),
        Applicability.UNSAFE,
    ),
    _rule(
        "widened",
        "A full-width mark inside an address or a number.",
        """\
Whoever makes every mark of a text Chinese (a converter to full width, an input method, a replacement
over a whole file) makes those of addresses and numbers so, too: `http：//`, `www．example．com`,
`12，000`. Safe in addresses, up to the top-level domain, and in thousands of which a group begins with 0, as no
number of an enumeration does. Only with `--unsafe`: addresses with 。, which may evade a filter, other thousands
that count something (`3，158 公尺`, which may also be two numbers), and the point of a percentage (`9。5%`).
Left alone: times and ratios (`10：30` is good Chinese), code, and everything else between Latin words.
""",
        (
            "报名请看http：//www．example．com，名额12，000个。",
            "报名请看http://www.example.com，名额12,000个。",
        ),
    ),
    _rule(
        "space-before-mark",
        "A space between Han and the mark after it.",
        """\
Chinese sets no space before a mark. Left where a template or a slip put one unless `--unsafe`, since
clean documents have them too and they carry no meaning.
""",
        ("今天下雨 ，我们不去了。", "今天下雨，我们不去了。"),
        Applicability.UNSAFE,
    ),
    _rule(
        "space-between-han",
        "A sentence whose characters are set apart by spaces.",
        """\
OCR, PDF extraction and tokenising leave a space after each character. Safe where a run of eight or
more single characters has the function words or the marks of a sentence, and for every run of a
document of which such sentences are the half; other shorter runs may be lists (甲 乙 丙 丁) or headings
and are changed only with `--unsafe`. A single space in a headline, between a name and a
title or between verses is left alone, as are spaces between Han and Latin: the author's choice.
""",
        ("我 们 今 天 在 这 里 开 会", "我们今天在这里开会"),
    ),
)

RULES_BY_DEFECT = {rule.id.partition("/")[2]: rule for rule in RULES}
