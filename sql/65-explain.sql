-- Explanations: which share the parts of x have in what is predicted.

CREATE FUNCTION nnet.explain(
    model pg_catalog.regclass, x anyarray, baseline "any" DEFAULT NULL, output pg_catalog.text DEFAULT NULL,
    class pg_catalog.text DEFAULT NULL, steps pg_catalog.int4 DEFAULT 50)
RETURNS real[]
LANGUAGE C STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_explain';
COMMENT ON FUNCTION nnet.explain(
    pg_catalog.regclass, anyarray, "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4) IS
'which share of an output each value of x has (integrated gradients), from a baseline on (NULL: zeros): of the output by that name, of the class by that label or number (NULL: the one that is predicted), by that many steps';

CREATE FUNCTION nnet.explain(
    model pg_catalog.regclass, x pg_catalog.bytea, baseline "any" DEFAULT NULL, output pg_catalog.text DEFAULT NULL,
    class pg_catalog.text DEFAULT NULL, steps pg_catalog.int4 DEFAULT 50)
RETURNS real[]
LANGUAGE C STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_explain';
COMMENT ON FUNCTION nnet.explain(
    pg_catalog.regclass, pg_catalog.bytea, "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4) IS
'the same of bytes';

CREATE FUNCTION nnet.explain(
    model pg_catalog.regclass, x pg_catalog.text, baseline "any" DEFAULT NULL, output pg_catalog.text DEFAULT NULL,
    class pg_catalog.text DEFAULT NULL, steps pg_catalog.int4 DEFAULT 50)
RETURNS real[]
LANGUAGE C STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_explain';
COMMENT ON FUNCTION nnet.explain(
    pg_catalog.regclass, pg_catalog.text, "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4) IS
'the same of a text, token by token';

CREATE FUNCTION nnet.explain(
    model pg_catalog.regclass, x anynonarray, baseline "any" DEFAULT NULL, output pg_catalog.text DEFAULT NULL,
    class pg_catalog.text DEFAULT NULL, steps pg_catalog.int4 DEFAULT 50)
RETURNS pg_catalog.jsonb
LANGUAGE C STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_explain_columns';
COMMENT ON FUNCTION nnet.explain(
    pg_catalog.regclass, anynonarray, "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4) IS
'the same of a row: the share of each column, by its name; ids, categories and what was missing have theirs behind the layer that reads them';
