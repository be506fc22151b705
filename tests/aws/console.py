"""console.py PROGRAM: the console on a pseudo terminal, asked by key; prints what it drew."""
import os
import pty
import select
import sys
import time


def read_until(fd, words, seconds=20):
    seen, end = b"", time.time() + seconds
    while words not in seen and time.time() < end:
        if select.select([fd], [], [], 0.2)[0]:
            seen += os.read(fd, 65536)
    return seen


def hand(fd, key):
    """A key as a person strikes it, who has read what stands there; sooner the same key counts as held."""
    time.sleep(1.2)
    os.write(fd, key)


def main():
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LINES="40", COLUMNS="200")
        os.execv(sys.argv[1], [sys.argv[1], "open", "--demo"])
    drawn = read_until(fd, b"acme-payroll-prod")
    hand(fd, b"g")
    hand(fd, b"i")
    drawn += read_until(fd, b"the same key again asks AWS")
    hand(fd, b"i")
    drawn += read_until(fd, sys.argv[2].encode())
    hand(fd, b"q")
    drawn += read_until(fd, b"\x1b[?1049l", 5)
    _, status = os.waitpid(pid, 0)
    sys.stdout.buffer.write(drawn)
    sys.exit(os.waitstatus_to_exitcode(status))


main()
