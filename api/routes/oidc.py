"""Signing in with an identity provider: a browser is sent there, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import msgspec

from api import browsers
from api.operations import NOTHING, Call, Operation
from api.people import LeaveQuery, ReturnQuery
from api.problems import Reply
from runtime.entry_errors import NoRole, NoSignInUnderWay, NotVouchedFor, ProviderUnreachable
from runtime.errors import Failure, NotFound
from runtime.vouching import CALLBACK, own_path

if TYPE_CHECKING:
    from runtime.vouching import Vouching

COOKIE: Final = "__Host-oidc"
"""What a browser that was sent away is known by when it is back."""
_TOLD: Final = (NoRole, NoSignInUnderWay, NotVouchedFor, ProviderUnreachable)


async def leave(call: Call) -> Reply:
    """Send a browser to the identity provider to sign in, then on to `next`, a path of ours.

    What goes wrong is told on the sign-in page: `/sign-in?error=` and a code.
    """
    vouching = _vouching(call)
    asked: LeaveQuery = call.query
    try:
        left = await vouching.leave(
            asked.next,
            browser=browsers.cookie(call.headers, COOKIE),
            language=call.language,
            is_asked_anew=asked.anew,
        )
    except _TOLD as refused:
        return _back_to_sign_in(call, refused, wanted=own_path(asked.next))
    return _to(left.url, browsers.set_cookie(left.browser, name=COOKIE))


async def come_back(call: Call) -> Reply:
    """Let in whoever comes back from the identity provider, with the cookie `__Host-sid`.

    What goes wrong is told on the sign-in page: `/sign-in?error=` and a code.
    """
    vouching = _vouching(call)
    returned: ReturnQuery = call.query
    try:
        back = await vouching.come_back(
            msgspec.structs.asdict(returned),
            browser=browsers.cookie(call.headers, COOKIE),
            replaced=browsers.token_of(call.headers),
        )
    except _TOLD as refused:
        return _back_to_sign_in(call, refused, wanted=refused.params.get("next", "/"))
    return _to(back.next, browsers.set_cookie(back.opened.token), browsers.clear_cookie(COOKIE))


def _vouching(call: Call) -> Vouching:
    found = call.context.service.vouching
    if found is None:
        raise NotFound
    return found


def _back_to_sign_in(call: Call, refused: Failure, *, wanted: str) -> Reply:
    call.context.log.info("sign-in.refused", code=refused.code, why=refused.params.get("why"))
    told = {"error": refused.code, **({"next": wanted} if wanted != "/" else {})}
    return _to(f"/sign-in?{urlencode(told)}")


def _to(url: str, *headers: tuple[bytes, bytes]) -> Reply:
    return Reply(302, headers=((b"location", url.encode("ascii")), *headers))


OPERATIONS = (
    Operation(
        id="sign-in.leave", method="GET", path="/sign-in/oidc", permission=None, handler=leave,
        query=LeaveQuery, answer=NOTHING, status=302, tag="sign-in",
        problems=("not-found", "request.bad-query", "request.too-many"),
    ),
    Operation(
        id="sign-in.return", method="GET", path=CALLBACK, permission=None, handler=come_back,
        query=ReturnQuery, answer=NOTHING, status=302, tag="sign-in",
        problems=("not-found", "request.bad-query", "request.too-many"),
    ),
)  # fmt: skip
