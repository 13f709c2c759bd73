"""The rules of conversion, as users read them."""

from jiaokan.validators.values import Applicability, Rule

MIXED = Rule(
    id="script/mixed",
    summary="A character of the other script in a text of one script.",
    applicability=Applicability.SAFE,
    docs="""\
A word of Simplified in Traditional text (`阅讀`), or the reverse, comes of text that was pasted
together or converted in part. With `script="auto"` it is changed where one script clearly rules
the document and at least two different characters are astray; a single one may be a name's own
writing, and is changed with `--unsafe` only. Left alone: characters that both scripts write,
Simplified forms that Taiwan writes too (群 庄 晒) or that old text does (并 弃 咤, unless the words
say that 並 is meant), a character that is quoted by itself or stands beside its other form, a quoted
phrase, a line, a field or a table's cell that is of the other script throughout, words beside the same
words in the text's own script (`汉语（漢語）`) or beside an arrow (`鼠标 → 滑鼠`), lists of numerals, names
of languages and scripts (`繁體中文`), lines that list the forms of one character, lines of which so much was lost
that they are garbage, lines with kana or other Japanese or Cantonese characters, and classical text, verse
included, Cantonese, Japanese and Korean. Only with `--unsafe`, where no script was asked for: in
programs and code blocks, in lists of words, one a line, and in those that have words in both scripts, in
headwords and a table's labels, in names (words that no dictionary has, and that the text always writes so,
or an author's before a work's title), and variants in names of
places (`於潜镇`) or few in a long Simplified text.""",
    example=("請大家繼續阅读這一頁", "請大家繼續閱讀這一頁"),
)
UNDER = Rule(
    id="script/under-converted",
    summary="A form kept from Simplified in Traditional text, where the word has another.",
    applicability=Applicability.SAFE,
    docs="""\
后, 里, 干, 制 and some two hundred others are Simplified for several Traditional characters, one of
them themselves; converters that go by the character leave them (`關系`, `制造`, `標准`). A
model of the characters around, trained on natively written Traditional text, says which is meant.
It is called wrong where the odds are above what clean text ever shows for that pair of forms, and,
in a document with fewer than three such, where the words around tell so by themselves, the more clearly
in old prose; in a document with several, less is asked, and words for which native text has one form only decide
(`注冊`, `復蓋`). Pairs that good writers use alike (台 臺, 布 佈, 占 佔),
names (surnames 余 范 于 岳; 余里長) and characters that stand alone, spoken of, stay.""",
    example=("公司的制造業務與此沒有關系", "公司的製造業務與此沒有關係"),
)
OVER = Rule(
    id="script/over-converted",
    summary="A Traditional form where the word has another form of the same Simplified character.",
    applicability=Applicability.SAFE,
    docs="""\
Conversion by the character alone writes its first choice everywhere: `皇後`, `頭發`, `經曆`; by a
wrong word, `髮展`. Told as in `script/under-converted`, and by words for which native text (25 million
characters counted) has one form only, although it mixes the two in others: `關註`, `佈料`, `合並`, `國傢`.
Examples that a line gives that speaks of conversion or of slips (`乾燥誤寫成幹燥`) are changed with
`--unsafe` only; forms that no converter puts in (榦, 彆, 甯)
are not looked at unless other damage is near.""",
    example=("皇後剪去了長長的頭發，又買了護發用品", "皇后剪去了長長的頭髮，又買了護髮用品"),
)
CONVERTED = Rule(
    id="script/converted",
    summary="Text of the other script, where a script was asked for.",
    applicability=Applicability.SAFE,
    docs="""\
With a `script` asked for, a document of the other script is converted whole, a finding a line.
Characters that have several forms are decided by the model of `script/under-converted`; the
words stay as they are (`软件` becomes `軟件`; see `script/regional-word`). Lines with kana stay.""",
    example=None,
)
