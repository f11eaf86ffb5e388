-- The catalogue of AOTY's albums: what every page and file told of each, and what is held to be true of it.
--
-- A sighting is what one kind of page last told. Nothing is thrown together when it is written: the view aoty_albums
-- takes each field from the strongest sighting that tells it, so that weak knowledge (a card, a data set) fills gaps and
-- never replaces strong (the album's own page). Songs have their album's values from here.

-- The number in an album's address, which is its name for life; titles in addresses change. Null: no album's address.
CREATE OR REPLACE FUNCTION timbre_album_number(url text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substring(split_part(url, '/album/', 2) FROM '^\d{1,9}(?!\d)')::integer;

CREATE TABLE IF NOT EXISTS aoty_sightings (
    seen_at timestamptz NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    strength smallint NOT NULL GENERATED ALWAYS AS (CASE kind WHEN 'album' THEN 3 WHEN 'chart' THEN 2 ELSE 1 END) STORED,
    rating_count integer CHECK (rating_count >= 0),
    critic_count integer CHECK (critic_count >= 0),
    user_score numeric(7, 4) CHECK (user_score BETWEEN 0 AND 100),
    critic_score numeric(7, 4) CHECK (critic_score BETWEEN 0 AND 100),
    kind text NOT NULL CHECK (kind IN ('album', 'chart', 'card', 'data')),
    key text NOT NULL,
    url text NOT NULL,
    artist text NOT NULL CHECK (artist <> ''),
    title text NOT NULL CHECK (title <> ''),
    artist_url text,
    release_date text CHECK (release_date ~ '^\d{4}(-\d\d){0,2}$'),
    format text,
    must_hear text CHECK (must_hear IN ('critics', 'users', 'both')),
    spotify_album_id text CHECK (spotify_album_id ~ '^[0-9A-Za-z]{22}$'),
    place text NOT NULL,
    genres jsonb CHECK (jsonb_typeof(genres) = 'array'),
    secondary_genres jsonb CHECK (jsonb_typeof(secondary_genres) = 'array'),
    tags jsonb CHECK (jsonb_typeof(tags) = 'array'),
    labels jsonb CHECK (jsonb_typeof(labels) = 'array'),
    tracks jsonb CHECK (jsonb_typeof(tracks) = 'array'),
    PRIMARY KEY (number, kind)
);

-- The artist's part of an album's key. Of keys only equality is asked, and names may be longer than a b-tree takes.
CREATE OR REPLACE FUNCTION timbre_artist_of(key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN split_part(key, '|', 1);

CREATE INDEX IF NOT EXISTS aoty_sightings_artist ON aoty_sightings USING hash (timbre_artist_of(key));
CREATE INDEX IF NOT EXISTS aoty_sightings_spotify ON aoty_sightings USING hash (spotify_album_id)
    WHERE spotify_album_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS aoty_attrs_album ON aoty_attrs (timbre_album_number(url));

COMMENT ON TABLE aoty_sightings IS 'What one kind of page or file last told of an album of Album of the Year; null: not told';
COMMENT ON COLUMN aoty_sightings.number IS 'The number in the album''s address';
COMMENT ON COLUMN aoty_sightings.kind IS 'album: its page; chart: a row of a chart or list; card: a card anywhere; data: a data set';
COMMENT ON COLUMN aoty_sightings.strength IS 'Which kind is believed before which; scores of pages and charts are exact, others rounded';
COMMENT ON COLUMN aoty_sightings.key IS 'artist|title, folded: editions and spellings share it';
COMMENT ON COLUMN aoty_sightings.place IS 'The page''s address or the file it was read in';
COMMENT ON COLUMN aoty_sightings.release_date IS 'YYYY, YYYY-MM or YYYY-MM-DD, as much as is told';
COMMENT ON COLUMN aoty_sightings.genres IS 'Primary ones; secondary_genres has the others';
COMMENT ON COLUMN aoty_sightings.tags IS 'Tags, or the vibes of later pages';
COMMENT ON COLUMN aoty_sightings.tracks IS '[{disc, number, title, length_ms, score, rating_count}]';

-- The first value that is told, in the order given.
CREATE OR REPLACE FUNCTION timbre_keep(told anyelement, next anyelement) RETURNS anyelement
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT told $$;
CREATE OR REPLACE AGGREGATE timbre_first(anyelement) (SFUNC = timbre_keep, STYPE = anyelement, PARALLEL = SAFE);

-- Exact scores (of pages and charts) before rounded ones, then the newest; the longest date; else the strongest, then
-- the newest.
DROP VIEW IF EXISTS aoty_albums;
CREATE VIEW aoty_albums WITH (security_invoker = true) AS
SELECT number,
    timbre_first(key ORDER BY strength DESC, seen_at DESC) AS key,
    timbre_first(url ORDER BY strength DESC, seen_at DESC) AS url,
    timbre_first(artist ORDER BY strength DESC, seen_at DESC) AS artist,
    timbre_first(title ORDER BY strength DESC, seen_at DESC) AS title,
    timbre_first(artist_url ORDER BY strength DESC, seen_at DESC) AS artist_url,
    timbre_first(user_score ORDER BY strength > 1 DESC, seen_at DESC) AS user_score,
    timbre_first(rating_count ORDER BY strength > 1 DESC, seen_at DESC) AS rating_count,
    timbre_first(critic_score ORDER BY strength > 1 DESC, seen_at DESC) AS critic_score,
    timbre_first(critic_count ORDER BY strength > 1 DESC, seen_at DESC) AS critic_count,
    timbre_first(release_date ORDER BY length(release_date) DESC NULLS LAST, strength DESC, seen_at DESC) AS release_date,
    timbre_first(format ORDER BY strength DESC, seen_at DESC) AS format,
    timbre_first(must_hear ORDER BY strength DESC, seen_at DESC) AS must_hear,
    timbre_first(spotify_album_id ORDER BY strength DESC, seen_at DESC) AS spotify_album_id,
    timbre_first(genres ORDER BY strength DESC, seen_at DESC) AS genres,
    timbre_first(secondary_genres ORDER BY strength DESC, seen_at DESC) AS secondary_genres,
    timbre_first(tags ORDER BY strength DESC, seen_at DESC) AS tags,
    timbre_first(labels ORDER BY strength DESC, seen_at DESC) AS labels,
    timbre_first(tracks ORDER BY strength DESC, seen_at DESC) AS tracks,
    -- An album's page tells that nobody has rated it; elsewhere a missing score tells nothing.
    timbre_first(seen_at ORDER BY strength > 1 DESC, seen_at DESC)
        FILTER (WHERE kind = 'album' OR num_nonnulls(user_score, rating_count, critic_score, critic_count) > 0) AS rated_at,
    max(seen_at) AS seen_at,
    array_agg(kind ORDER BY strength DESC, kind) AS kinds
FROM aoty_sightings
GROUP BY number;

COMMENT ON VIEW aoty_albums IS 'The catalogue: an album of Album of the Year a row, each field as the strongest sighting tells it';
COMMENT ON COLUMN aoty_albums.rated_at IS 'When the scores shown were seen; null: only its address is known, not its ratings';
COMMENT ON COLUMN aoty_albums.seen_at IS 'When it was last seen anywhere';
COMMENT ON COLUMN aoty_albums.kinds IS 'On which kinds of pages it was seen';

-- An album's values as its songs have them; no row for an album nobody has seen.
DROP FUNCTION IF EXISTS timbre_album_values(integer);
CREATE FUNCTION timbre_album_values(album integer) RETURNS TABLE (
    user_score numeric, rating_count integer, critic_score numeric, critic_count integer, release_date text,
    genres jsonb, tags jsonb
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT a.user_score::numeric(4, 1), a.rating_count, a.critic_score::numeric(4, 1), a.critic_count, a.release_date,
        a.genres || coalesce(a.secondary_genres, '[]'), a.tags
    FROM aoty_albums a WHERE a.number = album
$$;

ALTER TABLE ratings_history ADD COLUMN IF NOT EXISTS critic_count integer CHECK (critic_count >= 0);
ALTER TABLE ratings_history ADD COLUMN IF NOT EXISTS critic_score numeric(4, 1) CHECK (critic_score BETWEEN 0 AND 100);
DROP INDEX IF EXISTS ratings_history_album;
CREATE INDEX IF NOT EXISTS ratings_history_number ON ratings_history (timbre_album_number(url), seen_at);
COMMENT ON TABLE ratings_history IS 'An album''s scores and counts each time the catalogue saw them changed';

DROP TYPE IF EXISTS staged_album CASCADE;
CREATE TYPE staged_album AS (
    n integer, number integer, kind text, seen_at timestamptz, place text, key text, url text, artist text, title text,
    artist_url text, user_score numeric(7, 4), rating_count integer, critic_score numeric(7, 4), critic_count integer,
    release_date text, format text, must_hear text, spotify_album_id text, genres jsonb, secondary_genres jsonb, tags jsonb,
    labels jsonb, tracks jsonb
);

-- Of two tellings of one kind of page the newer, and what it leaves out as the older has it.
CREATE OR REPLACE FUNCTION timbre_fuller_sighting(known aoty_sightings, told aoty_sightings) RETURNS aoty_sightings
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN told.seen_at >= known.seen_at THEN jsonb_populate_record(known, jsonb_strip_nulls(to_jsonb(told)))
    ELSE jsonb_populate_record(told, jsonb_strip_nulls(to_jsonb(known))) END;

-- Sightings into the catalogue; then what changed by them: the history of ratings, and the songs of these albums.
CREATE OR REPLACE FUNCTION timbre_merge_albums() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    turns integer;
    numbers integer[];
BEGIN
    -- What is known to the letter, as all of a file that is imported again, changes nothing.
    DELETE FROM staged_albums v
    WHERE (SELECT (v.seen_at, v.place, v.key, v.url, v.artist, v.title, v.artist_url, v.user_score, v.rating_count,
            v.critic_score, v.critic_count, v.release_date, v.format, v.must_hear, v.spotify_album_id, v.genres,
            v.secondary_genres, v.tags, v.labels, v.tracks)
        IS NOT DISTINCT FROM
            (t.seen_at, t.place, t.key, t.url, t.artist, t.title, t.artist_url, t.user_score, t.rating_count,
            t.critic_score, t.critic_count, t.release_date, t.format, t.must_hear, t.spotify_album_id, t.genres,
            t.secondary_genres, t.tags, t.labels, t.tracks)
        FROM aoty_sightings t WHERE t.number = v.number AND t.kind = v.kind);

    -- One statement cannot mend a row twice: the same kind of page may have told of an album several times.
    SELECT max(times) INTO turns FROM (SELECT count(*) AS times FROM staged_albums GROUP BY number, kind) v;
    FOR turn IN 1 .. coalesce(turns, 0) LOOP
        WITH changed AS (
            INSERT INTO aoty_sightings AS t (number, kind, seen_at, place, key, url, artist, title, artist_url, user_score,
                rating_count, critic_score, critic_count, release_date, format, must_hear, spotify_album_id, genres,
                secondary_genres, tags, labels, tracks)
            SELECT v.number, v.kind, v.seen_at, v.place, v.key, v.url, v.artist, v.title, v.artist_url, v.user_score,
                v.rating_count, v.critic_score, v.critic_count, v.release_date, v.format, v.must_hear, v.spotify_album_id,
                v.genres, v.secondary_genres, v.tags, v.labels, v.tracks
            FROM (SELECT *, row_number() OVER (PARTITION BY number, kind ORDER BY seen_at, n, ctid) AS in_line
                  FROM staged_albums) v
            WHERE v.in_line = turn
            ORDER BY v.number, v.kind
            ON CONFLICT (number, kind) DO UPDATE SET (seen_at, place, key, url, artist, title, artist_url, user_score,
                rating_count, critic_score, critic_count, release_date, format, must_hear, spotify_album_id, genres,
                secondary_genres, tags, labels, tracks)
            = (SELECT m.seen_at, m.place, m.key, m.url, m.artist, m.title, m.artist_url, m.user_score,
                m.rating_count, m.critic_score, m.critic_count, m.release_date, m.format, m.must_hear, m.spotify_album_id,
                m.genres, m.secondary_genres, m.tags, m.labels, m.tracks
               FROM timbre_fuller_sighting(t, excluded) m)
            WHERE timbre_fuller_sighting(t, excluded) IS DISTINCT FROM t
            RETURNING t.number
        )
        SELECT array_agg(number) INTO numbers
        FROM (SELECT number FROM changed UNION SELECT unnest(numbers)) v;
    END LOOP;
    IF numbers IS NULL THEN
        RETURN;
    END IF;

    -- Songs that are being written do not see these sightings yet, nor are they seen from here until they are committed;
    -- those written afterwards have what is told here.
    PERFORM timbre_lock_songs();

    INSERT INTO ratings_history (url, seen_at, user_score, rating_count, critic_score, critic_count)
    SELECT a.url, a.rated_at, a.user_score, a.rating_count, a.critic_score, a.critic_count
    FROM aoty_albums a
    LEFT JOIN LATERAL (
        SELECT h.* FROM ratings_history h WHERE timbre_album_number(h.url) = a.number ORDER BY h.seen_at DESC LIMIT 1
    ) last ON true
    WHERE a.number = ANY (numbers) AND num_nonnulls(a.user_score, a.rating_count, a.critic_score, a.critic_count) > 0
        AND (last.url IS NULL OR (last.user_score, last.rating_count, last.critic_score, last.critic_count)
            IS DISTINCT FROM
            (a.user_score::numeric(4, 1), a.rating_count, a.critic_score::numeric(4, 1), a.critic_count));

    -- Of many albums few have songs here: those first, and no join of all with all.
    WITH theirs AS MATERIALIZED (
        SELECT *, timbre_album_number(url) AS number FROM aoty_attrs WHERE timbre_album_number(url) = ANY (numbers)
    )
    UPDATE aoty_attrs t SET user_score = v.user_score, rating_count = v.rating_count,
        critic_score = v.critic_score, critic_count = v.critic_count, release_date = v.release_date,
        genres = v.genres, tags = v.tags, updated_at = now()
    FROM (
        SELECT o.song_id, coalesce(a.user_score, o.user_score) AS user_score,
            coalesce(a.rating_count, o.rating_count) AS rating_count,
            coalesce(a.critic_score, o.critic_score) AS critic_score,
            coalesce(a.critic_count, o.critic_count) AS critic_count,
            coalesce(a.release_date, o.release_date) AS release_date,
            coalesce(a.genres, o.genres) AS genres, coalesce(a.tags, o.tags) AS tags
        FROM theirs o
        CROSS JOIN LATERAL timbre_album_values(o.number) a
    ) v
    WHERE t.song_id = v.song_id AND (t.user_score, t.rating_count, t.critic_score, t.critic_count, t.release_date,
            t.genres, t.tags)
        IS DISTINCT FROM (v.user_score, v.rating_count, v.critic_score, v.critic_count, v.release_date,
            v.genres, v.tags);
END $$;

-- The albums of artists (their parts of album keys) and the one of a Spotify album id, without their tracks. Of an
-- artist that is not one ("various") only those of the very key.
CREATE OR REPLACE FUNCTION timbre_find_albums(artists text[], key text, spotify_album_id text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(jsonb_agg(to_jsonb(a) - 'tracks' ORDER BY a.number), '[]')
    FROM aoty_albums a
    WHERE a.number = ANY (ARRAY(
        SELECT s.number FROM aoty_sightings s
        WHERE timbre_artist_of(s.key) = ANY (artists)
            AND (timbre_artist_of(s.key) <> 'various' OR s.key = timbre_find_albums.key)
        UNION
        SELECT s.number FROM aoty_sightings s WHERE s.spotify_album_id = timbre_find_albums.spotify_album_id
    ))
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (15, '0015_albums') ON CONFLICT DO NOTHING;
