"""Who signed the agreement, decided and paid, judged at the moment of the act.

A part counts from its joining to its end. It counts as confirmed from when no later entry confirmed it.
"""

from uuid import UUID

from .questions import Question, ask, of, within
from .report import Report

# A part {p} that was there at the moment of an entry {e}, signing and confirmed.
SIGNING = """
    {p}.signs AND {p}.confirmed AND {p}.joined_at <= {e}.at AND ({p}.left_at IS NULL OR {p}.left_at >= {e}.at)
    AND NOT EXISTS (SELECT 1 FROM projects_journalentry later WHERE later.project_id = {e}.project_id
        AND later.kind = 'party_confirmed' AND later.seq > {e}.seq
        AND position(convert_to('projects_party/' || {p}.id, 'UTF8') IN later.body) > 0)
"""

# Every active project, with the entry of the signature that made it so.
ACTIVATED = f"""
    SELECT c.*, e.seq, e.at FROM projects_project c CROSS JOIN LATERAL (
        SELECT e.seq, e.at FROM projects_agreementsignature s
        JOIN projects_journalentry e ON e.id = s.entry_id
        WHERE s.project_id = c.id AND s.version = c.version ORDER BY e.seq DESC LIMIT 1) e
    WHERE c.state <> 'draft' AND {within("c.id")}
"""

UNSIGNED = f"""
SELECT c.id, NULL, 'projects_project/' || c.id FROM projects_project c
LEFT JOIN projects_agreementsignature s ON s.project_id = c.id AND s.version = c.version
LEFT JOIN projects_party p ON p.id = s.party_id AND p.role IN ('homeowner', 'contractor')
WHERE c.state <> 'draft' AND {within("c.id")}
GROUP BY c.id HAVING count(DISTINCT p.role) < 2 OR count(DISTINCT s.terms_hash) <> 1
"""

UNSIGNED_BY_ONE = f"""
SELECT c.id, c.seq, 'projects_party/' || p.id FROM ({ACTIVATED}) c
JOIN projects_party p ON p.project_id = c.id AND p.role IN ('homeowner', 'contractor')
WHERE p.signs AND p.joined_at <= c.at AND (p.left_at IS NULL OR p.left_at > c.at)
AND NOT EXISTS (SELECT 1 FROM projects_agreementsignature s WHERE s.party_id = p.id AND s.version = c.version)
"""

SIGNED_BY_ANOTHER = f"""
SELECT s.project_id, e.seq, 'projects_agreementsignature/' || s.id FROM projects_agreementsignature s
LEFT JOIN projects_journalentry e ON e.id = s.entry_id
LEFT JOIN projects_party p ON p.id = s.party_id
WHERE {within("s.project_id")} AND (p.project_id = s.project_id AND p.role IN ('homeowner', 'contractor')
    AND p.user_id = e.actor_id AND {SIGNING.format(p="p", e="e")}) IS NOT TRUE
"""

DECIDED_BY_ANOTHER = f"""
SELECT d.project_id, e.seq, 'milestones_decision/' || d.id FROM milestones_decision d
LEFT JOIN projects_journalentry e ON e.id = d.entry_id
LEFT JOIN milestones_submission s ON s.id = d.submission_id
LEFT JOIN milestones_milestone m ON m.id = s.milestone_id
LEFT JOIN projects_party p ON p.id = d.party_id
WHERE {within("d.project_id")} AND (p.project_id = d.project_id AND m.project_id = d.project_id
    AND p.role = d.role AND p.user_id = e.actor_id AND d.role = ANY (m.signers)
    AND d.version = s.version AND d.shown_hash = s.shown_hash AND {SIGNING.format(p="p", e="e")}) IS NOT TRUE
"""

# The round that closed a milestone: its last, of its version, not taken back.
ROUND = """
    SELECT m.*, e.seq, signed.at, s.id AS submission_id, s.version AS submitted_version,
        EXISTS (SELECT 1 FROM milestones_withdrawal w WHERE w.submission_id = s.id) AS withdrawn
    FROM milestones_milestone m LEFT JOIN projects_journalentry e ON e.id = m.entry_id
    LEFT JOIN milestones_signoff o ON o.milestone_id = m.id
    LEFT JOIN projects_journalentry signed ON signed.id = o.entry_id
    LEFT JOIN milestones_submission s ON s.milestone_id = m.id AND s.round = m.round AND s.version = m.version
    WHERE m.state = 'signed_off' AND {of_project}
"""

