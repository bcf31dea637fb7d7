"""Addresses of the API, version 1."""

from django.urls import path

from milestones import api as work
from milestones import defect_api as findings
from milestones import expectation_api as hopes
from payments import advance_api as early
from payments import api as money
from payments import certificate_api, linkage_api
from payments import change_api as changing
from projects.api import endings, files, flags, journal, parties, tokens
from tracker import api, api_docs

PROJECT = "projects/<uuid:id>/"

MILESTONE = "milestones/<uuid:id>/"

PAYMENT = "payments/<uuid:id>/"

DEFECT = "defects/<uuid:id>/"

ADVANCE = "advances/<uuid:id>/"

ATTACHMENT = "attachments/<uuid:id>/"

PARTY = "parties/<uuid:id>/"

EXPECTATION = "expectations/<uuid:id>/"

urlpatterns = [
    path("schema/", api_docs.Schema.as_view(), name="api-schema"),
    path("docs/", api_docs.docs, name="api-docs"),
    path("me/", api.Me.as_view(), name="api-me"),
    path("tokens/", tokens.Tokens.as_view(), name="api-tokens"),
    path("tokens/<uuid:id>/", tokens.TokenDoor.as_view(), name="api-token"),
    path("waiting/", api.WaitingDoor.as_view(), name="api-waiting"),
    path("templates/", api.Templates.as_view(), name="api-templates"),
    path("projects/", api.Projects.as_view(), name="api-projects"),
    path(PROJECT, api.ProjectDoor.as_view(), name="api-project"),
    path(PROJECT + "agree/", api.Agree.as_view(), name="api-agree"),
    path(PROJECT + "complete/", api.Complete.as_view(), name="api-complete"),
    path(PROJECT + "suspend/", api.Suspend.as_view(), name="api-suspend"),
    path(PROJECT + "resume/", api.Resume.as_view(), name="api-resume"),
    path(PROJECT + "terminate/", api.Terminate.as_view(), name="api-terminate"),
    path(PROJECT + "handover/", endings.Handover.as_view(), name="api-handover"),
    path(PROJECT + "handover/sign/", endings.HandoverSign.as_view(), name="api-handover-sign"),
    path(PROJECT + "settlement/", money.SettlementDoor.as_view(), name="api-settlement"),
    path(PROJECT + "closing-sum/", endings.ClosingSum.as_view(), name="api-closing-sum"),
    path(PROJECT + "closing-sum/sign/", endings.ClosingSumSign.as_view(), name="api-closing-sum-sign"),
    path(PROJECT + "parties/", parties.Parties.as_view(), name="api-parties"),
    path(PARTY, parties.PartyDoor.as_view(), name="api-party"),
    path(PARTY + "confirm/", parties.PartyConfirm.as_view(), name="api-party-confirm"),
    path("invitations/", parties.Invitations.as_view(), name="api-invitations"),
    path("invitations/<uuid:id>/accept/", parties.InvitationAccept.as_view(), name="api-accept"),
    path("invitations/<uuid:id>/decline/", parties.InvitationDecline.as_view(), name="api-decline"),
    path(PROJECT + "exposure/", money.ExposureDoor.as_view(), name="api-exposure"),
    path(PROJECT + "exposure/history/", money.ExposureHistory.as_view(), name="api-exposure-history"),
    path(PROJECT + "stress-test/", work.StressTest.as_view(), name="api-stress-test"),
    path(PROJECT + "journal/", journal.Journal.as_view(), name="api-journal"),
    path(PROJECT + "journal/verify/", journal.JournalVerify.as_view(), name="api-journal-verify"),
    path(PROJECT + "journal/export/", journal.JournalExport.as_view(), name="api-journal-export"),
    path(PROJECT + "milestones/", work.Milestones.as_view(), name="api-milestones"),
    path(MILESTONE, work.MilestoneDoor.as_view(), name="api-milestone"),
    path(MILESTONE + "progress/", work.Progress.as_view(), name="api-progress"),
    path(MILESTONE + "submit/", work.Submit.as_view(), name="api-submit"),
    path(MILESTONE + "withdraw/", work.Withdraw.as_view(), name="api-withdraw"),
    path(MILESTONE + "reschedule/", work.RescheduleDoor.as_view(), name="api-reschedule"),
    path(MILESTONE + "sign-off/", work.SignOff.as_view(), name="api-sign-off"),
    path(MILESTONE + "return/", work.Return.as_view(), name="api-return"),
    path(PROJECT + "expectations/", hopes.Expectations.as_view(), name="api-expectations"),
    path(EXPECTATION, hopes.ExpectationDoor.as_view(), name="api-expectation"),
    path(EXPECTATION + "confirm/", hopes.ExpectationConfirm.as_view(), name="api-expectation-confirm"),
    path(EXPECTATION + "counter/", hopes.ExpectationCounter.as_view(), name="api-expectation-counter"),
    path(EXPECTATION + "accept/", hopes.ExpectationAccept.as_view(), name="api-expectation-accept"),
    path(EXPECTATION + "judge/", hopes.ExpectationJudge.as_view(), name="api-expectation-judge"),
    path(MILESTONE + "inspections/", findings.Inspections.as_view(), name="api-inspections"),
    path(MILESTONE + "defects/", findings.Defects.as_view(), name="api-defects"),
    path(DEFECT + "fixed/", findings.DefectFixed.as_view(), name="api-defect-fixed"),
    path(DEFECT + "reschedule/", findings.DefectReschedule.as_view(), name="api-defect-reschedule"),
    path(DEFECT + "verify/", findings.DefectVerify.as_view(), name="api-defect-verify"),
    path(DEFECT + "reopen/", findings.DefectReopen.as_view(), name="api-defect-reopen"),
    path(DEFECT + "estimate/", findings.DefectEstimate.as_view(), name="api-defect-estimate"),
    path("attachments/", files.Attachments.as_view(), name="api-attachments"),
    path(ATTACHMENT, files.AttachmentDoor.as_view(), name="api-attachment"),
    path(ATTACHMENT + "file/", files.AttachmentFile.as_view(), name="api-attachment-file"),
    path(ATTACHMENT + "thumbnail/", files.AttachmentThumbnail.as_view(), name="api-attachment-thumbnail"),
    path(PROJECT + "schedule/", money.Schedule.as_view(), name="api-schedule"),
    path(PROJECT + "certificates/", certificate_api.Certificates.as_view(), name="api-certificates"),
    path(PROJECT + "linkage/", linkage_api.LinkageDoor.as_view(), name="api-linkage"),
    path(PROJECT + "index-values/", linkage_api.IndexValues.as_view(), name="api-index-values"),
    path(PROJECT + "release/", money.Release.as_view(), name="api-release"),
    path(PROJECT + "payments/", money.Payments.as_view(), name="api-payments"),
    path(PAYMENT, money.PaymentDoor.as_view(), name="api-payment"),
    path(PAYMENT + "confirm/", money.PaymentConfirm.as_view(), name="api-payment-confirm"),
    path(PAYMENT + "reverse/", money.PaymentReverse.as_view(), name="api-payment-reverse"),
    path(PAYMENT + "allocate/", money.PaymentAllocate.as_view(), name="api-payment-allocate"),
    path(PAYMENT + "dispute/", money.PaymentDispute.as_view(), name="api-payment-dispute"),
    path("disputes/<uuid:id>/withdraw/", money.DisputeWithdraw.as_view(), name="api-dispute-withdraw"),
    path("reversals/<uuid:id>/consent/", money.ReversalConsent.as_view(), name="api-reversal-consent"),
    path("reversals/<uuid:id>/decline/", money.ReversalDecline.as_view(), name="api-reversal-decline"),
    path(PROJECT + "changes/", changing.Changes.as_view(), name="api-changes"),
    path("changes/<uuid:id>/", changing.ChangeDoor.as_view(), name="api-change"),
    path("changes/<uuid:id>/sign/", changing.ChangeSign.as_view(), name="api-change-sign"),
    path("changes/<uuid:id>/decline/", changing.ChangeDecline.as_view(), name="api-change-decline"),
    path(PROJECT + "advances/", early.Advances.as_view(), name="api-advances"),
    path(ADVANCE, early.AdvanceDoor.as_view(), name="api-advance"),
    path(ADVANCE + "open/", early.AdvanceOpen.as_view(), name="api-advance-open"),
    path(ADVANCE + "approve/", early.AdvanceApprove.as_view(), name="api-advance-approve"),
    path(ADVANCE + "decline/", early.AdvanceDecline.as_view(), name="api-advance-decline"),
    path(ADVANCE + "withdraw/", early.AdvanceWithdraw.as_view(), name="api-advance-withdraw"),
    path(ADVANCE + "pay/", early.AdvancePay.as_view(), name="api-advance-pay"),
    path(PROJECT + "flags/", flags.ProjectFlags.as_view(), name="api-project-flags"),
    path("flags/", flags.FlagList.as_view(), name="api-flags"),
    path("flags/<uuid:id>/seen/", flags.FlagSeen.as_view(), name="api-flag-seen"),
]
