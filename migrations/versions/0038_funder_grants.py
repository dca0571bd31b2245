"""Grants whose funders ask for rows of clients, each with a key of its own.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "funder_grant",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("grant", sa.LargeBinary(), nullable=True),
        sa.Column("grant_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_grant")),
    )


def downgrade() -> None:
    op.drop_table("funder_grant")
