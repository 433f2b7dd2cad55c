"""A terminal for what asks whoever sits at it."""

import os
import pty
import sys
import traceback


def at_terminal(run, prompt, answer):
    """Calls `run` in a process with a terminal of its own, and types the answer where the prompt is shown.

    Gives the exit code and what stood on the terminal. Who asks for anything else finds the terminal gone.
    """
    process, terminal = pty.fork()
    if process == 0:
        leave(exit_code(run))
    shown = attend(terminal, prompt, answer)
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), shown


def exit_code(run):
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def leave(code):
    """Ends this process and nothing else: what its parent began is its parent's to end."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def attend(terminal, prompt, answer):
    """Sits at the terminal until nobody is at its other side."""
    shown = ""
    while chunk := read(terminal):
        shown += chunk.decode(errors="replace")
        if shown == prompt:
            os.write(terminal, f"{answer}\n".encode())
        elif shown.endswith(": "):
            break
    return shown


def read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # So Linux says that the other side is closed.
        return b""
