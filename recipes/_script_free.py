"""Pairs of Traditional forms that good writers use for the same words."""

_FREE = (
    "台臺 佔占 佈布 群羣 裡裏 週周 祕秘 註注 蹟跡 畫劃 兇凶 昇升 陞升 嚐嘗 菸煙 "
    "巖岩 僱雇 閒閑 慾欲 涌湧 盃杯 舖鋪 殭僵 荐薦 瞭了 拚拼 儘盡 歎嘆 豔艷 姦奸 "
    "燬毀 樑梁 牴抵 蒐搜 澂澄 譭毀 饑飢 淩凌 捆綑 俊儁 噪譟 嘩譁 喂餵 泝溯 抬擡 "
    "糖醣 扎紮 夥伙 傭佣 讚贊 勛勳 鑒鑑 鉅巨 隄堤 絃弦 坐座 它牠 勣績 鍊煉 箇個 "
    "綵彩 滙匯 襬擺 遶繞 燻熏 溼濕 菉綠 傑杰 嶽岳 蔑衊 杆桿 恤卹 復覆 沈沉 祇只 "
    "証證 踰逾 侷局 傢家 俱具 痠酸 檯台 "
)
_ONE_WORD = (
    "厘釐 迹跡 銹鏽 瓮甕 綉繡 凈淨 謚諡 垻壩 恒恆 肴餚 鎌鐮 琅瑯 獃呆 栖棲 擣搗 昵暱 咏詠 遡溯 "
)
"""Spellings of the same words by Unihan's kSemanticVariant, each for the other: dictionaries of Taiwan
list the one as a variant of the other, and its writers use both."""
FREE = frozenset(map(frozenset, [*_FREE.split(), *_ONE_WORD.split()]))
"""Never called wrong, one for the other: native text mixes them within words, or regions differ."""

_WORDED = (
    "藉借 剋克 匯彙 嚮向 弔吊 咨諮 唸念 昆崑 逕徑 誌志 託托 昇陞 麴曲 果菓 甦蘇 "
    "癥症 鍊鏈 迴回 倖幸 折摺 "
)
WORDED = frozenset(map(frozenset, _WORDED.split()))
"""Those that Taiwan's text keeps apart by words, and other writers (Hong Kong's 委托, 借助) do not:
conversion chooses by the word, and neither is ever called wrong."""
