"""For people: `full` with an excerpt and a caret, `concise` with a line each; and the statistics and closing line."""

from __future__ import annotations

from collections.abc import Callable

from reflint.model.finding import Finding
from reflint.model.text import number_of
from reflint.reports.base import Linewise, Summary, Write, passages

Paint = Callable[[str, str], str]
"""Gives a text a colour: red, yellow, blue, green, cyan, bold, dim."""
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
_WIDTH = 100


_ANSI = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36, "bold": 1, "dim": 2}


def plain(text: str, colour: str) -> str:
    """No colour."""
    return text


def painted(text: str, colour: str) -> str:
    """A terminal's colour."""
    return f"\x1b[{_ANSI[colour]}m{text}\x1b[0m"


class Concise(Linewise):
    """`path:line:col: CODE [*] message`, a line each; `[*]` can be repaired safely, `[?]` with a person's yes."""

    def __init__(self, write: Write, paint: Paint = plain) -> None:
        super().__init__(write)
        self._paint = paint

    @property
    def form(self) -> str:
        """The form, and how it is painted."""
        return f"{super().form} {self._paint.__name__}"

    def text(self, finding: Finding) -> str:
        """One line, and one for each source of a look-up."""
        return "\n".join([headline(finding, self._paint), *evidence(finding, self._paint)]) + "\n"

    def end(self, summary: Summary) -> None:
        """The closing line."""
        self._write(closing(summary, self._paint) + "\n")


class Full(Concise):
    """The headline, the lines it is about with a caret under them, and the repair."""

    def text(self, finding: Finding) -> str:
        """A block of lines."""
        lines = [headline(finding, self._paint), *excerpt(finding, self._paint)]
        if finding.fix and (finding.fix.edits or finding.fix.safety == "lookup"):
            how = {"safe": "--fix", "unsafe": "--unsafe-fixes", "lookup": "look-up"}[finding.fix.safety]
            title = finding.fix.title or f"repaired by {finding.rule}"
            lines.append(f"  {self._paint('=', 'cyan')} {self._paint(how, 'bold')}: {title}")
        if finding.advice:
            lines.append(f"  {self._paint('=', 'cyan')} {one_line(finding.advice)}")
        return "\n".join([*lines, *evidence(finding, self._paint)]) + "\n\n"


def headline(finding: Finding, paint: Paint) -> str:
    """Place, code, severity mark and message."""
    span = finding.span
    place = finding.source
    if span is not None:
        place += f":{span.start_line}:{span.start_column}"
    elif finding.passages:
        place += f":{finding.passages[0].place}"
    elif finding.record is not None:
        place += f":{finding.record.key or finding.record.index}"
    mark = {"safe": " [*]", "unsafe": " [?]"}.get(finding.fix.safety, "") if finding.fixable and finding.fix else ""
    code = paint(finding.rule, _COLOURS[finding.severity])
    quoted = passages(finding, place=False)
    message = f"{quoted}: {finding.message}" if quoted else finding.message
    return f"{paint(place, 'bold')}: {code}{mark} {one_line(message)}"


def evidence(finding: Finding, paint: Paint) -> list[str]:
    """What a look-up was told, a line for each source."""
    return [f"  {paint('=', 'cyan')} {line}" for line in grounds(finding)]


def grounds(finding: Finding) -> list[str]:
    """What a finding rests on beyond its record: a line for each source that was asked."""
    return [one_line(one.line) for one in finding.evidence]


def excerpt(finding: Finding, paint: Paint) -> list[str]:
    """The first line that the finding is about, with carets under what it means; [] when it is about no field."""
    span = finding.span
    if finding.record is None or finding.position is None:
        return []
    value = finding.value.split("\n")[0]
    begin, end = finding.within or (0, len(value))
    shift = 0
    if begin > _WIDTH - 20:
        shift = begin - 30
        value = "…" + value[shift + 1 :]
    shown = one_line(value)[:_WIDTH]
    gutter = f"{span.start_line if span else '':>5} | "
    head = f"{finding.field}: "
    caret = " " * (len(head) + begin - shift) + "^" * max(1, min(end, shift + _WIDTH) - begin)
    return [
        f"{paint(gutter, 'cyan')}{paint(head, 'dim')}{shown}",
        f"{paint('      | ', 'cyan')}{paint(caret, _COLOURS[finding.severity])}",
    ]


def closing(summary: Summary, paint: Paint) -> str:
    """`3 findings (1 error, 2 warnings) in 5 records; 2 can be repaired with --fix`."""
    counted = summary.by_severity
    parts = [f"{n} {name if n == 1 or name == 'info' else name + 's'}" for name, n in counted.items() if n]
    records = number_of(summary.records, "record")
    repaired = f"{summary.repaired} repaired, " if summary.repaired else ""
    failed = sum(source.error is not None for source in summary.sources)
    undone = f"; {number_of(failed, 'source')} could not be done" if failed else ""
    if not summary.findings:
        text = f"{repaired}nothing {'left ' if repaired else ''}to report in {records}"
        return text + undone if failed else paint(text, "green")
    text = f"{repaired}{number_of(summary.findings, 'finding')} ({', '.join(parts)}) in {records}"
    safe, unsafe = summary.fixable["safe"], summary.fixable["unsafe"]
    if safe or unsafe:
        offers = [f"{safe} with --fix"] * bool(safe) + [f"{unsafe} with --unsafe-fixes"] * bool(unsafe)
        text += f"; can be repaired: {', '.join(offers)}"
    if summary.unanswered:
        text += f"; {summary.unanswered} questions to registries went unanswered"
    return text + undone


def statistics(summary: Summary) -> str:
    """A line per rule, the most frequent first."""
    width = len(str(max(summary.by_rule.values(), default=0)))
    return "".join(
        f"{count:>{width}}  {rule}\n" for rule, count in sorted(summary.by_rule.items(), key=lambda x: (-x[1], x[0]))
    )


def one_line(text: str) -> str:
    """Text without line ends or control characters, so that no value can move the cursor."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ("�" if c not in "\t\n\r" else " ") for c in text)
