"""Telephone numbers by the numbering plans of countries, with the extra `phone` (phonenumberslite)."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.records.fields.invalid import Invalid

phonenumbers: Any
try:
    import phonenumbers
except ModuleNotFoundError:  # the extra is not installed; said when a field asks for it
    phonenumbers = None

NOT_OF_REGION = {
    "en": "'{seen}' is not a telephone number of {region} or with a country's code before it",
    "zh-CN": "“{seen}”不是 {region} 的有效号码；境外号码请加国家代码",
}
NOT_MOBILE = {"en": "'{seen}' is not a mobile number", "zh-CN": "“{seen}”不是手机号码"}
MOBILE = (1, 2)
"""The kinds of number that a mobile one can be: MOBILE, and FIXED_LINE_OR_MOBILE where a country does not tell."""


def ready() -> bool:
    """Whether the library is installed; a form that asks for a region is refused when it is not."""
    return phonenumbers is not None


def known_region(region: str) -> bool:
    """Whether there is a numbering plan of a country (ISO 3166, two capitals)."""
    return region in phonenumbers.SUPPORTED_REGIONS


def in_region(number: str, region: str, *, mobile: bool) -> str:
    """A number as it is kept: digits alone for one of the region, with plus and country code for another."""
    main, mark, extension = number.partition("x") if "x" in number else (number, "", "")
    try:
        parsed = phonenumbers.parse(main, region)
    except phonenumbers.NumberParseException:
        raise Invalid("records.not-phone-of-region", NOT_OF_REGION, seen=number, region=region) from None
    if not phonenumbers.is_valid_number(parsed):
        raise Invalid("records.not-phone-of-region", NOT_OF_REGION, seen=number, region=region)
    if mobile and phonenumbers.number_type(parsed) not in MOBILE:
        raise Invalid("records.not-mobile", NOT_MOBILE, seen=number)
    if phonenumbers.region_code_for_number(parsed) == region:
        kept = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        kept = "".join(each for each in kept if each.isdigit())
    else:
        kept = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{kept}{mark}{extension}"
