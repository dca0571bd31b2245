"""One person's enrollment in a report, with all that several tables ask of it worked out once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from shelter.rules.apr.book import Rules
from shelter.rules.apr.records import Enrollment, Period, Person, Project, Records

ADULT = 18
YOUTH = range(12, 25)
HEAD = 1
CHILD_OF_HEAD = 2
BY_NIGHT = 1
OUTREACH = 4


class Member:
    """`household` are all its members active in the period, herself included; `head` is one of them."""

    __slots__ = (
        "age", "anchor", "chronic", "days", "enrollment", "entry", "head", "household", "household_kind", "is_leaver",
        "moved_in", "period", "person", "project", "required", "rules", "shared_chronic", "today",
    )  # fmt: skip

    def __init__(self, enrollment: Enrollment, person: Person, project: Project, period: Period, rules: Rules) -> None:
        self.enrollment, self.person, self.project = enrollment, person, project
        self.period, self.rules = period, rules
        self.entry = enrollment.entry
        leaving = enrollment.leaving
        self.is_leaver = leaving is not None and leaving.day <= period.last
        self.age = _age(person, max(period.first, enrollment.entry), rules)
        self.days = _days(self)
        self.household: list[Member] = [self]
        self.head: Member | None = None
        self.anchor: Enrollment | None = None  # whose entry sets the household's anniversaries
        self.household_kind = "UK"
        self.chronic = self.shared_chronic = "missing"
        self.moved_in: date | None = None
        self.required: date | None = None  # the anniversary whose assessment is required

    @property
    def is_head(self) -> bool:
        return self.enrollment.relationship == HEAD

    @property
    def is_adult(self) -> bool:
        return self.age is not None and self.age >= ADULT

    @property
    def is_child(self) -> bool:
        return self.age is not None and self.age < ADULT

    @property
    def is_adult_or_head(self) -> bool:
        return self.is_adult or self.is_head

    @property
    def is_by_night(self) -> bool:
        return self.project.kind == BY_NIGHT

    @property
    def left(self) -> date | None:
        """The day she left, where that was in the period; nothing later is known to the report."""
        return self.enrollment.leaving.day if self.is_leaver and self.enrollment.leaving else None

    @property
    def is_youth(self) -> bool:
        return self.age in YOUTH and all(one.age is not None and one.age < YOUTH.stop for one in self.household)

    @property
    def is_parenting_youth(self) -> bool:
        return (
            (self.is_head or self.is_adult)
            and self.is_youth
            and any(one.enrollment.relationship == CHILD_OF_HEAD for one in self.household)
        )


def _age(person: Person, day: date, rules: Rules) -> int | None:
    if person.born is None or person.born_quality in rules.born_unknown:
        return None
    age = years_between(person.born, day)
    return age if age >= 0 else None


def years_between(first: date, last: date) -> int:
    """Full years; somebody born on 29 February is a year older on 1 March."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def _days(member: Member) -> int:
    enrollment, last = member.enrollment, member.period.last
    if member.is_by_night:
        return len({night for night in enrollment.nights if enrollment.entry <= night <= last})
    end = last + timedelta(days=1)
    if enrollment.leaving is not None:
        end = min(end, enrollment.leaving.day)
    return (end - enrollment.entry).days


def is_active(enrollment: Enrollment, project: Project, period: Period, rules: Rules) -> bool:
    """In the project on a day of the period; by night, with a night (or, since FY2026, an exit) in it."""
    leaving = enrollment.leaving
    if enrollment.entry > period.last or (leaving is not None and leaving.day < period.first):
        return False
    if project.kind != BY_NIGHT:
        return True
    if rules.exit_is_activity and leaving is not None and leaving.day <= period.last:
        return True
    return any(period.first <= night <= period.last for night in enrollment.nights)


def members_of(records: Records, period: Period, rules: Rules) -> list[Member]:
    """Every active enrollment, with its household put together."""
    found = []
    for enrollment in records.enrollments:
        project, person = records.projects.get(enrollment.project), records.people.get(enrollment.person)
        if project is not None and person is not None and is_active(enrollment, project, period, rules):
            found.append(Member(enrollment, person, project, period, rules))
    households: dict[str, list[Member]] = defaultdict(list)
    for member in found:
        households[member.enrollment.household].append(member)
    earliest = _earliest_heads(records, period) if rules.head_is_earliest else {}
    for key, household in households.items():
        _bind(household, earliest.get(key))
    return found


def _earliest_heads(records: Records, period: Period) -> dict[str, Enrollment]:
    """The first head of each household, also one who left before the period."""
    found: dict[str, Enrollment] = {}
    for enrollment in records.enrollments:
        if enrollment.relationship != HEAD or enrollment.entry > period.last:
            continue
        known = found.get(enrollment.household)
        if known is None or enrollment.entry < known.entry:
            found[enrollment.household] = enrollment
    return found


def _bind(household: list[Member], earliest: Enrollment | None) -> None:
    kind = _kind(household)
    heads = sorted((one for one in household if one.is_head), key=lambda one: (one.entry, one.enrollment.id))
    for one in household:
        one.household, one.household_kind = household, kind
        one.head = one if one.is_head else (heads[-1] if heads else None)
        one.anchor = earliest or (one.head.enrollment if one.head else None)


def _kind(household: list[Member]) -> str:
    """AO adults only, AC adults and children, CO children only, UK unknown; an adult and a child decide first."""
    adult = any(one.is_adult for one in household)
    child = any(one.is_child for one in household)
    if adult and child:
        return "AC"
    if any(one.age is None for one in household):
        return "UK"
    return "AO" if adult else "CO"


def counted(members: Iterable[Member]) -> list[Member]:
    """Each person once, by the active enrollment that began last."""
    latest: dict[str, Member] = {}
    for member in members:
        known = latest.get(member.person.id)
        if known is None or _order(member) > _order(known):
            latest[member.person.id] = member
    return list(latest.values())


def _order(member: Member) -> tuple[date, int, str]:
    key = member.enrollment.id
    return member.entry, len(key) if key.isdigit() else 0, key
