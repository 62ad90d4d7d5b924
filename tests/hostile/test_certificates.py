"""Certificates are verified, unless a publisher's file says otherwise."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cli import Cli
from tests.hostile.answers import answer, page
from tests.hostile.crawls import host_of_fault, run, write_publishers
from tests.hostile.site import HostileSite


def signed_by_itself(folder: Path, ends: datetime) -> ssl.SSLContext:
    """A server's side with a certificate for 127.0.0.1 that no authority knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=30))
        .not_valid_after(ends)
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{ends:%Y%m%d}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused_but_where_the_file_takes_it(scrapy: Cli) -> None:
    now = datetime.now(UTC)
    unknown, expired = (signed_by_itself(scrapy.folder, now + timedelta(days=days)) for days in (30, -1))
    tls = {"unknown": unknown, "taken": unknown, "expired": expired, "expired_taken": expired}
    routes = {host: host_of_fault(answer(page(host)), host) for host in (*tls, "plain")}
    with HostileSite(routes, tls) as site:
        taken = {host: "verify_tls = false" for host in tls if host.endswith("taken")}
        write_publishers(scrapy.folder / "publishers", site, taken)
        crawled = run(scrapy, site)
        asked = {host: bool(site.asked(host)) for host in tls}
    assert asked == {"unknown": False, "taken": True, "expired": False, "expired_taken": True}
    assert crawled.missing("taken") == crawled.missing("expired_taken") == crawled.missing("plain") == []
    assert crawled.outcome("taken", "/bad") == "article"
    assert crawled.done.code == 0, crawled.done.err
    assert crawled.done.err.count("certificate verify failed") >= 2
    assert "Traceback" not in crawled.done.err
