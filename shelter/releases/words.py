"""The words of releases on screen and on paper, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Held, one_line
from shelter.releases.queries import ReleaseView, Shared
from shelter.rules.consent import State
from shelter.rules.papers import papers
from shelter.settings.words import choice_words
from shelter.web.sentences import say
from shelter.web.times import day_full, day_of

SIGNERS: dict[str, Any] = {
    "self": _l("She herself"),
    "minor": _l("The minor alone"),
    "minor_and_parent": _l("The minor and a parent"),
    "minor_and_guardian": _l("The minor and a guardian"),
    "parent": _l("A parent, for a child too young to sign"),
    "guardian": _l("A guardian whom a court appointed"),
}
WHO: dict[str, Any] = {
    "self": _l("she herself"),
    "minor": _l("the minor"),
    "parent": _l("the parent"),
    "guardian": _l("the guardian"),
}
HOW: dict[str, Any] = {
    "typed": _l("Types the name"),
    "drawn": _l("Draws it here"),
    "paper": _l("Signs the printed paper"),
}
HOW_SIGNED: dict[str, Any] = {
    "typed": _l("typed"),
    "drawn": _l("drawn"),
    "paper": _l("on paper"),
}
STATES: dict[str, Any] = {
    State.UNSIGNED: _l("Waits for a signature"),
    State.TO_COME: _l("Begins later"),
    State.LIVE: _l("Holds"),
    State.ENDED: _l("Ended"),
    State.REVOKED: _l("Taken back"),
    State.DECLINED: _l("She said no"),
}
TONES = {State.LIVE: "calm", State.UNSIGNED: "look", State.REVOKED: "look"}
HAPPENED: dict[str, Any] = {
    "made": _l("Talked through"),
    "signed": _l("Signed"),
    "declined": _l("She said no"),
    "extended": _l("Extended"),
    "let_end": _l("It may end on its last day"),
    "revoked": _l("Taken back"),
    "told": _l("The recipient was told that it is taken back"),
    "shared": _l("Told or handed over"),
    "compelled": _l("Given because a court or a law compelled it"),
}

say(
    {
        "consent.declined": _l("She said no to this release. Nothing leaves under it."),
        "consent.ended": _l("This release has ended. Ask her again, then share."),
        "consent.ends_before_it_begins": _l("The last day is before the first."),
        "consent.no_items": _l("Choose what is told."),
        "consent.no_release": _l("No release of hers covers this. Ask her first; nothing was sent."),
        "consent.not_covered": _l("Her release does not name all of this. Leave it out, or ask her for a new one."),
        "consent.other_method": _l("Her release does not allow this way."),
        "consent.other_paper": _l("Her release does not name copies of this paper. Ask her for one that does."),
        "consent.revoked": _l("She has taken this release back. Nothing leaves under it."),
        "consent.settle_first": _l("She is a minor: first write in her record who may consent."),
        "consent.to_come": _l("This release has not begun yet."),
        "consent.too_long": _l("A release lasts %(most)d days at most. Choose an earlier last day."),
        "consent.unknown_signer": _l("Choose who signs."),
        "consent.unsigned": _l("Nobody has signed this release yet. Nothing leaves under it."),
        "consent.wrong_signer": _l("For her, somebody else signs. Look at who may consent in her record."),
        "releases.both_sign_anew": _l("Two people sign this one. To go on, talk a new one through with both of them."),
        "releases.closed": _l("This release is closed already."),
        "releases.no_scan": _l("Choose the photograph or scan of the signed paper."),
        "releases.not_live": _l("Only a release that holds can be extended. Ask her for a new one."),
        "releases.not_longer": _l("Choose a day after the present last day."),
        "releases.not_revoked": _l("It has not been taken back."),
        "releases.not_your_signature": _l("This signature is not missing."),
        "releases.nothing_drawn": _l("Nothing was drawn. Draw the signature, or choose another way."),
        "releases.recipient_feared": _l("Somebody with this name endangers her. Nothing may be told to them."),
        "releases.say_not_the_abuser": _l("Confirm this, or do not take the signature."),
        "releases.signed": _l("It is signed and stays as it is. Take it back and make a new one."),
        "releases.signer_feared": _l("Somebody with this name endangers her and may not sign for her."),
        "releases.unknown_item": _l("Choose from the list."),
        "releases.which_papers": _l(
            "Choose “Copies of their papers” and, beside it, of which papers; or leave out both."
        ),
        "releases.whose_signature": _l("Write the name of the person who signs."),
    }
)


def items_in_words(codes: Iterable[str]) -> list[str]:
    """What may be told, item by item."""
    return [choice_words("release_items", code) for code in codes]


def papers_in_words(codes: Iterable[str]) -> list[str]:
    """The kinds of papers of which copies may be given."""
    kinds = papers().kinds
    return [gettext(kinds[code].label) if code in kinds else code for code in codes]


def ways_in_words(codes: Iterable[str]) -> str:
    return ", ".join(choice_words("release_methods", code) for code in codes)


def purpose_in_words(terms: Any) -> str:
    parts = (choice_words("release_purposes", terms.purpose) if terms.purpose else "", terms.purpose_words)
    return ": ".join(part for part in parts if part)


def recipient(terms: Any) -> str:
    return ", ".join(part for part in (terms.organisation, terms.person) if part)


def path_of(stroke: list[int]) -> str:
    """A line of a drawn signature as an SVG path."""
    points = list(zip(stroke[::2], stroke[1::2], strict=False))
    return "M" + " L".join(f"{x} {y}" for x, y in points)


def signature_picture(strokes: list[list[int]]) -> list[bytes]:
    """A drawn signature as a picture of its own, on its sheet of 600 by 200."""
    lines = "".join(f'<path d="{path_of(stroke)}" fill="none" stroke="black" stroke-width="3"/>' for stroke in strokes)
    return [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200">{lines}</svg>'.encode()]


def own_lines(one: ReleaseView) -> list[Held]:
    """One release, and what left under it, as her own file says them."""
    terms, yes, no = one.terms, gettext("Yes"), gettext("No")
    what = ", ".join([*items_in_words(terms.items), *papers_in_words(terms.papers)])
    days = f"{day_full(terms.starts)} - {day_full(terms.expires)}"
    talked = ((_l("Risks talked about"), yes if terms.risks_discussed else no), terms.risks)
    signer = (
        SIGNERS.get(terms.signer, terms.signer),
        (_l("Not the abuser: attested"), yes if terms.not_abuser else no),
    )
    became = [STATES[one.state]]
    became += [word for said, word in _BECAME if getattr(terms, said)]
    return [
        Held(recipient(terms), one_line(ways_in_words(terms.methods), what, days, *became), terms.expires),
        Held(_l("How to reach them"), terms.reach),
        Held(_l("What for"), purpose_in_words(terms)),
        Held(_l("What could go wrong"), one_line(*talked)),
        Held(_l("Explained in"), ", ".join(filter(None, (terms.language, terms.interpreter)))),
        Held(_l("Who signs"), one_line(*signer)),
        *(
            Held(
                HAPPENED["signed"],
                one_line(done.name, WHO.get(done.who, done.who), HOW_SIGNED[done.how]),
                day_of(done.at),
            )
            for done in terms.signatures
        ),
        *(
            Held(
                _l("What became of it"),
                one_line(HAPPENED[past.what], WHO.get(past.words, past.words), day_full(past.until)),
                day_of(past.at),
            )
            for past in terms.history
        ),
        *(left_line(left) for left in one.shared),
    ]


def left_line(left: Shared) -> Held:
    """What left, to whom, by which way; of a copy which paper it shows."""
    copied = papers_in_words([left.copied.kind]) if left.copied else []
    words = one_line(", ".join(items_in_words(left.items)), *copied, ways_in_words([left.method]), left.note)
    return Held(
        one_line(HAPPENED["shared" if left.release else "compelled"], left.organisation), words, day_of(left.at)
    )


_BECAME = (("declined", _l("She said no")), ("revoked", _l("Taken back")), ("recipient_told", _l("Recipient told")))

GLOBALS = (items_in_words, papers_in_words, path_of, purpose_in_words, recipient, ways_in_words)
WORDS = {
    "release_states": STATES,
    "release_tones": TONES,
    "release_signers": SIGNERS,
    "release_who": WHO,
    "release_how": HOW_SIGNED,
    "release_happened": HAPPENED,
}
