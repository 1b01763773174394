# needs: plivo==4.63.0
"""PyPI's official `plivo` as a judge: reads one call a line, and says whether the library takes it for Plivo's own.

In: `{"method"?, "url", "body" (base64), "headers"}`; out: `true` or `false`. The first argument is `{"token"}`.
"""

import base64
import json
import sys
import urllib.parse

from plivo.utils import validate_signature, validate_v3_signature

token = json.loads(sys.argv[1])["token"]


def genuine(call):
    headers = {name.lower(): value for name, value in call["headers"].items()}
    body = base64.b64decode(call["body"])
    params = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
    method = call.get("method") or ("POST" if body else "GET")
    if "x-plivo-signature-v3" in headers:
        nonce, signature = headers["x-plivo-signature-v3-nonce"], headers["x-plivo-signature-v3"]
        return validate_v3_signature(method, call["url"], nonce, token, signature, params)
    if "x-plivo-signature-v2" in headers:
        return validate_signature(call["url"], headers["x-plivo-signature-v2-nonce"], headers["x-plivo-signature-v2"], token)
    return False


for line in sys.stdin:
    print("true" if genuine(json.loads(line)) else "false", flush=True)
