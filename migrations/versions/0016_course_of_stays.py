"""Who is expected, more time that was asked for, and the time after a stay.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = {"coming": ("site", "expected"), "extension": ("stay", "more_time"), "follow_up": ("stay", "afterwards")}
INDEXES = {"coming": "client", "extension": "stay", "follow_up": "client"}


def upgrade() -> None:
    for table, (of, section) in TABLES.items():
        op.create_table(
            table,
            sa.Column("id", sa.LargeBinary(length=16), nullable=False),
            sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
            sa.Column(f"{of}_id", sa.LargeBinary(length=16), nullable=False),
            sa.Column(section, sa.LargeBinary(), nullable=True),
            sa.Column(f"{section}_version", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f(f"fk_{table}_client_id")),
            sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}.id"], name=op.f(f"fk_{table}_{of}_id")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_{INDEXES[table]}", table, [f"{INDEXES[table]}_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_index(f"ix_{table}_{INDEXES[table]}", table_name=table)
        op.drop_table(table)
