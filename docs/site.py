"""Pages that MkDocs builds from the code: one a rule, the commands, the settings, the JSON shapes, the decisions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

PROJECT = Path(__file__).resolve().parent.parent
_CODE = re.compile(r"^\| ([A-Z]{3}\d{3}) \|", re.M)
_ABOVE = re.compile(r"\]\(\.\./(?!reference/)([^)]+)\)")
_TOP = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are written from the code."""
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Codes in the table of rules lead to their pages; what leads out of docs/ is named, not linked."""
    if page.file.src_uri == "rules.md":
        return _CODE.sub(r"| [\1](rules/\1.md) |", markdown)
    if page.file.src_uri.count("/"):
        return markdown
    return re.sub(r"\[([^\]]+)\]\(\.\./[^)]+\)", r"`\1`", markdown)


def pages() -> dict[str, str]:
    """All generated pages: path within docs/ -> Markdown."""
    from reflint.app import rules
    from reflint.app.schemas import schemas
    from reflint.app.settings import KEYS

    found = {f"rules/{one['id']}.md": rule_page(rules.documentation(one["id"])) for one in rules.catalogue()}
    found["reference/commands.md"] = commands_page()
    found["reference/settings.md"] = settings_page(KEYS)
    found["reference/json.md"] = json_page(schemas())
    found["decisions/index.md"] = decisions_page()
    return found


def rule_page(rule: dict[str, Any]) -> str:
    """One rule: why, what is not meant, what the repair may do, examples."""
    fix = rule.get("fix") or {"safety": "none"}
    safety = {
        "safe": "**safe**: the meaning is kept; `--fix` makes it unattended",
        "unsafe": "**unsafe**: needs your yes (`--unsafe-fixes`)",
        "lookup": "**look-up**: needs a registry's evidence (`--online`)",
        "none": "**none**: only told",
    }[fix["safety"]]
    profiles = ", ".join(rule["profiles"]) or "none (select it by name)"
    parts = [
        f"# {rule['id']} {rule['slug']}",
        rule["summary"],
        f"Severity **{rule['severity']}** · confidence {rule.get('confidence', 'high')} · profiles {profiles}",
        f"Status {rule['status']} · since {rule['since']}",
        f"Repair: {safety}.",
        f"## Why\n\n{rule['rationale']}",
        "## What is not meant\n\n" + "\n".join(f"- {trap}" for trap in rule["traps"]),
    ]
    if rule.get("advice"):
        parts.append(f"## What to do\n\n{rule['advice']}")
    if rule.get("options"):
        rows = [
            f"| `{name}` | `{json.dumps(o['default'])}` | {o.get('help', '')} |" for name, o in rule["options"].items()
        ]
        parts.append("## Options\n\n| option | default | |\n|---|---|---|\n" + "\n".join(rows))
    parts.append(_examples(rule.get("examples", {})))
    if rule.get("references"):
        parts.append("## See\n\n" + "\n".join(f"- <{one}>" for one in rule["references"]))
    return "\n\n".join(filter(None, parts)) + "\n"


def _examples(examples: dict[str, Any]) -> str:
    parts = []
    for bad in examples.get("bad", ()):
        parts.append(f"Wrong:\n\n{_block(bad['in'])}")
        if bad.get("out"):
            parts.append(f"Repaired:\n\n{_block(bad['out'])}")
    parts += [f"Right:\n\n{_block(good)}" for good in examples.get("good", ())]
    return "## Examples\n\n" + "\n\n".join(parts) if parts else ""


def _block(example: str | dict[str, Any]) -> str:
    if isinstance(example, str):
        return f"````text\n{example.rstrip(chr(10))}\n````"
    ((_, item),) = example.items()
    return f"````json\n{json.dumps(item, indent=1, ensure_ascii=False)}\n````"


def commands_page() -> str:
    """Every command with its arguments, options and examples, as `--help` has them."""
    from reflint.cli.commands import cli

    parts = ["# Commands", cli.help or ""]
    root = click.Context(cli, info_name="reflint")
    for name in cli.list_commands(root):  # type: ignore[attr-defined]
        command = cli.get_command(root, name)  # type: ignore[attr-defined]
        parts += _command(command, f"reflint {name}", root)
    return "\n\n".join(parts) + "\n"


def _command(command: click.Command, path: str, parent: click.Context) -> list[str]:
    context = click.Context(command, info_name=path.rpartition(" ")[2], parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    text, _, examples = (command.help or "").partition("\b\n")
    parts = [f"## {path}", text.strip(), f"```text\n{path} {usage}\n```"]
    if examples:
        lines = examples.splitlines()[1:]
        parts.append("```sh\n" + "\n".join(line.strip() for line in lines) + "\n```")
    rows = [
        f"| `{', '.join([*one.opts, *one.secondary_opts])}{_value(one, context)}` | {_cell(one.help or '')} |"
        for one in command.params
        if isinstance(one, click.Option)
    ]
    if rows:
        parts.append("| option | |\n|---|---|\n" + "\n".join(rows))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            parts += _command(inner, f"{path} {name}", context)
    return parts


def _value(option: click.Option, context: click.Context) -> str:
    return "" if option.is_flag or option.count else f" {option.make_metavar(context)}".replace("|", "\\|")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def settings_page(keys: dict[str, Any]) -> str:
    """Every setting with its type, default and meaning."""
    names = {str: "text", list: "list of texts", dict: "table", bool: "true or false"}
    rows = [
        f"| `{name}` | {' or '.join(f'`{c}`' for c in key.choices) or names[key.kind]} | `{json.dumps(key.default)}` | "
        f"{_cell(key.help)} |"
        for name, key in keys.items()
    ]
    return _SETTINGS + "\n".join(rows) + "\n"


_SETTINGS = """# Settings

They stand in `reflint.toml`, or under `[tool.reflint]` in `pyproject.toml`; the closest file upwards from the working
folder holds, and no other unless it names one (`extend`). What the command line says goes first. An unknown setting is
an error, with the nearest name. `reflint config show` says what holds here, and why.

| setting | value | default | |
|---|---|---|---|
"""


def json_page(schemas: dict[str, Any]) -> str:
    """The shapes of what programs read, from their JSON Schemas."""
    parts = [
        "# JSON",
        "What reflint writes for programs has version 1, and each shape its JSON Schema.",
        "The backend's API: [openapi.json](../schemas/openapi.json).",
    ]
    for name, schema in schemas.items():
        rows = [
            f"| `{field}` | {_type(value)} | {value.get('description', '')} |"
            for field, value in schema.get("properties", {}).items()
        ]
        table = "| member | | |\n|---|---|---|\n" + "\n".join(rows) if rows else "A line each: a header, then items."
        parts.append(f"## {name}\n\n[{name}.schema.json](../schemas/{name}.schema.json)\n\n{table}")
    return "\n\n".join(parts) + "\n"


def _type(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = str(schema.get("type", "any"))
    return f"list of {_type(schema['items'])}" if kind == "array" and "items" in schema else kind


def decisions_page() -> str:
    """The decision records, by their first lines."""
    rows = []
    for path in sorted((PROJECT / "docs/decisions").glob("0*.md")):
        title = path.read_text("utf-8").partition("\n")[0].lstrip("# ")
        rows.append(f"- [{title}]({path.name})")
    return "# Decisions\n\nChoices that will be questioned, and why they were made.\n\n" + "\n".join(rows) + "\n"
