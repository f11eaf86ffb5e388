-- What answers are sealed with that lie in Redis, where others may write.

CREATE TABLE IF NOT EXISTS ledger_seal (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seal uuid NOT NULL DEFAULT gen_random_uuid()
);

COMMENT ON TABLE ledger_seal IS 'The secret by which copies of answers in Redis are known as this ledger''s; without its row a new one is made';

-- The seal, made when first asked for. A copy of the database has another, since its answers are others soon.
CREATE OR REPLACE FUNCTION timbre_ledger_seal() RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO ledger_seal DEFAULT VALUES ON CONFLICT ON CONSTRAINT ledger_seal_pkey DO NOTHING;
    RETURN (
        SELECT to_jsonb(encode(sha256(convert_to(s.seal::text || d.oid::text, 'UTF8')), 'hex'))
        FROM ledger_seal s, pg_database d WHERE d.datname = current_database()
    );
END $$;

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (40, '0040_hot') ON CONFLICT DO NOTHING;
