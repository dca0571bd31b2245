"""Who stays now is found by an index of the stays that are open, which are few, whatever the years behind them."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None
_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_index("ix_stay_open", "stay", ["client_id"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_index("ix_stay_open", table_name="stay")
