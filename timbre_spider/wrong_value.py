"""What is wrong with a value, in words for whoever gave it: pydantic's are for programmers."""

from pydantic_core import ErrorDetails

# What pydantic calls it → how we do; its bounds and choices fill the braces.
_WORDS = {
    "int_parsing": "that is no whole number",
    "int_from_float": "that is no whole number",
    "int_type": "that is no whole number",
    "int_parsing_size": "that is no whole number anybody needs",
    "float_parsing": "that is no number",
    "float_type": "that is no number",
    "finite_number": "that is no number",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be {ge} or more",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be {le} or less",
    "literal_error": "write {expected}",
    "enum": "write {expected}",
    "string_type": "that is no text",
    "string_too_long": "it has more than {max_length} letters",
    "string_too_short": "it has fewer than {min_length} letters",
    "string_pattern_mismatch": "it does not look like {pattern}",
    "too_short": "it has fewer than {min_length} entries",
    "too_long": "it has more than {max_length} entries",
    "tuple_type": "write a list",
    "model_attributes_type": "write an object with names in it",
    "json_invalid": "that is no JSON ({error})",
    "uuid_parsing": "that is no id",
    "extra_forbidden": "there is no such name",
    "missing": "it is missing",
}


def why_wrong(detail: ErrorDetails) -> str:
    """Half a sentence, without the value itself, which may be a secret."""
    words = _WORDS.get(detail["type"])
    return words.format(**detail.get("ctx", {})) if words else detail["msg"].removeprefix("Value error, ").rstrip(".")
