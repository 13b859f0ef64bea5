"""Invented works: the facts that every exporter of `benchmarks.generate` spells in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from benchmarks import words


@dataclass(frozen=True, slots=True)
class Journal:
    title: str
    abbreviation: str
    issn: str
    eissn: str
    publisher: str
    place: str
    doi_prefix: str


@dataclass(frozen=True, slots=True)
class Work:
    title: str
    subtitle: str
    authors: tuple[str, ...]
    journal: Journal
    year: int
    month: int
    day: int
    volume: int
    issue: int
    start: int
    end: int
    article_number: str
    doi: str
    isbn: str
    abstract: str
    keywords: tuple[str, ...]
    addresses: tuple[str, ...]
    cited: int
    serial: int
    """Unique in a file: what accession numbers are made of."""


class World:
    """A repeatable supply of works: the same seed gives the same works in the same order."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.journals = [self._journal(number) for number in range(3000)]
        self.authors = [self._author() for _ in range(30_000)]
        self._serial = 0

    def work(self) -> Work:
        random = self.random
        self._serial += 1
        journal = self.journals[_skewed(random, len(self.journals))]
        volume = random.randint(1, 140)
        start = random.randint(1, 2400)
        keywords = tuple(random.sample(words.SUBJECTS, random.randint(4, 12)))
        return Work(
            title=_title(random),
            subtitle=random.choice(words.METHODS),
            authors=tuple(self.authors[_skewed(random, len(self.authors))] for _ in range(_author_count(random))),
            journal=journal,
            year=random.randint(1985, 2025),
            month=random.randint(1, 12),
            day=random.randint(1, 28),
            volume=volume,
            issue=random.randint(1, 12),
            start=start,
            end=start + random.randint(1, 24),
            article_number=f"{'e' if random.random() < 0.4 else ''}{random.randint(10_000, 299_999)}",
            doi=f"{journal.doi_prefix}/{_suffix(random, self._serial)}",
            isbn=_isbn13(f"97830{random.randint(0, 9_999_999):07d}"),
            abstract=_abstract(random),
            keywords=keywords,
            addresses=tuple(_address(random) for _ in range(random.randint(1, 6))),
            cited=int(random.expovariate(0.05)),
            serial=self._serial,
        )

    def _journal(self, number: int) -> Journal:
        random = self.random
        field, short = random.choice(words.FIELDS)
        if random.random() < 0.5:
            second, second_short = random.choice(words.FIELDS)
            joiner = "&" if random.random() < 0.08 else "and"
            field, short = f"{field} {joiner} {second}", f"{short} {second_short}"
        shape, short_shape = random.choice(words.JOURNAL_SHAPES)
        publisher, place = random.choice(words.PUBLISHERS)
        return Journal(
            title=shape.format(field),
            abbreviation=short_shape.format(short),
            issn=_issn(1_000_000 + number * 2),
            eissn=_issn(2_000_000 + number * 2 + 1),
            publisher=publisher,
            place=place,
            doi_prefix=f"10.{random.randint(1000, 9999)}",
        )

    def _author(self) -> str:
        random = self.random
        ends = words.ACCENTED_NAME_ENDS if random.random() < 0.01 else words.NAME_ENDS
        family = random.choice(words.NAME_STARTS) + random.choice(words.NAME_MIDDLES) + random.choice(ends)
        if random.random() < 0.05:
            family = f"{random.choice(words.PARTICLES)} {family}"
        elif random.random() < 0.05:
            family += "-" + random.choice(words.NAME_STARTS) + random.choice(words.NAME_ENDS)
        given = random.choice(words.GIVEN_NAMES)
        if random.random() < 0.5:
            given = f"{given[0]}. {random.choice('ABCDEFGHJKLMRST')}."
        return f"{family}, {given}"


def _skewed(random: Random, size: int) -> int:
    """An index that prefers the small ones, as citations prefer some journals and authors."""
    return int(size * random.random() ** 2)


def _author_count(random: Random) -> int:
    return min(1 + int(random.expovariate(0.175)), 40)


def _title(random: Random) -> str:
    subject, other = random.sample(words.SUBJECTS, 2)
    adjective, outcome = random.choice(words.ADJECTIVES), random.choice(words.OUTCOMES)
    place, population = random.choice(words.PLACES), random.choice(words.POPULATIONS)
    shape = random.choice(
        (
            f"{adjective} {subject} and {outcome} in {population}",
            f"effects of {subject} on {outcome} of {population} in {place}",
            f"{subject} in {place}: {random.choice(words.METHODS)}",
            f"how {adjective} {subject} shapes {other} among {population}",
            f"the {adjective} dimension of {subject} and {other}",
            f"predicting {outcome} from {adjective} {subject} in {place}: {random.choice(words.METHODS)}",
            f"{subject}, {other} and {adjective} {outcome}",
        )
    )
    return shape[0].upper() + shape[1:]


def _abstract(random: Random) -> str:
    """About 1.65 KB on average; one in seven holds characters beyond plain ASCII letters, digits and punctuation."""
    aim = max(300.0, random.gauss(1620, 450))
    sentences = [_fill(random, random.choice(words.ABSTRACT_OPENINGS))]
    size = len(sentences[0])
    special = random.random() < 0.15
    while size < aim:
        source = words.ABSTRACT_SPECIALS if special and random.random() < 0.2 else words.ABSTRACT_SENTENCES
        sentences.append(_fill(random, random.choice(source)))
        size += len(sentences[-1]) + 1
    sentences.append(_fill(random, random.choice(words.ABSTRACT_CLOSINGS)))
    return " ".join(sentences)


def _fill(random: Random, template: str) -> str:
    subject = random.choice(words.SUBJECTS)
    year = random.randint(1985, 2015)
    return template.format(
        subject=subject,
        Subject=subject.capitalize(),
        subject2=random.choice(words.SUBJECTS),
        adjective=random.choice(words.ADJECTIVES),
        outcome=random.choice(words.OUTCOMES),
        population=random.choice(words.POPULATIONS),
        population2=random.choice(words.POPULATIONS),
        place=random.choice(words.PLACES),
        number=random.randint(40, 9000),
        small=random.randint(2, 18),
        percent=random.randint(3, 60),
        ratio=f"{random.uniform(0.4, 1.4):.2f}",
        ratio2=f"{random.uniform(1.4, 3.2):.2f}",
        year=year,
        year2=year + random.randint(2, 10),
        p=f"= {random.uniform(0.001, 0.09):.3f}",
    )


def _address(random: Random) -> str:
    town, country = random.choice(words.TOWNS)
    return f"{random.choice(words.DEPARTMENTS)}, University of {town}, {town}, {country}"


def _suffix(random: Random, serial: int) -> str:
    letters = "".join(random.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(4))
    return random.choice(
        (
            f"{letters}.{random.randint(1990, 2025)}.{serial:07d}",
            f"s{random.randint(10_000, 99_999)}-{serial:07d}-x",
            f"journal.{letters}.{serial:07d}",
            f"(ISSN){random.randint(1000, 9999)}-{serial:07d}",
        )
    )


def _issn(number: int) -> str:
    digits = f"{number:07d}"
    rest = -sum(int(digit) * (8 - place) for place, digit in enumerate(digits)) % 11
    return f"{digits[:4]}-{digits[4:]}{'X' if rest == 10 else rest}"


def _isbn13(digits: str) -> str:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"
