-- How far a song's row may be relied upon: how much is known, how surely it is of this song, whether its sources agree,
-- and whether what they said is still within its time. docs/quality.md says it in words.
--
-- It is kept and not worked out where it is read, so that songs can be put in its order. Songs are judged when they are
-- written (timbre_merge), and by timbre_judge_due what has changed by time or otherwise.

CREATE TABLE IF NOT EXISTS song_quality (
    song_id uuid PRIMARY KEY REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE,
    judged_at timestamptz NOT NULL,
    changes_at timestamptz,
    completeness real NOT NULL CHECK (completeness BETWEEN 0 AND 1),
    certainty real NOT NULL CHECK (certainty BETWEEN 0 AND 1),
    agreement real NOT NULL CHECK (agreement BETWEEN 0 AND 1),
    freshness real NOT NULL CHECK (freshness BETWEEN 0 AND 1),
    quality real NOT NULL GENERATED ALWAYS AS (
        round((0.4 * completeness + 0.3 * certainty + 0.2 * agreement + 0.1 * freshness)::numeric, 4)::real
    ) STORED
);
CREATE INDEX IF NOT EXISTS song_quality_order ON song_quality (quality, song_id);
CREATE INDEX IF NOT EXISTS song_quality_changes ON song_quality (changes_at);

-- Until when all changes of songs are judged; without its row none are.
CREATE TABLE IF NOT EXISTS quality_judged (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    until timestamptz NOT NULL
);
COMMENT ON TABLE quality_judged IS 'Until when all changes of songs are judged: timbre_judge_due looks at later ones alone';

COMMENT ON TABLE song_quality IS 'How far a song''s row may be relied upon, as of judged_at';
COMMENT ON COLUMN song_quality.changes_at IS 'When its freshness falls next by itself; null: never';
COMMENT ON COLUMN song_quality.quality IS 'The four parts in one: .4 of completeness, .3 of certainty, .2 of agreement, .1 of freshness';

