-- The merge: one set-based way in, for COPY (stage, COPY, merge) and for REST (timbre_load) alike.
--
-- Staging tables are the session's own and empty after each transaction, so a transaction pooler may stand between
-- and no batch leaves dead rows in the catalogue. Songs are merged under one advisory lock: two workers never deadlock
-- and never lose an update. What would not change is not written.
--
-- A batch is small and the tables are large. What is there already is looked up row by row through an index: the
-- LIMIT 1 within a LATERAL keeps the planner, which misjudges how long the arrays are, from reading whole tables
-- to join them. For the same reason sequential scans are off in timbre_merge, and joins by merging too: a plan made
-- while the tables were empty is kept.

-- The columns of what is loaded; storage/staging.py lists the same.
DROP TYPE IF EXISTS staged_song, staged_alias, staged_answer, staged_reject CASCADE;
CREATE TYPE staged_song AS (
    n integer, song_id uuid, canonical_id text, keys text[], absorbs uuid[], taken_keys text[],
    artist text, title text, isrc text, isrc_source text, spotify_id text,
    completeness smallint, plays integer,
    duration_ms integer, popularity smallint, album_id text, artist_id text, album_name text, album_type text,
    release_date date, release_precision text, explicit boolean, track_number smallint,
    open jsonb,
    lastfm_tags jsonb,
    aoty_url text, aoty_title text, user_score numeric(4, 1), rating_count integer,
    critic_score numeric(4, 1), critic_count integer, aoty_release_date text, genres jsonb, aoty_tags jsonb,
    verdict text
);
CREATE TYPE staged_alias AS (
    n integer, listener text, artist text, title text, name_key text, playcount integer, rank integer, listens jsonb,
    rule text
);
CREATE TYPE staged_answer AS (
    n integer, source text, key text, outcome text, asked_at timestamptz, next_check timestamptz,
    "values" json, score real, tier text, reason text
);
CREATE TYPE staged_reject AS (
    n integer, listener text, artist text, title text, playcount bigint, reason text
);

CREATE OR REPLACE FUNCTION timbre_columns(relation oid) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
$$;

