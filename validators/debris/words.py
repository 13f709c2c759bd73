"""Lines that hold nothing but a page's own words: menus, buttons, labels with their numbers.

A line is read from left to right as words of `tables/debris-words.tsv`, numbers and dates. What its
words are worth is in the table: some are furniture wherever they stand, some only beside furniture.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from jiaokan.validators.expressions import expression
from jiaokan.validators.tables import rows_of

LONGEST = 80
"""Code points of a line that is read."""
_STRANGER = 12
"""Code points of the one other word that a line of furniture may hold: a user's or a site's name."""
_LONGEST_VALUE = 24
_SEPARATORS = frozenset(
    " |·•:()[]<>/\\-_~—–+=*#【】「」《》『』“”\"'…,.!?、;^@&%→←↑↓»«›‹▼▲▽△▸▶►■□◆◇●○★☆※✓×✕"
)
_PIECE = expression(
    r"(?P<date>(?:(?:19|20)\d\d[-/.年]\d\d?(?:[-/.月]\d\d?日?)?|\d\d?月\d\d?日)(?:[ t]*\d\d?:\d\d(?::\d\d)?)?|"
    r"\d\d?:\d\d(?::\d\d)?|(?:\d+|半) ?(?:秒|分钟|个?小时|天|周|个月|年)[前内])"
    r"|(?P<number>\d[\d,.]*(?: ?(?:万|亿|千|k|w|mb|kb|gb|m|℃|%)(?![a-z]))?\+?)"
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a line of page words is, and where in it the furniture begins."""

    kind: str
    confidence: float
    start: int
    """0, or where a date ends that stands before a row of counters and is kept."""


@dataclass(frozen=True, slots=True)
class _Words:
    kind_of: dict[str, tuple[str, str]]
    triggers: frozenset[str]
    counting: frozenset[str]
    """Triggers of labels, which need a number beside them."""
    lengths: dict[str, tuple[int, ...]]
    """How long the words are that begin with a character, the longest first."""


@cache
def words() -> _Words:
    """The table, loaded once."""
    kind_of: dict[str, tuple[str, str]] = {}
    triggers: set[str] = set()
    counting: set[str] = set()
    for kind, strength, listed, pairs in rows_of("debris-words.tsv"):
        for word in listed.lower().split():
            if word not in kind_of or strength in ("strong", "label"):
                kind_of[word] = kind, strength
        (counting if strength == "label" else triggers).update(pairs.lower().split())
    lengths: dict[str, set[int]] = {}
    for word in kind_of:
        lengths.setdefault(word[0], set()).add(len(word))
    by_first = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}
    return _Words(kind_of, frozenset(triggers), frozenset(counting), by_first)


@lru_cache(maxsize=256)  # asked for its labels, too, and headings come back
def read_line(folded: str) -> Furniture | None:
    """What a line (folded, stripped) is by its own words; None where they do not say."""
    read = _read(folded)
    if read is None:
        return None
    if not (read.strong or read.counts):
        is_path = len(read.kinds) > 1 and not read.strangers and _PATH.fullmatch(folded)
        return Furniture("navigation", 0.9, 0) if is_path else None
    if read.strangers and not read.names_one_stranger:
        return None
    start = 0
    if read.strong is None and read.dated is not None and not read.strangers:
        start = read.dated
    return Furniture(read.strong or "counter", 0.9 if read.strangers else 0.94, start)


def kind_beside_furniture(folded: str) -> str | None:
    """The kind of a line that is furniture if what stands beside it is; else None."""
    read = _read(folded)
    if read is None:
        return None
    if read.strangers:
        shapes = (_PATH, _HOME, _BUTTON, _OPENER)
        return "navigation" if any(shape.fullmatch(folded) for shape in shapes) else None
    return read.kinds[0] if read.kinds else None


@dataclass(slots=True)
class _Read:
    """What was read of a line."""

    kinds: list[str]
    """Kinds of its words, those that say nothing left out."""
    pieces: int = 0
    strong: str | None = None
    """The kind of the first word that is furniture by itself."""
    counts: int = 0
    """Labels that have a number or a value."""
    dated: int | None = None
    """Where the date ends that stands before all labels."""
    strangers: int = 0
    """Characters that no page word has."""
    runs: int = 0
    """Pieces that they stand in."""

    @property
    def names_one_stranger(self) -> bool:
        """Whether all that is no page word is one name, and the page words are more."""
        enough = (self.strong is not None and self.pieces > 1) or self.counts > 1
        return enough and self.runs == 1 and self.strangers <= _STRANGER


