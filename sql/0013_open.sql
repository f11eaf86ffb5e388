-- The answers of the source isrc become those of the source open. They told nothing but an ISRC, so they are asked anew;
-- what they found survives that.

DELETE FROM answers a WHERE a.source = 'isrc'
    AND EXISTS (SELECT FROM answers o WHERE timbre_digest(o.source, o.key) = timbre_digest('open', a.key));
UPDATE answers SET source = 'open', next_check = asked_at,
    "values" = CASE WHEN "values" ->> 'service' IS NULL THEN '{}' ELSE json_build_object("values" ->> 'service',
        json_build_object('id', '', 'artist', '', 'title', '', 'isrcs', json_build_array("values" ->> 'isrc'))) END
WHERE source = 'isrc';

DELETE FROM questions q WHERE q.source = 'isrc'
    AND EXISTS (SELECT FROM questions o WHERE (o.song_key, o.source, o.page) = (q.song_key, 'open', q.page));
UPDATE questions SET source = 'open' WHERE source = 'isrc';

INSERT INTO schema_migrations (version, name) VALUES (13, '0013_open') ON CONFLICT DO NOTHING;
