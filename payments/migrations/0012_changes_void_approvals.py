"""A change of the contract voids the approvals of an advance that is not paid yet (SPEC 7)."""

from django.db import migrations

# As before; and the terms are another version since a change of the contract total, or of the milestone, came into
# force after the last approval, so that everybody approves them anew.
BEFORE = """
CREATE OR REPLACE FUNCTION advance_before(which uuid, act uuid,
    OUT version integer, OUT amount numeric, OUT condition text, OUT state text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(terms.version, 1) + since.changes, coalesce(terms.amount, a.amount),
        coalesce(terms.condition, ''), CASE
            WHEN m.state = 'signed_off' OR e.terminated
                OR EXISTS (SELECT 1 FROM payments_advancedecline d WHERE d.advance_id = a.id AND d.entry_id <> act)
                OR EXISTS (SELECT 1 FROM payments_advancewithdrawal w
                    WHERE w.advance_id = a.id AND w.entry_id <> act) THEN 'closed'
            WHEN y.amount <= reversed_of(y.id) THEN 'closed'
            WHEN y.id IS NOT NULL THEN 'paid'
            WHEN since.changes = 0 AND EXISTS (SELECT 1 FROM payments_advanceapproval p WHERE p.advance_id = a.id
                    AND p.version = terms.version AND p.completes AND p.entry_id <> act)
                AND NOT EXISTS (SELECT 1 FROM advance_signers(a.project_id) signer
                    WHERE NOT EXISTS (SELECT 1 FROM payments_advanceapproval p WHERE p.advance_id = a.id
                        AND p.version = terms.version AND p.party_id = signer AND p.entry_id <> act))
                THEN 'approved'
            WHEN this.at >= asked.at + interval '168 hours' THEN 'closed'
            ELSE 'asked' END
    FROM payments_advance a
    JOIN projects_journalentry asked ON asked.id = a.entry_id
    JOIN projects_journalentry this ON this.id = act
    JOIN milestones_milestone m ON m.id = a.milestone_id
    JOIN payments_ending e ON e.project_id = a.project_id
    LEFT JOIN payments_payment y ON y.advance_id = a.id AND y.entry_id <> act
    LEFT JOIN LATERAL (SELECT p.version, p.amount, p.condition, e.seq FROM payments_advanceapproval p
        JOIN projects_journalentry e ON e.id = p.entry_id
        WHERE p.advance_id = a.id AND p.entry_id <> act ORDER BY e.seq DESC LIMIT 1) terms ON true
    CROSS JOIN LATERAL (SELECT count(*)::integer AS changes FROM payments_changeinforce f
        JOIN payments_changeorder c ON c.id = f.change_id
        JOIN projects_journalentry e ON e.id = f.entry_id
        WHERE f.project_id = a.project_id AND f.entry_id <> act AND e.seq > coalesce(terms.seq, asked.seq)
        AND (c.amount <> 0 OR f.milestone_id = a.milestone_id)) since
    WHERE a.id = which
$$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_settlements")]

    operations = [migrations.RunSQL(BEFORE)]
