"""Invented legal matters, opened and worked on through the legal feature's own actions."""

import random
from datetime import date, timedelta

from shelter.accounts.notices import mark_seen
from shelter.cli.demo import advocacy
from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.people import Guest
from shelter.legal import actions
from shelter.legal.commands import AddFilings, AddNotice, MoveStage, NoticeWords, OpenMatter, Sent
from shelter.policy.actor import Actor

COUNSEL = "counsel-eagle-52"
ADVOCATE = "advocate-heron-51"
ANSWER_AFTER = timedelta(days=87)
"""What a request for evidence by mail gives at most: 84 days and 3 for the mail (8 CFR 103.2(b)(8), 103.8(b))."""
FRIDAY = 4
FIRST_T, FIRST_U = 0, 3
NEW = 3
"""Matters opened so lately that nobody has read of them."""
KINDS = ("t_visa", "t_visa", "t_visa", "u_visa", "asylum")


def matters(agency: FictionalAgency, luck: random.Random, guests: list[Guest], day: date) -> None:
    """T-visa and other matters of some people, with filings, receipts, and here and there a request for evidence."""
    chosen = [guest for guest in guests if _wants_counsel(luck, guest, day)]
    for number, guest in enumerate(chosen):
        if number == len(chosen) - NEW:
            _read(agency)
        _matter(agency, luck, guest, day, number)


def _read(agency: FictionalAgency) -> None:
    """What was told so far lies in the past: whoever signs in first meets the notices of a day and not of a year."""
    for who in (ADVOCATE, COUNSEL):
        mark_seen(agency.actor(who), None)


def _wants_counsel(luck: random.Random, guest: Guest, day: date) -> bool:
    if guest.person.is_child or guest.person.country == "USA":
        return False
    recent = guest.party.left is None or guest.party.left > day - timedelta(days=150)
    return luck.random() < (0.6 if guest.here else 0.25 if recent else 0.0)


def _matter(agency: FictionalAgency, luck: random.Random, guest: Guest, day: date, number: int) -> None:
    lead = agency.keys[ADVOCATE].user_id
    opened = min(guest.party.arrived + timedelta(days=luck.randint(3, 14)), day)
    kind = KINDS[number % len(KINDS)]
    matter = actions.open_matter(
        agency.actor(COUNSEL),
        OpenMatter(guest.client.code, kind, opened, lead, scope="Relief, work permit and papers."),
    )
    if number == FIRST_T:
        advocacy.t_visa(agency.actor(ADVOCATE), guest.client.code, matter, day)
    if number == FIRST_U:
        advocacy.u_visa(agency.actor(ADVOCATE), guest.client.code, matter, day)
    if kind == "t_visa" and opened + timedelta(days=30) < day:
        _filed(agency.actor(ADVOCATE), luck, guest.client.code, matter, opened, day, number)


def _filed(actor: Actor, luck: random.Random, code: str, matter: bytes, opened: date, day: date, number: int) -> None:
    sent = opened + timedelta(days=luck.randint(14, 28))
    forms = ("I-914", "I-192", "G-28")
    package = Sent(sent, "mail", "exempt", ground="exempt.survivor_relief")
    actions.add_filings(actor, AddFilings(code, matter, forms, package, incomplete=True))
    actions.move_stage(actor, MoveStage(code, matter, 1, "filed", sent))
    receipt = f"EAC26{10000000 + number * 7919:08d}"
    arrived = min(sent + timedelta(days=9), day)
    notice = NoticeWords("receipt", arrived, arrived, receipt_number=receipt)
    actions.add_notice(actor, AddNotice(code, matter, notice))
    actions.move_stage(actor, MoveStage(code, matter, 2, "receipt", arrived))
    if number % 3 == 0:
        printed = _printed_on(day - timedelta(days=luck.randint(5, 50)))
        answer = printed + ANSWER_AFTER
        rfe = NoticeWords("rfe", printed, min(printed + timedelta(days=4), day), answer_by=answer)
        actions.add_notice(actor, AddNotice(code, matter, rfe))
        if printed >= arrived:
            actions.move_stage(actor, MoveStage(code, matter, 3, "rfe", printed))


def _printed_on(day: date) -> date:
    """This day or the one before whose answer is not due at a weekend."""
    while (day + ANSWER_AFTER).weekday() > FRIDAY:
        day -= timedelta(days=1)
    return day
