"""What Last.fm's error codes mean for us."""

from timbre_spider.errors import KeyRejected, SourceError, Unusable, UserPrivate, UserUnknown

# Not found or not to be seen: the answer to one question.
ABSENT = {6, 7, 17}
# Seconds in which nobody asks: 29 is the rate limit (30 to 60 s [observed]), 11 and 16 are documented as temporary.
WAITS = {11: 60.0, 16: 30.0, 29: 60.0}
# Seconds until one question is asked again: an 8 mostly clears by then [observed], 2 is offline or a bad endpoint
# [docs].
AGAIN = {2: 30.0, 8: 5.0}
_KEY = {
    4: "is not authorised",
    9: "has a session that is not valid",
    10: "is not valid",
    13: "comes with a wrong signature",
    26: "is suspended",
}


def refusal(code: int, message: str, user: str = "") -> SourceError:
    """The error for a code and message of Last.fm [docs]; 6 is "not found" or "bad parameter"."""
    if code in _KEY:
        return KeyRejected(
            f"Last.fm rejects the API key: it {_KEY[code]} (error {code}). Check LASTFM_API_KEY; "
            "a new one is free at https://www.last.fm/api/account/create."
        )
    if code == 17:
        return UserPrivate(
            f"The listening history of {_named(user)} is hidden (error 17). Its owner can show it at "
            "https://www.last.fm/settings/privacy."
        )
    if code == 6 and _names_unknown_user(message):
        return UserUnknown(f"Last.fm has no user {_named(user)} (error 6). Check LASTFM_USERNAME or the user given.")
    said = f" ({message[:100]})" if message else ""
    return Unusable(f"Last.fm answers with error {code}{said}: try again later.", WAITS.get(code, AGAIN.get(code)))


def names_no_page(message: str) -> bool:
    """Whether an error 6 says that there is no such page."""
    return "no such page" in message.lower()


def names_nothing_found(message: str) -> bool:
    """Whether an error 6 is about something that is not there, and not about the question."""
    said = message.lower()
    return ("found" in said or "no such" in said or "unknown" in said) and "missing" not in said


def _named(user: str) -> str:
    return f"“{user}”" if user else "of this name"


def _names_unknown_user(message: str) -> bool:
    said = message.lower()
    return "user" in said and ("found" in said or "invalid user" in said) and "missing" not in said
