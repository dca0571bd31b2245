"""Requests that could not be met are counted by house, so that a page of them is found without opening all.

Those that are there get their numbers in the order in which the database keeps them, which is about that of writing.
The column keeps its default: a host with the version before goes on writing, and knows no number.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("turned_away") as batch_op:
        batch_op.add_column(sa.Column("no", sa.Integer(), nullable=False, server_default="0"))
    place = "ctid" if op.get_bind().dialect.name == "postgresql" else "rowid"
    op.execute(
        "UPDATE turned_away SET no = counted.no FROM "
        f"(SELECT id, row_number() OVER (PARTITION BY site_id ORDER BY {place}) AS no FROM turned_away) AS counted "
        "WHERE counted.id = turned_away.id"
    )
    with op.batch_alter_table("turned_away") as batch_op:
        batch_op.drop_index("ix_turned_away_site")
        batch_op.create_index("ix_turned_away_site", ["site_id", "no"])


def downgrade() -> None:
    with op.batch_alter_table("turned_away") as batch_op:
        batch_op.drop_index("ix_turned_away_site")
        batch_op.create_index("ix_turned_away_site", ["site_id"])
        batch_op.drop_column("no")
