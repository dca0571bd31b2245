"""Packed words of notes, for a search inside one file.

The table is new; older notes are packed when the next hundred is full.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_pack",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("words_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_note_pack_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_pack")),
    )
    op.create_index("ix_note_pack_client", "note_pack", ["client_id"], unique=False)


def downgrade() -> None:
    op.drop_table("note_pack")
