"""The site that stages and askers of this room ask."""

import pytest

from tests.pipelines.aoty.site import Site
from tests.sources.server import serving


@pytest.fixture
def site(bench):
    site = Site()
    with serving(site) as server:
        bench.settings |= {"aoty_base_url": server.url, "scrape_concurrency": 8}
        site.asked = server.asked
        yield site
