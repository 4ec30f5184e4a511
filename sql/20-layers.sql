-- Constructors of layers.  Each makes {"kind": its own name, argument: value, ...}
-- and has its options checked; a new kind is one more declaration.  Arguments
-- declared "any" take a number, a word, an array, or its text: 3, ARRAY[3, 5], '{3,5}'.
-- Initializers: a name or what nnet.random_normal() etc. make; regularizers: 'l1',
-- 'l2' or what nnet.l1() etc. make.

-- ---- shape and scale ----

CREATE FUNCTION nnet.input(VARIADIC shape pg_catalog.int4[])
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.input(pg_catalog.int4[]) IS
'layer: the shape of a sample; NULL as the first dimension: any number of steps';

CREATE FUNCTION nnet.input(
    shape "any", name pg_catalog.text, dtype pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.input("any", pg_catalog.text, pg_catalog.text) IS
'layer: one of several inputs, by its name: the shape of its part of a sample, such as ''{28,28}'', and the type of its values: float32, int or text (by default numbers, or texts where text_vectorization follows)';

CREATE FUNCTION nnet.input(
    shape pg_catalog.text, name pg_catalog.text, dtype pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_literal_spec';
COMMENT ON FUNCTION nnet.input(pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
'layer: the same, of a shape that is a literal';

CREATE FUNCTION nnet.flatten(
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.flatten(pg_catalog.text, pg_catalog.text[]) IS
'layer: all features in one dimension';

CREATE FUNCTION nnet.reshape(
    target_shape "any",
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.reshape("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: the same features in another shape, such as ''{7,7,64}''; one dimension may be -1';

CREATE FUNCTION nnet.rescaling(
    scale pg_catalog.float8, shift pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.rescaling(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: x * scale + shift, such as bytes to 0 ... 1 by nnet.rescaling(1.0 / 255)';

CREATE FUNCTION nnet.normalization(
    axis pg_catalog.int4 DEFAULT -1, mean "any" DEFAULT NULL, variance "any" DEFAULT NULL, invert pg_catalog.bool DEFAULT false,
    keep_constant pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.normalization(
    pg_catalog.int4, "any", "any", pg_catalog.bool, pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: (x - mean) / sqrt(variance), feature by feature; learned from the rows of the first fit unless given; with invert the other way round, learned from y. A feature that was constant then gives 0, or with keep_constant what Keras makes of it';

-- ---- dense and activations ----

CREATE FUNCTION nnet.dense(
    units pg_catalog.int4, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.dense(
    pg_catalog.int4, pg_catalog.text, pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool, "any", "any", "any") IS
'layer: fully connected, activation(x W + b)';

CREATE FUNCTION nnet.activation(
    activation pg_catalog.text,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.activation(pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: an activation function, such as ''relu''';

CREATE FUNCTION nnet.leaky_relu(
    negative_slope pg_catalog.float8 DEFAULT 0.3,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.leaky_relu(pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: x where positive, else negative_slope * x';

-- ---- regularization and normalization ----

CREATE FUNCTION nnet.dropout(
    rate pg_catalog.float8, noise_shape "any" DEFAULT NULL, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.dropout(
    pg_catalog.float8, "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets features to zero at this rate and scales up the others; by noise_shape, such as ''{NULL,1,NULL}'' (the batch first), all along a dimension together';

CREATE FUNCTION nnet.batch_normalization(
    axis pg_catalog.int4 DEFAULT -1, momentum pg_catalog.float8 DEFAULT 0.99,
    epsilon pg_catalog.float8 DEFAULT 0.001, center pg_catalog.bool DEFAULT true,
    scale pg_catalog.bool DEFAULT true, beta_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    gamma_initializer "any" DEFAULT 'ones'::pg_catalog.text,
    moving_mean_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    moving_variance_initializer "any" DEFAULT 'ones'::pg_catalog.text,
    beta_regularizer "any" DEFAULT NULL, gamma_regularizer "any" DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true, beta_constraint "any" DEFAULT NULL,
    gamma_constraint "any" DEFAULT NULL, renorm pg_catalog.bool DEFAULT false,
    renorm_clipping pg_catalog.jsonb DEFAULT NULL, renorm_momentum pg_catalog.float8 DEFAULT 0.99)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.batch_normalization(
    pg_catalog.int4, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, "any",
    "any", "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any",
    "any", pg_catalog.bool, pg_catalog.jsonb, pg_catalog.float8) IS
'layer: normalizes each feature or channel over the batch, by moving averages outside training; renorm: also in training, as far as renorm_clipping, such as ''{"rmax": 3, "dmax": 5}'', lets it';

CREATE FUNCTION nnet.layer_normalization(
    axis pg_catalog.int4 DEFAULT -1, epsilon pg_catalog.float8 DEFAULT 0.001,
    center pg_catalog.bool DEFAULT true, scale pg_catalog.bool DEFAULT true,
    beta_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    gamma_initializer "any" DEFAULT 'ones'::pg_catalog.text, beta_regularizer "any" DEFAULT NULL,
    gamma_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    beta_constraint "any" DEFAULT NULL, gamma_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.layer_normalization(
    pg_catalog.int4, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, "any", "any", "any",
    "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any") IS
'layer: normalizes each sample over its last dimension';

-- ---- merging: inputs names the layers that come together ----

CREATE FUNCTION nnet.add(
    inputs pg_catalog.text[], name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.add(pg_catalog.text[], pg_catalog.text) IS
'layer: the sum of its inputs, element by element';

CREATE FUNCTION nnet.multiply(
    inputs pg_catalog.text[], name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.multiply(pg_catalog.text[], pg_catalog.text) IS
'layer: the product of its inputs, element by element';

CREATE FUNCTION nnet.subtract(
    inputs pg_catalog.text[], name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.subtract(pg_catalog.text[], pg_catalog.text) IS
'layer: the first of its two inputs less the second, element by element';

CREATE FUNCTION nnet.maximum(
    inputs pg_catalog.text[], name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.maximum(pg_catalog.text[], pg_catalog.text) IS
'layer: the largest of its inputs, element by element';

CREATE FUNCTION nnet.minimum(
    inputs pg_catalog.text[], name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.minimum(pg_catalog.text[], pg_catalog.text) IS
'layer: the smallest of its inputs, element by element';

CREATE FUNCTION nnet.concatenate(
    inputs pg_catalog.text[], axis pg_catalog.int4 DEFAULT -1, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.concatenate(pg_catalog.text[], pg_catalog.int4, pg_catalog.text) IS
'layer: its inputs side by side along a dimension';
