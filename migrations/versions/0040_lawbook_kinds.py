"""The lawbook keeps ways back to papers and pages on countries beside the rules of law.

What is there already are rules; going back forgets the other kinds, which nothing else points at.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("law_version") as table:
        table.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="rule"))
    with op.batch_alter_table("law_version") as table:
        table.alter_column("kind", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM law_version WHERE kind <> 'rule'")
    with op.batch_alter_table("law_version") as table:
        table.drop_column("kind")
