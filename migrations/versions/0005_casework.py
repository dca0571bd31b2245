"""Plans, legal matters, papers and files.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_file_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_index("ix_file_client", ["client_id"], unique=False)
    op.create_table(
        "goal",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_goal_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index("ix_goal_client", ["client_id"], unique=False)
    op.create_table(
        "matter",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("papers", sa.LargeBinary(), nullable=True),
        sa.Column("papers_version", sa.Integer(), nullable=False),
        sa.Column("dates", sa.LargeBinary(), nullable=True),
        sa.Column("dates_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_matter_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index("ix_matter_client", ["client_id"], unique=False)
    op.create_table(
        "paper",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("recovery", sa.LargeBinary(), nullable=True),
        sa.Column("recovery_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_paper_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index("ix_paper_client", ["client_id"], unique=False)
    op.create_table(
        "goal_earlier",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("goal_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("was_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_earlier_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_earlier")),
    )
    with op.batch_alter_table("goal_earlier", schema=None) as batch_op:
        batch_op.create_index("ix_goal_earlier_goal", ["goal_id"], unique=False)
    op.create_table(
        "matter_earlier",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("matter_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("was_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_earlier_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_earlier")),
    )
    with op.batch_alter_table("matter_earlier", schema=None) as batch_op:
        batch_op.create_index("ix_matter_earlier_matter", ["matter_id"], unique=False)
    op.create_table(
        "paper_earlier",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("paper_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("was_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_earlier_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_earlier")),
    )
    with op.batch_alter_table("paper_earlier", schema=None) as batch_op:
        batch_op.create_index("ix_paper_earlier_paper", ["paper_id"], unique=False)


def downgrade() -> None:
    op.drop_table("paper_earlier")
    op.drop_table("matter_earlier")
    op.drop_table("goal_earlier")
    op.drop_table("paper")
    op.drop_table("matter")
    op.drop_table("goal")
    op.drop_table("file")
