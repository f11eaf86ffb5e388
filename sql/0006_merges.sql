-- Two rows that are one song become one, and every such merge can be taken apart again: what the gone row was, and
-- what the row that stays was before and after, is kept with it.

CREATE TABLE IF NOT EXISTS merges (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gone_id uuid NOT NULL,
    song_id uuid NOT NULL CHECK (song_id <> gone_id),
    rule text NOT NULL CHECK (rule IN ('override', 'name', 'spotify', 'isrc')),
    evidence text,
    override_id integer REFERENCES overrides ON DELETE SET NULL,
    parted_by integer REFERENCES overrides ON DELETE CASCADE,
    merged_at timestamptz NOT NULL DEFAULT now(),
    gone jsonb,
    stays jsonb,
    became jsonb
);

CREATE INDEX IF NOT EXISTS merges_song ON merges (song_id);
CREATE INDEX IF NOT EXISTS merges_gone ON merges (gone_id);

COMMENT ON TABLE merges IS 'Who went into whom, why, and all that is needed to take it apart';
COMMENT ON COLUMN merges.rule IS 'What said that the two are one song: a person, one name, a Spotify id or an ISRC';
COMMENT ON COLUMN merges.evidence IS 'The key that joined them; null where a person did';
COMMENT ON COLUMN merges.override_id IS 'The override that merged them';
COMMENT ON COLUMN merges.parted_by IS 'The override that took the merge apart; taking that word back merges again';
COMMENT ON COLUMN merges.gone IS 'The whole of the row that went: song, keys, aliases, redirects, spotify, open, lastfm, aoty';
COMMENT ON COLUMN merges.stays IS 'The whole of the row that stays, before';
COMMENT ON COLUMN merges.became IS 'The whole of the row that stays, after';

