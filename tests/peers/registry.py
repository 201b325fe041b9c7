# SPDX-License-Identifier: ISC
"""The scripts that a test can run, by name."""

SCRIPTS = {}


def script(function):
    """Makes a function a script: answers_once is run as answers-once."""
    name = function.__name__.replace("_", "-")
    if name in SCRIPTS:
        raise ValueError(f"two scripts are called {name}")
    SCRIPTS[name] = function
    return function
