"""What the user sees when something is wrong: one line on stderr, no traceback."""

import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

from jiaokan.repair.files import Trouble

_P = ParamSpec("_P")

CLEAN, FINDINGS, FAILURE, STOPPED = 0, 1, 2, 130


def say(message: str) -> None:
    """A line on stderr; what is not printable is shown by its code point."""
    print(f"jiaokan: {visible(message)}", file=sys.stderr)


def visible(text: str) -> str:
    """A text with its control, bidi and lone surrogate characters shown by their code points."""
    return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in text)


def guarded(command: Callable[_P, int]) -> Callable[_P, None]:
    """A subcommand that exits with the code it returns, and with 2 and a line where it fails."""

    @functools.wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        use_utf8()
        try:
            code = command(*args, **kwargs)
            sys.stdout.flush()
        except KeyboardInterrupt:
            say("stopped; what was finished is in place, nothing is half written")
            code = STOPPED
        except BrokenPipeError:
            # Nobody reads any more: not an error of ours, and nothing may be flushed at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = STOPPED
        except (Trouble, ValueError) as error:
            say(f"error: {error}")
            code = FAILURE
        except OSError as error:
            named = f"{error.filename}: " if error.filename else ""
            say(f"error: {named}{(error.strerror or str(error)).lower()}")
            code = FAILURE
        sys.exit(code)

    del run.__wrapped__  # type: ignore[attr-defined]
    run.__signature__ = _signature(command)  # type: ignore[attr-defined]
    return run


def _signature(command: Callable[..., int]) -> object:
    import inspect

    return inspect.signature(command)


def use_utf8() -> None:
    """UTF-8 in and out, whatever the locale and PYTHONIOENCODING say."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
