"""Messages between the grader and the sandbox: one line of JSON each, of limited length, trusted by nobody."""

import json
import socket
import time
from hashlib import blake2b
from typing import Any

Message = dict[str, Any]
LIMIT = 4 * 1024 * 1024


def proof(key: bytes, word: str, name: str) -> str:
    """Return the answer to a word that says that a test has passed: only who has the key of the attempt knows it."""
    return blake2b(f"{word} {name}".encode(), key=key).hexdigest()


class Closed(Exception):
    """The other side is gone, or sent something that is no message."""


class Late(Exception):
    """The other side did not answer in time."""


class Channel:
    """One end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""

    def fileno(self) -> int:
        return self._connection.fileno()

    def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            Closed: If nobody is there to receive it.
            Late: If the other side does not read it.
        """
        try:
            self._connection.sendall(json.dumps(message).encode() + b"\n")
        except TimeoutError as error:
            raise Late from error
        except OSError as error:
            raise Closed from error

    def receive(self, seconds: float | None = None) -> Message:
        """Wait for the next message.

        Args:
            seconds: How long; None means for ever.

        Raises:
            Late: If none arrives in time.
            Closed: If none will ever arrive.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while b"\n" not in self._received:
            if len(self._received) > LIMIT:
                raise Closed
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Late
                self._connection.settimeout(left)
            else:
                self._connection.settimeout(None)
            try:
                part = self._connection.recv(1 << 18)
            except TimeoutError as error:
                raise Late from error
            except OSError as error:
                raise Closed from error
            if not part:
                raise Closed
            self._received += part
        line, _, self._received = self._received.partition(b"\n")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Closed from error
        if not isinstance(message, dict):
            raise Closed
        return message

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
