from ketcare.site.models.clinic import Clinic
from ketcare.site.models.destroyed import Destroyed
from ketcare.site.models.event import Event
from ketcare.site.models.glossary_term import GlossaryTerm
from ketcare.site.models.invitation import Invitation
from ketcare.site.models.line_check import LineCheck
from ketcare.site.models.outbox import Outbox
from ketcare.site.models.prompt import Prompt

__all__ = ["Clinic", "Destroyed", "Event", "GlossaryTerm", "Invitation", "LineCheck", "Outbox", "Prompt"]
