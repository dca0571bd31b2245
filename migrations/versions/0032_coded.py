"""Coded answers of a client: what happened, and who she is as funders ask it.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_coded",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("happened", sa.LargeBinary(), nullable=True),
        sa.Column("happened_version", sa.Integer(), nullable=False),
        sa.Column("herself", sa.LargeBinary(), nullable=True),
        sa.Column("herself_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_coded_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_coded")),
        sa.UniqueConstraint("client_id", name=op.f("uq_client_coded_client_id")),
    )


def downgrade() -> None:
    op.drop_table("client_coded")
