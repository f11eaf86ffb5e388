-- One pace a service for all runs and workers on a database: when the next question may start.

CREATE TABLE IF NOT EXISTS turns (
    next_start timestamptz NOT NULL,
    service text PRIMARY KEY
) WITH (fillfactor = 20);

COMMENT ON TABLE turns IS 'When the next question to a service may start, whichever run or worker asks it';

-- Takes the turn of a service if it is due; the next one is `seconds` later, by this server's clock. Answers the seconds
-- to wait (0: it is taken), and how many runs and workers share the service now.
CREATE OR REPLACE FUNCTION timbre_take_turn(service text, seconds text) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    gap interval := make_interval(secs => timbre_take_turn.seconds::float8);
    due timestamptz;
BEGIN
    -- A turn lost with the server is one that nobody takes again while it starts.
    SET LOCAL synchronous_commit TO off;
    UPDATE turns t SET next_start = clock_timestamp() + gap
    WHERE t.service = timbre_take_turn.service
        -- One that is farther off than any pace is of a clock that was wrong.
        AND (t.next_start <= clock_timestamp() OR t.next_start > clock_timestamp() + interval '5 minutes');
    IF NOT FOUND THEN
        INSERT INTO turns AS t (service, next_start) VALUES (timbre_take_turn.service, clock_timestamp() + gap)
        ON CONFLICT ON CONSTRAINT turns_pkey DO NOTHING;
        IF NOT FOUND THEN
            SELECT t.next_start INTO due FROM turns t WHERE t.service = timbre_take_turn.service;
            -- Never 0, which would be a turn.
            RETURN jsonb_build_object('wait', greatest(extract(epoch FROM due - clock_timestamp()), 0.001));
        END IF;
    END IF;
    RETURN jsonb_build_object('wait', 0, 'sharers', greatest(1, (
        SELECT count(*) FROM runs r WHERE r.finished_at IS NULL AND r.alive_at > clock_timestamp() - interval '1 minute')));
END $$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (29, '0029_turns') ON CONFLICT DO NOTHING;
