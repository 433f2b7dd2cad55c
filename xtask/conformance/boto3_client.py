"""Makes the calls that stand on standard input, one JSON line each, with boto3, and answers a JSON line for each.

In:  {"service", "operation", "input"} and who calls, one of
       "keys": {"id", "secret", "token"}
       "environment": [[name, value]]: whoever is found by these
       "profile": name
       "prompted": {"profile", "prompt", "answer"}: at a terminal, where somebody answers
       "made": {"maker": "assume-role" or "web-identity", "input", "keys", "answer"}: by a provider that code sets up
     Sessions of keys and profiles are kept, as an application keeps them.
Out: {"answer": {...}} or {"refusal": {"code", "status", "message"}} or {"broken": text}; bytes are in base64
Every answer must be what the model says, see response_validation.py.
The endpoint, the region and the files of the profiles come from the environment, as everywhere.
"""

import base64
import functools
import json
import os
import sys

import boto3
import botocore.credentials
import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

import response_validation
from terminal import at_terminal

CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 1})


def session(call):
    if "keys" in call:
        return with_keys(**call["keys"])
    if "profile" in call:
        return with_profile(call["profile"])
    if "made" in call:
        return made(**call["made"])
    return boto3.Session()


@functools.cache
def with_keys(id, secret, token=None):
    return boto3.Session(id, secret, token)


@functools.cache
def with_profile(profile):
    return boto3.Session(profile_name=profile)


def made(maker, input, keys=None, answer=None):
    """A session whose credentials are fetched when they are needed, and again before they expire."""
    core = botocore.session.get_session()
    more = dict(input)
    role = more.pop("RoleArn")
    if maker == "assume-role":
        fetcher = botocore.credentials.AssumeRoleCredentialFetcher(
            core.create_client,
            botocore.credentials.Credentials(keys["id"], keys["secret"]),
            role,
            extra_args=more,
            mfa_prompter=lambda prompt: answer,
        )
    else:
        token = more.pop("WebIdentityToken")
        fetcher = botocore.credentials.AssumeRoleWithWebIdentityCredentialFetcher(
            core.create_client, lambda: token, role, extra_args=more
        )
    core._credentials = botocore.credentials.DeferredRefreshableCredentials(
        refresh_using=fetcher.fetch_credentials, method=maker
    )
    return boto3.Session(botocore_session=core)


def perform(call):
    client = session(call).client(call["service"], config=CONFIG)
    response_validation.watch(client)
    try:
        answer = getattr(client, xform_name(call["operation"]))(**call["input"])
    except ClientError as error:
        body, metadata = error.response["Error"], error.response["ResponseMetadata"]
        return {
            "refusal": {
                "code": body.get("Code", ""),
                "status": metadata["HTTPStatusCode"],
                "message": body.get("Message", ""),
            }
        }
    answer.pop("ResponseMetadata")
    return {"answer": answer}


def answer_to(call):
    """The line that answers a call."""
    environment = dict(call.get("environment", []))
    os.environ.update(environment)
    try:
        reply = perform(call)
    except Exception as error:  # Whatever breaks in the client is a finding about this call only.
        reply = {"broken": f"{type(error).__name__}: {error}"}
    finally:
        for name in environment:
            del os.environ[name]
    return json.dumps(reply, default=lambda value: base64.b64encode(value).decode() if isinstance(value, bytes) else str(value))


def prompted(call):
    """The same, for a call that is made at a terminal."""
    asked = call.pop("prompted")
    reading, writing = os.pipe()

    def run():
        with os.fdopen(writing, "w") as answers:
            answers.write(answer_to({**call, "profile": asked["profile"]}))

    _, terminal = at_terminal(run, asked["prompt"], asked["answer"])
    os.close(writing)
    with os.fdopen(reading) as answers:
        return answers.read() or json.dumps({"broken": f"at its terminal: {terminal!r}"})


def main():
    for line in sys.stdin:
        call = json.loads(line)
        print(prompted(call) if "prompted" in call else answer_to(call), flush=True)


if __name__ == "__main__":
    main()
