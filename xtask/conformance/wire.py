"""What the Python signers share: reading requests to sign, and writing them as they go over the wire.

In:  {"algorithm": "v4" or "v4a", "form": "header" or "query", "method", "path", "query": [[name, value or null]], "headers": [[name, value]],
      "body_b64", "akid", "secret", "token" or null, "region", "service", "time": seconds since 1970}
      For v4a the region is a region set. The path is as on the wire; names and values of the query are not yet encoded, and null means no equals sign.
Out: {"method", "path", "query": text, "headers", "body_b64", "akid", "secret", "region", "service", "time"}
"""

import base64
import datetime
import json
import sys
from urllib.parse import quote


def encode_query(pairs):
    """The query string, its pairs in the order given."""
    return "&".join(quote(name, safe="~") + ("" if value is None else "=" + quote(value, safe="~")) for name, value in pairs)


def body(request):
    return base64.b64decode(request["body_b64"])


def moment(request):
    return datetime.datetime.fromtimestamp(request["time"], datetime.timezone.utc)


def sign_lines(sign):
    """Answers each line of standard input with what `sign` makes of it: method, path and query, headers, body."""
    for line in sys.stdin:
        request = json.loads(line)
        method, target, headers, payload = sign(request)
        path, _, query = target.partition("?")
        signed = {key: request[key] for key in ("akid", "secret", "region", "service", "time")}
        signed |= {"method": method, "path": path, "query": query, "headers": headers}
        signed["body_b64"] = base64.b64encode(payload).decode()
        sys.stdout.write(json.dumps(signed) + "\n")
