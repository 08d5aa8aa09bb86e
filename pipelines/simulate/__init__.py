"""A simulated service centre that writes exports in the vendors' own formats, truth beside them.

What belongs here: the world, its export, and what a warehouse must find in it, computed from the
world by plain Python. What does not: anything that reads an export or knows the warehouse.
"""

from pipelines.simulate.demo import DEFAULT_UNTIL, DemoSummary, write_demo

__all__ = ["DEFAULT_UNTIL", "DemoSummary", "write_demo"]
