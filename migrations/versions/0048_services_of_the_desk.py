"""Services that the desk gives: their words in the compartment of the house.

Entries that are there were made by caseworkers and by legal staff, and stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("service") as batch_op:
        batch_op.add_column(sa.Column("shelter", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("shelter_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("service") as batch_op:
        batch_op.alter_column("shelter_version", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM service WHERE shelter IS NOT NULL")
    with op.batch_alter_table("service") as batch_op:
        batch_op.drop_column("shelter_version")
        batch_op.drop_column("shelter")
