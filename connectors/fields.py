"""A connector's table read with what it names outside the file: secrets, addresses, files."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.egress import Egress, Network, may_be_allowed
from connectors.reading import NEEDED, Reading
from connectors.secret import SCHEME, Secret, SecretMissing, variable
from connectors.urls import origin_of


class Fields(Reading):
    """Reads one table of the deployment. What is wrong is remembered, and `done` raises it all."""

    def secret(self, key: str, default: Any = NEEDED) -> Secret | None:
        """Return a secret that is there: the file holds its name only."""
        reference = self.value(key, str, default, fr="une référence", en="a reference")
        if reference is None or reference is NEEDED:
            return None
        found = self.source.secrets.named(reference)
        if found is None:
            self.refuse(
                key, "deployment.secret-in-clear",
                fr=f"écrivez {SCHEME}nom (minuscules, chiffres, - et _), jamais le secret.",
                en=f"write {SCHEME}name (small letters, digits, - and _), never the secret.",
            )  # fmt: skip
            return None
        try:
            found.reveal()
        except SecretMissing as missing:
            place = variable(missing.name)
            self.refuse(
                key, "deployment.missing-secret",
                fr=f"secret « {missing.name} » introuvable : variable {place}, "
                f"ou fichier {missing.name} du dossier des secrets.",
                en=f"secret `{missing.name}` not found: variable {place}, "
                f"or file {missing.name} in the secrets folder.",
            )  # fmt: skip
        return found

    def egress(self) -> Egress:
        """Return what `allow_private` and `allow_http` allow."""
        networks: list[Network] = []
        for one in self.texts("allow_private"):
            try:
                network = ip_network(one)
            except ValueError:
                network = None
            if network is None or not may_be_allowed(network):
                self.refuse(
                    "allow_private", "deployment.egress",
                    fr=f"« {one} » n'est pas un réseau privé (10.0.0.0/8, 192.168.1.0/24, "
                    "127.0.0.1/32, fc00::/7 …) ; les adresses spéciales ne s'ouvrent pas.",
                    en=f"`{one}` is not a private network (10.0.0.0/8, 192.168.1.0/24, "
                    "127.0.0.1/32, fc00::/7 …); special addresses cannot be opened.",
                )  # fmt: skip
            else:
                networks.append(network)
        return Egress(tuple(networks), self.flag("allow_http"))

    def url(self, key: str, egress: Egress, default: Any = NEEDED) -> str:
        """Return a URL that may be asked: https, without user, query or fragment."""
        value = self.text(key, default)
        if not value:
            return ""
        origin = origin_of(value)
        if origin is None or "?" in value:
            self.wrong(
                key,
                fr="https://hôte/chemin, sans utilisateur, ? ni #",
                en="https://host/path, without user, ? or #",
                code="deployment.url",
            )
        elif origin.startswith("http:") and not egress.allow_http:
            self.wrong(
                key,
                fr="https ; http seulement avec allow_http = true",
                en="https; http only with allow_http = true",
                code="deployment.url",
            )
        else:
            self.reachable(key, str(urlsplit(str(value)).hostname), egress)
        return str(value).removesuffix("/")

    def reachable(self, key: str, host: str, egress: Egress) -> None:
        """Refuse a host that is an address which the deployment does not open."""
        if egress.refuses(host):
            self.refuse(
                key, "deployment.egress",
                fr=f"« {host} » est une adresse privée ou spéciale que rien n'ouvre : elle ne "
                "serait jamais appelée. Un réseau à soi s'ouvre par allow_private.",
                en=f"`{host}` is a private or special address that nothing opens: it would never "
                "be called. Open a network of your own with allow_private.",
            )  # fmt: skip

    def file(self, key: str, default: Any = NEEDED) -> Path | None:
        """Return a file that is there, its path starting where the deployment file is."""
        value = self.text(key, default)
        if not value:
            return None
        path = self.source.folder / str(value)
        if not path.is_file():
            self.refuse(key, "deployment.no-file", fr=f"{path} n'existe pas.",
                        en=f"{path} does not exist.")  # fmt: skip
            return None
        return path
