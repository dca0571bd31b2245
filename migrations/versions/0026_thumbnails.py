"""Small pictures of files, sealed beside what is known about each.

Files that are there already show none; a newer one of the same brings it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thumb", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("thumb_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.alter_column("thumb_version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.drop_column("thumb_version")
        batch_op.drop_column("thumb")
