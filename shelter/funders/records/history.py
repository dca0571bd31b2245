"""From both ledgers to the history that portals' forms count: dated services and stays from the exact one, coded
answers and counts of nobody from the coarse one. One pseudonym stands for a person in both.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from shelter.db.inbox import RECORD, Fact
from shelter.funders.records.hud import assembled_from, projects_of_sites
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports import ledger
from shelter.rules.apr.records import Enrollment, Person, Project, Records
from shelter.rules.nights import StayDays
from shelter.rules.performance import Event, History, Someone, Stay
from shelter.rules.picklists import picklists
from shelter.settings.servicelist import service_list

_ROOFS = {0: "shelter", 1: "shelter", 2: "transitional"}
"""HUD's project types with a bed in them."""
_BY_NIGHT = 1
_IMPORTED_RACE = {
    "AmIndAKNative": "american_indian",
    "Asian": "asian",
    "BlackAfAmerican": "black",
    "HispanicLatinao": "hispanic",
    "MidEastNAfrican": "other",
    "NativeHIPacific": "pacific",
    "White": "white",
}
_IMPORTED_SEX = {0: "female", 1: "male"}
_SAID = {
    "race_ethnicity": ("race", "race_ethnicity"),
    "sex_asked": ("sex", "sex_asked"),
    "disabilities": ("disabilities", "disability_types"),
    "classifications": ("classifications", "classifications"),
    "immigration_at_intake": ("immigration", "immigration_at_intake"),
    "housing_before": ("housing_before", "housing_before"),
    "victimisations": ("victimisations", "victimisations"),
    "trafficking_status": ("trafficking_status", "trafficking_status"),
    "trafficking_kind": ("trafficking_kind", "trafficking_kind"),
    "exploitation": ("exploitation", "exploitation"),
}
"""From the name of a coded answer to what forms sort by, and its list: whatever is not in the list is no answer."""
_RELATED: dict[str | int, str] = {
    one.hud: one.code for one in picklists()["relationship_to_head"].choices if one.hud and one.code != "not_collected"
}
_KINDS = {"labor": ("labor",), "sex": ("sex",), "both": ("labor", "sex")}
_CLOSING = ("reason", "living", "obtained", "continued")
"""What a closing is sorted by."""
_NUMBERS = {
    "times": "times",
    "minutes": "minutes",
    "people_there": "people",
    "returned": "returned",
    "safer": "safer",
    "knows_more": "knows_more",
}
"""Amounts of what belongs to nobody, and their names in its fact; those who listened are no people served."""


def history_of(actor: Actor, places: Collection[str] = (), funds: Collection[str] = ()) -> History:
    """Everything that counts now; at these projects and sites only, by their ids here, where any is named.

    Services and money of these funds only, by their codes, where any is named; nights and what belongs to nobody are
    of no fund.
    """
    coarse, exact = (
        [fact for fact in ledger.current(actor, kind) if _is_of(fact, funds)] for kind in (Kind.FACTS, Kind.EXACT)
    )
    records = assembled_from(exact)
    at = projects_of_sites(dict(records.projects))

    def is_here(site: str) -> bool:
        return not places or at.get(site, site) in places

    events = [
        one
        for fact in (*exact, *coarse)
        if is_here(str(fact.values.get("site", ""))) and (one := _event(fact)) is not None
    ]
    dated = {fact.source for fact in exact}
    events += [_in_its_month(fact) for fact in coarse if _is_old(fact, dated) and is_here(str(fact.values["site"]))]
    stays = [stay for each in records.enrollments if is_here(each.project) and (stay := _stay(each, records.projects))]
    known = {one.person for one in events} | {stay.person for stay in stays}
    openings = [_opening(fact, day) for fact in exact if (day := _since(fact))]
    events += [one for one in openings if not places or one.person in known]
    return History(
        people=_people(coarse, exact, records), events=tuple(events), stays=tuple(stays), services=service_list()
    )


def _is_of(fact: Fact, funds: Collection[str]) -> bool:
    if not funds or fact.deleted or fact.what not in ("service", "money"):
        return True
    return str(fact.values.get("fund", "")) in funds


# -- people ---------------------------------------------------------------------------------


def _people(coarse: Iterable[Fact], exact: Iterable[Fact], records: Records) -> dict[str, Someone]:
    said: dict[str, dict[str, frozenset[str]]] = {}
    for key, person in records.people.items():
        said[key] = _imported(person)
    for one in records.enrollments:
        known = _RELATED.get(one.relationship or 0, "unrelated")
        if known != "unrelated":  # a stay of the house says so of everybody who heads none
            said.setdefault(one.person, {})["related"] = frozenset({known})
    for fact in exact:
        if fact.what == "identity":
            own = said.setdefault(fact.person.hex(), {})
            own["referral"] = _codes([str(fact.values.get("referral", ""))])
            if related := _RELATED.get(fact.values.get("relationship", 0)):
                own["related"] = frozenset({related})
    for fact in coarse:
        if fact.what in ("happened", "herself"):
            said.setdefault(fact.person.hex(), {}).update(_answers(fact))
    born = {key: person.born for key, person in records.people.items()}
    came_with = _households(records)
    return {
        key: Someone(
            id=key, born=born.get(key), said=_with_trafficking(one), household=came_with.get(key, frozenset()) - {key}
        )
        for key, one in said.items()
    }


def _households(records: Records) -> dict[str, frozenset[str]]:
    """With whom each person ever came, by the households of enrollments."""
    members: dict[str, set[str]] = {}
    for one in records.enrollments:
        if one.household:
            members.setdefault(one.household, set()).add(one.person)
    found: dict[str, frozenset[str]] = {}
    for together in members.values():
        for person in together:
            found[person] = found.get(person, frozenset()) | together
    return found


