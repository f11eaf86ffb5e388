-- One flat row a song, for the recommender. Its columns, in their order and under their names, are those of feeds and
-- exports in every format: they are read from here. Each has a comment.

-- Made anew when this file changes.
DROP FUNCTION IF EXISTS timbre_features(text[]);
DROP VIEW IF EXISTS song_features;

CREATE VIEW song_features WITH (security_invoker = true) AS
SELECT s.id, s.canonical_id, s.artist, s.title,
    s.isrc, s.isrc_source, s.spotify_id,
    -- Of the answers that told this very id Spotify's own; an id that none told is the history's.
    CASE WHEN s.spotify_id IS NOT NULL THEN coalesce((
        SELECT max(x.source) FROM song_answers x
        WHERE x.song_id = s.id AND x.source IN ('spotify', 'labs') AND x."values" ->> 'spotify_id' = s.spotify_id
    ), 'history') END AS spotify_id_source,
    l.playcount, l.tags AS lastfm_tags,
    o.isrcs, o.isrcs_source, o.mbid, o.mbid_source,
    coalesce(p.duration_ms, o.duration_ms) AS duration_ms,
    CASE WHEN p.duration_ms IS NOT NULL THEN 'spotify' ELSE o.duration_source END AS duration_source,
    p.popularity, p.album_id, p.artist_id,
    coalesce(p.album_name, o.album_name) AS album_name,
    CASE WHEN p.album_name IS NOT NULL THEN 'spotify' ELSE o.album_source END AS album_source,
    p.album_type, o.release_mbid, CASE WHEN o.release_mbid IS NOT NULL THEN o.album_source END AS release_mbid_source,
    CASE WHEN p.release_date IS NOT NULL THEN p.release_date ELSE o.release_date END AS release_date,
    CASE WHEN p.release_date IS NOT NULL THEN p.release_precision ELSE o.release_precision END AS release_precision,
    CASE WHEN p.release_date IS NOT NULL THEN 'spotify' ELSE o.release_date_source END AS release_date_source,
    p.explicit, p.track_number,
    a.user_score::float8 AS user_score, a.rating_count, a.critic_score::float8 AS critic_score, a.critic_count,
    a.genres, a.tags AS aoty_tags,
    timbre_styles(a.genres, (
        SELECT x.secondary_genres FROM aoty_sightings x
        WHERE x.number = timbre_album_number(a.url) AND x.secondary_genres IS NOT NULL
        ORDER BY x.strength DESC, x.seen_at DESC LIMIT 1
    ), a.tags, l.tags) AS styles,
    a.album_title AS aoty_album, a.url AS aoty_url,
    spotify.score AS spotify_match_score, coalesce(spotify.tier, labs.tier) AS spotify_match_tier, spotify.asked_at AS spotify_checked_at,
    open.score AS open_match_score, open.tier AS open_match_tier, open.asked_at AS open_checked_at,
    lastfm.asked_at AS lastfm_checked_at,
    aoty.score AS aoty_match_score, aoty.tier AS aoty_match_tier, aoty.asked_at AS aoty_checked_at,
    (
        SELECT json_agg(json_build_object('artist', x.artist, 'title', x.title, 'playcount', x.playcount)
            ORDER BY x.playcount DESC, x.rank, x.artist COLLATE "C", x.title COLLATE "C")
        FROM aliases x WHERE x.song_id = s.id
    ) AS aliases,
    q.quality, q.completeness, q.certainty, q.agreement, q.freshness,
    s.created_at, s.updated_at
