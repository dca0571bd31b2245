"""Asks that a client be restricted, until a steward has answered.

Nothing moves: who is restricted has compartments of her own, which the key store names already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restriction",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(16), nullable=False),
        sa.Column("wanted", sa.LargeBinary(), nullable=True),
        sa.Column("wanted_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_restriction_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
        sa.UniqueConstraint("client_id", name=op.f("uq_restriction_client_id")),
    )


def downgrade() -> None:
    op.drop_table("restriction")
