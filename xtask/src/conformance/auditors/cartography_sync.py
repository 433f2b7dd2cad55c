"""Cartography's sync of IAM, whose graph is kept in lists instead of a database.

It asks the graph for the users and principals that it has just loaded; whatever else it asks, to draw more edges, is
answered with nothing. Prints what was loaded, by schema.
"""

import collections
import json
from unittest import mock

import boto3
from cartography.intel.aws import iam

loaded = collections.defaultdict(list)


def load(session, schema, items, **_):
    loaded[type(schema).__name__].extend(items)


class Graph:
    """What is asked of a session of the database."""

    def principals(self, *schemas):
        return [dict(item) for schema in schemas for item in loaded[schema]]

    def execute_read(self, transaction, query, **_):
        if "AWSUser" in query and "name" in query:
            return [{"name": user["name"], "arn": user["arn"]} for user in self.principals("AWSUserSchema")]
        return []

    def run(self, query, **_):
        return [{"arn": one["arn"]} for one in self.principals("AWSUserSchema", "AWSRoleSchema")]


account = boto3.client("sts").get_caller_identity()["Account"]
with (
    mock.patch.object(iam, "load", load),
    mock.patch.object(iam, "load_matchlinks"),
    mock.patch.object(iam, "GraphJob"),
    mock.patch.object(iam, "merge_module_sync_metadata"),
):
    parameters = {"UPDATE_TAG": 1, "AWS_ID": account}
    iam.sync(Graph(), boto3.Session(), ["us-east-1"], account, 1, parameters)
print(json.dumps(loaded, default=str))
