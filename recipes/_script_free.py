"""Pairs of Traditional forms that good writers use for the same words."""

_FREE = (
    "台臺 佔占 佈布 群羣 裡裏 週周 祕秘 註注 託托 蹟跡 畫劃 畫划 兇凶 昇升 陞升 昇陞 嚐嘗 迴回 菸煙 巖岩 僱雇 閒閑 慾欲 涌湧 盃杯 弔吊 唸念 誌志 "
    "証證 舖鋪 殭僵 荐薦 瞭了 拚拼 儘盡 歎嘆 豔艷 姦奸 燬毀 樑梁 牴抵 蒐搜 澂澄 倖幸 譭毀 饑飢 淩凌 癥症 甦蘇 藉借 捆綑 俊儁 噪譟 嘩譁 喂餵 踰逾 "
    "泝溯 抬擡 糖醣 扎紮 夥伙 傭佣 咨諮 讚贊 併並 勛勳 鑒鑑 鉅巨 侷局 傢家 隄堤 絃弦 痠酸 坐座 它牠 果菓 逕徑 勣績 檯台 祇只 鍊鏈 鍊煉 箇個 嚮向 "
    "綵彩 麴曲 滙匯 剋克 襬擺 遶繞 燻熏 溼濕 菉綠 匯彙 昆崑 傑杰 嶽岳 蔑衊 杆桿 恤卹 復覆 沈沉"
)
FREE = frozenset(map(frozenset, _FREE.split()))
"""Never called wrong, one for the other."""
