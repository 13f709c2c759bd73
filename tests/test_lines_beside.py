"""One sentence that a break cuts, beside lines that are meant: it is mended, and none of them is touched."""

import random

import jiaokan

_NEIGHBOURS: dict[str, str] = {
    "headings": "第一章 山里的学校\n\n一、开学第一天\n\n二、新来的老师",
    "bare headings": "关于调整夜间公交线路的通知\n适用范围\n实施时间\n其他事项",
    "list": "- 带好雨伞和水壶\n- 提前十分钟到站\n- 不要在车上吃东西\n- 听从领队安排",
    "numbered list": "一、报名时间为每周六上午\n二、报名地点在镇文化站\n三、每人限报一项\n四、费用自理",
    "ingredients": "面粉三百克\n鸡蛋两个\n白糖五十克\n温水适量\n酵母一小勺",
    "verse": "小河弯弯向东流\n两岸稻花香满楼\n谁家少年骑牛过\n短笛一声天已秋",
    "free verse": "我在窗前\n等一场雨\n等它落在你的屋檐\n落在我\n没有写完的信上",
    "lyrics": "月亮出来照山坡\n哥哥下地妹唱歌\n月亮出来照山坡\n一唱唱到日头落",
    "dialogue": "“你去哪儿？”\n“去镇上。”\n“带把伞吧，要下雨了。”\n“不用，一会儿就回来。”",
    "script": "李明：明天几点出发？\n王芳：六点半，在校门口集合。\n李明：那我早点睡\n王芳：别忘了带相机",
    "chat": "小周 09:12\n会议室订好了吗\n老陈 09:13\n订好了 三楼\n小周 09:13\n收到",
    "code": "def area(width, height):\n    return width * height\n\nprint(area(3, 4))",
    "shell": "$ cd notes\n$ ls\ntodo.txt  draft.txt\n$ cat todo.txt",
    "table": "姓名    年龄    城市\n张小红  23      苏州\n刘大伟  31      西安\n陈静    28      厦门",
    "tabs": "日期\t天气\t气温\n周一\t晴\t18\n周二\t多云\t16\n周三\t小雨\t13",
    "pipes": "| 站名 | 首班 | 末班 |\n|---|---|---|\n| 东门 | 6:00 | 22:30 |\n| 西市 | 6:10 | 22:40 |",
    "address": "湖南省长沙县泉塘街道\n映霞路十二号\n春田花园三栋二单元\n邮编 410100",
    "letterhead": "收件人：林秀英\n电话：见封面\n地址：城关镇北街八号\n备注：轻放",
    "subtitles": "1\n00:00:01,000 --> 00:00:03,500\n我们到了\n\n2\n00:00:04,000 --> 00:00:06,000\n这里比我想的还要大",
    "closing": "此致\n敬礼\n\n林场全体职工\n三月十二日",
    "signature": "——摘自村史馆留言簿\n\n赵德厚 口述\n何小满 整理",
    "contents": "第一节 春耕……3\n第二节 夏收……17\n第三节 秋种……31\n附录 农谚……45",
    "quiz": "1. 下列哪一种鸟会游泳？\nA. 麻雀\nB. 野鸭\nC. 喜鹊\nD. 斑鸠",
    "timetable": "08:00 签到\n08:30 开幕式\n09:00 参观展厅\n11:30 午餐",
    "names": "顾问：沈国良\n主编：方晓\n编辑：唐云 郑海 梁文\n校对：许静",
    "changes": "版本 2.1\n修复登录失败的问题\n新增夜间模式\n优化启动速度\n更新帮助文档",
    "links": "相关阅读\nhttps://example.org/a\nhttps://example.org/b\n上一页 下一页",
    "tags": "#旅行 #美食 #周末\n收藏 分享 举报",
    "english": "Opening Hours\nMonday to Friday\nSaturday and Sunday\nClosed on public holidays",
    "captions": "图一 修好的水车\n图二 新铺的石板路\n（照片由村民提供）",
    "couplets": "春风又绿江南岸边草\n明月再照塞北雪中梅\n横批：万象更新",
    "fields": "颜色 红\n尺寸 大号\n数量 两件\n运费 到付",
    "formula": "a + b = c\nx = 2y\nS = vt",
    "quotes": "> 先把路修好\n> 再谈别的\n> 这是村里人的话",
    "traditional list": "• 請先脫鞋再進入\n• 館內不可飲食\n• 拍照請關閉閃光燈",
    "traditional verse": "門前一樹石榴紅\n屋後三竿翠竹風\n小犬不知人已老\n聲聲猶吠舊時童",
    "traditional notice": "開放時間\n週二至週日\n上午九時至下午五時\n休館日\n每週一及除夕",
}
"""Lines of each kind, every break of which is meant."""