UNAPPROVED = f"""
SELECT m.project_id, m.seq, 'milestones_milestone/' || m.id
FROM ({ROUND.format(of_project=within("m.project_id"))}) m
WHERE m.submission_id IS NULL OR m.withdrawn OR cardinality(m.signers) = 0
OR EXISTS (SELECT 1 FROM milestones_decision d WHERE d.submission_id = m.submission_id AND NOT d.approves)
OR EXISTS (SELECT 1 FROM unnest(m.signers) AS r(role) WHERE NOT EXISTS (
    SELECT 1 FROM milestones_decision d JOIN projects_journalentry e ON e.id = d.entry_id
    WHERE d.submission_id = m.submission_id AND d.role = r.role AND d.approves AND e.seq <= m.seq))
OR (SELECT count(DISTINCT p.user_id) <> count(*) FROM milestones_decision d
    JOIN projects_party p ON p.id = d.party_id WHERE d.submission_id = m.submission_id)
"""

NOT_BY_ALL = f"""
SELECT m.project_id, m.seq, 'projects_party/' || p.id
FROM ({ROUND.format(of_project=within("m.project_id"))}) m
JOIN projects_project c ON c.id = m.project_id AND c.policy ->> 'homeowner_signers' = 'all'
JOIN projects_party p ON p.project_id = c.id AND p.role = 'homeowner' AND p.signs
    AND p.joined_at <= m.at AND (p.left_at IS NULL OR p.left_at > m.at)
WHERE 'homeowner' = ANY (m.signers) AND NOT EXISTS (SELECT 1 FROM milestones_decision d
    WHERE d.submission_id = m.submission_id AND d.party_id = p.id AND d.approves)
"""

PAID_BY_ANOTHER = f"""
SELECT y.project_id, e.seq, 'payments_payment/' || y.id FROM payments_payment y
LEFT JOIN projects_journalentry e ON e.id = y.entry_id
WHERE {within("y.project_id")} AND NOT EXISTS (SELECT 1 FROM projects_party p
    WHERE p.project_id = y.project_id AND p.user_id = e.actor_id AND p.role = y.by_role
    AND p.role IN ('homeowner', 'contractor') AND p.joined_at <= e.at
    AND (p.left_at IS NULL OR p.left_at >= e.at)
    AND (y.kind = 'record' OR (p.role = 'homeowner' AND {SIGNING.format(p="p", e="e")})))
"""

# Only the side that told of a payment takes it back; alone until its receipt was known to both.
TAKEN_BACK_BY_ANOTHER = f"""
SELECT r.project_id, e.seq, 'payments_reversal/' || r.id FROM payments_reversal r
LEFT JOIN projects_journalentry e ON e.id = r.entry_id
LEFT JOIN payments_payment y ON y.id = r.payment_id
LEFT JOIN payments_confirmation k ON k.payment_id = y.id
LEFT JOIN projects_journalentry ke ON ke.id = k.entry_id
WHERE {within("r.project_id")} AND (
    r.needs_consent IS DISTINCT FROM (y.by_role = 'contractor' OR coalesce(ke.seq < e.seq, false))
    OR NOT EXISTS (SELECT 1 FROM projects_party p WHERE p.project_id = r.project_id
        AND p.user_id = e.actor_id AND p.role = y.by_role))
"""

CONSENTED_BY_ANOTHER = f"""
SELECT a.project_id, e.seq, 'payments_reversalanswer/' || a.id FROM payments_reversalanswer a
LEFT JOIN projects_journalentry e ON e.id = a.entry_id
LEFT JOIN payments_reversal r ON r.id = a.reversal_id
LEFT JOIN payments_payment y ON y.id = r.payment_id
WHERE {within("a.project_id")} AND a.consents AND NOT EXISTS (SELECT 1 FROM projects_party p
    WHERE p.project_id = a.project_id AND p.user_id = e.actor_id AND r.needs_consent
    AND p.role IN ('homeowner', 'contractor') AND p.role <> y.by_role AND {SIGNING.format(p="p", e="e")})
"""

# Who signs for a milestone, or for the homeowners, judges its repairs; everybody finds in their own role.
JUDGED_BY_ANOTHER = f"""
SELECT v.project_id, e.seq, 'milestones_defectevent/' || v.id FROM milestones_defectevent v
LEFT JOIN projects_journalentry e ON e.id = v.entry_id
LEFT JOIN milestones_defect d ON d.id = v.defect_id
LEFT JOIN milestones_milestone m ON m.id = d.milestone_id
WHERE {within("v.project_id")} AND NOT EXISTS (SELECT 1 FROM projects_party p
    WHERE p.project_id = v.project_id AND p.user_id = e.actor_id AND p.joined_at <= e.at
    AND (p.left_at IS NULL OR p.left_at >= e.at) AND CASE v.kind WHEN 'fixed' THEN p.role = 'contractor'
        WHEN 'settled' THEN p.role IN ('homeowner', 'contractor') AND {SIGNING.format(p="p", e="e")}
        ELSE (p.role = 'homeowner' OR p.role = ANY (m.signers)) AND {SIGNING.format(p="p", e="e")} END)
"""

