-- What was asked and answered, what was turned away, what a human said, and the runs.

CREATE TABLE IF NOT EXISTS answers (
    asked_at timestamptz NOT NULL,
    next_check timestamptz,
    score real CHECK (score BETWEEN 0 AND 1),
    misses smallint NOT NULL DEFAULT 0 CHECK (misses >= 0),
    source text NOT NULL,
    key text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('found', 'absent', 'refused', 'deferred', 'failed')),
    tier text,
    reason text NOT NULL DEFAULT '',
    "values" json NOT NULL DEFAULT '{}' CHECK (json_typeof("values") = 'object')
);

CREATE TABLE IF NOT EXISTS rejects (
    id uuid PRIMARY KEY,
    listener text NOT NULL,
    artist text NOT NULL,
    title text NOT NULL,
    playcount bigint NOT NULL,
    reason text NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS overrides (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('same', 'different', 'spotify', 'aoty')),
    subject text NOT NULL CHECK (subject <> ''),
    object text NOT NULL CHECK (object <> ''),
    details jsonb NOT NULL DEFAULT '{}',
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, subject, object)
);
ALTER TABLE overrides ADD COLUMN IF NOT EXISTS replaced_by integer REFERENCES overrides ON DELETE SET NULL;
ALTER TABLE overrides ADD COLUMN IF NOT EXISTS taken jsonb;

CREATE TABLE IF NOT EXISTS runs (
    id uuid PRIMARY KEY,
    spider text NOT NULL,
    listener text,
    sandbox boolean NOT NULL,
    parameters jsonb NOT NULL DEFAULT '{}',
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz CHECK (finished_at >= started_at),
    finish_reason text,
    summary jsonb
);

-- The primary key in a small size: half the bytes of an index on the texts themselves.
CREATE UNIQUE INDEX IF NOT EXISTS answers_question ON answers (timbre_digest(source, key));
CREATE INDEX IF NOT EXISTS answers_due ON answers (next_check) WHERE next_check IS NOT NULL;
CREATE INDEX IF NOT EXISTS runs_started ON runs (started_at);

COMMENT ON TABLE answers IS 'The last answer of each source about each key: cache, ledger and resume point in one';
COMMENT ON COLUMN answers.key IS 'What was asked about: a song''s hash:…, an artist:…, an album:…';
COMMENT ON COLUMN answers."values" IS 'What was found, as given; json and not jsonb, being kept and not searched';
COMMENT ON COLUMN answers.next_check IS 'When to ask again; null: never by itself';
COMMENT ON COLUMN answers.misses IS 'How often in a row the source did not have it';
COMMENT ON COLUMN answers.score IS 'How well the answer matches what was asked about, 0 to 1';
COMMENT ON TABLE rejects IS 'Chart rows that could not become a song, each with the reason';
COMMENT ON TABLE overrides IS 'A human''s word on who is who; wins over everything';
COMMENT ON COLUMN overrides.replaced_by IS 'The later word that holds instead; when that is taken back, this one holds again';
COMMENT ON COLUMN overrides.taken IS 'What a source had said of the song before the word, to be known again when it is undone';
COMMENT ON TABLE runs IS 'One row a run. A database holds songs of the sandbox or of live services, never both';
COMMENT ON COLUMN runs.sandbox IS 'Whether the services were stand-ins';

INSERT INTO schema_migrations (version, name) VALUES (2, '0002_memory') ON CONFLICT DO NOTHING;
