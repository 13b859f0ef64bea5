"""How good the look-up is, and how well it behaves: `python -m benchmarks.lookup SHARED [--output docs/lookup.md]`.

SHARED holds `data/crossref` (recorded works) and `tools/crossref_server.py` (a server that replays them). Half of the
works are withheld, so that a plausible wrong hit is always there; what is right is known, for the references are made.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.references import Case, cases
from reflint.lookup.answer import Answer
from reflint.lookup.matching import AUTOMATIC, SUGGESTED, Match, choose
from reflint.lookup.reference import query_of, reference_of_item
from reflint.lookup.registries import Registries
from reflint.lookup.work import Work

WITHHELD = 0.5
FRESH = (23, 41)
"""Seeds that nothing was tuned on."""
SECOND_RUN = 1_000
PACED = 200
FAULTS = (
    "429:.03 429date:.01 429bare:.01 500:.02 503:.02 504:.02 truncated:.03 badjson:.03 html:.03 empty:.02 reset:.03 "
    "redirect:.03"
).split()
THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.88, 0.9, 0.92, 0.95, 0.98, 1.0)


class Outcome(NamedTuple):
    """A case, the hits that were weighed, and the choice among them."""

    case: Case
    hits: tuple[Work, ...]
    match: Match


class Rates(NamedTuple):
    """DOIs given, right ones among them, and references that have a DOI to be found."""

    given: int
    right: int
    known: int

    @property
    def row(self) -> str:
        """Precision, recall, F1, and how many would be wrong, as cells of a table."""
        precision = self.right / self.given if self.given else 1.0
        recall = self.right / self.known
        f1 = 2 * precision * recall / (precision + recall) if self.right else 0.0
        return f"{precision:.4f} | {recall:.4f} | {f1:.4f} | {self.given - self.right}"


def replay_of(shared: Path) -> Any:
    """The module of the replay server."""
    path = shared / "tools" / "crossref_server.py"
    spec = importlib.util.spec_from_file_location("crossref_server", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def registries(url: str, folder: Path | None, *, paced: bool = False) -> Registries:
    """Crossref alone, at the replay server; not `paced`: by a clock that nobody waits for."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    own: dict[str, Any] = {} if paced else {"clock": lambda: now[0], "sleep": sleep}
    return Registries({"CROSSREF": url}, folder, mailto="benchmark@example.org", **own)


def outcomes(asked: Registries, found: Iterable[Case]) -> Iterator[Outcome | None]:
    """What becomes of each case; None where no answer came."""
    for case in found:
        reference = reference_of_item(case.item)
        answer: Answer[list[Work]] = asked.crossref.search(query_of(reference))
        if answer.value is None:
            yield None
            continue
        yield Outcome(case, tuple(answer.value), choose(reference, answer.value))


def right(case: Case, work: Work) -> bool:
    return work.doi.lower() in case.truth


def rates_at(results: list[Outcome], threshold: float) -> Rates:
    """What taking every best match of at least this score comes to (two that both pass are never taken)."""
    taken = [
        one
        for one in results
        if one.match.best is not None
        and one.match.best.score >= threshold
        and not (one.match.kind == "suggested" and one.match.best.score >= AUTOMATIC)
    ]
    good = sum(right(one.case, one.match.best.work) for one in taken if one.match.best is not None)
    return Rates(len(taken), good, sum(bool(one.case.truth) for one in results))


def first_hits(results: list[Outcome]) -> Rates:
    good = sum(right(one.case, one.hits[0]) for one in results)
    return Rates(len(results), good, sum(bool(one.case.truth) for one in results))


def unattended(results: list[Outcome]) -> Rates:
    taken = [one for one in results if one.match.kind == "automatic" and one.match.best is not None]
    good = sum(right(one.case, one.match.best.work) for one in taken if one.match.best is not None)
    return Rates(len(taken), good, sum(bool(one.case.truth) for one in results))


