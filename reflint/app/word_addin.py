"""The add-in for Word: a certificate that lets Word open a page of this machine, and the manifest that names the page.

Word shows panes over https only, and office.js demands a certificate that the system trusts. So a certificate authority
is made that can vouch for `localhost` and nothing else, signs one certificate, and loses its key at once: what the user
is asked to trust can never sign anything again.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reflint import __version__
from reflint.errors import ConfigError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

PORT = 27468
"""Beside the backend of the review page and the Zotero plugin, which speak plain http."""
ADDIN = "7b0b3c5e-0d5c-4f0a-9a53-6a1f3a7f9a52"
"""The add-in's identity for Word; it never changes."""
AUTHORITY = "reflint, this computer only"
_DAYS = 397
"""Apple's platforms refuse certificates for servers that are valid for longer."""
_PORT = re.compile(r"https://localhost:(\d+)/word/")


class Files(NamedTuple):
    """What `install` writes: the authority to be trusted, certificate and key of the server, the manifest."""

    authority: Path
    certificate: Path
    key: Path
    manifest: Path


def files() -> Files:
    """Where these files stand, in the state folder."""
    from reflint.app.libraries import state_folder

    folder = state_folder() / "word"
    names = ("authority.pem", "localhost.pem", "localhost.key", "catalogue/reflint.xml")
    return Files(*(folder / name for name in names))


def install(port: int, platform: str) -> Files:
    """Makes certificate and manifest anew, for a platform (as `sys.platform` has it).

    Raises ConfigError without the extra `server` or the right to write.
    """
    where = files()
    try:
        for folder in (where.key.parent, where.manifest.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = _certificates(datetime.now(UTC))
        for path, data in zip(where, made, strict=False):
            path.unlink(missing_ok=True)
            path.touch(0o600, exist_ok=False)
            path.write_bytes(data)
        where.manifest.write_text(manifest(port), "utf-8")
        for folder in word_folders(platform):
            folder.mkdir(exist_ok=True)
            shutil.copyfile(where.manifest, folder / where.manifest.name)
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}") from None
    return where


def uninstall(platform: str) -> list[Path]:
    """Removes all that `install` wrote; what was there. The system's trust is the user's to withdraw."""
    where = files()
    found = [path for path in where if path.exists()]
    found += [path for folder in word_folders(platform) if (path := folder / where.manifest.name).exists()]
    for path in found:
        path.unlink()
    for folder in (where.manifest.parent, where.key.parent):
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
    return found


def installed() -> Files | None:
    """The files, if the add-in is installed."""
    found = files()
    return found if all(path.exists() for path in found) else None


def installed_port() -> int:
    """The port that the installed manifest names; without one, the usual."""
    found = installed()
    named = _PORT.search(found.manifest.read_text("utf-8")) if found else None
    return int(named[1]) if named else PORT


def serving_files(port: int) -> Files:
    """What a server on a port needs. Raises ConfigError when it is not installed, for another port, or expired."""
    from cryptography import x509

    found = installed()
    if found is None:
        raise ConfigError("the add-in for Word is not installed: `reflint word install`")
    if port not in (0, installed_port()):
        raise ConfigError(
            f"the add-in is installed for port {installed_port()}, not {port}: `reflint word install --port {port}`"
        )
    certificate = x509.load_pem_x509_certificate(found.certificate.read_bytes())
    if certificate.not_valid_after_utc <= datetime.now(UTC):
        raise ConfigError("the certificate for Word has expired: `reflint word install` makes a new one")
    return found


def word_folders(platform: str) -> list[Path]:
    """Folders where a platform's Word looks for manifests: on macOS one, once Word has been started."""
    documents = Path.home() / "Library/Containers/com.microsoft.Word/Data/Documents"
    return [documents / "wef"] if platform == "darwin" and documents.is_dir() else []


def trust_command(platform: str, authority: Path) -> list[str] | None:
    """The platform's own command to trust the authority for this user; None where Word does not run."""
    if platform == "darwin":
        keychain = str(Path.home() / "Library/Keychains/login.keychain-db")
        return ["security", "add-trusted-cert", "-r", "trustRoot", "-p", "ssl", "-k", keychain, str(authority)]
    if platform == "win32":
        return ["certutil", "-user", "-addstore", "Root", str(authority)]
    return None


def distrust_command(platform: str) -> list[str] | None:
    """The platform's own command to take the authority away again."""
    if platform == "darwin":
        return ["security", "delete-certificate", "-t", "-c", AUTHORITY]
    if platform == "win32":
        return ["certutil", "-user", "-delstore", "Root", AUTHORITY]
    return None


def manifest(port: int) -> str:
    """The add-in's manifest: XML of the kind that every Word takes. It holds no secret."""
    release = re.match(r"\d+(\.\d+)*", __version__)
    version = ".".join(((release[0] if release else "0").split(".") + ["0"] * 4)[:4])
    template = Path(__file__).with_name("word_manifest.xml").read_text("utf-8")
    return template.format(id=ADDIN, version=version, pane=f"https://localhost:{port}/word")


def _certificates(now: datetime) -> tuple[bytes, bytes, bytes]:
    """The authority, a certificate of it for `localhost`, and that one's key, as PEM. The authority's key is gone."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    except ImportError as error:
        raise ConfigError(f"this needs the extra `server` ({error.name} is not installed)") from None

    signing, serving = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _authority(signing, now)
    certificate = _certificate(serving, authority, signing, now)
    key = serving.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return authority.public_bytes(Encoding.PEM), certificate.public_bytes(Encoding.PEM), key


def _authority(key: EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """Vouches for the name `localhost` and for no address, mail or other name."""
    from ipaddress import ip_network

    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    name = _name(AUTHORITY)
    addresses = [x509.IPAddress(ip_network(every)) for every in ("0.0.0.0/0", "::/0")]
    return (
        _builder(now)
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints([x509.DNSName("localhost")], addresses), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )


def _certificate(
    key: EllipticCurvePrivateKey, authority: x509.Certificate, signing: EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    """For a server that calls itself `localhost`."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID

    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _builder(now)
        .subject_name(_name("localhost"))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(signing, SHA256())
    )


def _builder(now: datetime) -> x509.CertificateBuilder:
    """A certificate that is valid from a little before now, so that a clock may go wrong by an hour."""
    from cryptography import x509

    start = now - timedelta(hours=1)
    builder = x509.CertificateBuilder().serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(start + timedelta(days=_DAYS))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
