"""Spreadsheets on their way in: what waits, what was made of it for a week, and how columns were matched.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _sealed() -> list[sa.Column[object]]:
    return [
        sa.Column("advocacy", sa.LargeBinary(), nullable=True),
        sa.Column("advocacy_version", sa.Integer(), nullable=False),
        sa.Column("legal", sa.LargeBinary(), nullable=True),
        sa.Column("legal_version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "sheet_import",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        *_sealed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_import")),
    )
    op.create_table(
        "sheet_rows",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("import_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        *_sealed(),
        sa.ForeignKeyConstraint(["import_id"], ["sheet_import.id"], name=op.f("fk_sheet_rows_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_rows")),
    )
    op.create_index("ix_sheet_rows_import", "sheet_rows", ["import_id", "sheet", "place"])
    op.create_table(
        "sheet_match",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        *_sealed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_match")),
    )


def downgrade() -> None:
    op.drop_table("sheet_match")
    op.drop_index("ix_sheet_rows_import", table_name="sheet_rows")
    op.drop_table("sheet_rows")
    op.drop_table("sheet_import")
