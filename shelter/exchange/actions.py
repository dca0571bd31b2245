"""Importing an HMIS export: all of it, or nothing that anybody can see."""

from sqlalchemy import select

from shelter.db import db
from shelter.db.agency import Site
from shelter.db.bulk import roomy
from shelter.db.transaction import abandon
from shelter.exchange import staging
from shelter.exchange.finishing import Imported, finish
from shelter.exchange.hmis.plan import Plan
from shelter.exchange.job import Job, Tell, new_job, stage_share
from shelter.exchange.people import shares
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require, require_step_up
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded

__all__ = ["Imported", "import_plan"]


def import_plan(actor: Actor, plan: Plan, tell: Tell = lambda done, total: None) -> Imported:
    """Seals and stores a plan whose export is open; the same plan a second time adds nothing.

    Raises Denied, StepUpNeeded, or Broken: `import.running` while another import is under way, `import.abandoned`
    where this one rested too long, `import.no_site` for somebody who works nowhere, or what reading raises.
    Whatever it raises, nothing of it is left but its trail.
    """
    clause = require(actor, Act.HMIS_IMPORT).clause
    require_step_up(actor, Act.HMIS_IMPORT, now())
    job = new_job(actor, plan, clause, _home(actor), tell)
    try:
        with roomy():
            for share in shares(plan):
                stage_share(job, share)
            return finish(job)
    except BaseException:
        abandon()
        _give_up(job)
        raise


def _home(actor: Actor) -> bytes:
    """The importer's first site by name, where those live who were in no house."""
    query = select(Site.id).where(Site.id.in_(actor.sites), ~Site.closed).order_by(Site.code_name, Site.id)
    home = db.session.scalar(query.limit(1))
    if home is None:
        raise Broken("import.no_site")
    return home


def _give_up(job: Job) -> None:
    """Deletes what was staged, in short transactions; what is left when even this fails is for `tick`."""
    is_gone = job.stage is None
    while not is_gone and job.stage is not None:
        with recorded(job.actor, "import-given-up"):
            is_gone = staging.discard(job.stage)
