"""The site of the docs: it builds, every rule has its page, and no link in it leads nowhere."""

import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

import jiaokan

config = pytest.importorskip("mkdocs.config", reason="`make docs` installs mkdocs")
ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(
    not (ROOT / "mkdocs.yml").exists(), reason="the docs are not in the sdist"
)


class Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.anchors |= {value for key in ("id", "name") if (value := values.get(key))}
        for key in ("href", "src"):
            if value := values.get(key):
                self.links.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from mkdocs.commands.build import build

    root = tmp_path_factory.mktemp("docs")
    shutil.copy(ROOT / "mkdocs.yml", root)
    shutil.copytree(ROOT / "docs", root / "docs")
    settings = config.load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site"))
    settings.plugins.on_startup(command="build", dirty=False)
    build(settings)  # strict: a warning raises
    return root / "site"


@pytest.mark.parametrize("rule", jiaokan.RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_page(site: Path, rule: jiaokan.Rule) -> None:
    page = (site / "rules" / f"{rule.id}.html").read_text("utf-8")
    assert f"--ignore {rule.id}" in page and f"disable-next-line {rule.id}" in page
    assert f'href="rules/{rule.id}.html"' in (site / "rules.html").read_text("utf-8")
    for tag, words in (("zh-Hans", "若要屏蔽"), ("zh-Hant", "若要忽略")):
        chinese = (site / tag / "rules" / f"{rule.id}.html").read_text("utf-8")
        assert words in chinese and f"disable-next-line {rule.id}" in chinese


def test_no_link_leads_nowhere(site: Path) -> None:
    pages = {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    dead = []
    checked = 0
    for path, page in pages.items():
        if path.name == "404.html":  # its links are from the root of wherever it is served
            continue
        for link in page.links:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            target, anchor = urldefrag(unquote(link))
            file = (path.parent / target).resolve() if target else path
            if file.is_dir():
                file /= "index.html"
            checked += 1
            known = pages[file].anchors if file in pages else None
            if not file.exists() or (anchor and known is not None and anchor not in known):
                dead.append(f"{path.relative_to(site)}: {link}")
    assert not dead and checked > 1000


def test_pages_need_no_network(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = Page(path.read_text("utf-8"))
        sources = [link for link in page.links if link.endswith((".js", ".css"))]
        assert sources and not [link for link in sources if urlsplit(link).scheme], path
