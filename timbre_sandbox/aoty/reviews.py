"""What people wrote, which is most of an album's page: reviews of critics and users, lists, comments, contributors.

Made once, of words that mean nothing; an album's page takes some of each, with its own number in them.
"""

from functools import cache
from random import Random

from ..coarse import slug
from ..world.words import ADJECTIVES, FIRST, GERUNDS, LAST, NOUNS
from .frame import CDN, bar, colour

_CDN_USERS = "https://cdn.albumoftheyear.org/user/thumbs"
_PUBLICATIONS = (
    "AllMusic", "Pitchfork", "The Needle Drop", "Rolling Stone", "NME", "Clash", "Exclaim!", "The Guardian", "Slant",
    "Paste", "Uncut", "Mojo", "The Line of Best Fit", "Under the Radar", "PopMatters", "Spin", "Stereogum", "DIY",
    "Consequence", "Beats Per Minute", "Sputnikmusic", "The Skinny", "Loud and Quiet", "No Ripcord", "Q Magazine",
)  # fmt: skip
_MOST_CRITICS, _MOST_USERS, _MADE = 20, 3, 36
# Where an album's own number and path go; made blocks hold these two and are else the same for all.
_NUMBER, _PATH = "\x01", "\x02"


def critics_section(number: int, path: str, count: int) -> str:
    """The critics' reviews, at most 20 of them; their scores are not the album's."""
    if not count:
        return ""
    blocks = "".join(_pick(_critic_reviews(), number, min(count, _MOST_CRITICS)))
    return _placed(f"{_CRITICS_HEAD}{blocks}</div></section>", number, path)


def users_sections(number: int, path: str, count: int) -> str:
    """Popular and recent reviews of users."""
    if not count:
        return ""
    popular = "".join(_pick(_user_reviews(), number, min(count, _MOST_USERS)))
    recent = "".join(_pick(_user_reviews(), number + 7, min(count, _MOST_USERS)))
    return _placed(_POPULAR_HEAD + popular + "</section>" + _RECENT_HEAD + recent + "</section>", number, path)


def contributors(number: int) -> str:
    """Who added what the page says."""
    return _CONTRIBUTORS_HEAD + ", ".join(_pick(_users(), number, 12)) + "</div>"


def side_boxes(number: int, path: str, count: int) -> str:
    """Lists the album is on, and the last comments."""
    lists = "".join(_pick(_lists(), number, 8 if count > 20 else 2))
    comments = "".join(_pick(_comments(), number, 6 if count > 20 else 1))
    return _placed(f"{_LISTS_HEAD}{lists}</div>{_COMMENTS_HEAD}{comments}</span></div>", number, path)


def _pick(blocks: tuple[str, ...], number: int, count: int) -> list[str]:
    first = number % len(blocks)
    return [*blocks[first:], *blocks[:first]][:count]


def _placed(text: str, number: int, path: str) -> str:
    return text.replace(_NUMBER, str(number)).replace(_PATH, path)


def _sentence(rng: Random, words: int) -> str:
    made = [rng.choice((*NOUNS, *ADJECTIVES, *GERUNDS)).lower() for _ in range(words)]
    return " ".join(made).capitalize() + "."


def _words(rng: Random, sentences: int) -> str:
    return " ".join(_sentence(rng, rng.randrange(9, 18)) for _ in range(sentences))


@cache
def _users() -> tuple[str, ...]:
    rng = Random("users")
    names = [f"{rng.choice(FIRST)}{rng.choice(LAST)}{rng.randrange(99)}" for _ in range(_MADE)]
    return tuple(f'<a href="/user/{slug(name)}/" title="{name}">{name}</a>' for name in names)


@cache
def _critic_reviews() -> tuple[str, ...]:
    rng = Random("critics")
    return tuple(_critic_review(rng, place) for place in range(_MADE))


