-- What of a listener's history at Last.fm is settled: read once, and too old to be looked at again. What is newer is read
-- in every run that reads histories, since scrobbles come late and get edited.

CREATE TABLE IF NOT EXISTS scrobbled (
    id uuid PRIMARY KEY,
    first_play timestamptz NOT NULL,
    last_play timestamptz NOT NULL,
    plays integer NOT NULL CHECK (plays > 0),
    listener text NOT NULL,
    artist text NOT NULL,
    title text NOT NULL,
    album text,
    CHECK (first_play <= last_play)
);

CREATE TABLE IF NOT EXISTS scrobbles_read (
    listener text PRIMARY KEY CHECK (listener = lower(listener)),
    until timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS scrobbled_listener ON scrobbled (lower(listener));

COMMENT ON TABLE scrobbled IS 'Plays at Last.fm of each artist, title and album, before scrobbles_read.until';
COMMENT ON TABLE scrobbles_read IS 'Up to when a listener''s history at Last.fm is counted in scrobbled';

-- {until, counts}: until in seconds since 1970, 0 where nothing is settled; counts [[artist, title, album, plays, first
-- play, last play]].
CREATE OR REPLACE FUNCTION timbre_scrobbled(listener text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_build_object(
        'until', coalesce((
            SELECT extract(epoch FROM r.until)::bigint FROM scrobbles_read r
            WHERE r.listener = lower(timbre_scrobbled.listener)), 0),
        'counts', coalesce((
            SELECT jsonb_agg(jsonb_build_array(s.artist, s.title, s.album, s.plays,
                extract(epoch FROM s.first_play)::bigint, extract(epoch FROM s.last_play)::bigint))
            FROM scrobbled s WHERE lower(s.listener) = lower(timbre_scrobbled.listener)), '[]'))
$$;

-- Adds the plays from one second to before another; told is {counts} as above. False, and nothing is added, where somebody else has settled them.
CREATE OR REPLACE FUNCTION timbre_settle_scrobbles(listener text, since bigint, until bigint, told jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO scrobbles_read (listener, until) VALUES (lower(timbre_settle_scrobbles.listener), to_timestamp(0))
    ON CONFLICT DO NOTHING;
    UPDATE scrobbles_read r SET until = to_timestamp(timbre_settle_scrobbles.until)
    WHERE r.listener = lower(timbre_settle_scrobbles.listener) AND r.until = to_timestamp(since);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO scrobbled AS s (id, listener, artist, title, album, plays, first_play, last_play)
    SELECT md5(concat_ws(chr(31), lower(timbre_settle_scrobbles.listener), c ->> 0, c ->> 1, c ->> 2))::uuid,
        timbre_settle_scrobbles.listener, c ->> 0, c ->> 1, c ->> 2, sum((c ->> 3)::integer),
        to_timestamp(min((c ->> 4)::bigint)), to_timestamp(max((c ->> 5)::bigint))
    FROM jsonb_array_elements(told -> 'counts') c GROUP BY c ->> 0, c ->> 1, c ->> 2
    ON CONFLICT (id) DO UPDATE SET plays = s.plays + excluded.plays,
        first_play = least(s.first_play, excluded.first_play), last_play = greatest(s.last_play, excluded.last_play);
    RETURN true;
END $$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (25, '0025_scrobbles') ON CONFLICT DO NOTHING;
