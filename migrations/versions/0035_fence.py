"""On PostgreSQL, rows about a client whom the person at work is denied are not there for her.

No column changes and no row moves. A role that owns the tables, as the one that migrates does, is not held.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

FENCED = (
    "appointment",
    "assistance",
    "client_coded",
    "desk_facts",
    "disclosure",
    "enrollment",
    "episode",
    "extension",
    "file",
    "file_wish",
    "follow_up",
    "goal",
    "goal_earlier",
    "imported_rows",
    "kept_thing",
    "legal_file",
    "legal_shown",
    "legal_writing",
    "matter",
    "matter_earlier",
    "note",
    "paper",
    "paper_earlier",
    "paper_held",
    "plan",
    "referral",
    "release",
    "safety_earlier",
    "safety_plan",
    "service",
    "stay_answers",
    "stay_correction",
    "stay_exit",
)
# Each sub-select is worked out once for a statement and not once for a row.
WHO = "(SELECT coalesce(current_setting('shelter.who', true), ''))"
DENIED = f"SELECT client_id FROM denial WHERE encode(staff_id, 'hex') = {WHO}"
MAY = f"{WHO} = 'machine' OR ({WHO} <> '' AND (client_id IS NULL OR client_id NOT IN ({DENIED})))"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY fence ON {table} USING ({MAY}) WITH CHECK ({MAY})")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in FENCED:
        op.execute(f"DROP POLICY fence ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
