"""Asks for a copy of a part of a record: of whom, by whom and until when in the clear, of what and why sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

WHO = "(SELECT coalesce(current_setting('shelter.who', true), ''))"
DENIED = f"SELECT client_id FROM denial WHERE encode(staff_id, 'hex') = {WHO}"
MAY = f"{WHO} = 'machine' OR ({WHO} <> '' AND client_id NOT IN ({DENIED}))"


def upgrade() -> None:
    op.create_table(
        "copy_ask",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(16), nullable=False),
        sa.Column("asker_id", sa.LargeBinary(16), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_away", sa.Boolean(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["staff.id"], name=op.f("fk_copy_ask_asker_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_ask")),
    )
    op.create_index("ix_copy_ask_client", "copy_ask", ["client_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE copy_ask ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY fence ON copy_ask USING ({MAY}) WITH CHECK ({MAY})")


def downgrade() -> None:
    op.drop_table("copy_ask")
