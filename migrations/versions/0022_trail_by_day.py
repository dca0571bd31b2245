"""The trail is read by day: an index over its times, which stand in clear beside it anyway.

No row changes.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_trail_at", "trail", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_trail_at", table_name="trail")
