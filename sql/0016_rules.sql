-- Why a spelling is its song: what the whole chart spoke for when it was folded cannot be told from the names later.

ALTER TABLE aliases ADD COLUMN IF NOT EXISTS rule text;

COMMENT ON COLUMN aliases.rule IS 'The rule by which the fold joined this spelling with its song; null where its name is one with it';

INSERT INTO schema_migrations (version, name) VALUES (16, '0016_rules') ON CONFLICT DO NOTHING;
