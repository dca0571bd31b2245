"""An agency's own wording over the shipped one; plain configuration, nothing about a person."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base, Id


class FieldSetting(Base):
    """A question as this agency asks it; empty texts mean the shipped ones."""

    __tablename__ = "field_setting"

    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    question: Mapped[str] = mapped_column(String(300), default="")
    why_we_ask: Mapped[str] = mapped_column(String(600), default="")
    version: Mapped[int] = mapped_column(default=1)


class FieldShown(Base):
    """Whether a question is asked: shown, required or hidden."""

    __tablename__ = "field_shown"

    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    how: Mapped[str] = mapped_column(String(10), default="shown")
    version: Mapped[int] = mapped_column(default=1)


class LimitSetting(Base):
    """A number that this agency set instead of the shipped one."""

    __tablename__ = "limit_setting"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)


class PickSetting(Base):
    """A value of a pick list as this agency words it, or one that it added or hid."""

    __tablename__ = "pick_setting"

    picklist: Mapped[str] = mapped_column(String(60), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    label: Mapped[str] = mapped_column(String(200), default="")
    hidden: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class ListVersion(Base):
    """One version of a service (`kind` service), a fund (fund) or any other setting, as JSON; never changed."""

    __tablename__ = "list_version"
    __table_args__ = (Index("ix_list_version_code", "kind", "code"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    made_by: Mapped[bytes] = mapped_column(Id)
    made_at: Mapped[datetime]
