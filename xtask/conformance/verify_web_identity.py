"""Verifies the token on standard input as one who knows nothing but its issuer, with PyJWT, and prints its claims.

The arguments: the issuer, the audience that the token must be for.
"""

import json
import sys
import urllib.request

import jwt


def main():
    issuer, audience = sys.argv[1:]
    token = sys.stdin.read()
    with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=10) as answer:
        provider = json.load(answer)
    if provider["issuer"] != issuer:
        sys.exit(f"the issuer calls itself {provider['issuer']}")
    key = jwt.PyJWKClient(provider["jwks_uri"]).get_signing_key_from_jwt(token)
    claims = jwt.decode(
        token,
        key,
        algorithms=provider["id_token_signing_alg_values_supported"],
        issuer=issuer,
        audience=audience,
        options={"require": ["iss", "sub", "aud", "iat", "exp", "jti"]},
    )
    print(json.dumps(claims))


if __name__ == "__main__":
    try:
        main()
    except jwt.PyJWTError as error:
        sys.exit(f"{type(error).__name__}: {error}")
