-- Several workers on one job: what each stored may have been merged away by another since.

-- How many of the ids are songs.
CREATE OR REPLACE FUNCTION timbre_still_songs(ids text[]) RETURNS integer
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT count(*)::integer FROM songs WHERE id = ANY (timbre_still_songs.ids::uuid[])
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (28, '0028_workers') ON CONFLICT DO NOTHING;
