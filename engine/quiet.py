"""Rasa and its libraries are loud; what they say below a given level is dropped before it is composed."""

import logging
import sys


def libraries(level: int) -> None:
    """Standard logging to standard error. Their warnings about their own age are nothing that we can act on."""
    logging.basicConfig(level=level, format="engine %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def structured(level: int) -> None:
    """Rasa's structured log, which without this prints every line, debug included, to standard output."""
    import structlog  # noqa: PLC0415 - belongs to Rasa's environment, which may not be loaded yet

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level), cache_logger_on_first_use=True)
