"""What people ask about their own file.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_wish",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=True),
        sa.Column("wish_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_file_wish_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_wish")),
    )
    op.create_index("ix_file_wish_client", "file_wish", ["client_id"], unique=False)


def downgrade() -> None:
    op.drop_table("file_wish")
