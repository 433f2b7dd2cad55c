"""Runs the command lines that stand on standard input, one JSON line each, with the AWS CLI, and answers a JSON line
for each. Every one runs in a process of its own, at a terminal of its own, as ever; only what the AWS CLI imports is
imported once, before they part, which is most of the time that it takes.

The argument: the program, which is a Python script: `aws`, or something like it.
In:  {"arguments": [text], "environment": {name: value}, "prompt": text or null, "answer": text or null}
Out: {"code": the exit code, "stdout", "stderr", "terminal": what stood there}
"""

import gc
import json
import os
import runpy
import sys
import tempfile

import awscli.clidriver  # noqa: F401
import awscli.handlers  # noqa: F401

from terminal import at_terminal


def perform(program, call):
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:

        def run():
            os.dup2(stdout.fileno(), 1)
            os.dup2(stderr.fileno(), 2)
            sys.stdin = open(0, closefd=False)
            sys.argv = [program, *call["arguments"]]
            os.environ.update(call["environment"])
            runpy.run_path(program, run_name="__main__")

        code, terminal = at_terminal(run, call["prompt"], call["answer"])
        printed = {}
        for name, file in (("stdout", stdout), ("stderr", stderr)):
            file.seek(0)
            printed[name] = file.read().decode(errors="replace")
    return {"code": code, "terminal": terminal, **printed}


def main():
    gc.freeze()  # So that the processes go on sharing what was imported.
    for line in sys.stdin:
        print(json.dumps(perform(sys.argv[1], json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
