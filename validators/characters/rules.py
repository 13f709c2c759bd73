"""The rules of the family, and what they say about themselves."""

from jiaokan.validators.values import Applicability, Rule

SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE


def _rule(
    defect: str,
    summary: str,
    applicability: Applicability,
    example: tuple[str, str] | None,
    docs: str,
) -> Rule:
    return Rule(f"characters/{defect}", summary, applicability, docs, example)


RULES = (
    _rule(
        "control",
        "A control character that means nothing in text.",
        SAFE,
        ("联系\x07电话\x05：12345", "联系电话：12345"),
        """\
Pages sprinkle U+0001–U+0008 and their like into text against copying; exports leave NULs; terminal
logs leave colour sequences; `man` pages leave characters struck over themselves.

Removed: C0 controls other than tab and line breaks, terminal sequences as a whole, all but one of
characters struck over each other. Only reported: C1 controls (they are bytes of another encoding), U+007F
unless it stands between Chinese characters (fonts have signs there),
the separators U+001C–U+001F (records use them), and everything in a text that is more than a tenth
controls, which is no text. In a string of a program they are `unsafe`. Form feeds and vertical tabs
are line breaks and no business of this rule.
""",
    ),
    _rule(
        "invisible",
        "A zero-width or bidirectional character where it does nothing.",
        SAFE,
        ("欢\u200b迎光\u200b临", "欢迎光临"),
        """\
Zero-width spaces and joiners inside Chinese words break search and counts and cannot be seen.

Pages that guard against copying sow one behind each character: four and more of them in a row are
one finding.

Removed between Chinese characters (the invisible operators of formulas, too) and at the ends of lines, and then from numbers, too; between
Latin letters, and in programs not beside Chinese, only with `--unsafe`. Left alone: joiners in emoji and beside letters of Arabic, Indic and other scripts
that join; direction marks in text that has any right-to-left letter; variation selectors after
emoji, ideographs and marks; tags of flags; fillers of hangul. Overrides and embeddings from right
to left in text without such letters are only reported: they change what is seen.
""",
    ),
    _rule(
        "soft-hyphen",
        "A soft hyphen: invisible, left from a page's line breaking.",
        SAFE,
        ("micro\u00adprocessor 微处理器", "microprocessor 微处理器"),
        """\
A soft hyphen says where a word may be cut. In text that has left its page it only hinders search.
Removed inside Latin words and beside Chinese characters; beside other letters of Latin-1, where it
may be a byte of another encoding, it is left to the rules of `mojibake`.
""",
    ),
    _rule(
        "byte-order-mark",
        "A byte order mark inside the text.",
        SAFE,
        ("第一章\n\ufeff第二章", "第一章\n第二章"),
        """\
Files put one after the other leave each file's U+FEFF where it began. The one at the very beginning
of a document is not this rule's: the document may be encoded again as it was. Inside a line
of a program, which may look for it on purpose, it is removed with `--unsafe` only.
""",
    ),
    _rule(
        "noncharacter",
        "A noncharacter, or a character left as surrogates.",
        SAFE,
        None,
        """\
UTF-16 read unit by unit leaves a character above U+FFFF as two surrogates; together they are that
character, and can be nothing else: they are joined. U+FFFE, U+FFFF, U+FDD0–U+FDEF and the like never
are characters. They stand where something was lost or where a program left a mark of its own; what
stood there cannot be known, so they are reported and removed only with `--unsafe`. Half a surrogate
pair is only reported. Code points that Unicode has not assigned (yet) are left alone.
""",
    ),
    _rule(
        "object",
        "The place of a picture or another object that did not come along.",
        UNSAFE,
        None,
        """\
Editors keep U+FFFC where a picture, a formula or a voice message stands. Copied as text, the
character is all that is left, and shows as a box or as nothing. Removed with `--unsafe`: that
something stood there cannot be seen afterwards. Left alone: text about U+FFFC.
""",
    ),
    _rule(
        "radical",
        "A radical's code point where the ideograph belongs.",
        SAFE,
        ("⼈⼯智能与⾦融", "人工智能与金融"),
        """\
Text taken out of PDFs has Kangxi radicals (and those of the supplement) for ideographs, since fonts
use one glyph for both. They look alike, and no search finds them. The ideograph is Unicode's
EquivalentUnifiedIdeograph; NFKC knows only part of them.

Mended where an ideograph stands beside it. Left alone: radicals in rows, alone or in quotes; text
that speaks of radicals, strokes or Unicode, unless at least half of its radicals make up words.
Radicals that stand for no ideograph are reported.
""",
    ),
    _rule(
        "compatibility-ideograph",
        "A CJK compatibility ideograph.",
        SAFE,
        ("一年\uf98e", "一年年"),
        """\
Compatibility ideographs exist so that old encodings survive a round trip. In Chinese text they are
the same character under another code point (Unicode: canonically equivalent), and break search.

Left alone: Japanese and Korean, where they are forms of names or readings; those with a variation
selector; the twelve of the block that are ideographs in their own right; text about encodings.
With no ideograph beside it the change is `unsafe`.
""",
    ),
    _rule(
        "private-use",
        "A private-use code point.",
        SAFE,
        None,
        """\
Before Unicode had a character, encodings put it on a private-use code point: GBK and GB 18030 some
hundred, HKSCS and ETEN's Big5 several thousand. Text converted in those years still has them, and
shows a box or nothing.

Mended by GBK's table in Simplified text and by HKSCS's (as Windows numbered it) in Traditional and
Cantonese text, where the character is plausible between the ideographs beside it; elsewhere the
change is `unsafe`, as is that of bullets of symbol fonts at the beginning of lines, which word
processors leave (U+F0B7 for •). Others (icon fonts, company logos) are reported.
""",
    ),
    _rule(
        "width",
        "Full-width letters or digits, half-width katakana or small marks, against the document's norm.",
        UNSAFE,
        None,
        """\
`２0２4年` in one number, `ＡＢＣ` in a text with everything else in ASCII, half-width katakana among
full-width: the odd ones are reported where a document has ten times as many of the others, or
where both stand in one word. Many writers set single full-width digits on purpose, so the change is
`unsafe`, as is that of the small forms of marks (﹐ ﹑ ﹔ ﹝﹞), which Big5 has beside the usual ones and
no norm of Chinese does; not ﹒, which may be a full stop, a middle dot or a decimal point. So are forms
of vertical lines beside Han (﹁﹂ ︽︾ ︐), which PDFs of such lines leave, and half-width marks (｢｣ ､ ｡)
in Chinese. ① ㎡ ㈱ and other signs are never changed.
""",
    ),
    _rule(
        "ligature",
        "A ligature of Latin letters in a word.",
        SAFE,
        ("高e\ufb03ciency 的work\ufb02ow", "高efficiency 的workflow"),
        """\
Fonts print fi, fl, ff, ffi and ffl as one form, and text taken out of PDFs has its code point
(U+FB00 to U+FB06), with which no search finds the word. Mended beside a Latin letter. Left alone:
ligatures that stand by themselves, and text about ligatures.
""",
    ),
    _rule(
        "look-alike",
        "A character that only looks like the one that belongs there.",
        SAFE,
        ("二oo八年", "二〇〇八年"),
        """\
Only where the context proves it: Cyrillic and Greek letters in a Latin word, all of which look like
Latin ones (at least three Latin letters, twice as many as strange ones); the letter o between the
numerals of a year (`0` there is `unsafe`); the enclosure 囗 in words with 口; katakana for the
ideographs they look like (`エ厂` for 工厂: ニ エ ロ ハ カ タ ト), as OCR reads them, in text with no
other kana, where three or more make up words with what stands beside them. The numeral 一 between
katakana where the document has no ー of its own, and the stroke 丶 for the comma 、 where it stands in
three places or more and the document has no 、 of its own. Else these three are `unsafe`, as are a
dash between katakana for ー and ー between none for a dash, or for 一 where that makes a word.

Left alone: α, μ and other Greek that does not look Latin; ○ for 〇, which Taiwan writes; text
about strokes and radicals, or with 囗 for missing characters.
""",
    ),
    _rule(
        "copy-noise",
        "Random characters that a forum hides in its posts against copying.",
        SAFE,
        (
            "观网风闻里有一篇文章。. {* t6 p8 g2 v; y3 p\n- ~! O3 @9 J7 k质疑有道理。",
            "观网风闻里有一篇文章。\n质疑有道理。",
        ),
        """\
Discuz! puts five to fifteen pieces such as `8 g` or `; y` beside each line break of a post, in a
colour that readers do not see: a character of U+0020–U+003B, a space and one of U+003F–U+007E.

A run of at least five pieces that begin with four different characters is found. It is `unsafe`
where the text has one such run only, or where its last piece may begin an item (`- A` of `- Apple`).
Left alone: code, and lists of letters with one mark between them (`a, b, c, d`).
""",
    ),
    _rule(
        "html-entity",
        "An HTML character reference left in the text.",
        SAFE,
        ("海尔&middot;兄弟&nbsp;和&#20013;国", "海尔·兄弟 和中国"),
        """\
`&nbsp;`, `&middot;`, `&#20013;` and their doubly escaped forms, by what HTML says they are; a
no-break space becomes a space. The semicolon may be full-width (`&nbsp；`), as normalisers of
punctuation leave it, or missing before Chinese, as browsers allow; such a one whose name a variable
may have (`&copy，`) is `unsafe`. `&lt;`, `&gt;`, `&quot;`, `&#123;` could make markup of text and are
`unsafe`, too, as is one that stands apart, in quotes or between spaces. Left alone: code, Markdown,
URLs, text about HTML, XML, encodings or escaping, and text that still has its tags.
""",
    ),
    _rule(
        "html-tag",
        "An HTML tag, or text that a page hides, left in the text.",
        UNSAFE,
        None,
        """\
Tags of HTML's own elements. Those that break lines become a line break. Hidden elements
(`display:none` and the like), put there against scraping or for search engines, go with their text, as
do the readings of ruby markup (`業<rt>yè</rt>`). Reported; removed with `--unsafe`. Left alone: code,
Markdown, text about markup.
""",
    ),
    _rule(
        "decomposed",
        "A letter whose mark is a code point of its own.",
        SAFE,
        ("pi\u0304nyi\u0304n 拼音", "pīnyīn 拼音"),
        """\
File systems and PDF fonts take ǎ apart into a and a combining mark. Latin letters, kana and modern
hangul are put together again where Unicode has one code point for the whole (NFC). Han is never
touched. Left alone: phonetic transcriptions, and marks on letters that have no composed form.
""",
    ),
)
