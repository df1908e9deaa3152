import pytest

from articles.models import Guide
from tests.articles.folder import ContentFolder
from tests.articles.states import sign
from tests.conftest import NOW


@pytest.fixture
def folder(tmp_path) -> ContentFolder:
    """A content folder without guides."""
    (tmp_path / "content").mkdir()
    return ContentFolder(tmp_path / "content")


@pytest.fixture
def other_guide(submit, dr_rao) -> Guide:
    """Another guide that Dr Rao signed."""
    guide = Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    sign(submit(guide, "Call at once.", title="When to call"), dr_rao)
    return guide
