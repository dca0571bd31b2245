"""The words of accounts on screen: roles, states, and the sentences of its rules."""

from flask_babel import lazy_gettext as _l

from shelter.policy.roles import Role
from shelter.web.sentences import say

ROLES = {
    Role.CASEWORKER: (_l("Caseworker"), _l("Opens the people she is assigned to: plans, notes, services, papers.")),
    Role.SUPERVISOR: (_l("Supervisor"), _l("Everything a caseworker may, for all of her sites; assigns, imports.")),
    Role.SHELTER_STAFF: (_l("Shelter staff"), _l("Beds, roll call and arrivals; working names, never legal names.")),
    Role.LEGAL_ADVOCATE: (_l("Legal advocate"), _l("Legal matters and papers of the people she has a matter with.")),
    Role.LEGAL_SUPERVISOR: (_l("Legal supervisor"), _l("All legal matters; assigns them and checks dates again.")),
    Role.CLINICIAN: (_l("Clinician"), _l("Clinical records, where the agency turns them on.")),
    Role.VOLUNTEER: (_l("Volunteer"), _l("Beds without names.")),
    Role.DIRECTOR: (_l("Director"), _l("Protected reports and bed counts; no row about a person.")),
    Role.PREPARER: (_l("Preparer"), _l("Exact funder files, sealed; browses no records.")),
    Role.STEWARD: (_l("Steward"), _l("Says who belongs, and signs for it; makes no accounts.")),
    Role.ADMINISTRATOR: (_l("Administrator"), _l("Accounts, sites and settings; opens nothing about a person.")),
    Role.AUDITOR: (_l("Auditor"), _l("Reads who did what and proves it; may come from outside. No other role.")),
}
STATES = {
    "invited": _l("Has a link, has not used it yet"),
    "waiting": _l("Waits for a steward"),
    "active": _l("Works here"),
    "away": _l("On long leave"),
    "returning": _l("Comes back: waits for a steward"),
    "left": _l("Has left"),
}

say(
    {
        "accounts.roles-clash": _l(
            "One person may not hold these together: administrator with steward, auditor with anything, director or "
            "preparer with work on records."
        ),
        "accounts.not-yourself": _l("You cannot do this to your own account. Ask another administrator."),
        "accounts.passphrase-short": _l("Use at least %(least)d characters, or the words above."),
        "accounts.passphrase-breached": _l(
            "This passphrase was in a breach somewhere, so it is tried first. Choose another, or keep the drawn one"
        ),
        "accounts.passphrase-guessable": _l(
            "This one is tried early by somebody who guesses. Use a sentence that nobody else says, or the words above."
        ),
        "accounts.passphrase-again": _l("Type your own passphrase a second time, the same in both places."),
        "accounts.code-wrong": _l("This code does not fit. Wait for the next one and type that."),
        "accounts.two-openers": _l(
            "Without her only one could open something, or nobody. Let another colleague in first, then change this."
        ),
        "accounts.cover-order": _l("The last day comes before the first."),
        "accounts.cover-long": _l("Cover lasts %(most)d days at most; arrange it again when they are over."),
        "accounts.cover-same": _l("Choose somebody else to stand in."),
        "accounts.cover-keys": _l("She cannot stand in: her role does not open the same records."),
        "accounts.cover-past": _l("That day is over already."),
        "accounts.too-many-passkeys": _l("Ten passkeys are enough. Remove one that you no longer use."),
        "accounts.passkey-refused": _l("The device's answer does not hold. Please try again."),
        "accounts.last-factor": _l("Keep one way to confirm that it is you."),
    }
)


def role_word(role: Role) -> object:
    """The name of a role, in the reader's language."""
    return ROLES[role][0]


def state_word(state: str) -> object:
    """What the state of an account means."""
    return STATES.get(state, state)


GLOBALS = (role_word, state_word)
