"""Who the demonstration is about. Its people are fictional, and only they can be entered as."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demonstration: address, name in both languages, and what they are there for."""

    email: str
    name_he: str
    name_en: str
    part: str

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_he


DEMO_PEOPLE = (
    DemoPerson("noa@example.com", "נועה אלמוג", "Noa Almog", _("Homeowner of the house and the kitchen")),
    DemoPerson("uri@example.com", "אורי אלמוג", "Uri Almog", _("Homeowner of the house and the renovation")),
    DemoPerson("alon@example.com", "אלון ארזי", "Alon Arzi", _("Contractor")),
    DemoPerson("michal@example.com", "מיכל רוזן", "Michal Rosen", _("Engineer")),
    DemoPerson("eran@example.com", "ערן שקד", "Eran Shaked", _("Supervisor")),
    DemoPerson(
        "dana@example.com", "דנה לוי", "Dana Levi", _("Party to nothing, to see what a stranger sees")
    ),
)
