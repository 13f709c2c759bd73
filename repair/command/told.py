"""What `fix` says of a run, when it is done or breaks off."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiaokan.repair.files import AUDIT, absolute, name_of
from jiaokan.repair.files.mirror import Mirror
from jiaokan.repair.messages import tr, tr_count
from jiaokan.repair.visible import quoted, visible

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.fixing.output import OutputFolder


def what_is_kept(out: "OutputFolder", files: int, audit: Path) -> str:
    """Of a run that breaks off."""
    from jiaokan.repair.fixing.output import has_checkpoint

    folder = out.target.folder
    if not out.done and has_checkpoint(folder):
        return tr("no file is done; the same command goes on within the one that was under way")
    if not out.done:
        return tr("no file was done, and nothing was changed")
    of = tr("{count:,} of {files:,} files are done and on record", count=out.done, files=files)
    if not out.target.in_place:
        return tr("{of} in {path}; the same command goes on", of=of, path=out.target.shown)
    undone = folder if audit == folder / AUDIT else audit
    command = f"`jiaokan undo {quoted(shown(undone))}`"
    return tr("{of}; the same command goes on, {undo} takes it back", of=of, undo=command)


def tell(
    summary: dict[str, Any],
    folder: Path,
    audit: Path,
    choices: "Choices",
    mirror: Mirror | None = None,
) -> None:
    """What was done, where it is, and how to undo it."""
    files = tr_count("1 file", "{count:,} files", summary["files"])
    if "records" in summary:
        files += tr(", ") + tr_count("1 record", "{count:,} records", summary["records"])
    changes = tr("nothing to change")
    anew = summary["changed"] - summary["edited"]
    if summary["edits"]:
        edits = tr_count("1 change", "{count:,} changes", summary["edits"])
        changes = tr("{edits} in {files:,} of them", edits=edits, files=summary["edited"])
        if anew:
            changes = tr(
                "{changes}, {files:,} more written anew (as UTF-8, or without unreadable records)",
                changes=changes,
                files=anew,
            )
    elif anew:
        changes = tr(
            "no edits, but {files:,} of them written anew (as UTF-8, or without unreadable records)",
            files=anew,
        )
    print(
        tr(
            "{files}, {characters:,} characters: {changes}; {findings}{left_out}.",
            files=files,
            characters=summary["characters"],
            changes=changes,
            findings=tr_count("1 finding", "{count:,} findings", summary["findings"]),
            left_out=_left_out(choices),
        )
    )
    for rule, count in sorted(summary["edits_by_rule"].items(), key=lambda item: -item[1]):
        print(f"  {count:>8,}  {rule}")
    print(tr("Repaired text: {path}", path=shown(folder, mirror)))
    if "kept_earlier_audit" in summary:
        print(
            tr(
                "Audit:         {path} (of the run before: this one changed nothing)",
                path=shown(audit),
            )
        )
        return
    print(tr("Audit:         {path}", path=shown(audit, mirror)))
    if (audit / "report.html").exists():
        print(tr("Report:        {path}", path=shown(audit / "report.html", mirror)))
    undone = folder if audit == folder / AUDIT else audit
    print(tr("To undo:       jiaokan undo {path}", path=quoted(shown(undone, mirror))))


def _left_out(choices: "Choices") -> str:
    if not choices.left_out:
        return ""
    return tr(" ({count:,} left out by .gitignore or exclude)", count=choices.left_out)


def shown(path: Path, mirror: Mirror | None = None) -> str:
    """A path as it is quickest to read: from here, where it is below; of a mirror, the address."""
    if mirror is not None:
        inner = path.relative_to(mirror.here).as_posix()
        return visible(mirror.url if inner == "." else mirror.address(inner).url)
    at = absolute(path)
    here = Path.cwd()
    return visible(name_of(at.relative_to(here) if at.is_relative_to(here) else path))
