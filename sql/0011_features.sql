-- The answers a song was made of, when a song last changed, and what a recommender looks it up by; the row it reads,
-- song_features, is made in 0039_features.sql, of what comes between.

-- Made anew when this file changes; song_features stands on song_answers.
DROP FUNCTION IF EXISTS timbre_features(text[]);
DROP VIEW IF EXISTS song_features;
DROP VIEW IF EXISTS song_answers;

-- How the questions asked for a song's sake ended; a song of several spellings may have several of one source.
CREATE VIEW song_answers WITH (security_invoker = true) AS
SELECT k.song_id, a.source, a.key, a.outcome, a.score, a.tier, a.reason, a.asked_at, a.next_check, a.misses, a."values"
FROM song_keys k
JOIN questions q ON q.song_key = k.key AND q.page = 0
JOIN answers a ON timbre_digest(a.source, a.key) = timbre_digest(q.source, q.key);

COMMENT ON VIEW song_answers IS 'The answers a song was made of, by song_id: a song may have several of one source';
COMMENT ON COLUMN song_answers.song_id IS 'The song, as songs.id';
COMMENT ON COLUMN song_answers.source IS 'Who was asked: spotify, open (ListenBrainz, Deezer and MusicBrainz), labs (ListenBrainz labs), lastfm, aoty';
COMMENT ON COLUMN song_answers.key IS 'What was asked about, as answers.key';
COMMENT ON COLUMN song_answers.outcome IS 'found, absent, refused, deferred or failed';
COMMENT ON COLUMN song_answers.score IS 'How well the answer matches what was asked about, 0 to 1';
COMMENT ON COLUMN song_answers.tier IS 'The score in a word: exact, high, medium or low';
COMMENT ON COLUMN song_answers.reason IS 'Why it was judged so';
COMMENT ON COLUMN song_answers.asked_at IS 'When the source answered';
COMMENT ON COLUMN song_answers.next_check IS 'When to ask again; null: never by itself';
COMMENT ON COLUMN song_answers.misses IS 'How often in a row the source did not have it';
COMMENT ON COLUMN song_answers."values" IS 'What was found, as given';

-- songs.updated_at is the song's: whatever changes an attribute, changes it. So what changed is one lookup.
CREATE OR REPLACE FUNCTION timbre_song_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE songs s SET updated_at = now() FROM changed c WHERE s.id = c.song_id AND s.updated_at < now();
    RETURN NULL;
END $$;

DO $$
DECLARE
    attributes text;
BEGIN
    FOREACH attributes IN ARRAY ARRAY['spotify_attrs', 'open_attrs', 'lastfm_stats', 'aoty_attrs'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER song_changed_by_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION timbre_song_changed()', attributes);
        EXECUTE format('CREATE OR REPLACE TRIGGER song_changed_by_update AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION timbre_song_changed()', attributes);
        EXECUTE format('CREATE OR REPLACE TRIGGER song_changed_by_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION timbre_song_changed()', attributes);
    END LOOP;
END $$;

-- What a recommender looks songs up by. Of the ids only equality is asked, for which a hash is half the size.
CREATE INDEX IF NOT EXISTS songs_isrc ON songs USING hash (isrc);
CREATE INDEX IF NOT EXISTS songs_spotify ON songs USING hash (spotify_id);
CREATE INDEX IF NOT EXISTS lastfm_stats_tags ON lastfm_stats USING gin (tags);
CREATE INDEX IF NOT EXISTS aoty_attrs_genres ON aoty_attrs USING gin (genres);

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (11, '0011_features') ON CONFLICT DO NOTHING;
