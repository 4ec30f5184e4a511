-- Optimizers, schedules of the learning rate, initializers and regularizers, as
-- jsonb.  Names and defaults are Keras's.  learning_rate is a number or a schedule.

-- ---- optimizers ----

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

CREATE FUNCTION nnet.variance_scaling(
    scale pg_catalog.float8 DEFAULT 1, mode pg_catalog.text DEFAULT 'fan_in',
    distribution pg_catalog.text DEFAULT 'truncated_normal')
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_kind_spec';
COMMENT ON FUNCTION nnet.variance_scaling(pg_catalog.float8, pg_catalog.text, pg_catalog.text) IS
'initializer: of variance scale / n, n being inputs (fan_in), outputs (fan_out) or their mean (fan_avg); truncated_normal, untruncated_normal or uniform';

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
