-- What the service's lists are looked up by among many songs, and the names of genres for a whole library at once.

-- By whom a song was heard; statistics about listeners come with it, which the views of plays need too.
CREATE INDEX IF NOT EXISTS aliases_listener ON aliases (lower(listener));

-- Songs by their last change, page by page: many change in one moment, so the id is needed to go on from.
DROP INDEX IF EXISTS songs_changed;
CREATE INDEX IF NOT EXISTS songs_changed_at ON songs (updated_at, id);

-- The names of all spellings that a library is tagged with, as timbre_styles gives them; `told`: {spelling: whether Album of
-- the Year lists it as a genre}. `style` numbers the names.
CREATE OR REPLACE FUNCTION timbre_style_names(told jsonb)
RETURNS TABLE (spelling text, style integer, name text, kind text)
LANGUAGE sql STABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    WITH worded AS MATERIALIZED (
        SELECT t.key AS spelling, timbre_tag_key(t.key) AS key, t.value::boolean AS listed,
            coalesce(nullif(timbre_plain_words(t.key), ''), lower(left(t.key, 500))) AS words
        FROM jsonb_each(told) t
    ), named AS MATERIALIZED (
        SELECT key, coalesce(n.name, min(words COLLATE "C")) AS name,
            coalesce(n.kind, CASE WHEN bool_or(listed) THEN 'genre' END, timbre_tag_kind(min(words COLLATE "C"))) AS kind
        FROM worded LEFT JOIN genre_names n USING (key) GROUP BY key, n.name, n.kind
    )
    SELECT w.spelling, (dense_rank() OVER (ORDER BY n.name, n.kind))::integer, n.name, n.kind FROM worded w JOIN named n USING (key)
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (44, '0044_lookups') ON CONFLICT DO NOTHING;
