"""Amounts in words: 人民币大写 for Chinese, words of numbers for English. Other languages have the English words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from lowcode.kernel.expressions.functions.conversion import chinese_capitals

ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
UNITS = {
    "CNY": ("yuan", "yuan", "fen", "fen"),
    "USD": ("US dollar", "US dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "JPY": ("yen", "yen", "sen", "sen"),
    "HKD": ("Hong Kong dollar", "Hong Kong dollars", "cent", "cents"),
    "TWD": ("New Taiwan dollar", "New Taiwan dollars", "cent", "cents"),
}
"""One and more of the unit, one and more of its hundredth part."""
CHINESE = {
    "CNY": "人民币", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元", "TWD": "新台币",
}  # fmt: skip
LIMIT = 10**15


def currency_name(currency: str, tag: str) -> str:
    """What a currency is called in a sentence: 人民币 or CNY; of others than the usual their code."""
    return CHINESE.get(currency, currency) if tag.lower().startswith("zh") else currency


def amount_in_words(value: Decimal, tag: str, currency: str) -> str:
    """The amount as contracts and receipts write it out; in figures where it is too large for words."""
    if tag.lower().startswith("zh"):
        return chinese_capitals(value) or f"{value:,.2f}"
    cents = int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))
    whole, rest = divmod(abs(cents), 100)
    if whole >= LIMIT:
        return f"{value:,.2f}"
    one, many, part, parts = UNITS.get(currency, (currency, currency, "cent", "cents"))
    said = f"{number_in_words(whole)} {one if whole == 1 else many}"
    if rest:
        said += f" and {number_in_words(rest)} {part if rest == 1 else parts}"
    said = f"minus {said}" if cents < 0 else said
    return f"{said[0].upper()}{said[1:]}{'' if rest else ' only'}"


def number_in_words(number: int) -> str:
    """A whole number in English words, from 0 to below 10^15."""
    for size, name in SCALES:
        if number >= size:
            head, rest = divmod(number, size)
            joined = "" if not rest else f" {'and ' if rest < 100 else ''}{number_in_words(rest)}"
            return f"{number_in_words(head)} {name}{joined}"
    if number >= 100:
        head, rest = divmod(number, 100)
        return f"{ONES[head]} hundred{f' and {number_in_words(rest)}' if rest else ''}"
    if number >= 20:
        head, rest = divmod(number, 10)
        return TENS[head] + (f"-{ONES[rest]}" if rest else "")
    return ONES[number]
