"""Nights in our beds, by site: counted from the plain days of stays, which the database has; no fact tells of them."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import or_, select

from shelter.db import db
from shelter.reports.catalogue import Quarter
from shelter.stays.models import Stay, StayBed


def nights_by_site(quarter: Quarter) -> Counter[str]:
    """How many nights of a closed period somebody slept at each site, by the site's code in tables."""
    end = quarter.last + timedelta(days=1)
    rows = db.session.execute(
        select(Stay.site_id, StayBed.from_day, StayBed.until_day)
        .join(StayBed, StayBed.stay_id == Stay.id)
        .where(Stay.state != "undone", StayBed.from_day < end)
        .where(or_(StayBed.until_day.is_(None), StayBed.until_day > quarter.first))
    )
    nights: Counter[str] = Counter()
    for site, first, until in rows:
        nights[site.hex()] += (min(until or end, end) - max(first, quarter.first)).days
    return nights
