r"""How a JSON text spells its strings (`\/`, `\u00E8`), so that what changes is spelt likewise.

Then only what was repaired differs, and undo gives back the bytes that it was.
"""

import json
import re
from collections.abc import Callable

_ESCAPE = r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)"


def spelling_of(text: str) -> Callable[[str], str]:
    """What spells a string as a valid JSON text does: what that escapes, as it does; beyond ASCII,
    escaped where nothing else stands in it; and with capitals where it has them."""
    escaped = text.removeprefix("\ufeff").isascii()
    found = set(re.findall(_ESCAPE, text)) if "\\" in text else set[str]()
    digits = "".join(escape[2:] for escape in found if escape[1] == "u")
    in_capitals = digits != digits.lower() and not re.search("[a-f]", digits.replace("\\u", ""))
    spellings = {}
    for escape in found:
        usual = json.dumps(json.loads(f'"{escape}"'), ensure_ascii=escaped)[1:-1]
        if usual != escape:
            spellings[usual] = escape
    plain = "".join(usual for usual in spellings if len(usual) == 1)
    token = re.compile(f"{_ESCAPE}|[{re.escape(plain)}]" if plain else _ESCAPE)

    def spelt(match: re.Match[str]) -> str:
        usual = match[0]
        if in_capitals and usual.startswith("\\u"):
            usual = usual.upper().replace("U", "u")
        return spellings.get(match[0], usual)

    def spell(string: str) -> str:
        usual = json.dumps(string, ensure_ascii=escaped)
        return token.sub(spelt, usual) if spellings or in_capitals else usual

    return spell
