"""What the user sees when something is wrong: one line on stderr, no traceback."""

import functools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec

import click

from jiaokan.repair.command.help import Subcommand
from jiaokan.repair.files import Refused, RunError, reason_of
from jiaokan.repair.files.addresses import tell_of_waiting
from jiaokan.repair.messages import tr, translated
from jiaokan.repair.visible import visible

_P = ParamSpec("_P")

CLEAN, FINDINGS, FAILURE, STOPPED, TERMINATED = 0, 1, 2, 130, 143


class _Terminated(KeyboardInterrupt):
    """SIGTERM, as `kill`, schedulers and containers send it: it stops a run as Ctrl-C does."""


def say(message: str) -> None:
    """A line on stderr, in the reader's language; what is not printable is shown by its code
    point."""
    print(f"jiaokan: {visible(translated(message))}", file=sys.stderr)


def say_error(message: str) -> None:
    """A line on stderr that says what failed."""
    said = tr("error: {message}", message=visible(translated(message)))
    print(f"jiaokan: {said}", file=sys.stderr)


def say_refused(refused: Refused) -> None:
    said = tr("{name}: {reason}", name=refused.name, reason=translated(refused.reason))
    (say_error if refused.is_failure else say)(said)


def guarded(command: Callable[_P, int]) -> Callable[_P, None]:
    """A subcommand that exits with the code it returns, and with 2 and a line where it fails."""

    @functools.wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        use_utf8()
        tell_of_waiting(lambda url: say(f"{url}: no answer yet; still trying"))
        try:
            with _stopped_when_terminated():
                code = command(*args, **kwargs)
            sys.stdout.flush()
        except KeyboardInterrupt as stop:
            say(tr("stopped; {kept}", kept=_kept(stop) or tr("nothing is half written")))
            code = TERMINATED if isinstance(stop, _Terminated) else STOPPED
        except BrokenPipeError:
            _drop_output()  # nobody reads any more: no error of ours
            code = 141  # as the shell says of a process that SIGPIPE ended
        except (RunError, ValueError) as error:
            say_error(str(error))
            _say_kept(error)
            code = FAILURE
        except OSError as error:
            if not error.filename:
                _drop_output()
            where = f"{error.filename}: " if error.filename else ""
            say_error(f"{where}{reason_of(error, Path(str(error.filename or '')))}")
            _say_kept(error)
            code = FAILURE
        except Exception as error:  # noqa: BLE001 (a traceback helps nobody but us)
            if os.environ.get("JIAOKAN_TRACEBACK"):
                import traceback

                traceback.print_exc()
            say_error(
                f"jiaokan itself failed ({type(error).__name__}: {error}); please report"
                " this with what JIAOKAN_TRACEBACK=1 shows"
            )
            code = FAILURE
        sys.exit(code)

    return run


@contextmanager
def telling_what_is_kept(
    kept: Callable[[], str], stops: tuple[type[BaseException], ...] = (KeyboardInterrupt,)
) -> Iterator[None]:
    """Where the work inside breaks off by one of the `stops` (by default Ctrl-C alone), `kept` says
    what there is of it, and how to go on, in the reader's language."""
    try:
        yield
    except stops as error:
        error.add_note(kept())
        raise


@contextmanager
def _stopped_when_terminated() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _Terminated

    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _kept(error: BaseException) -> str:
    return "; ".join(getattr(error, "__notes__", ()))


def _say_kept(error: BaseException) -> None:
    if kept := _kept(error):
        say(kept)


def subcommand(command: Callable[..., int]) -> click.Command:
    """A function with its parameters as a subcommand that ends with the code it returns."""
    return click.command(cls=Subcommand)(guarded(command))


def run(application: click.Command) -> int:
    """The exit code of a command line that a subcommand's own code does not give."""
    try:
        arguments = sys.argv[1:]
        application.main(arguments or ["--help"], prog_name="jiaokan", standalone_mode=False)
    except click.ClickException as error:
        say_error(_of_wrong_use(error.format_message()))
        if context := getattr(error, "ctx", None):
            say(tr("see `{command} --help`", command=context.command_path))
        return FAILURE
    except click.Abort:  # Ctrl-C before a subcommand is at work
        say("stopped before anything was done")
        return STOPPED
    return CLEAN if arguments else FAILURE


def _of_wrong_use(message: str) -> str:
    """What click says of wrong use, in one plain sentence."""
    message = message.removesuffix(".")
    return message[:1].lower() + message[1:]


def _drop_output() -> None:
    """Nothing more is written to stdout, so that the flush at exit cannot fail a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def use_utf8() -> None:
    """UTF-8 in and out, whatever the locale and PYTHONIOENCODING say; but on a terminal of another
    encoding of Chinese, as cp936, what that shows."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = stream.encoding if stream.isatty() and _has_han(stream.encoding) else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _has_han(encoding: str) -> bool:
    try:
        return bool("中文".encode(encoding))
    except (UnicodeEncodeError, LookupError):
        return False
