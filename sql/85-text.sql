-- Texts: a layer that makes token ids of them, its vocabulary, and texts from models.

CREATE FUNCTION nnet.text_vectorization(
    max_tokens pg_catalog.int4 DEFAULT NULL,
    standardize pg_catalog.text DEFAULT 'lower_and_strip_punctuation',
    split pg_catalog.text DEFAULT 'whitespace',
    output_sequence_length pg_catalog.int4 DEFAULT NULL,
    vocabulary pg_catalog.text[] DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.text_vectorization(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text[],
    pg_catalog.text, pg_catalog.text[]) IS
'layer: texts as ids of their words or characters, by a vocabulary learned from the rows of the first fit unless given';

CREATE FUNCTION nnet.vocabulary(
    model pg_catalog.regclass,
    OUT id pg_catalog.int4, OUT token pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000 AS 'MODULE_PATHNAME', 'nnet_vocabulary';
COMMENT ON FUNCTION nnet.vocabulary(pg_catalog.regclass) IS
'the tokens that a model for texts knows, by their ids';

CREATE FUNCTION nnet.generate_text(
    model pg_catalog.regclass, prompt pg_catalog.text, length pg_catalog.int4,
    temperature pg_catalog.float8 DEFAULT 1.0, seed pg_catalog.int8 DEFAULT NULL,
    steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.text
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 10000 AS 'MODULE_PATHNAME', 'nnet_generate_text';
COMMENT ON FUNCTION nnet.generate_text(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.int4, pg_catalog.float8, pg_catalog.int8,
    pg_catalog.int4) IS
'the tokens with which a model of the next token goes on from a prompt';
