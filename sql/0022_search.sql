-- Finding songs among many: by words of their names, and page by page in an order.

-- The words of a name as a person would type them: without case, accents and signs, in any script. Cut, because a word of
-- a tsvector has at most 2,046 bytes. Most names are of plain letters, and the same is found at a fraction of the cost.
CREATE OR REPLACE FUNCTION timbre_plain_words(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN length(name) <= 500 AND name ~ '^[A-Za-z0-9]+([ -][A-Za-z0-9]+)*$' THEN translate(lower(name), '-', ' ')
    ELSE trim(left(regexp_replace(lower(regexp_replace(normalize(name, NFKD), E'[\u0300-\u036f]', '', 'g')),
        E'[\u0001-/:-@\\[-`{-\u00bf\u2000-\u206f\u3000-\u303f]+', ' ', 'g'), 500)) END;

CREATE OR REPLACE FUNCTION timbre_words(name text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(array_remove(string_to_array(timbre_plain_words(name), ' '), ''));

-- Names that have, for each word typed, one that begins so; null where no word was typed.
CREATE OR REPLACE FUNCTION timbre_words_typed(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT string_agg(quote_literal(w) || ':*', ' & ')::tsquery
    FROM unnest(string_to_array(timbre_plain_words(typed), ' ')) w WHERE w <> '');

CREATE INDEX IF NOT EXISTS songs_words ON songs USING gin (timbre_words(artist || ' ' || title));
-- Songs that lack it are few, and are not met in an order of all.
CREATE INDEX IF NOT EXISTS songs_without_isrc ON songs (id) WHERE isrc IS NULL;
CREATE INDEX IF NOT EXISTS songs_without_spotify ON songs (id) WHERE spotify_id IS NULL;
CREATE INDEX IF NOT EXISTS lastfm_stats_plays ON lastfm_stats (playcount, song_id);
CREATE INDEX IF NOT EXISTS aoty_attrs_score ON aoty_attrs (user_score, song_id) WHERE user_score IS NOT NULL;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (22, '0022_search') ON CONFLICT DO NOTHING;
