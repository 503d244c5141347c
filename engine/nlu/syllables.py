"""Which letter strings can be Vietnamese syllables, decided by spelling rules and not by a word list.

Used to accept a repair (Telex leftovers, teencode spellings) only when it produces something that Vietnamese could
write. Strings are lower-case NFC without a tone, but with letter marks: "muôn", not "muốn" and not "muon".
"""

from engine.nlu.marks import NANG, SAC, split_tone, strip_marks, words

_ONSETS = words("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")
_RHYMES = words("""
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
oc oe oen oeo oet oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt
uơ up ut uy uya uych uyên uyêt uynh uyp uyt uyu
ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y
""")
_AFTER_QU = words("""
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc ân âng ât ây
e en eo et ê ôc êch ên ênh êt i ich iên iêt in it ơ o y ya ych yên yêt yn ynh yt yu
""")
_ALONE = words("y yêm yên yêng yêt yêu")
_FRONT = tuple("eêiy")
_ONLY_BEFORE_FRONT = frozenset({"k", "gh", "ngh"})
_NEVER_BEFORE_FRONT = frozenset({"c", "ng"})
_STOPS = ("p", "t", "c", "ch")


def _spells(onset: str, rhyme: str) -> bool:
    front = rhyme.startswith(_FRONT)
    if onset in _ONLY_BEFORE_FRONT:
        return front
    if onset == "g":
        return not front or rhyme in {"i", "in"}
    return not (front and onset in _NEVER_BEFORE_FRONT)


def _table() -> frozenset[str]:
    found = {*_RHYMES, *_ALONE, "giêng", "giêt", "giêc"}
    found.update("qu" + rest for rest in _AFTER_QU)
    for onset in _ONSETS:
        if onset == "qu":
            continue
        rhymes = [rhyme for rhyme in _RHYMES if not (onset == "gi" and rhyme.startswith(("i", "y")))]
        found.update(onset + rhyme for rhyme in rhymes if _spells(onset, rhyme))
    return frozenset(found)


TONELESS = _table()
PLAIN = frozenset(strip_marks(syllable) for syllable in TONELESS)


def is_syllable(word: str) -> bool:
    """Whether a fully written word (tone included) can be a Vietnamese syllable.

    A syllable that ends in p, t, c or ch takes sắc or nặng only. Without any diacritic such a word is not one: "muc"
    is false, "mục" is true; ask `PLAIN` about words typed without diacritics.
    """
    toneless, tone = split_tone(word)
    if toneless not in TONELESS:
        return False
    return tone in (SAC, NANG) or not toneless.endswith(_STOPS)
