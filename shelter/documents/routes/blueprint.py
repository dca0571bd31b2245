"""What every page of papers stands on."""

from flask import Blueprint

from shelter.documents.words import EVENTS, GLOBALS, OWNERS, PAYERS, STEP_STATES

blueprint = Blueprint("documents", __name__)
READERS = frozenset({"caseworker", "supervisor", "legal_advocate", "legal_supervisor"})
LEGAL = frozenset({"legal_advocate", "legal_supervisor"})
ALL = "/people/<code>/papers"
ONE = f"{ALL}/<id:paper>"
STEP = f"{ONE}/steps/<step>"
for _said in GLOBALS:
    blueprint.add_app_template_global(_said)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"way_owners": OWNERS, "step_payers": PAYERS, "step_events": EVENTS, "step_states": STEP_STATES}
