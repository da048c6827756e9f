"""What a customer says in an article of a helpdesk: in plain words, of a letter only their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.post.mail import plain_of
from runtime.post.own_words import sentences


def said_in(article: Mapping[str, Any]) -> str:
    """Return what is said in an article (`body`, `content_type`, `type`).

    Of an e-mail what is quoted and the signature are left out, unless nothing else is there.
    """
    body = article.get("body") or ""
    is_html = "html" in (article.get("content_type") or "")
    plain = plain_of(body) if is_html else body
    if article.get("type") != "email":
        return plain
    return "\n".join(one.text for one in sentences(plain)) or plain
