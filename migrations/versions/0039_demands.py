"""Demands with the people they are about, and breaches with the people they concern.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _register("demand", "about", "counsel")
    _people("demand")
    _register("breach", "about")
    _people("breach")


def _register(name: str, *sections: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        *(column for section in sections for column in _sealed(section)),
        sa.CheckConstraint("state in ('open', 'closed')", name=op.f(f"ck_{name}_state")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _people(name: str) -> None:
    table = f"{name}_person"
    op.create_table(
        table,
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column(f"{name}_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        *_sealed("part"),
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_{table}_{name}_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f(f"fk_{table}_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(f"{name}_id", "client_id", name=op.f(f"uq_{table}_{name}_id_client_id")),
    )
    op.create_index(f"ix_{table}_client", table, ["client_id"])


def _sealed(section: str) -> tuple[sa.Column[bytes], sa.Column[int]]:
    return (
        sa.Column(section, sa.LargeBinary(), nullable=True),
        sa.Column(f"{section}_version", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for name in ("breach_person", "breach", "demand_person", "demand"):
        op.drop_table(name)
