\echo Use "CREATE EXTENSION nnet" to load this file. \quit

-- The schema, the type of a model's rows, and the view of all models.

-- Part of the extension, and so of whoever owns the functions: nobody else may
-- create in it.  One that is there already is somebody else's, and refused.
CREATE SCHEMA nnet;
REVOKE ALL ON SCHEMA nnet FROM PUBLIC;
GRANT USAGE ON SCHEMA nnet TO PUBLIC;
COMMENT ON SCHEMA nnet IS 'neural networks: defined, trained and run in the database';

CREATE TYPE nnet.layer AS (
    layer   pg_catalog.int4,
    part    pg_catalog.int4,
    kind    pg_catalog.text,
    name    pg_catalog.text,
    inputs  pg_catalog.text[],
    config  pg_catalog.jsonb,
    weights pg_catalog.float4[],
    slots   pg_catalog.float4[]
);
COMMENT ON TYPE nnet.layer IS 'one row of a model: a layer, or what training knows (layer -1)';
COMMENT ON COLUMN nnet.layer.layer IS '-1: the training row; 0: the input; then 1, 2, ...';
COMMENT ON COLUMN nnet.layer.part IS '0; a layer of more than 16 million values continues in 1, 2, ... (weights and slots only)';
COMMENT ON COLUMN nnet.layer.kind IS 'training, input, dense, ...';
COMMENT ON COLUMN nnet.layer.name IS 'unique in the model';
COMMENT ON COLUMN nnet.layer.inputs IS 'names of the layers that feed it; NULL: the one before';
COMMENT ON COLUMN nnet.layer.config IS 'its hyper-parameters';
COMMENT ON COLUMN nnet.layer.weights IS 'all its parameters, in the order of Keras get_weights(), row-major, end to end';
COMMENT ON COLUMN nnet.layer.slots IS 'the optimizer''s state for them';

CREATE VIEW nnet.models AS
    SELECT c.oid::pg_catalog.regclass AS model,
           pg_catalog.pg_get_userbyid(c.relowner) AS owner,
           pg_catalog.pg_total_relation_size(c.oid) AS bytes,
           pg_catalog.has_table_privilege(c.oid, 'UPDATE') AS writable,
           (SELECT d.description FROM pg_catalog.pg_description d
            WHERE d.objoid OPERATOR(pg_catalog.=) c.oid
              AND d.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
              AND d.objsubid OPERATOR(pg_catalog.=) 0) AS description
    FROM pg_catalog.pg_class c
    WHERE c.reloftype OPERATOR(pg_catalog.=) 'nnet.layer'::pg_catalog.regtype
      AND c.relkind IN ('r', 'p')
      AND NOT pg_catalog.pg_is_other_temp_schema(c.relnamespace)
      AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT');