def suggested(results: list[Outcome]) -> Rates:
    """Suggestions count as given, and as right where the right one is among them."""
    taken = [one for one in results if one.match.kind != "none"]
    good = sum(any(right(one.case, c.work) for c in one.match.candidates) for one in taken)
    return Rates(len(taken), good, sum(bool(one.case.truth) for one in results))


def says_enough(case: Case) -> bool:
    """Whether a reference still says who, when, and where it appeared."""
    item = case.item
    return bool(item.get("author") and item.get("issued")) and any(
        item.get(name) for name in ("container-title", "volume", "page")
    )


def half(case: Case) -> int:
    """Which half of the works a case was made of: 0 is tuned on, 1 is held back."""
    return hashlib.sha256(case.source.encode()).digest()[0] & 1


def by_kind(results: list[Outcome]) -> Iterator[str]:
    known: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for one in results:
        known[one.case.kind] += bool(one.case.truth)
        if one.match.kind == "automatic" and one.match.best is not None:
            good = right(one.case, one.match.best.work)
            found[one.case.kind] += good
            wrong[one.case.kind] += not good
    total = Counter(one.case.kind for one in results)
    for kind in sorted(total):
        recall = f"{found[kind] / known[kind]:.3f}" if known[kind] else "–"
        yield f"| {kind} | {total[kind]} | {known[kind]} | {recall} | {wrong[kind]} |"


def behaviour(module: Any, paths: list[str], seed: int, found: list[Case]) -> Iterator[str]:
    """What the client does: faults, a second run, the stated limits."""
    with module.Replay(paths, withhold=WITHHELD, seed=seed, fault=FAULTS) as server:
        yield under_faults(server, found)
    with tempfile.TemporaryDirectory() as name, module.Replay(paths, withhold=WITHHELD, seed=seed) as server:
        first = registries(server.url, Path(name))
        list(outcomes(first, found[:SECOND_RUN]))
        first.close()
        once = len(server.requests)
        list(outcomes(registries(server.url, Path(name)), found[:SECOND_RUN]))
        again = len(server.requests) - once
        yield f"- {SECOND_RUN:,} references: {once:,} requests in the first run, {again} in the second."
    with module.Replay(paths, withhold=WITHHELD, seed=seed) as server:
        began = time.monotonic()
        list(outcomes(registries(server.url, None, paced=True), found[:PACED]))
        seconds = time.monotonic() - began
        broken = server.counts["over_rate"] + server.counts["over_concurrency"]
        yield (
            f"- {PACED} references at the pace the server states (10 requests a second, 3 at a time): "
            f"{len(server.requests)} requests in {seconds:.0f} s, {broken} beyond a limit."
        )


def under_faults(server: Any, found: list[Case]) -> str:
    """Searches and DOIs asked of a server that fails a quarter of its requests."""
    asked = registries(server.url, None)
    states = Counter("answered" if one else "unknown" for one in outcomes(asked, found[:SECOND_RUN]))
    hidden = sorted(server.hidden)[:200]
    shown = sorted(work["DOI"].lower() for work in server.index.works)[:200]
    false = sum(asked.crossref.work(d).absent for d in shown) + sum(asked.crossref.work(d).found for d in hidden)
    return (
        f"- Every fourth request fails ({', '.join(FAULTS)}): of {SECOND_RUN:,} searches {states['answered']:,} were "
        f"answered and {states['unknown']} stayed unknown; of 200 DOIs that are there and 200 that are not, {false} "
        f"got the wrong answer; {len(server.requests):,} requests for {SECOND_RUN + 400:,} questions."
    )


