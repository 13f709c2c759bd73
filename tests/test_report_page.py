"""The report in a real browser: it opens, filters, shows both texts, and nothing in it runs."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import jiaokan as library
from jiaokan.repair.report import Change, Report, ReportedFile, render, render_report
from jiaokan.validators.families import FAMILIES
from tests.command import jiaokan

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")

HOSTILE = "<script>window.ran=1</script><img src=x onerror='window.ran=1'>\u202e&lt;\x1b[31m\ud800"


def change(text: str, part: str, after: str | None, rule: str, sure: float) -> Change:
    start = text.index(part)
    end = start + len(part)
    return Change(
        rule, start, end, 1, start + 1, text[:start][-20:], text[start:end], after,
        text[end:][:20], "why it is wrong", "", sure, "safe" if after is not None else "display",
        after is not None,
    )  # fmt: skip


def report(copies: int = 1) -> Report:
    first, second = library.RULES[0].id, library.RULES[-1].id
    text = "𠀀江蘇省召開企業(yè)家座談會\n第二行，阅读:690\n" + HOSTILE
    files = [
        ReportedFile(
            f"page{number}.txt", "utf-8", len(text), 2, 1,
            [
                change(text, "(yè)", "", first, 0.99),
                change(text, "阅读:690", None, second, 0.8),
                change(text, HOSTILE, "<b>after</b>", second, 0.95),
            ],
            text,
        )
        for number in range(copies)
    ]  # fmt: skip
    edits = Counter({first: copies, second: copies})
    return Report("test </title>", "2026-01-01", "0", files, edits, Counter({second: copies}))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "data:")) else page.complaints.append(r.url),
    )
    yield page
    context.close()


def opened(page: Any, tmp_path: Path, shown: Report) -> Any:
    path = tmp_path / "report.html"
    path.write_text(render_report(shown), "utf-8")
    page.goto(path.as_uri())
    return page


def test_it_opens_filters_and_shows_both_texts(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, report(3))
    assert page.locator("#count").inner_text().startswith("9 of 9 shown: 6 changed, 3 reported")
    page.select_option("#kind", "reported")
    assert page.locator("#count").inner_text().startswith("3 of 9")
    page.click("#clear")
    page.select_option("#file", "1")
    assert page.locator("#count").inner_text().startswith("3 of 9")
    page.fill("#words", "企業家")
    sync_api.expect(page.locator("#count")).to_contain_text("1 of 9")
    page.locator("#changes").focus()
    page.keyboard.press("ArrowDown")
    assert "yè" in page.locator("#detail").inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#page-before del").first.inner_text() == "(yè)"
    assert "企業家座談會" in page.locator("#page-after").inner_text()
    page.keyboard.press("Escape")
    assert not page.complaints


def test_hostile_text_is_shown_and_never_run(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, report())
    page.locator("button[data-page]").first.click()
    shown = page.locator("#page-before").inner_text()
    assert "<script>" in shown and "[U+202E]" in shown and "[U+001B]" in shown
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.title").endswith("test </title>")
    assert not page.complaints


def test_a_hundred_thousand_changes_open(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, report(34_000))
    assert page.locator("#count").inner_text().startswith("102,000 of 102,000")
    assert page.locator(".row").count() < 60
    page.locator("#changes").focus()
    page.keyboard.press("End")
    assert "page33999.txt" in page.locator("#rows").inner_text()
    assert not page.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_it_fits_narrow_and_wide_light_and_dark(
    page: Any, tmp_path: Path, scheme: str, width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, tmp_path, report(2))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) > 380) is (scheme == "light")
    assert not page.complaints


def test_on_paper_the_rows_stand_one_under_the_other(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, report(500))
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf()))
    assert 15 < pages < 40  # 500 rows, and no empty paper for the others
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".row").count() == 500
    assert "1,000 more are not printed" in page.locator("#rows").inner_text()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".row").count() < 60
    assert not page.complaints


def test_a_place_can_be_left_as_it_was(page: Any, tmp_path: Path) -> None:
    (tmp_path / "in/deep").mkdir(parents=True)
    text = "江蘇省召開企業(yè)家座談會，助企業(yè)加快發(fā)展。\r\n各地統(tǒng)籌推進，實施重大戰(zhàn)略。\r\n"
    wrapped = "我們已經收到您的來信，會在三個工\r\n作天內處理，謝謝您的耐心等候。\r\n"
    (tmp_path / "in/deep/a b.txt").write_bytes((text + wrapped).encode())
    assert jiaokan("fix", "in", "-o", "out", cwd=tmp_path).code == 0
    page.goto((tmp_path / "out/_audit/report.html").as_uri())
    silences = []
    for gone, number in (("yè", 1), ("⏎", 0), ("tǒng", 0)):
        page.locator(".row", has=page.locator("del", has_text=gone)).nth(number).click()
        page.locator("#detail summary").click()
        silences.append(page.locator("#detail pre").inner_text())
    (tmp_path / "in/jiaokan-silences.toml").write_text("\n".join(silences), "utf-8")
    done = jiaokan("fix", "in", "-o", "out", cwd=tmp_path)
    assert done.code == 0 and not done.err
    left = "江蘇省召開企業家座談會，助企業(yè)加快發展。\r\n各地統(tǒng)籌推進"
    mended = (tmp_path / "out/deep/a b.txt").read_bytes().decode()
    assert mended.startswith(left) and "大戰略" in mended and mended.endswith(wrapped)
    assert not page.complaints


def test_every_family_is_explained() -> None:
    assert list(render._FAMILIES) == list(FAMILIES)


def test_where_nothing_was_wrong_there_is_no_empty_list(page: Any, tmp_path: Path) -> None:
    shown = Report("clean", "2026-01-01", "0", [], Counter(), Counter())
    opened(page, tmp_path, shown)
    assert "Nothing was wrong" in page.inner_text("main")
    assert (
        not page.locator("#changes").is_visible() and not page.locator("table").first.is_visible()
    )
    assert not page.complaints
