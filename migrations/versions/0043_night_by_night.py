"""Whether HMIS counts a house night by night.

Houses that have settled something are counted by entry and exit, as until now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("house_rules") as batch_op:
        batch_op.add_column(sa.Column("night_by_night", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("house_rules") as batch_op:
        batch_op.alter_column("night_by_night", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("house_rules") as batch_op:
        batch_op.drop_column("night_by_night")
