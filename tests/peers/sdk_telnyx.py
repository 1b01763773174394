# needs: telnyx==4.189.0 pynacl==1.6.2
"""What Telnyx's own validator says of calls that Homeword's tests signed.

    sdk_telnyx.py PUBLIC_KEY < calls

One JSON object a line, {"url", "body" (base64), "headers", "now" (seconds, optional)}; one `true` or `false` a line comes back.
Telnyx's SDK can't sign, so there is no other direction. It wants bodies in UTF-8; Homeword takes the raw bytes.
"""

import base64
import json
import sys
import time
from unittest import mock

from telnyx.lib import webhook_verification as telnyx

key = sys.argv[1]
for line in sys.stdin:
    if not line.startswith("{"):
        continue
    call = json.loads(line)
    with mock.patch.object(telnyx.time, "time", return_value=float(call.get("now", time.time()))):
        try:
            telnyx.verify_webhook_signature(base64.b64decode(call["body"]), call["headers"], key)
            print("true")
        except telnyx.WebhookVerificationError:
            print("false")
