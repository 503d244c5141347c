"""Rule and memoisation policies that answer a state they have met before from memory.

Rasa's policies replay the whole tracker three times for each action to predict, deep-copy the result into a debug
line that nobody reads, and try every rule against every state. Here

- the states of a tracker are worked out once for as long as no event is added to it, for both passes and policies;
- the rules that apply are looked up in a cache whose key is all that the search depends on: the last states, as many
  as the longest rule is long, and the active loop. A miss runs Rasa's own search.

The predictions are the ones Rasa makes; `tests/engine` compares the two over whole dialogues.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT

CACHE_SIZE = 4_096
# More than any memory of a policy without `max_history`; see `engine.dialogue`.
UNBOUNDED_MEMORY = 16

_RuleResult = tuple[str | None, str | None, bool]


class _SharedStates:
    """Mixin: the states of a tracker are worked out once for as long as no event is added to it.

    They are kept with the tracker, so both policies and both passes of the rule policy (by text, by intent) share
    them; the callers get copies, because the featurizer removes from the last state what a pass may not see.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        featurizer = self.featurizer  # type: ignore[attr-defined]
        featurizer._create_states = _remembering(featurizer._create_states)


def _remembering(create_states: Callable[..., list[State]]) -> Callable[..., list[State]]:
    def states_of(
        tracker: DialogueStateTracker,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        memory = tracker.__dict__.get("_letan_states")
        if memory is None or memory[0] != len(tracker.events):
            memory = tracker.__dict__["_letan_states"] = (len(tracker.events), {})
        key = (omit_unset_slots, ignore_rule_only_turns)
        if key not in memory[1]:
            memory[1][key] = create_states(tracker, domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
        return [{part: dict(values) for part, values in state.items()} for state in memory[1][key]]

    return states_of


class CachedRulePolicy(_SharedStates, RulePolicy):  # type: ignore[misc]
    """`RulePolicy` with a memory of the rules that apply to the states it has met."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [*self.lookup.get(RULES, {}), *self.lookup.get(RULES_FOR_LOOP_UNHAPPY_PATH, {})]
        states = [self._rule_key_to_state(key) for key in keys]
        self.longest_rule = max((len(rule) for rule in states), default=1)
        self._text_matters = any(TEXT in state.get(USER, {}) for rule in states for state in rule)
        self._found: OrderedDict[Hashable, _RuleResult] = OrderedDict()

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> _RuleResult:
        if use_text_for_last_user_input and tracker.latest_action_name != ACTION_LISTEN_NAME:
            return None, None, False
        states = self._prediction_states(
            tracker, domain, use_text_for_last_user_input, rule_only_data=self._get_rule_only_data()
        )
        key = (tracker.active_loop_name, self._freeze(states))
        result = self._found.get(key)
        if result is None:
            result = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
            self._found[key] = result
            if len(self._found) > CACHE_SIZE:
                self._found.popitem(last=False)
        elif result[0] is None and not use_text_for_last_user_input:
            # Without a rule the source names all states, also those that no rule is compared with.
            result = (None, self._create_feature_key(states), result[2])
        return result

    def _freeze(self, states: list[State]) -> Hashable:
        """The part of the states that the rules are compared with. The conversation's start is one such part."""
        compared = states[-self.longest_rule :]
        return tuple(
            tuple(
                (part, tuple(item for item in values.items() if self._text_matters or item[0] != TEXT))
                for part, values in state.items()
            )
            for state in compared
        )

    def format_tracker_states(self, states: list[State]) -> str:
        """Rasa composes a debug line here for every prediction, also when debug lines are off."""
        return ""


class CachedMemoizationPolicy(_SharedStates, MemoizationPolicy):  # type: ignore[misc]
    """`MemoizationPolicy` that does not look for what it cannot have: an assistant without stories has no memory."""

    def memory(self) -> int:
        """How many states it compares; 0 when nothing was memorised."""
        if not self.lookup:
            return 0
        return self.config.get("max_history") or UNBOUNDED_MEMORY

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        """Rasa's prediction without the copy of all states that it makes for a debug line."""
        action = None
        if self.lookup:
            states = self._prediction_states(tracker, domain, rule_only_data=rule_only_data)
            action = self.recall(states, tracker, domain, rule_only_data=rule_only_data)
        return self._prediction(self._prediction_result(action, tracker, domain))


# Rasa writes the class name of a policy into the events it causes.
CachedRulePolicy.__name__ = RulePolicy.__name__
CachedMemoizationPolicy.__name__ = MemoizationPolicy.__name__

REPLACED_POLICIES: dict[type, type] = {RulePolicy: CachedRulePolicy, MemoizationPolicy: CachedMemoizationPolicy}
