"""The marks that a customer did not type, put back by what usually stands side by side.

"cho ngoi cho" may be "chỗ ngồi chờ" or "cho ngồi chợ"; among words that were taught, the likeliest row wins. What was
typed stays beside the reading, so a row that is wrong costs little, and training sees the same mistakes as the customer
will make it see.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.nlu.concepts import is_decoded, is_english
from engine.nlu.reading import Reading, Token

# Says how likely one word is after another, as a logarithm.
Follows = Callable[[str, str], float]
Forms = Callable[[str], Sequence[str]]
NO_WORD, EDGE_BEFORE, EDGE_AFTER = "#", "^", "$"


def restored(reading: Reading, forms: Forms, follows: Follows) -> Reading:
    """Give a message without diacritics the likeliest ones; any other message stays as it is."""
    words = reading.words()
    if reading.accented or not words or is_english(words) or is_decoded(words):
        return reading
    row = [word for token in reading.tokens for word in token.words or (NO_WORD,)]
    meant = iter(_likeliest([_candidates(word, forms) for word in row], follows))
    tokens = [_read_as(token, [next(meant) for _ in token.words or (NO_WORD,)]) for token in reading.tokens]
    return replace(reading, tokens=tuple(tokens))


def _candidates(word: str, forms: Forms) -> Sequence[str]:
    return (forms(word) if word.isascii() else ()) or (word,)


def _likeliest(places: Sequence[Sequence[str]], follows: Follows) -> Sequence[str]:
    """Viterbi: the row of words, one from each place, of which every word best follows the one before."""
    best: dict[str, tuple[float, tuple[str, ...]]] = {EDGE_BEFORE: (0.0, ())}
    for place in (*places, (EDGE_AFTER,)):
        best = {word: _best_way(word, best, follows) for word in place}
    return best[EDGE_AFTER][1][:-1]


def _best_way(
    word: str, before: dict[str, tuple[float, tuple[str, ...]]], follows: Follows
) -> tuple[float, tuple[str, ...]]:
    score, way = max(
        ((score + follows(last, word), way) for last, (score, way) in before.items()), key=lambda one: one[0]
    )
    return score, (*way, word)


def _read_as(token: Token, meant: Sequence[str]) -> Token:
    words = tuple(meant)
    if not token.words or words == token.words:
        return token
    typed = (word for word in token.words if word not in words)
    return replace(token, words=words, others=(*token.others, *typed))
