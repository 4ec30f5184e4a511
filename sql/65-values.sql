-- Models as values: the type nnet.model, and what takes and makes it.

CREATE TYPE nnet.model;

CREATE FUNCTION nnet.model_in(value cstring)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_model_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_in(cstring) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_out(value nnet.model)
RETURNS cstring
AS 'MODULE_PATHNAME', 'nnet_model_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_out(nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_recv(internal)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_model_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_recv(internal) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_send(value nnet.model)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_model_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_send(nnet.model) IS
'implementation of nnet.model';

-- weights do not compress: to try costs more than it gives
CREATE TYPE nnet.model (
    INPUT = nnet.model_in,
    OUTPUT = nnet.model_out,
    RECEIVE = nnet.model_recv,
    SEND = nnet.model_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = external);
COMMENT ON TYPE nnet.model IS 'a whole model as one value, made by nnet.pack() or nnet.fit_value()';

CREATE FUNCTION nnet.model_eq(a nnet.model, b nnet.model)
RETURNS boolean
AS 'MODULE_PATHNAME', 'nnet_model_eq'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_eq(nnet.model, nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_ne(a nnet.model, b nnet.model)
RETURNS boolean
AS 'MODULE_PATHNAME', 'nnet_model_ne'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_ne(nnet.model, nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_lt(a nnet.model, b nnet.model)
RETURNS boolean
AS 'MODULE_PATHNAME', 'nnet_model_lt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_lt(nnet.model, nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_le(a nnet.model, b nnet.model)
RETURNS boolean
AS 'MODULE_PATHNAME', 'nnet_model_le'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_le(nnet.model, nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_gt(a nnet.model, b nnet.model)
RETURNS boolean
AS 'MODULE_PATHNAME', 'nnet_model_gt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_gt(nnet.model, nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_ge(a nnet.model, b nnet.model)
RETURNS boolean
AS 'MODULE_PATHNAME', 'nnet_model_ge'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_ge(nnet.model, nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_cmp(a nnet.model, b nnet.model)
RETURNS integer
AS 'MODULE_PATHNAME', 'nnet_model_cmp'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_cmp(nnet.model, nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_hash(value nnet.model)
RETURNS integer
AS 'MODULE_PATHNAME', 'nnet_model_hash'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_hash(nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_hash_extended(value nnet.model, seed bigint)
RETURNS bigint
AS 'MODULE_PATHNAME', 'nnet_model_hash_extended'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_hash_extended(nnet.model, bigint) IS
'implementation of nnet.model';

-- in pg_catalog, where they are found whatever the search_path is
CREATE OPERATOR pg_catalog.= (
    LEFTARG = nnet.model, RIGHTARG = nnet.model, FUNCTION = nnet.model_eq,
    COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (nnet.model, nnet.model) IS 'values of the same content';

CREATE OPERATOR pg_catalog.<> (
    LEFTARG = nnet.model, RIGHTARG = nnet.model, FUNCTION = nnet.model_ne,
    COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
    RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (nnet.model, nnet.model) IS 'values of different content';

CREATE OPERATOR pg_catalog.< (
    LEFTARG = nnet.model, RIGHTARG = nnet.model, FUNCTION = nnet.model_lt,
    COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (nnet.model, nnet.model) IS 'order of values, which means nothing';

CREATE OPERATOR pg_catalog.<= (
    LEFTARG = nnet.model, RIGHTARG = nnet.model, FUNCTION = nnet.model_le,
    COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
    RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (nnet.model, nnet.model) IS 'order of values, which means nothing';

CREATE OPERATOR pg_catalog.> (
    LEFTARG = nnet.model, RIGHTARG = nnet.model, FUNCTION = nnet.model_gt,
    COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
    RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (nnet.model, nnet.model) IS 'order of values, which means nothing';

CREATE OPERATOR pg_catalog.>= (
    LEFTARG = nnet.model, RIGHTARG = nnet.model, FUNCTION = nnet.model_ge,
    COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
    RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (nnet.model, nnet.model) IS 'order of values, which means nothing';

CREATE OPERATOR CLASS nnet.model_hash_ops DEFAULT FOR TYPE nnet.model USING hash AS
    OPERATOR 1 pg_catalog.= (nnet.model, nnet.model),
    FUNCTION 1 nnet.model_hash(nnet.model),
    FUNCTION 2 nnet.model_hash_extended(nnet.model, bigint);
COMMENT ON OPERATOR CLASS nnet.model_hash_ops USING hash IS 'values of nnet.model by their content';
COMMENT ON OPERATOR FAMILY nnet.model_hash_ops USING hash IS 'values of nnet.model by their content';

CREATE OPERATOR CLASS nnet.model_btree_ops DEFAULT FOR TYPE nnet.model USING btree AS
    OPERATOR 1 pg_catalog.< (nnet.model, nnet.model),
    OPERATOR 2 pg_catalog.<= (nnet.model, nnet.model),
    OPERATOR 3 pg_catalog.= (nnet.model, nnet.model),
    OPERATOR 4 pg_catalog.>= (nnet.model, nnet.model),
    OPERATOR 5 pg_catalog.> (nnet.model, nnet.model),
    FUNCTION 1 nnet.model_cmp(nnet.model, nnet.model);
COMMENT ON OPERATOR CLASS nnet.model_btree_ops USING btree IS 'values of nnet.model by their content';
COMMENT ON OPERATOR FAMILY nnet.model_btree_ops USING btree IS 'values of nnet.model by their content';

CREATE FUNCTION nnet.pack(model regclass, slots boolean DEFAULT true)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_pack'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.pack(regclass, boolean) IS
'a model as one value, with the state of its optimizer (slots) or without';

CREATE FUNCTION nnet.unpack(value nnet.model, name text)
RETURNS regclass
AS 'MODULE_PATHNAME', 'nnet_unpack'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.unpack(nnet.model, text) IS
'create a model as a table out of a value';

CREATE FUNCTION nnet.predict_value(model nnet.model, x "any")
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict_value'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.predict_value(nnet.model, "any") IS
'outputs of a model that is a value for the inputs x';

CREATE FUNCTION nnet.predict_value(model nnet.model, x "any", output text)
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict_value_output'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.predict_value(nnet.model, "any", text) IS
'one output, by its name, of a model that is a value for the inputs x';

CREATE FUNCTION nnet.classify_value(model nnet.model, x "any")
RETURNS text
AS 'MODULE_PATHNAME', 'nnet_classify_value'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.classify_value(nnet.model, "any") IS
'label (or number) of the most likely class of the inputs x, by a model that is a value';

CREATE FUNCTION nnet.classify_value(model nnet.model, x "any", output text)
RETURNS text
AS 'MODULE_PATHNAME', 'nnet_classify_value_output'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.classify_value(nnet.model, "any", text) IS
'label (or number) of the most likely class of one output, by its name, for the inputs x, by a model that is a value';

CREATE FUNCTION nnet.fit_value_transition(internal, nnet.model, "any", "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_value_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_transition(internal, nnet.model, "any", "any") IS
'implementation of nnet.fit_value()';

CREATE FUNCTION nnet.fit_value_transition(internal, nnet.model, "any", "any", jsonb)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_value_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_transition(internal, nnet.model, "any", "any", jsonb) IS
'implementation of nnet.fit_value()';

CREATE FUNCTION nnet.fit_value_transition(internal, nnet.model, "any", "any", jsonb, "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_value_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_transition(internal, nnet.model, "any", "any", jsonb, "any") IS
'implementation of nnet.fit_value()';

CREATE FUNCTION nnet.fit_value_transition(internal, nnet.model, "any", "any", jsonb, "any", boolean)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_value_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_transition(internal, nnet.model, "any", "any", jsonb, "any", boolean) IS
'implementation of nnet.fit_value()';

CREATE FUNCTION nnet.fit_value_final(internal)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_fit_value_final'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_final(internal) IS
'implementation of nnet.fit_value()';

-- SSPACE as that of nnet.fit
CREATE AGGREGATE nnet.fit_value(model nnet.model, x "any", y "any") (
    SFUNC = nnet.fit_value_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_value(nnet.model, "any", "any") IS
'train a model that is a value on rows of inputs x and targets y; gives the trained one';

CREATE AGGREGATE nnet.fit_value(model nnet.model, x "any", y "any", options jsonb) (
    SFUNC = nnet.fit_value_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_value(nnet.model, "any", "any", jsonb) IS
'train a model that is a value on rows of inputs x and targets y, with options; gives the trained one';

CREATE AGGREGATE nnet.fit_value(model nnet.model, x "any", y "any", options jsonb, weight "any") (
    SFUNC = nnet.fit_value_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_value(nnet.model, "any", "any", jsonb, "any") IS
'train a model that is a value on rows that have weights (numbers), or of which some are for validation (boolean)';

CREATE AGGREGATE nnet.fit_value(model nnet.model, x "any", y "any", options jsonb, weight "any", validation boolean) (
    SFUNC = nnet.fit_value_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_value(nnet.model, "any", "any", jsonb, "any", boolean) IS
'train a model that is a value on rows that have weights, and of which some are for validation';

CREATE TYPE nnet.evaluation;

CREATE FUNCTION nnet.evaluation_in(value cstring)
RETURNS nnet.evaluation
AS 'MODULE_PATHNAME', 'nnet_evaluation_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluation_in(cstring) IS
'implementation of nnet.evaluation';

CREATE FUNCTION nnet.evaluation_out(value nnet.evaluation)
RETURNS cstring
AS 'MODULE_PATHNAME', 'nnet_evaluation_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluation_out(nnet.evaluation) IS
'implementation of nnet.evaluation';

CREATE FUNCTION nnet.evaluation_recv(internal)
RETURNS nnet.evaluation
AS 'MODULE_PATHNAME', 'nnet_evaluation_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluation_recv(internal) IS
'implementation of nnet.evaluation';

CREATE FUNCTION nnet.evaluation_send(value nnet.evaluation)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_evaluation_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluation_send(nnet.evaluation) IS
'implementation of nnet.evaluation';

CREATE TYPE nnet.evaluation (
    INPUT = nnet.evaluation_in,
    OUTPUT = nnet.evaluation_out,
    RECEIVE = nnet.evaluation_recv,
    SEND = nnet.evaluation_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended);
COMMENT ON TYPE nnet.evaluation IS 'what a model came to over some rows, made by nnet.score_value() and summed by nnet.evaluate()';

CREATE FUNCTION nnet.score_value(model nnet.model, x "any", y "any")
RETURNS nnet.evaluation
AS 'MODULE_PATHNAME', 'nnet_score_value'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.score_value(nnet.model, "any", "any") IS
'what a model that is a value comes to for one row of inputs x and target y, for nnet.evaluate()';

CREATE FUNCTION nnet.score_value(model nnet.model, x "any", y "any", weight "any")
RETURNS nnet.evaluation
AS 'MODULE_PATHNAME', 'nnet_score_value'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.score_value(nnet.model, "any", "any", "any") IS
'what a model that is a value comes to for one row that has a weight, for nnet.evaluate()';

CREATE FUNCTION nnet.evaluate_add(a nnet.evaluation, b nnet.evaluation)
RETURNS nnet.evaluation
AS 'MODULE_PATHNAME', 'nnet_evaluate_add'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_add(nnet.evaluation, nnet.evaluation) IS
'implementation of nnet.evaluate()';

CREATE FUNCTION nnet.evaluate_figures(evaluation nnet.evaluation)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_evaluate_figures'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_figures(nnet.evaluation) IS
'implementation of nnet.evaluate()';

CREATE AGGREGATE nnet.evaluate(scores nnet.evaluation) (
    SFUNC = nnet.evaluate_add,
    STYPE = nnet.evaluation,
    FINALFUNC = nnet.evaluate_figures,
    COMBINEFUNC = nnet.evaluate_add,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.evaluate(nnet.evaluation) IS
'loss and metrics of a model that is a value, over what nnet.score_value() gave for rows; it can be combined anywhere';

-- Averages of values.  Names of their own, since nnet.average of two texts is the layer.

CREATE FUNCTION nnet.average_value_transition(state bytea, model nnet.model)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_average_value_transition'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_value_transition(bytea, nnet.model) IS
'implementation of nnet.average_value()';

CREATE FUNCTION nnet.average_value_transition(state bytea, model nnet.model, weight double precision)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_average_value_transition'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_value_transition(bytea, nnet.model, double precision) IS
'implementation of nnet.average_value()';

CREATE FUNCTION nnet.average_value_combine(a bytea, b bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_average_value_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_value_combine(bytea, bytea) IS
'implementation of nnet.average_value()';

CREATE FUNCTION nnet.average_value_final(state bytea)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_average_value_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_value_final(bytea) IS
'implementation of nnet.average_value()';

CREATE AGGREGATE nnet.average_value(model nnet.model) (
    SFUNC = nnet.average_value_transition,
    STYPE = bytea,
    SSPACE = 1048576,
    FINALFUNC = nnet.average_value_final,
    COMBINEFUNC = nnet.average_value_combine,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.average_value(nnet.model) IS
'the model between models that are values and come of one: their weights and the optimizer''s state averaged, variances those of all rows together';

CREATE AGGREGATE nnet.average_value(model nnet.model, weight double precision) (
    SFUNC = nnet.average_value_transition,
    STYPE = bytea,
    SSPACE = 1048576,
    FINALFUNC = nnet.average_value_final,
    COMBINEFUNC = nnet.average_value_combine,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.average_value(nnet.model, double precision) IS
'the same with a weight for each model, such as the number of rows that it was trained on';

-- Learning from rows before training.  Of "any" arguments the state is internal, since they do not
-- travel; of a row it is a bytea, which does.

CREATE FUNCTION nnet.learn_transition(internal, nnet.model, "any", "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_learn_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.learn_transition(internal, nnet.model, "any", "any") IS
'implementation of nnet.learn()';

CREATE FUNCTION nnet.learn_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_learn_combine'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.learn_combine(internal, internal) IS
'implementation of nnet.learn()';

CREATE FUNCTION nnet.learn_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_learn_serialize'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.learn_serialize(internal) IS
'implementation of nnet.learn()';

CREATE FUNCTION nnet.learn_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_learn_deserialize'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.learn_deserialize(bytea, internal) IS
'implementation of nnet.learn()';

CREATE FUNCTION nnet.learn_final(internal)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_learn_final'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.learn_final(internal) IS
'implementation of nnet.learn()';

CREATE AGGREGATE nnet.learn(model nnet.model, x "any", y "any") (
    SFUNC = nnet.learn_transition,
    STYPE = internal,
    SSPACE = 1048576,
    FINALFUNC = nnet.learn_final,
    COMBINEFUNC = nnet.learn_combine,
    SERIALFUNC = nnet.learn_serialize,
    DESERIALFUNC = nnet.learn_deserialize,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.learn(nnet.model, "any", "any") IS
'a model that is a value with what training would learn from the rows of inputs x and targets y before its first step: labels, vocabularies, normalization';

CREATE FUNCTION nnet.learn_row_transition(state bytea, model nnet.model, xy record)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_learn_row_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.learn_row_transition(bytea, nnet.model, record) IS
'implementation of nnet.learn()';

CREATE FUNCTION nnet.learn_row_combine(a bytea, b bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_learn_row_combine'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.learn_row_combine(bytea, bytea) IS
'implementation of nnet.learn()';

CREATE FUNCTION nnet.learn_row_final(state bytea)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_learn_row_final'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.learn_row_final(bytea) IS
'implementation of nnet.learn()';

CREATE AGGREGATE nnet.learn(model nnet.model, xy record) (
    SFUNC = nnet.learn_row_transition,
    STYPE = bytea,
    SSPACE = 1048576,
    FINALFUNC = nnet.learn_row_final,
    COMBINEFUNC = nnet.learn_row_combine,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.learn(nnet.model, record) IS
'the same of rows ROW(x, y), by a state that can be put together anywhere';

CREATE FUNCTION nnet.learn_from(model regclass, query text)
RETURNS integer
AS 'MODULE_PATHNAME', 'nnet_learn_from'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.learn_from(regclass, text) IS
'have a model learn what training would learn before its first step from the rows x, y of a query, in parallel; gives how many rows of the model were written';
