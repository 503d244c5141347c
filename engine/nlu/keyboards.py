"""Keys of the Telex and VNI input methods that reached us unprocessed: "toi muoons", "dduwocj", "tie62n".

A decoder plays the keys as the input method would have, and gives a result only when at least one key did something
and the outcome is a syllable that Vietnamese can write. Whether the raw word was an ordinary word after all is for
the caller to ask.
"""

from dataclasses import dataclass, field

from engine.nlu.marks import HOI, HUYEN, NANG, NGA, NO_TONE, SAC, VOWELS, place_tone, split_tone
from engine.nlu.syllables import TONELESS, is_syllable

_TELEX_TONES = {"f": HUYEN, "s": SAC, "r": HOI, "x": NGA, "j": NANG}
_VNI_TONES = {"0": NO_TONE, "1": SAC, "2": HUYEN, "3": HOI, "4": NGA, "5": NANG}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"o": "ơ", "u": "ư"}
_LONGEST = 12  # Two keys more than "nghiêng" needs.


@dataclass
class _Keys:
    """The state of an input method in the middle of one syllable."""

    letters: list[str] = field(default_factory=list)
    tone: int = NO_TONE
    acted: bool = False

    def has_vowel(self) -> bool:
        return any(letter in VOWELS for letter in self.letters)

    def set_tone(self, tone: int) -> bool:
        """Take the tone unless the syllable has one; a second tone key is a letter, and so ends the decoding."""
        if self.tone != NO_TONE or not self.has_vowel():
            return False
        self.tone, self.acted = tone, True
        return True

    def change(self, changes: dict[str, str]) -> bool:
        """Turn the last letter that the key can change into its marked form."""
        for at in range(len(self.letters) - 1, -1, -1):
            if self.letters[at] in changes:
                self.letters[at] = changes[self.letters[at]]
                self.acted = True
                return True
        return False

    def horn(self) -> bool:
        """Give "uo" both horns (ươ), else the last o or u one."""
        joined = "".join(self.letters)
        at = joined.rfind("uo")
        if at >= 0 and not joined.startswith("qu"):
            self.letters[at : at + 2] = ["ư", "ơ"]
            self.acted = True
            return True
        return self.change(_HORN)

    def result(self) -> str | None:
        toneless = "".join(self.letters)
        if not self.acted or toneless not in TONELESS:
            return None
        word = place_tone(toneless, self.tone)
        return word if is_syllable(word) else None


def decode_telex(word: str) -> str | None:
    """Play a lower-case word on a Telex keyboard; `None` when no key acts or the outcome is no syllable."""
    if len(word) > _LONGEST:
        return None
    toneless, tone = split_tone(word)
    keys = _Keys(tone=tone)
    for key in toneless:
        if not _telex_key(keys, key):
            keys.letters.append(key)
    return keys.result()


def decode_vni(word: str) -> str | None:
    """Play a lower-case word on a VNI keyboard; `None` when no key acts or the outcome is no syllable."""
    if len(word) > _LONGEST or not word[0].isalpha():
        return None
    toneless, tone = split_tone(word)
    keys = _Keys(tone=tone)
    for key in toneless:
        if key.isdigit():
            if not _vni_key(keys, key):
                return None
        else:
            keys.letters.append(key)
    return keys.result()


def _telex_key(keys: _Keys, key: str) -> bool:
    if key in _TELEX_TONES:
        return keys.set_tone(_TELEX_TONES[key])
    if key == "w":
        return keys.horn() or keys.change({"a": "ă"}) or _bare_horn(keys)
    if key in _CIRCUMFLEX:
        return keys.change({key: _CIRCUMFLEX[key]})
    if key == "d" and keys.letters[:1] == ["d"]:
        return keys.change({"d": "đ"})
    return False


def _bare_horn(keys: _Keys) -> bool:
    """A w with no vowel before it types ư, as in "nhwng"; a shorter word is more likely teencode."""
    if keys.has_vowel() or len(keys.letters) < 2:
        return False
    keys.letters.append("ư")
    keys.acted = True
    return True


def _vni_key(keys: _Keys, key: str) -> bool:
    if key in _VNI_TONES:
        return keys.set_tone(_VNI_TONES[key])
    match key:
        case "6":
            return keys.change(_CIRCUMFLEX)
        case "7":
            return keys.horn()
        case "8":
            return keys.change({"a": "ă"})
        case _:
            return keys.change({"d": "đ"})
