"""The languages that Whisper knows, by its own codes; Cantonese since large-v3 only.

Source: the language tokens of https://huggingface.co/openai/whisper-large-v3.
"""

import re
from typing import TYPE_CHECKING, Literal

from tasks.languages import FIND_OUT, language_code

# fmt: off
LANGUAGES: tuple[tuple[str, str], ...] = (
    ("en", "English"), ("zh", "Chinese"), ("af", "Afrikaans"), ("sq", "Albanian"),
    ("am", "Amharic"), ("ar", "Arabic"), ("hy", "Armenian"), ("as", "Assamese"),
    ("az", "Azerbaijani"), ("ba", "Bashkir"), ("eu", "Basque"), ("be", "Belarusian"),
    ("bn", "Bengali"), ("bs", "Bosnian"), ("br", "Breton"), ("bg", "Bulgarian"), ("ca", "Catalan"),
    ("hr", "Croatian"), ("cs", "Czech"), ("da", "Danish"), ("nl", "Dutch"), ("et", "Estonian"),
    ("fo", "Faroese"), ("fi", "Finnish"), ("fr", "French"), ("gl", "Galician"), ("ka", "Georgian"),
    ("de", "German"), ("el", "Greek"), ("gu", "Gujarati"), ("ht", "Haitian Creole"),
    ("ha", "Hausa"), ("haw", "Hawaiian"), ("he", "Hebrew"), ("hi", "Hindi"), ("hu", "Hungarian"),
    ("is", "Icelandic"), ("id", "Indonesian"), ("it", "Italian"), ("ja", "Japanese"),
    ("jw", "Javanese"), ("kn", "Kannada"), ("kk", "Kazakh"), ("km", "Khmer"), ("ko", "Korean"),
    ("lo", "Lao"), ("la", "Latin"), ("lv", "Latvian"), ("ln", "Lingala"), ("lt", "Lithuanian"),
    ("lb", "Luxembourgish"), ("mk", "Macedonian"), ("mg", "Malagasy"), ("ms", "Malay"),
    ("ml", "Malayalam"), ("mt", "Maltese"), ("mi", "Maori"), ("mr", "Marathi"), ("mn", "Mongolian"),
    ("my", "Myanmar"), ("ne", "Nepali"), ("no", "Norwegian"), ("nn", "Nynorsk"), ("oc", "Occitan"),
    ("ps", "Pashto"), ("fa", "Persian"), ("pl", "Polish"), ("pt", "Portuguese"), ("pa", "Punjabi"),
    ("ro", "Romanian"), ("ru", "Russian"), ("sa", "Sanskrit"), ("sr", "Serbian"), ("sn", "Shona"),
    ("sd", "Sindhi"), ("si", "Sinhala"), ("sk", "Slovak"), ("sl", "Slovenian"), ("so", "Somali"),
    ("es", "Spanish"), ("su", "Sundanese"), ("sw", "Swahili"), ("sv", "Swedish"), ("tl", "Tagalog"),
    ("tg", "Tajik"), ("ta", "Tamil"), ("tt", "Tatar"), ("te", "Telugu"), ("th", "Thai"),
    ("bo", "Tibetan"), ("tr", "Turkish"), ("tk", "Turkmen"), ("uk", "Ukrainian"), ("ur", "Urdu"),
    ("uz", "Uzbek"), ("vi", "Vietnamese"), ("cy", "Welsh"), ("yi", "Yiddish"), ("yo", "Yoruba"),
    ("yue", "Cantonese"),
)
# fmt: on

# For pydantic one of the codes; a type checker cannot evaluate a Literal that is computed.
if TYPE_CHECKING:
    LanguageCode = str
else:
    LanguageCode = Literal[tuple(code for code, _ in LANGUAGES)]

# Of transformers' own list (TO_LANGUAGE_CODE), and codes that other lists have.
ALIASES = {
    **{"burmese": "my", "valencian": "ca", "flemish": "nl", "haitian": "ht", "pushto": "ps"},
    **{"letzeburgesch": "lb", "panjabi": "pa", "moldavian": "ro", "moldovan": "ro"},
    **{"sinhalese": "si", "castilian": "es", "mandarin": "zh", "jv": "jw", "nb": "no"},
    **{"fil": "tl", "iw": "he", "zh-yue": "yue", "cmn": "zh"},
    **{"nob": "no", "nor": "no", "nno": "nn", "tgl": "tl", "bokmål": "no", "bokmal": "no"},
    **{"华语": "zh", "華語": "zh", "国语": "zh", "國語": "zh", "漢語": "zh", "普通話": "zh"},
    **{"粤语": "yue", "粵語": "yue", "广东话": "yue", "廣東話": "yue"},
}


def spoken_code(language: object) -> object:
    """A language however it is called ("english", "EN", "en-US", "<|en|>") -> Whisper's code.

    None for what means "find out"; what is unknown stays as it is.
    """
    if not isinstance(language, str):
        return language
    name = language.strip().strip("<|>").lower().replace("_", "-")
    if name in FIND_OUT:
        return None
    codes = {code: code for code, _ in LANGUAGES}
    spellings = {**codes, **{english.lower(): code for code, english in LANGUAGES}, **ALIASES}
    head = name.partition("-")[0]
    if name in spellings or head in spellings:
        return spellings.get(name) or spellings[head]
    try:
        plain = str(language_code(name)).partition("-")[0]
    except ValueError:
        plain = ""
    words = re.findall(r"\w+", name)  # "Brazilian Portuguese", "English (US)"
    return spellings.get(plain) or next((spellings[w] for w in words if w in spellings), language)
