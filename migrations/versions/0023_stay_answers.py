"""HMIS answers of stays.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stay_answers",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stay_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("answers_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_stay_answers_client_id")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_answers_stay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_answers")),
    )
    op.create_index("ix_stay_answers_client", "stay_answers", ["client_id"])
    op.create_index("ix_stay_answers_stay", "stay_answers", ["stay_id"])


def downgrade() -> None:
    op.drop_index("ix_stay_answers_stay", table_name="stay_answers")
    op.drop_index("ix_stay_answers_client", table_name="stay_answers")
    op.drop_table("stay_answers")