def page(results: list[Outcome], fresh: list[Outcome], behaves: Iterable[str], seeds: list[int]) -> str:
    """The page of measurements; `fresh`: what other seeds brought."""
    parts = [
        "<!-- Written by `make bench-lookup`; not edited by hand. -->",
        "# Look-up: how far it can be trusted",
        (
            f"{len(results):,} noisy references made of recorded works, half of which are withheld from the "
            f"registry (seeds {_listed(seeds)}): the nearest hit is wrong for half of them; "
            "among them mixtures of two works, and neighbours (another part, a reply, a correction, a review). "
            f"{sum(bool(one.case.truth) for one in results):,} have a DOI to be found."
        ),
        methods(results),
        "## Tuned on one half, reported on the other",
        (
            "The works are divided by a hash of their DOI. What the score weighs was decided by looking at the misses "
            "of the first half only. Other noise, and other works withheld, were tried when that was done; of what "
            "they brought, only wrong DOIs were looked at."
        ),
        halves(results, fresh),
        "## The threshold",
        (
            "Every best match from a score on is taken, unless two pass. A contradiction (author, year by more than "
            f"one, volume, page, journal) keeps a score below {AUTOMATIC}, and so does a common title, a short one "
            "with less than three fields that agree besides it, or any with less than two."
        ),
        _table("score", ((f"{t:.2f}", rates_at(results, t)) for t in THRESHOLDS)),
        "## By kind of noise",
        "| kind | references | with a DOI | recall, unattended | wrong DOIs |\n|---|---|---|---|---|\n"
        + "\n".join(by_kind(results)),
        "## Behaviour",
        "\n".join(behaves),
    ]
    return "\n\n".join(parts) + "\n"


def methods(results: list[Outcome]) -> str:
    """Taking the first hit beside what reflint does."""
    enough = [one for one in results if says_enough(one.case) or not one.case.truth]
    rows = (
        ("taking the first hit", first_hits(results)),
        (f"written unattended (score {AUTOMATIC} and more, no contradiction)", unattended(results)),
        ("the same, where who, when and where are still said", unattended(enough)),
        (f"suggestions included (score {SUGGESTED} and more)", suggested(results)),
    )
    return _table("method", rows)


def halves(results: list[Outcome], fresh: list[Outcome]) -> str:
    """What is written unattended, on the half that was tuned on, on the other, and by other seeds."""
    tuned, held = ([one for one in results if half(one.case) == number] for number in (0, 1))
    rows = (("tuned on", tuned), ("held back", held), (f"other seeds ({_listed(FRESH)})", fresh))
    return _table("works", ((name, unattended(part)) for name, part in rows))


def _table(first: str, rows: Iterable[tuple[str, Rates]]) -> str:
    head = f"| {first} | precision | recall | F1 | wrong DOIs |\n|---|---|---|---|---|"
    return head + "".join(f"\n| {name} | {rates.row} |" for name, rates in rows)


def _listed(seeds: Iterable[int]) -> str:
    return ", ".join(map(str, seeds))


def measured(module: Any, paths: list[str], seeds: Iterable[int]) -> tuple[list[Outcome], list[Case]]:
    """What becomes of the references that seeds make, and those of the last seed."""
    works = module.load_works(paths)
    results: list[Outcome] = []
    found: list[Case] = []
    for seed in seeds:
        found = list(cases(works, lambda doi, seed=seed: module.withheld(doi, seed, WITHHELD), seed))  # type: ignore[misc]
        with module.Replay(paths, withhold=WITHHELD, seed=seed) as server:
            results += [one for one in outcomes(registries(server.url, None), found) if one is not None]
    return results, found


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the look-up against recorded works.")
    parser.add_argument("shared", type=Path, help="folder with data/crossref and tools/crossref_server.py")
    parser.add_argument("--seed", type=int, action="append", help="which half is withheld (repeat; default 7 and 11)")
    parser.add_argument("--output", type=Path, help="write the page there")
    given = parser.parse_args()
    data = given.shared / "data" / "crossref"
    if not data.is_dir() or not (given.shared / "tools" / "crossref_server.py").is_file():
        print(f"nothing to measure on: no {data} with recorded works", file=sys.stderr)
        return 2
    module = replay_of(given.shared)
    paths = [str(data / "works"), str(data / "replay")]
    seeds = given.seed or [7, 11]
    fresh, _ = measured(module, paths, FRESH)
    results, found = measured(module, paths, seeds)
    text = page(results, fresh, behaviour(module, paths, seeds[-1], found), seeds)
    if given.output:
        given.output.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
