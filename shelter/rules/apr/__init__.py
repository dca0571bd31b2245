"""ESG CAPER and CoC APR: every table computed from typed records by the rule set of a fiscal year.

Pure: no database, no key. Labels, codes, bands and switches are TOML, one folder a year, one file a group of
questions; the code says only how a person is looked at.
"""

from shelter.rules.apr.book import YEARS, ReportKind, rule_set
from shelter.rules.apr.records import Period, Records
from shelter.rules.apr.report import Table
from shelter.rules.apr.tabulate import compute

__all__ = ["YEARS", "Period", "Records", "ReportKind", "Table", "compute", "rule_set"]
