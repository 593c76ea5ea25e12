# Starts Synapse so that it ends with whoever started it, with its clock put back by argv[1] seconds.
import os
import runpy
import signal
import sys
import threading
import time

behind = float(sys.argv.pop(1))
if behind:
    now = time.time
    time.time = lambda: now() - behind


def end_with_the_parent():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_the_parent, daemon=True).start()
runpy.run_module("synapse.app.homeserver", run_name="__main__")
