import logging

import pytest

from timbre_spider.extensions.redaction import Redaction

pytestmark = pytest.mark.unit

SECRET = "s3cr3t-key-0123456789"


@pytest.fixture
def logged(tmp_path):
    path = tmp_path / "log"
    handler = logging.FileHandler(path)
    handler.addFilter(Redaction([SECRET, "abc"]))
    logger = logging.getLogger("test-redaction")
    logger.propagate = False
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield logger, path
    logger.removeHandler(handler)
    handler.close()


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.ERROR])
@pytest.mark.parametrize(
    ("message", "args"), [(f"at {SECRET}", ()), ("at %s", (SECRET,)), ("at %r", ({"url": f"?api_key={SECRET}"},))]
)
def test_no_level_and_no_form_shows_a_secret(logged, level, message, args):
    logger, path = logged
    logger.log(level, message, *args)
    assert SECRET not in path.read_text()
    assert "***" in path.read_text()


def test_tracebacks_show_none_either(logged):
    logger, path = logged
    try:
        raise ValueError(f"refused: {SECRET}")
    except ValueError:
        logger.exception("failed")
    assert SECRET not in path.read_text()
    assert "ValueError" in path.read_text()


def test_a_secret_too_short_to_be_one_garbles_no_words(logged):
    logger, path = logged
    logger.info("abc is the alphabet")
    assert "abc is the alphabet" in path.read_text()