-- The session's staging tables for what is to be loaded. They are not typed tables: those would go with their types
-- when the schema changes, and a session cannot commit any more once another has dropped its table.
CREATE OR REPLACE FUNCTION timbre_stage(kinds text[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    staged record;
BEGIN
    FOR staged IN
        SELECT s.name, s.type, to_regclass('pg_temp.' || s.name) AS there
        FROM (VALUES ('songs', 'staged_songs', 'staged_song'), ('songs', 'staged_aliases', 'staged_alias'),
            ('questions', 'staged_questions', 'staged_question'), ('albums', 'staged_albums', 'staged_album'),
            ('answers', 'staged_answers', 'staged_answer'), ('rejects', 'staged_rejects', 'staged_reject')) s (kind, name, type)
        WHERE s.kind = ANY (kinds)
    LOOP
        IF staged.there IS NOT NULL
            AND timbre_columns(staged.there) <> timbre_columns(to_regclass(staged.type)) THEN
            EXECUTE format('DROP TABLE pg_temp.%I', staged.name);
            staged.there := NULL;
        END IF;
        IF staged.there IS NULL THEN
            EXECUTE format('CREATE TEMP TABLE %I (LIKE %I) ON COMMIT DELETE ROWS', staged.name, staged.type);
        END IF;
    END LOOP;
END $$;

-- One identity's strength: isrc before spotify before hash.
CREATE OR REPLACE FUNCTION timbre_strength(key text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE left(key, 4) WHEN 'isrc' THEN 3 WHEN 'spot' THEN 2 ELSE 1 END;

-- How far a service is believed, as items.STRENGTH has it; 0 where nobody told.
CREATE OR REPLACE FUNCTION timbre_source_strength(source text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(array_position(ARRAY['deezer', 'musicbrainz', 'listenbrainz', 'spotify'], source), 0);

-- Of each fact the one whose teller is believed more; among equals that of `one`.
CREATE OR REPLACE FUNCTION timbre_stronger(one open_attrs, other open_attrs) RETURNS open_attrs
LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $$
BEGIN
    IF timbre_source_strength(other.mbid_source) > timbre_source_strength(one.mbid_source) THEN
        one.mbid := other.mbid; one.mbid_source := other.mbid_source;
    END IF;
    IF timbre_source_strength(other.isrcs_source) > timbre_source_strength(one.isrcs_source) THEN
        one.isrcs := other.isrcs; one.isrcs_source := other.isrcs_source;
    END IF;
    IF timbre_source_strength(other.album_source) > timbre_source_strength(one.album_source) THEN
        one.album_name := other.album_name; one.release_mbid := other.release_mbid; one.album_source := other.album_source;
    END IF;
    IF timbre_source_strength(other.release_date_source) > timbre_source_strength(one.release_date_source) THEN
        one.release_date := other.release_date; one.release_precision := other.release_precision;
        one.release_date_source := other.release_date_source;
    END IF;
    IF timbre_source_strength(other.duration_source) > timbre_source_strength(one.duration_source) THEN
        one.duration_ms := other.duration_ms; one.duration_source := other.duration_source;
    END IF;
    RETURN one;
END $$;

-- Whoever changes who is who holds this lock until the transaction ends.
CREATE OR REPLACE FUNCTION timbre_lock_songs() RETURNS void
LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(7306081, 1) $$;

-- Which songs of the batch cannot be loaded now: `contested`, a key of theirs or a row to absorb went to another song
-- meanwhile; `again`, the same song comes earlier in the batch.
CREATE OR REPLACE FUNCTION timbre_judge_songs() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE staged_songs s SET verdict = 'contested'
    WHERE EXISTS (
            SELECT FROM unnest(s.keys) k
            CROSS JOIN LATERAL (SELECT o.song_id FROM song_keys o WHERE o.key = k LIMIT 1) o
            WHERE o.song_id <> s.song_id AND o.song_id <> ALL (coalesce(s.absorbs, '{}'))
                AND k <> ALL (coalesce(s.taken_keys, '{}'))
        );
    UPDATE staged_songs s SET verdict = 'contested'
    WHERE s.absorbs <> '{}' AND EXISTS (
            SELECT FROM unnest(s.absorbs) a JOIN song_redirects r ON r.old_id = a WHERE r.song_id <> s.song_id
        );

    -- Two songs of the batch that claim the same: the first has it.
    WITH claims AS (
        SELECT s.n, s.song_id, c.claim
        FROM staged_songs s
        CROSS JOIN LATERAL unnest(s.keys || s.song_id::text || s.absorbs::text[]) c (claim)
        WHERE s.verdict IS NULL
    ), shared AS (
        SELECT claim, min(n) AS first FROM claims GROUP BY claim HAVING min(n) <> max(n)
    )
    UPDATE staged_songs s SET verdict = later.verdict
    FROM (
        SELECT c.n, min(CASE WHEN f.song_id = c.song_id THEN 'again' ELSE 'contested' END COLLATE "C") AS verdict
        FROM shared h JOIN claims c ON c.claim = h.claim AND c.n > h.first JOIN staged_songs f ON f.n = h.first
        GROUP BY c.n
    ) later
    WHERE later.n = s.n;
END $$;

-- A key goes to the song with more right to it; its holder goes by its next best one.
CREATE OR REPLACE FUNCTION timbre_take_keys() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    taken record;
BEGIN
    FOR taken IN
        SELECT o.key, o.song_id AS holder
        FROM staged_songs s CROSS JOIN LATERAL unnest(s.taken_keys) k JOIN song_keys o ON o.key = k
        WHERE s.verdict IS NULL AND o.song_id <> s.song_id
        ORDER BY o.key
    LOOP
        DELETE FROM song_keys WHERE key = taken.key;
        UPDATE songs SET updated_at = now(), canonical_id = (
                SELECT key FROM song_keys WHERE song_id = taken.holder
                ORDER BY timbre_strength(key) DESC, key LIMIT 1
            )
        WHERE id = taken.holder AND canonical_id = taken.key;
    END LOOP;
END $$;

-- The songs no verdict stands against, into the tables. Answers {new: [n], left: {alias: row it was in}}: rows made, and
-- spellings that left another song because names are read differently now.
CREATE OR REPLACE FUNCTION timbre_write_songs() RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    fresh jsonb;
    left_for jsonb;
BEGIN
    WITH judged AS MATERIALIZED (
        SELECT s.*, t.id IS NULL AS is_new, better.takes,
            t.spotify_id = s.spotify_id AS same_track,
            CASE WHEN better.takes THEN s.artist ELSE t.artist END AS to_artist,
            CASE WHEN better.takes THEN s.title ELSE t.title END AS to_title,
            CASE WHEN timbre_strength(s.canonical_id) > timbre_strength(t.canonical_id) OR t.id IS NULL
                THEN s.canonical_id ELSE t.canonical_id END AS to_canonical_id,
            CASE WHEN better.isrc THEN s.isrc ELSE t.isrc END AS to_isrc,
            CASE WHEN better.isrc THEN s.isrc_source ELSE t.isrc_source END AS to_isrc_source,
            CASE WHEN better.takes THEN coalesce(s.spotify_id, t.spotify_id)
                ELSE coalesce(t.spotify_id, s.spotify_id) END AS to_spotify_id,
            CASE WHEN better.takes THEN greatest(s.completeness, t.completeness)
                ELSE t.completeness END AS to_completeness,
            CASE WHEN better.same THEN greatest(s.plays, t.version_plays)
                WHEN better.takes THEN s.plays ELSE t.version_plays END AS to_plays
        FROM staged_songs s
        LEFT JOIN LATERAL (SELECT * FROM songs o WHERE o.id = s.song_id LIMIT 1) t ON true
        CROSS JOIN LATERAL (
            SELECT t.spotify_id IS NOT DISTINCT FROM s.spotify_id AND t.artist = s.artist AND t.title = s.title AS same
        ) version
        CROSS JOIN LATERAL (
            SELECT t.id IS NULL OR version.same
                OR (s.completeness, s.plays, coalesce(s.spotify_id, '') COLLATE "C",
                    s.artist COLLATE "C", s.title COLLATE "C")
                > (t.completeness, t.version_plays, coalesce(t.spotify_id, '') COLLATE "C",
                   t.artist COLLATE "C", t.title COLLATE "C") AS takes
        ) represents
        CROSS JOIN LATERAL (
            SELECT version.same, represents.takes, s.isrc IS NOT NULL AND (t.isrc IS NULL OR represents.takes
                AND timbre_source_strength(s.isrc_source) >= timbre_source_strength(t.isrc_source)) AS isrc
        ) better
        -- Not IS NULL, of which the planner expects next to none.
        WHERE s.verdict IS DISTINCT FROM 'contested' AND s.verdict IS DISTINCT FROM 'again'
    ), songs_made AS (
        INSERT INTO songs (id, artist, title, canonical_id, isrc, isrc_source, spotify_id, completeness, version_plays)
        SELECT song_id, to_artist, to_title, to_canonical_id, to_isrc, to_isrc_source, to_spotify_id, to_completeness,
            to_plays
        FROM judged WHERE is_new
    ), songs_mended AS (
        UPDATE songs t SET artist = to_artist, title = to_title, canonical_id = to_canonical_id, isrc = to_isrc,
            isrc_source = to_isrc_source, spotify_id = to_spotify_id, completeness = to_completeness,
            version_plays = to_plays, updated_at = now()
        FROM judged j
        WHERE NOT j.is_new AND t.id = j.song_id AND (t.artist, t.title, t.canonical_id, t.isrc, t.isrc_source, t.spotify_id,
                t.completeness, t.version_plays)
            IS DISTINCT FROM (to_artist, to_title, to_canonical_id, to_isrc, to_isrc_source, to_spotify_id,
                to_completeness, to_plays)
    ), keys_made AS (
        INSERT INTO song_keys (key, song_id)
        SELECT DISTINCT k, j.song_id FROM judged j CROSS JOIN LATERAL unnest(j.keys) k
        LEFT JOIN LATERAL (SELECT true AS owned FROM song_keys o WHERE o.key = k LIMIT 1) o ON true
        WHERE o.owned IS NULL
    ), spotify AS MATERIALIZED (
        SELECT j.song_id, a.song_id IS NULL AS is_new,
            coalesce(j.duration_ms, o.duration_ms) AS duration_ms,
            coalesce(j.popularity, o.popularity) AS popularity,
            coalesce(j.album_id, o.album_id) AS album_id,
            coalesce(j.artist_id, o.artist_id) AS artist_id,
            coalesce(j.album_name, o.album_name) AS album_name,
            coalesce(j.album_type, o.album_type) AS album_type,
            CASE WHEN j.release_date IS NULL THEN o.release_date ELSE j.release_date END AS release_date,
            CASE WHEN j.release_date IS NULL THEN o.release_precision ELSE j.release_precision END AS release_precision,
            coalesce(j.explicit, o.explicit) AS explicit,
            coalesce(j.track_number, o.track_number) AS track_number
        FROM judged j
        LEFT JOIN LATERAL (SELECT o.song_id FROM spotify_attrs o WHERE o.song_id = j.song_id LIMIT 1) a ON true
        -- The same track keeps what the answer lacks now.
        LEFT JOIN LATERAL (
            SELECT * FROM spotify_attrs o WHERE o.song_id = j.song_id AND j.same_track LIMIT 1
        ) o ON true
        WHERE j.spotify_id IS NOT NULL AND (a.song_id IS NULL OR j.takes OR j.same_track)
    ), spotify_made AS (
        INSERT INTO spotify_attrs (song_id, duration_ms, popularity, album_id, artist_id, album_name, album_type,
            release_date, release_precision, explicit, track_number)
        SELECT song_id, duration_ms, popularity, album_id, artist_id, album_name, album_type, release_date,
            release_precision, explicit, track_number
        FROM spotify WHERE is_new
    ), spotify_mended AS (
        UPDATE spotify_attrs t SET duration_ms = v.duration_ms, popularity = v.popularity, album_id = v.album_id,
            artist_id = v.artist_id, album_name = v.album_name, album_type = v.album_type,
            release_date = v.release_date, release_precision = v.release_precision, explicit = v.explicit,
            track_number = v.track_number, updated_at = now()
        FROM spotify v
        WHERE NOT v.is_new AND t.song_id = v.song_id AND (t.duration_ms, t.popularity, t.album_id, t.artist_id, t.album_name,
                t.album_type, t.release_date, t.release_precision, t.explicit, t.track_number)
            IS DISTINCT FROM (v.duration_ms, v.popularity, v.album_id, v.artist_id, v.album_name,
                v.album_type, v.release_date, v.release_precision, v.explicit, v.track_number)
    ), open AS MATERIALIZED (
        SELECT v.*, a.o IS NULL AS is_new FROM judged j
        LEFT JOIN LATERAL (SELECT o FROM open_attrs o WHERE o.song_id = j.song_id LIMIT 1) a ON true
        CROSS JOIN LATERAL (
            SELECT jsonb_populate_record(NULL::open_attrs, j.open || jsonb_build_object('song_id', j.song_id)) AS told
        ) n
        CROSS JOIN LATERAL timbre_stronger(
            CASE WHEN a.o IS NULL OR j.takes THEN n.told ELSE a.o END, CASE WHEN j.takes THEN a.o ELSE n.told END) v
        WHERE j.open IS NOT NULL
    ), open_made AS (
        INSERT INTO open_attrs (song_id, mbid, release_mbid, duration_ms, release_date, release_precision, album_name, isrcs,
            mbid_source, album_source, duration_source, release_date_source, isrcs_source)
        SELECT song_id, mbid, release_mbid, duration_ms, release_date, release_precision, album_name, isrcs,
            mbid_source, album_source, duration_source, release_date_source, isrcs_source
        FROM open WHERE is_new
    ), open_mended AS (
        UPDATE open_attrs t SET mbid = v.mbid, release_mbid = v.release_mbid, duration_ms = v.duration_ms,
            release_date = v.release_date, release_precision = v.release_precision, album_name = v.album_name,
            isrcs = v.isrcs, mbid_source = v.mbid_source, album_source = v.album_source,
            duration_source = v.duration_source, release_date_source = v.release_date_source,
            isrcs_source = v.isrcs_source, updated_at = now()
        FROM open v
        WHERE NOT v.is_new AND t.song_id = v.song_id AND (t.mbid, t.release_mbid, t.duration_ms, t.release_date,
                t.release_precision, t.album_name, t.isrcs, t.mbid_source, t.album_source, t.duration_source,
                t.release_date_source, t.isrcs_source)
            IS DISTINCT FROM (v.mbid, v.release_mbid, v.duration_ms, v.release_date, v.release_precision, v.album_name,
                v.isrcs, v.mbid_source, v.album_source, v.duration_source, v.release_date_source, v.isrcs_source)
    ), aoty AS MATERIALIZED (
        SELECT j.song_id, a.song_id IS NULL AS is_first, j.aoty_url, j.aoty_title,
            coalesce(c.user_score, j.user_score, o.user_score) AS user_score,
            coalesce(c.rating_count, j.rating_count, o.rating_count) AS rating_count,
            coalesce(c.critic_score, j.critic_score, o.critic_score) AS critic_score,
            coalesce(c.critic_count, j.critic_count, o.critic_count) AS critic_count,
            coalesce(c.release_date, j.aoty_release_date, o.release_date) AS aoty_release_date,
            coalesce(c.genres, nullif(j.genres, '[]'), o.genres, '[]') AS genres,
            coalesce(c.tags, nullif(j.aoty_tags, '[]'), o.tags, '[]') AS aoty_tags
        FROM judged j
        LEFT JOIN LATERAL (SELECT o.song_id, o.url FROM aoty_attrs o WHERE o.song_id = j.song_id LIMIT 1) a ON true
        -- The same album keeps what the answer lacks now.
        LEFT JOIN LATERAL (
            SELECT * FROM aoty_attrs o WHERE o.song_id = j.song_id AND o.url = j.aoty_url LIMIT 1
        ) o ON true
        -- The catalogue knows the album best.
        LEFT JOIN LATERAL timbre_album_values(timbre_album_number(j.aoty_url)) c ON true
        WHERE j.aoty_url IS NOT NULL AND (a.song_id IS NULL OR j.takes OR a.url = j.aoty_url)
    ), aoty_made AS (
        INSERT INTO aoty_attrs (song_id, user_score, rating_count, tags, genres, critic_score, critic_count, url,
            album_title, release_date)
        SELECT song_id, user_score, rating_count, aoty_tags, genres, critic_score, critic_count, aoty_url,
            aoty_title, aoty_release_date
        FROM aoty WHERE is_first
    ), aoty_mended AS (
        UPDATE aoty_attrs t SET user_score = v.user_score, rating_count = v.rating_count, tags = v.aoty_tags,
            genres = v.genres, critic_score = v.critic_score, critic_count = v.critic_count, url = v.aoty_url,
            album_title = v.aoty_title, release_date = v.aoty_release_date,
            updated_at = now()
        FROM aoty v
        WHERE NOT v.is_first AND t.song_id = v.song_id AND (t.user_score, t.rating_count, t.tags, t.genres, t.critic_score,
                t.critic_count, t.url, t.album_title, t.release_date)
            IS DISTINCT FROM (v.user_score, v.rating_count, v.aoty_tags, v.genres, v.critic_score,
                v.critic_count, v.aoty_url, v.aoty_title, v.aoty_release_date)
    ), spelled AS MATERIALIZED (
        SELECT DISTINCT ON (i.id) i.id, j.song_id, a.listener, a.artist, a.title, a.name_key, a.playcount, a.rank, a.rule,
            o.song_id AS was_song
        FROM staged_aliases a
        JOIN judged j ON j.n = a.n
        CROSS JOIN LATERAL (SELECT timbre_alias_id(a.listener, a.artist, a.title) AS id) i
        LEFT JOIN LATERAL (SELECT x.song_id FROM aliases x WHERE x.id = i.id LIMIT 1) o ON true
        ORDER BY i.id, a.playcount DESC, a.n
    ), aliases_made AS (
        INSERT INTO aliases (id, song_id, listener, artist, title, name_key, playcount, rank, rule)
        SELECT id, song_id, listener, artist, title, name_key, playcount, rank, rule FROM spelled WHERE was_song IS NULL
    ), aliases_mended AS (
        UPDATE aliases t SET song_id = v.song_id, name_key = coalesce(v.name_key, t.name_key), rule = coalesce(v.rule, t.rule),
            playcount = greatest(t.playcount, v.playcount),
            rank = CASE WHEN v.playcount >= t.playcount THEN coalesce(v.rank, t.rank) ELSE t.rank END
        FROM spelled v
        WHERE v.was_song IS NOT NULL AND t.id = v.id
            AND ((t.song_id, t.name_key, t.rule) IS DISTINCT FROM (v.song_id, coalesce(v.name_key, t.name_key), coalesce(v.rule, t.rule))
            OR v.playcount > t.playcount OR (v.playcount = t.playcount AND v.rank <> t.rank))
    ), unrejected AS (
        DELETE FROM rejects r USING spelled v WHERE r.id = v.id
    ), plays AS MATERIALIZED (
        SELECT j.song_id, l.song_id IS NULL AS is_new,
            -- Of a new song most likely what timbre_sum_plays finds, which then has nothing to write.
            coalesce(l.playcount, p.plays, 0) AS playcount,
            CASE WHEN coalesce(j.lastfm_tags, '{}') <> '{}' AND (j.takes OR l.tags = '{}' OR l.tags IS NULL)
                THEN j.lastfm_tags ELSE coalesce(l.tags, '{}') END AS tags
        FROM judged j
        LEFT JOIN LATERAL (SELECT * FROM lastfm_stats o WHERE o.song_id = j.song_id LIMIT 1) l ON true
        LEFT JOIN (SELECT song_id, sum(playcount) AS plays FROM spelled GROUP BY song_id) p ON p.song_id = j.song_id
    ), plays_made AS (
        INSERT INTO lastfm_stats (song_id, playcount, tags) SELECT song_id, playcount, tags FROM plays WHERE is_new
    ), plays_mended AS (
        UPDATE lastfm_stats t SET tags = v.tags, updated_at = now()
        FROM plays v WHERE t.song_id = v.song_id AND t.tags <> v.tags
    )
    SELECT (SELECT coalesce(jsonb_agg(n), '[]') FROM judged WHERE is_new),
        (SELECT jsonb_object_agg(id, was_song) FROM spelled WHERE was_song <> song_id)
    INTO fresh, left_for;
    RETURN jsonb_build_object('new', fresh, 'left', left_for);
END $$;

-- Plays went along with the spellings that left. A song left without any is the one they went to.
CREATE OR REPLACE FUNCTION timbre_follow_spellings(left_for jsonb) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    pair record;
BEGIN
    FOR pair IN
        SELECT l.value::uuid AS old_id, (array_agg(a.song_id ORDER BY a.playcount DESC, a.id))[1] AS new_id,
            array_agg(a.id) AS spellings
        FROM jsonb_each_text(left_for) l JOIN aliases a ON a.id = l.key::uuid
        WHERE NOT EXISTS (SELECT FROM aliases o WHERE o.song_id = l.value::uuid)
        GROUP BY l.value ORDER BY l.value
    LOOP
        -- Back for a moment, so that the merge is kept as it was.
        UPDATE aliases a SET song_id = pair.old_id WHERE a.id = ANY (pair.spellings) AND a.song_id = pair.new_id;
        PERFORM timbre_absorb(pair.old_id, pair.new_id, 'name', NULL, NULL);
    END LOOP;
    PERFORM timbre_sum_plays(ARRAY(SELECT value::uuid FROM jsonb_each_text(left_for)));
END $$;

-- Songs and aliases of the staging tables into the real ones. Answers, by the songs' n:
--   new: rows made; moved: {n: id} where the row had been merged into another meanwhile;
--   contested, again: see timbre_judge_songs; gone: {row that this batch merged: row it went into}.
CREATE OR REPLACE FUNCTION timbre_merge_songs() RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    moved jsonb;
    written jsonb;
    pair record;
    last_merge integer;
BEGIN
    PERFORM timbre_lock_songs();
    SELECT coalesce(max(id), 0) INTO last_merge FROM merges;

    WITH changed AS (
        UPDATE staged_songs s SET song_id = r.song_id
        FROM song_redirects r
        WHERE r.old_id = s.song_id
        RETURNING s.n, s.song_id
    )
    SELECT coalesce(jsonb_object_agg(n, song_id), '{}') INTO moved FROM changed;

    PERFORM timbre_judge_songs();
    PERFORM timbre_take_keys();
    FOR pair IN
        SELECT a AS old_id, s.song_id AS new_id, s.keys FROM staged_songs s, unnest(s.absorbs) a
        WHERE s.verdict IS NULL ORDER BY s.n
    LOOP
        PERFORM timbre_absorb_by_keys(pair.old_id, pair.new_id, pair.keys);
    END LOOP;
    written := timbre_write_songs();
    PERFORM timbre_merge_listens();
    IF jsonb_typeof(written -> 'left') = 'object' THEN
        PERFORM timbre_follow_spellings(written -> 'left');
    END IF;

    RETURN jsonb_build_object(
        'new', written -> 'new',
        'moved', moved,
        'gone', (SELECT coalesce(jsonb_object_agg(gone_id, song_id), '{}') FROM merges WHERE id > last_merge),
        'contested', (SELECT coalesce(jsonb_agg(n), '[]') FROM staged_songs WHERE verdict = 'contested'),
        'again', (SELECT coalesce(jsonb_agg(n), '[]') FROM staged_songs WHERE verdict = 'again')
    );
END $$;

CREATE OR REPLACE FUNCTION timbre_merge_rejects() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO rejects AS t (id, listener, artist, title, playcount, reason)
    SELECT DISTINCT ON (i.id) i.id, v.listener, v.artist, v.title, v.playcount, v.reason
    FROM staged_rejects v
    CROSS JOIN LATERAL (SELECT timbre_alias_id(v.listener, v.artist, v.title) AS id) i
    LEFT JOIN rejects o ON o.id = i.id
    WHERE o.id IS NULL OR o.playcount < v.playcount OR o.reason <> v.reason
    ORDER BY i.id, v.n DESC
    ON CONFLICT (id) DO UPDATE SET playcount = greatest(t.playcount, excluded.playcount), reason = excluded.reason,
        seen_at = now();
END $$;

CREATE OR REPLACE FUNCTION timbre_merge(kinds text[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT SET work_mem = '64MB' SET enable_seqscan = off SET enable_mergejoin = off AS $$
DECLARE
    report jsonb := '{}';
BEGIN
    IF 'songs' = ANY (kinds) THEN
        report := timbre_merge_songs();
    END IF;
    IF 'questions' = ANY (kinds) THEN
        PERFORM timbre_merge_questions();
    END IF;
    IF 'albums' = ANY (kinds) THEN
        PERFORM timbre_merge_albums();
    END IF;
    IF 'answers' = ANY (kinds) THEN
        PERFORM timbre_merge_answers();
    END IF;
    IF 'rejects' = ANY (kinds) THEN
        PERFORM timbre_merge_rejects();
    END IF;
    IF 'songs' = ANY (kinds) THEN
        PERFORM timbre_judge(ARRAY(SELECT song_id FROM staged_songs WHERE verdict IS NULL));
    END IF;
    RETURN report;
END $$;

-- The same merge in one call, for REST: batch holds arrays of rows named as the staged types' columns.
CREATE OR REPLACE FUNCTION timbre_load(batch jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    kinds text[] := ARRAY(SELECT jsonb_object_keys(batch));
    report jsonb;
BEGIN
    PERFORM timbre_stage(kinds);
    IF 'songs' = ANY (kinds) THEN
        INSERT INTO staged_songs SELECT * FROM jsonb_populate_recordset(NULL::staged_song, batch -> 'songs');
        INSERT INTO staged_aliases
        SELECT * FROM jsonb_populate_recordset(NULL::staged_alias, batch -> 'aliases');
    END IF;
    IF 'questions' = ANY (kinds) THEN
        INSERT INTO staged_questions SELECT * FROM jsonb_populate_recordset(NULL::staged_question, batch -> 'questions');
    END IF;
    IF 'albums' = ANY (kinds) THEN
        INSERT INTO staged_albums SELECT * FROM jsonb_populate_recordset(NULL::staged_album, batch -> 'albums');
    END IF;
    IF 'answers' = ANY (kinds) THEN
        INSERT INTO staged_answers SELECT * FROM jsonb_populate_recordset(NULL::staged_answer, batch -> 'answers');
    END IF;
    IF 'rejects' = ANY (kinds) THEN
        INSERT INTO staged_rejects SELECT * FROM jsonb_populate_recordset(NULL::staged_reject, batch -> 'rejects');
    END IF;
    report := timbre_merge(kinds);
    RETURN report;
END $$;

-- Rows kept under a listener's name in another case become one; rejects are met again by the next run.
DO $$
DECLARE
    twice uuid[];
BEGIN
    SELECT array_agg(o.song_id) INTO twice FROM aliases a JOIN aliases o
        ON o.id IN (a.id, timbre_alias_id(a.listener, a.artist, a.title))
    WHERE a.id <> timbre_alias_id(a.listener, a.artist, a.title);
    IF twice IS NOT NULL THEN
        UPDATE aliases t SET playcount = greatest(t.playcount, a.playcount)
        FROM (SELECT timbre_alias_id(listener, artist, title) AS own, max(playcount) AS playcount FROM aliases GROUP BY 1) a
        WHERE t.id = a.own;
        DELETE FROM aliases a USING aliases o
        WHERE a.id <> timbre_alias_id(a.listener, a.artist, a.title)
            AND timbre_alias_id(o.listener, o.artist, o.title) = timbre_alias_id(a.listener, a.artist, a.title)
            AND (o.id = timbre_alias_id(o.listener, o.artist, o.title), o.playcount, o.id)
                > (false, a.playcount, a.id);
        UPDATE aliases SET id = timbre_alias_id(listener, artist, title)
        WHERE id <> timbre_alias_id(listener, artist, title);
        PERFORM timbre_sum_plays(twice);
    END IF;
    DELETE FROM rejects WHERE id <> timbre_alias_id(listener, artist, title);
END $$;

INSERT INTO schema_migrations (version, name) VALUES (3, '0003_merge') ON CONFLICT DO NOTHING;
