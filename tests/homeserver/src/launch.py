# Starts Synapse so that it ends with whoever started it, with its clock put back by argv[1] seconds.
import os
import runpy
import signal
import sqlite3
import sys
import threading
import time

behind = float(sys.argv.pop(1))
if behind:
    now = time.time
    time.time = lambda: now() - behind

connect = sqlite3.connect


def connect_quickly(*args, **kwargs):
    # A write survives the process at once and a power cut a moment later: enough here, and several times as fast.
    connection = connect(*args, **kwargs)
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


sqlite3.connect = connect_quickly


def end_with_the_parent():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_the_parent, daemon=True).start()
runpy.run_module("synapse.app.homeserver", run_name="__main__")
