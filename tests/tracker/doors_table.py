"""Every door of the house: what each visitor gets. See test_doors.py for how it is read and kept complete.

Columns: nobody signed in, Dana (a stranger), Eran (observer), Michal (engineer), Alon (contractor),
Noa (homeowner).
"""

VISITORS = ("nobody", "dana", "eran", "michal", "alon", "noa")

# Reading. 302 sends to sign in, or (for forms that the state has closed) back to what they are about.
READS = """
home                      302 200 200 200 200 200
waiting                   302 200 200 200 200 200
profile                   302 200 200 200 200 200
proof                     302 200 200 200 200 200
tokens                    302 200 200 200 200 200
sessions                  302 200 200 200 200 200
invitations               302 200 200 200 200 200
new_project               302 200 200 200 200 200
new_project_terms         302 200 200 200 200 200
project                   302 404 200 200 200 200
project_edit              302 404 403 403 200 200
agree                     302 404 403 403 302 302
people                    302 404 200 200 200 200
milestone_add             302 404 403 403 200 200
changes                   302 404 200 200 200 200
change_propose            302 404 403 403 200 200
change_add                302 404 403 403 200 200
change                    302 404 200 200 200 200
change_sign               302 404 403 403 200 200
payments                  302 404 200 200 200 200
certificate               302 404 200 200 200 200
linkage                   302 404 200 200 200 200
linkage_tell              302 404 403 403 200 200
linkage_import            302 404 403 403 200 200
release                   302 404 403 403 403 200
record                    302 404 403 403 200 200
advance_ask               302 404 403 403 302 403
advance                   302 404 200 200 200 200
advance_approve           302 404 403 403 403 302
advance_decline           302 404 403 403 403 200
advance_pay               302 404 403 403 403 302
complete                  302 404 403 403 200 200
suspend                   302 404 403 403 200 200
resume                    302 404 403 403 302 302
terminate                 302 404 403 403 200 200
handover                  302 404 200 200 200 200
handover_write            302 404 403 403 302 302
handover_sign             302 404 403 403 302 302
settlement                302 404 302 302 302 302
closing_sum_write         302 404 403 403 302 302
closing_sum_sign          302 404 403 403 302 302
journal                   302 404 200 200 200 200
journal_export            302 404 200 200 200 200
milestone                 302 404 200 200 200 200
milestone_edit            302 404 403 403 200 200
log                       302 404 403 403 302 403
submit                    302 404 403 403 302 403
reschedule                302 404 403 403 302 403
approve                   302 404 403 200 403 200
return                    302 404 403 200 403 200
confirm                   302 404 403 403 200 403
reverse                   302 404 403 403 200 200
allocate                  302 404 403 403 403 200
dispute                   302 404 403 403 200 200
expectations              302 404 200 200 200 200
expectation_add           302 404 403 403 302 302
expectation_edit          302 404 403 403 403 302
expectation_confirm       302 404 403 403 302 403
expectation_counter       302 404 403 403 302 403
expectation_judge         302 404 403 403 403 302
inspect                   302 404 403 200 403 200
defect_add                302 404 403 200 200 200
defect_fixed              302 404 403 403 200 403
defect_reschedule         302 404 403 403 200 403
defect_reopen             302 404 403 302 403 302
defect_estimate           302 404 403 200 200 200
defect_settle             302 404 403 403 302 302
defects                   302 404 200 200 200 200
attachment                302 404 200 200 200 200
thumbnail                 302 404 200 200 200 200
demo                      404 404 404 404 404 404
demo_mail                 404 404 404 404 404 404
demo_mail_as_sent         404 404 404 404 404 404
how_it_works              200 200 200 200 200 200
accessibility             200 200 200 200 200 200
privacy                   200 200 200 200 200 200
healthz                   200 200 200 200 200 200
readyz                    200 200 200 200 200 200
api-schema                200 200 200 200 200 200
api-docs                  200 200 200 200 200 200
api-me                    401 200 200 200 200 200
api-tokens                401 200 200 200 200 200
api-waiting               401 200 200 200 200 200
api-templates             401 200 200 200 200 200
api-projects              401 200 200 200 200 200
api-project               401 404 200 200 200 200
api-parties               401 404 200 200 200 200
api-party                 401 404 200 200 200 200
api-invitations           401 200 200 200 200 200
api-exposure              401 404 200 200 200 200
api-exposure-history      401 404 200 200 200 200
api-stress-test           401 404 200 200 200 200
api-journal               401 404 200 200 200 200
api-journal-verify        401 404 200 200 200 200
api-journal-export        401 404 200 200 200 200
api-milestones            401 404 200 200 200 200
api-milestone             401 404 200 200 200 200
api-expectations          401 404 200 200 200 200
api-expectation           401 404 200 200 200 200
api-defects               401 404 200 200 200 200
api-attachment            401 404 200 200 200 200
api-attachment-file       401 404 200 200 200 200
api-attachment-thumbnail  401 404 200 200 200 200
api-schedule              401 404 200 200 200 200
api-certificates          401 404 200 200 200 200
api-linkage               401 404 200 200 200 200
api-index-values          401 404 200 200 200 200
api-payments              401 404 200 200 200 200
api-payment               401 404 200 200 200 200
api-changes               401 404 200 200 200 200
api-change                401 404 200 200 200 200
api-advances              401 404 200 200 200 200
api-advance               401 404 200 200 200 200
api-handover              401 404 200 200 200 200
api-closing-sum           401 404 200 200 200 200
api-settlement            401 404 200 200 200 200
api-project-flags         401 404 200 200 200 200
api-flags                 401 200 200 200 200 200
api-unknown               404 404 404 404 404 404
"""