FOUND_BY_ANOTHER = f"""
SELECT f.project_id, e.seq, f.about FROM (
    SELECT project_id, entry_id, role, 'milestones_inspection/' || id AS about FROM milestones_inspection
    UNION ALL
    SELECT project_id, entry_id, role, 'milestones_estimate/' || id FROM milestones_estimate) f
LEFT JOIN projects_journalentry e ON e.id = f.entry_id
WHERE {within("f.project_id")} AND NOT EXISTS (SELECT 1 FROM projects_party p
    WHERE p.project_id = f.project_id AND p.user_id = e.actor_id AND p.role = f.role AND p.joined_at <= e.at
    AND (p.left_at IS NULL OR p.left_at >= e.at))
"""

ADVANCE_ASKED_BY_ANOTHER = f"""
SELECT a.project_id, e.seq, 'payments_advance/' || a.id FROM payments_advance a
LEFT JOIN projects_journalentry e ON e.id = a.entry_id
WHERE {within("a.project_id")} AND NOT EXISTS (SELECT 1 FROM projects_party p
    WHERE p.project_id = a.project_id AND p.user_id = e.actor_id AND p.role = 'contractor'
    AND p.joined_at <= e.at AND (p.left_at IS NULL OR p.left_at >= e.at))
"""

# Opened, approved or declined by a homeowner who signed then, in person.
ADVANCE_ANSWERED_BY_ANOTHER = f"""
SELECT r.project_id, e.seq, r.about FROM (
    SELECT id, project_id, party_id, entry_id, 'payments_advanceopening/' || id AS about
        FROM payments_advanceopening
    UNION ALL
    SELECT id, project_id, party_id, entry_id, 'payments_advanceapproval/' || id FROM payments_advanceapproval
    UNION ALL
    SELECT id, project_id, party_id, entry_id, 'payments_advancedecline/' || id FROM payments_advancedecline
) r
LEFT JOIN projects_journalentry e ON e.id = r.entry_id
LEFT JOIN projects_party p ON p.id = r.party_id
WHERE {within("r.project_id")} AND (p.project_id = r.project_id AND p.role = 'homeowner'
    AND p.user_id = e.actor_id AND {SIGNING.format(p="p", e="e")}) IS NOT TRUE
"""

# Approved less than the policy's hours after a homeowner who signed then had opened it, or after seven days.
ADVANCE_APPROVED_IN_HASTE = f"""
SELECT y.project_id, e.seq, 'payments_advanceapproval/' || y.id FROM payments_advanceapproval y
JOIN projects_project c ON c.id = y.project_id
LEFT JOIN projects_journalentry e ON e.id = y.entry_id
LEFT JOIN payments_advance a ON a.id = y.advance_id
LEFT JOIN projects_journalentry asked ON asked.id = a.entry_id
WHERE {within("y.project_id")} AND (y.amount <= a.amount AND e.at < asked.at + interval '168 hours'
    AND NOT EXISTS (SELECT 1 FROM projects_party p
        WHERE p.project_id = y.project_id AND p.role = 'homeowner' AND {SIGNING.format(p="p", e="e")}
        AND NOT EXISTS (SELECT 1 FROM payments_advanceopening o
            JOIN projects_journalentry opened ON opened.id = o.entry_id
            WHERE o.advance_id = y.advance_id AND o.party_id = p.id AND e.at >= opened.at + interval '1 hour'
                * coalesce((c.policy ->> 'cooling_off_hours')::numeric, 48)::double precision))) IS NOT TRUE
"""

