-- Albums whose ids on Spotify somebody told, for calls that ask for them without a search.

-- [[artist, title, spotify_album_id, format, release_date]] of the catalogue's albums by artists (their parts of album
-- keys), each id once, as the strongest sighting that has it tells it.
CREATE OR REPLACE FUNCTION timbre_albums_on_spotify(artists text[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_array(v.artist, v.title, v.spotify_album_id, v.format, v.release_date)
        ORDER BY v.spotify_album_id), '[]')
    FROM (
        SELECT DISTINCT ON (s.spotify_album_id) s.artist, s.title, s.spotify_album_id, s.format, s.release_date
        FROM aoty_sightings s
        WHERE s.spotify_album_id IS NOT NULL AND timbre_artist_of(s.key) = ANY (artists)
        ORDER BY s.spotify_album_id, s.strength DESC, s.seen_at DESC
    ) v
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (59, '0059_albums_on_spotify') ON CONFLICT DO NOTHING;