_CUT: tuple[tuple[str, str], ...] = (
    ("那年冬天雪下得特别大，村口的老槐树被压断了好几根树", "枝，孩子们却高兴得不得了，在雪地里跑来跑去。"),
    ("工程队在清理河道的时候，意外发现了一块刻着字的石", "碑，文物部门已经派人前去勘查，结果下周公布。"),
    ("为了让老人们也能用上新的挂号系统，医院专门安排了志愿", "者，在大厅里手把手地教他们怎样操作。"),
    ("这座桥建于一百多年前，当时没有水泥，工匠用糯米浆拌石", "灰砌成，至今仍然十分坚固。"),
    ("超市的账目每天晚上都要核对一遍，今年二月因为停电漏记了三", "十二笔，后来花了整整一个星期才补齐。"),
    ("气象台说，受冷空气影响，明后两天气温将下降八到十", "度，农户要注意给大棚保温。"),
)  # fmt: skip
_CUT_TRADITIONAL: tuple[tuple[str, str], ...] = (
    ("圖書館整修期間，借書的讀者可以到二樓的臨時櫃臺辦理手", "續，還書則投入門口的還書箱即可。"),
    ("這條老街從前是碼頭，清晨天還沒亮，挑夫們就排著隊等候卸", "貨，如今只剩下幾間茶行還開著門。"),
    ("農會今年輔導三十多戶果農改種新品種，預計明年夏天就能收", "成，到時候將舉辦品嚐會。"),
)  # fmt: skip
_WHOLE = (
    "他把信折好放进抽屉，然后关了灯。",
    "市集从早上六点开始，到中午才散，附近几个村子的人都会来。",
    "大家商量了很久，最后决定先修水渠，再铺公路。",
)
_WHOLE_TRADITIONAL = (
    "他把信摺好放進抽屜，然後關了燈。",
    "市集從早上六點開始，到中午才散，附近幾個村子的人都會來。",
    "大家商量了很久，最後決定先修水渠，再鋪公路。",
)


def _beside(kind: str, chance: random.Random) -> tuple[str, str]:
    """A text with one cut sentence before, behind or between lines of a kind, and the same text whole."""
    traditional = kind.startswith("traditional")
    whole = _WHOLE_TRADITIONAL if traditional else _WHOLE
    left, right = chance.choice(_CUT_TRADITIONAL if traditional else _CUT)
    parting = chance.choice(["\n", "\n\n"])
    neighbour = _NEIGHBOURS[kind]
    before, after = chance.sample(whole, 2)
    order = chance.choice(["before", "behind", "between"])
    if order == "between":
        half = neighbour + parting + before + parting
        rest = parting + after + parting + neighbour
    elif order == "before":
        half, rest = before + parting, parting + after + parting + neighbour
    else:
        half, rest = neighbour + parting + before + parting, parting + after
    cut = chance.choice(["\n", "\n\n"]) if parting == "\n\n" else "\n"
    return half + left + cut + right + rest, half + left + right + rest


_KEEP_LINES = {"code", "formula", "subtitles"}
"""Beside these a text is a program's, whose lines all stay."""
_SEEDS = range(24)
_MENDED = 0.7


def test_a_cut_sentence_is_mended_and_nothing_beside_it_is_joined() -> None:
    asked = [(kind, *_beside(kind, random.Random(seed))) for kind in _NEIGHBOURS for seed in _SEEDS]
    outs = jiaokan.Repairer(select=["lines"]).repair_many(broken for _, broken, _ in asked)
    mended = []
    for (kind, broken, whole), out in zip(asked, outs, strict=True):
        assert out.text in (broken, whole), kind
        if kind not in _KEEP_LINES:
            mended.append(out.text == whole)
    assert sum(mended) >= _MENDED * len(mended)
