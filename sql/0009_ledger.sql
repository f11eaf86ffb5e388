-- The ledger: what each song asks of each source, how every question ended, and when it is asked again.
--
-- A worker says what it was answered; what that means beside what is known already is decided here, on the locked
-- row, so that it does not matter which of two workers comes first.

CREATE TABLE IF NOT EXISTS questions (
    page smallint NOT NULL DEFAULT 0 CHECK (page >= 0),
    song_key text NOT NULL CHECK (song_key LIKE 'hash:%'),
    source text NOT NULL,
    key text NOT NULL,
    PRIMARY KEY (song_key, source, page)
);

CREATE INDEX IF NOT EXISTS questions_answer ON questions (timbre_digest(source, key));

COMMENT ON TABLE questions IS 'What is asked of each source for the sake of a song; answers has how it ended';
COMMENT ON COLUMN questions.song_key IS 'The song''s hash:… key, which outlives merges';
COMMENT ON COLUMN questions.key IS 'What the question is about: the song (hash:…), its artist:…, album:…, a track:… or url:… a person named';
COMMENT ON COLUMN questions.page IS '0: the song''s own question; from 1: a page of its artist''s tracks looked through on the way';

DROP TYPE IF EXISTS staged_question CASCADE;
CREATE TYPE staged_question AS (n integer, song_key text, source text, page smallint, key text);

-- What songs ask now takes the place of what they asked; an empty key says that there is nothing to ask.
CREATE OR REPLACE FUNCTION timbre_merge_questions() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM questions q USING staged_questions v
    WHERE v.key = '' AND q.song_key = v.song_key AND q.source = v.source AND q.page = v.page;

    INSERT INTO questions AS t (song_key, source, page, key)
    SELECT DISTINCT ON (v.song_key COLLATE "C", v.source COLLATE "C", v.page) v.song_key, v.source, v.page, v.key
    FROM staged_questions v
    LEFT JOIN LATERAL (
        SELECT q.key FROM questions q WHERE q.song_key = v.song_key AND q.source = v.source AND q.page = v.page LIMIT 1
    ) o ON true
    WHERE v.key <> '' AND o.key IS DISTINCT FROM v.key
    ORDER BY v.song_key COLLATE "C", v.source COLLATE "C", v.page, v.n DESC
    ON CONFLICT (song_key, source, page) DO UPDATE SET key = excluded.key WHERE t.key <> excluded.key;
END $$;

-- When a question that ended so is asked again; null: never by itself. A found answer (and a deferred one whose source
-- named a time) comes with it. Who was not there is looked for ever less often: after 1 day, then doubling up to 32.
-- What was refused or failed is for the next run.
CREATE OR REPLACE FUNCTION timbre_next_check(
    outcome text, asked_at timestamptz, named timestamptz, misses integer
) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE outcome
    WHEN 'found' THEN named
    WHEN 'absent' THEN asked_at + interval '1 day' * (1 << least(greatest(misses, 1) - 1, 5))
    WHEN 'deferred' THEN coalesce(named, asked_at + interval '12 hours')
    ELSE asked_at
END;

-- A found answer without the fields it lacks: of the same track or page, what was known stays.
CREATE OR REPLACE FUNCTION timbre_fuller(known json, told json) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN coalesce(known ->> 'url', known ->> 'spotify_id') = coalesce(told ->> 'url', told ->> 'spotify_id') THEN
        coalesce(
            (
                SELECT (told::jsonb || jsonb_object_agg(k.key, k.value))::json
                FROM jsonb_each(known::jsonb) k
                WHERE k.value NOT IN ('null', '[]', '{}', '""')
                    AND coalesce(told::jsonb -> k.key, 'null') IN ('null', '[]', '{}', '""')
            ),
            told
        )
    ELSE told
END;

