"""The mails of the ground: an invitation, and a flag that asks somebody to act."""

from django.utils.translation import gettext_lazy as _

from people.queries import person_at
from projects.flagging import flag_sentence, flag_title
from projects.letters import Fact, Mail, Reader, readers_as
from projects.models import Flag, Obligation, Party
from projects.outbox import obligation


@obligation("invitation_mail")
def write_invitation(owed: Obligation) -> None:
    """To the invited address: in its owner's language, or in that of who invited."""
    open_ones = Party.objects.filter(user=None, declined_at=None, left_at=None)
    party = open_ones.select_related("project", "invited_by__user").filter(pk=owed.payload["party"]).first()
    if party is None:
        return
    assert party.invited_by is not None
    assert party.invited_by.user is not None
    inviter, known = party.invited_by.user, person_at(party.invited_email)
    reader = Reader.of(known) if known else Reader(party.invited_email, inviter.language)
    facts = [Fact(_("Project"), party.project.name), Fact(_("Your part"), party.get_role_display)]
    said = {"inviter": inviter.full_name}
    Mail("invitation", party.project, ("invitations",), facts, said, sealed=False).to([reader])


@obligation("flag_mail")
def write_flag(owed: Obligation) -> None:
    """To those whom a flag asks to act; nothing when the facts have cleared it meanwhile."""
    flag = (
        Flag.objects.select_related("project", "reading")
        .filter(pk=owed.payload["flag"], cleared_at=None)
        .first()
    )
    if flag is None:
        return
    said = {
        "title": lambda: flag_title(flag.kind),
        "sentence": lambda: flag_sentence(flag.kind, flag.reading.figures),
    }
    mail = Mail("flag", flag.project, ("project", flag.project_id), said=said)
    mail.to(readers_as(flag.project, {flag.asks}))
