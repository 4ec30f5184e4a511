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
'layer: enlarges an image by whole factors; interpolation nearest, bilinear, bicubic, lanczos3, lanczos5 or area';

-- ---- at random, in training only ----

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