-- The chance that an accepted match of this score is right: matching/calibration.py has the same knots.
CREATE OR REPLACE FUNCTION timbre_probability(score float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN n = 0 THEN chance[1]
        WHEN n = cardinality(chance) THEN chance[n]
        ELSE chance[n] + (chance[n + 1] - chance[n]) * (timbre_probability.score - at[n]) / (at[n + 1] - at[n])
    END
    FROM (SELECT '{0.6777, 0.8149, 0.9582, 0.9871, 0.9997}'::float8[] AS at,
        '{0.9561, 0.9679, 0.9968, 0.9991, 0.9994}'::float8[] AS chance) knots
    CROSS JOIN LATERAL (SELECT width_bucket(timbre_probability.score, at) AS n) place
    WHERE timbre_probability.score IS NOT NULL
$$;

-- Whether two albums are of one name, brackets and what follows a dash aside; null where one is not told.
CREATE OR REPLACE FUNCTION timbre_same_album(one text, other text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN one = other THEN true
    ELSE timbre_tag_key(regexp_replace(one, '\s*([([]| - ).*$', '')) = timbre_tag_key(regexp_replace(other, '\s*([([]| - ).*$', '')) END;

-- How much of an answer's freshness is left: all of it while it is within its time, half of it until it is twice as old,
-- then half of that, and so on. In steps, so that what is kept stays true until the next one.
CREATE OR REPLACE FUNCTION timbre_halvings(asked_at timestamptz, next_check timestamptz, at timestamptz) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN next_check IS NULL OR at < next_check THEN 0 ELSE 1 + greatest(floor(1e-9 + ln(
    greatest(extract(epoch FROM at - asked_at)::float8 / greatest(extract(epoch FROM next_check - asked_at), 3600)::float8, 1)) / ln(2::float8)), 0)::integer END;

-- The parts of each song's quality at a time, and what would raise them: facts that nobody told, facts in which its
-- sources differ, and sources whose answers are past their time.
DROP FUNCTION IF EXISTS timbre_quality(uuid[], timestamptz);
CREATE FUNCTION timbre_quality(ids uuid[], at timestamptz) RETURNS TABLE (
    song_id uuid, completeness real, certainty real, agreement real, freshness real, changes_at timestamptz,
    lacking text[], differing text[], stale text[]
)
-- One plan a session: to plan it anew costs ten times what one song does. Not sql, whose plans are not kept from call to call.
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT s.id, told.completeness::real, told.certainty::real, compared.agreement::real,
        coalesce(asked.freshness, 0)::real, asked.changes_at, told.lacking, compared.differing, asked.stale
    FROM (SELECT DISTINCT unnest(ids) AS id) wanted
    JOIN songs s USING (id)
    LEFT JOIN lastfm_stats l ON l.song_id = s.id
    LEFT JOIN spotify_attrs p ON p.song_id = s.id
    LEFT JOIN open_attrs o ON o.song_id = s.id
    LEFT JOIN aoty_attrs a ON a.song_id = s.id
    -- Of several answers of a source the one that stands, as in song_features. Who never answered says nothing.
    CROSS JOIN LATERAL (
        SELECT
            -- What labs tell has no score, and is the least sure of matches; what a person or the listener named is sure.
            max(coalesce(timbre_probability(x.score), 1)) FILTER (WHERE x.told AND x.source = 'spotify') AS spotify,
            max(timbre_probability(0)) FILTER (WHERE x.told AND x.source = 'labs') AS labs,
            max(coalesce(timbre_probability(x.score), 1)) FILTER (WHERE x.told AND x.source = 'open') AS open,
            max(coalesce(timbre_probability(x.score), 1)) FILTER (WHERE x.told AND x.source = 'aoty') AS aoty,
            avg(0.5 ^ x.halvings) FILTER (WHERE x.source <> 'labs') AS freshness,
            min(CASE WHEN x.halvings = 0 THEN x.next_check
                ELSE x.asked_at + greatest(x.next_check - x.asked_at, interval '1 h') * 2 ^ x.halvings END)
                FILTER (WHERE x.source <> 'labs') AS changes_at,
            array_agg(x.source ORDER BY x.source) FILTER (WHERE x.source <> 'labs' AND x.halvings > 0) AS stale
        FROM (
            SELECT DISTINCT ON (y.source) y.source, y.score, y."values"::text <> '{}' AS told, y.asked_at, y.next_check,
                timbre_halvings(y.asked_at, y.next_check, at) AS halvings
            FROM song_answers y
            WHERE y.song_id = s.id AND (y.outcome IN ('found', 'absent') OR y."values"::text <> '{}')
            ORDER BY y.source, y.outcome <> 'found', y.asked_at DESC
        ) x
    ) asked
    -- What counts, and how much; told by whom. A value is as sure as the match it came by; an album's ratings and
    -- genres are no surer than the album.
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(f.worth) FILTER (WHERE f.teller IS NOT NULL), 0)::float8 / sum(f.worth) AS completeness,
            coalesce(sum(f.worth * f.chance) FILTER (WHERE f.teller IS NOT NULL) / sum(f.worth) FILTER (WHERE f.teller IS NOT NULL), 0) AS certainty,
            array_agg(f.fact ORDER BY f.worth DESC, f.fact) FILTER (WHERE f.teller IS NULL) AS lacking
        FROM (
            SELECT v.fact, v.worth, v.teller, CASE v.teller
                WHEN 'spotify' THEN coalesce(asked.spotify, asked.labs, 1)
                WHEN 'lastfm' THEN 1
                WHEN 'aoty' THEN coalesce(asked.aoty, 1)
                    * CASE WHEN p.album_name IS NOT NULL THEN coalesce(asked.spotify, 1) ELSE coalesce(asked.open, 1) END
                ELSE coalesce(asked.open, 1) END AS chance
            FROM (VALUES
                ('ISRC', 3, CASE WHEN s.isrc IS NOT NULL THEN s.isrc_source END),
                ('Spotify id', 3, CASE WHEN s.spotify_id IS NOT NULL THEN 'spotify' END),
                ('album', 3, CASE WHEN p.album_name IS NOT NULL THEN 'spotify' WHEN o.album_name IS NOT NULL THEN 'open' END),
                ('release date', 2, CASE WHEN p.release_date IS NOT NULL THEN 'spotify' WHEN o.release_date IS NOT NULL THEN 'open' END),
                ('length', 2, CASE WHEN p.duration_ms IS NOT NULL THEN 'spotify' WHEN o.duration_ms IS NOT NULL THEN 'open' END),
                ('tags', 2, CASE WHEN l.tags <> '{}' THEN 'lastfm' END),
                ('genres of the album', 2, CASE WHEN a.genres <> '[]' THEN 'aoty' END),
                ('user score of the album', 2, CASE WHEN a.user_score IS NOT NULL THEN 'aoty' END),
                ('MusicBrainz id', 1, CASE WHEN o.mbid IS NOT NULL THEN 'open' END)
            ) v (fact, worth, teller)
        ) f
    ) told
    -- Facts that two sources tell: Spotify (or the listener's history), the open sources, Album of the Year. Half a fact for and half a
    -- fact against are added, so that little that could be compared says little.
    CROSS JOIN LATERAL (
        SELECT (count(*) FILTER (WHERE c.agrees) + 0.5) / (count(c.agrees) + 1) AS agreement,
            array_agg(c.fact ORDER BY c.fact) FILTER (WHERE NOT c.agrees) AS differing
        FROM (VALUES
            ('ISRC', CASE WHEN s.isrc_source IS DISTINCT FROM o.isrcs_source THEN o.isrcs ? s.isrc END),
            ('length', abs(p.duration_ms - o.duration_ms) <= 3000),
            ('album', timbre_same_album(p.album_name, o.album_name)),
            ('year', abs(extract(year FROM p.release_date) - extract(year FROM o.release_date)) <= 1),
            ('year at Album of the Year', abs(substring(a.release_date FROM '^\d{4}')::integer
                - extract(year FROM coalesce(p.release_date, o.release_date))) <= 1)
        ) c (fact, agrees)
    ) compared;
END $$;

-- Judges songs now. What would not change is not written.
CREATE OR REPLACE FUNCTION timbre_judge(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO song_quality AS t (song_id, judged_at, changes_at, completeness, certainty, agreement, freshness)
    SELECT q.song_id, now(), q.changes_at, q.completeness, q.certainty, q.agreement, q.freshness
    FROM timbre_quality(ids, now()) q
    ORDER BY q.song_id
    ON CONFLICT (song_id) DO UPDATE SET judged_at = excluded.judged_at, changes_at = excluded.changes_at,
        completeness = excluded.completeness, certainty = excluded.certainty, agreement = excluded.agreement,
        freshness = excluded.freshness
    WHERE (t.changes_at, t.completeness, t.certainty, t.agreement, t.freshness)
            IS DISTINCT FROM (excluded.changes_at, excluded.completeness, excluded.certainty, excluded.agreement, excluded.freshness)
        OR t.judged_at < (SELECT s.updated_at FROM songs s WHERE s.id = t.song_id);
END $$;

-- Judges at most so many of the songs that were never judged, have changed since, or whose answers have passed their time;
-- how many they were. A change is looked at until an hour after it: what changes a song may be committed later than what
-- began after it.
CREATE OR REPLACE FUNCTION timbre_judge_due(most text) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    due uuid[];
    since timestamptz := coalesce((SELECT j.until - interval '1 h' FROM quality_judged j), '-infinity');
BEGIN
    due := ARRAY(
        SELECT s.id FROM songs s LEFT JOIN song_quality q ON q.song_id = s.id
        WHERE s.updated_at >= since AND (q.song_id IS NULL OR q.judged_at < s.updated_at)
        UNION
        SELECT q.song_id FROM song_quality q WHERE q.changes_at <= now()
        LIMIT most::integer
    );
    IF due = '{}' THEN
        INSERT INTO quality_judged (until) VALUES (now())
        ON CONFLICT ON CONSTRAINT quality_judged_pkey DO UPDATE SET until = excluded.until;
    ELSE
        PERFORM timbre_lock_songs();
        PERFORM timbre_judge(due);
    END IF;
    RETURN to_jsonb(cardinality(due));
END $$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (38, '0038_quality') ON CONFLICT DO NOTHING;
