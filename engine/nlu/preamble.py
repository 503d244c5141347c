"""What stands before the matter: a greeting, a call, the customer's own name.

"Chào cháu, bác tên Thìn, cái máy giặt bị hỏng" is about a washing machine; to a model of whole sentences the
greeting is the loudest part of it. It is left out of the features wherever something else is said.
"""

import re
from collections.abc import Sequence

from engine.nlu.cleaning import Clean
from engine.nlu.entities.introductions import introductions
from engine.nlu.entities.scan import Scan

# Words of a greeting; "co" typed without its mark is rather "có", so only "cô" counts.
_WHO = (
    r"(?:em|anh|chị|chi|shop|sốp|ad|admin|bạn|ban|các|cac|cháu|chau|con|bác|bac|chú|chu|cô|o|dì|cậu|mọi người|moi nguoi"
    r"|cả nhà|ca nha|quý (?:khách|công ty)|quy (?:khach|cong ty)|công ty|cong ty|cty|team|there|everyone|all|sir|madam)"
)
_POLITE = r"(?:ạ|ak|ơi|oi|nha|nhé|nhe|nghen|buổi sáng|buổi chiều|buổi tối|buoi sang|buoi chieu|buoi toi)"
_GREETING = re.compile(
    rf"\s*(?:(?:dạ|da|vâng|vang|xin|kính|kinh|em|e|mình|minh|tôi|toi|tui|con|cháu|chau|bác|bac|anh|chị) ){{0,3}}?"
    rf"(?:chào|chao|hello|helo|hi|hey|alo|alô|a lô|a lo|good (?:morning|afternoon|evening)|dear)(?![^\W_])"
    rf"(?:[ ,.!]{{0,3}}(?:{_WHO}|{_POLITE})(?![^\W_])){{0,6}}[\s,.!:;~]*"
)
_CALL = re.compile(rf"\s*(?:{_WHO} (?:ơi|oi)(?![^\W_])(?: (?:ạ|à|nè)(?![^\W_]))?[\s,.!:;~]*){{1,3}}")
_LEAST_MATTER = 4


def preamble(cleaned: Clean, starts: Sequence[int]) -> int:
    """How many tokens the preamble takes, `starts` being where the tokens start in the clean text.

    Nothing is a preamble when hardly a word would be left.
    """
    scan = Scan(cleaned)
    end = 0
    for pattern in (_GREETING, _CALL):
        match = pattern.match(scan.lower, end)
        end = match.end() if match is not None else end
    own = next((one for one in introductions(scan) if one.start <= end), None)
    end = max(end, own.end) if own is not None else end
    count = sum(start < end for start in starts)
    return count if count + _LEAST_MATTER <= len(starts) else 0
