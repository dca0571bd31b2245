"""How the days of stays were put right.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stay_correction",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stay_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("correction", sa.LargeBinary(), nullable=True),
        sa.Column("correction_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_stay_correction_client_id")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_correction_stay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_correction")),
    )
    op.create_index("ix_stay_correction_stay", "stay_correction", ["stay_id"])


def downgrade() -> None:
    op.drop_index("ix_stay_correction_stay", table_name="stay_correction")
    op.drop_table("stay_correction")
