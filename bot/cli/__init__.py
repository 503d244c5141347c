"""The command line, `./letan`: one module a command, and only the one that was asked for is imported."""
