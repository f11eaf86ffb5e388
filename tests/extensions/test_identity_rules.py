"""What the operator said about who is who, from the database and the configuration."""

from uuid import UUID

import pytest

from tests.storage.making import song, store
from timbre_spider.config import load_config
from timbre_spider.errors import ConfigError
from timbre_spider.extensions.identity_rules import IdentityRules, overrides_of
from timbre_spider.items import spelling_id
from timbre_spider.matching.identify import name_id
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.overrides import Overrides
from timbre_spider.storage.database import Database
from timbre_spider.storage.override_store import add_override

pytestmark = pytest.mark.integration

TIDE, EBB, MOTH, LAMP = (name_id(*each) for each in (("Ann", "Tide"), ("Ann", "Ebb"), ("Bob", "Moth"), ("Bob", "Lamp")))


def test_a_person_s_words_and_the_variants_of_the_configuration_are_the_rules(database: Database) -> None:
    store(database, song("Ann", "Tide", song_id=UUID(int=1)), song("Ann", "Ebb", song_id=UUID(int=2)))
    store(database, song("Bob", "Moth", song_id=UUID(int=3)), song("Bob", "Lamp", song_id=UUID(int=4)))
    add_override(database, "different", TIDE, EBB)
    add_override(database, "same", MOTH, LAMP)
    add_override(database, "spotify", TIDE, "1" * 22)
    add_override(database, "aoty", EBB, "https://www.albumoftheyear.org/album/1-a.php")
    rules = IdentityRules.load(database, load_config(_env_file=None, collapse_variants="remaster"))
    assert rules.overrides.different == {TIDE: {EBB}, EBB: {TIDE}}
    assert rules.overrides.same == {MOTH: {LAMP}, LAMP: {MOTH}}
    assert rules.overrides.spotify == {TIDE: "1" * 22}
    assert rules.overrides.aoty == {EBB: "https://www.albumoftheyear.org/album/1-a.php"}
    assert rules.overrides == overrides_of(database)
    assert rules.collapse == {Variant.REMASTER}


@pytest.mark.parametrize(("variants", "is_one"), [("remaster,live", True), ("remaster", False)])
def test_a_song_s_identity_leaves_out_the_variants_that_collapse(
    database: Database, variants: str, is_one: bool
) -> None:
    rules = IdentityRules.load(database, load_config(_env_file=None, collapse_variants=variants))
    assert rules.name_id("Ann", "Tide (Remastered)") == rules.name_id("Ann", "Tide") == TIDE
    assert (rules.name_id("Ann", "Tide (Live)") == TIDE) is is_one


def test_a_spelling_that_was_parted_has_an_identity_of_its_own() -> None:
    own = spelling_id(TIDE, "ANN", "TIDE")
    rules = IdentityRules(Overrides.of(different=[(TIDE, own)]))
    assert (rules.name_id("Ann", "Tide"), rules.name_id("ANN", "TIDE")) == (TIDE, own)


def test_a_variant_nobody_knows_is_named_with_those_that_are(database: Database) -> None:
    with pytest.raises(ConfigError, match=r"COLLAPSE_VARIANTS: .*lave.* Known are remaster, live, .*version\."):
        IdentityRules.load(database, load_config(_env_file=None, collapse_variants="lave"))
