-- Several listeners in one database: what each heard of the songs that all share.

DROP VIEW IF EXISTS listener_songs;

-- One row a listener and song, beside song_features, which has a song once.
CREATE VIEW listener_songs WITH (security_invoker = true) AS
SELECT p.listener, p.song_id, p.plays, believed.source, believed.period, p.first_play, p.last_play, heard.album
FROM song_plays p
JOIN LATERAL (
    SELECT l.source, l.period FROM song_listens l WHERE l.song_id = p.song_id AND l.listener = p.listener
    ORDER BY l.plays DESC, l.source, l.period LIMIT 1
) believed ON true
LEFT JOIN LATERAL (
    SELECT l.album FROM aliases a JOIN listens l ON l.alias_id = a.id
    WHERE a.song_id = p.song_id AND lower(a.listener) = p.listener AND l.album IS NOT NULL
    ORDER BY l.plays DESC, l.album LIMIT 1
) heard ON true;

COMMENT ON VIEW listener_songs IS 'What each listener heard of each song; the songs themselves are in song_features, by song_id';
COMMENT ON COLUMN listener_songs.listener IS 'The listener''s name in lower case';
COMMENT ON COLUMN listener_songs.song_id IS 'The song, as song_features.id';
COMMENT ON COLUMN listener_songs.plays IS 'The listener''s plays of it over all its spellings, as the source tells that counts most';
COMMENT ON COLUMN listener_songs.source IS 'That source: lastfm, listenbrainz, or the kind of history';
COMMENT ON COLUMN listener_songs.period IS 'What it counts: of a chart its period, else history';
COMMENT ON COLUMN listener_songs.first_play IS 'The first play any source tells of; null: none tells times';
COMMENT ON COLUMN listener_songs.last_play IS 'The last play any source tells of';
COMMENT ON COLUMN listener_songs.album IS 'The album it was heard on, as the listener''s own history spells it; null: not told';

-- Takes out what is the listener's alone: spellings and plays, rejected rows, runs; and songs that nobody else heard, with
-- all that was asked about them. Answers {rows, songs, runs}.
CREATE OR REPLACE FUNCTION timbre_forget(listener text) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    heard uuid[];
    alone uuid[];
    own_keys text[];
    gone integer;
    past integer;
BEGIN
    PERFORM timbre_lock_songs();
    WITH forgotten AS (
        DELETE FROM aliases a WHERE lower(a.listener) = lower(timbre_forget.listener) RETURNING a.song_id
    )
    SELECT coalesce(array_agg(DISTINCT song_id), '{}'), count(*) INTO heard, gone FROM forgotten;
    DELETE FROM scrobbled s WHERE lower(s.listener) = lower(timbre_forget.listener);
    DELETE FROM scrobbles_read s WHERE s.listener = lower(timbre_forget.listener);
    DELETE FROM rejects r WHERE lower(r.listener) = lower(timbre_forget.listener);
    alone := ARRAY(SELECT h FROM unnest(heard) h WHERE NOT EXISTS (SELECT FROM aliases a WHERE a.song_id = h));
    own_keys := ARRAY(SELECT k.key FROM song_keys k WHERE k.song_id = ANY (alone) AND k.key LIKE 'hash:%');
    DELETE FROM questions q WHERE q.song_key = ANY (own_keys);
    DELETE FROM answers a WHERE a.key = ANY (own_keys);
    -- Copies of them that lie in Redis are nobody's any more.
    DELETE FROM ledger_seal;
    DELETE FROM merges m WHERE m.song_id = ANY (alone) OR m.gone_id = ANY (alone);
    DELETE FROM songs s WHERE s.id = ANY (alone);
    PERFORM timbre_sum_plays(heard);
    -- Of a run of several the others' part stays.
    UPDATE runs r SET
        parameters = jsonb_set(r.parameters, '{users}', o.users),
        summary = jsonb_set(jsonb_set(r.summary, '{parameters,users}', o.users), '{listeners}', coalesce((
            SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(r.summary -> 'listeners') e
            WHERE lower(e.key) <> lower(timbre_forget.listener)), '{}'))
    FROM (
        SELECT i.id, jsonb_agg(u) FILTER (WHERE lower(u) <> lower(timbre_forget.listener)) AS users
        FROM runs i CROSS JOIN LATERAL jsonb_array_elements_text(i.parameters -> 'users') u
        GROUP BY i.id HAVING bool_or(lower(u) = lower(timbre_forget.listener))
    ) o
    WHERE o.id = r.id AND o.users IS NOT NULL;
    DELETE FROM runs r WHERE lower(r.listener) = lower(timbre_forget.listener) OR EXISTS (
        SELECT FROM jsonb_array_elements_text(r.parameters -> 'users') u
        WHERE lower(u) = lower(timbre_forget.listener));
    GET DIAGNOSTICS past = ROW_COUNT;
    RETURN jsonb_build_object('rows', gone, 'songs', coalesce(array_length(alone, 1), 0), 'runs', past);
END $$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (24, '0024_listeners') ON CONFLICT DO NOTHING;
