"""Roll call: what was seen of a person on a night.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roll_mark",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=True),
        sa.Column("mark_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_roll_mark_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_mark")),
        sa.UniqueConstraint("client_id", "night", name=op.f("uq_roll_mark_client_id_night")),
    )


def downgrade() -> None:
    op.drop_table("roll_mark")
