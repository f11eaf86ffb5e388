-- Songs without a user score of Album of the Year, so that those who lack it are found among a million that do not.
--
-- Triggers keep it, whoever writes songs or albums' values.

CREATE TABLE IF NOT EXISTS songs_unrated (
    song_id uuid PRIMARY KEY REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE,
    has_album boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS songs_unrated_without_album ON songs_unrated (song_id) WHERE NOT has_album;

COMMENT ON TABLE songs_unrated IS 'Songs without a user score of Album of the Year';
COMMENT ON COLUMN songs_unrated.song_id IS 'The song, as songs.id';
COMMENT ON COLUMN songs_unrated.has_album IS 'Whether it has a row in aoty_attrs, only without a score';

-- What is true of these songs now.
CREATE OR REPLACE FUNCTION timbre_find_unrated(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM songs_unrated u WHERE u.song_id = ANY (ids)
        AND EXISTS (SELECT FROM aoty_attrs a WHERE a.song_id = u.song_id AND a.user_score IS NOT NULL);
    INSERT INTO songs_unrated AS u (song_id, has_album)
    SELECT s.id, a.song_id IS NOT NULL FROM songs s LEFT JOIN aoty_attrs a ON a.song_id = s.id
    WHERE s.id = ANY (ids) AND a.user_score IS NULL
    ORDER BY s.id
    ON CONFLICT (song_id) DO UPDATE SET has_album = excluded.has_album WHERE u.has_album <> excluded.has_album;
END $$;

CREATE OR REPLACE FUNCTION timbre_song_made() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM timbre_find_unrated(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION timbre_rating_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM timbre_find_unrated(ARRAY(SELECT song_id FROM changed));
    RETURN NULL;
END $$;

-- A row that goes from one song to another changes both.
CREATE OR REPLACE FUNCTION timbre_rating_moved() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM timbre_find_unrated(ARRAY(SELECT song_id FROM was UNION SELECT song_id FROM changed));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER song_made AFTER INSERT ON songs REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION timbre_song_made();
CREATE OR REPLACE TRIGGER rating_made AFTER INSERT ON aoty_attrs REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION timbre_rating_changed();
CREATE OR REPLACE TRIGGER rating_gone AFTER DELETE ON aoty_attrs REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION timbre_rating_changed();
CREATE OR REPLACE TRIGGER rating_moved AFTER UPDATE ON aoty_attrs REFERENCING OLD TABLE AS was NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION timbre_rating_moved();

-- Those that were stored before.
SELECT timbre_find_unrated(ARRAY(SELECT s.id FROM songs s WHERE NOT EXISTS (
    SELECT FROM aoty_attrs a WHERE a.song_id = s.id AND a.user_score IS NOT NULL)));

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (67, '0067_unrated') ON CONFLICT DO NOTHING;
