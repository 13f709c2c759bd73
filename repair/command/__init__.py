"""The command `jiaokan`: a subcommand a file. Heavy imports wait until a subcommand runs."""

from jiaokan.repair.command.main import main

__all__ = ["main"]
