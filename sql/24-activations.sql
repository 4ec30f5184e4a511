-- Activations with arguments, noise and further normalizations.

CREATE FUNCTION nnet.elu(
    alpha pg_catalog.float8 DEFAULT 1, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.elu(pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: x where positive, else alpha * (exp(x) - 1)';

CREATE FUNCTION nnet.relu(
    max_value pg_catalog.float8 DEFAULT NULL, negative_slope pg_catalog.float8 DEFAULT 0,
    threshold pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.relu(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: x above the threshold, at most max_value, else negative_slope * (x - threshold)';

CREATE FUNCTION nnet.prelu(
    alpha_initializer "any" DEFAULT 'zeros'::pg_catalog.text, alpha_regularizer "any" DEFAULT NULL,
    shared_axes "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    alpha_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.prelu(
    "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any") IS
'layer: x where positive, else alpha * x, where alpha is learned: for each feature, or one for all of those along shared_axes (1 is the first dimension of a sample)';

CREATE FUNCTION nnet.softmax(
    axis "any" DEFAULT -1, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.softmax("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: softmax along an axis or several neighbours: 1 is the first dimension of a sample, -1 the last; along the steps of rows of any length, too';

CREATE FUNCTION nnet.identity(
    name pg_catalog.text, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.identity(pg_catalog.text, pg_catalog.text[]) IS
'layer: what comes in, under another name, which has to be given';

CREATE FUNCTION nnet.activity_regularization(
    l1 pg_catalog.float8 DEFAULT 0, l2 pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.activity_regularization(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: what comes in, whose magnitudes and squares are added to the loss by l1 and l2, as the mean over samples';

CREATE FUNCTION nnet.alpha_dropout(
    rate pg_catalog.float8, noise_shape "any" DEFAULT NULL, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.alpha_dropout(
    pg_catalog.float8, "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: dropout for selu: in training, sets features to selu''s limit at this rate, and keeps mean and variance';

CREATE FUNCTION nnet.gaussian_dropout(
    rate pg_catalog.float8, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.gaussian_dropout(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, multiplies by normal noise of mean 1 and variance rate / (1 - rate)';

CREATE FUNCTION nnet.gaussian_noise(
    stddev pg_catalog.float8, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.gaussian_noise(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, adds normal noise of that standard deviation';

CREATE FUNCTION nnet.group_normalization(
    groups pg_catalog.int4 DEFAULT 32, axis pg_catalog.int4 DEFAULT -1,
    epsilon pg_catalog.float8 DEFAULT 0.001, center pg_catalog.bool DEFAULT true,
    scale pg_catalog.bool DEFAULT true, beta_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    gamma_initializer "any" DEFAULT 'ones'::pg_catalog.text, beta_regularizer "any" DEFAULT NULL,
    gamma_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    beta_constraint "any" DEFAULT NULL, gamma_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.group_normalization(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, "any",
    "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any") IS
'layer: normalizes each sample over groups of channels; -1 groups: each channel';

CREATE FUNCTION nnet.rms_normalization(
    axis "any" DEFAULT -1, epsilon pg_catalog.float8 DEFAULT 1e-6,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.rms_normalization(
    "any", pg_catalog.float8, pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: divides each sample by the root of its mean square along an axis, and scales by what it learns';

CREATE FUNCTION nnet.unit_normalization(
    axis "any" DEFAULT -1, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.unit_normalization("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: divides each sample by its length along an axis';

-- Merging.  The name is always given: nnet.average() of one argument is the aggregate of weights.

CREATE FUNCTION nnet.average(
    inputs pg_catalog.text[], name pg_catalog.text)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.average(pg_catalog.text[], pg_catalog.text) IS
'layer: the mean of its inputs, element by element; its name has to be given';

CREATE FUNCTION nnet.dot(
    inputs pg_catalog.text[], axes "any", "normalize" pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.dot(pg_catalog.text[], "any", pg_catalog.bool, pg_catalog.text) IS
'layer: products of its two inputs along an axis of each (1 is the first dimension of a sample, -1 the last): axes => -1 or ''{2,1}''; with "normalize" (a keyword of SQL) their cosines';

CREATE FUNCTION nnet.spectral_normalization(
    layer pg_catalog.jsonb, power_iterations pg_catalog.int4 DEFAULT 1,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.spectral_normalization(
    pg_catalog.jsonb, pg_catalog.int4, pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: another one whose kernel is divided by its largest singular value before each step of training';
