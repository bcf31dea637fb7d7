"""Who signs a change order: when one of them has left, the others sign it anew, and so it is not stuck."""

from django.db import migrations

from projects.guards import function

# Which terms a change order is read and signed on, and by whom: it rises with every change order of the contract
# that comes into force, with every date of its milestone that is moved, and with everybody who signs for a side and
# leaves while it waits. `act` is left out: what it does is not yet read.
VERSION = """
CREATE OR REPLACE FUNCTION version_of_change(which uuid, act uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT 1 + (SELECT count(*) FROM payments_changeinforce f
            WHERE f.project_id = c.project_id AND f.entry_id <> act)
        + (SELECT count(*) FROM milestones_reschedule r
            WHERE r.milestone_id = c.milestone_id AND r.entry_id <> act)
        + (SELECT count(*) FROM projects_party p JOIN projects_journalentry e ON e.id = p.entry_id
            WHERE p.project_id = c.project_id AND p.role IN ('homeowner', 'contractor') AND p.signs
            AND p.joined_at IS NOT NULL AND p.left_at IS NOT NULL AND p.entry_id <> act AND e.seq > told.seq)
    FROM payments_changeorder c JOIN projects_journalentry told ON told.id = c.entry_id WHERE c.id = which
$$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_dues")]

    operations = [function(VERSION, "version_of_change(uuid, uuid)")]
