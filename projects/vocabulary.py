"""The words of the ground: refusal codes and journal kinds, registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from projects.journal import register_kinds
from projects.refusals import register_refusals

register_refusals(
    {
        "contractor_is_there": (409, _("This project has its contractor already.")),
        "homeowners_invite_homeowners": (
            403,
            _("Only a signing homeowner can invite another homeowner. Ask them to send the invitation."),
        ),
        "first_homeowner_signs": (
            409,
            _("The first homeowner is one who signs. Others, who do not, can be invited afterwards."),
        ),
        "homeowners_end_parts": (403, _("Only a signing homeowner can end this part.")),
        "last_homeowner_stays": (409, _("One signing homeowner must remain in the project.")),
        "contract_holds": (409, _("The agreement is signed; the contractor's part cannot be ended here.")),
        "already_invited": (409, _("This address is invited already, or belongs to someone in the project.")),
        "already_a_party": (409, _("You have a part in this project already. One person holds one role.")),
        "part_has_ended": (409, _("This part has ended.")),
        "unknown_project": (400, _("You have no part in such a project.")),
    }
)

# What is said to a request, or a form, that comes again (projects.once, projects.sent_forms).
register_refusals(
    {
        "still_running": (
            503,
            _("The same request is still being worked on. Send it again in a few seconds."),
        ),
        "form_too_old": (
            409,
            _("This form was opened over a week ago, and was not taken. Open it anew and send that one."),
        ),
        "sent_already": (
            409,
            _(
                "This form was sent before, with something else in it, and that was done. What it says now"
                " was not done. See what was done, and use a new form for anything more."
            ),
        ),
    }
)

# What the API says before an act is reached (projects.rest).
register_refusals(
    {
        "not_authenticated": (401, _("Sign in, or send a token: Authorization: Bearer …")),
        "bad_token": (401, _("This token is unknown, has expired or was revoked. Create a new one.")),
        "csrf_failed": (403, _("This page is too old to send from. Load it again, then send once more.")),
        "forbidden": (403, _("You are not allowed to do this.")),
        "session_only": (403, _("Tokens are managed in the browser. Sign in there.")),
        "token_bound": (403, _("This token is bound to one project. Use one that is not.")),
        "malformed": (400, _("The request cannot be read. Send JSON in UTF-8, without repeated names.")),
        "bad_key": (400, _("An Idempotency-Key has 1 to 255 visible ASCII characters.")),
        "method_not_allowed": (405, _("This address does not know this method.")),
        "not_acceptable": (406, _("Answers here are JSON. Accept application/json.")),
        "body_too_large": (413, _("The request is too large. Send less at once.")),
        "unsupported_media_type": (415, _("This address does not read this kind of content.")),
        "throttled": (429, _("Too many requests. Wait a little, then try again.")),
        "outcome_unknown": (
            503,
            _(
                "The connection was lost while this was being saved, so it may or may not be done."
                " Send it again with the same Idempotency-Key: it is done once. Without a key, look first."
            ),
        ),
        "unavailable": (503, _("The service is not available for a moment. Try again in a few seconds.")),
    }
)

register_kinds(
    {
        "project_created": (_("%(actor)s created the project"), "version role template contract_total"),
        "terms_changed": (
            _("%(actor)s changed the terms of the agreement, version %(version)s"),
            "version fields",
        ),
        "party_invited": (
            _("%(actor)s invited %(party)s, role: %(role)s"),
            "party role signs confirmed",
        ),
        "party_joined": (_("%(actor)s joined, role: %(role)s"), "party role"),
        "invitation_declined": (_("%(actor)s declined the invitation, role: %(role)s"), "party role"),
        "party_confirmed": (_("%(actor)s confirmed %(party)s, role: %(role)s"), "party role"),
        "party_left": (_("%(actor)s ended the part of %(party)s, role: %(role)s"), "party role"),
        "file_added": (_("%(actor)s added %(kind)s"), "attachment file kind"),
        "flag_raised": (
            _("Flag raised: %(flag_kind)s, about %(about)s"),
            "flag flag_kind about severity figures asks",
        ),
        "flag_changed": (
            _("Flag changed: %(flag_kind)s, about %(about)s: %(severity)s"),
            "flag flag_kind about severity figures asks",
        ),
        "flag_cleared": (_("Flag cleared: %(flag_kind)s, about %(about)s"), "flag flag_kind about"),
    }
)

# How a project goes on and ends (projects.endings).
register_refusals(
    {
        "project_suspended": (
            409,
            _("The work is suspended. Resume the project first; what is payable stays payable."),
        ),
        "project_completed": (409, _("The project is completed; all its work is signed off.")),
        "project_terminated": (
            409,
            _("The contract has ended. What is left is settled between the two sides."),
        ),
        "not_suspended": (409, _("The project is not suspended, so there is nothing to resume.")),
        "not_completed": (409, _("The handover comes after completion. Complete the project first.")),
        "not_terminated": (409, _("A closing sum settles a contract that has ended. This one has not.")),
        "turn_without_reason": (400, _("Write the reason in a few words; the other side reads it.")),
        "deed_without_words": (400, _("Write what both sides are to sign.")),
        "deed_is_signed": (409, _("Both sides have signed this; it does not change any more.")),
        "not_proposed": (409, _("There is nothing to sign yet. Either side can propose it.")),
        "handover_in_future": (
            400,
            _("This day has not come yet. Write the day on which the keys changed hands."),
        ),
    }
)

register_kinds(
    {
        "project_suspended": (_("%(actor)s suspended the work"), "state reason"),
        "project_resumed": (_("%(actor)s resumed the work"), "state reason"),
        "handover_proposed": (
            _("%(actor)s wrote the handover protocol, version %(version)s"),
            "deed version text day",
        ),
        "closing_sum_proposed": (
            _("%(actor)s proposed a closing sum of %(amount)s, version %(version)s"),
            "deed version text amount",
        ),
        "deed_signed": (_("%(actor)s signed %(deed)s, version %(version)s"), "deed version party text"),
        "handed_over": (
            _("%(actor)s signed the handover protocol, the last to sign: the place is handed over"),
            "deed version party text day",
        ),
        "closing_sum_agreed": (
            _("%(actor)s signed the closing sum of %(amount)s, the last to sign: it is agreed"),
            "deed version party text amount",
        ),
    }
)
