"""The environment of a contained program: the caller's, without its credentials, and with trackers and windows switched off."""

import re
from collections.abc import Mapping

_SECRET_WORDS = frozenset(
    "APIKEY AUTH COOKIE CREDENTIAL CREDENTIALS KEY KEYS PASS PASSPHRASE PASSWD PASSWORD PAT PRIVATE PWD SECRET SECRETS TOKEN TOKENS"
    "".split(),
)
"""A variable is a credential where one of the words of its name, cut at underscores, is among these."""

_SECRET_NAMES = frozenset(
    "BOTO_CONFIG DATABASE_URL DBUS_SESSION_BUS_ADDRESS DOCKER_CONFIG DOCKER_HOST GPG_AGENT_INFO KRB5CCNAME KUBECONFIG NETRC PGPASSFILE "
    "SENTRY_DSN SSH_AGENT_PID SSH_AUTH_SOCK SUDO_ASKPASS SSH_ASKPASS GIT_ASKPASS XAUTHORITY DISPLAY WAYLAND_DISPLAY".split(),
)
_SECRET_PREFIXES = ("AWS_", "AZURE_", "GCLOUD_", "GITHUB_", "GITLAB_", "GOOGLE_APPLICATION_", "TWINE_", "VAULT_")
_HARMLESS = frozenset({"PWD", "OLDPWD", "AWS_REGION", "AWS_DEFAULT_REGION"})
_URL_WITH_PASSWORD = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@", re.IGNORECASE)

_SWITCHED_OFF = {
    "WANDB_MODE": "disabled",
    "WANDB_SILENT": "true",
    "COMET_MODE": "disabled",
    "COMET_AUTO_LOG_DISABLE": "1",
    "NEPTUNE_MODE": "debug",
    "CLEARML_OFFLINE_MODE": "1",
    "TRAINS_OFFLINE_MODE": "1",
    "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING": "false",
    "MLFLOW_TRACKING_URI": "mlruns",
    "DVC_NO_ANALYTICS": "1",
    "SWANLAB_MODE": "disabled",
    "RAY_USAGE_STATS_ENABLED": "0",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "NO_ALBUMENTATIONS_UPDATE": "1",
    "MPLBACKEND": "Agg",
    "QT_QPA_PLATFORM": "offscreen",
    "SDL_VIDEODRIVER": "dummy",
    "BROWSER": "true",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONFAULTHANDLER": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PIP_NO_INDEX": "1"}
"""Libraries that would try for minutes say at once what they lack."""


def environment_of(outside: Mapping[str, str], *, allow_network: bool) -> dict[str, str]:
    """The variables that a contained program sees."""
    kept = {name: value for name, value in outside.items() if not _is_credential(name, value)}
    return {**kept, **_SWITCHED_OFF, **({} if allow_network else _OFFLINE)}


def _is_credential(name: str, value: str) -> bool:
    upper = name.upper()
    if upper in _HARMLESS:
        return False
    if upper in _SECRET_NAMES or upper.startswith(_SECRET_PREFIXES) or _URL_WITH_PASSWORD.search(value):
        return True
    return not _SECRET_WORDS.isdisjoint(upper.split("_"))
