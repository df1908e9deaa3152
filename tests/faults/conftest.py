from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.serving import Site, prepare, served

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.real_server)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site as it is after its first start, on SQLite. Whoever breaks it mends it."""
    folder = tmp_path_factory.mktemp("site")
    with served(folder, **prepare(folder)) as site:
        yield site
