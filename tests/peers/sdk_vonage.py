# needs: vonage-http-client==1.5.2
"""PyPI's official `vonage-http-client` as a judge: reads one call a line, and says whether the library takes it for Vonage's own.

In: `{"method"?, "url", "body" (base64), "headers"}`; out: `true` or `false`. The first argument is `{"secret", "algorithm"}`. With a
second argument `sign`, reads `{"url", "fields"}` instead and writes the signed call. The library knows the HMACs only, not `md5-hash`.
"""

import base64
import json
import sys
import urllib.parse

from vonage_http_client.auth import Auth

told = json.loads(sys.argv[1])
method = told["algorithm"].removesuffix("-hmac")
if method not in ("md5", "sha1", "sha256", "sha512"):
    sys.exit("this library cannot: " + told["algorithm"])
auth = Auth(api_key="abcd1234", signature_secret=told["secret"], signature_method=method)


def fields(call):
    body = base64.b64decode(call["body"]).decode()
    if body.startswith("{"):
        return json.loads(body)
    return dict(urllib.parse.parse_qsl(body or urllib.parse.urlsplit(call["url"]).query, keep_blank_values=True))


for line in sys.stdin:
    call = json.loads(line)
    if sys.argv[2:] == ["sign"]:
        signed = call["fields"]
        signed["sig"] = auth.sign_params(signed)
        body = base64.b64encode(urllib.parse.urlencode(signed).encode()).decode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        print(json.dumps({"method": "POST", "url": call["url"], "body": body, "headers": headers}), flush=True)
    else:
        print("true" if auth.check_signature(fields(call)) else "false", flush=True)