# Paid under terms that every homeowner who signed then had approved and one of them completed, unended, up to
# their amount and against its milestone; and the contract had not changed since.
ADVANCE_UNAPPROVED = f"""
SELECT y.project_id, e.seq, 'payments_payment/' || y.id FROM payments_payment y
LEFT JOIN projects_journalentry e ON e.id = y.entry_id
LEFT JOIN payments_advance a ON a.id = y.advance_id
LEFT JOIN LATERAL (SELECT p.version, p.amount, pe.seq FROM payments_advanceapproval p
    JOIN projects_journalentry pe ON pe.id = p.entry_id
    WHERE p.advance_id = a.id AND pe.seq < e.seq ORDER BY pe.seq DESC LIMIT 1) terms ON true
WHERE {within("y.project_id")} AND y.kind = 'advance' AND (y.amount <= terms.amount
    AND y.amount = (SELECT sum(k.amount) FROM payments_allocation k WHERE k.payment_id = y.id
        AND k.entry_id = y.entry_id AND k.milestone_id = a.milestone_id)
    AND EXISTS (SELECT 1 FROM payments_advanceapproval p
        WHERE p.advance_id = a.id AND p.version = terms.version AND p.completes)
    AND NOT EXISTS (SELECT 1 FROM payments_advancedecline d WHERE d.advance_id = a.id)
    AND NOT EXISTS (SELECT 1 FROM payments_advancewithdrawal w WHERE w.advance_id = a.id)
    AND NOT EXISTS (SELECT 1 FROM payments_changeinforce f JOIN payments_changeorder c ON c.id = f.change_id
        JOIN projects_journalentry fe ON fe.id = f.entry_id
        WHERE f.project_id = y.project_id AND fe.seq > terms.seq AND fe.seq < e.seq
        AND (c.amount <> 0 OR f.milestone_id = a.milestone_id))
    AND NOT EXISTS (SELECT 1 FROM projects_party p
        WHERE p.project_id = y.project_id AND p.role = 'homeowner' AND {SIGNING.format(p="p", e="e")}
        AND NOT EXISTS (SELECT 1 FROM payments_advanceapproval v JOIN projects_journalentry ve
            ON ve.id = v.entry_id WHERE v.advance_id = a.id AND v.version = terms.version
            AND v.party_id = p.id AND ve.seq < e.seq))) IS NOT TRUE
"""

# Asked while an earlier one was neither declined nor taken back, its milestone unsigned, and it was paid and
# not reversed whole, or younger than seven days. (One approved and never paid is not looked at here.)
ADVANCE_BESIDE_ANOTHER = f"""
SELECT b.project_id, be.seq, 'payments_advance/' || b.id FROM payments_advance b
JOIN projects_journalentry be ON be.id = b.entry_id
JOIN payments_advance a ON a.project_id = b.project_id AND a.id <> b.id
JOIN projects_journalentry ae ON ae.id = a.entry_id AND ae.seq <= be.seq
JOIN milestones_milestone m ON m.id = a.milestone_id
LEFT JOIN milestones_signoff o ON o.milestone_id = m.id
LEFT JOIN projects_journalentry me ON me.id = o.entry_id
LEFT JOIN payments_payment y ON y.advance_id = a.id
LEFT JOIN projects_journalentry ye ON ye.id = y.entry_id
WHERE {within("b.project_id")} AND (me.seq < be.seq) IS NOT TRUE
AND NOT EXISTS (SELECT 1 FROM payments_advancedecline d JOIN projects_journalentry e ON e.id = d.entry_id
    WHERE d.advance_id = a.id AND e.seq < be.seq)
AND NOT EXISTS (SELECT 1 FROM payments_advancewithdrawal w JOIN projects_journalentry e ON e.id = w.entry_id
    WHERE w.advance_id = a.id AND e.seq < be.seq)
AND CASE WHEN ye.seq < be.seq THEN y.amount > (
        SELECT coalesce(sum(r.amount), 0) FROM payments_reversal r
        JOIN projects_journalentry re ON re.id = r.entry_id
        LEFT JOIN payments_reversalanswer s ON s.reversal_id = r.id
        LEFT JOIN projects_journalentry se ON se.id = s.entry_id
        WHERE r.payment_id = y.id AND CASE WHEN r.needs_consent
            THEN s.consents AND se.seq < be.seq ELSE re.seq < be.seq END)
    ELSE be.at < ae.at + interval '168 hours' END
"""

QUESTIONS = [
    Question("active_unsigned", UNSIGNED),
    Question("active_unsigned_by", UNSIGNED_BY_ONE),
    Question("signed_by_another", SIGNED_BY_ANOTHER),
    Question("decided_by_another", DECIDED_BY_ANOTHER),
    Question("signed_off_unapproved", UNAPPROVED),
    Question("signed_off_not_by_all", NOT_BY_ALL),
    Question("judged_by_another", JUDGED_BY_ANOTHER),
    Question("found_by_another", FOUND_BY_ANOTHER),
    Question("paid_by_another", PAID_BY_ANOTHER),
    Question("taken_back_by_another", TAKEN_BACK_BY_ANOTHER),
    Question("consented_by_another", CONSENTED_BY_ANOTHER),
    Question("advance_asked_by_another", ADVANCE_ASKED_BY_ANOTHER),
    Question("advance_answered_by_another", ADVANCE_ANSWERED_BY_ANOTHER),
    Question("advance_approved_in_haste", ADVANCE_APPROVED_IN_HASTE),
    Question("advance_unapproved", ADVANCE_UNAPPROVED),
    Question("advance_beside_another", ADVANCE_BESIDE_ANOTHER),
]


def signatures(report: Report, project: UUID | None) -> None:
    """Whoever signed, decided, paid or consented was a party in that role at that moment, and acted."""
    ask(report, "signatures", QUESTIONS, of(project))
