"""The agency and its sites: plain configuration, but for a site's address, which only staff can open."""

from typing import ClassVar

import msgspec
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db.base import Base, Id, db, own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind

_THE_AGENCY = "shelter_the_agency"


class Agency(Base):
    __tablename__ = "agency"

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    name_on_screen: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    night_begins: Mapped[int] = mapped_column(default=12)
    fictional: Mapped[bool] = mapped_column(default=False)
    exit_url: Mapped[str] = mapped_column(String(200), default="/away")
    ready: Mapped[bool] = mapped_column(default=False)


class SiteHouse(msgspec.Struct, kw_only=True):
    """What staff need to know about a building; the address is shown on no page and printed nowhere."""

    address: str = ""
    phone: str = ""
    directions: str = ""


SITE_HOUSE = declare("site", "house", SiteHouse, Kind.HOUSE, retention="site")


class Site(Sealed, Base):
    """A place under its code name, with its own zone and the hour at which its night begins."""

    __tablename__ = "site"
    sections: ClassVar[dict[str, Section[SiteHouse]]] = {"house": SITE_HOUSE}

    id: Mapped[bytes] = own_id()
    code_name: Mapped[str] = mapped_column(String(60))
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    night_begins: Mapped[int] = mapped_column(default=12)
    open_to_caseworkers: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)
    house: Mapped[bytes | None] = sealed_column()
    house_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("site", self.id)


_AGENCY = select(Agency)


def the_agency() -> Agency | None:
    """The one agency, or nothing before setup; looked up once a session, as every page asks several times."""
    found: Agency | None = db.session.info.get(_THE_AGENCY)
    if found is None or found not in db.session:
        found = db.session.info[_THE_AGENCY] = db.session.scalars(_AGENCY).first()
    return found
