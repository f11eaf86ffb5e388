"""A Redis behind a password and TLS."""

import shutil
import subprocess

import pytest

from tests.conftest import free_port, running_redis
from tests.workers.making import job
from timbre_spider.errors import RunError
from timbre_spider.sharing import open_redis
from timbre_spider.workers.shared_work import SharedWork

pytestmark = pytest.mark.integration

PASSWORD = "of-the-workers"


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    """Host and port of a server that speaks TLS alone, and the file of its certificate."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("secured")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    names = ["-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*made, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    port = free_port()
    url = f"rediss://:{PASSWORD}@127.0.0.1:{port}/0?ssl_ca_certs={certificate}"
    tls = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no"]
    with running_redis(
        folder, url, "--port", "0", "--tls-port", str(port), *tls, "--requirepass", PASSWORD, may_lack="TLS"
    ):
        yield f"127.0.0.1:{port}/0", certificate


def test_work_is_shared_through_it(secured):
    address, certificate = secured
    url = f"rediss://:{PASSWORD}@{address}?ssl_ca_certs={certificate}"
    put = job()
    SharedWork.at(url).put([put])
    assert SharedWork.at(url).take().job == put


@pytest.mark.parametrize(
    ("scheme", "password", "is_trusted"),
    [("rediss", "another-word", True), ("rediss", PASSWORD, False), ("redis", PASSWORD, True)],
)
def test_what_it_does_not_let_in_is_one_line_without_the_password(secured, scheme, password, is_trusted):
    """A wrong password, a certificate of nobody known, and no TLS."""
    address, certificate = secured
    query = f"?ssl_ca_certs={certificate}" if scheme == "rediss" and is_trusted else ""
    with pytest.raises(RunError, match=r"^Redis cannot be reached .*check REDIS_URL") as told:
        open_redis(f"{scheme}://:{password}@{address}{query}")
    assert password not in str(told.value)
    assert "\n" not in str(told.value)