FROM songs s
LEFT JOIN song_quality q ON q.song_id = s.id
LEFT JOIN lastfm_stats l ON l.song_id = s.id
LEFT JOIN spotify_attrs p ON p.song_id = s.id
LEFT JOIN open_attrs o ON o.song_id = s.id
LEFT JOIN aoty_attrs a ON a.song_id = s.id
-- Of several answers of a source, the one that stands: what was found, newest first. DISTINCT ON, and not LIMIT, lets
-- the planner leave out what a query does not show.
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (x.song_id) x.song_id, x.score, x.tier, x.asked_at
    FROM song_answers x WHERE x.song_id = s.id AND x.source = 'spotify'
    ORDER BY x.song_id, x.outcome <> 'found', x.asked_at DESC
) spotify ON spotify.song_id = s.id
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (x.song_id) x.song_id, x.tier
    FROM song_answers x WHERE x.song_id = s.id AND x.source = 'labs'
    ORDER BY x.song_id, x.outcome <> 'found', x.asked_at DESC
) labs ON labs.song_id = s.id
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (x.song_id) x.song_id, x.score, x.tier, x.asked_at
    FROM song_answers x WHERE x.song_id = s.id AND x.source = 'open'
    ORDER BY x.song_id, x.outcome <> 'found', x.asked_at DESC
) open ON open.song_id = s.id
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (x.song_id) x.song_id, x.asked_at
    FROM song_answers x WHERE x.song_id = s.id AND x.source = 'lastfm'
    ORDER BY x.song_id, x.outcome <> 'found', x.asked_at DESC
) lastfm ON lastfm.song_id = s.id
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (x.song_id) x.song_id, x.score, x.tier, x.asked_at
    FROM song_answers x WHERE x.song_id = s.id AND x.source = 'aoty'
    ORDER BY x.song_id, x.outcome <> 'found', x.asked_at DESC
) aoty ON aoty.song_id = s.id;

