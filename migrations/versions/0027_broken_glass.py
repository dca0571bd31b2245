"""Records opened in an emergency, and their review.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "broken_glass",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("reason_version", sa.Integer(), nullable=False),
        sa.Column("review", sa.LargeBinary(), nullable=True),
        sa.Column("review_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reviewed_by is null or reviewed_by <> staff_id", name=op.f("ck_broken_glass_two_people")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_broken_glass_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
    )
    with op.batch_alter_table("broken_glass", schema=None) as batch_op:
        batch_op.create_index("ix_broken_glass_staff", ["staff_id", "ends"], unique=False)


def downgrade() -> None:
    op.drop_table("broken_glass")
