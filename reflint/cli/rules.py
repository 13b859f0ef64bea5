"""`reflint rules`, `reflint explain`, `reflint test`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from reflint.app import rules
from reflint.app.settings import Settings, load
from reflint.cli.main import DONE, FINDINGS
from reflint.cli.options import listed
from reflint.errors import PackError

_PACK = click.option("--pack", multiple=True, callback=listed, metavar="FOLDER", help="Take in this pack as well.")


def _settings(packs: list[str]) -> Settings:
    """The settings that hold here, for the packs they name."""
    return load().over({"packs": packs}, "command line")


@click.command("rules")
@click.option(
    "-f", "--output-format", "--format", type=click.Choice(["text", "json"]), default="text", help="text or json."
)
@_PACK
def rules_command(output_format: str, pack: list[str]) -> int:
    """List all rules, those of packs in the settings too.

    \b
    Examples:
      reflint rules
      reflint rules -f json
    """
    catalogue = rules.catalogue(_settings(pack))
    if output_format == "json":
        click.echo(json.dumps({"rules": catalogue}, indent=1, ensure_ascii=False))
        return DONE
    for rule in catalogue:
        click.echo(f"{rule['id']}  {rule['severity']:<7}  {rule['fix']:<6}  {rule['slug']:<28}  {rule['summary']}")
    return DONE


def _names(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The codes and names of rules that begin so, for the shell's completion."""
    return [name for rule in rules.catalogue() for name in (rule["id"], rule["slug"]) if name.startswith(begun)]


@click.command("explain")
@click.argument("rule", shell_complete=_names)
@click.option("-f", "--output-format", type=click.Choice(["text", "json"]), default="text", help="text or json.")
@_PACK
def explain_command(rule: str, output_format: str, pack: list[str]) -> int:
    """Explain RULE (a code or a name): why it matters, what it does not mean, examples.

    \b
    Example:
      reflint explain ABS001
    """
    found = rules.documentation(rule, _settings(pack))
    click.echo(json.dumps(found, indent=1, ensure_ascii=False) if output_format == "json" else _page(found))
    return DONE


def _page(rule: dict[str, Any]) -> str:
    fix = rule.get("fix") or {"safety": "none"}
    parts = [
        f"{rule['id']} {rule['slug']}\n\n{rule['summary']}",
        f"severity {rule['severity']} · repair {fix['safety']} · profiles {', '.join(rule['profiles'])}",
        f"Why\n{_indented(rule['rationale'])}",
        "Not meant\n" + "\n".join(f"  - {trap}" for trap in rule["traps"]),
    ]
    if rule.get("options"):
        shown = (
            f"  {name} (default {option['default']}): {option.get('help', '')}"
            for name, option in rule["options"].items()
        )
        parts.append("Options\n" + "\n".join(shown))
    examples = rule.get("examples", {"bad": [], "good": []})
    if rule.get("advice"):
        parts.append(f"What to do\n{_indented(rule['advice'])}")
    for bad in examples["bad"]:
        parts.append(f"Wrong{_example(bad['in'])}")
        if bad.get("out"):
            parts.append(f"Repaired{_example(bad['out'])}")
    parts += [f"Right{_example(good)}" for good in examples["good"]]
    if rule.get("references"):
        parts.append("See\n" + "\n".join(f"  {reference}" for reference in rule["references"]))
    return "\n\n".join(parts)


def _example(example: str | dict[str, Any]) -> str:
    """RIS text as it is; an item of another format as JSON, with the format's name."""
    if isinstance(example, str):
        return f"\n{_indented(example)}"
    ((format, item),) = example.items()
    return f" ({format})\n{_indented(json.dumps(item, indent=1, ensure_ascii=False))}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.rstrip("\n").split("\n"))


@click.command("test")
@click.argument("pack", type=click.Path(path_type=Path))
def test_command(pack: Path) -> int:
    """Run the examples in the rule files of PACK, a folder <group>/<ID>-<slug>.yaml.

    \b
    Example:
      reflint test rules
    """
    if not pack.is_dir():
        raise PackError(f"{pack}: no such folder")
    outcomes = rules.test_pack(pack)
    faults = [one for one in outcomes if one[2]]
    for path, example, fault in faults:
        click.echo(f"{path}: {example}: {fault}")
    files = len({path for path, _, _ in outcomes})
    click.echo(f"{files} rules, {len(outcomes)} examples, {len(faults)} faults")
    return FINDINGS if faults else DONE
