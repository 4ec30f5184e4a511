-- Making, compiling and looking at models.

CREATE FUNCTION nnet.create_model(name pg_catalog.text, VARIADIC layers pg_catalog.jsonb[])
RETURNS pg_catalog.regclass
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_create_model';
COMMENT ON FUNCTION nnet.create_model(pg_catalog.text, pg_catalog.jsonb[]) IS
'create a table that holds a neural network of these layers, with initial weights; an array of layers stands for its elements';

CREATE FUNCTION nnet.copy_model(model pg_catalog.regclass, name pg_catalog.text)
RETURNS pg_catalog.regclass
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_copy_model';
COMMENT ON FUNCTION nnet.copy_model(pg_catalog.regclass, pg_catalog.text) IS
'create a model with the same layers, weights and state of training';

-- One function of "any": of several, PostgreSQL could not choose for literals.
CREATE FUNCTION nnet.compile(
    model pg_catalog.regclass, loss "any", optimizer "any" DEFAULT nnet.adam(),
    metrics "any" DEFAULT NULL, labels "any" DEFAULT NULL,
    loss_weights "any" DEFAULT NULL, weighted_metrics "any" DEFAULT NULL)
RETURNS pg_catalog.void
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000 AS 'MODULE_PATHNAME', 'nnet_compile';
COMMENT ON FUNCTION nnet.compile(
    pg_catalog.regclass, "any", "any", "any", "any", "any", "any") IS
'choose loss, optimizer (made or by its name), metrics (one name or an array) and the labels of the classes (by default those there are); the weights stay, the optimizer begins anew. All but the optimizer may be a jsonb object of one for each output by its name; losses count by loss_weights, rows in weighted_metrics by their weights';

CREATE FUNCTION nnet.summary(
    model pg_catalog.regclass,
    OUT layer pg_catalog.int4, OUT name pg_catalog.text, OUT kind pg_catalog.text,
    OUT inputs pg_catalog.text[], OUT output_shape pg_catalog.text,
    OUT parameters pg_catalog.int8)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 20 AS 'MODULE_PATHNAME', 'nnet_summary';
COMMENT ON FUNCTION nnet.summary(pg_catalog.regclass) IS
'the layers of a model with their output shapes and numbers of parameters';

CREATE FUNCTION nnet.labels(
    model pg_catalog.regclass, OUT class pg_catalog.int4, OUT label pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_labels';
COMMENT ON FUNCTION nnet.labels(pg_catalog.regclass) IS
'the labels of a model''s classes, learned by fit or given to compile; no rows where it has none';

CREATE FUNCTION nnet.labels(
    model pg_catalog.regclass, output pg_catalog.text,
    OUT class pg_catalog.int4, OUT label pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_labels';
COMMENT ON FUNCTION nnet.labels(pg_catalog.regclass, pg_catalog.text) IS
'the labels of the classes of one output, by its name';

CREATE FUNCTION nnet.history(
    model pg_catalog.regclass,
    OUT epoch pg_catalog.int4, OUT loss pg_catalog.float8, OUT val_loss pg_catalog.float8,
    OUT metrics pg_catalog.jsonb, OUT samples pg_catalog.int8, OUT seconds pg_catalog.float8,
    OUT learning_rate pg_catalog.float8)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 100 AS 'MODULE_PATHNAME', 'nnet_history';
COMMENT ON FUNCTION nnet.history(pg_catalog.regclass) IS
'the epochs a model was trained, over its whole life';

CREATE FUNCTION nnet.trainings(
    model pg_catalog.regclass,
    OUT first_epoch pg_catalog.int4, OUT last_epoch pg_catalog.int4,
    OUT best_epoch pg_catalog.int4, OUT ended pg_catalog.text,
    OUT batch_size pg_catalog.int4, OUT seed pg_catalog.int8)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_trainings';
COMMENT ON FUNCTION nnet.trainings(pg_catalog.regclass) IS
'the trainings of a model, by the numbers of epochs that nnet.history() has: which epoch''s weights were saved for being the best, and why it ended: epochs or rounds (all were done), early_stopping or time_limit';

CREATE FUNCTION nnet.parameters(
    model pg_catalog.regclass,
    OUT layer pg_catalog.int4, OUT name pg_catalog.text, OUT parameter pg_catalog.text,
    OUT shape pg_catalog.int4[], OUT value pg_catalog.float4[])
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS 40 AS 'MODULE_PATHNAME', 'nnet_parameters';
COMMENT ON FUNCTION nnet.parameters(pg_catalog.regclass) IS
'the weights of a model by name, as arrays of their true dimensions';

CREATE FUNCTION nnet.info()
RETURNS pg_catalog.jsonb
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 10000 AS 'MODULE_PATHNAME', 'nnet_info';
COMMENT ON FUNCTION nnet.info() IS
'versions, the BLAS library, its kernel set and who chose it, the processor and whether it multiplies bfloat16, the precision, threads, and the models this session keeps in memory';
