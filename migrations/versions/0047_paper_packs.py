"""Papers in short, one pack a client, for the lists of papers that wait; fenced as the papers are.

The table is new; packs of older papers are made by whoever holds the key and is here next.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

WHO = "(SELECT coalesce(current_setting('shelter.who', true), ''))"
DENIED = f"SELECT client_id FROM denial WHERE encode(staff_id, 'hex') = {WHO}"
MAY = f"{WHO} = 'machine' OR ({WHO} <> '' AND client_id NOT IN ({DENIED}))"


def upgrade() -> None:
    op.create_table(
        "paper_pack",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("short", sa.LargeBinary(), nullable=True),
        sa.Column("short_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_paper_pack_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_pack")),
        sa.UniqueConstraint("client_id", name=op.f("uq_paper_pack_client_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE paper_pack ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY fence ON paper_pack USING ({MAY}) WITH CHECK ({MAY})")


def downgrade() -> None:
    op.drop_table("paper_pack")
