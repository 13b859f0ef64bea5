"""`reflint plan`, `apply`, `resume`, `undo`, `runs`, `login` and `logout`: writing to Zotero libraries."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from reflint.app import libraries, settings
from reflint.app.checking import Event
from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.cli.main import DONE, FAILED
from reflint.cli.online import look_up, online_options
from reflint.cli.options import codes
from reflint.cli.progress import NO_PROGRESS, is_watched
from reflint.engine.run import Engine
from reflint.errors import ConfigError, SourceError
from reflint.model.finding import Finding
from reflint.model.text import number_of
from reflint.reports.changes import Row, as_html, as_text
from reflint.zotero import keys
from reflint.zotero import plan as plans
from reflint.zotero.outcome import Change, Outcome, changes, counted, shown
from reflint.zotero.plan import Plan

_FORMAT = click.option(
    "-f", "--output-format", type=click.Choice(["text", "json"]), default="text", help="text or json."
)
_CONFIG = click.option(
    "--config", metavar="PATH", type=click.Path(path_type=Path), help="Take settings from this file."
)
_YES = click.option("--yes", is_flag=True, help="Do not ask.")
_MOST = click.option("--max-per-run", "most", type=click.IntRange(1), metavar="N", help="Write at most N items.")
_DESKTOP = click.option(
    "--write-desktop", "desktop", is_flag=True, help="Write into the Zotero that runs here (it asks its user)."
)
_DRY = click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")


@click.command("plan")
@click.argument("source", metavar="SOURCE")
@click.option("-o", "--output-file", metavar="PATH", required=True, type=click.Path(path_type=Path), help="The plan.")
@click.option("--html", metavar="PATH", type=click.Path(path_type=Path), help="A page to review the plan on.")
@click.option("--unsafe-fixes", is_flag=True, help="Plan repairs that need a person's yes, too.")
@click.option("--select", multiple=True, callback=codes, metavar="CODES", help="Run just these rules.")
@click.option("--extend-select", multiple=True, callback=codes, metavar="CODES", help="Run these rules as well.")
@click.option("--ignore", multiple=True, callback=codes, metavar="CODES", help="Leave these rules out.")
@click.option("--profile", metavar="NAME", help="minimal, recommended (default) or strict.")
@click.option("-q", "--quiet", is_flag=True, help="Do not list the changes.")
@NO_PROGRESS
@online_options
@_CONFIG
def plan_command(
    source: str, output_file: Path, html: Path | None, unsafe_fixes: bool, quiet: bool, **given: Any
) -> int:
    """Read a Zotero library and write down every change that would repair it. Nothing is changed.

    \b
    Examples:
      reflint plan zotero:groups/12 -o plan.jsonl
      reflint plan zotero:users/1/collections/ABCD2345 -o plan.jsonl --html plan.html
      reflint plan --online zotero:groups/12 -o plan.jsonl
    """
    asked = {name: given.pop(name) for name in ("offline", "refresh")} | {"online_limit": given["online_limit"]}
    chosen = _settings(given)
    safeties = ("safe", "unsafe") if unsafe_fixes else ("safe",)
    with look_up(chosen, asked, [source]) as asking, asking.watching([source]):
        engine = build_engine(chosen, repairing=True, advisor=asking.advisor)
        planned = planned_of(source, chosen, engine, safeties)
    if not quiet:
        for text in as_text(rows(planned.plan, planned.titles)):
            click.echo(text, nl=False)
    _write(output_file, "".join(planned.plan.texts()))
    if html is not None:
        _write(html, as_html(rows(planned.plan, planned.titles), f"Plan for {source}"))
    click.echo(f"{_count(planned.plan)}; the plan is {output_file} (sha256 {planned.plan.sha256})", err=True)
    return DONE


def planned_of(source: str, chosen: settings.Settings, engine: Engine, safeties: Collection[str]) -> libraries.Planned:
    """The plan for a library, with what is odd of its schema said on standard error."""
    planned = libraries.make_plan(source, engine, safeties, chosen, connection())
    if planned.unknown:
        some = ", ".join(planned.unknown[:5]) + (" ..." if len(planned.unknown) > 5 else "")
        click.echo(f"reflint: Zotero's schema has grown; left alone: {some}", err=True)
    return planned


@click.command("apply")
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--run-dir", metavar="DIR", type=click.Path(path_type=Path), help="Keep the run's journal there.")
@click.option("--sha256", metavar="HASH", help="Apply only if the plan has this hash.")
@click.option("--merge", is_flag=True, help="Carry out a plan that merges items (`reflint dedupe --plan`).")
@_MOST
@_DESKTOP
@_DRY
@_YES
@NO_PROGRESS
@_FORMAT
@_CONFIG
def apply_command(
    plan_file: Path,
    run_dir: Path | None,
    sha256: str | None,
    merge: bool,
    dry_run: bool,
    yes: bool,
    output_format: str,
    config: Path | None,
    **how: Any,
) -> int:
    """Carry out a plan that was reviewed. Every write is journalled; `reflint undo` takes the run back.

    \b
    Examples:
      reflint apply plan.jsonl
      reflint apply --yes --max-per-run 500 plan.jsonl
      reflint apply --merge merge.jsonl
    """
    wanted = plans.read(plan_file)
    if sha256 is not None and sha256.lower() != wanted.sha256:
        raise SourceError(f"{plan_file}: has the hash {wanted.sha256}, not the one that was approved")
    if wanted.header.kind:
        click.echo(f"{plan_file}: {counted(wanted)}", err=True)
    if dry_run:
        return _show(wanted, output_format)
    merges = wanted.header.kind == "merge"
    if merges and not merge:
        raise SourceError(f"{plan_file}: merges items; give --merge to have it carried out")
    # Naming a plan that was written down and reviewed is a script's consent; a person is asked once more. A merge has
    # to be agreed to in any case.
    if (sys.stdin.isatty() or merges) and not agreed(wanted, yes, {}):
        return FAILED
    return carried_out(wanted, settings.load(explicit=config), output_format, folder=run_dir, merge=merge, **how)


@click.command("resume")
@click.argument("run", metavar="RUN")
@_MOST
@_DESKTOP
@NO_PROGRESS
@_FORMAT
@_CONFIG
def resume_command(run: str, most: int | None, desktop: bool, output_format: str, config: Path | None) -> int:
    """Go on with a run that stopped, was interrupted or was killed.

    \b
    Example:
      reflint resume 20260901T120000-groups-12-1a2b
    """
    chosen = settings.load(explicit=config)
    most = _most(most, chosen)
    result = libraries.resume(run, chosen, connection(), most=most, progress=_progress(), desktop=desktop)
    return _report(result, output_format)


@click.command("undo")
@click.argument("run", metavar="RUN")
@click.option(
    "-o", "--output-file", metavar="PATH", type=click.Path(path_type=Path), help="Write the plan; apply later."
)
@_DESKTOP
@_DRY
@_YES
@NO_PROGRESS
@_FORMAT
@_CONFIG
def undo_command(
    run: str,
    output_file: Path | None,
    desktop: bool,
    dry_run: bool,
    yes: bool,
    output_format: str,
    config: Path | None,
) -> int:
    """Take a run back: every field that still holds what the run wrote gets its old value.

    \b
    Example:
      reflint undo 20260901T120000-groups-12-1a2b
    """
    wanted = libraries.plan_undo(run, connection())
    if output_file is not None:
        _write(output_file, "".join(wanted.texts()))
        click.echo(f"{_count(wanted)}; the plan is {output_file} (sha256 {wanted.sha256})", err=True)
        return DONE
    if dry_run:
        return _show(wanted, output_format)
    if sys.stdin.isatty() and not agreed(wanted, yes, {}):
        return FAILED
    return carried_out(wanted, settings.load(explicit=config), output_format, desktop=desktop)


@click.command("runs")
@_FORMAT
def runs_command(output_format: str) -> int:
    """List the runs of this machine, oldest first.

    \b
    Example:
      reflint runs
    """
    found = []
    for run, wanted, state in libraries.listed():
        applied, left = (
            len(state.those("applied")),
            sum(s.status in ("planned", "in doubt") for s in state.items.values()),
        )
        found.append(
            {"run": run.id, "library": wanted.header.library, "planned": len(wanted), "applied": applied, "left": left}
            | ({"undoes": wanted.header.undoes} if wanted.header.undoes else {})
        )
    if output_format == "json":
        click.echo(json.dumps({"runs": found}, indent=1))
        return DONE
    for one in found:
        undoes = f", takes back {one['undoes']}" if "undoes" in one else ""
        click.echo(
            f"{one['run']}  {one['library']}: {one['applied']} of {one['planned']} written, {one['left']} left{undoes}"
        )
    return DONE


@click.command("login")
def login_command() -> int:
    """Keep a Zotero API key in the system's keyring. It is asked for and not shown, or read from standard input.

    \b
    Example:
      reflint login
    """
    asked = "API key (from zotero.org/settings/keys)"
    keys.remember(click.prompt(asked, hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline())
    click.echo("The key is in the keyring.", err=True)
    return DONE


@click.command("logout")
def logout_command() -> int:
    """Take the Zotero API key out of the system's keyring."""
    click.echo("The key is forgotten." if keys.forget() else "There was no key in the keyring.", err=True)
    return DONE


