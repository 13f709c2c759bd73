"""The rules of the family, and what they say about themselves."""

from jiaokan.validators.values import Applicability, Rule

_COMMON = """

Found by whole lines (or line ends) that match a hand-written table, or hold nothing but a page's own
words, in both scripts; lines of words that say little are furniture beside other furniture, headings
of a manual by themselves are not. Reported by default and removed only with `--unsafe`, or when the
rule or `debris` is selected. Bylines, datelines, sentences and the names of reporters and
photographers are kept.
"""


def _rule(defect: str, summary: str, docs: str, example: str) -> Rule:
    return Rule(
        f"debris/{defect}", summary, Applicability.UNSAFE, docs + _COMMON, (example + "\n", "")
    )


RULES = (
    _rule(
        "navigation",
        "A line of a page's navigation: menus, breadcrumbs, paging, tags, buttons.",
        "Menus and paths through a site are not part of the text that the page carries.",
        "首页 > 新闻中心 > 国内新闻 > 正文",
    ),
    _rule(
        "counter",
        "A counter of readings, clicks, comments or likes.",
        "Counters are about the page on the day it was fetched, not about its text.",
        "阅读：690 评论：12",
    ),
    _rule(
        "share",
        "A prompt or a row of buttons for sharing.",
        "Names of networks without a sentence around them belong to the page.",
        "分享到：微信 微博 QQ空间",
    ),
    _rule(
        "related-news",
        "The heading of a list of other articles, and the links below it.",
        "The links follow their heading without a blank line, or each with a list mark, and none of "
        "them is a sentence.",
        "相关新闻",
    ),
    _rule(
        "copyright",
        "A copyright, licence, disclaimer or contact line of the site.",
        "Lines of rights, registrations (ICP备) and terms of reprinting belong to the site.",
        "版权所有 某某网 未经许可不得转载",
    ),
    _rule(
        "editor-line",
        "A line of editors, proofreaders or the source that a text was taken from.",
        "`责任编辑：…` and `来源：…` are about the making of the page. A line that also names an author, "
        "reporter or photographer is a byline and stays.",
        "责任编辑：王小明",
    ),
    _rule(
        "qr-prompt",
        "A prompt to scan a code, follow an account or install an app.",
        "Left by pages made for telephones; there is nothing to scan in a text.",
        "长按识别二维码，关注我们",
    ),
    _rule(
        "comment-prompt",
        "A part of a box for comments.",
        "Prompts to log in, to comment, or that there is no comment yet.",
        "登录后才可以发表评论",
    ),
    _rule(
        "advertisement",
        "A label of an advertisement.",
        "The label stays where the advertisement itself was dropped.",
        "广告 请继续往下阅读",
    ),
    _rule(
        "spam",
        "A line of advertising hidden in a page for search engines.",
        "Gambling, false papers, pornography, paid ranking: each needs a second sign beside its word "
        "(a contact, a call to open an account), since news writes about all of them.",
        "澳门葡京娱乐场官网开户送彩金",
    ),
    Rule(
        "debris/running-head",
        "A page number, or a running head beside it, between the pages of a book.",
        Applicability.UNSAFE,
        """\
Left by PDF extraction and OCR. Proved by counting: the number goes up by one from page to page, at
least three times; a head is a line that comes back beside such numbers. Reported by default, and
removed only with `--unsafe`, or when the rule or `debris` is selected.
""",
    ),
    Rule(
        "debris/empty-brackets",
        "Brackets with nothing but marks inside.",
        Applicability.UNSAFE,
        """\
Template strippers remove what a bracket held and leave `（）` or `（，）`. The brackets go where
nothing is left in them; where something is (`（，演员）`) only the stray marks would, which is not done.
Brackets that hold spaces are only reported: they may be there to be filled in, as in an examination.
""",
        ("他生于杭州（），长在北京。", "他生于杭州，长在北京。"),
    ),
)