def _imported(person: Person) -> dict[str, frozenset[str]]:
    race = frozenset(_IMPORTED_RACE[one] for one in person.race if one in _IMPORTED_RACE)
    sex = _codes([_IMPORTED_SEX.get(person.sex, "")]) if person.sex is not None else frozenset()
    return {name: answer for name, answer in (("race", race), ("sex", sex)) if answer}


def _answers(fact: Fact) -> dict[str, frozenset[str]]:
    found = {}
    for name, (facet, known) in _SAID.items():
        listed = {one.code for one in picklists()[known].choices}
        answer = frozenset(str(fact.values.get(name, "")).split()) & listed
        if answer:
            found[facet] = answer
    if country := str(fact.values.get("country", "")):
        found["country"] = frozenset({country})
    return found


def _with_trafficking(said: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Who is known to have been trafficked, and for what, stands among the kinds of harm too."""
    (kind,) = said.get("trafficking_kind", frozenset({""}))
    if "actual" in said.get("trafficking_status", ()) and kind in _KINDS:
        implied = frozenset(f"trafficking_{one}" for one in _KINDS[kind])
        return said | {"victimisations": said.get("victimisations", frozenset()) | implied}
    return said


def _codes(found: Iterable[str]) -> frozenset[str]:
    return frozenset(found) - {""}


# -- what was done --------------------------------------------------------------------------


def _event(fact: Fact) -> Event | None:
    values, source = fact.values, fact.source.hex()
    if fact.what == "service" and "day" in values:
        keys = {"service": _codes([str(values["service"])]), "setting": _codes([str(values.get("setting", ""))])}
        return _dated(fact, "service", str(values["day"]), keys, ("times", "minutes"))
    if fact.what == "closing" and "day" in values:
        keys = {name: _codes(str(values.get(name, "")).split()) for name in _CLOSING}
        return _dated(fact, "closing", str(values["day"]), keys, ())
    if fact.what == "money":
        keys = {"need": _codes([str(values.get("need", ""))]), "fund": _codes([str(values.get("fund", ""))])}
        return _dated(fact, "money", f"{values['from']}-01", keys, ("dollars",))
    if fact.what == "opening":
        return _dated(fact, "opening", str(values["day"]), {"opening": frozenset({"again"})}, ())
    if fact.what == "count":
        flags = _codes(str(values.get("flags", "")).split())
        about, harm = _codes([str(values.get("about", ""))]), _codes(str(values.get("harm", "")).split())
        keys = {"flags": flags, "reason": flags, "about": about, "need": about, "site": _site(fact)}
        keys |= {"victimisations": harm, "several_harms": _codes(["several" if len(harm) > 1 else ""])}
        amounts = {name: _number(values.get(known)) for name, known in _NUMBERS.items()}
        return Event(
            source=source, what=str(values["kind"]), day=_month(str(values["from"])), keys=keys, amounts=amounts
        )
    if fact.what == "turned_away":
        adults, children = _number(values.get("adults")), _number(values.get("children"))
        return Event(
            source=source,
            what="turned_away",
            day=_month(str(values["month"])),
            keys={
                "reason": _codes([str(values.get("reason", ""))]),
                "asked": _codes(["adult" if adults else "child"]),
                "need": frozenset({"shelter"}),
                "site": _site(fact),
            },
            amounts={"times": 1, "adults": adults, "children": children},
        )
    return None


def _site(fact: Fact) -> frozenset[str]:
    return _codes([str(fact.values.get("site", ""))])


def _is_old(fact: Fact, dated: Collection[bytes]) -> bool:
    """A service that was told before exact records had services: its month is known, and no more."""
    return fact.what == "service" and "from" in fact.values and fact.source not in dated


def _in_its_month(fact: Fact) -> Event:
    """Periods are whole months, so it counts in the right one; an age is that of the first day of the month."""
    keys = {name: _codes([str(fact.values.get(name, ""))]) for name in ("service", "setting")}
    return _dated(fact, "service", f"{fact.values['from']}-01", keys, ("times", "minutes"))


def _dated(fact: Fact, what: str, day: str, keys: dict[str, frozenset[str]], numbers: Iterable[str]) -> Event:
    return Event(
        source=fact.source.hex(),
        what=what,
        day=date.fromisoformat(day),
        person=fact.person.hex(),
        keys=keys,
        amounts={name: _number(fact.values.get(name)) for name in numbers},
    )


def _since(fact: Fact) -> str:
    return str(fact.values.get("since", "")) if fact.what == "identity" and RECORD in fact.values else ""


def _opening(fact: Fact, day: str) -> Event:
    return _dated(fact, "opening", day, {"opening": frozenset({"first"})}, ())


def _stay(enrollment: Enrollment, projects: Mapping[str, Project]) -> Stay | None:
    project = projects.get(enrollment.project)
    roof = _ROOFS.get(project.kind) if project and project.kind is not None else None
    gone = enrollment.leaving.day if enrollment.leaving else None
    if roof is None or (gone is not None and gone < enrollment.entry):
        return None
    days = StayDays(
        entry=enrollment.entry,
        exit=gone,
        bed_nights=frozenset(enrollment.nights),
        leave=frozenset(enrollment.away),
    )
    by_night = project is not None and project.kind == _BY_NIGHT
    return Stay(source=enrollment.id, person=enrollment.person, roof=roof, days=days, by_night=by_night)


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
