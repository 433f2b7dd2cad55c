"""Signs the requests of standard input with the AWS Common Runtime, in C. wire.py tells the form of the lines."""

import io

import wire
from awscrt import auth, http


def sign(request):
    presigned = request["form"] == "query"
    payload = wire.body(request)
    query = wire.encode_query(request["query"])
    outgoing = http.HttpRequest(
        method=request["method"],
        path=request["path"] + (f"?{query}" if query else ""),
        headers=http.HttpHeaders([tuple(pair) for pair in request["headers"]]),
        body_stream=io.BytesIO(payload),
    )
    body_header = auth.AwsSignedBodyHeaderType
    algorithm = auth.AwsSigningAlgorithm
    config = auth.AwsSigningConfig(
        algorithm=algorithm.V4_ASYMMETRIC if request["algorithm"] == "v4a" else algorithm.V4,
        signature_type=auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS
        if presigned
        else auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(
            request["akid"], request["secret"], request["token"]
        ),
        region=request["region"],
        service=request["service"],
        date=wire.moment(request),
        signed_body_header_type=body_header.NONE if presigned else body_header.X_AMZ_CONTENT_SHA_256,
        use_double_uri_encode=request["service"] != "s3",
        should_normalize_uri_path=request["service"] != "s3",
        expiration_in_seconds=900 if presigned else None,
    )
    signed = auth.aws_sign_request(outgoing, config).result()
    return signed.method, signed.path, list(signed.headers), payload


if __name__ == "__main__":
    wire.sign_lines(sign)
