-- The songs: who they are, what the sources say of them, and every row of a chart that is one of them.
-- Each file in this folder may be run again without harm, also by hand: psql -f sql/0001_songs.sql, then the next.

CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY CHECK (version > 0),
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS checksum text;
COMMENT ON TABLE schema_migrations IS 'The files of sql/ this database has had';
COMMENT ON COLUMN schema_migrations.checksum IS 'SHA-256 of the file''s text; null: not known, the file is applied again';

-- What a song may be called by. Strongest first: isrc, spotify, hash (SHA-1 of the normalised artist and title).
CREATE OR REPLACE FUNCTION timbre_is_identity(key text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN key ~ '^(isrc:[A-Z]{2}[A-Z0-9]{3}[0-9]{7}|spotify:[0-9A-Za-z]{22}|hash:[0-9a-f]{40})$';

-- Names of a fixed, small size, for indexes: texts may be longer than an index entry can be.
CREATE OR REPLACE FUNCTION timbre_digest(one text, two text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN md5(one || chr(31) || two)::uuid;

-- A row of a listener's chart; Last.fm takes a listener's name in any case.
CREATE OR REPLACE FUNCTION timbre_alias_id(listener text, artist text, title text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN md5(lower(listener) || chr(31) || artist || chr(31) || title)::uuid;

CREATE TABLE IF NOT EXISTS songs (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version_plays integer NOT NULL DEFAULT 0 CHECK (version_plays >= 0),
    completeness smallint NOT NULL DEFAULT 0 CHECK (completeness >= 0),
    artist text NOT NULL CHECK (artist <> ''),
    title text NOT NULL CHECK (title <> ''),
    canonical_id text NOT NULL UNIQUE CHECK (timbre_is_identity(canonical_id)),
    isrc text CHECK (isrc ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$'),
    isrc_source text,
    spotify_id text CHECK (spotify_id ~ '^[0-9A-Za-z]{22}$')
);

CREATE TABLE IF NOT EXISTS song_keys (
    key text PRIMARY KEY CHECK (timbre_is_identity(key)),
    song_id uuid NOT NULL REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS song_redirects (
    old_id uuid PRIMARY KEY,
    song_id uuid NOT NULL REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE CHECK (song_id <> old_id),
    merged_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS spotify_attrs (
    song_id uuid PRIMARY KEY REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE,
    updated_at timestamptz NOT NULL DEFAULT now(),
    duration_ms integer CHECK (duration_ms >= 0),
    release_date date,
    popularity smallint CHECK (popularity BETWEEN 0 AND 100),
    track_number smallint CHECK (track_number >= 0),
    explicit boolean,
    release_precision text CHECK (release_precision IN ('year', 'month', 'day')),
    album_type text,
    album_id text,
    artist_id text,
    album_name text,
    CHECK ((release_date IS NULL) = (release_precision IS NULL))
);

CREATE TABLE IF NOT EXISTS open_attrs (
    song_id uuid PRIMARY KEY REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE,
    updated_at timestamptz NOT NULL DEFAULT now(),
    mbid uuid,
    release_mbid uuid,
    duration_ms integer CHECK (duration_ms >= 0),
    release_date date,
    release_precision text CHECK (release_precision IN ('year', 'month', 'day')),
    album_name text,
    isrcs jsonb CHECK (jsonb_typeof(isrcs) = 'array'),
    mbid_source text,
    album_source text,
    duration_source text,
    release_date_source text,
    isrcs_source text,
    CHECK ((release_date IS NULL) = (release_precision IS NULL))
);

CREATE TABLE IF NOT EXISTS lastfm_stats (
    song_id uuid PRIMARY KEY REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE,
    updated_at timestamptz NOT NULL DEFAULT now(),
    playcount bigint NOT NULL CHECK (playcount >= 0),
    tags jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(tags) = 'object')
);

CREATE TABLE IF NOT EXISTS aoty_attrs (
    song_id uuid PRIMARY KEY REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE,
    updated_at timestamptz NOT NULL DEFAULT now(),
    rating_count integer CHECK (rating_count >= 0),
    critic_count integer CHECK (critic_count >= 0),
    user_score numeric(4, 1) CHECK (user_score BETWEEN 0 AND 100),
    critic_score numeric(4, 1) CHECK (critic_score BETWEEN 0 AND 100),
    url text NOT NULL,
    album_title text NOT NULL,
    release_date text,
    tags jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(tags) = 'array'),
    genres jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(genres) = 'array')
);

CREATE TABLE IF NOT EXISTS ratings_history (
    seen_at timestamptz NOT NULL DEFAULT now(),
    rating_count integer CHECK (rating_count >= 0),
    user_score numeric(4, 1) CHECK (user_score BETWEEN 0 AND 100),
    url text NOT NULL
);

CREATE TABLE IF NOT EXISTS aliases (
    id uuid PRIMARY KEY,
    song_id uuid NOT NULL REFERENCES songs ON UPDATE CASCADE ON DELETE CASCADE,
    playcount integer NOT NULL CHECK (playcount >= 0),
    rank integer CHECK (rank >= 0),
    listener text NOT NULL,
    artist text NOT NULL,
    title text NOT NULL,
    name_key text CHECK (timbre_is_identity(name_key))
);

-- Songs are looked up by ISRC and Spotify id through song_keys.
CREATE INDEX IF NOT EXISTS songs_name ON songs (timbre_digest(lower(artist), lower(title)));
CREATE INDEX IF NOT EXISTS song_keys_song ON song_keys (song_id);
CREATE INDEX IF NOT EXISTS song_redirects_song ON song_redirects (song_id);
CREATE INDEX IF NOT EXISTS spotify_attrs_artist ON spotify_attrs (artist_id);
CREATE INDEX IF NOT EXISTS spotify_attrs_album ON spotify_attrs (album_id);
CREATE INDEX IF NOT EXISTS aliases_song ON aliases (song_id);

COMMENT ON TABLE songs IS 'Each song once. The id is for life; where two rows were found to be one, song_redirects leads from the old id';
COMMENT ON COLUMN songs.canonical_id IS 'Strongest name of the song: isrc:…, else spotify:…, else hash:…; upgraded in place';
COMMENT ON COLUMN songs.isrc IS 'ISRC without hyphens. Shared or mistaken in the wild: it does not alone prove identity';
COMMENT ON COLUMN songs.isrc_source IS 'Which service gave the ISRC';
COMMENT ON COLUMN songs.completeness IS 'How much is known of the version that represents the song; greater wins';
COMMENT ON COLUMN songs.version_plays IS 'Plays of the version that represents the song; breaks ties of completeness';
COMMENT ON TABLE song_keys IS 'Every identity of a song, each owned by one song';
COMMENT ON TABLE song_redirects IS 'Ids of rows that were merged into another';
COMMENT ON TABLE spotify_attrs IS 'What Spotify says of the version that represents the song';
COMMENT ON COLUMN spotify_attrs.popularity IS '0 to 100; null in Spotify''s development mode';
COMMENT ON COLUMN spotify_attrs.release_date IS 'First day of what release_precision names';
COMMENT ON TABLE open_attrs IS 'What ListenBrainz, MusicBrainz and Deezer say of the song, each fact with the one that told it';
COMMENT ON COLUMN open_attrs.mbid IS 'MusicBrainz'' id of the recording';
COMMENT ON COLUMN open_attrs.release_mbid IS 'MusicBrainz'' id of the album; told by album_source';
COMMENT ON COLUMN open_attrs.isrcs IS 'All ISRCs of the recording';
COMMENT ON TABLE lastfm_stats IS 'Plays over all aliases of the song, and Last.fm''s tags with their weight';
COMMENT ON TABLE aoty_attrs IS 'The song''s album on Album of the Year; scores 0 to 100';
COMMENT ON TABLE ratings_history IS 'An album''s user score and count each time they were seen to have changed';
COMMENT ON TABLE aliases IS 'Every chart row that is this song, as the listener''s chart spells it; plays never shrink';
COMMENT ON COLUMN aliases.name_key IS 'The hash:… key of this spelling; tells which rows leave when a song is split';

INSERT INTO schema_migrations (version, name) VALUES (1, '0001_songs') ON CONFLICT DO NOTHING;
