"""The commands. Each is loaded when it is called."""

from __future__ import annotations

from importlib import import_module

import click

_COMMANDS = {
    "check": ("check", "Find what is wrong with references."),
    "fix": ("check", "Repair references (check --fix)."),
    "plan": ("zotero", "Write down what would repair a Zotero library."),
    "apply": ("zotero", "Carry out a plan that was reviewed."),
    "resume": ("zotero", "Go on with a run that stopped."),
    "undo": ("zotero", "Take a run back."),
    "runs": ("zotero", "List the runs."),
    "login": ("zotero", "Keep a Zotero API key in the keyring."),
    "logout": ("zotero", "Take the key out of the keyring."),
    "citations": ("manuscripts", "List every citation of a manuscript."),
    "extract": ("manuscripts", "Write the works a manuscript cites as records."),
    "dedupe": ("dedupe", "Find duplicates within and between sources; merge them."),
    "rules": ("rules", "List the rules."),
    "explain": ("rules", "Explain a rule, with examples."),
    "test": ("rules", "Run the examples of a rule pack."),
    "baseline": ("baseline", "Keep findings that were there before out of the report."),
    "update-retractions": ("online", "Fetch the Retraction Watch file."),
    "serve": ("serve", "Serve the review page and the API on this machine."),
    "word": ("word", "Install the add-in for Word, or connect its pane."),
    "lsp": ("lsp", "Serve an editor (language server protocol)."),
    "config": ("config", "Show the settings that hold here, and where each comes from."),
}


class _Commands(click.Group):
    """A group that imports a command's module only when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"reflint.cli.{_COMMANDS[cmd_name][0]}")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], _COMMANDS, 1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(_COMMANDS)}"
            raise click.UsageError(f"no such command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in _COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="reflint-tools", prog_name="reflint")
def cli() -> None:
    """Find and repair the defects of bibliographic records, at the line where they stand.

    Exit status: 0 nothing at or above --fail-on is left; 1 findings are left (or --diff would change something); 2 the
    job could not be done.
    """
