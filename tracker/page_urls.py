"""Addresses of the pages."""

from django.urls import path

from milestones import defect_pages as findings
from milestones import expectation_pages as hopes
from milestones import pages as work
from payments import advance_pages as early
from payments import certificate_pages, linkage_pages
from payments import change_pages as changing
from payments import pages as money
from projects import pages as ground
from tracker.pages import (
    defects,
    demo,
    endings,
    home,
    journal,
    milestone,
    new_project,
    profile,
    project,
    proof,
    sessions,
    statements,
    waiting,
)

PROJECT = "projects/<uuid:project_id>/"

MILESTONE = "milestones/<uuid:milestone_id>/"

PAYMENT = "payments/<uuid:payment_id>/"

CHANGE = "changes/<uuid:change_id>/"

ADVANCE = "advances/<uuid:advance_id>/"

PARTY = "parties/<uuid:party_id>/"

EXPECTATION = "expectations/<uuid:expectation_id>/"

DEFECT = "defects/<uuid:defect_id>/"

ATTACHMENT = "attachments/<uuid:attachment_id>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("how-it-works/", statements.how_it_works, name="how_it_works"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("profile/", profile.profile, name="profile"),
    path("language/", profile.language, name="language"),
    path("tokens/", ground.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", ground.revoke, name="token_revoke"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/<int:session_id>/end/", sessions.end, name="session_end"),
    path("proof/", proof.proof, name="proof"),
    path("invitations/", ground.invitations, name="invitations"),
    path("invitations/<uuid:party_id>/accept/", ground.accept, name="accept"),
    path("invitations/<uuid:party_id>/decline/", ground.decline, name="decline"),
    path("projects/new/", new_project.choose, name="new_project"),
    path("projects/new/<slug:template>/", new_project.terms, name="new_project_terms"),
    path(PROJECT, project.project, name="project"),
    path(PROJECT + "edit/", ground.edit, name="project_edit"),
    path(PROJECT + "agree/", work.agree, name="agree"),
    path(PROJECT + "people/", ground.people, name="people"),
    path(PROJECT + "milestones/add/", work.add, name="milestone_add"),
    path(PROJECT + "payments/", money.payments, name="payments"),
    path(PROJECT + "certificate/", certificate_pages.certificate, name="certificate"),
    path(PROJECT + "linkage/", linkage_pages.linkage, name="linkage"),
    path(PROJECT + "linkage/tell/", linkage_pages.tell, name="linkage_tell"),
    path(PROJECT + "linkage/import/", linkage_pages.import_, name="linkage_import"),
    path(PROJECT + "release/", money.release, name="release"),
    path(PROJECT + "record/", money.record, name="record"),
    path(PROJECT + "complete/", endings.complete, name="complete"),
    path(PROJECT + "suspend/", endings.suspend, name="suspend"),
    path(PROJECT + "resume/", endings.resume, name="resume"),
    path(PROJECT + "terminate/", endings.terminate, name="terminate"),
    path(PROJECT + "handover/", endings.handover, name="handover"),
    path(PROJECT + "handover/write/", endings.handover_write, name="handover_write"),
    path(PROJECT + "handover/sign/", endings.handover_sign, name="handover_sign"),
    path(PROJECT + "settlement/", endings.settlement, name="settlement"),
    path(PROJECT + "settlement/propose/", endings.closing_sum_write, name="closing_sum_write"),
    path(PROJECT + "settlement/sign/", endings.closing_sum_sign, name="closing_sum_sign"),
    path(PROJECT + "journal/", journal.journal, name="journal"),
    path(PROJECT + "journal/export/", journal.export, name="journal_export"),
    path(PARTY + "confirm/", ground.confirm, name="party_confirm"),
    path(PARTY + "end/", ground.end, name="party_end"),
    path(MILESTONE, milestone.milestone, name="milestone"),
    path(MILESTONE + "edit/", work.edit, name="milestone_edit"),
    path(MILESTONE + "remove/", work.remove, name="milestone_remove"),
    path(MILESTONE + "log/", work.log, name="log"),
    path(MILESTONE + "submit/", work.submit, name="submit"),
    path(MILESTONE + "withdraw/", work.withdraw, name="withdraw"),
    path(MILESTONE + "reschedule/", work.reschedule, name="reschedule"),
    path(MILESTONE + "approve/", milestone.approve, name="approve"),
    path(MILESTONE + "return/", work.send_back, name="return"),
    path(PROJECT + "expectations/", hopes.expectations, name="expectations"),
    path(PROJECT + "expectations/add/", hopes.add, name="expectation_add"),
    path(EXPECTATION + "edit/", hopes.edit, name="expectation_edit"),
    path(EXPECTATION + "remove/", hopes.remove, name="expectation_remove"),
    path(EXPECTATION + "confirm/", hopes.confirm, name="expectation_confirm"),
    path(EXPECTATION + "counter/", hopes.counter, name="expectation_counter"),
    path(EXPECTATION + "accept/", hopes.accept, name="expectation_accept"),
    path(EXPECTATION + "judge/", hopes.judge, name="expectation_judge"),
    path(MILESTONE + "inspect/", findings.inspect, name="inspect"),
    path(MILESTONE + "defects/add/", findings.report, name="defect_add"),
    path(DEFECT + "fixed/", findings.fixed, name="defect_fixed"),
    path(DEFECT + "reschedule/", findings.reschedule, name="defect_reschedule"),
    path(DEFECT + "verify/", findings.verify, name="defect_verify"),
    path(DEFECT + "reopen/", findings.reopen, name="defect_reopen"),
    path(DEFECT + "estimate/", findings.estimate, name="defect_estimate"),
    path(DEFECT + "settle/", changing.settle, name="defect_settle"),
    path(PROJECT + "defects/", defects.defects, name="defects"),
    path(PROJECT + "changes/", changing.changes, name="changes"),
    path(PROJECT + "changes/propose/", changing.propose, name="change_propose"),
    path(PROJECT + "changes/add/", changing.add, name="change_add"),
    path(CHANGE, changing.change, name="change"),
    path(CHANGE + "sign/", changing.sign, name="change_sign"),
    path(CHANGE + "decline/", changing.decline, name="change_decline"),
    path(PAYMENT + "confirm/", money.confirm, name="confirm"),
    path(PAYMENT + "reverse/", money.take_back, name="reverse"),
    path(PAYMENT + "allocate/", money.allocate, name="allocate"),
    path(PAYMENT + "dispute/", money.dispute, name="dispute"),
    path("disputes/<uuid:dispute_id>/withdraw/", money.withdraw_the_dispute, name="dispute_withdraw"),
    path(PROJECT + "advances/ask/", early.ask, name="advance_ask"),
    path(ADVANCE, early.advance, name="advance"),
    path(ADVANCE + "open/", early.open_it, name="advance_open"),
    path(ADVANCE + "approve/", early.approve, name="advance_approve"),
    path(ADVANCE + "decline/", early.decline, name="advance_decline"),
    path(ADVANCE + "withdraw/", early.withdraw, name="advance_withdraw"),
    path(ADVANCE + "pay/", early.pay, name="advance_pay"),
    path("reversals/<uuid:reversal_id>/answer/", money.answer, name="answer_reversal"),
    path(ATTACHMENT, ground.attachment, name="attachment"),
    path(ATTACHMENT + "thumb/", ground.thumbnail, name="thumbnail"),
    path("demo/", demo.demo, name="demo"),
    path("demo/mail/", demo.mail, name="demo_mail"),
    path("demo/mail/<int:mail_id>/", demo.mail_as_sent, name="demo_mail_as_sent"),
]
