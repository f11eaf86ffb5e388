-- The ledger of Spotify's scarce calls, shared by all runs and workers: how many were made of each kind of endpoint, by
-- the hour, and until when which kind is locked.

CREATE TABLE IF NOT EXISTS spotify_calls (
    hour timestamptz NOT NULL,
    calls integer NOT NULL CHECK (calls > 0),
    bucket text NOT NULL,
    PRIMARY KEY (bucket, hour)
);

CREATE TABLE IF NOT EXISTS spotify_locks (
    met_at timestamptz NOT NULL,
    until timestamptz NOT NULL CHECK (until > met_at),
    bucket text NOT NULL,
    PRIMARY KEY (bucket, met_at)
);

COMMENT ON TABLE spotify_calls IS 'Calls to Spotify by the hour they were made in; those of a fortnight are kept';
COMMENT ON COLUMN spotify_calls.bucket IS 'Kind of endpoint: search, tracks, albums, albums/tracks, artists/albums; each has a quota of its own';
COMMENT ON TABLE spotify_locks IS 'Times at which a kind of endpoint answered that its quota is used up';
COMMENT ON COLUMN spotify_locks.until IS 'Nothing of the kind is asked before';

-- {bucket: {hours: [[hour, calls]], locks: [[met_at, until]]}} of the fortnight before `at`, each by time.
CREATE OR REPLACE FUNCTION timbre_spotify_calls(at text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(jsonb_object_agg(b.bucket, jsonb_build_object(
        'hours', (
            SELECT coalesce(jsonb_agg(jsonb_build_array(c.hour, c.calls) ORDER BY c.hour), '[]') FROM spotify_calls c
            WHERE c.bucket = b.bucket AND c.hour > timbre_spotify_calls.at::timestamptz - interval '14 days'),
        'locks', (
            SELECT coalesce(jsonb_agg(jsonb_build_array(l.met_at, l.until) ORDER BY l.met_at), '[]') FROM spotify_locks l
            WHERE l.bucket = b.bucket AND l.until > timbre_spotify_calls.at::timestamptz - interval '14 days'))), '{}')
    FROM (SELECT bucket FROM spotify_calls UNION SELECT bucket FROM spotify_locks) b
$$;

-- Takes one call of a kind if there is one: nothing locks it at that time, and of `most` in the rolling day (below 0: not
-- bounded) one is left. Whether it may be made; one at a time is decided, whoever asks.
CREATE OR REPLACE FUNCTION timbre_take_spotify_call(bucket text, at text, most integer) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    moment timestamptz := timbre_take_spotify_call.at::timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('timbre_spotify_calls ' || timbre_take_spotify_call.bucket, 0));
    IF EXISTS (
        SELECT FROM spotify_locks l WHERE l.bucket = timbre_take_spotify_call.bucket AND l.until > moment
    ) THEN
        RETURN false;
    END IF;
    -- A call may be an hour younger than its row says.
    IF most >= 0 AND most <= (
        SELECT coalesce(sum(c.calls), 0) FROM spotify_calls c
        WHERE c.bucket = timbre_take_spotify_call.bucket AND c.hour > moment - interval '25 hours' AND c.hour <= moment
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO spotify_calls AS c (bucket, hour, calls)
    VALUES (timbre_take_spotify_call.bucket, date_trunc('hour', moment), 1)
    ON CONFLICT ON CONSTRAINT spotify_calls_pkey DO UPDATE SET calls = c.calls + 1;
    RETURN true;
END $$;

-- Remembers a lock, and forgets what is older than a fortnight.
CREATE OR REPLACE FUNCTION timbre_lock_spotify_calls(bucket text, at text, until text) RETURNS void
LANGUAGE sql SET search_path FROM CURRENT AS $$
    INSERT INTO spotify_locks (bucket, met_at, until)
    VALUES (timbre_lock_spotify_calls.bucket, timbre_lock_spotify_calls.at::timestamptz,
        timbre_lock_spotify_calls.until::timestamptz)
    ON CONFLICT ON CONSTRAINT spotify_locks_pkey DO UPDATE SET until = greatest(spotify_locks.until, excluded.until);
    DELETE FROM spotify_locks l WHERE l.until < timbre_lock_spotify_calls.at::timestamptz - interval '14 days';
    DELETE FROM spotify_calls c WHERE c.hour < timbre_lock_spotify_calls.at::timestamptz - interval '15 days'
$$;

-- Those of the keys about which a source may be asked at that time, and of which it told nothing yet.
CREATE OR REPLACE FUNCTION timbre_unanswered(source text, keys text[], at text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(jsonb_agg(q.key), '[]')
    FROM unnest(timbre_unanswered.keys) q (key)
    LEFT JOIN answers a ON timbre_digest(a.source, a.key) = timbre_digest(timbre_unanswered.source, q.key)
    WHERE a.source IS NULL OR (a."values"::text = '{}' AND a.next_check <= timbre_unanswered.at::timestamptz)
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (12, '0012_calls') ON CONFLICT DO NOTHING;
