"""The catalogues of `repair/messages`: what a person reads, in Simplified and Traditional Chinese.

Source: the English sentences of this code. Translations: this project's own (Apache-2.0), in the
`.po` files, which are edited by hand. A run of the recipe adds what the code says anew (without a
translation, or, in the Traditional ones, with a draft by our own conversion, marked "fuzzy"), and
drops what it no longer says. A draft is to be read by a person, who then takes the mark away.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from jiaokan import RULES
from jiaokan.repair.messages import EVIDENCE, SAID, paragraphs_of
from jiaokan.validators.values import Applicability
from recipes.sources import ROOT

LOCALES = ("zh_Hans", "zh_Hant")
DOMAINS = ("jiaokan", "rules")
Key = tuple[str | None, str]
"""Context and English (of sentences with a count: the one for one)."""

APART = (
    "{form}: Taiwan and Hong Kong both write {usual}",
    "{form}: Taiwan writes {usual}",
    "{form}: Hong Kong writes {usual}",
    "{form}: the mainland prints {usual}",
    "Simplified", "Traditional", "Cyrillic", "Greek",
    "The control character U+{char} means nothing in text.",
    "The radical {radical} (U+{char}) stands for an ideograph.",
    "The reading of {character} leaked into the text after it.",
    "U+{char} is a compatibility ideograph: {same} under another code point.",
    "U+{char} is invisible and does nothing here.",
    "a line was cut at a width; the text runs on in the next line",
    "a page ends in the middle of a sentence",
    "a paragraph break in the middle of a sentence",
    "a blank in the middle of a sentence, where a line had ended",
    "a word was cut at a hyphen",
    "content lost here: {count} replacement character",
    "text misread: {written} as {read}",
    "text misread: {written} as {read}, then {written2} as {read2}",
    "text misread: {written} as {read}, then {written2} as {read2}, then {written3} as {read3}",
    "the text ends in mid-sentence",
    "the text ends in mid-sentence, after {line}",
    "the text ends in mid-sentence, with {opening} left open",
    "the text ends in mid-sentence, after {line}, with {opening} left open",
    "{message} (record {record}, {field})",
    "a broken link: its target {path} is not there",
    "not a file but a device, a pipe or a socket",
    ("over {most} MB, too large for the free memory in one piece; split it between paragraphs"
    " (split --line-bytes={part}M), or run where there is more memory"),
    ("over {most} MB, too large for this --memory in one piece; give more of it, or split the text between"
    " paragraphs (split --line-bytes={part}M)"),
    "it is a {name}", "byte {byte} at {at} is not {encoding}", "nested too deeply", "lists", "objects",
    "no column {column}; there are {names}",
    "no rule or family is called {unknown}; {hint}",
    "did you mean {names}?",
    "`jiaokan explain` lists them all",
    "unknown key {key}; {hint}",
    "{key} must be {kind}, not {value}",
    "unknown key {key} in [tool.jiaokan]; {hint}",
    "{key} in [tool.jiaokan] must be {kind}, not {value}",
    "jiaokan itself failed ({name}: {error}); please report this with what JIAOKAN_TRACEBACK=1 shows",
)  # fmt: skip
"""Sentences of the code that it puts together in a way that is not seen here."""
CLICK = (
    "no such command {name}",
    "no such command {name}. Did you mean {other}?",
    "no such option {name}",
    "no such option {name}. Did you mean {names}?",
    "no such option {name}. (Did you mean one of: {names}?)",
    "no such option: {name}",
    "no such option: {name}. Did you mean {names}?",
    "no such option: {name} Did you mean {names}?",
    "no such option: {name} (Possible options: {names})",
    "missing argument {name}",
    "missing option {name}",
    "missing command",
    "invalid value for {name}: {error}",
    "{value} is not one of {values}",
    "{value} is not a valid integer",
    "{value} is not a valid integer range",
    "{value} is not in the range x>={least}",
    "option {name} requires an argument",
    "option {name} requires {count} arguments",
    "option {name} does not take a value",
    "got unexpected extra argument ({names})",
    "got unexpected extra arguments ({names})",
)
"""What click, in the versions that there are, says of wrong use."""
_SAYING = frozenset({
    "RunError", "Refused", "ValueError", "FormatError", "NoColumnError", "ChangedWhileReadError", "say", "say_error",
    "Finding", "_finding", "finding", "_look_alike", "Rejected",
})  # fmt: skip
"""What takes an English sentence that is translated where it is shown."""
_NOT_SAID = ("engines", "report")
_HELP = ("help", "epilog")


TERMS = {
    "序列": "序列", "文件夹": "資料夾", "配置文件": "設定檔", "基线文件": "基準檔", "文件系统": "檔案系統",
    "文件名": "檔名", "文件": "檔案", "文档": "文件", "文本": "文字", "默认": "預設",
    "区域设置": "地區設定", "设置": "設定", "运行": "執行", "用户": "使用者", "查找": "尋找",
    "程序": "程式", "字段": "欄位", "支持": "支援", "生成": "產生", "示例": "範例", "退出码": "結束代碼",
    "审计记录": "稽核記錄", "缓存": "快取", "二进制": "二進位", "数据": "資料", "内存": "記憶體",
    "终端": "終端機", "转义": "跳脫", "打印机": "印表機", "字节顺序标记": "位元組順序記號",
    "字节": "位元組", "字符": "字元", "单词": "單字", "代码语句": "程式敘述", "代码": "程式碼",
    "进程": "處理程序", "所有核": "所有核心", "原地修复": "就地修復", "所有者": "擁有者", "磁盘": "磁碟",
    "基线": "基準", "撤销": "復原", "连字符": "連字號", "叹号": "驚嘆號", "换页符": "換頁字元",
    "垂直制表符": "垂直定位字元", "制表符号": "框線符號", "制表符": "定位字元", "概率": "機率",
    "比特": "位元", "日志": "記錄檔", "噪声": "雜訊", "搜索引擎": "搜尋引擎", "变体选择符": "異體字選擇器",
    "图标字体": "圖示字型", "屏蔽": "忽略標記", "类型": "類型", "属性": "屬性", "只读": "唯讀",
    "回车": "Enter 鍵", "网络": "網路", "下列": "下列", "系列": "系列", "排列": "排列", "并列": "並列",
    "列出": "列出", "列在": "列在", "列表": "清單", "只列": "只列", "列": "欄", "图片": "圖片",
    "调用": "呼叫", "函数": "函式", "运算符": "運算子", "解析": "剖析", "表情符号": "表情符號",
    "扫码": "掃碼", "菜单": "選單", "面包屑": "導覽路徑", "链接": "連結", "算子": "運算子", "接口": "介面",
}  # fmt: skip
"""Taiwan's terms for what is said otherwise in the Simplified catalogues."""


