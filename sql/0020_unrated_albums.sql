-- Which albums a page brings something new of.

-- Of these albums those whose scores the catalogue has not seen since then, in no order.
CREATE OR REPLACE FUNCTION timbre_unrated_albums(numbers text[], since text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(jsonb_agg(asked.number), '[]')
    FROM unnest(numbers::integer[]) AS asked (number)
    WHERE NOT EXISTS (SELECT FROM aoty_albums a WHERE a.number = asked.number AND a.rated_at >= since::timestamptz)
$$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (20, '0020_unrated_albums') ON CONFLICT DO NOTHING;
