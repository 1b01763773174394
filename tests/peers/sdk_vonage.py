"""PyPI's official `vonage-http-client`, as `sdk.py` says. Told: `{"secret", "algorithm"}`. It knows the HMACs only, not `md5-hash`,
and looks at no time."""

import json
import sys
import urllib.parse

from vonage_http_client.auth import Auth

from sdk import serve, told

method = told["algorithm"].removesuffix("-hmac")
if method not in ("md5", "sha1", "sha256", "sha512"):
    sys.exit("this library cannot: " + told["algorithm"])
auth = Auth(api_key="abcd1234", signature_secret=told["secret"], signature_method=method)


def fields(call):
    body = call["body"].decode()
    if body.startswith("{"):
        return json.loads(body)
    return dict(urllib.parse.parse_qsl(body or urllib.parse.urlsplit(call["url"]).query, keep_blank_values=True))


def sign(call):
    given = fields(call)
    given["timestamp"] = str(call["now"])
    given["sig"] = auth.sign_params(given)
    call["body"] = urllib.parse.urlencode(given).encode()
    return call


serve(lambda call: auth.check_signature(fields(call)), sign)
