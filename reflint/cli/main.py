"""The entry point: answers `--version` at once, else hands over to the commands; turns every error into a message."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from reflint import __version__

DONE, FINDINGS, FAILED = 0, 1, 2


def main() -> int:
    """Runs the command line; the exit status of design 4.1. Never prints a traceback."""
    try:
        return _main()
    except KeyboardInterrupt:
        return _say("interrupted")
    except BrokenPipeError:
        # The reader of our output has gone (| head): nothing more to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        return _say(f"{error.filename or 'output'}: {error.strerror or error}")


def _main() -> int:
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115  (open as long as we run)
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"reflint {__version__}\n")
        sys.stdout.flush()
        return DONE
    for stream in (sys.stdout, sys.stderr):
        # Titles are in every script; a terminal or pipe that cannot show one must not end the run.
        stream.reconfigure(encoding="utf-8" if stream is sys.stdout else None, errors="backslashreplace")  # type: ignore[union-attr]
    import click

    from reflint.cli.commands import cli
    from reflint.errors import ReflintError

    try:
        status = cli.main(standalone_mode=False, prog_name="reflint")
        sys.stdout.flush()
        return status if isinstance(status, int) else DONE
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.UsageError as error:
        error.show()
        return FAILED
    except click.ClickException as error:
        return _say(error.format_message())
    except ReflintError as error:
        return _say(str(error))
    except (KeyboardInterrupt, click.Abort):
        return _say("interrupted; files that were not finished are as they were")
    except SystemExit:
        raise BrokenPipeError from None  # what click makes of it


def _say(message: str) -> int:
    with suppress(OSError):
        sys.stderr.write(f"reflint: {message}\n")
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
