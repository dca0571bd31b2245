"""Exact files for funders, and their contents until they are handed over.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "funder_file",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'agreed', 'given', 'dropped')", name=op.f("ck_funder_file_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_file")),
    )
    op.create_table(
        "funder_content",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("file_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("content_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["funder_file.id"], name=op.f("fk_funder_content_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_content")),
        sa.UniqueConstraint("file_id", name=op.f("uq_funder_content_file_id")),
    )


def downgrade() -> None:
    op.drop_table("funder_content")
    op.drop_table("funder_file")
