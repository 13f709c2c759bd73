"""The rules of the family, with their documentation."""

from jiaokan.validators.values import Applicability, Rule

_JOINING = """

Each break is weighed by a model (`tables/break_model.tsv`, boosted trees learned from breaks injected into
clean text) over evidence that is shown with the finding: how often Chinese text runs on from the characters
before the break to those after it, and how often lines end and begin so; what a small network reads of ten
characters on each side (`tables/break_network.npz`); the marks, brackets, numbering and labels on both sides;
the widths and indents of the neighbouring lines and of the whole document; blank lines.
Nothing is put between Han, one space between Latin words. Code, CSV and subtitles keep their lines;
in Markdown only blank lines in mid-sentence and breaks inside words are looked at, the latter only reported where
lines are wrapped; tables and code blocks are never touched, and a text of its own in Latin letters keeps its lines. Only
reported are breaks that an author may have meant: before a wish that closes a speech, beside pictographs, between
items of one pattern, after a colon and an opening quote, where a listing was announced, after a Latin word, in
commands and their output, and behind a sentence's end at the width where nothing parts the paragraphs.
"""

RULES: tuple[Rule, ...] = (
    Rule(
        "lines/hard-wrap",
        "Lines cut at a width, as terminals, mail and PDF extraction leave them.",
        Applicability.SAFE,
        "A sentence that is spread over lines of one width is torn apart for every reader that takes lines "
        "for paragraphs, and words are cut at each edge. Verse has lines of one width, too: there no word and "
        "no phrase runs over the edge, so nothing is joined." + _JOINING,
        ("老人每天清晨都到河边散步，他说这条河从前很宽，夏天常有孩\n子下水游泳。后来上游修了水库，水就少了，河滩上长满了芦苇\n和野草。去年冬天，镇里请人清理河道，又在两岸种了柳树，现在\n春天一到，散步的人比从前还要多。",
         "老人每天清晨都到河边散步，他说这条河从前很宽，夏天常有孩子下水游泳。后来上游修了水库，水就少了，河滩上长满了芦苇和野草。去年冬天，镇里请人清理河道，又在两岸种了柳树，现在春天一到，散步的人比从前还要多。"),
    ),
    Rule(
        "lines/broken-paragraph",
        "A paragraph break, with or without blank lines, in the middle of a sentence.",
        Applicability.SAFE,
        "Scraped pages and newspaper extraction part paragraphs where a column or a page ended: in the middle "
        "of a sentence, a word or a number. A headline, a byline or a list item has no full stop either; they "
        "are left alone because the next line begins anew. In a text whose other lines end where its sentences do, "
        "one that stops in mid-sentence is damaged, if the next reads on; where many end open, as reviews and talk "
        "do, a cut word or number must tell." + _JOINING,
        ("市政府昨日公布了今年的预\n\n算方案，将用于修路。", "市政府昨日公布了今年的预算方案，将用于修路。"),
    ),
    Rule(
        "lines/page-break",
        "A page's end in the middle of a sentence, its running head and page number between the halves.",
        Applicability.SAFE,
        "What a page has at its head and foot stands in the middle of the text once the pages are gone. It is "
        "known by its repetition: a line that comes back with a number that counts the pages, and lines that "
        "come back beside such a line or a form feed. Where a sentence runs on over it, the halves are joined "
        "and what stood between them goes; elsewhere it stays, for the family `debris` to report." + _JOINING,
        ("老人每天清晨都到河边散步，他说这条河从前很宽，夏天常有孩\n子下水游泳。后来上游修了水库，水就少了，河滩上长满了芦\n\f苇和野草。去年冬天，镇里请人清理河道，又在两岸种了柳树，\n现在春天一到，散步的人比从前还要多。",
         "老人每天清晨都到河边散步，他说这条河从前很宽，夏天常有孩子下水游泳。后来上游修了水库，水就少了，河滩上长满了芦苇和野草。去年冬天，镇里请人清理河道，又在两岸种了柳树，现在春天一到，散步的人比从前还要多。"),
    ),
    Rule(
        "lines/hyphenation",
        "A Latin word cut at a hyphen by the end of a line.",
        Applicability.SAFE,
        "`inter-` and `national` on two lines are one word. The hyphen goes where the word is a known English "
        "word or is used without it in the same document; it stays where the document writes it (`well-known`) "
        "or both halves are words." + _JOINING,
        ("这种方法叫做 regulari-\nzation，常用于训练模型。", "这种方法叫做 regularization，常用于训练模型。"),
    ),
    Rule(
        "lines/joined-by-blank",
        "A blank in the middle of a sentence, where a line of a wrapped text had ended.",
        Applicability.SAFE,
        """\
Who joins the lines of a PDF, of a page read by OCR or of a wrapped source with a blank, as is right in English, leaves
`規 定` and `结 合` behind, one every twenty to sixty characters.

Each blank between Han, or between Han and a mark, is weighed by a model (`tables/blank_model.tsv`, boosted trees
learned from wrapped text joined with blanks and from the blanks of clean text): how often Chinese text runs on from
what stands before to what stands behind, what a small network reads of ten characters on each side, whether the
document has the same words elsewhere without a blank, whether its blanks stand one line's width apart, and how many of
them cut words. Where no other blanks stand at the same width, one goes only if it cuts a word. Blanks in titles, lists
of names, tables, verse, between the parts of an address, before an honoured name (`國父`, `貴部`) and in text whose
words are set apart are meant. A blank between Han and Latin letters or figures stays, since writers set it, too.
What is likely but not sure is only changed with `--unsafe`.
""",
        ("老人每天清晨都到河边散步，他说这条河从前很宽，夏天常有孩 子下水游泳。后来上游修了水库，水就少了，河滩上长满了芦苇 和野草。去年冬天，镇里请人清理河道，又在两岸种了柳树，现在 春天一到，散步的人比从前还要多。",
         "老人每天清晨都到河边散步，他说这条河从前很宽，夏天常有孩子下水游泳。后来上游修了水库，水就少了，河滩上长满了芦苇和野草。去年冬天，镇里请人清理河道，又在两岸种了柳树，现在春天一到，散步的人比从前还要多。"),
    ),
    Rule(
        "lines/interleaved-columns",
        "Two columns of text that were read line by line across both.",
        Applicability.UNSAFE,
        "An extractor that knows no columns puts the lines of both side by side, with wide gaps between. Tables "
        "look the same; columns of text are told from them by the words: down each column the sentences run on, "
        "across the gap they do not. Where that is beyond doubt, no other line "
        "touches them, and the left column ends with a sentence or goes on where the right one begins, `--unsafe` puts the "
        "right column under the left; elsewhere the lines are reported and left. Columns whose lines were set in turns, one "
        "below the other, are known by the same: most lines read on two below, not in the next. None of these is joined.",
        ("县里今年种了三万亩油菜，春      城北的旧仓库改成了书店，两层\n天花开的时候，来看花的人把公      楼，楼下卖书，楼上喝茶。老板\n路都堵住了。农户在路边摆摊卖      是回乡的大学生，他说读书的人\n蜂蜜和菜籽油，收入比种粮食高      虽然少了，但只要书店开着，总\n出一倍多，县政府打算明年再扩      会有人推门进来坐一坐，翻几页\n种五千亩，并修建观光道路。      闲书再走，这样就已经很好了。\n",
         "县里今年种了三万亩油菜，春天花开的时候，来看花的人把公路都堵住了。农户在路边摆摊卖蜂蜜和菜籽油，收入比种粮食高出一倍多，县政府打算明年再扩种五千亩，并修建观光道路。城北的旧仓库改成了书店，两层楼，楼下卖书，楼上喝茶。老板是回乡的大学生，他说读书的人虽然少了，但只要书店开着，总会有人推门进来坐一坐，翻几页闲书再走，这样就已经很好了。\n"),
    ),
    Rule(
        "lines/truncated",
        "A text that stops in mid-sentence: its rest is lost.",
        Applicability.DISPLAY,
        "Summaries, crawled snippets and fields with a length limit end in the middle of a sentence, in dots, or at "
        "a link that says there is more (`全文`, `展开`); some end inside a bracket, a quotation or a character. "
        "A corpus should know. Titles, names, dates and signatures end without a full stop, too: short last "
        "lines are left alone, and so is a document whose paragraphs end so. Nothing is ever filled in.",
    ),
    Rule(
        "lines/collapsed",
        "Headings, list items or rows glued into one paragraph.",
        Applicability.DISPLAY,
        "Where a page's blocks lose their breaks, a title runs into the sentence after it. In a long paragraph, "
        "places are looked for where words stop and begin anew without any mark, after a title of two spaced "
        "halves, and numbered items that count up. The places are in the evidence; nothing is cut, since not all "
        "of them can be found.",
    ),
    Rule(
        "lines/duplicated",
        "A line that repeats the one before it.",
        Applicability.UNSAFE,
        "Extractors and scrapers emit a line twice. Refrains, chants and forms repeat lines on purpose: only whole "
        "sentences are offered for removal (with `--unsafe`), other lines are reported.",
        ("会议决定修建新的图书馆和体育馆，并于明年春天动工，工期两年。\n会议决定修建新的图书馆和体育馆，并于明年春天动工，工期两年。\n散会。",
         "会议决定修建新的图书馆和体育馆，并于明年春天动工，工期两年。\n散会。"),
    ),
    Rule(
        "lines/mixed-endings",
        "Line ends of several kinds in one text.",
        Applicability.UNSAFE,
        "LF, CR LF, CR, NEL, U+2028 and VT in one document come of texts put together; readers count its lines "
        "differently. With `--unsafe` all become the kind that is most frequent. A document that keeps to one kind "
        "is left as it is, and form feeds stay.",
        ("第一行。\r\n第二行。\n第三行。\r\n", "第一行。\r\n第二行。\r\n第三行。\r\n"),
    ),
)  # fmt: skip
