"""The month of a request that was turned away, so that old ones can go by the clock.

What is there already gets the month of this change: nobody can tell without a key when it was written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("turned_away") as batch_op:
        batch_op.add_column(sa.Column("month", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("turned_away") as batch_op:
        batch_op.drop_column("month")
