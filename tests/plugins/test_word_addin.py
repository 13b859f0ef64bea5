"""`reflint word`: certificates that vouch for this machine only, the manifest as Word demands it, no trace left."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from reflint.app import word_addin
from reflint.cli.word import word_command
from reflint.errors import ConfigError

STATIC = Path(__file__).parents[2] / "reflint/server/static"
OFFICE = "{http://schemas.microsoft.com/office/appforoffice/1.1}"
OVERRIDES = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"
BASIC = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
# Children of OfficeApp in the order of Microsoft's schema, those that we use.
ORDER = (
    "Id Version ProviderName DefaultLocale DisplayName Description IconUrl HighResolutionIconUrl SupportUrl Hosts "
    "Requirements DefaultSettings Permissions VersionOverrides"
).split()


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder and a home of the test's own."""
    monkeypatch.setenv("REFLINT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "state"


def command(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(word_command, arguments, input=answer, standalone_mode=False)


def certificates(platform: str = "linux") -> tuple[x509.Certificate, x509.Certificate]:
    """The authority's and the server's."""
    where = word_addin.install(27468, platform)
    authority, server = (x509.load_pem_x509_certificate(path.read_bytes()) for path in where[:2])
    return authority, server


# -- certificates -----------------------------------------------------------------------------------------------------


def test_the_authority_can_vouch_for_localhost_and_for_nothing_else() -> None:
    authority, _ = certificates()
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert constraints.value.permitted_subtrees == [x509.DNSName("localhost")]
    excluded = [str(one.value) for one in constraints.value.excluded_subtrees or []]
    assert excluded == ["0.0.0.0/0", "::/0"]
    basic = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)


def test_the_certificate_is_for_localhost_and_short_enough() -> None:
    authority, server = certificates()
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.DNSName("localhost")]
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=397)
    usage = server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    server.verify_directly_issued_by(authority)


