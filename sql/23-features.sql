-- Layers that make numbers of what a table has: categories, gaps, ranges.

CREATE FUNCTION nnet.category_encoding(
    num_tokens pg_catalog.int4, output_mode pg_catalog.text DEFAULT 'multi_hot',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.category_encoding(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: ids from 0 to num_tokens - 1 as ones among zeros: each (one_hot), those of a sample together (multi_hot), or how often each is there (count)';

CREATE FUNCTION nnet.discretization(
    bin_boundaries "any" DEFAULT NULL, num_bins pg_catalog.int4 DEFAULT NULL,
    epsilon pg_catalog.float8 DEFAULT 0.01, output_mode pg_catalog.text DEFAULT 'int',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.discretization(
    "any", pg_catalog.int4, pg_catalog.float8, pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: the bin that a number falls into, between boundaries that are given (up to 128), or learned by the first fit for num_bins of about as many values each; as an id (int), one_hot, multi_hot or count';

CREATE FUNCTION nnet.imputation(
    strategy pg_catalog.text DEFAULT 'mean', fill_value pg_catalog.float8 DEFAULT 0,
    add_indicator pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.imputation(
    pg_catalog.text, pg_catalog.float8, pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: puts the mean, the median or the most_frequent value of the rows of the first fit, feature by feature, or fill_value (constant) in the place of NULL and NaN; with add_indicator followed by a 1 for each feature that was missing';

CREATE FUNCTION nnet.missing_indicator(
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.missing_indicator(pg_catalog.text, pg_catalog.text[]) IS
'layer: 1 for each feature that is missing (NULL, NaN), 0 for others, and for those that the first fit never or always missed';

-- What is no number is read as the layer right after its input says.

CREATE FUNCTION nnet.string_lookup(
    max_tokens pg_catalog.int4 DEFAULT NULL, num_oov_indices pg_catalog.int4 DEFAULT 1,
    mask_token pg_catalog.text DEFAULT NULL, oov_token pg_catalog.text DEFAULT '[UNK]',
    vocabulary pg_catalog.text[] DEFAULT NULL, output_mode pg_catalog.text DEFAULT 'int',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.string_lookup(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.text[],
    pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: strings as ids by a vocabulary, learned from the rows of the first fit unless given: what is missing (with a mask_token), num_oov_indices ids for what is not in it, then the vocabulary; as ids (int), one_hot, multi_hot or count';

CREATE FUNCTION nnet.integer_lookup(
    max_tokens pg_catalog.int4 DEFAULT NULL, num_oov_indices pg_catalog.int4 DEFAULT 1,
    mask_token pg_catalog.int8 DEFAULT NULL, oov_token pg_catalog.int8 DEFAULT -1,
    vocabulary pg_catalog.int8[] DEFAULT NULL, output_mode pg_catalog.text DEFAULT 'int',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.integer_lookup(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.int8, pg_catalog.int8, pg_catalog.int8[],
    pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: integers of up to 64 bits as ids by a vocabulary, as string_lookup';

CREATE FUNCTION nnet.hashing(
    num_bins pg_catalog.int4, mask_value "any" DEFAULT NULL, salt "any" DEFAULT NULL,
    output_mode pg_catalog.text DEFAULT 'int',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.hashing(
    pg_catalog.int4, "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: strings or integers as ids of bins, by FarmHash or, with a salt (one number or two), SipHash of their text; bin 0 is that of the mask_value and of NULL, if there is one';

CREATE FUNCTION nnet.date_features(
    parts pg_catalog.text[] DEFAULT '{trend,hour,weekday,yearday,missing}',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.date_features(
    pg_catalog.text[], pg_catalog.text, pg_catalog.text[]) IS
'layer: a date or time as numbers, of the parts named: trend (normalized, by the rows of the first fit), sine and cosine of hour, weekday and yearday, and 1 in missing for NULL';

CREATE FUNCTION nnet.vocabulary(
    model pg_catalog.regclass, layer pg_catalog.text,
    OUT id pg_catalog.int4, OUT token pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000 AS 'MODULE_PATHNAME', 'nnet_layer_vocabulary';
COMMENT ON FUNCTION nnet.vocabulary(pg_catalog.regclass, pg_catalog.text) IS
'the tokens that a layer string_lookup or integer_lookup knows, by their ids; NULL: what is missing or not among them';

-- ---- whole tables ----

CREATE FUNCTION nnet.features(
    relation pg_catalog.regclass, columns pg_catalog.text[] DEFAULT NULL,
    exclude pg_catalog.text[] DEFAULT '{}', max_categories pg_catalog.int4 DEFAULT 1000,
    embedding_from pg_catalog.int4 DEFAULT 50, name pg_catalog.text DEFAULT 'features')
RETURNS pg_catalog.jsonb
LANGUAGE C STABLE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_features';
COMMENT ON FUNCTION nnet.features(
    pg_catalog.regclass, pg_catalog.text[], pg_catalog.text[], pg_catalog.int4, pg_catalog.int4,
    pg_catalog.text) IS
'block: an input for each column of a table, named as it is, and layers that make numbers of it by its type, side by side in the end; what these need to know is learned by the first fit';

CREATE FUNCTION nnet.readapt(model pg_catalog.regclass)
RETURNS pg_catalog.void
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_readapt';
COMMENT ON FUNCTION nnet.readapt(pg_catalog.regclass) IS
'have the next fit learn anew what layers learn from rows before training: means, bins, vocabularies; weights stay';
