"""The numbers that an agency sets for itself.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "limit_setting",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_limit_setting")),
    )


def downgrade() -> None:
    op.drop_table("limit_setting")
