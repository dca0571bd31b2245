"""Two states more of an account: on long leave, and coming back from it.

No row changes; the version before takes both for somebody who does not work here now, which is right.
"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

NOW = "state in ('invited', 'waiting', 'active', 'away', 'returning', 'left')"
BEFORE = "state in ('invited', 'waiting', 'active', 'left')"


def upgrade() -> None:
    _states(NOW)


def downgrade() -> None:
    op.execute("UPDATE staff SET state = 'left' WHERE state IN ('away', 'returning')")
    _states(BEFORE)


def _states(condition: str) -> None:
    with op.batch_alter_table("staff") as batch_op:
        batch_op.drop_constraint(op.f("ck_staff_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_staff_state"), condition)
