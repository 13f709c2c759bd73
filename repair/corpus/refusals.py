"""Why a file could not be streamed into its place, as one `Refused`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from jiaokan.repair.corpus.records import FormatError, one_line
from jiaokan.repair.files import Input, Refused, reason_of

if TYPE_CHECKING:
    from jiaokan.repair.fixing.output import Prepared, Target


def prepared(
    item: Input, target: "Target", prepare: Callable[[], "Prepared | Refused"]
) -> "Prepared | Refused":
    """What `prepare` gives, in the folder where it goes; or why it cannot be had."""
    name, path = item.name, target.path(item)
    if target.in_place and not path.is_file():
        return Refused(name, "not a file that can be repaired in place; use -o")
    try:
        if not target.in_place:
            target.make_folder(path.parent)
        return prepare()
    except FormatError as error:
        return Refused(name, str(error))
    except MemoryError:
        return Refused(name, "a record of it does not fit in the memory; make room and run again")
    except OSError as error:
        if error.filename is not None and Path(error.filename) == item.path:
            return Refused(name, reason_of(error, item.path))
        return Refused(name, f"cannot write {path}: {reason_of(error, path)}")
    except Exception as error:  # noqa: BLE001 (whatever a library raises, it is one file's)
        reason = f"{type(error).__name__}: {one_line(error)}"
        return Refused(name, f"it cannot be read or written ({reason})")
