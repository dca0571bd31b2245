"""What the parts of a table are called: reports, populations, dimensions, categories. No number and nobody is in it."""

from flask_babel import lazy_gettext as _l

from shelter.reports.bands import AGE
from shelter.reports.catalogue import (
    CONCLUDED,
    CONTROLLED,
    ENDED,
    HELPED,
    LEFT,
    LEGAL,
    NEW,
    NIGHTS,
    PAPERED,
    PEOPLE_SERVED,
    PROGRAMMED,
    REACHED,
    RECOVERED,
    SERVED,
    SITE,
    TURNED_AWAY,
)
from shelter.reports.dimensions import ENDS, MATTER_KINDS

TITLES = {
    PEOPLE_SERVED: _l("People served"),
    "people-new": _l("New people"),
    "sex": _l("People served by sex"),
    "race": _l("People served by race and ethnicity"),
    "language": _l("People served by language"),
    "violence": _l("Survivors of domestic violence"),
    "stay-length": _l("How long people stayed"),
    "destinations": _l("Where people went"),
    "matters": _l("People with a legal matter"),
    "programmes": _l("People served by programme"),
    "region": _l("People served by region of the world"),
    "exploitation": _l("Kinds of exploitation"),
    "control": _l("How people were controlled"),
    "services": _l("People given services"),
    "nights": _l("Nights in our beds"),
    "turned-away": _l("Requests turned away, and why"),
    "outcomes": _l("How legal matters ended"),
    "matters-outcomes": _l("Legal matters by type and how they ended"),
    "papers": _l("Papers withheld, recovered, replaced"),
    "recovery-time": _l("How long papers took to come back"),
    "goals": _l("Goals reached"),
}
POPULATIONS = {
    SERVED: _l(
        "everybody who slept in one of our beds, had an open legal matter with us or was given a service in these "
        "months, once"
    ),
    NEW: _l("everybody who came to us for the first time in these months"),
    LEGAL: _l("everybody who had an open legal matter with us in these months, once, by the newest of them"),
    LEFT: _l("everybody who left us in these months, once, by the last leaving"),
    ENDED: _l("everybody whose stay ended in these months, once, by the newest of them"),
    PROGRAMMED: _l("everybody served in these months, once in each programme"),
    CONTROLLED: _l("everybody served in these months, once for each way in which she was controlled"),
    HELPED: _l("everybody given a service in these months, once in each group of services"),
    CONCLUDED: _l("everybody whose legal matter ended in these months, once, by the newest of them"),
    PAPERED: _l("everybody served in these months with such a paper, once in each line"),
    RECOVERED: _l("everybody served whose paper came back in these months, once, by the newest of them"),
    REACHED: _l("everybody served who reached a goal in these months, once in each part of life"),
    NIGHTS: _l("each night of these months that somebody slept in one of our beds"),
    TURNED_AWAY: _l("each request of these months that could not be met, whoever made it"),
}
SAYS = {
    PEOPLE_SERVED: _l(
        "How many people slept in one of our beds, had an open legal matter with us or were given a service. "
        "Each person counts once, at the place where she was last, by the age she reaches in that year."
    ),
    "people-new": _l(
        "Who came for the first time ever. Unlike people served, new people add up: four quarters make the year, and "
        "their trend is the one to show."
    ),
    "sex": _l("Everybody served, by the sex that the funder asks for. Who was not asked is not known."),
    "race": _l("Everybody served, by what she told of her race and ethnicity. More than one is a group of its own."),
    "language": _l("Everybody served, by the language that she named first."),
    "violence": _l("Everybody served, by whether she told us of domestic violence, trafficking or stalking."),
    "stay-length": _l("Everybody whose stay ended, by the nights of her newest stay that did."),
    "destinations": _l("Everybody who left, by where she went, as she told it at the door."),
    "matters": _l("Everybody with an open legal matter, by the kind of the newest one."),
    "programmes": _l(
        "Through what people were served. Whoever had a bed and a lawyer stands in both lines, so "
        "the lines do not add up."
    ),
    "region": _l("Everybody served, by the part of the world that she named as hers. No country is told."),
    "exploitation": _l(
        "Everybody served, by what she told of how she was exploited. More than one is a group of its own."
    ),
    "control": _l(
        "By what means people were held. Most know more than one, so each person stands in every line that is hers and "
        "the lines do not add up."
    ),
    "services": _l(
        "How many people were given services of each group. Whoever had several stands in each, so the "
        "lines do not add up."
    ),
    "nights": _l("How many nights people slept in our beds. Four quarters make the year."),
    "turned-away": _l("Requests that could not be met, by the reason. A request may be for a whole family."),
    "outcomes": _l("Everybody whose legal matter ended, by how the newest of them did."),
    "matters-outcomes": _l("Everybody whose legal matter ended, by how the newest of them did and which kind it was."),
    "papers": _l(
        "People from whom a paper was kept at some time in these months, and people to whom one came back or was "
        "made anew. Somebody may stand in all three lines."
    ),
    "recovery-time": _l("Everybody to whom a paper came back, by how long it was gone since we knew."),
    "goals": _l("People who reached a goal of their own plan, by the part of life. The lines do not add up."),
}
DIMENSIONS = {
    AGE.code: _l("Age"),
    SITE: _l("Site"),
    "language": _l("Language"),
    "race": _l("Race and ethnicity"),
    "sex": _l("Sex"),
    "violence": _l("Domestic violence"),
    "matter": _l("Kind of matter"),
    "place": _l("Destination"),
    "stay": _l("Nights"),
    "region": _l("Region"),
    "exploitation": _l("Exploitation"),
    "control": _l("Means of control"),
    "programme": _l("Programme"),
    "service": _l("Services"),
    "goal": _l("Part of life"),
    "paper": _l("Paper"),
    "recovery": _l("Time"),
    "outcome": _l("Outcome"),
    "reason": _l("Reason"),
}
EVERYTHING = {AGE.code: _l("All ages"), SITE: _l("All sites")}
CHARTS = {AGE.code: _l("People by age")}
CATEGORIES = {
    "english": _l("English"),
    "spanish": _l("Spanish"),
    "other": _l("Another"),
    "not-english": _l("Another than English"),
    "unknown": _l("Not known"),
    "AmIndAKNative": _l("American Indian, Alaska Native or Indigenous"),
    "Asian": _l("Asian or Asian American"),
    "BlackAfAmerican": _l("Black, African American or African"),
    "HispanicLatinao": _l("Hispanic, Latina or Latino"),
    "MidEastNAfrican": _l("Middle Eastern or North African"),
    "NativeHIPacific": _l("Native Hawaiian or Pacific Islander"),
    "White": _l("White"),
    "several": _l("More than one"),
    "another": _l("Another, or more than one"),
    "female": _l("Female"),
    "male": _l("Male"),
    "survivor": _l("Told us of it"),
    "no": _l("Said no"),
    "t-visa": _l("T visa"),
    "u-visa": _l("U visa"),
    "asylum": _l("Asylum"),
    "vawa": _l("VAWA self-petition"),
    "removal": _l("Removal"),
    "relief": _l("Relief for survivors, or asylum"),
    "all-other": _l("Any other matter"),
    "homeless": _l("Without a home"),
    "institution": _l("An institution"),
    "temporary": _l("For a time"),
    "permanent": _l("A home to stay"),
    "elsewhere": _l("Elsewhere"),
    "not-permanent": _l("Not a home to stay"),
    "7": _l("Up to a week"),
    "30": _l("Up to a month"),
    "90": _l("Up to three months"),
    "180": _l("Up to half a year"),
    "365": _l("Up to a year"),
    "more": _l("More than a year"),
    "month": _l("Up to a month"),
    "longer": _l("Longer than a month"),
    "united-states": _l("United States"),
    "mexico-central": _l("Mexico and Central America"),
    "caribbean": _l("Caribbean"),
    "south-america": _l("South America"),
    "africa": _l("Africa"),
    "south-asia": _l("South Asia"),
    "east-asia": _l("East and Southeast Asia"),
    "west-central-asia": _l("West and Central Asia"),
    "americas": _l("Latin America and Caribbean"),
    "asia": _l("Asia"),
    "africa-elsewhere": _l("Africa, Europe or elsewhere"),
    "sexual": _l("Sexual exploitation"),
    "forced_labour": _l("Forced labor"),
    "servitude": _l("Servitude in a household"),
    "forced_marriage": _l("Forced marriage"),
    "something-else": _l("Something else"),
    "labor": _l("Labor of any kind"),
    "any-other": _l("Anything else"),
    "threats": _l("Threats"),
    "violence-done": _l("Violence"),
    "held-by-money": _l("Debt, wages or money"),
    "promises": _l("False promises"),
    "needs-withheld": _l("Food, rest or care withheld"),
    "mind": _l("Humiliation or isolation"),
    "drugs": _l("Drugs or alcohol"),
    "papers-withheld": _l("Papers withheld"),
    "beds": _l("Our beds"),
    "law": _l("Legal work"),
    "services": _l("Services"),
    "information": _l("Information and referral"),
    "alongside": _l("Alongside her"),
    "support": _l("Support and safety"),
    "roof": _l("A roof"),
    "justice": _l("Law and justice"),
    "safety": _l("Safety"),
    "housing": _l("Housing"),
    "wellbeing": _l("Health and feeling well"),
    "law-papers": _l("Law and papers"),
    "livelihood": _l("Money, work, education"),
    "people-around": _l("Children and community"),
    "withheld": _l("Kept from her"),
    "recovered": _l("Got back"),
    "replaced": _l("Made anew"),
    "quarter": _l("Up to three months"),
    "half-year": _l("Up to half a year"),
    "year": _l("Up to a year"),
    "within-quarter": _l("Up to three months"),
    "over-quarter": _l("Longer than three months"),
    "granted": _l("Granted or settled"),
    "denied": _l("Denied"),
    "withdrawn": _l("Not pursued"),
    "ended": _l("Over"),
    "not-granted": _l("Ended in another way"),
    "capacity": _l("No room"),
    "not_eligible": _l("Needs something we do not offer"),
    "conflict": _l("Not safe with somebody here"),
    "declined": _l("Chose not to come"),
    "not-capacity": _l("Another reason"),
}
_KINDS = {**{kind: CATEGORIES[kind] for kind in MATTER_KINDS}, "relief": CATEGORIES["relief"]}
_KINDS["rest"] = CATEGORIES["all-other"]
CATEGORIES |= {
    f"{outcome}.{kind}": _l("%(how)s: %(kind)s", how=CATEGORIES[outcome], kind=words)
    for outcome in ENDS
    for kind, words in _KINDS.items()
}
