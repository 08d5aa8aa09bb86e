"""Sixty places in eight teams, and the people who hold them one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pipelines.simulate.centre.company import hire_agents
from pipelines.simulate.company.plan import CompanyPlan

YEARLY_LEAVING = 0.34
LEAVING_FACTOR_TRAINED = 0.6
VACANT_DAYS = (9, 32)
REASONS = (("resigned", 0.72), ("dismissed", 0.14), ("contract_ended", 0.14))
TRAINED_SHARE = 0.5
COURSE_GAIN = 0.35
FULL_SKILL_AFTER_DAYS = 120
BEGINNERS_LACK = 0.45
LEVELS = ("P1", "P2", "P3", "P4")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章苏"
GIVEN = ("伟", "芳", "敏", "杰", "婷", "磊", "颖", "浩", "琳", "斌", "雪", "鹏", "倩", "宇", "洁")
ENGLISH = (
    "Grace Turner", "Noah Bennett", "Isla Foster", "Leo Hughes", "Maya Patel", "Ethan Brooks",
    "Ruby Walsh", "Adam Price", "Nina Novak", "Owen Carter", "Lucy Shaw", "Finn Doyle",
)  # fmt: skip


@dataclass(frozen=True)
class Crew:
    """A team of the company. `system` is where its people work, `slots` how many at a time."""

    code: str
    name: str
    department: str
    system: str
    language: str
    seats: int
    slots: int = 1

    @property
    def zone(self) -> str:
        return "Asia/Shanghai" if self.language == "zh" else "Europe/London"


DESK_CN = Crew("T01", "售前售后一组", "客服中心", "zendesk", "zh", 5)
DESK_EU = Crew("T02", "Store Support", "Customer Care", "zendesk", "en", 3)
LOGISTICS = Crew("T03", "物流与订单", "供应链", "zendesk", "zh", 3)
RETURNS = Crew("T04", "Returns and Warranty", "Customer Care", "zendesk", "en", 2)
CHAT = Crew("T05", "在线咨询组", "客服中心", "qiyu", "zh", 12, slots=3)
EXPERTS = Crew("T06", "售后专家组", "客服中心", "qiyu", "zh", 4, slots=2)
HOTLINE = Crew("T07", "热线组", "客服中心", "connect", "zh", 8)
STORE_LINE = Crew("T08", "Store Support Line", "Customer Care", "connect", "en", 4)
QIANNIU = Crew("T09", "天猫店铺组", "电商客服", "qianniu", "zh", 8)
JINGMAI = Crew("T10", "京东店铺组", "电商客服", "jingmai", "zh", 6)
PINDUODUO = Crew("T11", "拼多多店铺组", "电商客服", "pinduoduo", "zh", 5)
CREWS = (
    DESK_CN, DESK_EU, LOGISTICS, RETURNS, CHAT, EXPERTS,
    HOTLINE, STORE_LINE, QIANNIU, JINGMAI, PINDUODUO,
)  # fmt: skip
DESK_CREWS = {crew.name: crew for crew in (DESK_CN, DESK_EU, LOGISTICS, RETURNS)}


@dataclass(eq=False)
class Employee:
    """One person in one place. `desk_id` is the helpdesk's user id, where there is one."""

    number: int
    name: str
    crew: Crew
    seat: int
    hired_on: date
    left_on: date | None
    leave_reason: str | None
    skill: float
    is_trained: bool
    course_day: date
    desk_id: int | None = None
    level: str = field(default="P1")

    @property
    def employee_no(self) -> str:
        return f"NW{self.number:04d}"

    @property
    def login(self) -> str:
        """The name under which the system of the team knows this person."""
        shapes = {
            "zendesk": f"{self.desk_id}",
            "qiyu": f"{3_600_000 + self.number}",
            "connect": f"agent{self.number:04d}",
            "qianniu": f"北风户外旗舰店:客服{self.number:03d}",
            "jingmai": f"bfhw_jd_{self.number:03d}",
            "pinduoduo": f"pdd{self.number:03d}@bfhw",
        }
        return shapes[self.crew.system]

    @property
    def nickname(self) -> str:
        return f"{self.name[-1:]}{self.number:03d}" if self.crew.language == "zh" else self.name

    def is_employed(self, day: date) -> bool:
        return self.hired_on <= day and (self.left_on is None or day < self.left_on)

    def ability(self, day: date) -> float:
        """About -1 to 1.4: talent, what beginners lack, what the course gave."""
        tenure = min(1.0, (day - self.hired_on).days / FULL_SKILL_AFTER_DAYS)
        gain = COURSE_GAIN if self.is_trained and day > self.course_day else 0.0
        return self.skill - BEGINNERS_LACK * (1 - tenure) + gain


