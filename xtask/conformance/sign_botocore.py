"""Signs the requests of standard input with botocore. wire.py tells the form of the lines."""

import wire
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def sign(request):
    # botocore takes the time from here; it has no other way to be told.
    auth.get_current_datetime = lambda: wire.moment(request).replace(tzinfo=None)

    presigned = request["form"] == "query"
    # botocore moves the body of a request that it presigns into the query, and only knows how for its own forms.
    payload = b"" if presigned else wire.body(request)
    host = next(value.strip() for name, value in request["headers"] if name.lower() == "host")
    query = wire.encode_query(request["query"])
    url = f"https://{host}{request['path']}" + (f"?{query}" if query else "")
    outgoing = AWSRequest(method=request["method"], url=url, data=payload)
    for name, value in request["headers"]:
        outgoing.headers.add_header(name, value)

    header_signer = auth.S3SigV4Auth if request["service"] == "s3" else auth.SigV4Auth
    signer = auth.SigV4QueryAuth if presigned else header_signer
    credentials = Credentials(request["akid"], request["secret"], request["token"])
    signer(credentials, request["service"], request["region"]).add_auth(outgoing)
    target = outgoing.url.removeprefix(f"https://{host}")
    return request["method"], target, outgoing.headers.items(), payload


if __name__ == "__main__":
    wire.sign_lines(sign)
