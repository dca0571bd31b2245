"""The words of stewards and of setup on screen."""

from flask_babel import lazy_gettext as _l

from shelter.policy.kinds import Kind
from shelter.web.sentences import say

KINDS = {
    Kind.HOUSE: _l("House: names of staff, addresses of sites"),
    Kind.INTAKE: _l("Intake: referrals and arrivals to be completed"),
    Kind.IDENTITY: _l("Identity: legal names, contacts, households"),
    Kind.SHELTER: _l("Rooms: working names, needs, alerts, leave"),
    Kind.ADVOCACY: _l("Advocacy: plans, notes, services"),
    Kind.LEGAL: _l("Legal: matters, notices, dates"),
    Kind.DOCUMENTS: _l("Papers: identity documents, scans, custody"),
    Kind.CLINICAL: _l("Clinical"),
    Kind.FACTS: _l("Facts: coded, coarse, without names"),
    Kind.EXACT: _l("Exact records for funders, without names"),
    Kind.PSEUDONYM: _l("The key that makes pseudonyms"),
    Kind.AUDIT: _l("Details of the trail, for the auditor"),
}

say(
    {
        "stewards.not-by-the-maker": _l("You made this account, so another steward binds it."),
        "stewards.not-by-the-caller": _l("You said that she comes back, so a steward other than you lets her in."),
        "stewards.other-keys": _l(
            "The keys in the database are not those whose words you compared. Bind nothing. Look at the new words, and "
            "ask who has changed them."
        ),
        "stewards.two-sign": _l("This needs a second signature: another steward's or the recovery kit's."),
        "stewards.two-openers": _l("Too few would be left who open this. Let another colleague in first."),
        "stewards.list-refused": _l("The signed list refuses this. Nothing was changed."),
        "stewards.not-in-office": _l(
            "The signed list does not name you as a steward yet. Two who are in office sign it."
        ),
        "stewards.still-there": _l(
            "A steward still works here, and signs. Where none can any more, the administrator ends their accounts "
            "first."
        ),
        "stewards.no-steward": _l("Only another steward in office can sign beside you."),
        "stewards.refused": _l("That did not match. Check the name, the passphrase and the code."),
        "stewards.kit-group": _l("Group %(group)d is not what is printed. Read it once more."),
        "stewards.kit-mistyped": _l("This is not a whole sheet: sixteen groups of four. Compare it with the paper."),
        "stewards.kit-share": _l("Share %(share)d is not what is printed: 33 words. Read it once more."),
        "stewards.kit-few-shares": _l(
            "These shares together are not the kit: one is missing, or one is of another kit."
        ),
        "stewards.shares-numbers": _l("At least two are needed, never more than are made; at most %(most)d are made."),
        "backups.no-backup": _l("This file is no backup of ours, or it cannot be read."),
        "backups.kit-does-not-open": _l("This kit does not open this backup."),
        "backups.swapped": _l("Name the file that ends in .records first, then the one that ends in .keys."),
        "backups.two-agencies": _l("These two files are of different agencies."),
        "backups.two-versions": _l("These two files were made by different versions. Take a pair of one version."),
        "backups.keys-older": _l(
            "The keys are older than the records: what was written last would open for nobody. Take newer keys."
        ),
        "backups.not-empty": _l("There is something here already. Restore into an empty place only."),
        "backups.cut": _l("A file was cut or changed on its way. Nothing was restored."),
        "backups.counts": _l("The numbers of rows differ from what the backup says. Nothing was restored."),
        "backups.trail": _l(
            "The trail does not hold at link %(place)s, or is not the one of the head you gave. Nothing was restored; "
            "call the auditor."
        ),
        "stewards.kit-other": _l("This sheet is of another kit. Use the newest one of this agency."),
        "stewards.founder-session": _l(
            "A founder's session has ended. Run the setup command again; it begins anew, and nothing is lost but what "
            "you typed here."
        ),
        "stewards.exit-address": _l("Write a whole address, as in https://www.weather.gov, or leave it empty."),
        "stewards.set-up-already": _l("There is an agency here already."),
        "stewards.not-proved": _l("Two have to open the test record first: two stewards, or one and the kit."),
        "stewards.no-administrator": _l("Name the first administrator first."),
    }
)


def kind_word(kind: Kind) -> object:
    """What lives in a compartment."""
    return KINDS[kind]


GLOBALS = (kind_word,)
