-- Constructors of attention, whose inputs are query, value and, unless it is the value, key; and of
-- einsum_dense (see 20-layers.sql).

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
