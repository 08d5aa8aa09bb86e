"""Who works when: five days in seven, an early or a late shift, a break within."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.simulate.centre.calendars import Schedule, local_midnight
from pipelines.simulate.company.staff import CREWS, Crew, Employee, Staff

MINUTE = 60
WORKDAYS_A_WEEK = 5
# (name, from, to, break from, break to) in minutes of the local day.
EARLY = ("早班", 540, 1050, 705, 750)
LATE = ("晚班", 870, 1380, 1065, 1110)
OFFICE = ("常白班", 540, 1080, 720, 780)
SHIFTS = {
    "qiyu": (EARLY, LATE),
    "qianniu": (EARLY, LATE),
    "jingmai": (EARLY, LATE),
    "pinduoduo": (EARLY, LATE),
    "connect": (EARLY, ("晚班", 780, 1260, 1020, 1065)),
    "zendesk": (OFFICE, OFFICE),
}
ABROAD = ("Day", 540, 1050, 750, 795)


@dataclass(frozen=True)
class Shift:
    """One person on one local day; instants in UTC, none of them on a day off."""

    employee: Employee
    day: date
    name: str
    starts_at: int
    ends_at: int
    break_from: int
    break_to: int

    @property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """When work can begin."""
        return (self.starts_at, self.break_from), (self.break_to, self.ends_at)

    @property
    def hours(self) -> float:
        paid = self.ends_at - self.starts_at - (self.break_to - self.break_from)
        return round(paid / 3600, 2)


class Roster:
    """The shifts of every day."""

    def __init__(self, staff: Staff, schedules: dict[str, Schedule]) -> None:
        self._staff = staff
        self._schedules = schedules

    def of_day(self, day: date) -> list[Shift]:
        return [shift for crew in CREWS for shift in self.of_crew(crew, day)]

    def of_crew(self, crew: Crew, day: date) -> list[Shift]:
        midnight = local_midnight(day, crew.zone)
        shifts = []
        for employee in self._staff.of(crew, day):
            kind = self._kind(crew, employee, day)
            if kind is not None:
                name, *minutes = kind
                starts, ends, rest, back = (midnight + minute * MINUTE for minute in minutes)
                shifts.append(Shift(employee, day, name, starts, ends, rest, back))
        return shifts

    def _kind(
        self, crew: Crew, employee: Employee, day: date
    ) -> tuple[str, int, int, int, int] | None:
        if crew.language == "en" or crew.system == "zendesk":
            hours = self._schedules[crew.language].hours_of(day)
            return (ABROAD if crew.language == "en" else OFFICE) if hours else None
        if (day.toordinal() + 3 * employee.seat) % 7 >= WORKDAYS_A_WEEK:
            return None
        week = day.toordinal() // 7
        return SHIFTS[crew.system][(week + employee.seat) % 2]