-- All that is stored of a song.
CREATE OR REPLACE FUNCTION timbre_snapshot(song uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_build_object(
        'song', to_jsonb(s),
        'keys', (SELECT coalesce(jsonb_agg(k.key), '[]') FROM song_keys k WHERE k.song_id = s.id),
        'aliases', (SELECT coalesce(jsonb_agg(a.id), '[]') FROM aliases a WHERE a.song_id = s.id),
        'redirects', (SELECT coalesce(jsonb_agg(r.old_id), '[]') FROM song_redirects r WHERE r.song_id = s.id),
        'spotify', (SELECT to_jsonb(t) FROM spotify_attrs t WHERE t.song_id = s.id),
        'open', (SELECT to_jsonb(t) FROM open_attrs t WHERE t.song_id = s.id),
        'lastfm', (SELECT to_jsonb(t) FROM lastfm_stats t WHERE t.song_id = s.id),
        'aoty', (SELECT to_jsonb(t) FROM aoty_attrs t WHERE t.song_id = s.id)
    )
    FROM songs s WHERE s.id = song
$$;

-- The better version of two rows of one song represents it: the fuller one, then the more played one.
CREATE OR REPLACE FUNCTION timbre_is_better(one songs, other songs) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN ((one).completeness, (one).version_plays, coalesce((one).spotify_id, '') COLLATE "C",
        (one).artist COLLATE "C", (one).title COLLATE "C")
    > ((other).completeness, (other).version_plays, coalesce((other).spotify_id, '') COLLATE "C",
       (other).artist COLLATE "C", (other).title COLLATE "C");

-- The row gone_id goes into the row stays_id, with all it has; the better version represents the song.
DROP FUNCTION IF EXISTS timbre_absorb(uuid, uuid);
CREATE OR REPLACE FUNCTION timbre_absorb(gone_id uuid, stays_id uuid, rule text, evidence text, override_id integer)
RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    gone songs;
    stays songs;
    gone_is_better boolean;
    gone_isrc_wins boolean;
    opened open_attrs;
    merge integer;
BEGIN
    PERFORM timbre_lock_songs();
    SELECT * INTO gone FROM songs s WHERE s.id = timbre_absorb.gone_id;
    IF timbre_absorb.gone_id = stays_id OR gone.id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO stays FROM songs s WHERE s.id = stays_id;
    IF stays.id IS NULL THEN
        DELETE FROM song_redirects r WHERE r.old_id = stays_id;
        UPDATE songs s SET id = stays_id, updated_at = now() WHERE s.id = gone.id;  -- what refers to it follows
        INSERT INTO song_redirects (old_id, song_id) VALUES (gone.id, stays_id);
        RETURN;
    END IF;
    INSERT INTO merges (gone_id, song_id, rule, evidence, override_id, gone, stays)
    VALUES (gone.id, stays.id, timbre_absorb.rule, timbre_absorb.evidence, timbre_absorb.override_id,
        timbre_snapshot(gone.id), timbre_snapshot(stays.id))
    RETURNING id INTO merge;

    gone_is_better := timbre_is_better(gone, stays);
    IF gone_is_better THEN
        DELETE FROM spotify_attrs t WHERE t.song_id = stays.id
            AND EXISTS (SELECT FROM spotify_attrs o WHERE o.song_id = gone.id);
        DELETE FROM aoty_attrs t WHERE t.song_id = stays.id
            AND EXISTS (SELECT FROM aoty_attrs o WHERE o.song_id = gone.id);
    END IF;
    gone_isrc_wins := gone.isrc IS NOT NULL AND (stays.isrc IS NULL OR gone_is_better
        AND timbre_source_strength(gone.isrc_source) >= timbre_source_strength(stays.isrc_source));
    SELECT (timbre_stronger(
        CASE WHEN gone_is_better THEN g ELSE s END, CASE WHEN gone_is_better THEN s ELSE g END)).* INTO opened
    FROM open_attrs g JOIN open_attrs s ON s.song_id = stays.id WHERE g.song_id = gone.id;
    IF opened.song_id IS NOT NULL THEN
        DELETE FROM open_attrs t WHERE t.song_id IN (gone.id, stays.id);
        opened.song_id := stays.id;
        opened.updated_at := now();
        INSERT INTO open_attrs SELECT (opened).*;
    END IF;
    UPDATE open_attrs t SET song_id = stays.id, updated_at = now() WHERE t.song_id = gone.id;
    UPDATE lastfm_stats t SET tags = o.tags, updated_at = now() FROM lastfm_stats o
        WHERE t.song_id = stays.id AND o.song_id = gone.id AND o.tags <> '{}' AND (gone_is_better OR t.tags = '{}');
    UPDATE spotify_attrs t SET song_id = stays.id, updated_at = now() WHERE t.song_id = gone.id
        AND NOT EXISTS (SELECT FROM spotify_attrs o WHERE o.song_id = stays.id);
    UPDATE aoty_attrs t SET song_id = stays.id, updated_at = now() WHERE t.song_id = gone.id
        AND NOT EXISTS (SELECT FROM aoty_attrs o WHERE o.song_id = stays.id);
    UPDATE lastfm_stats t SET song_id = stays.id, updated_at = now() WHERE t.song_id = gone.id
        AND NOT EXISTS (SELECT FROM lastfm_stats o WHERE o.song_id = stays.id);
    UPDATE aliases t SET song_id = stays.id WHERE t.song_id = gone.id;
    UPDATE song_keys t SET song_id = stays.id WHERE t.song_id = gone.id;
    UPDATE song_redirects t SET song_id = stays.id WHERE t.song_id = gone.id;
    DELETE FROM songs s WHERE s.id = gone.id;
    UPDATE songs s SET
        artist = CASE WHEN gone_is_better THEN gone.artist ELSE s.artist END,
        title = CASE WHEN gone_is_better THEN gone.title ELSE s.title END,
        canonical_id = CASE WHEN timbre_strength(gone.canonical_id) > timbre_strength(s.canonical_id)
            THEN gone.canonical_id ELSE s.canonical_id END,
        isrc = CASE WHEN gone_isrc_wins THEN gone.isrc ELSE s.isrc END,
        isrc_source = CASE WHEN gone_isrc_wins THEN gone.isrc_source ELSE s.isrc_source END,
        spotify_id = CASE WHEN gone_is_better THEN coalesce(gone.spotify_id, s.spotify_id)
            ELSE coalesce(s.spotify_id, gone.spotify_id) END,
        completeness = greatest(s.completeness, gone.completeness),
        version_plays = CASE WHEN gone_is_better THEN gone.version_plays ELSE s.version_plays END,
        created_at = least(s.created_at, gone.created_at),
        updated_at = now()
    WHERE s.id = stays.id;
    PERFORM timbre_sum_plays(ARRAY[stays.id]);
    INSERT INTO song_redirects (old_id, song_id) VALUES (gone.id, stays.id);
    UPDATE merges m SET became = timbre_snapshot(stays.id) WHERE m.id = merge;
END $$;

-- Two rows that a song of a batch brings together: by a person's word, else by its keys. The key that told more than a
-- name is the evidence.
CREATE OR REPLACE FUNCTION timbre_absorb_by_keys(gone_id uuid, stays_id uuid, keys text[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    word integer;
    joined text;
BEGIN
    SELECT o.id INTO word FROM overrides o
    JOIN song_keys a ON a.key = o.subject JOIN song_keys b ON b.key = o.object
    WHERE o.kind = 'same' AND o.replaced_by IS NULL
        AND (a.song_id, b.song_id) IN ((timbre_absorb_by_keys.gone_id, stays_id), (stays_id, timbre_absorb_by_keys.gone_id))
    ORDER BY o.id LIMIT 1;
    -- Of the plainest key that each side has in common with the song, the stronger.
    SELECT plainest.key INTO joined FROM (
        SELECT DISTINCT ON (k.song_id) k.key FROM song_keys k
        WHERE k.song_id IN (timbre_absorb_by_keys.gone_id, stays_id) AND k.key = ANY (keys)
        ORDER BY k.song_id, timbre_strength(k.key), k.key
    ) plainest
    ORDER BY timbre_strength(plainest.key) DESC, plainest.key LIMIT 1;
    IF word IS NOT NULL THEN
        PERFORM timbre_absorb(timbre_absorb_by_keys.gone_id, stays_id, 'override', NULL, word);
    ELSE
        PERFORM timbre_absorb(timbre_absorb_by_keys.gone_id, stays_id,
            CASE timbre_strength(joined) WHEN 3 THEN 'isrc' WHEN 2 THEN 'spotify' ELSE 'name' END, joined, NULL);
    END IF;
END $$;

-- What a part of a row was, with what has become known of it since the merge: column by column.
CREATE OR REPLACE FUNCTION timbre_since(was jsonb, became jsonb, is_now jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN is_now IS NOT DISTINCT FROM became THEN was
    WHEN jsonb_typeof(is_now) = 'null' OR jsonb_typeof(was) = 'null' THEN is_now
    ELSE (
        SELECT jsonb_object_agg(c.key, CASE WHEN c.value IS DISTINCT FROM became -> c.key THEN c.value ELSE was -> c.key END)
        FROM jsonb_each(is_now) c
    )
END;

-- The values of one snapshot's part, as what the sources say of song_id.
CREATE OR REPLACE FUNCTION timbre_restore_attrs(song uuid, snapshot jsonb) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    mine jsonb := jsonb_build_object('song_id', song);
BEGIN
    DELETE FROM spotify_attrs t WHERE t.song_id = song;
    DELETE FROM open_attrs t WHERE t.song_id = song;
    DELETE FROM lastfm_stats t WHERE t.song_id = song;
    DELETE FROM aoty_attrs t WHERE t.song_id = song;
    INSERT INTO spotify_attrs SELECT r.* FROM jsonb_populate_record(NULL::spotify_attrs, snapshot -> 'spotify' || mine) r
    WHERE jsonb_typeof(snapshot -> 'spotify') = 'object';
    INSERT INTO open_attrs SELECT r.* FROM jsonb_populate_record(NULL::open_attrs, snapshot -> 'open' || mine) r
    WHERE jsonb_typeof(snapshot -> 'open') = 'object';
    INSERT INTO lastfm_stats SELECT r.* FROM jsonb_populate_record(NULL::lastfm_stats, snapshot -> 'lastfm' || mine) r
    WHERE jsonb_typeof(snapshot -> 'lastfm') = 'object';
    INSERT INTO aoty_attrs SELECT r.* FROM jsonb_populate_record(NULL::aoty_attrs, snapshot -> 'aoty' || mine) r
    WHERE jsonb_typeof(snapshot -> 'aoty') = 'object';
END $$;

-- A song's strongest key, the wanted one where it has it.
CREATE OR REPLACE FUNCTION timbre_best_key(song uuid, wanted text) RETURNS text
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT k.key FROM song_keys k WHERE k.song_id = song
    ORDER BY k.key = wanted DESC, timbre_strength(k.key) DESC, k.key LIMIT 1
$$;

-- The last merge into a row, taken apart. What was learned since belongs to the one whose version the song bears.
CREATE OR REPLACE FUNCTION timbre_take_apart(merge merges) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    is_now jsonb := timbre_snapshot(merge.song_id);
    gone jsonb := merge.gone;
    stays jsonb := merge.stays;
    gone_is_heir boolean;
    leaving text[];
    spellings uuid[];
    part text;
BEGIN
    gone_is_heir := (is_now #> '{song,spotify_id}', is_now #> '{song,artist}', is_now #> '{song,title}')
        = (gone #> '{song,spotify_id}', gone #> '{song,artist}', gone #> '{song,title}');
    FOREACH part IN ARRAY ARRAY['song', 'spotify', 'open', 'lastfm', 'aoty'] LOOP
        IF gone_is_heir THEN
            gone := jsonb_set(gone, ARRAY[part], timbre_since(gone -> part, merge.became -> part, is_now -> part));
        ELSE
            stays := jsonb_set(stays, ARRAY[part], timbre_since(stays -> part, merge.became -> part, is_now -> part));
        END IF;
    END LOOP;

    SELECT coalesce(array_agg(k.key), '{}') INTO leaving FROM song_keys k
    WHERE k.song_id = merge.song_id AND (gone -> 'keys' ? k.key
        OR gone_is_heir AND k.key NOT LIKE 'hash:%' AND NOT merge.became -> 'keys' ? k.key);
    SELECT array_agg(a.id) INTO spellings FROM aliases a
    WHERE a.song_id = merge.song_id AND (gone -> 'aliases' ? a.id::text
        OR NOT stays -> 'aliases' ? a.id::text AND gone -> 'keys' ? a.name_key);
    IF leaving = '{}' OR NOT EXISTS (SELECT FROM song_keys k WHERE k.song_id = merge.song_id AND k.key <> ALL (leaving)) THEN
        RAISE EXCEPTION 'no key is left of one of the two songs' USING ERRCODE = 'no_data_found';
    END IF;

    PERFORM timbre_restore_attrs(merge.song_id, stays);
    UPDATE songs s SET artist = o.artist, title = o.title, isrc = o.isrc, isrc_source = o.isrc_source,
        spotify_id = o.spotify_id, completeness = o.completeness, version_plays = o.version_plays,
        created_at = o.created_at, updated_at = now(), canonical_id = 'hash:' || md5(s.id::text) || '00000000'
    FROM jsonb_populate_record(NULL::songs, stays -> 'song') o
    WHERE s.id = merge.song_id;
    DELETE FROM song_redirects r WHERE r.old_id = merge.gone_id;
    INSERT INTO songs SELECT o.* FROM jsonb_populate_record(NULL::songs, gone -> 'song' || jsonb_build_object(
        'updated_at', now(), 'canonical_id', 'hash:' || md5(merge.gone_id::text) || '00000000')) o;
    UPDATE song_keys k SET song_id = merge.gone_id WHERE k.key = ANY (leaving);
    UPDATE songs s SET canonical_id = timbre_best_key(s.id, stays #>> '{song,canonical_id}') WHERE s.id = merge.song_id;
    UPDATE songs s SET canonical_id = timbre_best_key(s.id, gone #>> '{song,canonical_id}') WHERE s.id = merge.gone_id;
    UPDATE aliases a SET song_id = merge.gone_id WHERE a.id = ANY (spellings);
    UPDATE song_redirects r SET song_id = merge.gone_id
    WHERE r.song_id = merge.song_id AND gone -> 'redirects' ? r.old_id::text;
    PERFORM timbre_restore_attrs(merge.gone_id, gone);
    PERFORM timbre_sum_plays(ARRAY[merge.song_id, merge.gone_id]);
END $$;

-- A merge once more, after one before it was taken apart: of those that its reason joins now.
CREATE OR REPLACE FUNCTION timbre_merge_again(merge merges) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    one uuid := merge.gone_id;
    other uuid := merge.song_id;
BEGIN
    IF merge.override_id IS NOT NULL THEN
        SELECT ids[1], ids[2] INTO other, one FROM (
            SELECT array_agg(s.id ORDER BY timbre_strength(s.canonical_id) DESC, s.canonical_id COLLATE "C") AS ids
            FROM songs s WHERE s.id IN (
                SELECT k.song_id FROM overrides o JOIN song_keys k ON k.key IN (o.subject, o.object)
                WHERE o.id = merge.override_id)
        ) strongest_first;
    ELSE
        SELECT k.song_id INTO other FROM song_keys k WHERE k.key = merge.evidence AND k.song_id <> merge.gone_id;
        other := coalesce(other, merge.song_id);
    END IF;
    PERFORM timbre_absorb(one, other, merge.rule, merge.evidence, merge.override_id);
END $$;

-- Takes a merge apart, whatever was merged since: later merges of the same rows come apart first and are made again.
-- `word` is the override that parts it, null where it never was. Raises no_data_found when there is no such merge.
CREATE OR REPLACE FUNCTION timbre_part_merge(merge_id integer, word integer) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    parted merges;
    later merges;
    after merges[] := '{}';
    touched uuid[];
    at integer;
BEGIN
    PERFORM timbre_lock_songs();
    SELECT * INTO parted FROM merges m WHERE m.id = merge_id AND m.parted_by IS NULL;
    IF parted.id IS NULL THEN
        RAISE EXCEPTION 'there is no merge %', merge_id USING ERRCODE = 'no_data_found';
    END IF;
    touched := ARRAY[parted.song_id];
    FOR later IN SELECT * FROM merges m WHERE m.id > merge_id AND m.parted_by IS NULL ORDER BY m.id LOOP
        IF later.song_id = ANY (touched) OR later.gone_id = ANY (touched) THEN
            touched := touched || later.song_id;
            after := after || later;
        END IF;
    END LOOP;
    FOR at IN REVERSE coalesce(array_length(after, 1), 0)..1 LOOP
        PERFORM timbre_take_apart(after[at]);
        DELETE FROM merges m WHERE m.id = (after[at]).id;
    END LOOP;
    PERFORM timbre_take_apart(parted);
    IF word IS NULL THEN
        DELETE FROM merges m WHERE m.id = merge_id;
    ELSE
        UPDATE merges m SET parted_by = word, gone = NULL, stays = NULL, became = NULL WHERE m.id = merge_id;
    END IF;
    FOREACH later IN ARRAY after LOOP
        PERFORM timbre_merge_again(later);
    END LOOP;
END $$;

-- Rows of the chart leave their song for one of their own, by a person's word; answers its id. What the sources say
-- of the song that stays is asked for again, for it may have been about the other.
CREATE OR REPLACE FUNCTION timbre_part_aliases(song uuid, leaving uuid[], own_key text, word integer) RETURNS uuid
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    own uuid := gen_random_uuid();
    top aliases;
    rest aliases;
BEGIN
    PERFORM timbre_lock_songs();
    SELECT * INTO top FROM aliases a WHERE a.song_id = song AND a.id = ANY (leaving)
    ORDER BY a.playcount DESC, a.artist, a.title LIMIT 1;
    SELECT * INTO rest FROM aliases a WHERE a.song_id = song AND a.id <> ALL (leaving)
    ORDER BY a.playcount DESC, a.artist, a.title LIMIT 1;
    IF top.id IS NULL OR rest.id IS NULL THEN
        RETURN NULL;  -- two songs already
    END IF;
    UPDATE songs s SET completeness = 0, version_plays = rest.playcount, artist = rest.artist, title = rest.title, updated_at = now(),
        canonical_id = CASE WHEN s.canonical_id = own_key THEN coalesce(rest.name_key, s.canonical_id) ELSE s.canonical_id END
    WHERE s.id = song;
    INSERT INTO songs (id, artist, title, canonical_id, version_plays)
    VALUES (own, top.artist, top.title, own_key, top.playcount);
    INSERT INTO song_keys (key, song_id) VALUES (own_key, own) ON CONFLICT (key) DO UPDATE SET song_id = excluded.song_id;
    UPDATE aliases a SET song_id = own, name_key = own_key, rule = NULL WHERE a.song_id = song AND a.id = ANY (leaving);
    PERFORM timbre_sum_plays(ARRAY[own, song]);
    INSERT INTO merges (gone_id, song_id, rule, evidence, parted_by) VALUES (own, song, 'name', own_key, word);
    RETURN own;
END $$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (6, '0006_merges') ON CONFLICT DO NOTHING;
