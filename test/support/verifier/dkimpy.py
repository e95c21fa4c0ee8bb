#!/usr/bin/python3
"""What dkimpy says of each signature of the message on standard input: SELECTOR pass, a line each."""
import re
import sys

import dkim

message = re.sub(rb"\r?\n", b"\r\n", sys.stdin.buffer.read())
verifier = dkim.DKIM(message)
signatures = [value for name, value in verifier.headers if name.lower() == b"dkim-signature"]
for index, signature in enumerate(signatures):
    selector = re.search(rb"[; \t\n]s=([^;]+);", signature).group(1).strip().decode()
    print(selector, "pass" if dkim.DKIM(message).verify(idx=index) else "fail")