def _critic_review(rng: Random, place: int) -> str:
    name = _PUBLICATIONS[place % len(_PUBLICATIONS)]
    path, review, score = f"{place + 3}-{slug(name)}", 500_000 + place, rng.randrange(40, 100)
    author = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    source = f"https://www.{slug(name)}.com/reviews/albums/{slug(_sentence(rng, 5))}-{rng.randrange(10**6)}/"
    return f"""
                            <div class="albumReviewRow">
                                <div class="dotDropMenuContainer">
                                    <div class="dotDropMenuButton">
                                        <button class="criticReviewMenuToggle" data-review-id="{review}">
                                            <i class="far fa-ellipsis-h"></i>
                                        </button>
                                    </div>
                                    <div class="dotDropMenu" id="critic_review_{review}">
                                        <div class="row">
                                            <a href="/ratings/{path}-highest-rated/2026/1" rel="nofollow">
                                                <i class="fa-light fa-star"></i>
                                                Best of 2026
                                            </a>
                                        </div>
                                        <div class="row">
                                            <a href="/publication/{path}/reviews/" rel="nofollow">
                                                <i class="fa-light fa-clock-rotate-left"></i>
                                                Recent Reviews
                                            </a>
                                        </div>
                                        <div class="row">
                                            <button class="showArtistRatings" data-critic-id="{place + 3}"
                                             data-album-id="{_NUMBER}">
                                                <i class="fa-light fa-ranking-star"></i>
                                                Artist Ratings
                                            </button>
                                        </div>
                                    </div>
                                </div>
                                <div style="float:left;">
                                    <div class="albumReviewRating">{score}</div>
                                    <div class="albumReviewRatingBar {colour(score)}">
                                        <div class="{colour(score)}" style="width:{score}%;"></div>
                                    </div>
                                </div>
                                <div class="albumReviewImage">
                                    <a href="/publication/{path}/">
                                        <img src="{CDN}/75x0/publication/{slug(name)}-sq.jpg" alt="{name}"/>
                                    </a>
                                </div>
                                <div class="albumReviewHeader">
                                    <div class="publication">
                                        <a href="/publication/{path}/">{name}</a>
                                    </div>
                                    <div class="author">
                                        <a class="gray" href="/critic/{place}-{slug(author)}/">{author}</a>
                                    </div>
                                </div>
                                <div class="albumReviewText">
                                    <p>{_words(rng, 3)}</p>
                                </div>
                                <div class="albumReviewLinks">
                                    <div class="actionContainer">
                                        <div class="extLinkIcon">
                                            <a href="{source}" target="_blank" rel="nofollow">
                                                <i class="fal fa-link"></i>
                                            </a>
                                        </div>
                                        <div class="extLink">
                                            <a href="{source}" target="_blank" rel="nofollow">Full Review</a>
                                        </div>
                                    </div>
                                    <div class="actionContainer" title="31 Jan 2026 16:48:24 GMT">
                                        <div class="date">3mo</div>
                                    </div>
                                </div>
                                <div class="clear"></div>
                            </div>"""


@cache
def _user_reviews() -> tuple[str, ...]:
    rng = Random("reviews")
    return tuple(_user_review(rng, 7_000_000 + place, user) for place, user in enumerate(_users()))