def build() -> dict[str, str | bytes]:
    """The catalogues, brought up to date."""
    built: dict[str, str | bytes] = {}
    for domain in DOMAINS:
        sources = list(sentences(domain))
        hans = _updated("zh_Hans", domain, sources, None)
        for locale in LOCALES:
            catalog = hans if locale == "zh_Hans" else _updated(locale, domain, sources, hans)
            built[f"repair/messages/locale/{locale}/LC_MESSAGES/{domain}.po"] = _as_po(catalog)
    return built


def read(locale: str, domain: str) -> Catalog:
    """The catalogue as it stands."""
    path = ROOT / f"repair/messages/locale/{locale}/LC_MESSAGES/{domain}.po"
    if not path.exists():
        return Catalog(locale=locale, domain=domain)
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain=domain)


def key_of(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


_Sentence: TypeAlias = tuple[str | None, str | tuple[str, str]]
"""The context, and the English; of a count, for one and for many."""


def sentences(domain: str) -> Iterator[_Sentence]:
    """All that the code says, each once."""
    seen: set[_Sentence] = set()
    for each in _of_rules() if domain == "rules" else _of_code():
        if each not in seen:
            seen.add(each)
            yield each


def _of_rules() -> Iterator[tuple[None, str]]:
    for rule in RULES:
        yield None, rule.summary
        for paragraph in paragraphs_of(rule):
            yield None, paragraph


def _of_code() -> Iterator[_Sentence]:
    for path in sorted((ROOT / "repair").rglob("*.py")) + sorted(
        (ROOT / "validators").rglob("*.py")
    ):
        yield from _of_module(path)
    for kind in Applicability:
        yield None, kind.value
    yield from ((SAID, sentence) for sentence in (*APART, *CLICK))
    report = ROOT / "repair/report"
    for name, call in (("report.html.j2", r'\btr\("([^"]+)"'), ("report.js", r'\bt\("([^"]+)"')):
        for match in re.finditer(call, (report / name).read_text("utf-8")):
            yield None, match[1]


def _of_module(path: Path) -> Iterator[_Sentence]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield from _of_call(node, path)
        elif isinstance(node, ast.Assign) and _is_said(node) and path.parent.name != "report":
            value = node.value
            yield from _said_in(value.values if isinstance(value, ast.Dict) else [value])
        elif isinstance(node, ast.FunctionDef) and _is_subcommand(node, path):
            yield None, ast.get_docstring(node) or ""


def _of_call(node: ast.Call, path: Path) -> Iterator[_Sentence]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else ""
    name = function.id if isinstance(function, ast.Name) else name
    shown: Iterable[ast.expr] = ()
    if name in ("tr", "later"):
        shown = node.args[:1]
    elif name == "tr_count":
        one, many = (next(_texts(part)) for part in node.args[:2])
        yield None, (one, many)
    elif name in _SAYING and _is_shown(name, path):
        yield from _said_in([*node.args, *(keyword.value for keyword in node.keywords)])
    elif name == "Key":
        shown = node.args[3:]
    elif name in ("option", "argument", "_setting", "partial", "group"):
        shown = _named(node, _HELP)
    yield from ((None, text) for part in shown for text in _texts(part))
    if name == "Key":  # what its value must be
        yield from ((SAID, text) for text in _texts(node.args[1]))


def _said_in(parts: Iterable[ast.expr]) -> Iterator[_Sentence]:
    return ((SAID, said) for part in parts for text in _texts(part) if (said := _as_said(text)))


def _is_shown(name: str, path: Path) -> bool:
    """Whether what a call says may reach a person, and not only a programmer."""
    if set(_NOT_SAID) & set(path.parts):
        return False
    return name != "ValueError" or "validators" not in path.parts


def _is_subcommand(node: ast.FunctionDef, path: Path) -> bool:
    """Whether a function of `repair/command/<name>.py` is the subcommand: its docstring is shown."""
    returns = node.returns
    is_named = path.parent.name == "command" and node.name == path.stem
    return is_named and isinstance(returns, ast.Name) and returns.id == "int"


def _named(call: ast.Call, names: tuple[str, ...]) -> Iterator[ast.expr]:
    return (keyword.value for keyword in call.keywords if keyword.arg in names)


def _is_said(node: ast.Assign) -> bool:
    """Whether a sentence is put aside here, to be said later."""
    return any(
        isinstance(target, ast.Name) and (target.id in ("message", "reason", "hint", "mend", "why", "TRANSLATED")
                                          or target.id.endswith("_REASON"))
        for target in node.targets
    )  # fmt: skip


def _texts(node: ast.expr) -> Iterator[str]:
    """The sentences of an expression, values in them as `{name}`."""
    parts: Sequence[ast.expr] = ()
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield _template(node)
    elif isinstance(node, ast.IfExp):
        parts = (node.body, node.orelse)
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = (node.left, node.right)
    elif isinstance(node, ast.Tuple | ast.List):
        parts = node.elts
    for part in parts:
        yield from _texts(part)


def _template(node: ast.JoinedStr) -> str:
    """The sentence, with a name for each value: the last word of its expression."""
    names: dict[str, str] = {}
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
            continue
        assert isinstance(part, ast.FormattedValue)
        expression = ast.unparse(part.value)
        words = re.findall(r"[a-z]+", expression.replace("self", "")) or ["value"]
        if expression not in names:
            taken = sum(name.rstrip("0123456789") == words[-1] for name in names.values())
            names[expression] = f"{words[-1]}{taken + 1 if taken else ''}"
        parts.append(f"{{{names[expression]}}}")
    return "".join(parts)


def _as_said(text: str) -> str | None:
    """A sentence without what stands before it at will; None for what is no sentence."""
    text = re.sub(r"^(error: )?(\{\w+\}: )?", "", text).removeprefix("; ")
    bare = re.sub(r"\{\w+\}", "", text)
    if "}{" in text:  # where one value ends and the next begins cannot be told; see APART
        return None
    return text if " " in text.strip() and re.search(r"[A-Za-z]{3}", bare) else None


def _updated(
    locale: str,
    domain: str,
    sources: list[_Sentence],
    hans: Catalog | None,
) -> Catalog:
    """The catalogue with what the code says now. Names of evidence are kept: the code has them in
    many ways, and a test finds those that are missing."""
    old = {key_of(message): message for message in read(locale, domain) if message.id}
    new = Catalog(
        locale=locale,
        domain=domain,
        header_comment=f"# What jiaokan says, in {locale}. Apache-2.0.",
        project="jiaokan",
        version="1",
        copyright_holder="the maintainers of jiaokan",
        msgid_bugs_address="https://github.com/jiaokan/jiaokan/issues",
        last_translator="the maintainers of jiaokan",
        language_team=locale,
        fuzzy=False,
    )
    wanted = dict.fromkeys(sources)
    found = {(context, id if isinstance(id, str) else id[0]) for context, id in wanted}
    kept = [
        (message.context, message.id)
        for key, message in {key_of(each): each for each in (*(hans or ()), *old.values())}.items()
        if message.context == EVIDENCE and message.string and not {key, (None, key[1])} & found
    ]
    for context, id in (*wanted, *kept):
        key = (context, id if isinstance(id, str) else id[0])
        message = old.get(key)
        string: Any = message.string if message else ""
        flags = set(message.flags) if message else set()
        draft = hans.get(key[1], context) if hans is not None else None
        if not _filled(string) and draft is not None and _filled(draft.string):
            string, flags = draft.string, {*flags, "fuzzy"}
        if isinstance(id, tuple):
            string = string if isinstance(string, tuple) else (string,)
        new.add(id, string, context=context, flags=flags - {"python-format", "python-brace-format"})
    if hans is not None:
        _draft(message for message in new if message.id and message.fuzzy)
    return new


def _draft(messages: Iterable[Message]) -> None:
    """Put Traditional characters for Simplified ones, in the drafts among these."""
    drafts: list[Any] = [each for each in messages if _filled(each.string)]
    said = [str(each.string if isinstance(each.string, str) else each.string[0]) for each in drafts]
    if not said:
        return
    for message, text in zip(drafts, _drafts(said), strict=True):
        message.string = text if isinstance(message.string, str) else (text,)


def _filled(string: Any) -> bool:
    return any(string) if isinstance(string, tuple) else bool(string)


def _drafts(strings: list[str]) -> list[str]:
    """Simplified sentences in Traditional characters and Taiwan's terms, for a person to read over.

    As one text, since a sentence alone may be too short to tell its script.
    """
    from jiaokan import Repairer

    terms = sorted(TERMS, key=len, reverse=True)
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(TERMS.get(match[0], match[0]))
        return chr(0xF0000 + len(kept))

    # Code, values and examples stay as they are, and so do the terms once they are replaced.
    stays = re.compile("|".join([r"`[^`]*`", r"\{[^}]*\}", *map(re.escape, terms)]))
    text = "\x1e".join(stays.sub(keep, string) for string in strings)
    repairer = Repairer(script="zh-Hant-TW", regional_words=True, select=["script"])
    text = repairer.repair(text.replace("\x1e", "\n\x1e\n")).text.replace("\n\x1e\n", "\x1e")
    text = re.sub("[\U000f0000-\U000fffff]", lambda m: kept[ord(m[0]) - 0xF0001], text)
    return text.translate(str.maketrans("“”‘’", "「」『』")).split("\x1e")


def _as_po(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=0, no_location=True, omit_header=False)
    # The day of the run is no news, nor is the version of what wrote it.
    return re.sub(
        rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By): [^\n]*\n', b"", out.getvalue()
    )
