-- Constructors of layers for sequences (see 20-layers.sql).

-- ---- what comes before recurrent layers ----

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
