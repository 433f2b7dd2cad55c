"""Signs somebody in at a SAML identity provider as their browser would, and prints what its last page is about to post.

The arguments: the address of the sign-in page, the user, the password.
Out: {"action": where it posts to, "response": the SAMLResponse, "roles": [[role, provider]] as the response has them}
"""

import base64
import json
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree
from html.parser import HTMLParser

ROLE = "https://aws.amazon.com/SAML/Attributes/Role"
NAMES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion"}


class Form(HTMLParser):
    """The form of a page: where it is posted, and the fields that stand in it."""

    def __init__(self, page, address):
        super().__init__()
        self.address, self.action, self.fields = address, None, {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            # It may be relative to the page's own address.
            self.action = urllib.parse.urljoin(self.address, attributes["action"])
        elif tag in ("input", "select") and "name" in attributes:
            self.fields[attributes["name"]] = attributes.get("value", "")


def read(address, form=None):
    body = None if form is None else urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(address, body, timeout=10) as answer:
        return answer.read().decode()


def filled_in(fields, user, password):
    """Every identity provider has its own names for the two fields, and they tell which is which."""

    def value(name, given):
        if "pass" in name.lower():
            return password
        return user if "user" in name.lower() else given

    return {name: value(name, given) for name, given in fields.items()}


def roles(response):
    """The pairs of a role and its provider, which stand in either order."""
    tree = xml.etree.ElementTree.fromstring(base64.b64decode(response))
    values = tree.iterfind(f".//saml:Attribute[@Name='{ROLE}']/saml:AttributeValue", NAMES)
    return [sorted(value.text.split(","), key=lambda arn: ":saml-provider/" in arn) for value in values]


def main():
    page, user, password = sys.argv[1:]
    asked = Form(read(page), page)
    posting = Form(read(asked.action, filled_in(asked.fields, user, password)), asked.action)
    response = posting.fields["SAMLResponse"]
    print(json.dumps({"action": posting.action, "response": response, "roles": roles(response)}))


if __name__ == "__main__":
    main()
