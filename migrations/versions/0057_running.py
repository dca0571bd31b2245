"""Which processes run which version; nothing about a person. The version before neither reads nor writes it."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "running",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("version", sa.String(8), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_running")),
    )


def downgrade() -> None:
    op.drop_table("running")
