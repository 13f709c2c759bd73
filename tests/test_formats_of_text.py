"""What kind of text a document is taken for: prose in code is changed as prose by mistake only."""

import pytest

import jiaokan
from jiaokan.validators import punctuation
from jiaokan.validators.format import recognise
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View

PROGRAMS = {
    "strict JavaScript": "'use strict';\n\nmodule.exports =\n  '甲 乙 丙 丁\\n' +\n  '戊 己 庚 辛\\n';\n",
    "a comment first": "/*\n开盘,收盘; 这里是说明,写得随意。\n*/\nimport { x } from './x'\n\nexport const names = [\n  '春',\n  '夏',\n] as const\n",
    "minified": '!function(e,t){"object"==typeof exports?t():e.locale={months:"一月_二月".split("_"),'
    'weekdays:["星期日","星期一"]}}(this,function(){});',
    "exported": "export default {\n  取消: '取消',\n  'ok': '确定',\n}\n",
    "TypeScript": "import type { A } from './a'\nimport B from 'b'\n\n/** 说明,如下 */\nexport type C = A & B\n",
    "compact JSON": '{"省":["甲市","乙市"],"说明":"每年一次,共三天"}',
    "compact list": '[{"code":"11","name":"甲市"},{"code":"12","name":"乙市"}]\n',
    "Python": '"""说明。\n\n更多说明,写在这里:\n\n- 第一\n- 第二\n"""\n\nfrom x import y\n\nNAMES = y("甲")\n',
    "commented Python": "# -*- coding: utf-8 -*-\n# 说明\nimport os\n\n# 再说明\nA = os.name\n",
    "C": '#include <stdio.h>\n\n// 打印,一行\nint main(void) { puts("你好,世界"); }\n',
}
PROGRAMS |= {
    "properties": "readError=无法读取文件。\nwriteError=无法写入文件,请重试。\n",
    "Fluent": "tabs-close =\n    .label = 关闭标签页\ntabs-reload =\n    .label = 重新载入\n    .title = 更多选项\n",
    "YAML": "categories:\n- profile\nconversations:\n- - 你好,你是谁\n  - 我是机器人,不会累。\n",
    "Python with constants": "# 配置\n# author: x\nNAMES = ('甲', '乙')\nDAYS = [\n    {8: '纪念日', 10: '宣传日'}, #1月\n    {2: '世界日'},\n]\n",
    "coded": '# -*- coding=utf-8 -*-\n"""说明,一句话"""\n',
    "TeX": "% 说明\n\\usepackage{ctex}\n\\begin{document}\n\\section{引言}\n这是一段测试,写在这里\n\\par\n又一段文字\n\\end{document}\n",
}
PROGRAMS |= {
    "desktop entry": "[Desktop Entry]\nName[zh_CN]=家谱\nName[zh_HK]=家譜\nComment[zh_CN]=管理家谱,进行搜索\nComment[zh_HK]=管理家譜,進行搜尋\n",
    "Python with CR LF": 'import copy\r\nimport re\r\n\r\nNAMES = {\r\n    "半联":"半聯",\r\n    "全联":"全聯"}\r\n',
    "serialized by PHP": 'a:2:{s:3:"甲";s:10:"乙,丙,丁";i:0;s:3:"戊";}\n',
    "a table of features": "".join(
        f"{key}.{a}.{b}\r\n"
        for key in ("c-1c", "c-2c-1", "ww.l")
        for a, b in zip("教会确实皇宫类股", "首相卖儿亲们内模", strict=True)
    ),
    "numbers written with signs": "".join(
        f"{han}{a}{b}{c},"
        for han, a, b, c in zip(
            "一丁七万丈三上下不与丐丑专且世丘丙业丛东",
            "vW#Q&3{I%C~z`Bl^<=|@",
            "%$*+<=>@[\\]^_`{|}~&w",
            "9j8[&@B~Z>5q$7WoB#M.",
            strict=True,
        )
    )
    * 3,
}
PROGRAMS |= {
    "one call": 'EDITOR.plugins.setLang("find","zh",{label:"尋找",notFound:"找不到,請重試!",replace:"取代成:"});\n',
    "parts of characters": "".join(
        f"{key}:{name}({parts})\n"
        for key, name, parts in (
            ("明", "a", "日,月"),
            ("10003", "d/t", "白,干"),
            ("林", "ra", "木"),
            ("仁", "a", "亻,二"),
            ("一", "c", ""),
            ("尖", "d", "小,大"),
            ("国", "s", "囗,玉"),
        )
    ),
    "Lisp": ';; 说明,一句话\n(input-method zh)\n(map (trans\n  ("ji1" ("基几"))\n  ("la4" ("辣\ue831落"))))\n',
    "the first part of long JSON": '{\n    "前思后想": "cin4 si1",\n    "八仙岭": "baat3 sin1",\n    "擺蕩": "baai2 dong6",\n'
    '    "爆錶": "baau3 biu1",\n    "鞭闢入裏": "bin1 pik1",\n',
    "a game's script": 'label start:\n    "你醒了，天还没亮。"\n    anna "早上好，睡得怎么样？"\n    bruno "没睡着，一直在下雨。"\n'
    '    anna happy "那就早点儿出门吧。"\n    show bruno tired\n    bruno "再等等。"\n',
    "a game's translation": "\ufeff\ntranslate schinese strings:\n\n"
    + "".join(
        f'    # game/menu.rpy:{line}\n    old "{english}"\n    new "{chinese}"\n\n'
        for line, english, chinese in ((10, "Begin", "开始"), (12, "Skip to the end", "跳到最后"))
    ),
}
PAGES = {
    "front matter with CR LF": "---\r\ntitle: x\r\ntags: [a, b]\r\n---\r\n\r\n正文写在这里。\r\n还有一段。\r\n",
    "a README": '<p align="center">\n  <img src="x.png">\n</p>\n\n# 名称\n\n[文档](https://a.cn) | [更新](./c.md)\n\n'
    "## 安装\n\n```\nnpm install x\nnpm run build\nnpm test\n```\n\n## 使用\n\n```js\nimport x from 'x';\nx.run();\nx.stop();\n```\n",
    "English headings": "# Usage\n\n先下载，再安装。\n\n## v1.2\n- 修正错误\n- 增加说明\n",
    "that imports": "import Tabs from '@theme/Tabs'\n\n# 标题\n\n正文在这里。\n\n## 小节\n\n还有正文。\n",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_programs(text: str) -> None:
    assert recognise(text) == "code"
    assert jiaokan.Repairer().repair(text).text == text


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_markdown(text: str) -> None:
    assert recognise(text) == "markdown"


PROSE = {
    "a chat": "@张三 你好,明天来吗?\na = 5\n",
    "a word of English": "import 的意思是进口。\n" * 3,
    "a statement spoken of": "from a import b 形式的语句叫导入。\n下一行的 c = 1 是赋值。\n" * 2,
    "a function spoken of": "Function 函数的用法(一)\n函数先声明,后调用。\nfunction f(x) 是最短的一种。\n",
    "a wiki": "[[文件:山.jpg|缩略图]]\n山在城北,高三百米。\n山上有寺。\n[[分类:山]]",
    "a wiki's template": "{{消歧义}}\n这里说的是山,不是人。\n参见下面各条。\n{{相关条目}}",
    "root's commands": "先停下来。\n\n# systemctl stop x\n\n再看日志。\n\n# tail -n 1 y\n",
    "comments of settings": "写成这样。\n\n# Where it is\nfolder /srv\n\n# How often\n# it is done\nevery 7\n",
    "a chat with pictures": "[图片]\n[图片]\nhttps://a.cn/?id=5 看这个,好笑\n[表情]\n",
}


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE)
def test_prose(text: str) -> None:
    assert recognise(text) == "text"


