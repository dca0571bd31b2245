"""The ledger of originals that an agency keeps.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_held",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("paper_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=True),
        sa.Column("line_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_held_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_held")),
        sa.UniqueConstraint("paper_id", "number", name="uq_paper_held_number"),
    )


def downgrade() -> None:
    op.drop_table("paper_held")
