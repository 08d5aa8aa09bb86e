"""Posts that name the brand, as CSV in GB18030; what went wrong makes people write.

A list also has the last days of the one before, since likes go on: those rows come in a newer form.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.simulate.centre.arrivals import poisson
from pipelines.simulate.centre.calendars import local_midnight
from pipelines.simulate.centre.habits import DAY
from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.phrases import remark
from pipelines.simulate.company.plan import HOME_ZONE
from pipelines.simulate.output.exporting import Export, wall_text
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import CsvFile

ENTITY = "posts"
HEADER = (
    "平台", "帖子编号", "发布时间", "作者", "昵称", "情感", "话题", "内容", "点赞数", "评论数",
    "转发数", "链接",
)  # fmt: skip
PLATFORMS = {"zh": ("微博", "小红书", "抖音"), "en": ("X", "Trustpilot")}
POSTS_PER_ORDER = 0.02
CHINESE_SHARE = 0.8
FEWEST_A_DAY = 0.6
SEEN_AGAIN_DAYS = 5
USUAL_TOPICS = ("delivery", "quality", "return")
SENTIMENTS = {1: "负面", 3: "中性", 5: "正面"}
# (column, what stands there instead, why it is refused)
DEFECTS = (
    (HEADER.index("发布时间"), "3天前", "bad_type"),
    (1, "", "missing_required"),
)


@dataclass(frozen=True)
class Post:
    """One post; likes grow for some days."""

    post_id: str
    language: str
    platform: str
    author: str
    posted_at: int
    mood: int
    topic: str
    text: str
    likes: int


class MentionsExport(Export):
    """Writes a list a period."""

    source = "mentions"

    def __init__(self, root: Path, plan: CompanyPlan, *, dirt: bool = True) -> None:
        super().__init__(root, plan, dirt=dirt)
        self._rng = plan.rng("mentions")
        self._posted = 0
        self._posts: list[Post] = []
        self._again: list[Post] = []

    def begin(self, period: Period) -> None:
        """Lists are written at the end of their period."""

    def take(self, day: Day) -> None:
        plan, rng = self.plan, self._rng
        trouble = plan.courier_trouble.covers(day.day), plan.tent_fault.covers(day.day)
        mean = max(FEWEST_A_DAY, POSTS_PER_ORDER * len(day.orders)) * (1 + 2 * sum(trouble))
        midnight = local_midnight(day.day, HOME_ZONE)
        for _ in range(poisson(mean, rng)):
            post = self._post(midnight + rng.randrange(DAY), trouble)
            self._posts.append(post)
            self.count(ENTITY, rows=1, negative=post.mood == 1)

    def end(self, period: Period) -> None:
        file = CsvFile(self.folder, f"舆情_{period.label}.csv", HEADER, "gb18030")
        rows = [row(post, 2) for post in self._again] + [row(post, 1) for post in self._posts]
        self.accounting.skip(file.name, ENTITY)
        for line in rows:
            file.write(line)
            self.accounting.load(file.name, ENTITY)
        if self.dirt and rows:
            file.write(rows[-1])
            self.accounting.repeat(file.name, ENTITY)
        for column, text, reason in self.defects(file.name, ENTITY, DEFECTS):
            bad = list(rows[0])
            bad[column] = text
            file.write(bad)
            self.accounting.refuse(file.name, ENTITY, reason)
        file.close()
        self.date_file(file.name, period.exported_at)
        recent = period.exported_at - SEEN_AGAIN_DAYS * DAY
        self._again = [post for post in self._posts if post.posted_at >= recent]
        self._posts = []

    def _post(self, at: int, trouble: tuple[bool, bool]) -> Post:
        rng = self._rng
        self._posted += 1
        language = "zh" if rng.random() < CHINESE_SHARE else "en"
        late, faulty = trouble
        topics = ("delivery",) if late else ("quality",) if faulty else USUAL_TOPICS
        topic = rng.choice(topics)
        moods = (0.7, 0.15, 0.15) if late or faulty else (0.2, 0.3, 0.5)
        mood = rng.choices((1, 3, 5), moods)[0]
        return Post(
            f"P{at}{self._posted:07d}", language, rng.choice(PLATFORMS[language]),
            f"u{rng.randrange(10**8):08d}", at, mood, topic, remark(rng, language, topic, mood),
            poisson(6, rng) * (4 if mood == 1 else 1),
        )  # fmt: skip


def row(post: Post, growth: int) -> list[Any]:
    likes = post.likes * growth
    return [
        post.platform, post.post_id, wall_text(post.posted_at), post.author,
        f"网友{post.author[-4:]}",
        SENTIMENTS[post.mood], post.topic, post.text, likes, likes // 3, likes // 7,
        f"https://social.example/{post.post_id}",
    ]  # fmt: skip
