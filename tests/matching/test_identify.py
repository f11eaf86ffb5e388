"""Who a song is, given who holds its keys."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.items import KnownSong, spelling_id
from timbre_spider.matching.identify import (
    Claim,
    hash_id,
    isrc_id,
    keys_to_ask,
    known_keys,
    name_id,
    settle,
    song_uuid,
    spotify_key,
)
from timbre_spider.matching.names.normalise import name_key
from timbre_spider.matching.overrides import Overrides

pytestmark = pytest.mark.unit

ISRC, OTHER_ISRC = "GBAYE9200070", "USRC17607839"
TRACK, OTHER_TRACK = "6b2oQwSGFkzsMtQruIWm2p", "70LcF31zb1H0PyJoS1Sx1r"


def claim(artist="Radiohead", title="Creep", **values):
    return Claim(artist, title, (name_id(artist, title),), **values)


def known(number, artist="Radiohead", title="Creep", *, isrc=None, spotify_id=None, duration_ms=None, plays=9):
    key = hash_id(name_key(artist, title))
    canonical = isrc_id(isrc) if isrc else spotify_key(spotify_id) if spotify_id else key
    return KnownSong(UUID(int=number), canonical, artist, title, isrc, spotify_id, duration_ms, plays)


def owners(*songs):
    held = {}
    for song in songs:
        held[hash_id(name_key(song.artist, song.title))] = song
        if song.isrc:
            held[isrc_id(song.isrc)] = song
        if song.spotify_id:
            held[spotify_key(song.spotify_id)] = song
    return held


def test_ids():
    assert hash_id("radiohead|creep") == "hash:e2a62b106d0cc2396c9ec7d05fb07777aa664d27"
    assert isrc_id(ISRC) == f"isrc:{ISRC}"
    assert spotify_key(TRACK) == f"spotify:{TRACK}"


@pytest.mark.parametrize(
    ("values", "canonical"),
    [
        ({}, hash_id(name_key("Radiohead", "Creep"))),
        ({"spotify_id": TRACK}, spotify_key(TRACK)),
        ({"spotify_id": TRACK, "isrc": ISRC}, isrc_id(ISRC)),
    ],
)
def test_a_new_song_goes_by_its_strongest_key(values, canonical):
    decision = settle(claim(**values), {})
    assert decision.identity.canonical_id == canonical
    assert decision.identity.song_id == song_uuid(name_id("Radiohead", "Creep"))
    assert decision.identity.keys == claim(**values).keys
    assert (decision.identity.absorbs, decision.refused, decision.reason) == ((), (), "new")


def test_a_song_known_by_name_is_upgraded_in_place():
    decision = settle(claim(isrc=ISRC, spotify_id=TRACK), owners(known(1)))
    assert decision.identity.song_id == UUID(int=1)
    assert decision.identity.canonical_id == isrc_id(ISRC)
    assert settle(claim(), owners(known(1, isrc=ISRC))).identity.canonical_id == isrc_id(ISRC)


def test_a_canonical_id_never_changes_to_another_of_its_kind():
    decision = settle(claim(isrc=OTHER_ISRC), owners(known(1, isrc=ISRC)))
    assert decision.identity.canonical_id == isrc_id(ISRC)
    assert isrc_id(OTHER_ISRC) in decision.identity.keys


def test_two_rows_found_to_be_one():
    typo, right = known(1, title="Creeep"), known(2, isrc=ISRC, spotify_id=TRACK)
    decision = settle(claim(title="Creeep", isrc=ISRC, spotify_id=TRACK), owners(typo, right))
    assert decision.identity.song_id == right.song_id
    assert decision.identity.absorbs == (typo.song_id,)
    assert decision.identity.canonical_id == isrc_id(ISRC)


def test_spellings_folded_into_one_song_unite_their_rows():
    folded = Claim("Radiohead", "Creep", (name_id("Radiohead", "Creep"), name_id("Radiohead", "Crepe")))
    decision = settle(folded, owners(known(1), known(2, title="Crepe", spotify_id=TRACK)))
    assert (decision.identity.song_id, decision.identity.absorbs) == (UUID(int=2), (UUID(int=1),))
    assert len(decision.identity.keys) == 2


@pytest.mark.parametrize(
    "holder",
    [
        known(9, "Radiohead", "Creep (Foo Remix)", isrc=ISRC, spotify_id=OTHER_TRACK),
        known(9, "Stone Temple Pilots", "Interstate Love Song", isrc=ISRC, spotify_id=OTHER_TRACK),
        known(9, "Radiohead", "Crep", isrc=ISRC, spotify_id=OTHER_TRACK, duration_ms=90_000),
    ],
)
def test_an_isrc_shared_by_two_songs_proves_nothing(holder):
    newcomer = claim(isrc=ISRC, spotify_id=TRACK, duration_ms=238_000)
    decision = settle(newcomer, owners(holder))
    assert decision.identity.canonical_id == spotify_key(TRACK)
    assert decision.identity.song_id != holder.song_id
    assert decision.refused == (isrc_id(ISRC),)
    assert isrc_id(ISRC) not in decision.identity.keys
    assert "contradict" in decision.reason


def test_without_any_other_key_the_name_remains():
    holder = known(9, "Other", "Thing", isrc=ISRC, spotify_id=TRACK)
    decision = settle(claim(isrc=ISRC, spotify_id=TRACK), owners(holder))
    assert decision.identity.canonical_id == hash_id(name_key("Radiohead", "Creep"))
    assert decision.refused == (spotify_key(TRACK), isrc_id(ISRC))


def test_a_person_says_they_are_the_same():
    other = known(1, "Radiohead", "Pop Is Dead", spotify_id=TRACK)
    mine, theirs = claim().keys[0], hash_id(name_key("Radiohead", "Pop Is Dead"))
    overrides = Overrides.of(same=[(mine, theirs)])
    assert theirs in keys_to_ask(claim(), overrides)
    assert settle(claim(), owners(other), overrides).identity.song_id == other.song_id


def test_a_person_says_they_differ():
    right = known(2, isrc=ISRC)
    typo = claim(title="Creeep", isrc=ISRC)
    assert settle(typo, owners(right)).identity.song_id == right.song_id
    overrides = Overrides.of(
        different=[(hash_id(name_key("Radiohead", "Creeep")), hash_id(name_key("Radiohead", "Creep")))]
    )
    decision = settle(typo, owners(right), overrides)
    assert decision.identity.song_id != right.song_id
    assert decision.refused == (isrc_id(ISRC),)
    assert "said to differ" in decision.reason


@pytest.mark.parametrize(("plays", "taken"), [(8, False), (10, True)])
def test_a_contested_isrc_belongs_to_the_more_played(plays, taken):
    holder = known(2, title="Creep", isrc=ISRC, plays=9)
    decision = settle(claim(title="Something Else Entirely", isrc=ISRC, plays=plays), owners(holder))
    assert decision.identity.song_id != holder.song_id
    assert (decision.identity.takes, decision.refused) == (((isrc_id(ISRC),), ()) if taken else ((), (isrc_id(ISRC),)))


def test_a_person_names_the_spotify_id():
    mine = hash_id(name_key("Radiohead", "Creep"))
    overrides = Overrides.of(spotify={mine: OTHER_TRACK})
    decision = settle(claim(isrc=ISRC, spotify_id=TRACK), {}, overrides)
    assert decision.identity.keys == (spotify_key(OTHER_TRACK), mine)
    stranger = known(3, "Other", "Thing", spotify_id=OTHER_TRACK)
    assert settle(claim(), owners(stranger), overrides).identity.song_id == stranger.song_id


def test_a_named_spotify_id_that_was_found_anyway_keeps_its_isrc():
    mine = name_id("Radiohead", "Creep")
    decision = settle(claim(isrc=ISRC, spotify_id=TRACK), {}, Overrides.of(spotify={mine: TRACK}))
    assert decision.identity.keys == (isrc_id(ISRC), spotify_key(TRACK), mine)


def test_the_holder_of_a_named_spotify_id_is_the_song_whatever_its_names_and_may_still_be_said_to_differ():
    mine, theirs = name_id("Radiohead", "Creep"), name_id("Other", "Thing")
    stranger = known(3, "Other", "Thing", spotify_id=OTHER_TRACK, duration_ms=1)
    named = {"spotify": {mine: OTHER_TRACK}}
    assert settle(claim(duration_ms=300_000), owners(stranger), Overrides.of(**named)).reason == (
        "same as Other – Thing by spotify"
    )
    apart = settle(claim(), owners(stranger), Overrides.of(**named, different=[(mine, theirs)]))
    assert apart.refused == (spotify_key(OTHER_TRACK),)


def test_the_reason_names_each_song_once_and_each_key_refused():
    typo, right = known(1, title="Creeep"), known(2, isrc=ISRC, spotify_id=TRACK)
    stranger = known(3, "Other", "Thing", isrc=OTHER_ISRC)
    one = settle(claim(title="Creeep", isrc=ISRC, spotify_id=TRACK), owners(typo, right))
    assert one.reason == "same as Radiohead – Creeep by hash; same as Radiohead – Creep by spotify"
    other = settle(claim(isrc=OTHER_ISRC), owners(stranger))
    assert other.reason == f"{isrc_id(OTHER_ISRC)} is held by Other – Thing: names or durations contradict"


@pytest.mark.parametrize("ours_first", [True, False])
def test_a_contested_key_of_two_played_alike_belongs_to_the_lesser_name(ours_first):
    names = sorted((("Radiohead", "Creep"), ("Other", "Thing")), key=lambda pair: name_id(*pair))
    ours, theirs = names if ours_first else names[::-1]
    decision = settle(claim(*ours, isrc=ISRC, plays=9), owners(known(2, *theirs, isrc=ISRC, plays=9)))
    assert bool(decision.identity.takes) is ours_first


def test_of_two_rows_of_one_kind_the_smaller_canonical_id_survives_and_stays():
    first, second = known(9, isrc=ISRC), known(1, title="Creeep", isrc=OTHER_ISRC)
    both = Claim("Radiohead", "Creep", (name_id("Radiohead", "Creep"), name_id("Radiohead", "Creeep")), isrc=OTHER_ISRC)
    identity = settle(both, owners(first, second)).identity
    assert (identity.song_id, identity.canonical_id, identity.absorbs) == (
        first.song_id, isrc_id(ISRC), (second.song_id,),
    )  # fmt: skip


def test_a_name_that_another_song_holds_by_a_person_s_word_is_refused_and_never_taken():
    holder = known(2, isrc=ISRC, plays=1)
    mine = name_id("Radiohead", "Creep")
    overrides = Overrides.of(different=[(mine, isrc_id(ISRC))])
    decision = settle(claim(plays=99), owners(holder), overrides)
    assert (decision.refused, decision.identity.takes) == ((mine,), ())


def test_a_spelling_parted_from_its_name_stays_the_song_it_became():
    plain = name_id("The Wombats", "Backfire")
    own = spelling_id(plain, "Wombats", "Backfire")
    song = KnownSong(UUID(int=2), own, "Wombats", "Backfire", None, None, None, 3)
    main = known(1, "The Wombats", "Backfire", isrc=ISRC)
    said = Overrides.of(different=[(plain, own)])
    mine = Claim("Wombats", "Backfire", (own,), isrc=ISRC, plays=3)
    decision = settle(mine, {own: song, plain: main, isrc_id(ISRC): main}, said)
    assert decision.identity.song_id == song.song_id
    assert decision.identity.keys == (own,)
    assert decision.refused == (isrc_id(ISRC),)


def test_a_song_shows_the_keys_it_may_be_known_by():
    song = known(1, isrc=ISRC, spotify_id=TRACK)
    assert known_keys(song) == {isrc_id(ISRC), spotify_key(TRACK), name_id("Radiohead", "Creep")}
    assert known_keys(known(1)) == {name_id("Radiohead", "Creep")}


def test_owners_are_asked_for_once_a_key_partners_last():
    mine, theirs = name_id("Radiohead", "Creep"), hash_id("a")
    twice = Claim("Radiohead", "Creep", (mine, mine, hash_id("b")), isrc=ISRC)
    overrides = Overrides.of(same=[(mine, theirs), (hash_id("b"), mine)])
    assert keys_to_ask(twice, overrides) == (isrc_id(ISRC), mine, hash_id("b"), theirs)


def test_overrides_reach_over():
    overrides = Overrides.of(same=[("a", "b"), ("b", "c")], different=[("c", "d")])
    assert overrides.partners(["a"]) == {"b", "c"}
    assert overrides.parted(["a"], ["d"])
    assert overrides.parted(["d"], ["b"])
    assert not overrides.parted(["a"], ["c"])


@given(st.permutations([known(1), known(2, title="Creeep", spotify_id=TRACK), known(3, title="Crreep", isrc=ISRC)]))
def test_who_survives_does_not_depend_on_order(songs):
    identity = settle(claim(isrc=ISRC, spotify_id=TRACK), owners(*songs)).identity
    assert identity.song_id == UUID(int=3)
    assert set(identity.absorbs) == {UUID(int=1), UUID(int=2)}
