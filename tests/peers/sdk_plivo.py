"""PyPI's official `plivo`, as `sdk.py` says. Told: `{"token"}`. Each version of its signature is judged where it stands in the call."""

import urllib.parse

from plivo.utils import validate_signature, validate_v3_signature

from sdk import serve, told


def genuine(call):
    headers = call["headers"]
    params = dict(urllib.parse.parse_qsl(call["body"].decode(), keep_blank_values=True))
    if "x-plivo-signature-v3" in headers:
        nonce, signature = headers["x-plivo-signature-v3-nonce"], headers["x-plivo-signature-v3"]
        return validate_v3_signature(call["method"], call["url"], nonce, told["token"], signature, params)
    if "x-plivo-signature-v2" in headers:
        nonce, signature = headers["x-plivo-signature-v2-nonce"], headers["x-plivo-signature-v2"]
        return validate_signature(call["url"], nonce, signature, told["token"])
    return False


serve(genuine)
