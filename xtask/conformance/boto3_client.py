"""Makes the calls that stand on standard input, one JSON line each, with boto3, and answers a JSON line for each.

In:  {"service", "operation", "input", "keys": {"id", "secret", "token"} or "profile": name}
Out: {"answer": {...}} or {"refusal": {"code", "status", "message"}} or {"broken": text}
The endpoint, the region and the files of the profiles come from the environment, as everywhere.
"""

import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 1})


def session(call):
    if "profile" in call:
        return boto3.Session(profile_name=call["profile"])
    keys = call["keys"]
    return boto3.Session(keys["id"], keys["secret"], keys.get("token"))


def perform(call):
    client = session(call).client(call["service"], config=CONFIG)
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


def main():
    for line in sys.stdin:
        try:
            reply = perform(json.loads(line))
        except Exception as error:  # Whatever breaks in the client is a finding about this call only.
            reply = {"broken": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply, default=str), flush=True)


if __name__ == "__main__":
    main()