def test_the_key_of_the_authority_is_gone(state: Path) -> None:
    authority, server = certificates()
    keys = [path for path in state.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert keys == [state / "word/localhost.key"]
    assert isinstance(server.public_key(), ec.EllipticCurvePublicKey)
    assert authority.public_key() != server.public_key()


def test_only_the_user_can_read_the_key(state: Path) -> None:
    certificates()
    assert (state / "word/localhost.key").stat().st_mode & 0o777 == 0o600
    assert (state / "word").stat().st_mode & 0o777 == 0o700


def test_openssl_trusts_it_for_localhost_but_not_for_another_name() -> None:
    where = word_addin.install(27468, "linux")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(where.certificate, where.key)
    client = ssl.create_default_context(cafile=str(where.authority))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    assert shaken(server, client, "localhost") is None
    assert "not valid for" in str(shaken(server, client, "127.0.0.1"))
    stranger = ssl.create_default_context()
    assert "CERTIFICATE_VERIFY_FAILED" in str(shaken(server, stranger, "localhost"))


def test_even_with_its_key_the_authority_could_vouch_for_no_other_name(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    signing, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = word_addin._authority(signing, now)
    forged = (
        word_addin._builder(now)
        .subject_name(word_addin._name("example.org"))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.org")]), critical=False)
        .sign(signing, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "forged.pem").write_bytes(plain + forged.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "forged.pem")
    client = ssl.create_default_context(cadata=authority.public_bytes(pem).decode())
    assert "permitted subtree violation" in str(shaken(server, client, "example.org"))


def shaken(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> ssl.SSLError | None:
    """What the client says when it meets the server under a name."""
    near, far = socket.socketpair()

    def answer() -> None:
        try:
            server.wrap_socket(far, server_side=True).close()
        except (ssl.SSLError, OSError):
            far.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with near, client.wrap_socket(near, server_hostname=name):
            return None
    except ssl.SSLError as error:
        return error
    finally:
        thread.join()


# -- manifest ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def manifest() -> ElementTree.Element:
    return ElementTree.fromstring(word_addin.manifest(27468))


def test_the_manifest_has_what_word_demands_in_its_order(manifest: ElementTree.Element) -> None:
    assert manifest.tag == f"{OFFICE}OfficeApp"
    assert manifest.get(TYPE) == "TaskPaneApp"
    assert [child.tag.partition("}")[2] for child in manifest] == ORDER
    assert str(uuid.UUID(manifest.findtext(f"{OFFICE}Id") or "")) == word_addin.ADDIN
    assert re.fullmatch(r"\d+(\.\d+){3}", manifest.findtext(f"{OFFICE}Version") or "")
    assert [host.get("Name") for host in manifest.iter(f"{OFFICE}Host")] == ["Document"]
    assert manifest.findtext(f"{OFFICE}Permissions") == "ReadWriteDocument"
    sets = {one.get("Name"): one.get("MinVersion", "1.1") for one in manifest.iter(f"{OFFICE}Set")}
    assert sets == {"CompressedFile": "1.1", "WordApi": "1.1"}


def test_every_address_is_https_on_this_machine_and_what_it_names_is_there(manifest: ElementTree.Element) -> None:
    pane = "https://localhost:27468/word/"
    addresses = [value for one in manifest.iter() if "://" in (value := one.get("DefaultValue", ""))]
    assert len(addresses) >= 8
    for address in addresses:
        assert address.startswith(pane)
        assert (STATIC / "word" / address.removeprefix(pane)).is_file()


def test_icons_have_the_sizes_that_are_said(manifest: ElementTree.Element) -> None:
    images = {one.get("id"): one.get("DefaultValue", "") for one in manifest.iter(f"{BASIC}Image") if one.get("id")}
    said = [(one.get("size"), images[one.get("resid")]) for one in manifest.iter(f"{BASIC}Image") if one.get("size")]
    assert {size for size, _ in said} == {"16", "32", "80"}
    fixed = {"32": "IconUrl", "64": "HighResolutionIconUrl"}
    said += [(size, manifest.find(f"{OFFICE}{name}").get("DefaultValue", "")) for size, name in fixed.items()]  # type: ignore[union-attr]
    for size, address in said:
        data = (STATIC / "word/icons" / address.rpartition("/")[2]).read_bytes()
        assert struct.unpack(">II", data[16:24]) == (int(size or 0), int(size or 0))


def test_every_resource_that_is_named_is_given(manifest: ElementTree.Element) -> None:
    overrides = manifest.find(f"{OVERRIDES}VersionOverrides")
    assert overrides is not None
    named = {one.get("resid") for one in overrides.iter() if one.get("resid")}
    given = {one.get("id") for one in overrides.find(f"{OVERRIDES}Resources").iter() if one.get("id")}  # type: ignore[union-attr]
    assert named == given
    assert all(len(name or "") <= 32 for name in named)


def test_no_secret_is_in_the_manifest() -> None:
    where = word_addin.install(27468, "linux")
    assert not re.search("code=|[tT]oken|PRIVATE|#", where.manifest.read_text("utf-8"))


# -- the commands -----------------------------------------------------------------------------------------------------


def test_install_says_what_is_left_to_do_and_uninstall_leaves_nothing(state: Path) -> None:
    ran = command("install", "--port", "27999")
    assert ran.return_value == 0
    assert "reflint serve --word" in ran.output
    assert word_addin.installed_port() == 27999
    assert word_addin.serving_files(0) == word_addin.serving_files(27999) == word_addin.files()
    assert command("uninstall").return_value == 0
    assert list(state.iterdir()) == []
    assert word_addin.installed() is None


def test_installing_again_makes_a_new_certificate() -> None:
    first, second = certificates(), certificates()
    assert first[1].serial_number != second[1].serial_number
    second[1].verify_directly_issued_by(second[0])


def test_serving_without_or_for_another_port_is_refused_with_the_way_out() -> None:
    with pytest.raises(ConfigError, match="reflint word install"):
        word_addin.serving_files(27468)
    word_addin.install(27468, "linux")
    with pytest.raises(ConfigError, match="installed for port 27468, not 1: `reflint word install --port 1`"):
        word_addin.serving_files(1)


def test_an_expired_certificate_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_addin, "_DAYS", 0)
    word_addin.install(27468, "linux")
    with pytest.raises(ConfigError, match="expired"):
        word_addin.serving_files(27468)


def test_on_macos_the_manifest_goes_to_word(tmp_path: Path) -> None:
    documents = tmp_path / "Library/Containers/com.microsoft.Word/Data/Documents"
    assert word_addin.word_folders("darwin") == []
    documents.mkdir(parents=True)
    where = word_addin.install(27468, "darwin")
    copy = documents / "wef/reflint.xml"
    assert copy.read_bytes() == where.manifest.read_bytes()
    assert copy in word_addin.uninstall("darwin")
    assert not copy.exists()


@pytest.mark.parametrize(("platform", "program"), [("darwin", "security"), ("win32", "certutil")])
def test_trust_runs_the_platforms_command_only_after_a_yes(
    platform: str, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "ran"
    script = tmp_path / program
    script.write_text(f'#!/bin/sh\necho "$@" >> {note}\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr("sys.platform", platform)
    assert command("install", "--trust", answer="n\n").return_value == 2
    assert not note.exists()
    ran = command("install", "--trust", answer="y\n")
    assert ran.return_value == 0
    expected = word_addin.trust_command(platform, word_addin.files().authority)
    assert expected is not None
    assert expected[0] == program
    assert " ".join(expected) in ran.output.replace("'", "")
    assert command("uninstall", "--distrust", answer="y\n").return_value == 0
    distrust = word_addin.distrust_command(platform)
    assert distrust is not None
    assert note.read_text().splitlines() == [" ".join(expected[1:]), " ".join(distrust[1:])]


def test_without_trust_the_commands_are_shown_and_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "security add-trusted-cert" in command("install").output
    assert "security delete-certificate" in command("uninstall").output


def test_under_wsl_it_says_what_to_do_in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    said = command("install").output
    assert "certutil -user -addstore Root authority.pem" in said
    assert "Trusted Add-in Catalogs" in said


def test_where_word_does_not_run_there_is_nothing_to_trust() -> None:
    assert command("install", "--trust").return_value == 2
    assert word_addin.trust_command("linux", Path("x")) is None


def test_a_code_needs_a_backend_that_runs(tmp_path: Path) -> None:
    word_addin.install(27468, "linux")
    ran = command("code", "--token-file", str(tmp_path / "none"))
    assert "is `reflint serve --word` running?" in str(ran.exception)
