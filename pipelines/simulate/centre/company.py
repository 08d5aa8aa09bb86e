"""Northwind Outdoor: its shops, teams, people and promises. What never changes during a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

PRIORITIES = ("low", "normal", "high", "urgent")
FIRST_CUSTOMER_ID = 19_370_000_000_001
TICKET_FORM_ID = 360_000_200_001


class Actor(NamedTuple):
    """Who did it; `role` is customer, agent, bot or system."""

    user_id: int
    role: str


@dataclass(frozen=True)
class Brand:
    """One shop."""

    brand_id: int
    name: str
    subdomain: str
    language: str


@dataclass(frozen=True)
class Team:
    """A Zendesk group; `schedule` names the calendar that its tickets get."""

    group_id: int
    name: str
    schedule: str
    size: int
    is_front_line: bool


@dataclass(eq=False)
class Agent:
    """A person who answers tickets; `busy` while at work on one."""

    user_id: int
    name: str
    team: Team
    busy: bool = field(default=False)

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, "agent")


@dataclass(frozen=True)
class Policy:
    """An SLA policy: minutes by metric and priority. First reply, next reply and work run in
    business hours, the requester's wait in calendar time."""

    policy_id: int
    title: str
    factor: float
    brand_id: int | None = None
    organization_id: int | None = None

    def target_seconds(self, metric: str, priority: str) -> int:
        minutes = TARGET_MINUTES[metric][PRIORITIES.index(priority)]
        return int(minutes * self.factor) * 60


CHINA = Brand(36_000_001, "北风户外", "northwind-cn", "zh")
EUROPE = Brand(36_000_002, "Northwind Outdoor", "northwind", "en")
BRANDS = (CHINA, EUROPE)

FRONT_CN = Team(360_000_100_001, "售前售后一组", "shanghai", 5, True)
FRONT_EU = Team(360_000_100_002, "Store Support", "london", 3, True)
LOGISTICS = Team(360_000_100_003, "物流与订单", "shanghai", 3, False)
RETURNS = Team(360_000_100_004, "Returns and Warranty", "london", 2, False)
TEAMS = (FRONT_CN, FRONT_EU, LOGISTICS, RETURNS)

AGENT_NAMES = {
    FRONT_CN.group_id: ("陈静", "王磊", "李娜", "赵强", "刘洋"),
    FRONT_EU.group_id: ("Emma Clarke", "Oliver Reed", "Sofia Rossi"),
    LOGISTICS.group_id: ("孙丽", "周涛", "吴敏"),
    RETURNS.group_id: ("James Hall", "Amelia Ward"),
}
BOT_ID = 19_360_000_000_001
BOT_NAME = "Northwind Bot"
BOT: Final = Actor(BOT_ID, "bot")
SYSTEM: Final = Actor(-1, "system")

VIP_ORGANIZATION_ID = 19_350_000_000_001
ORGANIZATIONS = {
    VIP_ORGANIZATION_ID: "Summit Club 山峰会员",
    VIP_ORGANIZATION_ID + 1: "Alpine Rentals Ltd",
    VIP_ORGANIZATION_ID + 2: "青山户外俱乐部",
}

TARGET_MINUTES = {
    "first_reply_time": (960, 480, 240, 60),
    "next_reply_time": (960, 480, 240, 60),
    "requester_wait_time": (7200, 4320, 1440, 480),
    "agent_work_time": (2880, 1440, 480, 240),
}
IN_BUSINESS_HOURS = {
    "first_reply_time": True,
    "next_reply_time": True,
    "requester_wait_time": False,
    "agent_work_time": True,
}
POLICIES = (
    Policy(36_010_001, "Summit Club", 0.5, organization_id=VIP_ORGANIZATION_ID),
    Policy(36_010_002, "北风户外 标准", 0.75, brand_id=CHINA.brand_id),
    Policy(36_010_003, "Standard", 1.0),
)


def hire_agents() -> list[Agent]:
    """The thirteen people, not yet at work; the bot is no agent."""
    people = [(name, team) for team in TEAMS for name in AGENT_NAMES[team.group_id]]
    return [Agent(BOT_ID + 1 + n, name, team) for n, (name, team) in enumerate(people)]


def policy_for(brand_id: int, organization_id: int | None) -> Policy:
    """The first policy by position whose conditions hold."""
    for policy in POLICIES:
        brand_fits = policy.brand_id in (None, brand_id)
        organization_fits = policy.organization_id in (None, organization_id)
        if brand_fits and organization_fits:
            return policy
    raise LookupError("the last policy has no conditions and fits every ticket")


def front_line(language: str) -> Team:
    return FRONT_CN if language == "zh" else FRONT_EU


def specialists(topic: str) -> Team:
    """Where a front-line team sends what it can't answer."""
    return RETURNS if topic in {"return", "warranty"} else LOGISTICS