def test_the_script_of_a_program_is_changed_when_asked_only() -> None:
    text = "const formats = {\n  full: 'YYYY年M月D日H時',\n  short: '今天的農历',\n};\n// 日期写成农历，时间照旧，节气与闰月都算在内。\n"
    auto = jiaokan.Repairer().repair(text)
    assert auto.text == text
    found = {finding.start: finding.applicability for finding in auto.findings}
    assert found[text.index("時")] == found[text.index("農")] == "unsafe"
    assert "H时" in jiaokan.Repairer(script="zh-Hans").repair(text).text


def test_a_part_of_a_program_is_none_of_prose() -> None:
    view = View("词语,3\n另一个词,2\n我们在这里,说的是别的\n")
    assert punctuation.find(view, Settings())
    assert punctuation.find(view, Settings(found_format="code")) == []


def test_a_table_behind_a_comment_is_a_table() -> None:
    rows = (
        f"U-{n:05};X;;4.{n};;⿱{han}年;表 {n};;{n};2\n" for n, han in enumerate("乳坚木氵目雨宀心")
    )
    text = "# 甲乙丙\n# 字段：编号，状态，部件\n" + "".join(rows)
    assert recognise(text) == "csv"
    assert jiaokan.Repairer().repair(text).text == text


TABLES = {
    "sentences": "id,text\n1,今天天氣很好。\n2,我們去公園散步。\n",
    "quoted": '"id","text"\r\n"1","今天天氣很好,我們去公園。"\r\n',
    "semicolons": "id;text\n1;今天天氣很好。\n",
    "names in Han": "编号,内容\n1,今天天氣很好。\n2,我們去公園散步。\n3,好。\n",
    "numbered rows": '\ufeff,id,text\n0,甲,"第一段,到此为止。\n\n第二段,也到此为止。"\n1,乙,好\n',
    "fields between spaces": "".join(
        f"{word} {word} n,名詞,{kind} {english}\n"
        for word, kind, english in (
            ("山国", "地名", "[place]"),
            ("乐山", "地名", "[place-name]"),
            ("且", "不", "about-to"),
            ("仲孙", "人名", "[given-name]"),
            ("衣裳", "衣服", "garment"),
        )
    ),
    "cells of two lines without names": '甲,一,第一行 one,U+1\n乙,二,"第二行 two\n还是它",U+2\n'
    '丙,三,"第三行 three\n还是它",U+3\n丁,四,第四行 four,U+4\n戊,五,"第五行 five\n还是它",U+5\n',
    "a cell of two lines": 'id,text\n1,"第一行，\n第二行。"\n2,好。\n',
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_a_table_is_told_by_its_header(text: str) -> None:
    assert recognise(text) == "csv"
