"""The month of an entry in a book of a house, so that old ones can go by the clock.

What is there already gets the month of this change: nobody can tell without a key when it was written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

BOOKS = ("hand_over", "door_entry", "incident")


def upgrade() -> None:
    for book in BOOKS:
        with op.batch_alter_table(book) as batch_op:
            batch_op.add_column(sa.Column("month", sa.Date(), nullable=True))


def downgrade() -> None:
    for book in BOOKS:
        with op.batch_alter_table(book) as batch_op:
            batch_op.drop_column("month")
