-- Predictions: nnet.predict, nnet.classify, nnet.predict_batch.

CREATE FUNCTION nnet.predict_support(internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_predict_support'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.predict_support(internal) IS
'tells the planner what predictions cost: for PostgreSQL alone';

CREATE FUNCTION nnet.predict(model regclass, x "any")
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.predict(regclass, "any") IS
'outputs of a model for the inputs x';

CREATE FUNCTION nnet.classify(model regclass, x "any")
RETURNS text
AS 'MODULE_PATHNAME', 'nnet_classify'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.classify(regclass, "any") IS
'label (or number) of the most likely class of the inputs x';

CREATE FUNCTION nnet.predict(model regclass, x "any", output text)
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict_output'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.predict(regclass, "any", text) IS
'one output, by its name, of a model for the inputs x';

CREATE FUNCTION nnet.classify(model regclass, x "any", output text)
RETURNS text
AS 'MODULE_PATHNAME', 'nnet_classify_output'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.classify(regclass, "any", text) IS
'label (or number) of the most likely class of one output, by its name, for the inputs x';

CREATE FUNCTION nnet.classify_steps(model regclass, x "any")
RETURNS text[]
AS 'MODULE_PATHNAME', 'nnet_classify_steps'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.classify_steps(regclass, "any") IS
'label (or number) of the most likely class of each step of the inputs x; of the loss ctc those that the steps spell';

CREATE FUNCTION nnet.classify_steps(model regclass, x "any", output text)
RETURNS text[]
AS 'MODULE_PATHNAME', 'nnet_classify_steps_output'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.classify_steps(regclass, "any", text) IS
'label (or number) of the most likely class of each step of one output, by its name, for the inputs x; of the loss ctc those that the steps spell';

CREATE FUNCTION nnet.predict_batch(model regclass, x "any")
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict_batch'
LANGUAGE C WINDOW STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.predict_batch(regclass, "any") IS
'outputs of a model for the inputs x, many rows at a time: a window function';
