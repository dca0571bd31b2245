"""The agency's own versions of its list of services and of its funds.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_list_version")),
    )
    op.create_index("ix_list_version_code", "list_version", ["kind", "code"])


def downgrade() -> None:
    op.drop_index("ix_list_version_code", table_name="list_version")
    op.drop_table("list_version")
