"""E-mail and web addresses, and telephone numbers as Google's libphonenumber knows them.

Every repetition is bounded, so a text takes time in proportion to its length.
"""

import re
from collections.abc import Iterator

# Letters of Latin alphabets only: Chinese text has no blank before an address.
LETTER = r"A-Za-z0-9\u00c0-\u024f"
LABEL = rf"[{LETTER}](?:[{LETTER}-]{{0,61}}[{LETTER}])?"
HOST = rf"(?:{LABEL}\.){{1,8}}[A-Za-z]{{2,24}}"
EMAIL = re.compile(
    rf"(?<![{LETTER}._%+-])[{LETTER}_%+-](?:[{LETTER}._%+-]{{0,62}}[{LETTER}_%+-])?@{HOST}"
    rf"(?![{LETTER}@])"
)
# Up to a blank, a bracket, a quotation mark or anything of East Asia.
PATH = r"[^\s<>\"'`{}|\\^\[\]\u2018-\u201f\u2e80-\U0010ffff]"
URL = re.compile(
    rf"(?<![{LETTER}@./-])(?:(?:https?|ftp)://(?:[\w-]{{1,63}}\.){{0,8}}[\w-]{{1,63}}|www\.{HOST})"
    rf"(?::\d{{1,5}})?(?:[/?#]{PATH}{{0,2000}})?",
    re.IGNORECASE | re.ASCII,
)
ENDS_A_SENTENCE = ".,;:!?)*"
EAST_ASIAN = re.compile(r"[\u3400-\u9fff]")
CALLING = re.compile(
    r"(?:phone|call|ring|tel|mobile|cell|fax|text|sms|whatsapp|dial|number)\W{0,3}"
    r"(?:(?:us|me|him|her|them|is|on|at|now|no|still)\W{1,2}){0,2}$",
    re.IGNORECASE,
)
# An order's number is none to call.
COUNTING = re.compile(
    r"(?:order|serial|account|tracking|invoice|ticket|part|model|reference|case|card|customer|member"
    r"|passport|flight|registration|licen[cs]e|item|product|policy|batch|student|id)"
    r" (?:number|no\.?)\W{0,3}(?:is\W{1,2})?$",
    re.IGNORECASE,
)
# As Chinese tells it; libphonenumber knows x, ext. and #.
EXTENSION = re.compile(r" ?[,，]? ?[转轉](?:分机)?[:： ]?\d{1,6}|[ -]?分机号?[:： ]?\d{1,6}")  # noqa: RUF001
# libphonenumber reads 021-61234567-801 as one number of too many digits.
WITH_EXTENSION = re.compile(r"(?<![\d-])0\d{2,3}-\d{7,8}-\d{1,6}(?![\d-])")
# Written as in North America: nobody writes anything else so, also where no area has the code.
AMERICAN = re.compile(r"\(?\d{3}\)?[ .-]?\d{3}[.-]\d{4}")
# Without its country's code a British number begins with a zero, and no American one does.
BRITISH = re.compile(r"(?<![\d+])[(（]?0\d")  # noqa: RUF001
FEWEST = 7  # digits of a number without its area's
BEFORE = 30  # characters in which a word may say that a number is for calling


def addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, "EMAIL" or "URL") of each."""
    for match in EMAIL.finditer(text):
        if ".." not in match[0]:
            yield *match.span(), "EMAIL"
    for match in URL.finditer(text):
        address = match[0]
        while address[-1] in ENDS_A_SENTENCE and not (address[-1] == ")" and "(" in address):
            address = address[:-1]
        yield match.start(), match.start() + len(address), "URL"


def phones(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, "PHONE") of each, written as in China where the text is Chinese, else as in the
    United States or Britain, or with its country's code.
    """
    import phonenumbers

    chinese = EAST_ASIAN.search(text) is not None
    for region in ("CN",) if chinese else ("US", "GB") if BRITISH.search(text) else ("US",):
        possible = phonenumbers.Leniency.POSSIBLE
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=possible):
            digits = match.raw_string
            valid = phonenumbers.is_valid_number(match.number)
            # Ten bare digits may be an order's number, and what is not in use an invented one.
            sure = valid and (chinese or not digits.isdecimal())
            before = text[max(0, match.start - BEFORE) : match.start]
            calling = CALLING.search(before) and not COUNTING.search(before)
            marked = digits[0] in "+＋" or calling  # noqa: RUF001
            marked = (
                marked
                or AMERICAN.fullmatch(digits.removeprefix("("))
                and not COUNTING.search(before)
            )
            if sure or (marked and sum(map(str.isdecimal, digits)) >= FEWEST):
                extension = EXTENSION.match(text, match.end)
                # Its bracket may be one around the number: "(555-867-5309)".
                start = match.start + (digits[0] == "(" and ")" not in digits)
                yield start, extension.end() if extension else match.end, "PHONE"
    if chinese:
        yield from ((*match.span(), "PHONE") for match in WITH_EXTENSION.finditer(text))