# Acting, with an empty body. Who may not is stopped before the body is looked at (403, 404); who may gets as
# far as its validation (400, on pages 422 with the form and its errors), or acts. Each acts on what the one
# before left behind.
ACTS = """
profile                   302 422 422 422 422 422
proof                     302 422 422 422 422 422
language                  302 302 302 302 302 302
tokens                    302 422 422 422 422 422
sessions                  302 302 302 302 302 302
session_end               302 302 302 302 302 302
token_revoke              302 404 404 404 404 404
new_project_terms         302 422 422 422 422 422
accept                    302 404 404 404 404 404
decline                   302 404 404 404 404 404
project_edit              302 404 403 403 422 422
agree                     302 404 403 403 302 302
people                    302 404 403 403 422 422
party_confirm             302 404 403 403 403 303
party_end                 302 404 303 403 403 303
milestone_add             302 404 403 403 422 422
milestone_edit            302 404 403 403 422 422
milestone_remove          302 404 403 403 409 409
linkage_tell              302 404 403 403 422 422
linkage_import            302 404 403 403 422 422
record                    302 404 403 403 422 422
release                   302 404 403 403 403 422
log                       302 404 403 403 302 403
submit                    302 404 403 403 302 403
reschedule                302 404 403 403 302 403
withdraw                  302 404 403 403 303 403
approve                   302 404 403 422 403 422
return                    302 404 403 422 403 422
confirm                   302 404 403 403 422 403
reverse                   302 404 403 403 422 422
allocate                  302 404 403 403 403 422
dispute                   302 404 403 403 422 422
dispute_withdraw          302 404 403 403 403 303
inspect                   302 404 403 422 403 422
defect_add                302 404 403 422 422 422
defect_fixed              302 404 403 403 303 403
defect_reschedule         302 404 403 403 422 403
defect_verify             302 404 403 303 403 409
defect_reopen             302 404 403 409 403 409
defect_estimate           302 404 403 422 422 422
defect_settle             302 404 403 403 302 302
advance_ask               302 404 403 403 422 403
advance_open              302 404 403 403 403 303
advance_approve           302 404 403 403 403 422
advance_pay               302 404 403 403 403 422
advance_withdraw          302 404 403 403 303 403
advance_decline           302 404 403 403 403 303
answer_reversal           302 404 403 403 303 409
expectation_add           302 404 403 403 302 302
expectation_edit          302 404 403 403 403 302
expectation_remove        302 404 403 403 403 409
expectation_confirm       302 404 403 403 302 403
expectation_counter       302 404 403 403 302 403
expectation_accept        302 404 403 403 403 409
expectation_judge         302 404 403 403 403 302
change_propose            302 404 403 403 422 422
change_add                302 404 403 403 422 422
change_sign               302 404 403 403 422 422
change_decline            302 404 403 403 303 409
complete                  302 404 403 403 409 409
suspend                   302 404 403 403 422 422
resume                    302 404 403 403 302 302
terminate                 302 404 403 403 422 422
handover_write            302 404 403 403 302 302
handover_sign             302 404 403 403 302 302
closing_sum_write         302 404 403 403 302 302
closing_sum_sign          302 404 403 403 302 302
demo                      404 404 404 404 404 404
api-tokens                401 400 400 400 400 400
api-token:delete          401 404 404 404 404 404
api-projects              401 400 400 400 400 400
api-project:patch         401 404 403 403 400 400
api-agree                 401 404 403 403 400 400
api-parties               401 404 403 403 400 400
api-party:delete          401 404 204 403 403 204
api-party-confirm         401 404 403 403 403 200
api-accept                401 404 404 404 404 404
api-decline               401 404 404 404 404 404
api-milestones            401 404 403 403 400 400
api-milestone:patch       401 404 403 403 400 400
api-progress              401 404 403 403 400 403
api-submit                401 404 403 403 400 403
api-withdraw              401 404 403 403 200 403
api-sign-off              401 404 403 400 403 400
api-return                401 404 403 400 403 400
api-expectations          401 404 403 403 400 400
api-expectation:patch     401 404 403 403 403 400
api-expectation:delete    401 404 403 403 403 409
api-expectation-confirm   401 404 403 403 400 403
api-expectation-counter   401 404 403 403 400 403
api-expectation-accept    401 404 403 403 403 400
api-expectation-judge     401 404 403 403 403 400
api-inspections           401 404 403 400 403 400
api-defects               401 404 403 400 400 400
api-defect-fixed          401 404 403 403 200 403
api-defect-reschedule     401 404 403 403 400 403
api-defect-verify         401 404 403 200 403 409
api-defect-reopen         401 404 403 409 403 409
api-defect-estimate       401 404 403 400 400 400
api-attachments           401 415 415 415 415 415
api-release               401 404 403 403 403 400
api-index-values          401 404 403 403 400 400
api-payments              401 404 403 403 400 400
api-payment-confirm       401 404 403 403 200 403
api-payment-reverse       401 404 403 403 403 200
api-payment-allocate      401 404 403 403 403 400
api-payment-dispute       401 404 403 403 400 400
api-dispute-withdraw      401 404 403 403 403 200
api-reversal-consent      401 404 403 403 403 200
api-reversal-decline      401 404 403 403 200 409
api-changes               401 404 403 403 400 400
api-change-sign           401 404 403 403 400 400
api-change-decline        401 404 403 403 200 409
api-reschedule            401 404 403 403 400 403
api-advances              401 404 403 403 400 403
api-advance-open          401 404 403 403 403 200
api-advance-approve       401 404 403 403 403 400
api-advance-pay           401 404 403 403 403 400
api-advance-decline       401 404 403 403 403 200
api-advance-withdraw      401 404 403 403 200 403
api-complete              401 404 403 403 409 409
api-suspend               401 404 403 403 400 400
api-resume                401 404 403 403 400 400
api-terminate             401 404 403 403 400 400
api-handover              401 404 403 403 400 400
api-handover-sign         401 404 403 403 400 400
api-closing-sum           401 404 403 403 400 400
api-closing-sum-sign      401 404 403 403 400 400
api-flag-seen             401 404 200 200 200 200
"""


def rows(table: str) -> dict[tuple[str, str], dict[str, int]]:
    """{(door, method): {visitor: status}}; a method is named only where it is neither GET nor POST."""
    default = "get" if table is READS else "post"
    found = {}
    for line in table.strip().splitlines():
        door, *statuses = line.split()
        name, _, method = door.partition(":")
        found[name, method or default] = dict(zip(VISITORS, map(int, statuses), strict=True))
    return found


DOORS = rows(READS) | rows(ACTS)
