-- Training and evaluation: nnet.options, nnet.fit, nnet.evaluate.

CREATE FUNCTION nnet.early_stopping(
    monitor text DEFAULT 'val_loss',
    min_delta double precision DEFAULT 0,
    patience integer DEFAULT 0,
    mode text DEFAULT 'auto',
    baseline double precision DEFAULT NULL,
    restore_best_weights boolean DEFAULT true,
    start_from_epoch integer DEFAULT 0)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_early_stopping'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.early_stopping(text, double precision, integer, text, double precision, boolean, integer) IS
'option early_stopping of nnet.options(): end training when the figure monitored (loss, val_loss, val_accuracy, ...) has not improved by more than min_delta for patience epochs, and save the weights of the best epoch';

CREATE FUNCTION nnet.reduce_lr_on_plateau(
    monitor text DEFAULT 'val_loss',
    factor double precision DEFAULT 0.1,
    patience integer DEFAULT 10,
    mode text DEFAULT 'auto',
    min_delta double precision DEFAULT 0.0001,
    cooldown integer DEFAULT 0,
    min_lr double precision DEFAULT 0)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_reduce_lr_on_plateau'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.reduce_lr_on_plateau(text, double precision, integer, text, double precision, integer, double precision) IS
'option reduce_lr_on_plateau of nnet.options(): multiply the learning rate by factor, down to min_lr, when the figure monitored has not improved by more than min_delta for patience epochs; then wait cooldown epochs';

CREATE FUNCTION nnet.options(
    epochs integer DEFAULT 1,
    batch_size integer DEFAULT 32,
    validation_split double precision DEFAULT 0,
    shuffle boolean DEFAULT true,
    seed bigint DEFAULT NULL,
    verbose boolean DEFAULT false,
    class_weight "any" DEFAULT NULL,
    stratify boolean DEFAULT NULL,
    early_stopping jsonb DEFAULT NULL,
    reduce_lr_on_plateau jsonb DEFAULT NULL,
    best_weights boolean DEFAULT NULL,
    time_limit interval DEFAULT NULL,
    validation_freq "any" DEFAULT NULL,
    initial_epoch integer DEFAULT NULL,
    steps_per_epoch integer DEFAULT NULL,
    learning_rate_factor double precision DEFAULT NULL,
    concurrency integer DEFAULT NULL,
    slots boolean DEFAULT NULL)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_options'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.options(integer, integer, double precision, boolean, bigint, boolean, "any", boolean, jsonb, jsonb, boolean, interval, "any", integer, integer, double precision, integer, boolean) IS
'options of a training, for nnet.fit()';

CREATE FUNCTION nnet.fit_transition(internal, regclass, "any", "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_transition(internal, regclass, "any", "any") IS
'implementation of nnet.fit()';

CREATE FUNCTION nnet.fit_transition(internal, regclass, "any", "any", jsonb)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_transition(internal, regclass, "any", "any", jsonb) IS
'implementation of nnet.fit()';

CREATE FUNCTION nnet.fit_transition(internal, regclass, "any", "any", jsonb, "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_transition(internal, regclass, "any", "any", jsonb, "any") IS
'implementation of nnet.fit()';

CREATE FUNCTION nnet.fit_transition(internal, regclass, "any", "any", jsonb, "any", boolean)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_transition(internal, regclass, "any", "any", jsonb, "any", boolean) IS
'implementation of nnet.fit()';

CREATE FUNCTION nnet.fit_final(internal)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_fit_final'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_final(internal) IS
'implementation of nnet.fit()';

-- SSPACE is what makes the planner sort groups rather than hash them: then one
-- group's rows are kept at a time.
CREATE AGGREGATE nnet.fit(model regclass, x "any", y "any") (
    SFUNC = nnet.fit_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit(regclass, "any", "any") IS
'train a model on rows of inputs x and targets y';

CREATE AGGREGATE nnet.fit(model regclass, x "any", y "any", options jsonb) (
    SFUNC = nnet.fit_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit(regclass, "any", "any", jsonb) IS
'train a model on rows of inputs x and targets y, with options';

CREATE AGGREGATE nnet.fit(model regclass, x "any", y "any", options jsonb, weight "any") (
    SFUNC = nnet.fit_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit(regclass, "any", "any", jsonb, "any") IS
'train a model on rows that have weights (numbers), or of which some are for validation (boolean)';

CREATE AGGREGATE nnet.fit(model regclass, x "any", y "any", options jsonb, weight "any", validation boolean) (
    SFUNC = nnet.fit_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit(regclass, "any", "any", jsonb, "any", boolean) IS
'train a model on rows that have weights, and of which some are for validation';

CREATE FUNCTION nnet.evaluate_transition(internal, regclass, "any", "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_evaluate_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_transition(internal, regclass, "any", "any") IS
'implementation of nnet.evaluate()';

CREATE FUNCTION nnet.evaluate_transition(internal, regclass, "any", "any", "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_evaluate_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_transition(internal, regclass, "any", "any", "any") IS
'implementation of nnet.evaluate()';

CREATE FUNCTION nnet.evaluate_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_evaluate_combine'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_combine(internal, internal) IS
'implementation of nnet.evaluate()';

CREATE FUNCTION nnet.evaluate_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_evaluate_serialize'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_serialize(internal) IS
'implementation of nnet.evaluate()';

CREATE FUNCTION nnet.evaluate_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_evaluate_deserialize'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_deserialize(bytea, internal) IS
'implementation of nnet.evaluate()';

CREATE FUNCTION nnet.evaluate_final(internal)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_evaluate_final'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_final(internal) IS
'implementation of nnet.evaluate()';

CREATE AGGREGATE nnet.evaluate(model regclass, x "any", y "any") (
    SFUNC = nnet.evaluate_transition,
    STYPE = internal,
    SSPACE = 512,
    FINALFUNC = nnet.evaluate_final,
    FINALFUNC_MODIFY = READ_WRITE,
    COMBINEFUNC = nnet.evaluate_combine,
    SERIALFUNC = nnet.evaluate_serialize,
    DESERIALFUNC = nnet.evaluate_deserialize,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.evaluate(regclass, "any", "any") IS
'loss and metrics of a model over rows of inputs x and targets y';

CREATE AGGREGATE nnet.evaluate(model regclass, x "any", y "any", weight "any") (
    SFUNC = nnet.evaluate_transition,
    STYPE = internal,
    SSPACE = 512,
    FINALFUNC = nnet.evaluate_final,
    FINALFUNC_MODIFY = READ_WRITE,
    COMBINEFUNC = nnet.evaluate_combine,
    SERIALFUNC = nnet.evaluate_serialize,
    DESERIALFUNC = nnet.evaluate_deserialize,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.evaluate(regclass, "any", "any", "any") IS
'loss and metrics of a model over rows of inputs x and targets y that have weights';
