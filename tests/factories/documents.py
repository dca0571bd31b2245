"""Papers and files of a world, made through the same use-cases as the pages."""

import io
import os

import pikepdf
from PIL import Image
from sqlalchemy import select

from shelter.db import db
from shelter.documents import actions, queries
from shelter.documents.actions import AddPaper, BeginWay, PaperFacts, TakeStep
from shelter.documents.known import Known
from shelter.files import actions as file_actions
from shelter.files.actions import AddFile
from shelter.files.models import StoredFile
from tests.factories.agency import World

CONFISCATED = PaperFacts(
    kind="foreign_passport",
    country="PHL",
    number="P7731204A",
    printed_name="DELACRUZ, MARIVIC S.",
    expires=Known(year=2029, month=3, day=9),
    state="with_employer",
    held_by="Mr Orteza, in his desk",
    seen_when=Known(year=2026, month=6),
    seen_where="Long Beach",
)


def paper(world: World, code: str, facts: PaperFacts = CONFISCATED, who: str = "caseworker") -> bytes:
    return actions.add_paper(world.actor(who), AddPaper(code, facts))


def begun(world: World, code: str, way: str = "foreign_passport", who: str = "caseworker") -> bytes:
    """A confiscated passport with the way back begun; the id of the paper."""
    found = paper(world, code, who=who)
    actions.begin_way(world.actor(who), BeginWay(code, found, 0, way))
    return found


def step(world: World, who: str, code: str, found: bytes, what: str, name: str = "ask_counsel", **more: object) -> None:
    """One event on a step, made from the way as it stands now."""
    actor = world.actor(who)
    version = queries.one(actor, code, found)[1].way_version
    actions.take_step(actor, TakeStep(code, found, version, name, what, **more))  # type: ignore[arg-type]


def counsel_agrees(world: World, code: str, found: bytes, who: str = "advocate") -> None:
    step(world, who, code, found, "answered", go_ahead=True, words="Go on.")


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 240), **saved: object) -> bytes:
    """A photograph that cannot be packed small: noise, so that every stored byte counts."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind, **saved)
    return out.getvalue()


def pdf(pages: int = 1, **saved: object) -> bytes:
    out, document = io.BytesIO(), pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    document.save(out, **saved)  # type: ignore[arg-type]
    return out.getvalue()


def running_pdf() -> bytes:
    """One with a script that runs when it is opened."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.save(out)
    return out.getvalue()


def noisy_pdf(size: int) -> bytes:
    """One with a part of so many bytes that cannot be packed small, kept to the byte when it is stored."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Noise = pikepdf.Stream(document, os.urandom(size))
    document.save(out, compress_streams=False)
    return out.getvalue()


def stored(world: World, code: str, content: bytes, who: str = "caseworker", label: str = "page one") -> bytes:
    return file_actions.add(world.actor(who), AddFile(code, label, content))


def file_rows() -> list[StoredFile]:
    return list(db.session.scalars(select(StoredFile)))
