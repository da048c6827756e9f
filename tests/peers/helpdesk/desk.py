"""A django-helpdesk made anew in a folder, served on loopback: `python desk.py FOLDER PORT`.

It runs in an environment of its own, where nothing of the product is.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER, PORT = sys.argv[1], int(sys.argv[2])
PASSWORD = os.environ["HELPDESK_PASSWORD"]
AXES = ("declaration", "qualification", "action")


def main() -> None:
    """Make the helpdesk where there is none yet, say so, and serve until the end."""
    django: Any = import_module("django")
    conf: Any = import_module("django.conf")
    conf.settings.configure(
        SECRET_KEY=PASSWORD,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/desk.sqlite3"}
        },
        INSTALLED_APPS=[
            "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
            "django.contrib.humanize", "django.contrib.messages", "django.contrib.sessions",
            "django.contrib.sites", "rest_framework", "helpdesk",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        SITE_ID=1,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        HELPDESK_KB_ENABLED=True,
        HELPDESK_TEAMS_MODE_ENABLED=False,
        HELPDESK_TEAMS_MODEL="auth.User",
        HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
        HELPDESK_KBITEM_TEAM_GETTER=lambda _item: None,
        HELPDESK_ACTIVATE_API_ENDPOINT=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [
                "rest_framework.authentication.BasicAuthentication"
            ],
        },
        LOGGING_CONFIG=None,
    )  # fmt: skip
    is_made = Path(FOLDER, "desk.sqlite3").is_file()
    django.setup()
    if not is_made:
        make()
    serve()


def make() -> None:
    """Make its database: a user, a queue, a custom field for each axis."""
    call: Any = import_module("django.core.management").call_command
    call("migrate", verbosity=0)
    models: Any = import_module("helpdesk.models")
    users: Any = import_module("django.contrib.auth").get_user_model()
    users.objects.create_superuser("parcours", "parcours@desk.example", PASSWORD)
    models.Queue.objects.create(id=1, title="Service client", slug="client")
    for order, name in enumerate(AXES):
        models.CustomField.objects.create(
            name=name, label=name, data_type="varchar", max_length=200, ordering=order,
            required=False,
        )  # fmt: skip


def serve() -> None:
    """Serve it, one request at a time for each connection, until told to stop."""
    server: Any = import_module("django.core.servers.basehttp")
    wsgi: Any = import_module("django.core.wsgi")
    httpd = server.ThreadedWSGIServer((("127.0.0.1", PORT)), server.WSGIRequestHandler)
    httpd.set_app(wsgi.get_wsgi_application())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    httpd.serve_forever()


def __getattr__(name: str) -> Any:
    if name != "urlpatterns":
        raise AttributeError(name)
    urls: Any = import_module("django.urls")
    return [urls.path("", urls.include("helpdesk.urls"))]


if __name__ == "__main__":
    main()
