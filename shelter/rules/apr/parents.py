"""Q27b: parents under 25 and their children."""

from collections import Counter

from shelter.rules.apr.members import ADULT, CHILD_OF_HEAD
from shelter.rules.apr.report import Cells, Report


def parenting(report: Report) -> Cells:
    cells: Counter[tuple[str, str]] = Counter()
    for head in report.people:
        if not head.is_head or not head.is_parenting_youth:
            continue
        row = "younger" if (head.age or 0) < ADULT else "older"
        children = sum(one.enrollment.relationship == CHILD_OF_HEAD for one in head.household)
        cells[row, "parents"] += sum(one.is_head or one.is_adult for one in head.household)
        cells[row, "children"] += children
        cells[row, "persons"] += len(head.household)
        cells[row, "households"] += 1
    return cells
