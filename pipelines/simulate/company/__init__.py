"""The whole company: shops, staff, customers and what happens between them; knows no export format.

`Company.days` gives one day after another, so that a world of any size needs the memory of a few.
"""

from pipelines.simulate.company.company import Company, Day
from pipelines.simulate.company.plan import SIZES, CompanyPlan

__all__ = ["SIZES", "Company", "CompanyPlan", "Day"]