COMMENT ON VIEW song_features IS 'One flat row a song: identity, plays, tags, Spotify''s values, the album''s ratings and genres, and how sure each is';
COMMENT ON COLUMN song_features.id IS 'The song''s id for life; ids of songs merged into it are in song_redirects';
COMMENT ON COLUMN song_features.canonical_id IS 'Its strongest name: isrc:…, else spotify:…, else hash:…';
COMMENT ON COLUMN song_features.artist IS 'Artist, in the spelling that represents the song';
COMMENT ON COLUMN song_features.title IS 'Title, in the spelling that represents the song';
COMMENT ON COLUMN song_features.isrc IS 'ISRC without hyphens';
COMMENT ON COLUMN song_features.isrc_source IS 'Which service gave the ISRC';
COMMENT ON COLUMN song_features.spotify_id IS 'Spotify''s id of the track';
COMMENT ON COLUMN song_features.spotify_id_source IS 'Who told it: spotify, labs (ListenBrainz labs, by names alone: weaker) or history (the listener''s own)';
COMMENT ON COLUMN song_features.playcount IS 'Plays over all its spellings';
COMMENT ON COLUMN song_features.lastfm_tags IS 'Last.fm''s tags, each with its weight up to 100';
COMMENT ON COLUMN song_features.isrcs IS 'All ISRCs the open sources know of the recording';
COMMENT ON COLUMN song_features.isrcs_source IS 'Which service gave them';
COMMENT ON COLUMN song_features.mbid IS 'MusicBrainz'' id of the recording';
COMMENT ON COLUMN song_features.mbid_source IS 'Which service gave it';
COMMENT ON COLUMN song_features.duration_ms IS 'Length in milliseconds';
COMMENT ON COLUMN song_features.duration_source IS 'Which service gave it';
COMMENT ON COLUMN song_features.popularity IS 'Spotify''s popularity, 0 to 100; null where its key does not tell (development mode)';
COMMENT ON COLUMN song_features.album_id IS 'Spotify''s id of the album';
COMMENT ON COLUMN song_features.artist_id IS 'Spotify''s id of the first artist';
COMMENT ON COLUMN song_features.album_name IS 'Album';
COMMENT ON COLUMN song_features.album_source IS 'Which service named the album';
COMMENT ON COLUMN song_features.album_type IS 'album, single or compilation, from Spotify';
COMMENT ON COLUMN song_features.release_mbid IS 'MusicBrainz'' id of an album with the recording';
COMMENT ON COLUMN song_features.release_mbid_source IS 'Which service gave it';
COMMENT ON COLUMN song_features.release_date IS 'First day of what release_precision names: of Spotify''s album, else the first release';
COMMENT ON COLUMN song_features.release_precision IS 'How much of release_date is known: year, month or day';
COMMENT ON COLUMN song_features.release_date_source IS 'Which service gave it';
COMMENT ON COLUMN song_features.explicit IS 'Whether Spotify marks it as explicit';
COMMENT ON COLUMN song_features.track_number IS 'Its place on the album, from Spotify';
COMMENT ON COLUMN song_features.user_score IS 'The album''s user score on Album of the Year, 0 to 100';
COMMENT ON COLUMN song_features.rating_count IS 'How many users rated the album';
COMMENT ON COLUMN song_features.critic_score IS 'The album''s critic score, 0 to 100';
COMMENT ON COLUMN song_features.critic_count IS 'How many critics rated the album';
COMMENT ON COLUMN song_features.genres IS 'The album''s genres on Album of the Year';
COMMENT ON COLUMN song_features.aoty_tags IS 'The album''s tags on Album of the Year';
COMMENT ON COLUMN song_features.styles IS 'Genres, moods, places and more, each under one name, the heaviest first: {name, kind (genre, mood, place, period, sound, noise, other), weight 0 to 1, sources (aoty: its genres, aoty_tags, lastfm)}';
COMMENT ON COLUMN song_features.aoty_album IS 'The album''s title on Album of the Year';
COMMENT ON COLUMN song_features.aoty_url IS 'The album''s page on Album of the Year';
COMMENT ON COLUMN song_features.spotify_match_score IS 'How well the track matches the song, 0 to 1; null where a person or ListenBrainz labs named it';
COMMENT ON COLUMN song_features.spotify_match_tier IS 'That score in a word: exact, high, medium or low; medium where ListenBrainz labs named the track';
COMMENT ON COLUMN song_features.spotify_checked_at IS 'When Spotify was last asked about the song; null: never';
COMMENT ON COLUMN song_features.open_match_score IS 'How well the recording of the open sources matches the song, 0 to 1';
COMMENT ON COLUMN song_features.open_match_tier IS 'That score in a word: exact, high, medium or low';
COMMENT ON COLUMN song_features.open_checked_at IS 'When the open sources were last asked about the song; null: never';
COMMENT ON COLUMN song_features.lastfm_checked_at IS 'When Last.fm was last asked for the artist''s tags; null: never';
COMMENT ON COLUMN song_features.aoty_match_score IS 'How well the album''s page matches the album, 0 to 1; null where nothing had to be matched';
COMMENT ON COLUMN song_features.aoty_match_tier IS 'That score in a word: exact, high, medium or low';
COMMENT ON COLUMN song_features.aoty_checked_at IS 'When the album''s page was last read; null: never';
COMMENT ON COLUMN song_features.aliases IS 'Every chart row that is this song, most played first';
COMMENT ON COLUMN song_features.quality IS 'How far the row may be relied upon, 0 to 1: .4 of completeness, .3 of certainty, .2 of agreement, .1 of freshness; null: not judged yet';
COMMENT ON COLUMN song_features.completeness IS 'How much of what counts is known, 0 to 1';
COMMENT ON COLUMN song_features.certainty IS 'The chance that a value of the row is of this very song, 0 to 1: that of the match it came by, the mean over what is known';
COMMENT ON COLUMN song_features.agreement IS 'Whether sources that tell the same facts agree, 0 to 1; .5 where there is nothing to compare';
COMMENT ON COLUMN song_features.freshness IS 'How far the sources'' answers are within their time, 0 to 1';
COMMENT ON COLUMN song_features.created_at IS 'When the song was first stored';
COMMENT ON COLUMN song_features.updated_at IS 'When anything of the song last changed';

-- The songs of these ids as feeds show them, in the order of the ids; a merged id tells the song it went into.
-- The songs are looked up by their ids: a join with the view would read all of it, which is more tables than the planner
-- puts into another order.
CREATE FUNCTION timbre_features(ids text[]) RETURNS json
LANGUAGE sql STABLE SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
    WITH asked AS MATERIALIZED (
        SELECT array_agg(each.id ORDER BY each.n) AS ids
        FROM (
            SELECT coalesce(r.song_id, q.id::uuid) AS id, min(q.n) AS n
            FROM unnest(ids) WITH ORDINALITY q (id, n) LEFT JOIN song_redirects r ON r.old_id = q.id::uuid
            GROUP BY 1
        ) each
    )
    SELECT coalesce(json_agg(f ORDER BY array_position((SELECT asked.ids FROM asked), f.id)), '[]')
    FROM song_features f WHERE f.id = ANY ((SELECT asked.ids FROM asked)::uuid[])
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (39, '0039_features') ON CONFLICT DO NOTHING;
