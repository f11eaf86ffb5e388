-- Who was told to wait says so to all who share the service's pace.

-- Nobody's turn comes for so many seconds from now, by this server's clock; of two waits the longer counts.
CREATE OR REPLACE FUNCTION timbre_hold_turns(service text, seconds text) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    -- As long as any pause; a turn that is farther off is taken for a wrong clock's (`timbre_take_turn`).
    until timestamptz := clock_timestamp() + least(make_interval(secs => timbre_hold_turns.seconds::float8), interval '4 minutes');
BEGIN
    SET LOCAL synchronous_commit TO off;
    INSERT INTO turns AS t (service, next_start) VALUES (timbre_hold_turns.service, until)
    ON CONFLICT ON CONSTRAINT turns_pkey DO UPDATE SET next_start = excluded.next_start
    WHERE t.next_start < excluded.next_start;
    RETURN 'null'::jsonb;
END $$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (37, '0037_hold') ON CONFLICT DO NOTHING;
