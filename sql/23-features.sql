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
