"""An HMIS CSV export, read safely: bytes in, typed plain records and a list of problems out.

No database, no key, no request enters this room. `open_export` refuses what is no export, `build_plan` says
what would be created, and somebody else seals and stores it. Digests and keys made here are as confidential
as the rows themselves: never store them unsealed.
"""

from shelter.exchange.hmis.archive import Limits
from shelter.exchange.hmis.building import build_plan
from shelter.exchange.hmis.plan import Plan
from shelter.exchange.hmis.problems import Fate, Note, Problem, Problems, Reason
from shelter.exchange.hmis.progress import Progress
from shelter.exchange.hmis.reading import Export, open_export
from shelter.exchange.hmis.summary import Summary, summary

__all__ = [
    "Export",
    "Fate",
    "Limits",
    "Note",
    "Plan",
    "Problem",
    "Problems",
    "Progress",
    "Reason",
    "Summary",
    "build_plan",
    "open_export",
    "summary",
]
