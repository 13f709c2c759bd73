"""What holds for all tests: nothing of the user's own is read or written."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says nothing on a machine that others share.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """`check` remembers in a folder of this session; the command speaks English."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIAOKAN_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("JIAOKAN_LANG", "en")
        yield
