"""Whether an answer is what the model says, which botocore's parser does not ask: it drops what it does not know.

Looks at the XML as it came: each element must be a member of its shape, there once, and of its type; whatever the model
requires must be there; words must be of their enumeration. What is known to be other than in the model stands in
fixtures/models/overlay.
"""

import datetime
import pathlib
import tomllib
import xml.etree.ElementTree as ElementTree

OVERLAY = pathlib.Path(__file__).parents[2] / "fixtures/models/overlay"


class InvalidResponse(Exception):
    """The answer is not what the model says."""


def watch(client):
    """Lets a client raise InvalidResponse for such an answer."""
    service = client.meta.service_model.service_name
    overlay = tomllib.loads((OVERLAY / f"{service}.toml").read_text())
    check = Check(overlay)

    def judge(http_response, model, **_):
        if http_response.status_code >= 300:
            return
        problems = check.answer(ElementTree.fromstring(http_response.content), model)
        if problems:
            raise InvalidResponse(f"{model.name}: " + "; ".join(problems))

    client.meta.events.register("after-call", judge)


class Check:
    def __init__(self, overlay):
        self.optional = {(one["shape"], name) for one in overlay.get("optional", []) for name in one["members"]}
        self.words = {one["shape"]: one["words"] for one in overlay.get("words", [])}

    def answer(self, root, model):
        names = [local(element) for element in root]
        expected = ["ResponseMetadata"]
        shape = model.output_shape
        if shape is not None:
            expected.insert(0, shape.serialization["resultWrapper"])
        if local(root) != f"{model.name}Response":
            return [f"it is a {local(root)}"]
        if names != expected:
            return [f"{local(root)} holds {names}, not {expected}"]
        if shape is None:
            return []
        return list(self.value(root[0], shape, model.name))

    def value(self, element, shape, path):
        """The problems of a value."""
        if shape.type_name == "structure":
            yield from self.structure(element, shape, path)
        elif shape.type_name == "list":
            name = shape.member.serialization.get("name", "member")
            for number, child in enumerate(element, 1):
                if local(child) != name:
                    yield f"{path} holds <{local(child)}>, not <{name}>"
                yield from self.value(child, shape.member, f"{path}.{number}")
        elif shape.type_name == "map":
            for number, child in enumerate(element, 1):
                if local(child) != "entry" or [local(part) for part in child] != ["key", "value"]:
                    yield f"{path}.{number} is no entry with key and value"
                else:
                    yield from self.value(child[0], shape.key, f"{path}.{number}.key")
                    yield from self.value(child[1], shape.value, f"{path}.{number}.value")
        elif len(element):
            yield f"{path} is a {shape.type_name} with elements in it"
        else:
            yield from self.scalar(element.text or "", shape, path)

    def structure(self, element, shape, path):
        members = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        there = set()
        for child in element:
            tag = local(child)
            if tag not in members:
                yield f"{path} has no member {tag}"
                continue
            name, member = members[tag]
            if name in there:
                yield f"{path}.{name} is there twice"
            there.add(name)
            yield from self.value(child, member, f"{path}.{name}")
        for name in shape.required_members:
            if name not in there and (shape.name, name) not in self.optional:
                yield f"{path} lacks {name}"

    def scalar(self, text, shape, path):
        kind = shape.type_name
        if kind == "string":
            words = self.words.get(shape.name, shape.enum)
            if words and text not in words:
                yield f"{path} is {text!r}, not of {words}"
        elif kind == "boolean":
            if text not in ("true", "false"):
                yield f"{path} is {text!r}, no boolean"
        elif kind in ("integer", "long"):
            if not text.removeprefix("-").isdecimal():
                yield f"{path} is {text!r}, no number"
        elif kind == "timestamp":
            try:
                datetime.datetime.fromisoformat(text)
            except ValueError:
                yield f"{path} is {text!r}, no time"


def local(element):
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
