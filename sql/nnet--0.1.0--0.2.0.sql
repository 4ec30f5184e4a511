\echo Use "ALTER EXTENSION nnet UPDATE TO '0.2.0'" to load this file. \quit

-- From 0.1.0 to 0.2.0: what the fragments of sql/ have declared since, as they do.
--
-- What stays is not declared anew, so that views and functions of users that depend
-- on it live on.  test/t/033_version.pl compares the outcome with a new extension.

-- Functions whose arguments are others.  Where something depends on one of them, the
-- update fails and names it: it is dropped before and made anew after.
DROP FUNCTION nnet.compile(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.jsonb, "any", pg_catalog.text[]);
DROP FUNCTION nnet.compile(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.text, "any", pg_catalog.text[]);
DROP FUNCTION nnet.sgd(
    "any", pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.adam(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.adamw(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.rmsprop(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.adagrad(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.adadelta(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.adamax(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.nadam(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.lion(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8);
DROP FUNCTION nnet.options(integer, integer, double precision, boolean, bigint, boolean);
DROP FUNCTION nnet.gan_options(
    integer, integer, boolean, bigint, boolean, text, integer, double precision, text,
    double precision, integer);
DROP FUNCTION nnet.text_vectorization(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text[],
    pg_catalog.text);

DROP FUNCTION nnet.bidirectional(
    pg_catalog.jsonb, pg_catalog.text, pg_catalog.text, pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.dropout(pg_catalog.float8, pg_catalog.text, pg_catalog.text[]);
DROP FUNCTION nnet.spatial_dropout1d(pg_catalog.float8, pg_catalog.text, pg_catalog.text[]);
DROP FUNCTION nnet.spatial_dropout2d(pg_catalog.float8, pg_catalog.text, pg_catalog.text[]);
DROP FUNCTION nnet.random_flip(pg_catalog.text, pg_catalog.text, pg_catalog.text[]);
DROP FUNCTION nnet.random_translation(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.float8, pg_catalog.text,
    pg_catalog.text[]);

DROP FUNCTION nnet.dense(
    pg_catalog.int4, pg_catalog.text, pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.batch_normalization(
    pg_catalog.int4, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, "any",
    "any", "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.layer_normalization(
    pg_catalog.int4, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, "any", "any", "any",
    "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.conv1d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool);
DROP FUNCTION nnet.conv2d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool);
DROP FUNCTION nnet.conv1d_transpose(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", "any", pg_catalog.text, pg_catalog.bool,
    "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.conv2d_transpose(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", "any", pg_catalog.text, pg_catalog.bool,
    "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.depthwise_conv2d(
    "any", "any", pg_catalog.text, pg_catalog.int4, "any", pg_catalog.text, pg_catalog.bool, "any",
    "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.separable_conv2d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool);
DROP FUNCTION nnet.simple_rnn(
    pg_catalog.int4, pg_catalog.text, pg_catalog.bool, "any", "any", "any", "any", "any", "any",
    pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.lstm(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.bool, "any", "any", "any",
    pg_catalog.bool, "any", "any", "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.gru(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.bool, "any", "any", "any", "any",
    "any", "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool,
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[], pg_catalog.bool);
DROP FUNCTION nnet.embedding(
    pg_catalog.int4, pg_catalog.int4, "any", "any", pg_catalog.bool, pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool);



-- Layers.

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

CREATE FUNCTION nnet.conv1d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    groups pg_catalog.int4 DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv1d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool, "any", "any", "any") IS
'layer: filters that slide over a signal; padding valid, same or causal';

CREATE FUNCTION nnet.conv2d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    groups pg_catalog.int4 DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv2d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool, "any", "any", "any") IS
'layer: filters that slide over an image; padding valid or same';

CREATE FUNCTION nnet.conv1d_transpose(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', output_padding "any" DEFAULT NULL,
    dilation_rate "any" DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv1d_transpose(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", "any", pg_catalog.text, pg_catalog.bool,
    "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any",
    "any") IS
'layer: a convolution backwards: each step adds a window to a longer signal';

CREATE FUNCTION nnet.conv2d_transpose(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', output_padding "any" DEFAULT NULL,
    dilation_rate "any" DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv2d_transpose(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", "any", pg_catalog.text, pg_catalog.bool,
    "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any",
    "any") IS
'layer: a convolution backwards: each cell adds a window to a larger image';

CREATE FUNCTION nnet.depthwise_conv2d(
    kernel_size "any", strides "any" DEFAULT 1, padding pg_catalog.text DEFAULT 'valid',
    depth_multiplier pg_catalog.int4 DEFAULT 1, dilation_rate "any" DEFAULT 1,
    activation pg_catalog.text DEFAULT 'linear', use_bias pg_catalog.bool DEFAULT true,
    depthwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    depthwise_regularizer "any" DEFAULT NULL, bias_regularizer "any" DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true, activity_regularizer "any" DEFAULT NULL,
    depthwise_constraint "any" DEFAULT NULL, bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.depthwise_conv2d(
    "any", "any", pg_catalog.text, pg_catalog.int4, "any", pg_catalog.text, pg_catalog.bool, "any",
    "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any", "any") IS
'layer: filters that slide over each channel by itself';

CREATE FUNCTION nnet.separable_conv2d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    depth_multiplier pg_catalog.int4 DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    depthwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    pointwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    depthwise_regularizer "any" DEFAULT NULL, pointwise_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, depthwise_constraint "any" DEFAULT NULL,
    pointwise_constraint "any" DEFAULT NULL, bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.separable_conv2d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool, "any", "any", "any", "any") IS
'layer: filters over each channel by itself, then a mixture of the channels';

CREATE FUNCTION nnet.simple_rnn(
    units pg_catalog.int4, activation pg_catalog.text DEFAULT 'tanh',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    recurrent_initializer "any" DEFAULT 'orthogonal'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    recurrent_regularizer "any" DEFAULT NULL, bias_regularizer "any" DEFAULT NULL,
    dropout pg_catalog.float8 DEFAULT 0, recurrent_dropout pg_catalog.float8 DEFAULT 0,
    return_sequences pg_catalog.bool DEFAULT false, go_backwards pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true, activity_regularizer "any" DEFAULT NULL,
    kernel_constraint "any" DEFAULT NULL, recurrent_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL, seed pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.simple_rnn(
    pg_catalog.int4, pg_catalog.text, pg_catalog.bool, "any", "any", "any", "any", "any", "any",
    pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool, "any", "any", "any", "any", pg_catalog.int4) IS
'layer: plain recurrence, h = activation(x W + h U + b)';

CREATE FUNCTION nnet.lstm(
    units pg_catalog.int4, activation pg_catalog.text DEFAULT 'tanh',
    recurrent_activation pg_catalog.text DEFAULT 'sigmoid', use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    recurrent_initializer "any" DEFAULT 'orthogonal'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    unit_forget_bias pg_catalog.bool DEFAULT true, kernel_regularizer "any" DEFAULT NULL,
    recurrent_regularizer "any" DEFAULT NULL, bias_regularizer "any" DEFAULT NULL,
    dropout pg_catalog.float8 DEFAULT 0, recurrent_dropout pg_catalog.float8 DEFAULT 0,
    return_sequences pg_catalog.bool DEFAULT false, go_backwards pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true, activity_regularizer "any" DEFAULT NULL,
    kernel_constraint "any" DEFAULT NULL, recurrent_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL, seed pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.lstm(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.bool, "any", "any", "any",
    pg_catalog.bool, "any", "any", "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any", "any",
    "any", pg_catalog.int4) IS
'layer: long short-term memory';

CREATE FUNCTION nnet.gru(
    units pg_catalog.int4, activation pg_catalog.text DEFAULT 'tanh',
    recurrent_activation pg_catalog.text DEFAULT 'sigmoid', use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    recurrent_initializer "any" DEFAULT 'orthogonal'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    recurrent_regularizer "any" DEFAULT NULL, bias_regularizer "any" DEFAULT NULL,
    dropout pg_catalog.float8 DEFAULT 0, recurrent_dropout pg_catalog.float8 DEFAULT 0,
    return_sequences pg_catalog.bool DEFAULT false, go_backwards pg_catalog.bool DEFAULT false,
    reset_after pg_catalog.bool DEFAULT true, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    recurrent_constraint "any" DEFAULT NULL, bias_constraint "any" DEFAULT NULL,
    seed pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.gru(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.bool, "any", "any", "any", "any",
    "any", "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool,
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any", "any",
    "any", pg_catalog.int4) IS
'layer: gated recurrent unit';

CREATE FUNCTION nnet.embedding(
    input_dim pg_catalog.int4, output_dim pg_catalog.int4,
    embeddings_initializer "any" DEFAULT 'uniform'::pg_catalog.text,
    embeddings_regularizer "any" DEFAULT NULL, mask_zero pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true, activity_regularizer "any" DEFAULT NULL,
    embeddings_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.embedding(
    pg_catalog.int4, pg_catalog.int4, "any", "any", pg_catalog.bool, pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool, "any", "any") IS
'layer: a learned vector for each of the ids 0 to input_dim - 1; mask_zero hides id 0';

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

CREATE FUNCTION nnet.dropout(
    rate pg_catalog.float8, noise_shape "any" DEFAULT NULL, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.dropout(
    pg_catalog.float8, "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets features to zero at this rate and scales up the others; by noise_shape, such as ''{NULL,1,NULL}'' (the batch first), all along a dimension together';

CREATE FUNCTION nnet.spatial_dropout1d(
    rate pg_catalog.float8, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.spatial_dropout1d(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets whole channels of a signal to zero at this rate';

CREATE FUNCTION nnet.spatial_dropout2d(
    rate pg_catalog.float8, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.spatial_dropout2d(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets whole channels of an image to zero at this rate';

CREATE FUNCTION nnet.random_flip(
    mode pg_catalog.text DEFAULT 'horizontal_and_vertical', seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_flip(
    pg_catalog.text, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, mirrors images at random; mode horizontal, vertical or horizontal_and_vertical';

CREATE FUNCTION nnet.random_translation(
    height_factor "any", width_factor "any", fill_mode pg_catalog.text DEFAULT 'reflect',
    interpolation pg_catalog.text DEFAULT 'bilinear', seed pg_catalog.int4 DEFAULT NULL,
    fill_value pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_translation(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.float8,
    pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, moves images at random by up to these parts of their size: 0.1 or ''{-0.1,0.2}''';

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

CREATE FUNCTION nnet.orthogonal_regularizer(
    factor pg_catalog.float8 DEFAULT 0.01, mode pg_catalog.text DEFAULT 'rows')
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_plain_spec';
COMMENT ON FUNCTION nnet.orthogonal_regularizer(pg_catalog.float8, pg_catalog.text) IS
'regularizer of a matrix: factor * the mean over pairs of its rows, or columns, of how far they are from orthogonal, the absolute cosine';

-- ---- constraints, which each step of a training ends with ----

CREATE FUNCTION nnet.max_norm(
    max_value pg_catalog.float8 DEFAULT 2, axis "any" DEFAULT 0)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.max_norm(pg_catalog.float8, "any") IS
'constraint: norms along axis are at most max_value; axis 0 of a dense kernel: of the weights of each unit, ''{0,1,2}'' of a conv2d kernel: of each filter';

CREATE FUNCTION nnet.min_max_norm(
    min_value pg_catalog.float8 DEFAULT 0, max_value pg_catalog.float8 DEFAULT 1,
    rate pg_catalog.float8 DEFAULT 1, axis "any" DEFAULT 0)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.min_max_norm(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, "any") IS
'constraint: norms along axis are brought between min_value and max_value, by rate of the way in each step';

CREATE FUNCTION nnet.non_neg()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.non_neg() IS
'constraint: what is negative becomes 0';

CREATE FUNCTION nnet.unit_norm(axis "any" DEFAULT 0)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.unit_norm("any") IS
'constraint: norms along axis are 1';

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

CREATE FUNCTION nnet.spatial_dropout3d(
    rate pg_catalog.float8, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.spatial_dropout3d(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets whole channels of a volume to zero at this rate';

-- Signals, and volumes: (depth, height, width, channels).

CREATE FUNCTION nnet.depthwise_conv1d(
    kernel_size "any", strides "any" DEFAULT 1, padding pg_catalog.text DEFAULT 'valid',
    depth_multiplier pg_catalog.int4 DEFAULT 1, dilation_rate "any" DEFAULT 1,
    activation pg_catalog.text DEFAULT 'linear', use_bias pg_catalog.bool DEFAULT true,
    depthwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    depthwise_regularizer "any" DEFAULT NULL, bias_regularizer "any" DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true, activity_regularizer "any" DEFAULT NULL,
    depthwise_constraint "any" DEFAULT NULL, bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.depthwise_conv1d(
    "any", "any", pg_catalog.text, pg_catalog.int4, "any", pg_catalog.text, pg_catalog.bool, "any",
    "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any", "any") IS
'layer: filters that slide over each channel of a signal by itself';

CREATE FUNCTION nnet.separable_conv1d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    depth_multiplier pg_catalog.int4 DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    depthwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    pointwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    depthwise_regularizer "any" DEFAULT NULL, pointwise_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, depthwise_constraint "any" DEFAULT NULL,
    pointwise_constraint "any" DEFAULT NULL, bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.separable_conv1d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool, "any", "any", "any", "any") IS
'layer: filters over each channel of a signal by itself, then a mixture of the channels';

CREATE FUNCTION nnet.zero_padding1d(
    padding "any" DEFAULT 1, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.zero_padding1d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: zeros before and behind a signal: 1, or ''{1,2}''';

CREATE FUNCTION nnet.cropping1d(
    cropping "any" DEFAULT 1, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.cropping1d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: cuts steps off the begin and the end of a signal: 1, or ''{1,2}''';

CREATE FUNCTION nnet.upsampling1d(
    size "any" DEFAULT 2, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.upsampling1d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: repeats each step of a signal';

CREATE FUNCTION nnet.conv3d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    groups pg_catalog.int4 DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv3d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool, "any", "any", "any") IS
'layer: filters that slide over a volume; padding valid or same';

CREATE FUNCTION nnet.conv3d_transpose(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', output_padding "any" DEFAULT NULL,
    dilation_rate "any" DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv3d_transpose(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", "any", pg_catalog.text, pg_catalog.bool,
    "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any",
    "any") IS
'layer: a transposed convolution of a volume, which enlarges it by its strides';

CREATE FUNCTION nnet.max_pooling3d(
    pool_size "any" DEFAULT 2, strides "any" DEFAULT NULL,
    padding pg_catalog.text DEFAULT 'valid', name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.max_pooling3d(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each window of a volume; strides are pool_size unless given';

CREATE FUNCTION nnet.average_pooling3d(
    pool_size "any" DEFAULT 2, strides "any" DEFAULT NULL,
    padding pg_catalog.text DEFAULT 'valid', name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.average_pooling3d(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each window of a volume; strides are pool_size unless given';

CREATE FUNCTION nnet.global_max_pooling3d(
    keepdims pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.global_max_pooling3d(
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each channel over all cells of a volume';

CREATE FUNCTION nnet.global_average_pooling3d(
    keepdims pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.global_average_pooling3d(
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each channel over all cells of a volume';

CREATE FUNCTION nnet.zero_padding3d(
    padding "any" DEFAULT 1, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.zero_padding3d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: zeros around a volume: 1, ''{1,2,0}'' (depth, rows, columns) or ''{{1,0},{2,2},{0,0}}''';

CREATE FUNCTION nnet.cropping3d(
    cropping "any" DEFAULT 1, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.cropping3d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: cuts the borders of a volume: 1, ''{1,2,0}'' (depth, rows, columns) or ''{{1,0},{2,2},{0,0}}''';

CREATE FUNCTION nnet.upsampling3d(
    size "any" DEFAULT 2, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.upsampling3d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: repeats each cell of a volume';

CREATE FUNCTION nnet.adaptive_max_pooling1d(
    output_size "any", name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.adaptive_max_pooling1d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each window of a signal, which divide it into output_size cells';

CREATE FUNCTION nnet.adaptive_max_pooling2d(
    output_size "any", name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.adaptive_max_pooling2d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each window of an image, which divide it into output_size cells';

CREATE FUNCTION nnet.adaptive_max_pooling3d(
    output_size "any", name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.adaptive_max_pooling3d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each window of a volume, which divide it into output_size cells';

CREATE FUNCTION nnet.adaptive_average_pooling1d(
    output_size "any", name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.adaptive_average_pooling1d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each window of a signal, which divide it into output_size cells';

CREATE FUNCTION nnet.adaptive_average_pooling2d(
    output_size "any", name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.adaptive_average_pooling2d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each window of an image, which divide it into output_size cells';

CREATE FUNCTION nnet.adaptive_average_pooling3d(
    output_size "any", name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.adaptive_average_pooling3d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each window of a volume, which divide it into output_size cells';

-- Images: their size, and changes at random in training.

CREATE FUNCTION nnet.resizing(
    height pg_catalog.int4, width pg_catalog.int4,
    interpolation pg_catalog.text DEFAULT 'bilinear',
    crop_to_aspect_ratio pg_catalog.bool DEFAULT false,
    pad_to_aspect_ratio pg_catalog.bool DEFAULT false,
    fill_mode pg_catalog.text DEFAULT 'constant', fill_value pg_catalog.float8 DEFAULT 0,
    antialias pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.resizing(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.text, pg_catalog.bool, pg_catalog.bool,
    pg_catalog.text, pg_catalog.float8, pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: an image brought to that height and width; interpolation bilinear, nearest, bicubic, lanczos3, lanczos5 or area';

CREATE FUNCTION nnet.center_crop(
    height pg_catalog.int4, width pg_catalog.int4, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.center_crop(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: the middle of an image; of a smaller one the largest part of that shape, resized';

CREATE FUNCTION nnet.random_crop(
    height pg_catalog.int4, width pg_catalog.int4, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_crop(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: a part of an image, anywhere in training, else the largest of that shape in the middle, resized';

CREATE FUNCTION nnet.random_rotation(
    factor "any", fill_mode pg_catalog.text DEFAULT 'reflect',
    interpolation pg_catalog.text DEFAULT 'bilinear', seed pg_catalog.int4 DEFAULT NULL,
    fill_value pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_rotation(
    "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.float8,
    pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, turns images at random by up to these parts of a whole turn: 0.1 or ''{-0.1,0.2}''';

CREATE FUNCTION nnet.random_zoom(
    height_factor "any", width_factor "any" DEFAULT NULL,
    fill_mode pg_catalog.text DEFAULT 'reflect',
    interpolation pg_catalog.text DEFAULT 'bilinear', seed pg_catalog.int4 DEFAULT NULL,
    fill_value pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_zoom(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.float8,
    pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, zooms images at random by up to these parts, out where positive: 0.1 or ''{-0.1,0.2}''; without width_factor alike both ways';

CREATE FUNCTION nnet.random_shear(
    x_factor "any" DEFAULT 0, y_factor "any" DEFAULT 0,
    interpolation pg_catalog.text DEFAULT 'bilinear',
    fill_mode pg_catalog.text DEFAULT 'reflect', fill_value pg_catalog.float8 DEFAULT 0,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_shear(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.float8, pg_catalog.int4,
    pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, shears images at random by up to these parts of their size';

CREATE FUNCTION nnet.random_brightness(
    factor "any", value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_brightness(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, adds a part of value_range to images at random: 0.1 or ''{-0.1,0.2}''';

CREATE FUNCTION nnet.random_contrast(
    factor "any", value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_contrast(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, changes the contrast of images at random: by 1 to 1 + factor, or of ''{a,b}'' by 1 - a to 1 + b';

CREATE FUNCTION nnet.random_invert(
    factor "any" DEFAULT 1, value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_invert(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, takes the end of value_range less the image at random; the probability is drawn from 0 to factor';

CREATE FUNCTION nnet.random_grayscale(
    factor pg_catalog.float8 DEFAULT 0.5, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_grayscale(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, takes the colors of images at random, with that probability';

CREATE FUNCTION nnet.random_saturation(
    factor "any", value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_saturation(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, changes the saturation of images at random: ''{0.4,0.6}'' is around none, 0 takes all color';

CREATE FUNCTION nnet.random_hue(
    factor "any", value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_hue(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, turns the colors of images at random by up to half of factor of the circle of hues';

CREATE FUNCTION nnet.random_erasing(
    factor "any" DEFAULT 1, scale "any" DEFAULT '{0.02,0.33}'::pg_catalog.text,
    fill_value "any" DEFAULT NULL, value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_erasing(
    "any", "any", "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, fills a rectangle of images at random: its sides are roots of parts from scale, it is filled with noise or fill_value, with a probability from 0 to factor';

COMMENT ON FUNCTION nnet.upsampling2d(
    "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: enlarges an image by whole factors; interpolation nearest, bilinear, bicubic, lanczos3, lanczos5 or area';

-- Layers of features.

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

-- ---- attention ----

CREATE FUNCTION nnet.attention(
    use_scale pg_catalog.bool DEFAULT false, score_mode pg_catalog.text DEFAULT 'dot',
    dropout pg_catalog.float8 DEFAULT 0, seed pg_catalog.int4 DEFAULT NULL,
    use_causal_mask pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.attention(
    pg_catalog.bool, pg_catalog.text, pg_catalog.float8, pg_catalog.int4, pg_catalog.bool,
    pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: the values of the keys that are like the query, weighted by softmax of their products, or by score_mode ''concat'' of sums';

CREATE FUNCTION nnet.additive_attention(
    use_scale pg_catalog.bool DEFAULT true, dropout pg_catalog.float8 DEFAULT 0,
    seed pg_catalog.int4 DEFAULT NULL, use_causal_mask pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.additive_attention(
    pg_catalog.bool, pg_catalog.float8, pg_catalog.int4, pg_catalog.bool, pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool) IS
'layer: attention whose scores are sums of tanh of query and key';

CREATE FUNCTION nnet.multi_head_attention(
    num_heads pg_catalog.int4, key_dim pg_catalog.int4, value_dim pg_catalog.int4 DEFAULT NULL,
    dropout pg_catalog.float8 DEFAULT 0, use_bias pg_catalog.bool DEFAULT true,
    output_shape "any" DEFAULT NULL, sliding_window pg_catalog.int4 DEFAULT NULL,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, use_gate pg_catalog.bool DEFAULT false,
    seed pg_catalog.int4 DEFAULT NULL, use_causal_mask pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.multi_head_attention(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.bool, "any",
    pg_catalog.int4, "any", "any", "any", "any", pg_catalog.bool, pg_catalog.int4, pg_catalog.bool,
    pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any") IS
'layer: attention of several heads, each of which projects query, key and value its own way';

CREATE FUNCTION nnet.group_query_attention(
    head_dim pg_catalog.int4, num_query_heads pg_catalog.int4, num_key_value_heads pg_catalog.int4,
    dropout pg_catalog.float8 DEFAULT 0, use_bias pg_catalog.bool DEFAULT true,
    sliding_window pg_catalog.int4 DEFAULT NULL,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, use_gate pg_catalog.bool DEFAULT false,
    seed pg_catalog.int4 DEFAULT NULL, use_causal_mask pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.group_query_attention(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.int4, "any", "any", "any", "any", pg_catalog.bool, pg_catalog.int4, pg_catalog.bool,
    pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any") IS
'layer: attention of several heads, some of which share a projection of key and value';

CREATE FUNCTION nnet.einsum_dense(
    equation pg_catalog.text, output_shape "any", activation pg_catalog.text DEFAULT 'linear',
    bias_axes pg_catalog.text DEFAULT NULL,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text, kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.einsum_dense(
    pg_catalog.text, "any", pg_catalog.text, pg_catalog.text, "any", "any", "any", "any",
    pg_catalog.text, pg_catalog.text[], pg_catalog.bool, "any", "any", "any") IS
'layer: a dense layer over any dimensions, activation(einsum(equation, x, kernel) + bias), such as ''abc,cd->abd''';

-- ---- sequences of images ----

CREATE FUNCTION nnet.conv_lstm1d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    activation pg_catalog.text DEFAULT 'tanh',
    recurrent_activation pg_catalog.text DEFAULT 'sigmoid', use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    recurrent_initializer "any" DEFAULT 'orthogonal'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    unit_forget_bias pg_catalog.bool DEFAULT true, kernel_regularizer "any" DEFAULT NULL,
    recurrent_regularizer "any" DEFAULT NULL, bias_regularizer "any" DEFAULT NULL,
    dropout pg_catalog.float8 DEFAULT 0, recurrent_dropout pg_catalog.float8 DEFAULT 0,
    seed pg_catalog.int4 DEFAULT NULL, return_sequences pg_catalog.bool DEFAULT false,
    go_backwards pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    recurrent_constraint "any" DEFAULT NULL, bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv_lstm1d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.text, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", pg_catalog.bool, "any", "any", "any", pg_catalog.float8,
    pg_catalog.float8, pg_catalog.int4, pg_catalog.bool, pg_catalog.bool, pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool, "any", "any", "any", "any") IS
'layer: long short-term memory whose products are convolutions, over steps that are signals';

CREATE FUNCTION nnet.conv_lstm2d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    activation pg_catalog.text DEFAULT 'tanh',
    recurrent_activation pg_catalog.text DEFAULT 'sigmoid', use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    recurrent_initializer "any" DEFAULT 'orthogonal'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    unit_forget_bias pg_catalog.bool DEFAULT true, kernel_regularizer "any" DEFAULT NULL,
    recurrent_regularizer "any" DEFAULT NULL, bias_regularizer "any" DEFAULT NULL,
    dropout pg_catalog.float8 DEFAULT 0, recurrent_dropout pg_catalog.float8 DEFAULT 0,
    seed pg_catalog.int4 DEFAULT NULL, return_sequences pg_catalog.bool DEFAULT false,
    go_backwards pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true,
    activity_regularizer "any" DEFAULT NULL, kernel_constraint "any" DEFAULT NULL,
    recurrent_constraint "any" DEFAULT NULL, bias_constraint "any" DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv_lstm2d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.text, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", pg_catalog.bool, "any", "any", "any", pg_catalog.float8,
    pg_catalog.float8, pg_catalog.int4, pg_catalog.bool, pg_catalog.bool, pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool, "any", "any", "any", "any") IS
'layer: long short-term memory whose products are convolutions, over steps that are images';

-- ---- around layers ----

CREATE FUNCTION nnet.bidirectional(
    layer pg_catalog.jsonb, merge_mode pg_catalog.text DEFAULT 'concat',
    backward_layer pg_catalog.jsonb DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.bidirectional(
    pg_catalog.jsonb, pg_catalog.text, pg_catalog.jsonb, pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool) IS
'layer: a recurrent layer in both directions, or with another one backwards, merged by ''concat'', ''sum'', ''mul'' or ''ave''';

CREATE FUNCTION nnet.spectral_normalization(
    layer pg_catalog.jsonb, power_iterations pg_catalog.int4 DEFAULT 1,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.spectral_normalization(
    pg_catalog.jsonb, pg_catalog.int4, pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: another one whose kernel is divided by its largest singular value before each step of training';

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

-- Optimizers: with averages of weights, and gradients of several steps.

CREATE FUNCTION nnet.sgd(
    learning_rate "any" DEFAULT 0.01::pg_catalog.float8, momentum pg_catalog.float8 DEFAULT 0,
    nesterov pg_catalog.bool DEFAULT false, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.sgd(
    "any", pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.int4,
    pg_catalog.int4) IS
'optimizer: stochastic gradient descent, with momentum if wanted';

CREATE FUNCTION nnet.adam(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    amsgrad pg_catalog.bool DEFAULT false, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adam(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4) IS
'optimizer: Adam, adaptive moment estimation';

CREATE FUNCTION nnet.adamw(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8,
    weight_decay pg_catalog.float8 DEFAULT 0.004, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    amsgrad pg_catalog.bool DEFAULT false, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adamw(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4) IS
'optimizer: Adam with decoupled weight decay';

CREATE FUNCTION nnet.rmsprop(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, rho pg_catalog.float8 DEFAULT 0.9,
    momentum pg_catalog.float8 DEFAULT 0, epsilon pg_catalog.float8 DEFAULT 1e-7,
    centered pg_catalog.bool DEFAULT false, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.rmsprop(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4) IS
'optimizer: RMSprop';

CREATE FUNCTION nnet.adagrad(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8,
    initial_accumulator_value pg_catalog.float8 DEFAULT 0.1, epsilon pg_catalog.float8 DEFAULT 1e-7,
    weight_decay pg_catalog.float8 DEFAULT NULL, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adagrad(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.int4,
    pg_catalog.int4) IS
'optimizer: Adagrad';

CREATE FUNCTION nnet.adadelta(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, rho pg_catalog.float8 DEFAULT 0.95,
    epsilon pg_catalog.float8 DEFAULT 1e-7, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adadelta(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.int4,
    pg_catalog.int4) IS
'optimizer: Adadelta';

CREATE FUNCTION nnet.adamax(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    weight_decay pg_catalog.float8 DEFAULT NULL, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adamax(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.float8,
    pg_catalog.int4, pg_catalog.int4) IS
'optimizer: Adamax, Adam by the infinity norm';

CREATE FUNCTION nnet.nadam(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    weight_decay pg_catalog.float8 DEFAULT NULL, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.nadam(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.float8,
    pg_catalog.int4, pg_catalog.int4) IS
'optimizer: Nadam, Adam with Nesterov momentum';

CREATE FUNCTION nnet.lion(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.99, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.lion(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.int4,
    pg_catalog.int4) IS
'optimizer: Lion, by the sign of the momentum';

-- Models.

COMMENT ON FUNCTION nnet.create_model(pg_catalog.text, pg_catalog.jsonb[]) IS
'create a table that holds a neural network of these layers, with initial weights; an array of layers stands for its elements';

CREATE FUNCTION nnet.compile(
    model pg_catalog.regclass, loss "any", optimizer "any" DEFAULT nnet.adam(),
    metrics "any" DEFAULT NULL, labels "any" DEFAULT NULL,
    loss_weights "any" DEFAULT NULL, weighted_metrics "any" DEFAULT NULL)
RETURNS pg_catalog.void
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000 AS 'MODULE_PATHNAME', 'nnet_compile';
COMMENT ON FUNCTION nnet.compile(
    pg_catalog.regclass, "any", "any", "any", "any", "any", "any") IS
'choose loss, optimizer (made or by its name), metrics (one name or an array) and the labels of the classes (by default those there are); the weights stay, the optimizer begins anew. All but the optimizer may be a jsonb object of one for each output by its name; losses count by loss_weights, rows in weighted_metrics by their weights';

CREATE FUNCTION nnet.labels(
    model pg_catalog.regclass, output pg_catalog.text,
    OUT class pg_catalog.int4, OUT label pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_labels';
COMMENT ON FUNCTION nnet.labels(pg_catalog.regclass, pg_catalog.text) IS
'the labels of the classes of one output, by its name';

CREATE FUNCTION nnet.trainings(
    model pg_catalog.regclass,
    OUT first_epoch pg_catalog.int4, OUT last_epoch pg_catalog.int4,
    OUT best_epoch pg_catalog.int4, OUT ended pg_catalog.text,
    OUT batch_size pg_catalog.int4, OUT seed pg_catalog.int8)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_trainings';
COMMENT ON FUNCTION nnet.trainings(pg_catalog.regclass) IS
'the trainings of a model, by the numbers of epochs that nnet.history() has: which epoch''s weights were saved for being the best, and why it ended: epochs or rounds (all were done), early_stopping or time_limit';

-- Training and evaluation.

CREATE FUNCTION nnet.early_stopping(
    monitor text DEFAULT 'val_loss',
    min_delta double precision DEFAULT 0,
    patience integer DEFAULT 0,
    mode text DEFAULT 'auto',
    baseline double precision DEFAULT NULL,
    restore_best_weights boolean DEFAULT true,
    start_from_epoch integer DEFAULT 0)
RETURNS pg_catalog.jsonb
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
RETURNS pg_catalog.jsonb
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
    early_stopping pg_catalog.jsonb DEFAULT NULL,
    reduce_lr_on_plateau pg_catalog.jsonb DEFAULT NULL,
    best_weights boolean DEFAULT NULL,
    time_limit interval DEFAULT NULL,
    validation_freq "any" DEFAULT NULL,
    initial_epoch integer DEFAULT NULL,
    steps_per_epoch integer DEFAULT NULL,
    learning_rate_factor double precision DEFAULT NULL,
    concurrency integer DEFAULT NULL,
    slots boolean DEFAULT NULL)
RETURNS pg_catalog.jsonb
AS 'MODULE_PATHNAME', 'nnet_options'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.options(integer, integer, double precision, boolean, bigint, boolean, "any", boolean, pg_catalog.jsonb, pg_catalog.jsonb, boolean, interval, "any", integer, integer, double precision, integer, boolean) IS
'options of a training, for nnet.fit()';

CREATE FUNCTION nnet.fit_transition(pg_catalog.internal, pg_catalog.regclass, "any", "any", pg_catalog.jsonb, "any")
RETURNS pg_catalog.internal
AS 'MODULE_PATHNAME', 'nnet_fit_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_transition(pg_catalog.internal, pg_catalog.regclass, "any", "any", pg_catalog.jsonb, "any") IS
'implementation of nnet.fit()';

CREATE FUNCTION nnet.fit_transition(pg_catalog.internal, pg_catalog.regclass, "any", "any", pg_catalog.jsonb, "any", boolean)
RETURNS pg_catalog.internal
AS 'MODULE_PATHNAME', 'nnet_fit_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_transition(pg_catalog.internal, pg_catalog.regclass, "any", "any", pg_catalog.jsonb, "any", boolean) IS
'implementation of nnet.fit()';

CREATE AGGREGATE nnet.fit(model pg_catalog.regclass, x "any", y "any", options pg_catalog.jsonb, weight "any") (
    SFUNC = nnet.fit_transition,
    STYPE = pg_catalog.internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit(pg_catalog.regclass, "any", "any", pg_catalog.jsonb, "any") IS
'train a model on rows that have weights (numbers), or of which some are for validation (boolean)';

CREATE AGGREGATE nnet.fit(model pg_catalog.regclass, x "any", y "any", options pg_catalog.jsonb, weight "any", validation boolean) (
    SFUNC = nnet.fit_transition,
    STYPE = pg_catalog.internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit(pg_catalog.regclass, "any", "any", pg_catalog.jsonb, "any", boolean) IS
'train a model on rows that have weights, and of which some are for validation';

CREATE FUNCTION nnet.evaluate_transition(pg_catalog.internal, pg_catalog.regclass, "any", "any", "any")
RETURNS pg_catalog.internal
AS 'MODULE_PATHNAME', 'nnet_evaluate_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_transition(pg_catalog.internal, pg_catalog.regclass, "any", "any", "any") IS
'implementation of nnet.evaluate()';

CREATE AGGREGATE nnet.evaluate(model pg_catalog.regclass, x "any", y "any", weight "any") (
    SFUNC = nnet.evaluate_transition,
    STYPE = pg_catalog.internal,
    SSPACE = 512,
    FINALFUNC = nnet.evaluate_final,
    FINALFUNC_MODIFY = READ_WRITE,
    COMBINEFUNC = nnet.evaluate_combine,
    SERIALFUNC = nnet.evaluate_serialize,
    DESERIALFUNC = nnet.evaluate_deserialize,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.evaluate(pg_catalog.regclass, "any", "any", "any") IS
'loss and metrics of a model over rows of inputs x and targets y that have weights';

CREATE FUNCTION nnet.gan_options(
    epochs integer DEFAULT 1,
    batch_size integer DEFAULT 32,
    shuffle boolean DEFAULT true,
    seed bigint DEFAULT NULL,
    verbose boolean DEFAULT false,
    noise text DEFAULT 'normal',
    discriminator_steps integer DEFAULT 1,
    label_smoothing double precision DEFAULT 0,
    loss text DEFAULT NULL,
    clip double precision DEFAULT NULL,
    condition integer DEFAULT 0,
    time_limit interval DEFAULT NULL)
RETURNS pg_catalog.jsonb
AS 'MODULE_PATHNAME', 'nnet_gan_options'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.gan_options(integer, integer, boolean, bigint, boolean, text, integer, double precision, text, double precision, integer, interval) IS
'options of an adversarial training, for nnet.fit_gan()';

-- Predictions.

CREATE FUNCTION nnet.predict(model pg_catalog.regclass, x "any", output pg_catalog.text)
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict_output'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.predict(pg_catalog.regclass, "any", pg_catalog.text) IS
'one output, by its name, of a model for the inputs x';

CREATE FUNCTION nnet.classify(model pg_catalog.regclass, x "any", output pg_catalog.text)
RETURNS pg_catalog.text
AS 'MODULE_PATHNAME', 'nnet_classify_output'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.classify(pg_catalog.regclass, "any", pg_catalog.text) IS
'label (or number) of the most likely class of one output, by its name, for the inputs x';

CREATE FUNCTION nnet.classify_steps(model pg_catalog.regclass, x "any")
RETURNS pg_catalog.text[]
AS 'MODULE_PATHNAME', 'nnet_classify_steps'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.classify_steps(pg_catalog.regclass, "any") IS
'label (or number) of the most likely class of each step of the inputs x; of the loss ctc those that the steps spell';

CREATE FUNCTION nnet.classify_steps(model pg_catalog.regclass, x "any", output pg_catalog.text)
RETURNS pg_catalog.text[]
AS 'MODULE_PATHNAME', 'nnet_classify_steps_output'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 SUPPORT nnet.predict_support;
COMMENT ON FUNCTION nnet.classify_steps(pg_catalog.regclass, "any", pg_catalog.text) IS
'label (or number) of the most likely class of each step of one output, by its name, for the inputs x; of the loss ctc those that the steps spell';

-- Models as values.

CREATE TYPE nnet.model;

CREATE FUNCTION nnet.model_in(value pg_catalog.cstring)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_model_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_in(pg_catalog.cstring) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_out(value nnet.model)
RETURNS pg_catalog.cstring
AS 'MODULE_PATHNAME', 'nnet_model_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_out(nnet.model) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_recv(pg_catalog.internal)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_model_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.model_recv(pg_catalog.internal) IS
'implementation of nnet.model';

CREATE FUNCTION nnet.model_send(value nnet.model)
RETURNS pg_catalog.bytea
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

CREATE FUNCTION nnet.pack(model pg_catalog.regclass, slots boolean DEFAULT true)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_pack'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.pack(pg_catalog.regclass, boolean) IS
'a model as one value, with the state of its optimizer (slots) or without';

CREATE FUNCTION nnet.unpack(value nnet.model, name pg_catalog.text)
RETURNS pg_catalog.regclass
AS 'MODULE_PATHNAME', 'nnet_unpack'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.unpack(nnet.model, pg_catalog.text) IS
'create a model as a table out of a value';

CREATE FUNCTION nnet.predict_value(model nnet.model, x "any")
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict_value'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.predict_value(nnet.model, "any") IS
'outputs of a model that is a value for the inputs x';

CREATE FUNCTION nnet.predict_value(model nnet.model, x "any", output pg_catalog.text)
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict_value_output'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.predict_value(nnet.model, "any", pg_catalog.text) IS
'one output, by its name, of a model that is a value for the inputs x';

CREATE FUNCTION nnet.classify_value(model nnet.model, x "any")
RETURNS pg_catalog.text
AS 'MODULE_PATHNAME', 'nnet_classify_value'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.classify_value(nnet.model, "any") IS
'label (or number) of the most likely class of the inputs x, by a model that is a value';

CREATE FUNCTION nnet.classify_value(model nnet.model, x "any", output pg_catalog.text)
RETURNS pg_catalog.text
AS 'MODULE_PATHNAME', 'nnet_classify_value_output'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.classify_value(nnet.model, "any", pg_catalog.text) IS
'label (or number) of the most likely class of one output, by its name, for the inputs x, by a model that is a value';

CREATE FUNCTION nnet.fit_value_transition(pg_catalog.internal, nnet.model, "any", "any")
RETURNS pg_catalog.internal
AS 'MODULE_PATHNAME', 'nnet_fit_value_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_transition(pg_catalog.internal, nnet.model, "any", "any") IS
'implementation of nnet.fit_value()';

CREATE FUNCTION nnet.fit_value_transition(pg_catalog.internal, nnet.model, "any", "any", pg_catalog.jsonb)
RETURNS pg_catalog.internal
AS 'MODULE_PATHNAME', 'nnet_fit_value_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_transition(pg_catalog.internal, nnet.model, "any", "any", pg_catalog.jsonb) IS
'implementation of nnet.fit_value()';

CREATE FUNCTION nnet.fit_value_transition(pg_catalog.internal, nnet.model, "any", "any", pg_catalog.jsonb, "any")
RETURNS pg_catalog.internal
AS 'MODULE_PATHNAME', 'nnet_fit_value_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_transition(pg_catalog.internal, nnet.model, "any", "any", pg_catalog.jsonb, "any") IS
'implementation of nnet.fit_value()';

CREATE FUNCTION nnet.fit_value_transition(pg_catalog.internal, nnet.model, "any", "any", pg_catalog.jsonb, "any", boolean)
RETURNS pg_catalog.internal
AS 'MODULE_PATHNAME', 'nnet_fit_value_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_transition(pg_catalog.internal, nnet.model, "any", "any", pg_catalog.jsonb, "any", boolean) IS
'implementation of nnet.fit_value()';

CREATE FUNCTION nnet.fit_value_final(pg_catalog.internal)
RETURNS nnet.model
AS 'MODULE_PATHNAME', 'nnet_fit_value_final'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.fit_value_final(pg_catalog.internal) IS
'implementation of nnet.fit_value()';

-- SSPACE as that of nnet.fit
CREATE AGGREGATE nnet.fit_value(model nnet.model, x "any", y "any") (
    SFUNC = nnet.fit_value_transition,
    STYPE = pg_catalog.internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_value(nnet.model, "any", "any") IS
'train a model that is a value on rows of inputs x and targets y; gives the trained one';

CREATE AGGREGATE nnet.fit_value(model nnet.model, x "any", y "any", options pg_catalog.jsonb) (
    SFUNC = nnet.fit_value_transition,
    STYPE = pg_catalog.internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_value(nnet.model, "any", "any", pg_catalog.jsonb) IS
'train a model that is a value on rows of inputs x and targets y, with options; gives the trained one';

CREATE AGGREGATE nnet.fit_value(model nnet.model, x "any", y "any", options pg_catalog.jsonb, weight "any") (
    SFUNC = nnet.fit_value_transition,
    STYPE = pg_catalog.internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_value(nnet.model, "any", "any", pg_catalog.jsonb, "any") IS
'train a model that is a value on rows that have weights (numbers), or of which some are for validation (boolean)';

CREATE AGGREGATE nnet.fit_value(model nnet.model, x "any", y "any", options pg_catalog.jsonb, weight "any", validation boolean) (
    SFUNC = nnet.fit_value_transition,
    STYPE = pg_catalog.internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_value(nnet.model, "any", "any", pg_catalog.jsonb, "any", boolean) IS
'train a model that is a value on rows that have weights, and of which some are for validation';

CREATE TYPE nnet.evaluation;

CREATE FUNCTION nnet.evaluation_in(value pg_catalog.cstring)
RETURNS nnet.evaluation
AS 'MODULE_PATHNAME', 'nnet_evaluation_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluation_in(pg_catalog.cstring) IS
'implementation of nnet.evaluation';

CREATE FUNCTION nnet.evaluation_out(value nnet.evaluation)
RETURNS pg_catalog.cstring
AS 'MODULE_PATHNAME', 'nnet_evaluation_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluation_out(nnet.evaluation) IS
'implementation of nnet.evaluation';

CREATE FUNCTION nnet.evaluation_recv(pg_catalog.internal)
RETURNS nnet.evaluation
AS 'MODULE_PATHNAME', 'nnet_evaluation_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluation_recv(pg_catalog.internal) IS
'implementation of nnet.evaluation';

CREATE FUNCTION nnet.evaluation_send(value nnet.evaluation)
RETURNS pg_catalog.bytea
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
RETURNS pg_catalog.jsonb
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

-- Training in rounds, where the rows are: nnet.fit_rounds.

CREATE FUNCTION nnet.outer(
    learning_rate pg_catalog.float8 DEFAULT 0.7, momentum pg_catalog.float8 DEFAULT 0.9,
    nesterov pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_outer';
COMMENT ON FUNCTION nnet.outer(pg_catalog.float8, pg_catalog.float8, pg_catalog.bool) IS
'outer optimizer of nnet.fit_rounds(): how far a model goes towards the average of those that buckets have trained, and with which momentum';

CREATE FUNCTION nnet.round_report(model nnet.model, bucket pg_catalog.text)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_round_report';
COMMENT ON FUNCTION nnet.round_report(nnet.model, pg_catalog.text) IS
'implementation of nnet.fit_rounds()';

-- fit_value for few buckets and a small model: without its SSPACE the planner hashes
-- the rows' buckets, where sorting would write all rows to disk.
CREATE AGGREGATE nnet.fit_bucket(model nnet.model, x "any", y "any", options pg_catalog.jsonb) (
    SFUNC = nnet.fit_value_transition,
    STYPE = pg_catalog.internal,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_bucket(nnet.model, "any", "any", pg_catalog.jsonb) IS
'implementation of nnet.fit_rounds()';

CREATE AGGREGATE nnet.fit_bucket(model nnet.model, x "any", y "any", options pg_catalog.jsonb, weight "any") (
    SFUNC = nnet.fit_value_transition,
    STYPE = pg_catalog.internal,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_bucket(nnet.model, "any", "any", pg_catalog.jsonb, "any") IS
'implementation of nnet.fit_rounds()';

CREATE PROCEDURE nnet.fit_rounds(
    model pg_catalog.regclass, query pg_catalog.text, rounds pg_catalog.int4,
    options pg_catalog.jsonb DEFAULT NULL, "outer" pg_catalog.jsonb DEFAULT NULL,
    validation pg_catalog.text DEFAULT NULL, steps pg_catalog.int4 DEFAULT NULL,
    divide_batch pg_catalog.bool DEFAULT NULL)
LANGUAGE C AS 'MODULE_PATHNAME', 'nnet_fit_rounds';
COMMENT ON PROCEDURE nnet.fit_rounds(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.int4, pg_catalog.jsonb, pg_catalog.jsonb,
    pg_catalog.text, pg_catalog.int4, pg_catalog.bool) IS
'train a model in rounds: on each bucket of the rows of a query (bucket, x, y, weight) for itself, in parallel or where a bucket''s rows are, then the average of what came out; each round is committed';

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

-- Texts.

CREATE FUNCTION nnet.text_vectorization(
    max_tokens pg_catalog.int4 DEFAULT NULL,
    standardize pg_catalog.text DEFAULT 'lower_and_strip_punctuation',
    split pg_catalog.text DEFAULT 'whitespace',
    output_sequence_length pg_catalog.int4 DEFAULT NULL,
    vocabulary pg_catalog.text[] DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.text_vectorization(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text[],
    pg_catalog.text, pg_catalog.text[]) IS
'layer: texts as ids of their words or characters, by a vocabulary learned from the rows of the first fit unless given';

-- Metrics of queries.

CREATE TYPE nnet.confusion_cell AS (
    truth pg_catalog.text, predicted pg_catalog.text, count pg_catalog.float8);
COMMENT ON TYPE nnet.confusion_cell IS
'a pair of labels, and how many rows (or what weight) have it: of nnet.confusion_matrix()';

CREATE TYPE nnet.class_report AS (
    label pg_catalog.text, precision pg_catalog.float8, recall pg_catalog.float8,
    f1_score pg_catalog.float8, support pg_catalog.float8);
COMMENT ON TYPE nnet.class_report IS
'a class, or all of them, and how well it was predicted: of nnet.classification_report()';

CREATE TYPE nnet.roc_point AS (
    fpr pg_catalog.float8, tpr pg_catalog.float8, threshold pg_catalog.float8);
COMMENT ON TYPE nnet.roc_point IS
'rates of false and true positives of those that score at least a threshold: of nnet.roc_curve()';

CREATE TYPE nnet.precision_recall_point AS (
    precision pg_catalog.float8, recall pg_catalog.float8, threshold pg_catalog.float8);
COMMENT ON TYPE nnet.precision_recall_point IS
'precision and recall of those that score at least a threshold: of nnet.precision_recall_curve()';

CREATE TYPE nnet.calibration_bin AS (
    prob_true pg_catalog.float8, prob_pred pg_catalog.float8, count pg_catalog.int8);
COMMENT ON TYPE nnet.calibration_bin IS
'rows of similar probability: which share is of the class, and what was predicted in the mean: of nnet.calibration_curve()';

-- ---- steps that they share ----

CREATE FUNCTION nnet.tally_combine(state pg_catalog.bytea, other pg_catalog.bytea)
RETURNS pg_catalog.bytea
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_tally_combine';
COMMENT ON FUNCTION nnet.tally_combine(pg_catalog.bytea, pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.confusion_transition(state pg_catalog.bytea, truth "any", predicted "any")
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_confusion_transition';
COMMENT ON FUNCTION nnet.confusion_transition(pg_catalog.bytea, "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.confusion_transition(state pg_catalog.bytea, truth "any", predicted "any", weight pg_catalog.float8)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_confusion_transition';
COMMENT ON FUNCTION nnet.confusion_transition(pg_catalog.bytea, "any", "any", pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.scores_transition(state pg_catalog.bytea, truth "any", score "any")
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_scores_transition';
COMMENT ON FUNCTION nnet.scores_transition(pg_catalog.bytea, "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.scores_transition(state pg_catalog.bytea, truth "any", score "any", weight pg_catalog.float8)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_scores_transition';
COMMENT ON FUNCTION nnet.scores_transition(pg_catalog.bytea, "any", "any", pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.calibration_curve_transition(state pg_catalog.bytea, truth "any", probability "any")
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_calibration_curve_transition';
COMMENT ON FUNCTION nnet.calibration_curve_transition(pg_catalog.bytea, "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.calibration_curve_transition(state pg_catalog.bytea, truth "any", probability "any", n_bins pg_catalog.int4)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_calibration_curve_transition';
COMMENT ON FUNCTION nnet.calibration_curve_transition(pg_catalog.bytea, "any", "any", pg_catalog.int4) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.calibration_curve_transition(state pg_catalog.bytea, truth "any", probability "any", n_bins pg_catalog.int4, strategy pg_catalog.text)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_calibration_curve_transition';
COMMENT ON FUNCTION nnet.calibration_curve_transition(pg_catalog.bytea, "any", "any", pg_catalog.int4, pg_catalog.text) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.log_loss_transition(state pg_catalog.bytea, truth "any", probability "any")
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_log_loss_transition';
COMMENT ON FUNCTION nnet.log_loss_transition(pg_catalog.bytea, "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.log_loss_transition(state pg_catalog.bytea, truth "any", probability "any", weight pg_catalog.float8)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_log_loss_transition';
COMMENT ON FUNCTION nnet.log_loss_transition(pg_catalog.bytea, "any", "any", pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth pg_catalog.float8, predicted pg_catalog.float8)
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], pg_catalog.float8, pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8)
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth pg_catalog.float8, predicted pg_catalog.float4[])
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_array_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], pg_catalog.float8, pg_catalog.float4[]) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8)
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_array_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth "any", predicted "any")
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_any_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth "any", predicted "any", weight pg_catalog.float8)
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_any_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], "any", "any", pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_combine(state pg_catalog.float8[], other pg_catalog.float8[])
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_combine';
COMMENT ON FUNCTION nnet.regression_combine(pg_catalog.float8[], pg_catalog.float8[]) IS
'implementation of the metrics of queries';

-- ---- labels ----

CREATE FUNCTION nnet.confusion_matrix_final(state pg_catalog.bytea)
RETURNS nnet.confusion_cell[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_confusion_matrix_final';
COMMENT ON FUNCTION nnet.confusion_matrix_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.confusion_matrix(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.confusion_matrix_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.confusion_matrix("any", "any") IS
'pairs of labels and how many rows have each, in the order of the labels: SELECT * FROM unnest((SELECT nnet.confusion_matrix(...) FROM ...)); labels of any type, predicted ones also as text beside numbers; rows with NULL are passed over';

CREATE AGGREGATE nnet.confusion_matrix(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.confusion_matrix_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.confusion_matrix("any", "any", pg_catalog.float8) IS
'pairs of labels and how many rows have each, in the order of the labels: SELECT * FROM unnest((SELECT nnet.confusion_matrix(...) FROM ...)); labels of any type, predicted ones also as text beside numbers; rows with NULL are passed over, rows counted by their weights';

CREATE FUNCTION nnet.classification_report_final(state pg_catalog.bytea)
RETURNS nnet.class_report[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_classification_report_final';
COMMENT ON FUNCTION nnet.classification_report_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.classification_report(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.classification_report_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.classification_report("any", "any") IS
'precision, recall, F1 and support of each class, then accuracy and the means over classes, plain (macro avg) and by support (weighted avg), for unnest()';

CREATE AGGREGATE nnet.classification_report(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.classification_report_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.classification_report("any", "any", pg_catalog.float8) IS
'precision, recall, F1 and support of each class, then accuracy and the means over classes, plain (macro avg) and by support (weighted avg), for unnest(), rows counted by their weights';

CREATE FUNCTION nnet.accuracy_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_accuracy_score_final';
COMMENT ON FUNCTION nnet.accuracy_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.accuracy_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.accuracy_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.accuracy_score("any", "any") IS
'the share of rows whose label was predicted';

CREATE AGGREGATE nnet.accuracy_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.accuracy_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.accuracy_score("any", "any", pg_catalog.float8) IS
'the share of rows whose label was predicted, rows counted by their weights';

CREATE FUNCTION nnet.balanced_accuracy_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_balanced_accuracy_score_final';
COMMENT ON FUNCTION nnet.balanced_accuracy_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.balanced_accuracy_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.balanced_accuracy_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.balanced_accuracy_score("any", "any") IS
'the mean of the recalls of the classes';

CREATE AGGREGATE nnet.balanced_accuracy_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.balanced_accuracy_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.balanced_accuracy_score("any", "any", pg_catalog.float8) IS
'the mean of the recalls of the classes, rows counted by their weights';

CREATE FUNCTION nnet.precision_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_precision_score_final';
COMMENT ON FUNCTION nnet.precision_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.precision_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.precision_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.precision_score("any", "any") IS
'of two labels: which share of what was predicted to be the greater one is';

CREATE AGGREGATE nnet.precision_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.precision_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.precision_score("any", "any", pg_catalog.float8) IS
'of two labels: which share of what was predicted to be the greater one is, rows counted by their weights';

CREATE FUNCTION nnet.recall_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_recall_score_final';
COMMENT ON FUNCTION nnet.recall_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.recall_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.recall_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.recall_score("any", "any") IS
'of two labels: which share of what is the greater one was predicted to be';

CREATE AGGREGATE nnet.recall_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.recall_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.recall_score("any", "any", pg_catalog.float8) IS
'of two labels: which share of what is the greater one was predicted to be, rows counted by their weights';

CREATE FUNCTION nnet.f1_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_f1_score_final';
COMMENT ON FUNCTION nnet.f1_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.f1_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.f1_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.f1_score("any", "any") IS
'of two labels: the harmonic mean of precision and recall of the greater one';

CREATE AGGREGATE nnet.f1_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.f1_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.f1_score("any", "any", pg_catalog.float8) IS
'of two labels: the harmonic mean of precision and recall of the greater one, rows counted by their weights';

-- ---- scores ----

CREATE FUNCTION nnet.roc_auc_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_roc_auc_final';
COMMENT ON FUNCTION nnet.roc_auc_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.roc_auc(truth "any", score "any") (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.roc_auc_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.roc_auc("any", "any") IS
'the area under the curve of true against false positives, of two labels and the score of the greater (a number, or what nnet.predict() gives of one or two classes); NULL where there is one label only';

CREATE AGGREGATE nnet.roc_auc(truth "any", score "any", weight pg_catalog.float8) (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.roc_auc_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.roc_auc("any", "any", pg_catalog.float8) IS
'the area under the curve of true against false positives, of two labels and the score of the greater (a number, or what nnet.predict() gives of one or two classes); NULL where there is one label only, rows counted by their weights';

CREATE FUNCTION nnet.average_precision_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_average_precision_final';
COMMENT ON FUNCTION nnet.average_precision_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.average_precision(truth "any", score "any") (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.average_precision_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.average_precision("any", "any") IS
'precision summed over the steps of recall, of two labels and the score of the greater';

CREATE AGGREGATE nnet.average_precision(truth "any", score "any", weight pg_catalog.float8) (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.average_precision_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.average_precision("any", "any", pg_catalog.float8) IS
'precision summed over the steps of recall, of two labels and the score of the greater, rows counted by their weights';

CREATE FUNCTION nnet.roc_curve_final(state pg_catalog.bytea)
RETURNS nnet.roc_point[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_roc_curve_final';
COMMENT ON FUNCTION nnet.roc_curve_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.roc_curve(truth "any", score "any") (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.roc_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.roc_curve("any", "any") IS
'the rates of false and true positives by falling threshold, without points between two others on a line, for unnest()';

CREATE AGGREGATE nnet.roc_curve(truth "any", score "any", weight pg_catalog.float8) (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.roc_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.roc_curve("any", "any", pg_catalog.float8) IS
'the rates of false and true positives by falling threshold, without points between two others on a line, for unnest(), rows counted by their weights';

CREATE FUNCTION nnet.precision_recall_curve_final(state pg_catalog.bytea)
RETURNS nnet.precision_recall_point[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_precision_recall_curve_final';
COMMENT ON FUNCTION nnet.precision_recall_curve_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.precision_recall_curve(truth "any", score "any") (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.precision_recall_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.precision_recall_curve("any", "any") IS
'precision and recall by rising threshold, for unnest()';

CREATE AGGREGATE nnet.precision_recall_curve(truth "any", score "any", weight pg_catalog.float8) (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.precision_recall_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.precision_recall_curve("any", "any", pg_catalog.float8) IS
'precision and recall by rising threshold, for unnest(), rows counted by their weights';

CREATE FUNCTION nnet.calibration_curve_final(state pg_catalog.bytea)
RETURNS nnet.calibration_bin[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_calibration_curve_final';
COMMENT ON FUNCTION nnet.calibration_curve_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.calibration_curve(truth "any", probability "any") (
    SFUNC = nnet.calibration_curve_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.calibration_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.calibration_curve("any", "any") IS
'of rows in bins by their probability (5, unless n_bins says otherwise): the share that is of the greater label, and the mean probability, for unnest()';

CREATE AGGREGATE nnet.calibration_curve(truth "any", probability "any", n_bins pg_catalog.int4) (
    SFUNC = nnet.calibration_curve_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.calibration_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.calibration_curve("any", "any", pg_catalog.int4) IS
'of rows in bins by their probability (5, unless n_bins says otherwise): the share that is of the greater label, and the mean probability, for unnest(); n_bins bins';

CREATE AGGREGATE nnet.calibration_curve(truth "any", probability "any", n_bins pg_catalog.int4, strategy pg_catalog.text) (
    SFUNC = nnet.calibration_curve_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.calibration_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.calibration_curve("any", "any", pg_catalog.int4, pg_catalog.text) IS
'of rows in bins by their probability (5, unless n_bins says otherwise): the share that is of the greater label, and the mean probability, for unnest(); bins of equal width (uniform) or of as many rows each (quantile)';

CREATE FUNCTION nnet.log_loss_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_log_loss_final';
COMMENT ON FUNCTION nnet.log_loss_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.log_loss(truth "any", probability "any") (
    SFUNC = nnet.log_loss_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.log_loss_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.log_loss("any", "any") IS
'the mean of the negative logarithm of the probability that the true label was given: of the greater of two, or an array of all labels in their order';

CREATE AGGREGATE nnet.log_loss(truth "any", probability "any", weight pg_catalog.float8) (
    SFUNC = nnet.log_loss_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.log_loss_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.log_loss("any", "any", pg_catalog.float8) IS
'the mean of the negative logarithm of the probability that the true label was given: of the greater of two, or an array of all labels in their order, rows counted by their weights';

-- ---- numbers ----

CREATE FUNCTION nnet.mse_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_mse_final';
COMMENT ON FUNCTION nnet.mse_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.mse(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse(pg_catalog.float8, pg_catalog.float8) IS
'the mean of the squared differences';

CREATE AGGREGATE nnet.mse(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'the mean of the squared differences, rows counted by their weights';

CREATE AGGREGATE nnet.mse(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse(pg_catalog.float8, pg_catalog.float4[]) IS
'the mean of the squared differences, of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.mse(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'the mean of the squared differences, of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.mse(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse("any", "any") IS
'the mean of the squared differences, of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.mse(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse("any", "any", pg_catalog.float8) IS
'the mean of the squared differences, of numbers of any type, alone or in arrays of one, rows counted by their weights';

CREATE FUNCTION nnet.rmse_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_rmse_final';
COMMENT ON FUNCTION nnet.rmse_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.rmse(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse(pg_catalog.float8, pg_catalog.float8) IS
'the root of the mean of the squared differences';

CREATE AGGREGATE nnet.rmse(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'the root of the mean of the squared differences, rows counted by their weights';

CREATE AGGREGATE nnet.rmse(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse(pg_catalog.float8, pg_catalog.float4[]) IS
'the root of the mean of the squared differences, of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.rmse(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'the root of the mean of the squared differences, of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.rmse(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse("any", "any") IS
'the root of the mean of the squared differences, of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.rmse(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse("any", "any", pg_catalog.float8) IS
'the root of the mean of the squared differences, of numbers of any type, alone or in arrays of one, rows counted by their weights';

CREATE FUNCTION nnet.mae_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_mae_final';
COMMENT ON FUNCTION nnet.mae_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.mae(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae(pg_catalog.float8, pg_catalog.float8) IS
'the mean of the absolute differences';

CREATE AGGREGATE nnet.mae(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'the mean of the absolute differences, rows counted by their weights';

CREATE AGGREGATE nnet.mae(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae(pg_catalog.float8, pg_catalog.float4[]) IS
'the mean of the absolute differences, of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.mae(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'the mean of the absolute differences, of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.mae(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae("any", "any") IS
'the mean of the absolute differences, of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.mae(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae("any", "any", pg_catalog.float8) IS
'the mean of the absolute differences, of numbers of any type, alone or in arrays of one, rows counted by their weights';

CREATE FUNCTION nnet.mape_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_mape_final';
COMMENT ON FUNCTION nnet.mape_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.mape(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape(pg_catalog.float8, pg_catalog.float8) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent)';

CREATE AGGREGATE nnet.mape(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), rows counted by their weights';

CREATE AGGREGATE nnet.mape(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape(pg_catalog.float8, pg_catalog.float4[]) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.mape(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.mape(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape("any", "any") IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.mape(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape("any", "any", pg_catalog.float8) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), of numbers of any type, alone or in arrays of one, rows counted by their weights';

CREATE FUNCTION nnet.r2_score_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_r2_score_final';
COMMENT ON FUNCTION nnet.r2_score_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.r2_score(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score(pg_catalog.float8, pg_catalog.float8) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean';

CREATE AGGREGATE nnet.r2_score(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, rows counted by their weights';

CREATE AGGREGATE nnet.r2_score(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score(pg_catalog.float8, pg_catalog.float4[]) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.r2_score(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.r2_score(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score("any", "any") IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.r2_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score("any", "any", pg_catalog.float8) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, of numbers of any type, alone or in arrays of one, rows counted by their weights';

-- Choosing among models.

CREATE FUNCTION nnet.search(
    name pg_catalog.text, candidates pg_catalog.text, rows pg_catalog.text,
    folds pg_catalog.int4 DEFAULT 5, scoring pg_catalog.text DEFAULT 'loss',
    stratify pg_catalog.bool DEFAULT NULL, options pg_catalog.jsonb DEFAULT NULL,
    OUT rank pg_catalog.int4, OUT candidate pg_catalog.text, OUT params pg_catalog.jsonb,
    OUT score pg_catalog.float8, OUT std pg_catalog.float8, OUT scores pg_catalog.float8[],
    OUT metrics pg_catalog.jsonb, OUT seconds pg_catalog.float8, OUT error pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_search';
COMMENT ON FUNCTION nnet.search(
    pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, pg_catalog.jsonb) IS
'train each candidate of a query (columns name, layers, loss, and optimizer, metrics, options, ...) on the rows of another (x, y, and weight, fold or group), without each fold, which scores it; the best becomes a model of that name, trained on all rows (NULL: none does)';

CREATE FUNCTION nnet.cross_validate(
    layers pg_catalog.jsonb[], rows pg_catalog.text, k pg_catalog.int4 DEFAULT 5,
    loss "any" DEFAULT NULL, optimizer "any" DEFAULT nnet.adam(), metrics "any" DEFAULT NULL,
    scoring pg_catalog.text DEFAULT 'loss', stratify pg_catalog.bool DEFAULT NULL,
    options pg_catalog.jsonb DEFAULT NULL,
    OUT fold pg_catalog.int4, OUT score pg_catalog.float8, OUT figures pg_catalog.jsonb,
    OUT epochs pg_catalog.int4, OUT samples pg_catalog.int8, OUT val_samples pg_catalog.int8,
    OUT seconds pg_catalog.float8)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 5 AS 'MODULE_PATHNAME', 'nnet_cross_validate';
COMMENT ON FUNCTION nnet.cross_validate(
    pg_catalog.jsonb[], pg_catalog.text, pg_catalog.int4, "any", "any", "any", pg_catalog.text,
    pg_catalog.bool, pg_catalog.jsonb) IS
'train a model of these layers k times on the rows of a query (x, y, and weight, fold or group), each time without one fold, which scores it';

-- Explanations.

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

-- Seeing models.

CREATE FUNCTION nnet.summary(
    model pg_catalog.regclass, totals pg_catalog.bool,
    OUT layer pg_catalog.int4, OUT name pg_catalog.text, OUT kind pg_catalog.text,
    OUT inputs pg_catalog.text[], OUT output_shape pg_catalog.text,
    OUT parameters pg_catalog.int8, OUT trainable pg_catalog.int8, OUT size pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 20 AS 'MODULE_PATHNAME', 'nnet_summary_totals';
COMMENT ON FUNCTION nnet.summary(pg_catalog.regclass, pg_catalog.bool) IS
'the layers of a model, with how many parameters of each are trained, and what it takes; with totals also rows, whose layer is NULL, of all parameters, those that are trained and those that are not, and the state of the optimizer';

CREATE FUNCTION nnet.history(
    model pg_catalog.regclass, digits pg_catalog.int4,
    OUT epoch pg_catalog.int4, OUT loss pg_catalog.float8, OUT val_loss pg_catalog.float8,
    OUT metrics pg_catalog.jsonb, OUT samples pg_catalog.int8, OUT seconds pg_catalog.float8,
    OUT learning_rate pg_catalog.float8)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 100 AS 'MODULE_PATHNAME', 'nnet_history_rounded';
COMMENT ON FUNCTION nnet.history(pg_catalog.regclass, pg_catalog.int4) IS
'the epochs a model was trained, figures rounded to so many significant digits, to be read';

CREATE FUNCTION nnet.plot(model pg_catalog.regclass)
RETURNS pg_catalog.text
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_plot';
COMMENT ON FUNCTION nnet.plot(pg_catalog.regclass) IS
'loss and metrics of a model by epoch, of training and validation, as a picture in SVG, for light and dark pages';

CREATE FUNCTION nnet.report(
    model pg_catalog.regclass, evaluation pg_catalog.jsonb DEFAULT NULL)
RETURNS pg_catalog.text
LANGUAGE C STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_report';
COMMENT ON FUNCTION nnet.report(pg_catalog.regclass, pg_catalog.jsonb) IS
'a page of HTML that needs nothing else: the layers of a model, their graph, its training, and what an evaluation says: figures, confusion_matrix, feature_importances, tables';

-- Importances.

CREATE TYPE nnet.feature_importance AS (
    feature pg_catalog.text, importance_mean pg_catalog.float8, importance_std pg_catalog.float8);
COMMENT ON TYPE nnet.feature_importance IS
'how much worse a model gets without a feature: of nnet.permutation_importance()';

CREATE FUNCTION nnet.permutation_importance_transition(internal, pg_catalog.regclass, "any", "any")
RETURNS internal
LANGUAGE C VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'nnet_permutation_importance_transition';
COMMENT ON FUNCTION nnet.permutation_importance_transition(internal, pg_catalog.regclass, "any", "any") IS
'implementation of nnet.permutation_importance()';

CREATE FUNCTION nnet.permutation_importance_transition(internal, pg_catalog.regclass, "any", "any", pg_catalog.jsonb)
RETURNS internal
LANGUAGE C VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'nnet_permutation_importance_transition';
COMMENT ON FUNCTION nnet.permutation_importance_transition(internal, pg_catalog.regclass, "any", "any", pg_catalog.jsonb) IS
'implementation of nnet.permutation_importance()';

CREATE FUNCTION nnet.permutation_importance_final(internal)
RETURNS nnet.feature_importance[]
LANGUAGE C VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'nnet_permutation_importance_final';
COMMENT ON FUNCTION nnet.permutation_importance_final(internal) IS
'implementation of nnet.permutation_importance()';

CREATE AGGREGATE nnet.permutation_importance(model pg_catalog.regclass, x "any", y "any") (
    SFUNC = nnet.permutation_importance_transition, STYPE = internal, SSPACE = 1073741824,
    FINALFUNC = nnet.permutation_importance_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = RESTRICTED);
COMMENT ON AGGREGATE nnet.permutation_importance(pg_catalog.regclass, "any", "any") IS
'how much the loss of a model grows over these rows when one feature (a value of x, a column of a row) is taken from other rows, for unnest()';

CREATE AGGREGATE nnet.permutation_importance(model pg_catalog.regclass, x "any", y "any", options pg_catalog.jsonb) (
    SFUNC = nnet.permutation_importance_transition, STYPE = internal, SSPACE = 1073741824,
    FINALFUNC = nnet.permutation_importance_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = RESTRICTED);
COMMENT ON AGGREGATE nnet.permutation_importance(pg_catalog.regclass, "any", "any", pg_catalog.jsonb) IS
'the same with options: repeats (5), seed, and metric, one of the model or loss';

-- The state of other sessions: only as they allow, see the function.
CREATE FUNCTION nnet.progress_rows(
    OUT pid pg_catalog.int4, OUT datid pg_catalog.oid, OUT model pg_catalog.regclass,
    OUT epoch pg_catalog.int4, OUT epochs pg_catalog.int4, OUT step pg_catalog.int8,
    OUT loss pg_catalog.float8, OUT started pg_catalog.timestamptz,
    OUT estimated_end pg_catalog.timestamptz)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 100 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_progress';
COMMENT ON FUNCTION nnet.progress_rows() IS
'implementation of the view nnet.progress';

CREATE VIEW nnet.progress AS
    SELECT p.pid, d.datname, p.model, p.epoch, p.epochs, p.step, p.loss, p.started, p.estimated_end
    FROM nnet.progress_rows() AS p
    LEFT JOIN pg_catalog.pg_database AS d ON d.oid OPERATOR(pg_catalog.=) p.datid;
GRANT SELECT ON nnet.progress TO PUBLIC;
COMMENT ON VIEW nnet.progress IS 'trainings that are under way, where the library is preloaded; of other roles the pid alone, but to members of pg_read_all_stats';
COMMENT ON COLUMN nnet.progress.pid IS 'of the session';
COMMENT ON COLUMN nnet.progress.datname IS 'its database';
COMMENT ON COLUMN nnet.progress.model IS 'that is trained, if it is of this database';
COMMENT ON COLUMN nnet.progress.epoch IS 'the epoch under way';
COMMENT ON COLUMN nnet.progress.epochs IS 'that are asked for';
COMMENT ON COLUMN nnet.progress.step IS 'steps of the optimizer over the model''s life';
COMMENT ON COLUMN nnet.progress.loss IS 'of the epoch so far';
COMMENT ON COLUMN nnet.progress.started IS 'when its rows were read';
COMMENT ON COLUMN nnet.progress.estimated_end IS 'if it goes on as it did';

-- Optimizers and initializers that are new.

CREATE FUNCTION nnet.ftrl(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8,
    learning_rate_power pg_catalog.float8 DEFAULT -0.5,
    initial_accumulator_value pg_catalog.float8 DEFAULT 0.1,
    l1_regularization_strength pg_catalog.float8 DEFAULT 0,
    l2_regularization_strength pg_catalog.float8 DEFAULT 0,
    l2_shrinkage_regularization_strength pg_catalog.float8 DEFAULT 0,
    beta pg_catalog.float8 DEFAULT 0, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.ftrl(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.int4, pg_catalog.int4) IS
'optimizer: FTRL, follow the regularized leader';

CREATE FUNCTION nnet.lamb(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    weight_decay pg_catalog.float8 DEFAULT NULL, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.lamb(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.int4, pg_catalog.int4) IS
'optimizer: LAMB, Adam whose steps are as long as each tensor is large';

CREATE FUNCTION nnet.adafactor(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8,
    beta_2_decay pg_catalog.float8 DEFAULT -0.8, epsilon_1 pg_catalog.float8 DEFAULT 1e-30,
    epsilon_2 pg_catalog.float8 DEFAULT 1e-3, clip_threshold pg_catalog.float8 DEFAULT 1,
    relative_step pg_catalog.bool DEFAULT true, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adafactor(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.int4, pg_catalog.int4) IS
'optimizer: Adafactor, by the squares of gradients of rows and columns';

CREATE FUNCTION nnet.muon(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8,
    adam_beta_1 pg_catalog.float8 DEFAULT 0.9, adam_beta_2 pg_catalog.float8 DEFAULT 0.999,
    adam_weight_decay pg_catalog.float8 DEFAULT 0.004, epsilon pg_catalog.float8 DEFAULT 1e-7,
    weight_decay pg_catalog.float8 DEFAULT 0.004, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL,
    exclude_layers pg_catalog.text[] DEFAULT NULL, exclude_embeddings pg_catalog.bool DEFAULT true,
    muon_a pg_catalog.float8 DEFAULT 3.4445, muon_b pg_catalog.float8 DEFAULT -4.7750,
    muon_c pg_catalog.float8 DEFAULT 2.0315, adam_lr_ratio pg_catalog.float8 DEFAULT 1,
    momentum pg_catalog.float8 DEFAULT 0.95, ns_steps pg_catalog.int4 DEFAULT 5,
    nesterov pg_catalog.bool DEFAULT true, rms_rate pg_catalog.float8 DEFAULT 0.2,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.muon(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.text[],
    pg_catalog.bool, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.int4, pg_catalog.bool, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.int4, pg_catalog.int4) IS
'optimizer: Muon, momentum made orthogonal, for matrices; Adam for the other parameters, for embeddings and for what exclude_layers names by a part of "layer/parameter". rms_rate 0: steps as they are';

CREATE FUNCTION nnet.schedule_free_adamw(
    learning_rate "any" DEFAULT 0.0025::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-8,
    warmup_steps pg_catalog.int4 DEFAULT 0, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL,
    use_ema pg_catalog.bool DEFAULT NULL, ema_momentum pg_catalog.float8 DEFAULT NULL,
    ema_overwrite_frequency pg_catalog.int4 DEFAULT NULL,
    gradient_accumulation_steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.schedule_free_adamw(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.int4,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.int4, pg_catalog.int4) IS
'optimizer: AdamW that averages its weights instead of a schedule of the learning rate';

CREATE FUNCTION nnet.variance_scaling(
    scale pg_catalog.float8 DEFAULT 1, mode pg_catalog.text DEFAULT 'fan_in',
    distribution pg_catalog.text DEFAULT 'truncated_normal')
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.variance_scaling(pg_catalog.float8, pg_catalog.text, pg_catalog.text) IS
'initializer: of variance scale / n, n being inputs (fan_in), outputs (fan_out) or their mean (fan_avg); truncated_normal, untruncated_normal or uniform';

-- ---- losses and metrics with arguments ----

CREATE FUNCTION nnet.huber(
    delta pg_catalog.float8 DEFAULT 1, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.huber(pg_catalog.float8, pg_catalog.text) IS
'loss, metric: squared errors up to delta, then linear';

CREATE FUNCTION nnet.binary_crossentropy(
    from_logits pg_catalog.bool DEFAULT false, label_smoothing pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.binary_crossentropy(pg_catalog.bool, pg_catalog.float8, pg_catalog.text) IS
'loss, metric: binary cross-entropy; from_logits: outputs go through a sigmoid first; label_smoothing: targets of 0 and 1 are moved to the middle by half of it';

CREATE FUNCTION nnet.categorical_crossentropy(
    from_logits pg_catalog.bool DEFAULT false, label_smoothing pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.categorical_crossentropy(
    pg_catalog.bool, pg_catalog.float8, pg_catalog.text) IS
'loss, metric: categorical cross-entropy; from_logits: outputs go through a softmax first; label_smoothing: so much of a target is shared out among all classes';

CREATE FUNCTION nnet.sparse_categorical_crossentropy(
    from_logits pg_catalog.bool DEFAULT false, ignore_class pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.sparse_categorical_crossentropy(
    pg_catalog.bool, pg_catalog.int4, pg_catalog.text) IS
'loss, metric: categorical cross-entropy of numbers of classes; rows of ignore_class, which may be none of an output, do not count';

CREATE FUNCTION nnet.binary_focal_crossentropy(
    apply_class_balancing pg_catalog.bool DEFAULT false, alpha pg_catalog.float8 DEFAULT 0.25,
    gamma pg_catalog.float8 DEFAULT 2, from_logits pg_catalog.bool DEFAULT false,
    label_smoothing pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.binary_focal_crossentropy(
    pg_catalog.bool, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.float8,
    pg_catalog.text) IS
'loss, metric: binary cross-entropy that counts less what is easy, by (1 - p) ^ gamma; apply_class_balancing: classes weigh alpha and 1 - alpha';

CREATE FUNCTION nnet.categorical_focal_crossentropy(
    alpha "any" DEFAULT 0.25::pg_catalog.float8, gamma pg_catalog.float8 DEFAULT 2,
    from_logits pg_catalog.bool DEFAULT false, label_smoothing pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.categorical_focal_crossentropy(
    "any", pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.text) IS
'loss, metric: categorical cross-entropy that counts less what is easy, by (1 - p) ^ gamma; alpha: a number, or an array of one for each class';

CREATE FUNCTION nnet.categorical_generalized_cross_entropy(
    q pg_catalog.float8 DEFAULT 0.5, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.categorical_generalized_cross_entropy(
    pg_catalog.float8, pg_catalog.text) IS
'loss, metric: (1 - p ^ q) / q of the probability p of the class, by its number: bears with wrong labels';

CREATE FUNCTION nnet.dice(
    axis "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.dice("any", pg_catalog.text) IS
'loss, metric: 1 - 2 |common| / (|targets| + |outputs|), of a batch; axis -1: of each row of the last dimension, all dimensions from 1 on: of each sample';

CREATE FUNCTION nnet.tversky(
    alpha pg_catalog.float8 DEFAULT 0.5, beta pg_catalog.float8 DEFAULT 0.5,
    axis "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.tversky(pg_catalog.float8, pg_catalog.float8, "any", pg_catalog.text) IS
'loss, metric: as dice, what is missed weighing alpha and what is said falsely beta';

CREATE FUNCTION nnet.binary_accuracy(
    threshold pg_catalog.float8 DEFAULT 0.5, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.binary_accuracy(pg_catalog.float8, pg_catalog.text) IS
'metric: how often outputs are above threshold where targets are 1, and not where they are 0';

CREATE FUNCTION nnet.top_k_categorical_accuracy(
    k pg_catalog.int4 DEFAULT 5, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.top_k_categorical_accuracy(pg_catalog.int4, pg_catalog.text) IS
'metric: how often the class is among the k largest outputs';

CREATE FUNCTION nnet.sparse_top_k_categorical_accuracy(
    k pg_catalog.int4 DEFAULT 5, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.sparse_top_k_categorical_accuracy(pg_catalog.int4, pg_catalog.text) IS
'metric: the same, of numbers of classes';

CREATE FUNCTION nnet.true_positives(
    thresholds "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.true_positives("any", pg_catalog.text) IS
'metric: how many outputs above 0.5, or above each of thresholds, have a target that is not 0';

CREATE FUNCTION nnet.true_negatives(
    thresholds "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.true_negatives("any", pg_catalog.text) IS
'metric: how many outputs not above 0.5, or each of thresholds, have a target of 0';

CREATE FUNCTION nnet.false_positives(
    thresholds "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.false_positives("any", pg_catalog.text) IS
'metric: how many outputs above 0.5, or above each of thresholds, have a target of 0';

CREATE FUNCTION nnet.false_negatives(
    thresholds "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.false_negatives("any", pg_catalog.text) IS
'metric: how many outputs not above 0.5, or each of thresholds, have a target that is not 0';

CREATE FUNCTION nnet.precision(
    thresholds "any" DEFAULT NULL, top_k pg_catalog.int4 DEFAULT NULL,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.precision("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: of the outputs above 0.5, or above each of thresholds, the share whose target is not 0; top_k: of the k largest of a row, class_id: of one output alone';

CREATE FUNCTION nnet.recall(
    thresholds "any" DEFAULT NULL, top_k pg_catalog.int4 DEFAULT NULL,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.recall("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: of the outputs whose target is not 0, the share above 0.5, or above each of thresholds; top_k: among the k largest of a row, class_id: of one output alone';

CREATE FUNCTION nnet.sensitivity_at_specificity(
    specificity pg_catalog.float8, num_thresholds pg_catalog.int4 DEFAULT 200,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.sensitivity_at_specificity(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: the best recall at thresholds where specificity is at least that';

CREATE FUNCTION nnet.specificity_at_sensitivity(
    sensitivity pg_catalog.float8, num_thresholds pg_catalog.int4 DEFAULT 200,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.specificity_at_sensitivity(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: the best specificity at thresholds where recall is at least that';

CREATE FUNCTION nnet.precision_at_recall(
    recall pg_catalog.float8, num_thresholds pg_catalog.int4 DEFAULT 200,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.precision_at_recall(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: the best precision at thresholds where recall is at least that';

CREATE FUNCTION nnet.recall_at_precision(
    "precision" pg_catalog.float8, num_thresholds pg_catalog.int4 DEFAULT 200,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.recall_at_precision(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: the best recall at thresholds where precision is at least that; by name it is "precision" => 0.8, a keyword of SQL';

CREATE FUNCTION nnet.auc(
    num_thresholds pg_catalog.int4 DEFAULT 200, curve pg_catalog.text DEFAULT 'ROC',
    summation_method pg_catalog.text DEFAULT 'interpolation', thresholds "any" DEFAULT NULL,
    multi_label pg_catalog.bool DEFAULT false, num_labels pg_catalog.int4 DEFAULT NULL,
    label_weights "any" DEFAULT NULL, from_logits pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.auc(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, "any", pg_catalog.bool, pg_catalog.int4,
    "any", pg_catalog.bool, pg_catalog.text) IS
'metric: the area below a curve, ''ROC'', ''PR'' or ''PRGAIN'', summed up by ''interpolation'', ''minoring'' or ''majoring''; multi_label: the mean over outputs, by label_weights';

CREATE FUNCTION nnet.fbeta_score(
    average pg_catalog.text DEFAULT NULL, beta pg_catalog.float8 DEFAULT 1,
    threshold pg_catalog.float8 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.fbeta_score(
    pg_catalog.text, pg_catalog.float8, pg_catalog.float8, pg_catalog.text) IS
'metric: the mean of precision and recall, which weighs beta times as much, of each output, or their average: ''micro'', ''macro'' or ''weighted''; without threshold a row says its largest output. For beta 1 there is also {"kind": "f1_score"}';

CREATE FUNCTION nnet.iou(
    num_classes pg_catalog.int4, target_class_ids "any", ignore_class pg_catalog.int4 DEFAULT NULL,
    sparse_y_true pg_catalog.bool DEFAULT true, sparse_y_pred pg_catalog.bool DEFAULT true,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.iou(
    pg_catalog.int4, "any", pg_catalog.int4, pg_catalog.bool, pg_catalog.bool, pg_catalog.text) IS
'metric: the intersection over the union of what is of a class and what is said to be of it, the mean of the target classes; sparse_y_pred false: a row says its largest output';

CREATE FUNCTION nnet.mean_iou(
    num_classes pg_catalog.int4, ignore_class pg_catalog.int4 DEFAULT NULL,
    sparse_y_true pg_catalog.bool DEFAULT true, sparse_y_pred pg_catalog.bool DEFAULT true,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.mean_iou(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.bool, pg_catalog.bool, pg_catalog.text) IS
'metric: iou of all classes';

CREATE FUNCTION nnet.binary_iou(
    target_class_ids "any" DEFAULT NULL, threshold pg_catalog.float8 DEFAULT 0.5,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.binary_iou("any", pg_catalog.float8, pg_catalog.text) IS
'metric: iou of two classes, the second of which is said by outputs from threshold on';

CREATE FUNCTION nnet.one_hot_iou(
    num_classes pg_catalog.int4, target_class_ids "any", ignore_class pg_catalog.int4 DEFAULT NULL,
    sparse_y_pred pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.one_hot_iou(
    pg_catalog.int4, "any", pg_catalog.int4, pg_catalog.bool, pg_catalog.text) IS
'metric: iou of targets whose largest value is the class';

CREATE FUNCTION nnet.one_hot_mean_iou(
    num_classes pg_catalog.int4, ignore_class pg_catalog.int4 DEFAULT NULL,
    sparse_y_pred pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.one_hot_mean_iou(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.bool, pg_catalog.text) IS
'metric: one_hot_iou of all classes';

CREATE FUNCTION nnet.pearson_correlation(
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.pearson_correlation(pg_catalog.text) IS
'metric: how a row''s outputs and targets correlate';

CREATE FUNCTION nnet.concordance_correlation(
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.concordance_correlation(pg_catalog.text) IS
'metric: how a row''s outputs and targets agree, their means and variances too';
