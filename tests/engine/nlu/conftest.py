"""These tests need numpy, scikit-learn and Rasa: they run in the engine's environment and are left out of any other.

`tests/integration/test_nlu_suite.py` runs them there, so that they are part of the whole suite.
"""

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("rasa") else ["test_*.py"]
