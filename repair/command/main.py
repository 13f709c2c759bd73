"""The entry point: runs the subcommand, and reports every error in one line."""

import gc
import os
import sys


def main() -> None:
    """Run the command line. Exit 0 done or clean, 1 findings, 2 wrong use or a failure."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy loads: workers share cores
    gc.set_threshold(20_000)  # a twentieth of a short run went into looking for rings
    try:
        from jiaokan.repair.command.application import application, choose_language
        from jiaokan.repair.command.errors import run, use_utf8

        use_utf8()
        sys.argv = [sys.argv[0], *choose_language(sys.argv[1:])]
        sys.exit(run(application))
    except KeyboardInterrupt:  # while still starting
        print("jiaokan: stopped", file=sys.stderr)
        sys.exit(130)
    finally:
        # Python ends by the signal, whatever the code, if Ctrl-C came while it evaluated a string (named
        # tuples are made so) and none was evaluated since (`run_eval_code_obj` in its pythonrun.c).
        eval("None")
