"""The API key: from the environment or the system's keyring, and out of everything that is written."""

from __future__ import annotations

import os
import re

from reflint.errors import ConfigError

SERVICE = "reflint"
_ACCOUNT = "zotero-api-key"
_SHAPE = re.compile(r"[A-Za-z0-9]{20,64}")


def api_key() -> str | None:
    """The key from `ZOTERO_API_KEY`, else from the keyring; None when there is none.

    Raises ConfigError when what was found cannot be a key.
    """
    key = os.environ.get("ZOTERO_API_KEY", "").strip() or _from_keyring()
    if key and not _SHAPE.fullmatch(key):
        raise ConfigError("the Zotero API key is not one (24 letters and digits); make one at zotero.org/settings/keys")
    return key or None


def _from_keyring() -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, _ACCOUNT) or ""
    except (KeyringError, RuntimeError):  # no keyring on this machine is no fault
        return ""


def remember(key: str) -> None:
    """Puts a key into the keyring. Raises ConfigError when it is none, or the system has no keyring."""
    import keyring
    from keyring.errors import KeyringError

    if not _SHAPE.fullmatch(key.strip()):
        raise ConfigError("that is no Zotero API key (24 letters and digits)")
    try:
        keyring.set_password(SERVICE, _ACCOUNT, key.strip())
    except (KeyringError, RuntimeError) as error:
        raise ConfigError(
            f"this system has no keyring to keep the key in ({type(error).__name__}); set ZOTERO_API_KEY instead"
        ) from None


def forget() -> bool:
    """Takes the key out of the keyring; whether one was there."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, _ACCOUNT)
    except (KeyringError, RuntimeError):
        return False
    return True


def without(key: str | None, text: str) -> str:
    """A text with the key, should it stand there, blotted out."""
    return text.replace(key, "***") if key else text
