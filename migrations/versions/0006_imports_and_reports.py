"""What an import kept, and what was released.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_file",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("content_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_file")),
    )
    op.create_table(
        "report_release",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("released", sa.LargeBinary(), nullable=True),
        sa.Column("released_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_release")),
        sa.UniqueConstraint("number", name=op.f("uq_report_release_number")),
    )
    op.create_table(
        "staged_row",
        sa.Column("row_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stage_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_staged_row")),
    )
    with op.batch_alter_table("staged_row", schema=None) as batch_op:
        batch_op.create_index("ix_staged_row_stage", ["stage_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("house", sa.LargeBinary(), nullable=True),
        sa.Column("house_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_project_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_table(
        "enrollment",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("project_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("enrolled", sa.LargeBinary(), nullable=True),
        sa.Column("enrolled_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_enrollment_client_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_enrollment_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
    )
    with op.batch_alter_table("enrollment", schema=None) as batch_op:
        batch_op.create_index("ix_enrollment_client", ["client_id"], unique=False)
        batch_op.create_index("ix_enrollment_project", ["project_id"], unique=False)
    op.create_table(
        "imported_rows",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("person_version", sa.Integer(), nullable=False),
        sa.Column("history", sa.LargeBinary(), nullable=True),
        sa.Column("history_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_imported_rows_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_rows")),
    )
    with op.batch_alter_table("imported_rows", schema=None) as batch_op:
        batch_op.create_index("ix_imported_rows_client", ["client_id"], unique=False)


def downgrade() -> None:
    op.drop_table("imported_rows")
    op.drop_table("enrollment")
    op.drop_table("project")
    op.drop_table("staged_row")
    op.drop_table("report_release")
    op.drop_table("imported_file")
