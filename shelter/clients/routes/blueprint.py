"""The one blueprint of the clients' pages."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from shelter.clients import words
from shelter.clients.routes import rows
from shelter.web import sentences

blueprint = Blueprint("clients", __name__)
for said in (*words.GLOBALS, *rows.GLOBALS):
    blueprint.add_app_template_global(said)

blueprint.add_app_template_global(words.hours_words, "contact_hours")


@blueprint.app_context_processor
def _channels() -> dict[str, object]:
    return {"contact_channels": words.CHANNELS}


sentences.say(
    {
        "clients.alert_needs_description": _l("Write how to recognize them or their car, or take the alert away."),
        "clients.conflict_of_interest": _l("There is a conflict of interest between this colleague and her."),
        "clients.in_a_household": _l("She belongs to a household already."),
        "clients.merge-restricted": _l(
            "One of these records has compartments of its own and the other has not. Give the other the same first."
        ),
        "clients.merged_already": _l("One of these records is merged already. Undo that first."),
        "clients.merged_long_ago": _l("A merge can be undone for %(days)d days. This one is older."),
        "clients.same_record": _l("This is the record itself."),
        "clients.no_such_code": _l("Nobody whose record you may change has this code."),
        "clients.not_at_this_site": _l("This colleague does not work at her site, or not as a caseworker."),
        "clients.say_why_kept": _l("Say why it stays"),
        "clients.ssn": _l("Write the %(digits)d digits of the number, or leave it empty."),
    }
)
