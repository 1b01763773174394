"""What a company's own library is asked, and how: the one contract of the scripts `sdk_*`, also of those in other languages.

    sdk_COMPANY.py TOLD < calls

TOLD is JSON, what an account knows: keys, secrets. Each line in is a call, `{"method", "url", "headers", "body" (base64), "now"
(Unix seconds)}`; each line out is `true` where the library takes it for the company's own, else `false`. Where the call has
`"sign": true`, the library signs it, and the line out is the call as the company would send it; a library that cannot is not asked.
"""

import base64
import json
import sys

told = json.loads(sys.argv[1])


def serve(genuine, sign=None):
    """Answers every line; `genuine` and `sign` are handed a call with its body as bytes and its header names in lower case."""
    for line in sys.stdin:
        call = json.loads(line)
        call["body"] = base64.b64decode(call["body"])
        call["headers"] = {name.lower(): value for name, value in call["headers"].items()}
        if call.pop("sign", False):
            call = sign(call)
            call["body"] = base64.b64encode(call["body"]).decode()
            print(json.dumps(call), flush=True)
        else:
            print("true" if genuine(call) else "false", flush=True)
