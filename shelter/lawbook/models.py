"""An agency's own versions of rules, of ways back to papers, and of pages on countries; nothing about a person."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base, Id


class LawVersion(Base):
    """One version of one thing as JSON. `state` is tried, in_force or given_up; a row is never changed but for that.

    `kind` is rule, fee, type, certifier, way or country.
    """

    __tablename__ = "law_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    made_by: Mapped[bytes] = mapped_column(Id)
    made_at: Mapped[datetime]
