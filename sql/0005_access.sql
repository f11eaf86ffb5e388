-- Who may do what. Row level security is on and has no policy: only the tables' owner and roles that bypass it
-- (Supabase's service_role) get in. On Supabase, the public roles lose what its defaults grant them.
--
-- Every file after this one ends with `SELECT timbre_restrict_access();`, for what it has made.

CREATE OR REPLACE FUNCTION timbre_restrict_access() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    -- Named one by one: the schema may hold tables of others. One that a later file makes is met there.
    tables text[] := ARRAY(
        SELECT t FROM unnest(ARRAY[
            'schema_migrations', 'songs', 'song_keys', 'song_redirects', 'spotify_attrs', 'open_attrs', 'lastfm_stats',
            'aoty_attrs', 'ratings_history', 'aliases', 'answers', 'rejects', 'overrides', 'runs', 'merges', 'questions', 'listens',
            'aoty_sightings', 'spotify_calls', 'spotify_locks', 'scrobbled', 'scrobbles_read', 'turns', 'genre_names',
            'ledger_seal', 'song_quality', 'quality_judged', 'songs_unrated'
        ]) t WHERE to_regclass(t) IS NOT NULL
    );
    views text[] := ARRAY(
        SELECT v FROM unnest(ARRAY['song_answers', 'song_features', 'aoty_albums', 'song_listens', 'song_plays', 'listener_songs']) v
        WHERE to_regclass(v) IS NOT NULL
    );
    each text;
    role_name text;
    routine text;
BEGIN
    FOREACH each IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', each);
    END LOOP;
    FOREACH role_name IN ARRAY ARRAY['public', 'anon', 'authenticated'] LOOP
        CONTINUE WHEN role_name <> 'public' AND to_regrole(role_name) IS NULL;
        FOREACH each IN ARRAY tables || views LOOP
            EXECUTE format('REVOKE ALL ON %I FROM %s', each, role_name);
        END LOOP;
    END LOOP;
    FOR routine IN
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.proname LIKE 'timbre\_%' AND p.pronamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'songs'::regclass)
    LOOP
        FOREACH role_name IN ARRAY ARRAY['public', 'anon', 'authenticated'] LOOP
            CONTINUE WHEN role_name <> 'public' AND to_regrole(role_name) IS NULL;
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', routine, role_name);
        END LOOP;
        IF to_regrole('service_role') IS NOT NULL THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO service_role', routine);
        END IF;
    END LOOP;
    IF to_regrole('service_role') IS NOT NULL THEN
        FOREACH each IN ARRAY array_remove(tables, 'schema_migrations') LOOP
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO service_role', each);
        END LOOP;
        FOREACH each IN ARRAY array_prepend('schema_migrations', views) LOOP
            EXECUTE format('GRANT SELECT ON %I TO service_role', each);
        END LOOP;
    END IF;
END $$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (5, '0005_access') ON CONFLICT DO NOTHING;
