"""Notes, signed once.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("amends", sa.LargeBinary(length=16), nullable=True),
        sa.Column("together", sa.LargeBinary(length=16), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["amends"], ["note.id"], name=op.f("fk_note_amends")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_note_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("client_id", "place", name=op.f("uq_note_client_id_place")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_amends", ["amends"], unique=False)
        batch_op.create_index("ix_note_together", ["together"], unique=False)


def downgrade() -> None:
    op.drop_table("note")
