-- What is known, in bulk; and how much there is. All answer JSON, for Postgres's protocol and REST alike.

-- {songs: [[key, id, canonical_id, artist, title, isrc, spotify_id, duration_ms]], answers: [[source, key, outcome,
-- asked_at, next_check, values, score, tier, reason, misses, due]]}; question i is sources[i], keys[i]. An answer is due
-- when its time has come by `at` and the run, which started at `started`, has not asked yet.
DROP FUNCTION IF EXISTS timbre_recall(text[], text[], text[]);
CREATE OR REPLACE FUNCTION timbre_recall(
    identities text[], sources text[], keys text[], started text, at text
) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_build_object(
        'songs', (
            SELECT coalesce(jsonb_agg(jsonb_build_array(
                k.key, s.id, s.canonical_id, s.artist, s.title, s.isrc, s.spotify_id,
                coalesce(t.duration_ms, o.duration_ms),
                coalesce(l.playcount, 0))), '[]')
            FROM unnest(identities) q (key)
            JOIN song_keys k ON k.key = q.key
            JOIN songs s ON s.id = k.song_id
            LEFT JOIN spotify_attrs t ON t.song_id = s.id
            LEFT JOIN open_attrs o ON o.song_id = s.id
            LEFT JOIN lastfm_stats l ON l.song_id = s.id
        ),
        'answers', (
            SELECT coalesce(jsonb_agg(jsonb_build_array(
                a.source, a.key, a.outcome, a.asked_at, a.next_check, a."values", a.score, a.tier, a.reason,
                a.misses,
                coalesce(a.next_check <= timbre_recall.at::timestamptz
                    AND a.asked_at < timbre_recall.started::timestamptz, false))), '[]')
            FROM unnest(timbre_recall.sources, timbre_recall.keys) q (source, key)
            JOIN answers a ON timbre_digest(a.source, a.key) = timbre_digest(q.source, q.key)
        )
    )
$$;

-- Whether songs of the other world are here already: those of the last run, for with songs of the other world none starts.
CREATE OR REPLACE FUNCTION timbre_other_world(sandbox boolean) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT FROM songs) AND coalesce(
        (SELECT r.sandbox FROM runs r ORDER BY r.started_at DESC LIMIT 1) <> timbre_other_world.sandbox, false)
$$;

-- {version: checksum} of the files of sql/ the database has had.
DROP FUNCTION IF EXISTS timbre_schema_version();
CREATE FUNCTION timbre_schema_version() RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_object_agg(version, checksum) FROM schema_migrations
$$;

CREATE OR REPLACE FUNCTION timbre_overrides() RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_array(id, kind, subject, object, details, made_at) ORDER BY id), '[]')
    FROM overrides WHERE replaced_by IS NULL
$$;
COMMENT ON FUNCTION timbre_overrides() IS 'Every word of a person about who is who that holds, oldest first';

CREATE OR REPLACE FUNCTION timbre_counts() RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_build_object(
        'songs', songs.count, 'with_isrc', songs.with_isrc, 'with_spotify', songs.with_spotify, 'with_aoty', aoty.count,
        'spotify_attrs', (SELECT count(*) FROM spotify_attrs),
        'open_attrs', (SELECT count(*) FROM open_attrs),
        'lastfm_stats', (SELECT count(*) FROM lastfm_stats),
        'aoty_attrs', aoty.count,
        'aliases', (SELECT count(*) FROM aliases),
        'song_keys', (SELECT count(*) FROM song_keys),
        'song_redirects', (SELECT count(*) FROM song_redirects),
        'ratings_history', (SELECT count(*) FROM ratings_history),
        'answers', (SELECT count(*) FROM answers),
        'rejects', (SELECT count(*) FROM rejects),
        'overrides', (SELECT count(*) FROM overrides),
        'runs', (SELECT count(*) FROM runs)
    )
    FROM (SELECT count(*), count(isrc) AS with_isrc, count(spotify_id) AS with_spotify FROM songs) songs,
        (SELECT count(*) FROM aoty_attrs) aoty
$$;

INSERT INTO schema_migrations (version, name) VALUES (4, '0004_recall') ON CONFLICT DO NOTHING;