class Staff:
    """Everybody who works for the company at any time of the plan."""

    def __init__(self, plan: CompanyPlan) -> None:
        self._plan = plan
        self._rng = plan.rng("staff")
        self.everybody: list[Employee] = []
        self._by_crew: dict[str, list[Employee]] = {crew.code: [] for crew in CREWS}
        desk_agents = {crew.name: [] for crew in CREWS}  # type: dict[str, list[tuple[str, int]]]
        for agent in hire_agents():
            desk_agents[agent.team.name].append((agent.name, agent.user_id))
        for crew in CREWS:
            for seat in range(crew.seats):
                known = desk_agents[crew.name][seat] if crew.system == "zendesk" else None
                self._fill(crew, seat, known)
        self.everybody.sort(key=lambda employee: employee.number)

    def of(self, crew: Crew, day: date) -> list[Employee]:
        return [one for one in self._by_crew[crew.code] if one.is_employed(day)]

    def employed(self, day: date) -> list[Employee]:
        return [one for one in self.everybody if one.is_employed(day)]

    def _fill(self, crew: Crew, seat: int, known: tuple[str, int] | None) -> None:
        """Someone from before the plan, then one successor after another."""
        plan, rng = self._plan, self._rng
        hired_on = plan.first - timedelta(days=rng.randrange(40, 1500))
        begin = plan.first
        while begin <= plan.last:
            employee = self._hire(crew, seat, hired_on, known)
            if known is None:
                employee.left_on = self._leaving_day(employee, begin, rng)
            if employee.left_on is None:
                return
            employee.leave_reason = rng.choices(
                [name for name, _ in REASONS], [weight for _, weight in REASONS]
            )[0]
            hired_on = begin = employee.left_on + timedelta(days=rng.randint(*VACANT_DAYS))

    def _leaving_day(self, employee: Employee, begin: date, rng: Random) -> date | None:
        hazard = YEARLY_LEAVING * (LEAVING_FACTOR_TRAINED if employee.is_trained else 1.0) / 365
        left_on = begin + timedelta(days=1 + int(rng.expovariate(hazard)))
        return left_on if left_on <= self._plan.last else None

    def _hire(
        self, crew: Crew, seat: int, hired_on: date, known: tuple[str, int] | None
    ) -> Employee:
        rng, number = self._rng, len(self.everybody) + 1
        is_early = hired_on <= self._plan.day_at(0.45)
        employee = Employee(
            number,
            known[0] if known else _name(crew, number),
            crew,
            seat,
            hired_on,
            left_on=None,
            leave_reason=None,
            skill=max(-0.9, min(0.9, rng.gauss(0.1, 0.32))),
            is_trained=is_early and rng.random() < TRAINED_SHARE,
            course_day=self._plan.course_day,
            desk_id=known[1] if known else None,
        )
        years = (self._plan.first - hired_on).days / 365
        employee.level = LEVELS[max(0, min(3, int(years)))]
        self.everybody.append(employee)
        self._by_crew[crew.code].append(employee)
        return employee


def _name(crew: Crew, number: int) -> str:
    """A name that nobody else has: sheets of shifts may carry nothing better."""
    if crew.language == "en":
        first, last = number % len(ENGLISH), (number // len(ENGLISH) + number * 5) % len(ENGLISH)
        return f"{ENGLISH[first].split()[0]} {ENGLISH[last].split()[1]}"
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)]