-- Each answer beside what is known:
--   what was found stays good until its time, whatever else is said meanwhile, before or after it;
--   past that time the newest answer says how it stands, and what was found survives it;
--   two workers that both miss a thing have missed it once.
CREATE OR REPLACE FUNCTION timbre_merge_answers() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    -- Everyone goes through the keys in the same order, so that nobody waits in a circle.
    INSERT INTO answers AS t
        (source, key, outcome, asked_at, next_check, "values", score, tier, reason, misses)
    SELECT v.source, v.key, v.outcome, v.asked_at, timbre_next_check(v.outcome, v.asked_at, v.next_check, 1), v."values",
        v.score, v.tier, v.reason, CASE v.outcome WHEN 'absent' THEN 1 ELSE 0 END
    FROM (SELECT DISTINCT ON (source COLLATE "C", key COLLATE "C") * FROM staged_answers
          ORDER BY source COLLATE "C", key COLLATE "C", outcome = 'found' DESC, asked_at DESC, n DESC) v
    ORDER BY v.source COLLATE "C", v.key COLLATE "C"
    ON CONFLICT (timbre_digest(source, key)) DO UPDATE SET
        outcome = excluded.outcome,
        asked_at = excluded.asked_at,
        reason = excluded.reason,
        misses = timbre_misses(t, excluded),
        next_check = CASE excluded.outcome
            WHEN 'absent' THEN timbre_next_check('absent', excluded.asked_at, NULL, timbre_misses(t, excluded))
            ELSE excluded.next_check END,
        "values" = CASE WHEN excluded."values"::text = '{}' THEN t."values"
            ELSE timbre_fuller(t."values", excluded."values") END,
        score = CASE WHEN excluded."values"::text = '{}' THEN t.score ELSE excluded.score END,
        tier = CASE WHEN excluded."values"::text = '{}' THEN t.tier ELSE excluded.tier END
    WHERE NOT (timbre_holds(t, excluded.asked_at) AND excluded.outcome <> 'found') AND (
        excluded.asked_at > t.asked_at
        OR (excluded.asked_at = t.asked_at AND (excluded.outcome, excluded."values"::text)
            IS DISTINCT FROM (t.outcome, t."values"::text))
        OR (t.outcome <> 'found' AND timbre_holds(excluded, t.asked_at)));
END $$;

-- Whether an answer is a found one that is good at that time.
CREATE OR REPLACE FUNCTION timbre_holds(answer answers, at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN answer.outcome = 'found' AND (answer.next_check IS NULL OR answer.next_check > at);

-- How often in a row a thing was looked for and not there, once `told` is known beside `known`. A refusal in between
-- says nothing; who looked before it was due saw the same miss.
CREATE OR REPLACE FUNCTION timbre_misses(known answers, told answers) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN told.outcome = 'found' THEN 0
    WHEN told.outcome <> 'absent' OR (known.outcome = 'absent' AND known.next_check > told.asked_at) THEN known.misses
    ELSE least(known.misses + 1, 32000)
END;

-- Those of the keys about which a source told something that is due to be asked for anew.
CREATE OR REPLACE FUNCTION timbre_stale(source text, keys text[], at text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(jsonb_agg(a.key), '[]')
    FROM unnest(timbre_stale.keys) q (key)
    JOIN answers a ON timbre_digest(a.source, a.key) = timbre_digest(timbre_stale.source, q.key)
    WHERE a."values"::text <> '{}' AND a.next_check <= timbre_stale.at::timestamptz
$$;

-- Chart rows of a listener, [[artist, title, playcount, rank]]: those of songs one of whose own questions is due, or was
-- never asked, or stands for a person's word that has not been followed yet. What was never answered comes first, then
-- the most played.
CREATE OR REPLACE FUNCTION timbre_due(listener text, at text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH asked AS (
        SELECT q.song_key, q.source, q.key FROM questions q WHERE q.page = 0
        UNION ALL
        SELECT o.subject, o.kind, CASE o.kind WHEN 'spotify' THEN 'track:' ELSE 'url:' END || o.object
        FROM overrides o WHERE o.kind IN ('spotify', 'aoty') AND o.replaced_by IS NULL
    ), due AS (
        SELECT k.song_id, bool_or(a.source IS NULL OR a."values"::text = '{}') AS unanswered
        FROM asked q
        JOIN song_keys k ON k.key = q.song_key
        LEFT JOIN answers a ON timbre_digest(a.source, a.key) = timbre_digest(q.source, q.key)
        WHERE a.source IS NULL OR a.next_check <= timbre_due.at::timestamptz
        GROUP BY k.song_id
    )
    SELECT coalesce(jsonb_agg(jsonb_build_array(r.artist, r.title, r.playcount, r.rank)
        ORDER BY d.unanswered DESC, r.playcount DESC, r.artist, r.title), '[]')
    FROM aliases r JOIN due d ON d.song_id = r.song_id
    WHERE lower(r.listener) = lower(timbre_due.listener)
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (9, '0009_ledger') ON CONFLICT DO NOTHING;
