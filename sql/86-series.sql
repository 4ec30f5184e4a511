-- Time series: several steps ahead.

CREATE FUNCTION nnet.forecast(
    model pg_catalog.regclass, history "any", steps pg_catalog.int4)
RETURNS pg_catalog.float4[]
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'nnet_forecast';
COMMENT ON FUNCTION nnet.forecast(pg_catalog.regclass, "any", pg_catalog.int4) IS
'the values that follow a series, each prediction being fed back to the model; of a model that predicts at each step, the last';
