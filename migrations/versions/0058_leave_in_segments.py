"""Agreed leave of stays that ended is kept once more in segments; a stay names its own. Stays of one day have an index.

The version before packs nothing and reads every room; what it changes counts as not packed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None
_ROOM = sa.text("room IS NOT NULL")
_PACKED = sa.text("packed_in IS NOT NULL")
_EMPTY = sa.text("until_day = from_day")
_LOOSE = sa.text(
    "(room IS NOT NULL OR packed_in IS NOT NULL) AND (room IS NULL OR packed_in IS NULL"
    " OR state <> 'ended' OR packed_at <> room_version + days_version)"
)


def upgrade() -> None:
    op.add_column("stay", sa.Column("packed_in", sa.LargeBinary(length=16), nullable=True))
    op.add_column("stay", sa.Column("packed_at", sa.Integer(), nullable=True))
    op.create_index("ix_stay_loose", "stay", ["site_id"], sqlite_where=_LOOSE, postgresql_where=_LOOSE)
    packed = ["packed_in", "client_id"]
    op.create_index("ix_stay_packed", "stay", packed, sqlite_where=_PACKED, postgresql_where=_PACKED)
    op.create_index("ix_stay_bed_empty", "stay_bed", ["until_day"], sqlite_where=_EMPTY, postgresql_where=_EMPTY)
    op.drop_index("ix_stay_room", table_name="stay")


def downgrade() -> None:
    op.drop_index("ix_stay_bed_empty", table_name="stay_bed")
    op.create_index("ix_stay_room", "stay", ["site_id"], sqlite_where=_ROOM, postgresql_where=_ROOM)
    op.drop_index("ix_stay_packed", table_name="stay")
    op.drop_index("ix_stay_loose", table_name="stay")
    op.execute("DELETE FROM segment WHERE store = 'leave'")
    op.drop_column("stay", "packed_at")
    op.drop_column("stay", "packed_in")
