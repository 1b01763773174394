"""PyPI's official `telnyx`, as `sdk.py` says. Told: `{"public_key"}`. It can't sign, and wants bodies in UTF-8."""

from unittest import mock

from telnyx.lib import webhook_verification as telnyx

from sdk import serve, told


def genuine(call):
    with mock.patch.object(telnyx.time, "time", return_value=float(call["now"])):
        try:
            telnyx.verify_webhook_signature(call["body"], call["headers"], told["public_key"])
            return True
        except telnyx.WebhookVerificationError:
            return False


serve(genuine)
