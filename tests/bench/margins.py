"""Seven unduplicated margins over facts about services, and the peers: PostgreSQL and polars over plaintext."""

from collections.abc import Sequence
from random import Random

import polars as pl
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from shelter.db.inbox import Coded
from shelter.policy.kinds import Kind
from shelter.reports.columns import Word
from shelter.reports.standing import Standing
from shelter.rules.services import service_book
from tests.support.postgres import Server

COLUMNS = ("site", "from", "service", "times", "minutes", "setting", "fund")
_FEW = {"times": (1, 2, 3), "minutes": (15, 30, 60), "setting": ("single", "group"), "fund": ("", "voca", "tvap")}


def drawn(count: int, sites: Sequence[bytes]) -> list[Coded]:
    """So many services, ten to a person, over eight quarters."""
    draw, services = Random(11), list(service_book().services)
    people = [draw.randbytes(16) for _ in range(max(1, count // 10))]
    return [_service(draw, draw.choice(people), services, sites) for _ in range(count)]


def _service(draw: Random, person: bytes, services: Sequence[str], sites: Sequence[bytes]) -> Coded:
    month = f"{draw.choice((2025, 2026))}-{draw.randrange(1, 13):02d}"
    values: dict[str, str | int] = {name: draw.choice(some) for name, some in _FEW.items()}
    values |= {"site": draw.choice(sites).hex(), "from": month, "until": month, "service": draw.choice(services)}
    return Coded(
        client=person,
        table="service",
        row=draw.randbytes(16),
        section="advocacy",
        origin=Kind.ADVOCACY,
        version=1,
        what="service",
        values=values,
    )


def counted(standing: Standing) -> list[dict[Word, int]]:
    """How many people stand in each category of each column, each once."""
    return [standing.unduplicated("service", name) for name in COLUMNS]


def in_polars(services: Sequence[Coded]) -> pl.DataFrame:
    rows = [{"person": one.client, **{name: one.values[name] for name in COLUMNS}} for one in services]
    return pl.DataFrame(rows)


def counted_by_polars(frame: pl.DataFrame) -> list[pl.DataFrame]:
    return [frame.group_by(name).agg(pl.col("person").n_unique()) for name in COLUMNS]


class Postgres:
    """The same services as a plain table, asked in three ways."""

    def __init__(self, server: Server, services: Sequence[Coded]) -> None:
        where = make_url(server.url)
        self.connection = psycopg.connect(
            host=str(where.query.get("host", where.host or "")),
            user=where.username,
            dbname=where.database,
            password=where.password,
            autocommit=True,
        )
        columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in COLUMNS)
        self.connection.execute("drop table if exists bench_services")
        self.connection.execute(sql.SQL("create table bench_services (person bytea, {})").format(columns))
        with self.connection.cursor().copy("copy bench_services from stdin") as copy:
            for one in services:
                copy.write_row((one.client, *(str(one.values[name]) for name in COLUMNS)))
        self.connection.execute("vacuum analyze bench_services")

    @property
    def backend(self) -> int:
        """The process id of the server's own process."""
        return self.connection.info.backend_pid

    def close(self) -> None:
        self.connection.close()

    def distinct(self) -> None:
        self._each("select {0}, count(distinct person) from bench_services group by {0}")

    def distinct_first(self) -> None:
        self._each("select {0}, count(*) from (select distinct person, {0} from bench_services) as one group by {0}")

    def sets(self) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        sets = sql.SQL(", ").join(sql.SQL("({})").format(sql.Identifier(name)) for name in COLUMNS)
        query = "select {0}, count(distinct person) from bench_services group by grouping sets ({1})"
        self.connection.execute(sql.SQL(query).format(names, sets)).fetchall()

    def _each(self, query: str) -> None:
        for name in COLUMNS:
            self.connection.execute(sql.SQL(query).format(sql.Identifier(name))).fetchall()  # type: ignore[arg-type]
