-- The record of runs: who asked for what, with which program; how each ended, also one whose process was killed.

ALTER TABLE runs ADD COLUMN IF NOT EXISTS job_id text;
ALTER TABLE runs ADD COLUMN IF NOT EXISTS version text;
ALTER TABLE runs ADD COLUMN IF NOT EXISTS host text;
ALTER TABLE runs ADD COLUMN IF NOT EXISTS process_id integer;
ALTER TABLE runs ADD COLUMN IF NOT EXISTS process_started double precision;
ALTER TABLE runs ADD COLUMN IF NOT EXISTS alive_at timestamptz;
ALTER TABLE runs ADD COLUMN IF NOT EXISTS progress jsonb;

CREATE INDEX IF NOT EXISTS runs_open ON runs (started_at) WHERE finished_at IS NULL;

COMMENT ON COLUMN runs.parameters IS 'The arguments as they were read: max, user, period, year, pages';
COMMENT ON COLUMN runs.job_id IS 'What a scheduler calls the run';
COMMENT ON COLUMN runs.version IS 'The version of timbre_spider';
COMMENT ON COLUMN runs.process_started IS 'When the process on host began, in seconds since 1970: tells whether it is still the same';
COMMENT ON COLUMN runs.alive_at IS 'When the run was last heard of; told every other second';
COMMENT ON COLUMN runs.progress IS 'How far it was then: counts so far, under the names they have in summary';
COMMENT ON COLUMN runs.finish_reason IS 'finished, shutdown (a stop signal), closespider_…, the name of the error; '
    'killed (its process is gone), lost (on another machine, silent for long)';
COMMENT ON COLUMN runs.summary IS 'The same as logs/pipeline_summary_<time>.json';

DROP FUNCTION IF EXISTS timbre_start_run(text, text, text, boolean, jsonb);

DROP FUNCTION IF EXISTS timbre_start_run(jsonb);

-- run: the columns of a new row, by name. No row is made, and the answer is false, where the database has songs of the
-- other world, or a run of it has not ended. One run starts at a time, so that of two none overlooks the other.
CREATE FUNCTION timbre_start_run(run jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    its_world boolean := (run ->> 'sandbox')::boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(7306081, 3);
    IF timbre_other_world(its_world)
        OR EXISTS (SELECT FROM runs r WHERE r.finished_at IS NULL AND r.sandbox <> its_world)
    THEN
        RETURN false;
    END IF;
    INSERT INTO runs (id, spider, listener, sandbox, parameters, job_id, version, host, process_id, process_started, alive_at)
    SELECT r.id, r.spider, r.listener, r.sandbox, r.parameters, r.job_id, r.version, r.host, r.process_id,
        r.process_started, now()
    FROM jsonb_populate_record(NULL::runs, run) r;
    RETURN true;
END $$;

DROP FUNCTION IF EXISTS timbre_run_is_alive(text);

CREATE OR REPLACE FUNCTION timbre_run_is_alive(id text, progress jsonb) RETURNS void
LANGUAGE sql SET search_path FROM CURRENT AS $$
    UPDATE runs r SET alive_at = clock_timestamp(), progress = timbre_run_is_alive.progress
    WHERE r.id = timbre_run_is_alive.id::uuid AND r.finished_at IS NULL
$$;

CREATE OR REPLACE FUNCTION timbre_finish_run(id text, finish_reason text, summary jsonb) RETURNS void
LANGUAGE sql SET search_path FROM CURRENT AS $$
    UPDATE runs r SET finished_at = clock_timestamp(), finish_reason = timbre_finish_run.finish_reason,
        summary = timbre_finish_run.summary, progress = NULL
    WHERE r.id = timbre_finish_run.id::uuid
$$;

-- [{id, host, process_id, process_started, silent_seconds}] of the runs without an end.
CREATE OR REPLACE FUNCTION timbre_open_runs() RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', id, 'host', host, 'process_id', process_id, 'process_started', process_started,
        'silent_seconds', extract(epoch FROM clock_timestamp() - coalesce(alive_at, started_at)))), '[]')
    FROM runs WHERE finished_at IS NULL
$$;

-- A run that could not say how it ended is over since it was last heard of.
CREATE OR REPLACE FUNCTION timbre_close_run(id text, finish_reason text) RETURNS void
LANGUAGE sql SET search_path FROM CURRENT AS $$
    UPDATE runs r SET finished_at = greatest(r.alive_at, r.started_at), finish_reason = timbre_close_run.finish_reason
    WHERE r.id = timbre_close_run.id::uuid AND r.finished_at IS NULL
$$;

-- What a run's own account is held against: {aliases, songs_without_key, last_coverage}; aliases are all of the listeners',
-- from every run. last_coverage is coverage_percent of the last run that finished, of the same listener, spider and
-- parameters; null where there is none.
DROP FUNCTION IF EXISTS timbre_run_facts(text);
CREATE OR REPLACE FUNCTION timbre_run_facts(id text, listeners text[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_build_object(
        'aliases', (SELECT count(*) FROM aliases a WHERE a.listener = ANY (timbre_run_facts.listeners)),
        'songs_without_key', (
            SELECT count(*) FROM songs s WHERE NOT EXISTS (SELECT FROM song_keys k WHERE k.song_id = s.id)),
        'last_coverage', (
            SELECT l.summary -> 'coverage_percent' FROM runs l
            WHERE l.id <> r.id AND l.finish_reason = 'finished' AND l.summary IS NOT NULL
                AND l.listener IS NOT DISTINCT FROM r.listener AND l.spider = r.spider AND l.parameters = r.parameters
            ORDER BY l.started_at DESC LIMIT 1))
    FROM runs r WHERE r.id = timbre_run_facts.id::uuid
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (8, '0008_runs') ON CONFLICT DO NOTHING;
