-- How often a listener heard a song, as each source counts it; and what of it makes the song's plays.
--
-- Chart and history tell the same plays, under spellings of their own. So the counts of one source are summed over the
-- spellings of a song, sources are never added up, and the one that counts most is believed, for each listener.

CREATE TABLE IF NOT EXISTS listens (
    alias_id uuid NOT NULL REFERENCES aliases ON UPDATE CASCADE ON DELETE CASCADE,
    first_play timestamptz,
    last_play timestamptz,
    plays integer NOT NULL CHECK (plays >= 0),
    source text NOT NULL,
    period text NOT NULL,
    album text,
    spotify_id text CHECK (spotify_id ~ '^[0-9A-Za-z]{22}$'),
    isrc text CHECK (isrc ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$'),
    mbid text,
    PRIMARY KEY (alias_id, source, period),
    CHECK (first_play <= last_play)
);

COMMENT ON TABLE listens IS 'Plays of one spelling of one listener (aliases), as one source counts them; plays never shrink';
COMMENT ON COLUMN listens.source IS 'lastfm (the chart), listenbrainz, or the kind of history: spotify, deezer, lastfm_export …';
COMMENT ON COLUMN listens.period IS 'Of a chart its period; history: all that the files hold';
COMMENT ON COLUMN listens.album IS 'The album that was heard most, as the source spells it';

-- Plays of a song by listener (in lower case), source and period. An alias nobody counted is of the chart.
CREATE OR REPLACE VIEW song_listens AS
SELECT a.song_id, lower(a.listener) AS listener, coalesce(l.source, 'lastfm') AS source,
    coalesce(l.period, 'overall') AS period, sum(coalesce(l.plays, a.playcount))::bigint AS plays,
    min(l.first_play) AS first_play, max(l.last_play) AS last_play
FROM aliases a LEFT JOIN listens l ON l.alias_id = a.id
GROUP BY a.song_id, lower(a.listener), coalesce(l.source, 'lastfm'), coalesce(l.period, 'overall');
COMMENT ON VIEW song_listens IS 'Plays of each song by listener, source and period';

CREATE OR REPLACE VIEW song_plays AS
SELECT song_id, listener, max(plays) AS plays, min(first_play) AS first_play, max(last_play) AS last_play
FROM song_listens GROUP BY song_id, listener;
COMMENT ON VIEW song_plays IS 'Plays of each song by listener, as the source tells that counts most; first and last of all sources';

COMMENT ON TABLE lastfm_stats IS 'Plays of the song summed over listeners (song_plays), and Last.fm''s tags with their weight';

-- A song's plays are those of its listeners. The views are asked song by song, so that no more of them is made.
CREATE OR REPLACE FUNCTION timbre_sum_plays(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO lastfm_stats (song_id, playcount)
    SELECT s.id, p.plays
    FROM songs s
    CROSS JOIN LATERAL (SELECT coalesce(sum(v.plays), 0) AS plays FROM song_plays v WHERE v.song_id = s.id) p
    LEFT JOIN lastfm_stats t ON t.song_id = s.id
    WHERE s.id = ANY (ids) AND t.playcount IS DISTINCT FROM p.plays
    ON CONFLICT (song_id) DO UPDATE SET playcount = excluded.playcount, updated_at = now();
END $$;

-- The counts of the staged aliases, once these are in: listens is [[source, period, plays, first_play, last_play, album,
-- spotify_id, isrc, mbid]], times in seconds since 1970.
CREATE OR REPLACE FUNCTION timbre_merge_listens() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    WITH told AS (
        SELECT DISTINCT ON (i.alias_id, l ->> 0, l ->> 1)
            i.alias_id, l ->> 0 AS source, l ->> 1 AS period, (l ->> 2)::integer AS plays,
            to_timestamp((l ->> 3)::bigint) AS first_play, to_timestamp((l ->> 4)::bigint) AS last_play,
            l ->> 5 AS album, l ->> 6 AS spotify_id, l ->> 7 AS isrc, l ->> 8 AS mbid
        FROM staged_aliases s
        JOIN staged_songs g ON g.n = s.n AND g.verdict IS NULL
        CROSS JOIN LATERAL (SELECT timbre_alias_id(s.listener, s.artist, s.title) AS alias_id) i
        CROSS JOIN LATERAL jsonb_array_elements(s.listens) l
        ORDER BY i.alias_id, l ->> 0, l ->> 1, (l ->> 2)::integer DESC
    ), merged AS (
        SELECT t.alias_id, t.source, t.period, greatest(t.plays, o.plays) AS plays,
            least(t.first_play, o.first_play) AS first_play, greatest(t.last_play, o.last_play) AS last_play,
            coalesce(t.album, o.album) AS album, coalesce(t.spotify_id, o.spotify_id) AS spotify_id,
            coalesce(t.isrc, o.isrc) AS isrc, coalesce(t.mbid, o.mbid) AS mbid, o.alias_id IS NULL AS is_new,
            (o.plays, o.first_play, o.last_play, o.album, o.spotify_id, o.isrc, o.mbid) AS was
        FROM told t
        LEFT JOIN LATERAL (
            SELECT * FROM listens x WHERE x.alias_id = t.alias_id AND x.source = t.source AND x.period = t.period LIMIT 1
        ) o ON true
    )
    INSERT INTO listens (alias_id, source, period, plays, first_play, last_play, album, spotify_id, isrc, mbid)
    SELECT alias_id, source, period, plays, first_play, last_play, album, spotify_id, isrc, mbid FROM merged
    WHERE is_new OR was IS DISTINCT FROM (plays, first_play, last_play, album, spotify_id, isrc, mbid)
    ON CONFLICT (alias_id, source, period) DO UPDATE SET plays = excluded.plays, first_play = excluded.first_play,
        last_play = excluded.last_play, album = excluded.album, spotify_id = excluded.spotify_id,
        isrc = excluded.isrc, mbid = excluded.mbid;

    PERFORM timbre_sum_plays(ARRAY(SELECT s.song_id FROM staged_songs s WHERE s.verdict IS NULL));
END $$;

-- A song's plays by everybody but the listener.
CREATE OR REPLACE FUNCTION timbre_plays_of_others(song text, listener text) RETURNS bigint
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(sum(p.plays), 0)::bigint FROM song_plays p
    WHERE p.song_id = song::uuid AND p.listener <> lower(timbre_plays_of_others.listener)
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (14, '0014_listens') ON CONFLICT DO NOTHING;
