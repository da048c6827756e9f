"""The settings of a service: a TOML file, the environment (`PARCOURS_PORT`), what is given.

Every field of `Settings` is a setting; its description is its documentation.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from runtime.errors import WrongSetting

PREFIX: Final = "PARCOURS_"
_SAFE_URL: Final = re.compile(
    r"(?:https://|http://(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$))[^\s?#]+"
)
_ORIGIN: Final = re.compile(
    r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?|https?://\[[0-9a-f:]+\](?::[0-9]{1,5})?"
)


def _setting(default: Any, doc: str, *, least: int | None = None) -> Any:
    return field(default=default, metadata={"doc": doc, "least": least})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a service is told when it starts."""

    database: str = _setting("parcours.db", "a SQLite file, or postgresql://user@host/name")
    bind: str = _setting("127.0.0.1", "the address to listen on")
    port: int = _setting(8080, "the port to listen on; 0 takes a free one", least=0)
    dev_mode: bool = _setting(False, "actors without keys; only on a loopback address")
    language: str | None = _setting(
        None, "language of the console for who chose none, fr or en; the browser's when it is not "
        "said",
    )  # fmt: skip
    facts: str | None = _setting(
        None, "the folder of the facts that figures are worked out from; beside the database "
        "when it is not said",
    )  # fmt: skip
    clickhouse: str | None = _setting(
        None,
        "ClickHouse, for figures past one machine: https://user@host:port/database; the facts are "
        "brought there too, and figures asked there",
    )
    clickhouse_password: str | None = _setting(
        None, "where its password is: env:NAME or file:/path; none where it asks for none"
    )
    mock: str | None = _setting(None, "a file of written connector answers, for demonstrations")
    connectors: str | None = _setting(
        None,
        "the file that says where other systems are; connectors.toml beside an embedded database "
        "when it is not said",
    )
    secrets: str | None = _setting(
        None, "a folder with one file for each secret that connectors name, readable by us alone"
    )
    erasures: str | None = _setting(
        None,
        "the file that remembers, by id alone, who was erased, so that a backup that is restored "
        "is erased again; beside an embedded database when it is not said",
    )
    robots: str | None = _setting(
        None, "the file that says which cases robots walk by themselves, and when: robots.toml"
    )
    exports: str | None = _setting(
        None, "the file that says which reports and measures are written, when and where: "
        "exports.toml",
    )  # fmt: skip
    teams: str | None = _setting(
        None, "the file that says who is in the teams and skills that libraries name: teams.toml"
    )
    promise_reminder_min: int = _setting(
        60, "minutes before its time at which a promise is reminded of; 0 reminds of none", least=0
    )
    upgrade: bool = _setting(
        True, "bring an embedded SQLite file to this release's schema at start"
    )
    inline_ms: int = _setting(
        1_500, "how long an answer waits for an automated action, ms", least=0
    )
    idle_min: int = _setting(
        30, "minutes nobody goes on with a self-care contact before it ends, at its last activity",
        least=1,
    )  # fmt: skip
    drain_s: int = _setting(25, "how long stopping waits for what is under way, s", least=0)
    lease_s: int = _setting(
        30,
        "how long an action under way stays its worker's after its last sign of life, s",
        least=1,
    )
    calls_per_connector: int = _setting(
        4, "calls of one connector at once, in each process", least=1
    )
    dead_letter_days: int = _setting(
        90, "days an action that came to nothing is listed after anything last happened to it",
        least=1,
    )  # fmt: skip
    warm_sessions: int = _setting(10_000, "sessions kept in memory", least=1)
    pool_size: int = _setting(10, "PostgreSQL connections", least=2)
    fsync_off_allowed: bool = _setting(
        False, "accept a PostgreSQL that may lose acknowledged steps: tests and demonstrations"
    )
    country_code: str = _setting("33", "for phone numbers written with a leading zero")
    background: bool = _setting(True, "whether this process runs timers, actions and the ledger")
    rate_per_s: int = _setting(
        60, "requests a second for one key; 0 sets no limit for anybody", least=0
    )
    rate_burst: int = _setting(120, "requests at once for one key", least=1)
    in_flight: int = _setting(64, "requests at work at once; more get 503", least=1)
    body_limit: int = _setting(262_144, "bytes of a request's body", least=1_024)
    public_url: str | None = _setting(
        None,
        "where people reach the service, such as https://parcours.example; each request's own "
        "host when it is not said",
    )
    embed_origins: tuple[str, ...] = _setting(
        (),
        "whose pages may frame /embed, load the widget and use links from a browser: origins such "
        "as https://crm.example; in the environment with commas between",
    )
    oidc_issuer: str | None = _setting(
        None, "the OpenID Connect provider people sign in with; needs public_url"
    )
    oidc_client_id: str | None = _setting(None, "what that provider knows this service by")
    oidc_client_secret: str | None = _setting(
        None, "where its secret is: env:NAME or file:/path; none for a public client"
    )
    oidc_label: str | None = _setting(
        None, "what its button says; the provider's host when it is not said"
    )
    oidc_scope: str = _setting("openid profile", "what it is asked for")
    oidc_role_claim: str = _setting(
        "roles", "its claim that says somebody's role; dots lead into nested claims"
    )
    oidc_roles: tuple[str, ...] = _setting(
        (),
        "what that claim's values mean, as value=role: supervisor, advisor, author or admin; the "
        "roles' own names when it is not said",
    )
    oidc_tenant: str = _setting("default", "the tenant of those who sign in with it")
    oidc_tenant_claim: str | None = _setting(
        None, "its claim that says the tenant, in place of one for all"
    )
    oidc_team_claim: str | None = _setting(
        None, "its claim that says somebody's team, for figures: a short name, or a list whose "
        "first such name counts",
    )  # fmt: skip
    oidc_site_claim: str | None = _setting(None, "the same for the site where they work")
    oidc_provider_claim: str | None = _setting(
        None, "the same for the company they work for"
    )  # fmt: skip
    incident_second_person: bool = _setting(
        False, "whether somebody other than its author must validate an incident's message"
    )
    own_figures: bool = _setting(
        False, "advisors may look at their own figures, each at their own alone; looks are kept"
    )
    reply_operation: str | None = _setting(
        None, "the e-mail connector's operation that sends advisors' replies, such as mail.reply"
    )
    alert_operation: str | None = _setting(
        None, "the e-mail connector's operation that writes to teams asked for, such as mail.alert"
    )
    docs: bool = _setting(False, "whether the API describes itself to whoever asks")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.bind == "localhost":
            return True
        try:
            return ip_address(self.bind).is_loopback
        except ValueError:
            return False

    @property
    def address(self) -> str:
        """The service's address, as its lock file says it."""
        host = f"[{self.bind}]" if ":" in self.bind else self.bind
        return f"http://{host}:{self.port}"


