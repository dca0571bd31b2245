"""Off a list, and still to be taken back for a while: who waited, whom not to admit.

Two empty columns; rows that stand on a list stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = ("waiting", "ban")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
            batch_op.add_column(sa.Column("gone_by", sa.LargeBinary(length=16), nullable=True))


def downgrade() -> None:
    """What is off a list goes for good: a list without this cannot hide it."""
    for table in TABLES:
        op.execute(sa.text(f"DELETE FROM {table} WHERE gone_at IS NOT NULL"))
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("gone_by")
            batch_op.drop_column("gone_at")
