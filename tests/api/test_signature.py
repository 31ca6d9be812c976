"""The signature is that of Standard Webhooks."""

from __future__ import annotations

import pytest

from lowcode.api.signature import sign, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, STAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_vector_of_the_standard() -> None:
    """The example published with the standard comes out."""
    assert SIGNATURE == sign(SECRET, MESSAGE, STAMP, BODY)


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"signatures": f"v1,bad {SIGNATURE}"}, True),
        ({"body": BODY + b" "}, False),
        ({"message": "msg_other"}, False),
        ({"secret": "whsec_AAAA"}, False),
        ({"now": STAMP + 301}, False),
        ({"signatures": ""}, False),
    ],
)
def test_what_is_verified(change: dict[str, object], holds: bool) -> None:
    """Id, time and bytes are all signed, and an old message does not count."""
    given = {"secret": SECRET, "message": MESSAGE, "body": BODY, "signatures": SIGNATURE, "now": STAMP, **change}
    assert holds is verify(timestamp=STAMP, **given)  # type: ignore[arg-type]
