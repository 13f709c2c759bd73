"""`jiaokan fix`: repaired files, and the audit from which they can be undone."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, say, visible
from jiaokan.repair.files import Refused, Trouble, common_folder, walk_inputs


def fix(
    paths: options.Paths,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the repaired files under OUT.", metavar="OUT"),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write over the originals.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write into a folder that is not ours.")
    ] = False,
    script: options.ScriptOption = options.Script.auto,
    text_format: Annotated[
        options.TextFormat, typer.Option("--format", "--text-format", help="What the lines mean.")
    ] = options.TextFormat.auto,
    unsafe: options.Unsafe = False,
    regional_words: options.RegionalWords = False,
    select: options.Select = [],  # noqa: B006
    extend_select: options.ExtendSelect = [],  # noqa: B006
    ignore: options.Ignore = [],  # noqa: B006
) -> int:
    """Repair files into OUT, or in place; every change is on record in _audit/."""
    repairer = options.repairer_of(
        script, text_format, unsafe, regional_words, select, extend_select, ignore
    )
    if [str(path) for path in paths] == ["-"]:
        from jiaokan.repair.run import repair_bytes

        if output is not None or in_place:
            raise Trouble("- is standard input and goes to standard output; leave out -o")
        data = sys.stdin.buffer.read()
        sys.stdout.buffer.write(repair_bytes(data, repairer).output)
        return CLEAN
    if (output is None) is not in_place:
        raise Trouble("say where the repaired files go: -o OUT, or --in-place (one of them)")
    from jiaokan.repair.output import OutputFolder

    base = common_folder(paths)
    out = OutputFolder.open(base if output is None else output, base, force=force)
    failures = 0
    with out:
        from jiaokan.repair.run import repair_inputs

        inputs = walk_inputs(paths, without=() if output is None else (output,))
        for batch in repair_inputs(inputs, repairer):
            out.write(batch)
            for item in batch:
                if isinstance(item, Refused):
                    say(f"{'error: ' if item.is_failure else ''}{item.name}: {item.reason}")
                    failures += item.is_failure
        summary = out.finish({})
    _tell(summary, out.folder)
    return FAILURE if failures or out.failures else CLEAN


def _tell(summary: dict[str, Any], out: Path) -> None:
    print(
        f"{summary['files']:,} files, {summary['characters']:,} characters: {summary['edits']:,}"
        f" changes in {summary['changed']:,} files, {summary['findings']:,} findings."
    )
    for rule, count in sorted(summary["edits_by_rule"].items(), key=lambda item: -item[1]):
        print(f"  {count:>8,}  {rule}")
    print(f"Repaired text: {visible(str(out))}\nAudit:         {visible(str(out / '_audit'))}")
    if (out / "_audit" / "report.html").exists():
        print(f"Report:        {visible(str(out / '_audit' / 'report.html'))}")
