"""Made-up names, so that a model learns to match letters instead of names it has met."""

import random

INVENTED = "@name"  # stands for one where texts are listed
ONSETS = tuple("b br c ch d dr f g gl h j k l m n p r s st t tr v w z".split())
VOWELS = tuple("a e i o u ai ea ou".split())
ENDS = tuple("n r s l ton ville berg field ford mar nia son ley wick".split())


def name(order: random.Random) -> str:
    """Two to three syllables, with a capital: "Chaverton"."""
    parts = [order.choice(ONSETS) + order.choice(VOWELS) for _ in range(order.randint(1, 2))]
    return ("".join(parts) + order.choice(ENDS)).capitalize()
