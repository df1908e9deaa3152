from articles.models.address import GuideAddress
from articles.models.guide import Guide, PublicState
from articles.models.review import Review, Reviewer
from articles.models.revision import Rendering, Revision
from articles.models.section import Section
from articles.models.source import Citation, Source
from articles.models.source_changed import SourceChanged

__all__ = [
    "Citation",
    "Guide",
    "GuideAddress",
    "PublicState",
    "Rendering",
    "Review",
    "Reviewer",
    "Revision",
    "Section",
    "Source",
    "SourceChanged",
]
