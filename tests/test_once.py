"""What is lost at one place is reported once."""

import pytest

import jiaokan

TEXT = "今天的天气很好，我们一起去公园玩。他们走了很远，最后到了湖边，看见许多"
GBK = TEXT.encode("gbk")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (TEXT.encode()[:-1], "encoding/truncated"),
        (TEXT.encode()[:30] + b"\xff" + TEXT.encode()[30:], "encoding/undecodable"),
        (GBK[:-1], "encoding/truncated"),
        (GBK[:20] + b"\xff\xff" + GBK[20:], "encoding/undecodable"),
        (TEXT + "\ufffd", "lines/truncated"),
        (TEXT[:9] + "\ufffd\ufffd" + TEXT[9:] + "花。\n", "mojibake/lost"),
    ],
)
def test_a_replacement_character_is_spoken_of_once(data: str | bytes, rule: str) -> None:
    out = jiaokan.Repairer().repair(data)
    text = out.document.text
    gaps = [f for f in out.findings if "\ufffd" in text[f.start : f.end]]
    assert [gap.rule for gap in gaps] == [rule]
    assert jiaokan.undo(out) == data


def test_each_place_is_reported() -> None:
    text = "\n".join(f"第{number}段写的是\ufffd花，开在湖边的路上。" for number in range(50))
    out = jiaokan.Repairer().repair(text)
    assert sum(finding.rule == "mojibake/lost" for finding in out.findings) == 50
    (batch,) = jiaokan.Repairer().repair_many([text])
    assert batch.findings == out.findings


def test_what_a_line_lost_is_one_finding() -> None:
    line = "今天\ufffd\ufffd天气很好，我们去\ufffd园玩\ufffd吧，\ufffd\ufffd再回来。"
    (finding,) = (
        jiaokan.Repairer(select=["mojibake"]).repair(f"{line}\n第二行没有丢字。\n").findings
    )
    assert (finding.start, finding.end) == (2, line.rindex("\ufffd") + 1)
    assert finding.evidence["lost"] == 6


def test_what_a_misread_line_lost_is_one_finding_beside_the_guesses() -> None:
    good = "本次会议讨论了预算草案，大家都说有道理，没有人反对，散会以后各自回家。"
    seen = good.encode().decode("gbk", "replace")
    out = jiaokan.Repairer(select=["mojibake"]).repair(seen)
    (run,) = (finding for finding in out.findings if finding.rule == "mojibake/utf8-as-gbk")
    assert run.evidence["lost"] == out.text.count("\ufffd")
    lost = [f for f in out.findings if f.rule == "mojibake/gap" and f.replacement is None]
    assert len(lost) <= 1
    guessed = jiaokan.Repairer(select=["mojibake"], unsafe=True).repair(seen).text
    assert guessed.count("\ufffd") == sum(int(str(each.evidence["lost"])) for each in lost)