def _read(line: str) -> _Read | None:
    if len(line) > LONGEST or "。" in line:
        return None
    table = words()
    line = line.lower()
    read = _Read([])
    labels = numbers = 0
    at, size, in_run = 0, len(line), False
    while at < size:
        character = line[at]
        if character in _SEPARATORS:
            at += 1
            in_run = False
            continue
        piece = _PIECE.match(line, at) if character.isdecimal() or character == "半" else None
        if piece is not None:
            if piece["number"] is not None:
                numbers += 1
            elif not labels:
                read.dated = piece.end()
            read.pieces += 1
            at, in_run = piece.end(), False
            continue
        word = _word_at(line, at, table) if character in table.lengths else None
        if word is None:
            read.strangers += 1
            read.runs += not in_run
            if read.runs > 1 or read.strangers > _STRANGER:
                return read  # whatever follows: it is a line of the text's own words
            in_run = True
            at += 1
            continue
        kind, strength = table.kind_of[word]
        at, in_run = at + len(word), False
        if strength == "neutral":
            continue
        read.pieces += 1
        if strength in ("label", "detail"):
            at, valued = _past_value(line, at)
            read.counts += valued and strength == "label"
        if strength in ("date", "detail"):
            continue
        labels += strength == "label"
        read.kinds.append(kind)
        if strength == "strong" and read.strong is None:
            read.strong = kind
    read.counts = max(read.counts, min(labels, numbers))
    return read


def _word_at(line: str, at: int, table: _Words) -> str | None:
    """The longest page word at a position whose character begins one."""
    if "a" <= line[at] <= "z" and at and "a" <= line[at - 1] <= "z":
        return None
    for length in table.lengths[line[at]]:
        word = line[at : at + length]
        if word in table.kind_of:
            after = line[at + length : at + length + 1]
            if not ("a" <= word[-1] <= "z" and "a" <= after <= "z"):
                return word
    return None


def _past_value(line: str, at: int) -> tuple[int, bool]:
    """The end of the value of a label, if a colon follows it, and whether it has one."""
    value = _VALUE.match(line, at)
    return (value.end(), _DIGIT.search(value[0]) is not None) if value else (at, False)


_VALUE = expression(rf" ?: ?[^\s|:,;!?]{{1,{_LONGEST_VALUE}}}(?=[\s|]|$)")
_DIGIT = expression(r"\d")
_PATH = expression(r"[^\s>。,:;!?|]{1,10}(?:\s*-?[>»›→]+\s*[^\s>。,:;!?|]{1,12}){1,5}")
"""A path through a site: 频道>种植>果树."""
_OPENER = expression(r"[•·*●○-]? *[^\s>。,:;!?|]{1,12} *[>»›▼]")
"""An item of a menu that opens: • 医药卫生>."""
_HOME = expression(r"[^\s。,:;!?|]{1,12}(?:首页|主页)")
"""A site's name with its home page."""
_BUTTON = expression(
    r"(?:立即|马上|一键|我要|点击|免费)?(?:收藏|分享|举报|申请|发表|收起|展开|下载|打印|列印|复制|加入|返回|跳到|移至|回到|"
    r"查看|关注|订阅|登录|登入|注册|搜索|搜寻|转寄|转发|引用|回复|购买|投递|提交|上传|播放|预约|报名|领取|咨询|添加)"
    r"(?:该|本|此|新|全部|更多|到|至|我的)?[\u4e00-\u9fff]{1,4}"
)
"""A verb of pages and what it is done to: 收藏职位, 展开回复."""
_DETAIL = expression(
    r"[•·*●○\-] *[^\s:。,]{1,4}(?: ?[^\s:。,]){0,4} ?: *[^\s,;。]{1,20}(?: [\d:.-]{4,8})?"
)


def is_detail(folded: str) -> bool:
    """Whether a line is a label and a value behind a list mark, as beside the counters of a blog."""
    return _DETAIL.fullmatch(folded) is not None
