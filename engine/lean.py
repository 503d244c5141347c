"""Serving without TensorFlow.

Rasa imports TensorFlow, Keras and Matplotlib at module level for components (DIET, TED) that this product does not
use: about 370 MB of memory and seven seconds of every start. `refuse_heavy_imports` puts a placeholder in their place.
The placeholder can be subclassed and decorated with, which is all that happens at import; anything that tries to
compute with it fails loudly. `needs_tensorflow` looks into a model first, so a model that does use such a component
is served with the real libraries.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterable, MutableSequence, Sequence
from typing import Any

HEAVY_ROOTS = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "matplotlib"})
# The modules of Rasa's own components that compute with TensorFlow.
_TENSORFLOW_MODULES = (
    "rasa.nlu.classifiers.diet_classifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
    "rasa.nlu.selectors.response_selector",
    "rasa.core.policies.ted_policy",
    "rasa.core.policies.unexpected_intent_policy",
)


_TENSORFLOW_NAMES = frozenset(
    {
        "DIETClassifier",
        "ConveRTFeaturizer",
        "LanguageModelFeaturizer",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
    }
)


class HeavyLibraryMissing(RuntimeError):
    """A component computes with a library that this process left out."""


class _Placeholder(types.ModuleType):
    """Stands for a module, a class, a decorator or a type, whichever an importing module asks for."""

    __path__: MutableSequence[str] = []  # noqa: RUF012 - a module with a path is a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        child = _Placeholder(f"{self.__name__}.{name}")
        setattr(self, name, child)
        return child

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (object,)

    def __or__(self, other: object) -> "_Placeholder":
        return self

    __ror__ = __or__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
            return args[0]
        if _sealed:
            raise HeavyLibraryMissing(f"{self.__name__} was left out of this process (engine/lean.py)")
        return self


_sealed = False


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".", 1)[0] not in HEAVY_ROOTS:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Placeholder(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: a placeholder makes its attributes on demand."""


def refuse_heavy_imports() -> None:
    """Call before the first import of Rasa; harmless when called twice."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def seal() -> None:
    """Call when everything is imported: from here on a placeholder that is called raises `HeavyLibraryMissing`."""
    global _sealed  # noqa: PLW0603 - one process, one start
    _sealed = True


def needs_tensorflow(component_paths: Iterable[str]) -> bool:
    """Whether a model with these components (`module.Class`) computes with TensorFlow."""
    return any(path.startswith(_TENSORFLOW_MODULES) for path in component_paths)


def names_need_tensorflow(names: Iterable[str]) -> bool:
    """The same for the names in a `config.yml`, where Rasa's own components have no module."""
    return any(name.rsplit(".", 1)[-1] in _TENSORFLOW_NAMES for name in names)
