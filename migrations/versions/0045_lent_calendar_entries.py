"""Until when an entry of somebody else's date lies in a calendar.

What is there already stays as it is, shown only while she works for the person, as until now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calendar_entry") as batch_op:
        batch_op.add_column(sa.Column("ends", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("calendar_entry") as batch_op:
        batch_op.drop_column("ends")