def load_settings(
    path: Path | None = None, *, environment: Mapping[str, str] = os.environ, **given: Any
) -> Settings:
    """Return the settings: those given, else the environment's, else the file's, else the defaults.

    Args:
        path: a TOML file; `$PARCOURS_CONFIG` names it otherwise.
        environment: variables named `PARCOURS_` and the setting in capitals.
        given: from a command line; None counts as not given.

    Raises:
        WrongSetting: the file cannot be read, a name is unknown, a value is not of its kind, or
            development mode is asked for beyond loopback.
    """
    known = {one.name: one for one in fields(Settings)}
    file = path or (Path(named) if (named := environment.get(f"{PREFIX}CONFIG")) else None)
    values: dict[str, Any] = {}
    if file is not None:
        values.update(_read(file, known))
    for name in known:
        text = environment.get(PREFIX + name.upper())
        if text is not None:
            values[name] = _of_text(name, text)
    values.update({name: value for name, value in given.items() if value is not None})
    for name, value in values.items():
        least = known[name].metadata["least"]
        if least is not None and value < least:
            raise wrong_setting(name, f"au moins {least}", f"at least {least}")
    settings = Settings(**values)
    for name, origins in (
        ("public_url", (settings.public_url,)), ("embed_origins", settings.embed_origins),
    ):  # fmt: skip
        if any(origin is not None and not is_origin(origin) for origin in origins):
            raise wrong_setting(
                name,
                "https://nom ou http://nom, en minuscules, sans rien derrière",
                "https://name or http://name, in small letters, with nothing after it",
            )
    if settings.language not in {None, "fr", "en"}:
        raise wrong_setting("language", "fr ou en", "fr or en")
    _refuse_half_a_provider(settings)
    if settings.dev_mode and not settings.is_loopback:
        raise wrong_setting(
            "dev_mode",
            "le mode développement ne s'ouvre que sur une adresse locale (127.0.0.1)",
            "development mode opens on a loopback address only (127.0.0.1)",
        )
    return settings


def _read(path: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise wrong_setting(
            str(path), f"illisible ({error.strerror})", f"{error.strerror}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise wrong_setting(str(path), f"TOML mal formé : {error}", f"not TOML: {error}") from error
    for name, value in content.items():
        if name not in known:
            allowed = ", ".join(sorted(known))
            raise wrong_setting(
                name, f"inconnu ; possibles : {allowed}", f"unknown; there are: {allowed}"
            )
        if _kind(name) is tuple and isinstance(value, list):
            content[name] = tuple(value)
            if all(isinstance(one, str) for one in value):
                continue
        if not isinstance(value, _kind(name)) or (isinstance(value, bool) != (_kind(name) is bool)):
            kind = "list" if _kind(name) is tuple else _kind(name).__name__
            raise wrong_setting(name, f"{kind} attendu", f"{kind} expected")
    return content


def _kind(name: str) -> type:
    default = next(one.default for one in fields(Settings) if one.name == name)
    return str if default is None else type(default)


def _of_text(name: str, text: str) -> Any:
    kind = _kind(name)
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off"}:
            return False
        raise wrong_setting(name, "true ou false", "true or false")
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise wrong_setting(name, "un nombre entier", "a whole number") from None
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _refuse_half_a_provider(settings: Settings) -> None:
    if settings.oidc_issuer is None:
        return
    if not _SAFE_URL.fullmatch(settings.oidc_issuer):
        raise wrong_setting(
            "oidc_issuer",
            "https://… (http:// sur cette machine seulement), sans ? ni #",
            "https://… (http:// on this machine alone), without ? or #",
        )
    for name in ("oidc_client_id", "public_url"):
        if getattr(settings, name) is None:
            raise wrong_setting(name, "nécessaire avec oidc_issuer", "needed with oidc_issuer")


def is_origin(text: str) -> bool:
    """Return whether a text is an origin as browsers write it: `https://name` and nothing after."""
    return _ORIGIN.fullmatch(text) is not None


def as_text(value: Any) -> str:
    """Return a setting's value as the environment holds it."""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def wrong_setting(name: str, fr: str, en: str) -> WrongSetting:
    """Return the refusal of a setting, saying what it is to be in French and in English."""
    return WrongSetting(
        {"fr": f"Réglage « {name} » : {fr}.", "en": f"Setting `{name}`: {en}."}, setting=name
    )
