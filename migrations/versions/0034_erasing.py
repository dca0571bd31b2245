"""Erasing: what was asked and done, holds against it, work owed to whoever holds a key, an end for closed referrals.

Referrals that were closed before get their end when `tick` next runs; no other row is touched.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('due', 'asked', 'agreed', 'done', 'dropped')", name=op.f("ck_erasure_state")),
        sa.CheckConstraint("scope in ('whole', 'narrative')", name=op.f("ck_erasure_scope")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_erasure_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_client", "erasure", ["client_id"])
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_legal_hold_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index("ix_legal_hold_client", "legal_hold", ["client_id", "ended"])
    op.create_table(
        "owed",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed")),
    )
    op.create_index("ix_owed_what", "owed", ["what"])
    with op.batch_alter_table("dropped_referral") as table:
        table.add_column(sa.Column("keep_until", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("dropped_referral") as table:
        table.drop_column("keep_until")
    op.drop_table("owed")
    op.drop_table("legal_hold")
    op.drop_table("erasure")
