"""What a site settles about its beds.

The table is new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "house_rules",
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("stay_limit", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("hold_minutes between 5 and 1440", name=op.f("ck_house_rules_hold")),
        sa.CheckConstraint("stay_limit is null or stay_limit between 1 and 3650", name=op.f("ck_house_rules_limit")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_house_rules_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_house_rules")),
    )


def downgrade() -> None:
    op.drop_table("house_rules")
