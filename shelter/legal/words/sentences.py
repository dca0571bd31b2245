"""What the rules of legal work say when they say no."""

from flask_babel import lazy_gettext as _l

from shelter.web.sentences import say

say(
    {
        "address.no_care_of_line": _l(
            "EOIR-33 has no care-of line since February 2026: a letter sent in care of somebody may not arrive"
        ),
        "address.court_and_program": _l(
            "Courts differ on substitute addresses (to be confirmed by counsel): plan it before this goes out"
        ),
        "address.physical_asked": _l(
            "AR-11 asks where she lives (to be confirmed by counsel): plan with counsel what stands there"
        ),
        "address.shelter": _l("The shelter's address is kept secret: use a safe address here"),
        "address.last_shared": _l("Whoever she fled knows this address: use a safe one here"),
        "clock.before_the_rules": _l("This machine's clock stands before the day this program was made."),
        "clock.jumped_ahead": _l("This machine's clock jumped ahead by more than a year."),
        "clock.went_back": _l("This machine's clock went back by more than a day."),
        "law.last_good": _l("A file of rules that came with this program is bad: the last good rules serve."),
        "law.urgent_longer": _l("What is urgent cannot take longer than what is not"),
        "law.not_this": _l("This is not possible here"),
        "legal.answered_before_asked": _l("It cannot be answered before it was asked for"),
        "legal.before_last_stage": _l("This day is before the day of the present stage"),
        "legal.choose_advocate": _l("Choose somebody of the legal staff"),
        "legal.leads_another": _l(
            "She answers for another open matter of this person: give that one first, or leave her here"
        ),
        "legal.choose_writing": _l("Choose a note, a draft or a statement"),
        "legal.closed_before_retained": _l("The closing letter cannot be older than the retainer"),
        "legal.conflict_for_supervisor": _l(
            "Somebody near to a party is known here, and you may not see who. Ask the legal supervisor to open it"
        ),
        "legal.conflict_near": _l("Somebody near to a party is known here. Say why it is no conflict, or who decided"),
        "legal.say_title": _l("Give it a name"),
        "legal.say_something": _l("Write something first"),
        "legal.say_what_she_keeps": _l("Say what her caseworker should read beside the day"),
        "legal.choose_answer": _l("Choose the answer"),
        "legal.choose_ask": _l("Choose what is asked for"),
        "legal.choose_certifier": _l("Choose whose clock runs"),
        "legal.choose_member": _l("Choose somebody of the family"),
        "legal.counsel_before_travel": _l("No travel date without counsel: say who agreed, and when"),
        "legal.frozen_before_birth": _l("Age cannot be frozen before birth"),
        "legal.say_agency": _l("Say which agency"),
        "legal.say_name": _l("Write a name or initials"),
        "legal.say_what_passed": _l("Say what passed"),
        "legal.trip_breaks_presence": _l(
            "This trip would break continuous presence: more than %(single)d days at once, or %(total)d in all"
        ),
        "legal.trips_unread": _l(
            "Trips under %(codes)s cannot be opened here, so what is left for this one cannot be counted. "
            "Ask the legal supervisor first"
        ),
        "legal.plan_without_return": _l("Say when she plans to be back: a trip without an end cannot be counted"),
        "legal.choose_filing": _l("Choose a filing of this matter"),
        "legal.choose_forms": _l("Choose the forms that were sent"),
        "legal.choose_paper": _l("Choose which paper"),
        "legal.choose_papers": _l("Choose from the papers on the list"),
        "legal.choose_notice": _l("Choose the kind of notice"),
        "legal.day_is_over": _l("This day is over already"),
        "legal.look_after_a_night": _l("Nobody else can look at it, so look again yourself tomorrow"),
        "legal.look_by_another": _l("You set this date yourself. Somebody else has to look at it"),
        "legal.not_come_yet": _l("This day has not come yet"),
        "legal.not_missed_yet": _l("This day is not over: nothing is missed yet"),
        "legal.received_before_printed": _l("It cannot have come before the date printed on it"),
        "legal.same_day": _l("This is the day that stands already"),
        "legal.say_ground": _l("Choose the ground, or say on which there is no fee"),
        "legal.ground_unknown": _l("This ground does not go with these forms, this kind of matter and this day"),
        "legal.fee_set_by_law": _l(
            "%(form)s has a fee that is set by law and not waived, $%(dollars)d: enter it as a package of its own"
        ),
        "legal.papers_not_in_hand": _l(
            "Papers on the list that are not in hand: %(missing)d. Without them it may be denied, and nobody asks for "
            "evidence first"
        ),
        "legal.transfer_keeps_number": _l(
            "A case that is transferred keeps its number, and this filing has %(number)s. Put the filing right first "
            "if that was read wrongly"
        ),
        "legal.not_open_yet": _l(
            "%(form)s may not arrive yet, and is sent back if it does. Its earliest day stands among the dates: put "
            "that right first if another holds"
        ),
        "legal.done_before_begun": _l("It cannot have been done before the day it counts from"),
        "legal.ends_before_issued": _l("It cannot end before the day it was issued"),
        "legal.stage_unconfirmed": _l("Tick that it is so; if it is not, say below what counsel decided"),
        "legal.nobody_to_tell": _l("No rule of this kind of matter asks that a move be told"),
        "legal.say_what_happened": _l("Say how it came about"),
        "legal.say_what_was_done": _l("Say what was done about it"),
        "legal.time": _l("Write a time such as 8:30"),
        "legal.say_why": _l("Say in a few words why"),
    }
)
