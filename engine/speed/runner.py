"""Runs a model's graph by calling its components in order.

Rasa builds a dask graph for every run, which copies the schema, sorts it and walks it with dask's scheduler; for some
fifteen nodes that is more work than the nodes. The order is known once the model is loaded, so here it is worked out
once per set of targets. Errors keep Rasa's classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema, SchemaNode
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.exceptions import RasaException
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler

from engine.speed.policies import REPLACED_POLICIES


@dataclass(frozen=True)
class _Step:
    name: str
    call: Callable[..., Any]
    component: Any
    inputs: tuple[tuple[str, str], ...]


class DirectGraphRunner(GraphRunner):  # type: ignore[misc]
    """A `GraphRunner` for prediction graphs; every node is built when the model is loaded."""

    def __init__(self, nodes: dict[str, GraphNode], schema: GraphSchema) -> None:
        self._nodes = nodes
        self._schema = schema
        self._plans: dict[tuple[str, ...], tuple[_Step, ...]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> DirectGraphRunner:
        """Build the nodes with our policies in place of Rasa's; hooks belong to training and are refused."""
        if hooks:
            raise GraphRunError("This runner is for prediction and calls no hooks.")
        schema = GraphSchema({name: _replaced(node) for name, node in graph_schema.nodes.items()})
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, None)
            for name, node in schema.nodes.items()
        }
        return cls(nodes, schema)

    def component_of(self, kind: type) -> Any | None:
        """The component of this class, or `None`."""
        found = (node._component for node in self._nodes.values() if isinstance(node._component, kind))
        return next(found, None)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the target nodes (see Rasa's `GraphRunner.run`)."""
        wanted = tuple(targets or self._schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = self._plan(wanted)
        values = dict(inputs or {})
        for step in plan:
            values[step.name] = _run_step(step, values)
        return {name: values[name] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> tuple[_Step, ...]:
        steps: dict[str, _Step] = {}

        def visit(name: str) -> None:
            if name in steps or name not in self._schema.nodes:
                return
            node = self._schema.nodes[name]
            for parent in node.needs.values():
                visit(parent)
            if node.uses is RegexMessageHandler:
                # It turns a text that begins with a slash into a finished classification: no customer may do that.
                source = node.needs["messages"]
                steps[name] = _Step(name, lambda _, messages: messages, None, (("messages", source),))
                return
            graph_node = self._nodes[name]
            inputs = tuple(graph_node._inputs.items())
            steps[name] = _Step(name, graph_node._fn, graph_node._component, inputs)

        for target in targets:
            visit(target)
        return tuple(steps.values())


def _replaced(node: SchemaNode) -> SchemaNode:
    # `eager` builds every component now, so that a model that cannot be loaded fails at start and not in a turn.
    return replace(node, uses=REPLACED_POLICIES.get(node.uses, node.uses), eager=True)


def _run_step(step: _Step, values: dict[str, Any]) -> Any:
    missing = [source for _, source in step.inputs if source not in values]
    if missing:
        raise GraphRunError(f"Missing input {missing} to run node '{step.name}'.")
    try:
        return step.call(step.component, **{name: values[source] for name, source in step.inputs})
    except RasaException:
        raise
    except Exception as error:
        # Not swallowed: Rasa's contract is that any failure of a component has this class.
        raise GraphComponentException(f"Error running graph component for node {step.name}.") from error
