"""Turns the serving file into an immutable, versioned, published one, and back again.

Here: builds, the swap of `current`, rollback, the health file. Not here: sources, models, and the
decision whether the data are good; this package only refuses to publish when a check says no.
"""

from pipelines.publish.builds import Build, Clock, current_build, list_builds, new_build_id
from pipelines.publish.health import Health, write_health
from pipelines.publish.load_runs import LoadRun, LoadStep
from pipelines.publish.publication import Published, publish, sweep
from pipelines.publish.rollback import rollback

__all__ = [
    "Build",
    "Clock",
    "Health",
    "LoadRun",
    "LoadStep",
    "Published",
    "current_build",
    "list_builds",
    "new_build_id",
    "publish",
    "rollback",
    "sweep",
    "write_health",
]
