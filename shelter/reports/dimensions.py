"""How published tables sort people, besides by age: fixed categories and their wider versions.

A code means the same in every table. What is not known is a category of its own.
"""

from shelter.rules.coarse import PLACES, STAYS, TIMES, UNKNOWN
from shelter.rules.disclosure.spec import Coarsening, Dimension, Group
from shelter.rules.picklists import picklists
from shelter.rules.regions import region_codes
from shelter.rules.services import service_book


def _in_two(code: str, first: str, members: tuple[str, ...], rest: str, others: tuple[str, ...]) -> Coarsening:
    """Two groups and what is not known."""
    return Coarsening(code, (Group(first, members), Group(rest, others), Group(UNKNOWN, (UNKNOWN,))))


LANGUAGE = Dimension(
    "language",
    ("english", "spanish", "other", UNKNOWN),
    coarser=(_in_two("two", "english", ("english",), "not-english", ("spanish", "other")),),
)
RACES = (
    "AmIndAKNative", "Asian", "BlackAfAmerican", "HispanicLatinao", "MidEastNAfrican", "NativeHIPacific", "White",
)  # fmt: skip
RACE = Dimension(
    "race",
    (*RACES, "several", UNKNOWN),
    coarser=(
        Coarsening(
            "few",
            (
                Group("BlackAfAmerican", ("BlackAfAmerican",)),
                Group("HispanicLatinao", ("HispanicLatinao",)),
                Group("White", ("White",)),
                Group("another", ("AmIndAKNative", "Asian", "MidEastNAfrican", "NativeHIPacific", "several")),
                Group(UNKNOWN, (UNKNOWN,)),
            ),
        ),
    ),
)
SEX = Dimension("sex", ("female", "male", UNKNOWN))
VIOLENCE = Dimension("violence", ("survivor", "no", UNKNOWN), sensitive=("survivor",))
MATTER_KINDS = ("t-visa", "u-visa", "asylum", "vawa", "removal", "other")
MATTER = Dimension(
    "matter",
    (*MATTER_KINDS, UNKNOWN),
    coarser=(_in_two("two", "relief", ("t-visa", "u-visa", "asylum", "vawa"), "all-other", ("removal", "other")),),
)
PLACE = Dimension(
    "place",
    (*PLACES, UNKNOWN),
    coarser=(
        _in_two(
            "two", "permanent", ("permanent",), "not-permanent", ("homeless", "institution", "temporary", "elsewhere")
        ),
    ),
)
STAY = Dimension(
    "stay",
    (*STAYS, UNKNOWN),
    coarser=(_in_two("two", "month", ("7", "30"), "longer", ("90", "180", "365", "more")),),
)
REGION = Dimension(
    "region",
    (*region_codes(), UNKNOWN),
    coarser=(
        Coarsening(
            "few",
            (
                Group("united-states", ("united-states",)),
                Group("americas", ("mexico-central", "caribbean", "south-america")),
                Group("asia", ("south-asia", "east-asia", "west-central-asia")),
                Group("africa-elsewhere", ("africa", "elsewhere")),
                Group(UNKNOWN, (UNKNOWN,)),
            ),
        ),
    ),
)
EXPLOITATION = Dimension(
    "exploitation",
    ("sexual", "forced_labour", "servitude", "forced_marriage", "something-else", "several", UNKNOWN),
    coarser=(
        Coarsening(
            "few",
            (
                Group("sexual", ("sexual",)),
                Group("labor", ("forced_labour", "servitude")),
                Group("several", ("several",)),
                Group("any-other", ("forced_marriage", "something-else")),
                Group(UNKNOWN, (UNKNOWN,)),
            ),
        ),
    ),
)
CONTROLS = {
    "threats": ("physical_threats", "threats_of_law", "threatens_family"),
    "violence-done": ("physical_abuse", "sexual_abuse"),
    "held-by-money": ("debt_bondage", "takes_earnings", "restricts_financial"),
    "promises": ("false_promises",),
    "needs-withheld": ("restricts_medical", "withholds_necessities", "excessive_hours"),
    "mind": ("psychological_abuse",),
    "drugs": ("substances",),
    "papers-withheld": ("withholds_documents",),
    "something-else": ("other",),
}
"""Methods of control of the pick list, in the groups that are told apart."""
CONTROL = Dimension("control", (*CONTROLS, UNKNOWN), several=True)
PROGRAMMES = {"stay": "beds", "matter": "law", "service": "services"}
"""What each kind of fact says of the programme that served somebody."""
PROGRAMME = Dimension("programme", tuple(PROGRAMMES.values()), several=True)
SERVICE = Dimension("service", (*service_book().areas, UNKNOWN), several=True)
GOALS = {
    "safety": ("safety",),
    "housing": ("housing",),
    "wellbeing": ("health", "emotional_support"),
    "law-papers": ("legal", "documents"),
    "livelihood": ("money", "work", "education"),
    "people-around": ("children", "community"),
}
"""Parts of life of a plan, in the groups that are told apart."""
GOAL = Dimension("goal", (*GOALS, UNKNOWN), several=True)
PAPER = Dimension("paper", ("withheld", "recovered", "replaced"), several=True)
RECOVERY = Dimension(
    "recovery",
    (*TIMES, UNKNOWN),
    coarser=(_in_two("two", "within-quarter", ("month", "quarter"), "over-quarter", ("half-year", "year", "more")),),
)
OUTCOME = Dimension(
    "outcome",
    ("granted", "denied", "withdrawn", "ended", UNKNOWN),
    coarser=(_in_two("two", "granted", ("granted",), "not-granted", ("denied", "withdrawn", "ended")),),
)
ENDS = ("granted", "denied", "withdrawn", "ended")
_RELIEF, _OTHER = ("t-visa", "u-visa", "asylum", "vawa"), ("removal", "other")


def ended_as(outcome: str, matter: str) -> str:
    """The category of a matter of a kind that ended in a way; a kind that is not known is among the others."""
    return f"{outcome}.{matter if matter in MATTER_KINDS else 'other'}" if outcome in ENDS else UNKNOWN


def _each(groups: dict[str, tuple[str, ...]]) -> tuple[Group, ...]:
    return (*(Group(code, members) for code, members in groups.items()), Group(UNKNOWN, (UNKNOWN,)))


def _of(outcome: str, kinds: tuple[str, ...] = MATTER_KINDS) -> tuple[str, ...]:
    return tuple(ended_as(outcome, kind) for kind in kinds)


OUTCOME_BY_MATTER = Dimension(
    "outcome",
    (*(ended_as(outcome, kind) for outcome in ENDS for kind in MATTER_KINDS), UNKNOWN),
    coarser=(
        Coarsening(
            "two-kinds",
            _each(
                {f"{end}.relief": _of(end, _RELIEF) for end in ENDS} | {f"{end}.rest": _of(end, _OTHER) for end in ENDS}
            ),
        ),
        Coarsening("outcomes", _each({end: _of(end) for end in ENDS})),
        Coarsening(
            "two", _each({"granted": _of("granted"), "not-granted": tuple(one for end in ENDS[1:] for one in _of(end))})
        ),
    ),
)
"""The same as OUTCOME, each way apart by the kind of matter: whole ways have the same codes, so that both are judged
together."""
REASON = Dimension(
    "reason",
    (*(one.code for one in picklists()["turn_away_reasons"].choices), UNKNOWN),
    coarser=(_in_two("two", "capacity", ("capacity",), "not-capacity", ("not_eligible", "conflict", "declined")),),
)
