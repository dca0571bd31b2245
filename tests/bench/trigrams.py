"""The peer of the name search: PostgreSQL's pg_trgm over plaintext names, with whichever of its indexes is faster."""

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.bench.names import Asked, plain
from tests.support.postgres import Server

MOST = 20
INDEXES = {
    "gin": ("gin(name gin_trgm_ops)", "order by similarity(name, %(words)s) desc"),
    "gist": ("gist(name gist_trgm_ops(siglen=128))", "order by name <-> %(words)s"),
}


class Trigrams:
    """Names in a table of their own for each index: one row a name, without accents, warm in the cache."""

    def __init__(self, server: Server, people: list[tuple[str, ...]], sample: list[Asked]) -> None:
        where = make_url(server.url)
        self.connection = psycopg.connect(
            host=str(where.query.get("host", where.host or "")),
            user=where.username,
            dbname=where.database,
            password=where.password,
            autocommit=True,
        )
        self._need()
        for kind in INDEXES:
            self._lay_down(kind, people)
        self.index = min(INDEXES, key=lambda kind: self._cost(kind, sample))

    @property
    def backend(self) -> int:
        """The process id of the server's own process."""
        return self.connection.info.backend_pid

    def _need(self) -> None:
        query = "select count(*) from pg_available_extensions where name = 'pg_trgm'"
        row = self.connection.execute(query).fetchone()
        if not row or not row[0]:
            pytest.skip("this PostgreSQL comes without pg_trgm; Debian's has it")
        self.connection.execute("create extension if not exists pg_trgm")

    def _lay_down(self, kind: str, people: list[tuple[str, ...]]) -> None:
        table, index = sql.Identifier(f"bench_names_{kind}"), sql.SQL(INDEXES[kind][0])
        self.connection.execute(sql.SQL("drop table if exists {}").format(table))
        self.connection.execute(sql.SQL("create table {} (id int, name text)").format(table))
        with self.connection.cursor().copy(sql.SQL("copy {} from stdin").format(table)) as copy:
            for place, names in enumerate(people):
                for name in names:
                    copy.write_row((place, plain(name)))
        self.connection.execute(sql.SQL("create index on {} using {}").format(table, index))
        self.connection.execute(sql.SQL("vacuum analyze {}").format(table))

    def _cost(self, kind: str, sample: list[Asked]) -> float:
        total = 0.0
        for asked in sample:
            plan = sql.SQL("explain (analyze, format json) ") + self._query(kind)
            row = self.connection.execute(plan, {"words": plain(asked.words), "most": MOST}).fetchone()
            total += row[0][0]["Execution Time"] if row else 0.0
        return total

    def _query(self, kind: str) -> sql.Composed:
        text = "select id from {} where name %% %(words)s " + INDEXES[kind][1] + " limit %(most)s"
        return sql.SQL(text).format(sql.Identifier(f"bench_names_{kind}"))

    def __call__(self, words: str) -> list[int]:
        found = self.connection.execute(self._query(self.index), {"words": plain(words), "most": MOST}, prepare=True)
        return [row[0] for row in found]

    def close(self) -> None:
        for kind in INDEXES:
            self.connection.execute(sql.SQL("drop table {}").format(sql.Identifier(f"bench_names_{kind}")))
        self.connection.close()
