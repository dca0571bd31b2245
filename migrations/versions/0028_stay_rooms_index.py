"""Stays with something in their room are found without reading all others.

Only an index; no row changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_stay_room",
        "stay",
        ["site_id"],
        sqlite_where=sa.text("room IS NOT NULL"),
        postgresql_where=sa.text("room IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_stay_room", table_name="stay")