def _user_review(rng: Random, review: int, user: str) -> str:
    score = rng.randrange(20, 100)
    return f"""
                        <div class="albumReviewRow" id="review_{review}">
                            <div class="userReviewImage">
                                <a href="/user/{review}/">
                                    <img src="{_CDN_USERS}/{review}.jpg" alt="{review}" loading="lazy"/>
                                </a>
                            </div>
                            <div class="userReviewName">{user}</div>
                            <div class="ratingBlock">
                                <div class="rating">{score}</div>
                                {bar(score)}
                            </div>
                            <div class="albumReviewText user">
                                <p>{_words(rng, 3)}</p>
                                <p>{_words(rng, 3)}</p>
                            </div>
                            <div class="albumReviewLinks user">
                                <div class="actionContainer">
                                    <div class="review_like">
                                        <a href="/account/">
                                            <i class="far fa-heart"></i>
                                        </a>
                                    </div>
                                    <div class="review_likes_container" id="review_likes_{review}">
                                        <div class="review_likes">{rng.randrange(900)}</div>
                                    </div>
                                </div>
                                <div class="actionContainer">
                                    <div class="review_comments">
                                        <a href="/user/{review}/album/{_NUMBER}/">
                                            <div class="commentIcon">
                                                <i class="far fa-comment"></i>
                                            </div>
                                            <div class="comment_count">24</div>
                                        </a>
                                    </div>
                                </div>
                                <div class="actionContainer">
                                    <div class="review_date">3mo</div>
                                </div>
                            </div>
                            <div class="clear"></div>
                        </div>"""


@cache
def _lists() -> tuple[str, ...]:
    rng = Random("lists")
    return tuple(
        f"""
                        <div class="commentRow">
                            <div class="commentImage sideBar">
                                <a href="/list/{300_000 + place}/">
                                    <img src="{_CDN_USERS}/{place}_1778291427.jpg" loading="lazy"/>
                                </a>
                            </div>
                            <div>
                                <a href="/list/{300_000 + place}/">{_sentence(rng, 7)}</a>
                            </div>
                            <div>By {user}</div>
                            <div class="clear"></div>
                        </div>"""
        for place, user in enumerate(_users())
    )


@cache
def _comments() -> tuple[str, ...]:
    rng = Random("comments")
    return tuple(
        f"""
                        <div class="commentRow" id="comment_{4_000_000 + place}">
                            <div class="commentImage">
                                <a href="/user/{place}/">
                                    <img src="{_CDN_USERS}/{place}_1776809884.jpg" loading="lazy"/>
                                </a>
                            </div>
                            <div class="commentUserName">{user}</div>
                            <div class="commentDate" title="06 Mar 2026 07:51:42 GMT">2mo</div>
                            <div class="commentText">{_words(rng, 2)}</div>
                            <div class="commentFunctions">
                                <div>
                                    <a href="#" class="showRepliesList" data-show-reply="{place}"
                                     data-album-id="{_NUMBER}">
                                        <i class="fas fa-reply"></i>
                                    </a>
                                </div>
                            </div>
                        </div>"""
        for place, user in enumerate(_users())
    )


def _heading(icon: str, name: str, path: str) -> str:
    return (
        f'<div class="sectionHeading"><i class="{icon}"></i><h2><a href="{path}">{name}</a></h2>'
        f'<div class="viewAll"><a href="{path}">View All</a></div></div>'
    )


_CRITICS_HEAD = f"""<section id="critics" class="section"><div class="sectionHeading">
<i class="fas fa-newspaper"></i><h2>Critic Reviews</h2>
<div class="viewAll"><a href="/add-rating.php?id={_NUMBER}" rel="nofollow">Add Critic Rating</a></div></div>
<div id="criticReviewContainer"><div class="menuDropFloatRight"><div class="menuDropText">Sort</div></div>
<div class="clear"></div>"""
_POPULAR_HEAD = '<section id="users" class="section">' + _heading(
    "fa-solid fa-fire", "Popular User Reviews", f"{_PATH}/user-reviews/"
)
_RECENT_HEAD = '<section class="section">' + _heading(
    "fa-solid fa-clock", "Recent User Reviews", f"{_PATH}/user-reviews/?sort=recent"
)
_CONTRIBUTORS_HEAD = '<div class="section" id="contributions"><div class="sectionHeading">Contributions By</div>'
_LISTS_HEAD = '<div class="rightBox">' + _heading("fas fa-list", "User Lists", f"{_PATH}/user-lists/")
_COMMENTS_HEAD = (
    '<div class="rightBox">' + _heading("far fa-comment", "Comments", f"{_PATH}/comments/") + '<span id="commentList">'
)