GRANT SELECT ON nnet.models TO PUBLIC;
COMMENT ON VIEW nnet.models IS 'the models that the current user may read';
COMMENT ON COLUMN nnet.models.model IS 'the table';
COMMENT ON COLUMN nnet.models.owner IS 'the table''s owner';
COMMENT ON COLUMN nnet.models.bytes IS 'disk space, indexes and TOAST included';
COMMENT ON COLUMN nnet.models.writable IS 'whether the current user may train it';
COMMENT ON COLUMN nnet.models.description IS 'the table''s comment';

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
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    kernel_regularizer "any" DEFAULT NULL, bias_regularizer "any" DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.dense(
    pg_catalog.int4, pg_catalog.text, pg_catalog.bool, "any", "any", "any",
    "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
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
    rate pg_catalog.float8,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.dropout(pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets features to zero at this rate and scales up the others';

CREATE FUNCTION nnet.batch_normalization(
    axis pg_catalog.int4 DEFAULT -1, momentum pg_catalog.float8 DEFAULT 0.99,
    epsilon pg_catalog.float8 DEFAULT 0.001,
    center pg_catalog.bool DEFAULT true, scale pg_catalog.bool DEFAULT true,
    beta_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    gamma_initializer "any" DEFAULT 'ones'::pg_catalog.text,
    moving_mean_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    moving_variance_initializer "any" DEFAULT 'ones'::pg_catalog.text,
    beta_regularizer "any" DEFAULT NULL, gamma_regularizer "any" DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.batch_normalization(
    pg_catalog.int4, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool,
    "any", "any", "any", "any", "any", "any",
    pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: normalizes each feature or channel over the batch, by moving averages outside training';

CREATE FUNCTION nnet.layer_normalization(
    axis pg_catalog.int4 DEFAULT -1, epsilon pg_catalog.float8 DEFAULT 0.001,
    center pg_catalog.bool DEFAULT true, scale pg_catalog.bool DEFAULT true,
    beta_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    gamma_initializer "any" DEFAULT 'ones'::pg_catalog.text,
    beta_regularizer "any" DEFAULT NULL, gamma_regularizer "any" DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.layer_normalization(
    pg_catalog.int4, pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, "any", "any",
    "any", "any", pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
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

-- The kind "average" has no constructor: nnet.average() is the aggregate of weights, and
-- literals would not tell the two apart; '{"kind": "average", "inputs": [...]}' makes one.

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

-- Constructors of convolutional layers, in the manner of 20-layers.sql.  Images are
-- (height, width, channels), signals (steps, channels).  Sizes are one number for
-- both dimensions or one each: 3, ARRAY[3, 5], '{3,5}'.

-- ---- convolutions ----

CREATE FUNCTION nnet.conv1d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    groups pg_catalog.int4 DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv1d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool) IS
'layer: filters that slide over a signal; padding valid, same or causal';

CREATE FUNCTION nnet.conv2d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    groups pg_catalog.int4 DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv2d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool) IS
'layer: filters that slide over an image; padding valid or same';

CREATE FUNCTION nnet.conv1d_transpose(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', output_padding "any" DEFAULT NULL,
    dilation_rate "any" DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv1d_transpose(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", "any", pg_catalog.text, pg_catalog.bool,
    "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool) IS
'layer: a convolution backwards: each step adds a window to a longer signal';

CREATE FUNCTION nnet.conv2d_transpose(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', output_padding "any" DEFAULT NULL,
    dilation_rate "any" DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    kernel_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.conv2d_transpose(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", "any", pg_catalog.text, pg_catalog.bool,
    "any", "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool) IS
'layer: a convolution backwards: each cell adds a window to a larger image';

CREATE FUNCTION nnet.depthwise_conv2d(
    kernel_size "any", strides "any" DEFAULT 1, padding pg_catalog.text DEFAULT 'valid',
    depth_multiplier pg_catalog.int4 DEFAULT 1, dilation_rate "any" DEFAULT 1,
    activation pg_catalog.text DEFAULT 'linear', use_bias pg_catalog.bool DEFAULT true,
    depthwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    depthwise_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.depthwise_conv2d(
    "any", "any", pg_catalog.text, pg_catalog.int4, "any", pg_catalog.text, pg_catalog.bool, "any",
    "any", "any", "any", pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool) IS
'layer: filters that slide over each channel by itself';

CREATE FUNCTION nnet.separable_conv2d(
    filters pg_catalog.int4, kernel_size "any", strides "any" DEFAULT 1,
    padding pg_catalog.text DEFAULT 'valid', dilation_rate "any" DEFAULT 1,
    depth_multiplier pg_catalog.int4 DEFAULT 1, activation pg_catalog.text DEFAULT 'linear',
    use_bias pg_catalog.bool DEFAULT true,
    depthwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    pointwise_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    depthwise_regularizer "any" DEFAULT NULL,
    pointwise_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.separable_conv2d(
    pg_catalog.int4, "any", "any", pg_catalog.text, "any", pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, "any", "any", "any", "any", "any", "any",
    pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: filters over each channel by itself, then a mixture of the channels';

-- ---- pooling ----

CREATE FUNCTION nnet.max_pooling1d(
    pool_size "any" DEFAULT 2, strides "any" DEFAULT NULL, padding pg_catalog.text DEFAULT 'valid',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.max_pooling1d(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each window of a signal; strides are pool_size unless given';

CREATE FUNCTION nnet.max_pooling2d(
    pool_size "any" DEFAULT 2, strides "any" DEFAULT NULL, padding pg_catalog.text DEFAULT 'valid',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.max_pooling2d(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each window of an image; strides are pool_size unless given';

CREATE FUNCTION nnet.average_pooling1d(
    pool_size "any" DEFAULT 2, strides "any" DEFAULT NULL, padding pg_catalog.text DEFAULT 'valid',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.average_pooling1d(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each window of a signal; strides are pool_size unless given';

CREATE FUNCTION nnet.average_pooling2d(
    pool_size "any" DEFAULT 2, strides "any" DEFAULT NULL, padding pg_catalog.text DEFAULT 'valid',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.average_pooling2d(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each window of an image; strides are pool_size unless given';

CREATE FUNCTION nnet.global_max_pooling1d(
    keepdims pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.global_max_pooling1d(
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each channel over all steps';

CREATE FUNCTION nnet.global_max_pooling2d(
    keepdims pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.global_max_pooling2d(
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: the largest of each channel over all cells';

CREATE FUNCTION nnet.global_average_pooling1d(
    keepdims pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.global_average_pooling1d(
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each channel over all steps';

CREATE FUNCTION nnet.global_average_pooling2d(
    keepdims pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.global_average_pooling2d(
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: the mean of each channel over all cells';

-- ---- borders and size ----

CREATE FUNCTION nnet.zero_padding2d(
    padding "any" DEFAULT 1, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.zero_padding2d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: zeros around an image: 1, ''{1,2}'' (rows, columns) or ''{{1,0},{2,2}}''';

CREATE FUNCTION nnet.cropping2d(
    cropping "any" DEFAULT 0, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.cropping2d("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: cuts the borders of an image: 1, ''{1,2}'' (rows, columns) or ''{{1,0},{2,2}}''';

CREATE FUNCTION nnet.upsampling2d(
    size "any" DEFAULT 2, interpolation pg_catalog.text DEFAULT 'nearest',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.upsampling2d(
    "any", pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: enlarges an image by whole factors; interpolation nearest or bilinear';

-- ---- at random, in training only ----

CREATE FUNCTION nnet.spatial_dropout1d(
    rate pg_catalog.float8, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.spatial_dropout1d(
    pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets whole channels of a signal to zero at this rate';

CREATE FUNCTION nnet.spatial_dropout2d(
    rate pg_catalog.float8, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.spatial_dropout2d(
    pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets whole channels of an image to zero at this rate';

CREATE FUNCTION nnet.random_flip(
    mode pg_catalog.text DEFAULT 'horizontal_and_vertical', name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_flip(pg_catalog.text, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, mirrors images at random; mode horizontal, vertical or horizontal_and_vertical';

CREATE FUNCTION nnet.random_translation(
    height_factor "any", width_factor "any", fill_mode pg_catalog.text DEFAULT 'reflect',
    interpolation pg_catalog.text DEFAULT 'bilinear', fill_value pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_translation(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.float8, pg_catalog.text,
    pg_catalog.text[]) IS
'layer: in training, moves images at random by up to these parts of their size: 0.1 or ''{-0.1,0.2}''';

-- Constructors of layers for sequences (see 20-layers.sql).

-- ---- what comes before recurrent layers ----

CREATE FUNCTION nnet.embedding(
    input_dim pg_catalog.int4, output_dim pg_catalog.int4,
    embeddings_initializer "any" DEFAULT 'uniform'::pg_catalog.text,
    embeddings_regularizer "any" DEFAULT NULL, mask_zero pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.embedding(
    pg_catalog.int4, pg_catalog.int4, "any", "any", pg_catalog.bool, pg_catalog.text,
    pg_catalog.text[], pg_catalog.bool) IS
'layer: a learned vector for each of the ids 0 to input_dim - 1; mask_zero hides id 0';

CREATE FUNCTION nnet.masking(
    mask_value pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.masking(pg_catalog.float8, pg_catalog.text, pg_catalog.text[]) IS
'layer: hides the steps all of whose features are mask_value';

-- ---- recurrent layers ----

CREATE FUNCTION nnet.simple_rnn(
    units pg_catalog.int4, activation pg_catalog.text DEFAULT 'tanh',
    use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    recurrent_initializer "any" DEFAULT 'orthogonal'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    kernel_regularizer "any" DEFAULT NULL,
    recurrent_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, dropout pg_catalog.float8 DEFAULT 0,
    recurrent_dropout pg_catalog.float8 DEFAULT 0, return_sequences pg_catalog.bool DEFAULT false,
    go_backwards pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.simple_rnn(
    pg_catalog.int4, pg_catalog.text, pg_catalog.bool, "any", "any", "any", "any",
    "any", "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.bool, pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: plain recurrence, h = activation(x W + h U + b)';

CREATE FUNCTION nnet.lstm(
    units pg_catalog.int4, activation pg_catalog.text DEFAULT 'tanh',
    recurrent_activation pg_catalog.text DEFAULT 'sigmoid', use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    recurrent_initializer "any" DEFAULT 'orthogonal'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    unit_forget_bias pg_catalog.bool DEFAULT true,
    kernel_regularizer "any" DEFAULT NULL,
    recurrent_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, dropout pg_catalog.float8 DEFAULT 0,
    recurrent_dropout pg_catalog.float8 DEFAULT 0, return_sequences pg_catalog.bool DEFAULT false,
    go_backwards pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.lstm(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.bool, "any", "any", "any",
    pg_catalog.bool, "any", "any", "any", pg_catalog.float8,
    pg_catalog.float8, pg_catalog.bool, pg_catalog.bool, pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool) IS
'layer: long short-term memory';

CREATE FUNCTION nnet.gru(
    units pg_catalog.int4, activation pg_catalog.text DEFAULT 'tanh',
    recurrent_activation pg_catalog.text DEFAULT 'sigmoid', use_bias pg_catalog.bool DEFAULT true,
    kernel_initializer "any" DEFAULT 'glorot_uniform'::pg_catalog.text,
    recurrent_initializer "any" DEFAULT 'orthogonal'::pg_catalog.text,
    bias_initializer "any" DEFAULT 'zeros'::pg_catalog.text,
    kernel_regularizer "any" DEFAULT NULL,
    recurrent_regularizer "any" DEFAULT NULL,
    bias_regularizer "any" DEFAULT NULL, dropout pg_catalog.float8 DEFAULT 0,
    recurrent_dropout pg_catalog.float8 DEFAULT 0, return_sequences pg_catalog.bool DEFAULT false,
    go_backwards pg_catalog.bool DEFAULT false, reset_after pg_catalog.bool DEFAULT true,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.gru(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.bool, "any", "any", "any",
    "any", "any", "any", pg_catalog.float8, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.bool, pg_catalog.bool, pg_catalog.text, pg_catalog.text[],
    pg_catalog.bool) IS
'layer: gated recurrent unit';

-- ---- around layers ----

CREATE FUNCTION nnet.bidirectional(
    layer pg_catalog.jsonb, merge_mode pg_catalog.text DEFAULT 'concat',
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL,
    trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.bidirectional(
    pg_catalog.jsonb, pg_catalog.text, pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: a recurrent layer in both directions, merged by ''concat'', ''sum'', ''mul'' or ''ave''';

CREATE FUNCTION nnet.time_distributed(
    layer pg_catalog.jsonb, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL, trainable pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.time_distributed(pg_catalog.jsonb, pg_catalog.text, pg_catalog.text[], pg_catalog.bool) IS
'layer: another layer applied to each step by itself';

-- ---- other shapes ----

CREATE FUNCTION nnet.repeat_vector(
    n pg_catalog.int4, name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.repeat_vector(pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: the same vector at each of n steps';

CREATE FUNCTION nnet.permute(
    dims "any", name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.permute("any", pg_catalog.text, pg_catalog.text[]) IS
'layer: the dimensions in another order, counted from 1, such as ''{2,1}''';

-- Optimizers, schedules of the learning rate, initializers and regularizers, as
-- jsonb.  Names and defaults are Keras's.  learning_rate is a number or a schedule.

-- ---- optimizers ----

CREATE FUNCTION nnet.sgd(
    learning_rate "any" DEFAULT 0.01::pg_catalog.float8, momentum pg_catalog.float8 DEFAULT 0,
    nesterov pg_catalog.bool DEFAULT false, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.sgd(
    "any", pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8) IS
'optimizer: stochastic gradient descent, with momentum if wanted';

CREATE FUNCTION nnet.adam(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    amsgrad pg_catalog.bool DEFAULT false, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adam(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'optimizer: Adam, adaptive moment estimation';

CREATE FUNCTION nnet.adamw(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8,
    weight_decay pg_catalog.float8 DEFAULT 0.004, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    amsgrad pg_catalog.bool DEFAULT false, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adamw(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.bool, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'optimizer: Adam with decoupled weight decay';

CREATE FUNCTION nnet.rmsprop(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, rho pg_catalog.float8 DEFAULT 0.9,
    momentum pg_catalog.float8 DEFAULT 0, epsilon pg_catalog.float8 DEFAULT 1e-7,
    centered pg_catalog.bool DEFAULT false, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.rmsprop(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'optimizer: RMSprop';

CREATE FUNCTION nnet.adagrad(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8,
    initial_accumulator_value pg_catalog.float8 DEFAULT 0.1, epsilon pg_catalog.float8 DEFAULT 1e-7,
    weight_decay pg_catalog.float8 DEFAULT NULL, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adagrad(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8) IS
'optimizer: Adagrad';

CREATE FUNCTION nnet.adadelta(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, rho pg_catalog.float8 DEFAULT 0.95,
    epsilon pg_catalog.float8 DEFAULT 1e-7, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adadelta(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8) IS
'optimizer: Adadelta';

CREATE FUNCTION nnet.adamax(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    weight_decay pg_catalog.float8 DEFAULT NULL, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.adamax(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'optimizer: Adamax, Adam by the infinity norm';

CREATE FUNCTION nnet.nadam(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.999, epsilon pg_catalog.float8 DEFAULT 1e-7,
    weight_decay pg_catalog.float8 DEFAULT NULL, clipnorm pg_catalog.float8 DEFAULT NULL,
    clipvalue pg_catalog.float8 DEFAULT NULL, global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.nadam(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'optimizer: Nadam, Adam with Nesterov momentum';

CREATE FUNCTION nnet.lion(
    learning_rate "any" DEFAULT 0.001::pg_catalog.float8, beta_1 pg_catalog.float8 DEFAULT 0.9,
    beta_2 pg_catalog.float8 DEFAULT 0.99, weight_decay pg_catalog.float8 DEFAULT NULL,
    clipnorm pg_catalog.float8 DEFAULT NULL, clipvalue pg_catalog.float8 DEFAULT NULL,
    global_clipnorm pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_optimizer_spec';
COMMENT ON FUNCTION nnet.lion(
    "any", pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8,
    pg_catalog.float8, pg_catalog.float8) IS
'optimizer: Lion, by the sign of the momentum';

-- ---- schedules: the learning rate by the number of steps done ----

CREATE FUNCTION nnet.exponential_decay(
    initial_learning_rate pg_catalog.float8, decay_steps pg_catalog.float8,
    decay_rate pg_catalog.float8, staircase pg_catalog.bool DEFAULT false)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_schedule_spec';
COMMENT ON FUNCTION nnet.exponential_decay(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool) IS
'schedule: initial * decay_rate ^ (step / decay_steps)';

CREATE FUNCTION nnet.inverse_time_decay(
    initial_learning_rate pg_catalog.float8, decay_steps pg_catalog.float8,
    decay_rate pg_catalog.float8, staircase pg_catalog.bool DEFAULT false)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_schedule_spec';
COMMENT ON FUNCTION nnet.inverse_time_decay(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool) IS
'schedule: initial / (1 + decay_rate * step / decay_steps)';

CREATE FUNCTION nnet.polynomial_decay(
    initial_learning_rate pg_catalog.float8, decay_steps pg_catalog.float8,
    end_learning_rate pg_catalog.float8 DEFAULT 0.0001, power pg_catalog.float8 DEFAULT 1,
    cycle pg_catalog.bool DEFAULT false)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_schedule_spec';
COMMENT ON FUNCTION nnet.polynomial_decay(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool) IS
'schedule: from initial to end in decay_steps, by a power';

CREATE FUNCTION nnet.piecewise_constant_decay(boundaries pg_catalog.float8[], "values" pg_catalog.float8[])
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_schedule_spec';
COMMENT ON FUNCTION nnet.piecewise_constant_decay(pg_catalog.float8[], pg_catalog.float8[]) IS
'schedule: values[1] up to step boundaries[1], then values[2], ...';

CREATE FUNCTION nnet.cosine_decay(
    initial_learning_rate pg_catalog.float8, decay_steps pg_catalog.float8,
    alpha pg_catalog.float8 DEFAULT 0, warmup_target pg_catalog.float8 DEFAULT NULL,
    warmup_steps pg_catalog.float8 DEFAULT 0)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_schedule_spec';
COMMENT ON FUNCTION nnet.cosine_decay(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'schedule: a cosine from initial to alpha * initial, after a linear warmup if wanted';

CREATE FUNCTION nnet.cosine_decay_restarts(
    initial_learning_rate pg_catalog.float8, first_decay_steps pg_catalog.float8,
    t_mul pg_catalog.float8 DEFAULT 2, m_mul pg_catalog.float8 DEFAULT 1,
    alpha pg_catalog.float8 DEFAULT 0)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_schedule_spec';
COMMENT ON FUNCTION nnet.cosine_decay_restarts(
    pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'schedule: cosines one after the other, each t_mul times as long and m_mul times as high';

-- ---- initializers; by their name alone they have these defaults ----

CREATE FUNCTION nnet.zeros()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.zeros() IS
'initializer: all 0';

CREATE FUNCTION nnet.ones()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.ones() IS
'initializer: all 1';

CREATE FUNCTION nnet.constant(value pg_catalog.float8 DEFAULT 0)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.constant(pg_catalog.float8) IS
'initializer: all this value';

CREATE FUNCTION nnet.random_normal(
    mean pg_catalog.float8 DEFAULT 0, stddev pg_catalog.float8 DEFAULT 0.05)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.random_normal(pg_catalog.float8, pg_catalog.float8) IS
'initializer: normally distributed';

CREATE FUNCTION nnet.truncated_normal(
    mean pg_catalog.float8 DEFAULT 0, stddev pg_catalog.float8 DEFAULT 0.05)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.truncated_normal(pg_catalog.float8, pg_catalog.float8) IS
'initializer: normally distributed, within two standard deviations';

CREATE FUNCTION nnet.random_uniform(
    minval pg_catalog.float8 DEFAULT -0.05, maxval pg_catalog.float8 DEFAULT 0.05)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.random_uniform(pg_catalog.float8, pg_catalog.float8) IS
'initializer: uniformly distributed';

CREATE FUNCTION nnet.glorot_uniform()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.glorot_uniform() IS
'initializer: uniform, scaled by inputs and outputs';

CREATE FUNCTION nnet.glorot_normal()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.glorot_normal() IS
'initializer: truncated normal, scaled by inputs and outputs';

CREATE FUNCTION nnet.he_uniform()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.he_uniform() IS
'initializer: uniform, scaled by inputs, for relu';

CREATE FUNCTION nnet.he_normal()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.he_normal() IS
'initializer: truncated normal, scaled by inputs, for relu';

CREATE FUNCTION nnet.lecun_uniform()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.lecun_uniform() IS
'initializer: uniform, scaled by inputs';

CREATE FUNCTION nnet.lecun_normal()
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.lecun_normal() IS
'initializer: truncated normal, scaled by inputs, for selu';

CREATE FUNCTION nnet.orthogonal(gain pg_catalog.float8 DEFAULT 1)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.orthogonal(pg_catalog.float8) IS
'initializer: an orthogonal matrix';

CREATE FUNCTION nnet.identity(gain pg_catalog.float8 DEFAULT 1)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.identity(pg_catalog.float8) IS
'initializer: the identity matrix';

-- ---- regularizers, added to the loss ----

CREATE FUNCTION nnet.l1(l1 pg_catalog.float8 DEFAULT 0.01)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_plain_spec';
COMMENT ON FUNCTION nnet.l1(pg_catalog.float8) IS
'regularizer: l1 * sum of absolute values';

CREATE FUNCTION nnet.l2(l2 pg_catalog.float8 DEFAULT 0.01)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_plain_spec';
COMMENT ON FUNCTION nnet.l2(pg_catalog.float8) IS
'regularizer: l2 * sum of squares';

CREATE FUNCTION nnet.l1_l2(
    l1 pg_catalog.float8 DEFAULT 0, l2 pg_catalog.float8 DEFAULT 0)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_plain_spec';
COMMENT ON FUNCTION nnet.l1_l2(pg_catalog.float8, pg_catalog.float8) IS
'regularizer: both';

-- Making, compiling and looking at models.

CREATE FUNCTION nnet.create_model(name pg_catalog.text, VARIADIC layers pg_catalog.jsonb[])
RETURNS pg_catalog.regclass
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_create_model';
COMMENT ON FUNCTION nnet.create_model(pg_catalog.text, pg_catalog.jsonb[]) IS
'create a table that holds a neural network of these layers, with initial weights';

CREATE FUNCTION nnet.copy_model(model pg_catalog.regclass, name pg_catalog.text)
RETURNS pg_catalog.regclass
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_copy_model';
COMMENT ON FUNCTION nnet.copy_model(pg_catalog.regclass, pg_catalog.text) IS
'create a model with the same layers, weights and state of training';

-- Only one of the two may default the optimizer, or a call without it would be ambiguous.
CREATE FUNCTION nnet.compile(
    model pg_catalog.regclass, loss pg_catalog.text,
    optimizer pg_catalog.jsonb DEFAULT nnet.adam(),
    metrics "any" DEFAULT '{}'::pg_catalog.text[], labels pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.void
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000 AS 'MODULE_PATHNAME', 'nnet_compile';
COMMENT ON FUNCTION nnet.compile(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.jsonb, "any", pg_catalog.text[]) IS
'choose loss, optimizer, metrics (one name or an array) and the labels of the classes (by default those there are); the weights stay, the optimizer begins anew';

CREATE FUNCTION nnet.compile(
    model pg_catalog.regclass, loss pg_catalog.text, optimizer pg_catalog.text,
    metrics "any" DEFAULT '{}'::pg_catalog.text[], labels pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.void
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000 AS 'MODULE_PATHNAME', 'nnet_compile_by_name';
COMMENT ON FUNCTION nnet.compile(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.text, "any", pg_catalog.text[]) IS
'choose loss, optimizer by its name, metrics and labels';

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

CREATE FUNCTION nnet.history(
    model pg_catalog.regclass,
    OUT epoch pg_catalog.int4, OUT loss pg_catalog.float8, OUT val_loss pg_catalog.float8,
    OUT metrics pg_catalog.jsonb, OUT samples pg_catalog.int8, OUT seconds pg_catalog.float8,
    OUT learning_rate pg_catalog.float8)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 100 AS 'MODULE_PATHNAME', 'nnet_history';
COMMENT ON FUNCTION nnet.history(pg_catalog.regclass) IS
'the epochs a model was trained, over its whole life';

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

-- Training and evaluation: nnet.options, nnet.fit, nnet.evaluate.

CREATE FUNCTION nnet.options(
    epochs integer DEFAULT 1,
    batch_size integer DEFAULT 32,
    validation_split double precision DEFAULT 0,
    shuffle boolean DEFAULT true,
    seed bigint DEFAULT NULL,
    verbose boolean DEFAULT false)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_options'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.options(integer, integer, double precision, boolean, bigint, boolean) IS
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

CREATE FUNCTION nnet.evaluate_transition(internal, regclass, "any", "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_evaluate_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.evaluate_transition(internal, regclass, "any", "any") IS
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

CREATE FUNCTION nnet.predict_batch(model regclass, x "any")
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_predict_batch'
LANGUAGE C WINDOW STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.predict_batch(regclass, "any") IS
'outputs of a model for the inputs x, many rows at a time: a window function';

-- Arithmetic on models: nnet.average.

CREATE FUNCTION nnet.average_transition(internal, real[])
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_average_transition'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_transition(internal, real[]) IS
'implementation of nnet.average()';

CREATE FUNCTION nnet.average_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_average_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_combine(internal, internal) IS
'implementation of nnet.average()';

CREATE FUNCTION nnet.average_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_average_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_serialize(internal) IS
'implementation of nnet.average()';

CREATE FUNCTION nnet.average_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_average_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_deserialize(bytea, internal) IS
'implementation of nnet.average()';

CREATE FUNCTION nnet.average_final(internal)
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_average_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_final(internal) IS
'implementation of nnet.average()';

CREATE AGGREGATE nnet.average(real[]) (
    SFUNC = nnet.average_transition,
    STYPE = internal,
    SSPACE = 65536,
    FINALFUNC = nnet.average_final,
    COMBINEFUNC = nnet.average_combine,
    SERIALFUNC = nnet.average_serialize,
    DESERIALFUNC = nnet.average_deserialize,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.average(real[]) IS
'average of arrays, element by element';

-- Generative adversarial networks: nnet.gan_options, nnet.fit_gan, nnet.generate.

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
    condition integer DEFAULT 0)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_gan_options'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.gan_options(integer, integer, boolean, bigint, boolean, text, integer, double precision, text, double precision, integer) IS
'options of an adversarial training, for nnet.fit_gan()';

CREATE FUNCTION nnet.fit_gan_transition(internal, regclass, regclass, "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_gan_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_gan_transition(internal, regclass, regclass, "any") IS
'implementation of nnet.fit_gan()';

CREATE FUNCTION nnet.fit_gan_transition(internal, regclass, regclass, "any", jsonb)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_gan_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_gan_transition(internal, regclass, regclass, "any", jsonb) IS
'implementation of nnet.fit_gan()';

CREATE FUNCTION nnet.fit_gan_final(internal)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_fit_gan_final'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_gan_final(internal) IS
'implementation of nnet.fit_gan()';

CREATE AGGREGATE nnet.fit_gan(generator regclass, discriminator regclass, x "any") (
    SFUNC = nnet.fit_gan_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_gan_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit_gan(regclass, regclass, "any") IS
'train a generator and a discriminator against each other on rows of data x';

CREATE AGGREGATE nnet.fit_gan(generator regclass, discriminator regclass, x "any", options jsonb) (
    SFUNC = nnet.fit_gan_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_gan_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit_gan(regclass, regclass, "any", jsonb) IS
'train a generator and a discriminator against each other on rows of data x, with options';

-- Without a seed it draws one from random(), which is parallel restricted.
CREATE FUNCTION nnet.generate(
    generator regclass, n integer, seed bigint DEFAULT NULL, condition real[] DEFAULT NULL)
RETURNS SETOF real[]
AS 'MODULE_PATHNAME', 'nnet_generate'
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 100 ROWS 100;
COMMENT ON FUNCTION nnet.generate(regclass, integer, bigint, real[]) IS
'n rows of new data, made by a generator from noise, and from a condition if it was trained with one';

-- Pictures: nnet.png, nnet.png_grid.

CREATE FUNCTION nnet.png(
    pixels "any",
    height pg_catalog.int4,
    width pg_catalog.int4,
    channels pg_catalog.int4 DEFAULT 1,
    low pg_catalog.float8 DEFAULT 0,
    high pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.bytea
AS 'MODULE_PATHNAME', 'nnet_png'
LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.png("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.float8) IS
'a picture in a PNG file; low is black, high is white: 1 unless given, of bytea 255';

CREATE FUNCTION nnet.png_grid_transition(
    internal, "any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_png_grid_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.png_grid_transition(internal, "any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4) IS
'implementation of nnet.png_grid()';

CREATE FUNCTION nnet.png_grid_transition(
    internal, "any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4,
    pg_catalog.float8, pg_catalog.float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_png_grid_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.png_grid_transition(internal, "any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.float8) IS
'implementation of nnet.png_grid()';

CREATE FUNCTION nnet.png_grid_final(internal)
RETURNS pg_catalog.bytea
AS 'MODULE_PATHNAME', 'nnet_png_grid_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.png_grid_final(internal) IS
'implementation of nnet.png_grid()';

CREATE AGGREGATE nnet.png_grid(
    pixels "any", height pg_catalog.int4, width pg_catalog.int4,
    channels pg_catalog.int4, columns pg_catalog.int4) (
    SFUNC = nnet.png_grid_transition,
    STYPE = internal,
    FINALFUNC = nnet.png_grid_final,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.png_grid("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4) IS
'pictures of one size on a sheet, in a PNG file; 0 is black, 1 is white, of bytea 255';

CREATE AGGREGATE nnet.png_grid(
    pixels "any", height pg_catalog.int4, width pg_catalog.int4,
    channels pg_catalog.int4, columns pg_catalog.int4,
    low pg_catalog.float8, high pg_catalog.float8) (
    SFUNC = nnet.png_grid_transition,
    STYPE = internal,
    FINALFUNC = nnet.png_grid_final,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.png_grid("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.float8) IS
'pictures of one size on a sheet, in a PNG file; low is black, high is white';

-- Texts: a layer that makes token ids of them, its vocabulary, and texts from models.

CREATE FUNCTION nnet.text_vectorization(
    max_tokens pg_catalog.int4 DEFAULT NULL,
    standardize pg_catalog.text DEFAULT 'lower_and_strip_punctuation',
    split pg_catalog.text DEFAULT 'whitespace',
    output_sequence_length pg_catalog.int4 DEFAULT NULL,
    vocabulary pg_catalog.text[] DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.text_vectorization(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text[],
    pg_catalog.text) IS
'layer: texts as ids of their words or characters, by a vocabulary learned from the rows of the first fit unless given';

CREATE FUNCTION nnet.vocabulary(
    model pg_catalog.regclass,
    OUT id pg_catalog.int4, OUT token pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000 AS 'MODULE_PATHNAME', 'nnet_vocabulary';
COMMENT ON FUNCTION nnet.vocabulary(pg_catalog.regclass) IS
'the tokens that a model for texts knows, by their ids';

CREATE FUNCTION nnet.generate_text(
    model pg_catalog.regclass, prompt pg_catalog.text, length pg_catalog.int4,
    temperature pg_catalog.float8 DEFAULT 1.0, seed pg_catalog.int8 DEFAULT NULL,
    steps pg_catalog.int4 DEFAULT NULL)
RETURNS pg_catalog.text
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 10000 AS 'MODULE_PATHNAME', 'nnet_generate_text';
COMMENT ON FUNCTION nnet.generate_text(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.int4, pg_catalog.float8, pg_catalog.int8,
    pg_catalog.int4) IS
'the tokens with which a model of the next token goes on from a prompt';

-- Time series: several steps ahead.

CREATE FUNCTION nnet.forecast(
    model pg_catalog.regclass, history "any", steps pg_catalog.int4)
RETURNS pg_catalog.float4[]
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'nnet_forecast';
COMMENT ON FUNCTION nnet.forecast(pg_catalog.regclass, "any", pg_catalog.int4) IS
'the values that follow a series, each prediction being fed back to the model; of a model that predicts at each step, the last';
