"""What chance may change in sql/: behaviour, and nothing else."""

from itertools import islice

import pytest

from tests.mutation.sql import TESTS, by_chance, listed
from tests.mutation.sql_drawn import changes_of, drawn
from timbre_spider.storage.migrate import SQL

pytestmark = pytest.mark.unit

FILES = {path.name[:4]: path.read_text(encoding="utf-8") for path in SQL.glob("0*.sql")}


def becomes(body: str) -> set[str]:
    """All that a query in a function may become."""
    text = f"CREATE OR REPLACE FUNCTION f(n integer DEFAULT 1) RETURNS integer\nLANGUAGE sql AS $$\n{body}\n$$;\n"
    return {each.shown(text)[1] for each in changes_of("0001", text)}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("a.b < c", {"a.b <= c"}),
        ("a.b >= c", {"a.b > c"}),
        ("a -> b ->> c", set()),
        ("a.b = c", {"a.b <> c"}),
        ("UPDATE a SET b = c", set()),
        ("a.b <> c", {"a.b = c"}),
        ("a AND b", {"a OR b"}),
        ("a\n    AND (b OR c)\n", {"", "OR (b OR c)", "AND (b AND c)"}),
        ("min(a)", {"max(a)"}),
        ("greatest(a, b)", {"least(a, b)"}),
        ("coalesce(a, b)", {"a", "coalesce(b, a)"}),
        ("coalesce(f(a, b), c, d)", {"f(a, b)", "coalesce(c, f(a, b), d)"}),
        ("a IS NULL", {"a IS NOT NULL"}),
        ("a IS NOT DISTINCT FROM b", {"a IS DISTINCT FROM b"}),
        ("NOT EXISTS (b)", {"EXISTS (b)"}),
        ("EXISTS (b)", {"NOT EXISTS (b)"}),
        ("ORDER BY a DESC LIMIT 1", {"ORDER BY a LIMIT 1", "ORDER BY a DESC LIMIT 2"}),
        ("ORDER BY a, b", {"ORDER BY a DESC, b"}),
        ("a UNION ALL b", {"a UNION b"}),
        ("SELECT DISTINCT a", {"SELECT a"}),
        ("LEFT JOIN a", {"JOIN a"}),
        ("0.5 + a1", {"1.5 + a1", "0.5 - a1"}),
        ("'found'", {"'foundx'"}),
        ("interval '4 minutes'", {"interval '5 minutes'"}),
        ("lower(a)", {"(a)"}),
        ("SET a = v.a, b = v.b", {"SET b = v.b"}),
        ("BEGIN\n    PERFORM f(1);\nEND", {"BEGIN NULL;", "PERFORM f(2);"}),
        ("a -- b < c, 'd'", set()),
    ],
)
def test_what_a_line_may_become(body: str, wanted: set[str]) -> None:
    told = becomes(body)
    assert {" ".join(each.split()) for each in told} >= wanted
    assert bool(told) is bool(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE t (a integer DEFAULT 1 CHECK (a > 0 AND b IS NULL));",
        "CREATE INDEX i ON t (a) WHERE a > 1;",
        "COMMENT ON TABLE t IS 'that';",
        "INSERT INTO schema_migrations (version, name) VALUES (1, '0001') ON CONFLICT DO NOTHING;",
        "INSERT INTO genre_names (key) SELECT 'rock' WHERE a < 1;",
    ],
)
def test_what_is_no_behaviour_stays(text: str) -> None:
    assert list(changes_of("0001", text)) == []


def test_a_seed_draws_the_same_each_time_and_another_seed_others() -> None:
    first, again, other = (list(islice(drawn(FILES, seed), 20)) for seed in (1, 1, 2))
    assert first == again
    assert len(set(first) & set(other)) < 10


def test_each_change_makes_another_text_and_has_tests() -> None:
    for each in by_chance(FILES, 1):
        assert each.text != FILES[each.file], each
        assert each.was != each.becomes
        assert each.file in TESTS


def test_what_is_harmless_is_there() -> None:
    assert listed() <= {each[:3] for each in by_chance(FILES, 1)}
