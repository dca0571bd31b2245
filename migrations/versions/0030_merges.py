"""Two records of one person.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merge",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("gone_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kept_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["gone_id"], ["client.id"], name=op.f("fk_merge_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["client.id"], name=op.f("fk_merge_kept_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
        sa.UniqueConstraint("gone_id", name=op.f("uq_merge_gone_id")),
    )
    op.create_index("ix_merge_kept", "merge", ["kept_id"], unique=False)


def downgrade() -> None:
    op.drop_table("merge")