def repaired(
    source: str, chosen: settings.Settings, engine: Engine, safeties: Collection[str], *, diff: bool, yes: bool
) -> Iterator[Event]:
    """`check --fix` on a library: plan, show, ask, apply; then what is left to say. Writes nothing for `diff`."""
    try:
        planned = planned_of(source, chosen, engine, safeties)
        if diff:
            yield from as_text(rows(planned.plan, planned.titles))
            yield SourceReport(source, len(planned.titles), "zotero", changed=bool(len(planned.plan)))
            return
        written = 0
        if len(planned.plan) and agreed(planned.plan, yes, planned.titles):
            most = _most(None, chosen)
            result = libraries.apply(planned.plan, chosen, connection(), most=most, progress=_progress())
            written = result.applied
            click.echo(f"run {result.run}: `reflint undo {result.run}` takes it back", err=True)
            if not result.whole:
                yield SourceReport(source, 0, "zotero", f"{source}: {_unwritten(result)}", written, bool(written))
                return
        for event in libraries.check(source, engine, connection()):
            yield event if isinstance(event, Finding) else event._replace(repaired=written, changed=bool(written))
    except SourceError as error:
        yield SourceReport(source, 0, "zotero", str(error))


def _unwritten(result: Outcome) -> str:
    why = f" ({result.stopped})" if result.stopped else ""
    return (
        f"{number_of(result.applied, 'item')} written; {result.conflicts} changed by others, {result.failed} refused, "
        f"{result.left} left{why}; `reflint resume {result.run}` goes on"
    )


