"""What a process costs before it does much: processor time of one of its own, median of nine.

Modules are compiled to bytecode, as those of an installed package are. The first document has a
heading and three paragraphs; memory is that of a process that repaired the seed documents and
everything else that loads a table.
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from statistics import median

from tests.accuracy.rows import Row
from tests.accuracy.sets import SHARED
from tests.benchmarks.runs import ENVIRONMENT

RUNS = 9
_TEXT = "第三章　雨后\\n他推开窗户，外面的雨已经停了。\\n屋檐下还在滴水，院子里很安静。\\n谁也没有说话。"
_FIRST = f"import jiaokan; jiaokan.Repairer().repair('{_TEXT}')"
_HELP = (
    "import sys; sys.argv = ['jiaokan', '--help']; from jiaokan.repair.command import main; main()"
)
_ALL = r"""
import pathlib, re, sys, jiaokan
texts = [path.read_text("utf-8") for path in sorted(pathlib.Path(sys.argv[1]).glob("*.txt"))]
texts += [text.encode("gb18030") for text in texts] + [text.encode("utf-8").decode("gbk", "replace") for text in texts]
for script in ("auto", "zh-Hans", "zh-Hant-TW"):
    for _ in jiaokan.Repairer(script=script, regional_words=script != "auto").repair_many(texts):
        pass
print(re.search(r"VmHWM:\s*(\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


def measure(scale: float) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        env = {**ENVIRONMENT, "PYTHONPYCACHEPREFIX": folder}
        nothing = _seconds("pass", env)
        for name, target, code in (
            ("import jiaokan", "< 60 ms", "import jiaokan"),
            ("first document", "< 0.4 s", _FIRST),
            ("jiaokan --help", "< 0.2 s", _HELP),
        ):
            taken = _seconds(code, env)
            note = f"Python itself {1e3 * nothing:.0f} ms of it"
            yield Row(name, target, f"{1e3 * taken:.0f} ms", note=note)
        command = [sys.executable, "-c", _ALL, str(SHARED.parent / "seeds")]
        said = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
        yield Row(
            "memory of a process, all tables loaded",
            "≤ 250 MB",
            f"{int(said.stdout) * 1024 / 1e6:.0f} MB",
            note="resident at its highest, memory-mapped tables counted",
        )


def _seconds(code: str, env: dict[str, str]) -> float:
    """Median processor time, once the bytecode is there."""
    taken = []
    for _ in range(RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
        taken.append(user + system)
    return median(taken[1:])
