"""Who buys and asks. A person is a number; everything else about it follows from the number."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from random import Random

from pipelines.simulate.centre.identity import Identity
from pipelines.simulate.company.shops import EUROPE, PROVINCES, TMALL, Shop

COUNTRIES = ("United Kingdom", "United Kingdom", "United Kingdom", "Germany", "France", "EIRE")
NICKS = ("山野", "清风", "小鹿", "远行", "云顶", "阿岩", "晨光", "北辰")


@dataclass(frozen=True, slots=True)
class Person:
    """One customer, known to every system by one of these."""

    number: int
    language: str

    @property
    def login(self) -> str:
        """What the shops call a Chinese customer; abroad the number of the customer."""
        if self.language == "zh":
            return f"{NICKS[self.number % len(NICKS)]}{self.number:06d}"
        return str(12_000 + self.number)

    @property
    def email(self) -> str:
        return f"buyer{self.number}.{self.language}@example.com"

    @property
    def phone(self) -> str:
        if self.language == "zh":
            return f"+86139{self.number:08d}"
        return f"+4477{self.number:08d}"

    @property
    def region(self) -> tuple[str, str]:
        """Province and city; abroad the country twice."""
        if self.language == "zh":
            return PROVINCES[self.number * 7 % len(PROVINCES)]
        country = COUNTRIES[self.number * 5 % len(COUNTRIES)]
        return country, country


class People:
    """Everybody ever seen, by language; and who had bought what by when, in the order of time."""

    def __init__(self) -> None:
        self._count = {"zh": 0, "en": 0}
        self._buyers: dict[str, array[int]] = {}
        self._bought_at: dict[str, array[int]] = {}

    def count(self, language: str) -> int:
        return self._count[language]

    def newcomer(self, language: str) -> Person:
        self._count[language] += 1
        return Person(self._count[language], language)

    def note_purchase(self, person: Person, shop: Shop, at: int) -> None:
        self._buyers.setdefault(shop.code, array("q")).append(person.number)
        self._bought_at.setdefault(shop.code, array("q")).append(at)

    def buyer(self, shop: Shop, before: int, rng: Random, among_last: int = 0) -> Person | None:
        """Someone who bought before the instant; of the last so many purchases where told."""
        stamps = self._bought_at.get(shop.code)
        end = 0 if stamps is None else bisect_right(stamps, before)
        if not end:
            return None
        begin = max(0, end - among_last) if among_last else 0
        return Person(self._buyers[shop.code][rng.randrange(begin, end)], shop.language)


class Acquaintances:
    """Who of the shops' customers writes to the helpdesk; nobody gets two accounts there."""

    def __init__(self, people: People, rng: Random) -> None:
        self._people = people
        self._rng = rng
        self._met: set[tuple[str, int]] = set()

    def identify(self, at: int, language: str) -> Identity | None:
        """A buyer of before, where there is one that is not known yet."""
        shop = TMALL if language == "zh" else EUROPE
        person = self._people.buyer(shop, at, self._rng)
        if person is None or (language, person.number) in self._met:
            return None
        self._met.add((language, person.number))
        return Identity(person.login, person.email, person.phone)