def connection() -> libraries.Connection:
    """The network, with pauses and progress told on a terminal."""
    if not is_watched():
        return libraries.Connection()

    def waiting(seconds: float, why: str) -> None:
        click.echo(f"waiting {seconds:.0f} s: {why}", err=True)

    def reading(done: int, total: int) -> None:
        click.echo(f"\r{done:,} of {total:,} items read", err=True, nl=done == total)

    return libraries.Connection(waiting=waiting, reading=reading)


def agreed(wanted: Plan, yes: bool, titles: dict[str, str]) -> bool:
    """Shows a plan on a terminal and asks. Raises SourceError where nobody can be asked and --yes was not given."""
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise SourceError(f"{wanted.address}: nobody to ask for consent here; give --yes to write {_count(wanted)}")
    for text in as_text(rows(wanted, titles)):
        click.echo(text, err=True, nl=False)
    return click.confirm(f"{_count(wanted)}. Write this to {wanted.address}?", err=True)


def carried_out(
    wanted: Plan, chosen: settings.Settings, output_format: str, most: int | None = None, **how: Any
) -> int:
    """Applies a plan and prints what became of it; the exit status. `how`: as `libraries.apply` takes it."""
    result = libraries.apply(wanted, chosen, connection(), most=_most(most, chosen), progress=_progress(), **how)
    return _report(result, output_format)


def rows(wanted: Plan, titles: dict[str, str]) -> Iterable[Row]:
    """A plan's changes, to be shown."""
    return (_row(change, titles) for change in changes(wanted))


def _row(change: Change, titles: dict[str, str]) -> Row:
    title = titles.get(change.key, "")
    before, after = shown(change.before), shown(change.after)
    return Row(
        change.key, title, change.field, before, after, change.rules, change.confidence, change.status, change.why,
        change.evidence,
    )  # fmt: skip


def _show(wanted: Plan, output_format: str) -> int:
    if output_format == "json":
        found = {"library": wanted.header.library, "sha256": wanted.sha256}
        click.echo(json.dumps(found | {"changes": [change._asdict() for change in changes(wanted)]}, indent=1))
        return DONE
    for text in as_text(rows(wanted, {})):
        click.echo(text, nl=False)
    click.echo(f"{_count(wanted)}; nothing was written (sha256 {wanted.sha256})", err=True)
    return DONE


def _report(result: Outcome, output_format: str) -> int:
    if output_format == "json":
        click.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=1))
    else:
        for text in as_text(_row(change, {}) for change in result.changes if change.status != "applied"):
            click.echo(text, nl=False)
        click.echo(
            f"run {result.run}: {number_of(result.applied, 'item')} written, {result.unchanged} so already, "
            f"{result.conflicts} left because others changed them, {result.failed} refused, {result.left} still to do "
            f"({number_of(result.requests, 'request')})"
        )
    if result.stopped:
        click.echo(f"reflint: stopped: {result.stopped}", err=True)
    if result.left:
        click.echo(f"reflint: go on with `reflint resume {result.run}`", err=True)
    return DONE if result.whole else FAILED


def _settings(given: dict[str, Any]) -> settings.Settings:
    found = settings.load(explicit=given.pop("config"))
    return found.over({name.replace("_", "-"): value for name, value in given.items()}, "command line")


def _most(most: int | None, chosen: settings.Settings) -> int | None:
    configured = chosen["zotero"].get("max-per-run")
    return most if most is not None else configured


def _progress() -> Callable[[int], None] | None:
    if not is_watched():
        return None
    done = 0

    def progress(more: int) -> None:
        nonlocal done
        done += more
        click.echo(f"\r{done:,} items written", err=True, nl=False)

    return progress


def _count(wanted: Plan) -> str:
    fields = sum(len(line.set) for line in wanted.lines.values())
    return f"{number_of(fields, 'change')} of {number_of(len(wanted), 'item')}"


def _write(path: Path, text: str) -> None:
    from reflint.app.writing import Replacement

    if not path.parent.is_dir():
        raise ConfigError(f"{path}: no such folder {path.parent}")
    with Replacement(path, None) as new:
        new.write(text.encode())
        new.commit()
