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

CREATE FUNCTION nnet.spatial_dropout3d(
    rate pg_catalog.float8, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.spatial_dropout3d(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, sets whole channels of a volume to zero at this rate';

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
