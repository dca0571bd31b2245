"""Numbers of funders' files that are asked about.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "funder_question",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("file_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("ck_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind in ('advocacy', 'legal')", name=op.f("ck_funder_question_kind")),
        sa.ForeignKeyConstraint(["file_id"], ["funder_file.id"], name=op.f("fk_funder_question_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_question")),
    )


def downgrade() -> None:
    op.drop_table("funder_question")
