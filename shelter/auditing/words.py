"""The words of the auditor's room."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.clients.words import ACTS, act_words
from shelter.policy.acts import Act
from shelter.rules.oddities import Oddity
from shelter.web.may import act_of_endpoint
from shelter.web.sentences import say


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of looks as its own page calls it, and what it means and does not mean."""

    title: Any
    means: Any


KINDS = {
    Oddity.REFUSED: KindWords(
        _l("Refused"),
        _l(
            "Pages and acts that somebody asked for and did not get, and releases that did not cover what was to "
            "leave. A mistyped address is here too; the same person again and again is worth a question."
        ),
    ),
    Oddity.OUTSIDE: KindWords(
        _l("Not her own client"),
        _l(
            "Looks at one person by somebody who neither works with her nor has her asleep in her house tonight: "
            "she was allowed by site, by office or by an emergency. Lists do not count; how many people each met has "
            "its own page."
        ),
    ),
    Oddity.NIGHT: KindWords(
        _l("At night"),
        _l("Looks at people between ten at night and six in the morning, by those whose work is by day."),
    ),
    Oddity.LEAVES: KindWords(
        _l("What left"),
        _l(
            "Prints, copies, exports, files that were opened or handed over, and whatever was told somebody outside "
            "under a release or because a law compelled it."
        ),
    ),
}
DETAILS: dict[str, Any] = {
    "account": _l("account"),
    "asked": _l("asked for"),
    "backup": _l("backup"),
    "books": _l("notes of the house"),
    "broken": _l("broken at"),
    "by": _l("by"),
    "changed": _l("changed"),
    "code": _l("code"),
    "compared": _l("compared with"),
    "compartment": _l("compartment"),
    "compartments": _l("compartments"),
    "country": _l("country"),
    "details": _l("details of the trail"),
    "drafts": _l("drafts"),
    "dropped": _l("referrals left"),
    "ended": _l("ended"),
    "field": _l("question"),
    "file": _l("file"),
    "for": _l("for"),
    "found": _l("found"),
    "fund": _l("fund"),
    "given": _l("handed over"),
    "grants": _l("keys handed on"),
    "incidents": _l("incident reports"),
    "key_stores_let_go": _l("copies of keys let go"),
    "keys": _l("keys sealed again"),
    "kind": _l("kind"),
    "law": _l("rule"),
    "left": _l("left as they were"),
    "lift": _l("restriction lifted"),
    "limit": _l("limit"),
    "link": _l("link"),
    "names": _l("names"),
    "needed": _l("shares needed"),
    "new": _l("new"),
    "notices": _l("notices"),
    "number": _l("number"),
    "of": _l("of"),
    "part": _l("part"),
    "people": _l("people"),
    "period": _l("period"),
    "picklist": _l("list"),
    "pictures": _l("small pictures"),
    "question": _l("question"),
    "reached": _l("way"),
    "reader": _l("given to"),
    "reason": _l("reason"),
    "report": _l("report"),
    "requests": _l("requests"),
    "roles": _l("roles"),
    "rosters": _l("rosters"),
    "rows": _l("rows"),
    "sections": _l("sections"),
    "segments": _l("parts of the directory"),
    "spoiled_files": _l("files that were spoiled"),
    "service": _l("service"),
    "sha256": _l("fingerprint of the file"),
    "shown": _l("shown"),
    "staff": _l("account"),
    "stays": _l("stays"),
    "taken back": _l("taken back"),
    "taken_in": _l("settings taken in"),
    "to": _l("sealed to"),
    "typed": _l("typed"),
    "until": _l("until"),
    "version": _l("version"),
    "was_right": _l("was right"),
    "way": _l("way"),
    "with": _l("with"),
    "words": _l("searched for"),
}
WHY_BROKEN: dict[str, Any] = {
    "missing-link": _l("a link is missing"),
    "out-of-order": _l("the order is not the one it was written in"),
    "edited": _l("a link was changed after it was written"),
    "rewritten": _l("a link differs from the one copied off this machine"),
    "tail-cut": _l("links at the end are gone"),
    "stray-rows": _l("there are rows that belong to no link"),
    "signature": _l("a signature does not hold"),
}
DEEDS: dict[str, Any] = {
    Act.ACCOUNT_OWN: _l("did something of her own account"),
    Act.CLIENTS_SEARCH: _l("searched for a person"),
    Act.GLASS_BREAK: _l("broke the glass"),
    Act.SHEETS_IMPORT: _l("brought in a spreadsheet, or took one back"),
    Act.SHEETS_PREPARE: _l("prepared a spreadsheet"),
    "administrator-link": _l("made a link for an administrator"),
    "backup-made": _l("a backup was made"),
    "calendar-ended": _l("ended a calendar address"),
    "calendar-fetched": _l("a calendar was fetched"),
    "calendar-filled": _l("a calendar was filled"),
    "calendar-made": _l("made a calendar address"),
    "founded": _l("the agency was founded"),
    "key-renewal-begun": _l("began to renew a key"),
    "key-version-retired": _l("an old key was retired"),
    "kit-divided": _l("the recovery kit was divided"),
    "named": _l("an account was named"),
    "restored": _l("everything was restored from a backup"),
    "set-up": _l("setup went on"),
    "setup-agency": _l("setup: the agency"),
    "setup-founder": _l("setup: a founder"),
    "setup-proof-kit": _l("setup: the kit was tried"),
    "erased-copies-taken": _l("took out copies of an erased file"),
    "purged": _l("the clock purged what the rules say"),
    "account-changed": _l("changed an account"),
    "account-dismissed": _l("ended an account"),
    "account-invited": _l("made an account"),
    "account-link": _l("made a link for an account"),
    "colleague-bound": _l("bound a colleague's keys"),
    "colleague-unbound": _l("took a colleague off every roster"),
    "confirmed": _l("confirmed that it is she"),
    "cover-arranged": _l("arranged cover"),
    "cover-ended": _l("ended cover"),
    "sheet-given-up": _l("a spreadsheet could not be read"),
    "import-given-up": _l("an import was given up"),
    "invitation-accepted": _l("accepted an invitation"),
    "keys-delivered": _l("handed on keys"),
    "left": _l("left the page at once"),
    "notice-seen": _l("read a notice"),
    "office-changed": _l("changed who is a steward"),
    "opened-at-terminal": _l("signed in at a terminal"),
    "passkey-added": _l("added a passkey"),
    "passkey-removed": _l("removed a passkey"),
    "passphrase-changed": _l("changed her passphrase"),
    "passphrase-refused": _l("gave a wrong passphrase"),
    "referral:left": _l("a partner left a referral"),
    "kit-renewed": _l("made a new recovery kit"),
    "leave-begun": _l("sent a colleague on long leave"),
    "leave-ended": _l("said that a colleague comes back"),
    "let-in-again": _l("let a colleague in again"),
    "rosters-left": _l("left the rosters"),
    "rosters-signed": _l("signed rosters"),
    "sign-in-refused": _l("a sign-in was refused"),
    "signed-in": _l("signed in"),
    "stewards-refounded": _l("took the office of steward with the recovery kit"),
    "signed-out": _l("signed out"),
    "taken-in": _l("took in her keys"),
    "unlock-refused": _l("an unlock was refused"),
}

say(
    {
        "auditing.order": _l("The last day comes before the first"),
        "auditing.long": _l("At most %(days)s days at once"),
        "auditing.no-code": _l("Nobody here has this code"),
        "auditing.no-head": _l("A line is not a head. A head is a number, a colon and 64 letters and digits"),
    }
)


def deed_words(act: str) -> str:
    """What somebody did, as a colleague would say it; a refusal says what was refused."""
    if act.startswith("refused:") and act not in ACTS:
        return _("was refused: %(what)s", what=_refused(act.removeprefix("refused:")))
    return str(DEEDS[act]) if act in DEEDS else act_words(act)


def _refused(what: str) -> str:
    """What was asked for: an act, the page of one, or an address that is none."""
    if what == "nowhere":
        return _("an address that is not there")
    return deed_words(act_of_endpoint(what) or what)


def detail_words(name: str) -> str:
    """What a value that was sealed to the auditor is."""
    return str(DETAILS.get(name, name))
