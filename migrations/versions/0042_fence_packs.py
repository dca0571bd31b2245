"""The folded words of notes stand behind the same fence as the notes.

No column changes and no row moves.
"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

WHO = "(SELECT coalesce(current_setting('shelter.who', true), ''))"
DENIED = f"SELECT client_id FROM denial WHERE encode(staff_id, 'hex') = {WHO}"
MAY = f"{WHO} = 'machine' OR ({WHO} <> '' AND client_id NOT IN ({DENIED}))"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE note_pack ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY fence ON note_pack USING ({MAY}) WITH CHECK ({MAY})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP POLICY fence ON note_pack")
        op.execute("ALTER TABLE note_pack DISABLE ROW LEVEL SECURITY")
