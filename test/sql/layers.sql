-- Constructors: layers, optimizers, schedules, initializers, regularizers.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_layers CASCADE;
CREATE SCHEMA test_layers;
SET search_path = test_layers;
RESET client_min_messages;

-- whether a line of the query's plan matches
CREATE FUNCTION pg_temp.plan_has(query text, pattern text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text;
    found boolean := false;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
        found := found OR line ~ pattern;
    END LOOP;
    RETURN found;
END $$;
-- an error as one line a part: SQLSTATE and message, detail, hint
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text; hint text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF detail <> '' THEN RETURN NEXT 'DETAIL: ' || detail; END IF;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
END $$;


-- ---- layers with their defaults ----

SELECT nnet.input(28, 28, 1), nnet.input(VARIADIC ARRAY[3, 4]), nnet.input(NULL, 12), nnet.input(7);
-- a shape beside a name, however both are written
SELECT nnet.input('{6,3}', 'x'), nnet.input('{NULL,3}', 'x', 'int'), nnet.input('4', 'x');
SELECT bool_and(i = nnet.input('{6,3}', name => 'x')) FROM unnest(ARRAY[nnet.input('{6,3}', 'x'), nnet.input('{6,3}', 'x', NULL), nnet.input('{6,3}'::text, 'x'),
    nnet.input('{6,3}'::varchar, name => 'x'), nnet.input(ARRAY[6, 3], 'x'), nnet.input('[6, 3]'::jsonb, 'x'), nnet.input(shape => '{6,3}', name => 'x')]) AS i;
SELECT nnet.input(6, 'x'::text) = nnet.input('6', 'x'), nnet.input(6, name => 'x') = nnet.input('6', 'x');
SELECT nnet.flatten();
SELECT nnet.rescaling(0.5);
SELECT nnet.normalization();
SELECT nnet.dense(64);
SELECT nnet.activation('relu');
SELECT nnet.leaky_relu();
SELECT nnet.dropout(0.5);
SELECT nnet.batch_normalization();
SELECT nnet.layer_normalization();
SELECT nnet.add('{a,b}'), nnet.multiply('{a,b}'), nnet.concatenate('{a,b}');

-- ---- and with arguments: by place, by name ----

SELECT nnet.dense(10, 'softmax');
SELECT nnet.dense(units => 10, activation => 'selu', use_bias => false, kernel_initializer => 'lecun_normal',
    kernel_regularizer => nnet.l2(0.5), bias_regularizer => nnet.l1_l2(0.25, 0.5),
    name => 'last', inputs => '{"a b",c}', trainable => false);
SELECT nnet.dense(3, kernel_initializer => nnet.random_normal(stddev => 0.125), bias_initializer => nnet.constant(1));
SELECT nnet.dense(3, kernel_initializer => '{"kind": "orthogonal", "gain": 2}');
SELECT nnet.rescaling(1.0 / 255, shift => -1, name => 'pixels');
SELECT nnet.batch_normalization(momentum => 0.5, epsilon => 0.01, center => false, scale => false);
SELECT nnet.batch_normalization(renorm => true, renorm_clipping => '{"rmax": 3, "dmax": 5}', renorm_momentum => 0.9);
-- NULL stands for the default
SELECT nnet.dense(3, activation => NULL, use_bias => NULL);

-- "any": a number, an array, the text of one, a value of another numeric type or a domain
SELECT nnet.reshape(9), nnet.reshape(ARRAY[3, -1]), nnet.reshape('{7,7,64}'), nnet.reshape('9'),
    nnet.reshape(' { 3 , 4 } '), nnet.reshape('{3,4}'::text), nnet.reshape('[3, 4]'),
    nnet.reshape('{3,4}'::int8[]), nnet.reshape('{3,4}'::numeric[]), nnet.reshape(4::smallint);
CREATE DOMAIN size AS int CHECK (VALUE > 0);
SELECT nnet.reshape(4::size);
SELECT nnet.normalization(mean => '{1.5,2}', variance => ARRAY[0.25, 1]), nnet.normalization(-1, 1, 2.5::real);

-- they are constants to the planner
SELECT pg_temp.plan_has($$SELECT nnet.dropout(0.5, name => 'd')$$, 'Output: ''\{"kind": "dropout", "name": "d", "rate": 0.5\}''::jsonb') AS constant;
PREPARE constructor(int) AS SELECT nnet.dense($1)->'units';
EXECUTE constructor(3);
EXECUTE constructor(4);

-- ---- what they refuse ----

SELECT pg_temp.fails('SELECT nnet.dense(0)');
SELECT pg_temp.fails('SELECT nnet.dense(-3)');
SELECT pg_temp.fails('SELECT nnet.dense(1000000000)');
SELECT pg_temp.fails('SELECT nnet.dense(NULL)') LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.dense(3, 'relo')$$) LIMIT 1;
SELECT count(*) FROM pg_temp.fails($$SELECT nnet.dense(3, 'relo')$$) f WHERE f LIKE 'HINT: Valid values are: linear, relu, %softmax%';
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_initializer => 'he')$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_initializer => 3)$$);
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_initializer => now())$$);
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_initializer => nnet.random_normal(stddev => -1))$$);
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_initializer => nnet.random_uniform(2, 1))$$);
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_initializer => '{"kind": "zeros", "x": 1}')$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_initializer => '{"knd": 1}')$$);
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_initializer => '{"kind" 1}')$$);
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_regularizer => '{"l3": 1}')$$);
SELECT pg_temp.fails($$SELECT nnet.dense(3, kernel_regularizer => nnet.l2(-1))$$);
SELECT pg_temp.fails($$SELECT nnet.dense(3, 'relo', name => 'mine')$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.dense(3, unit => 3)$$) LIMIT 1;
SELECT pg_temp.fails('SELECT nnet.input(0)');
SELECT pg_temp.fails('SELECT nnet.input(-2)');
SELECT pg_temp.fails('SELECT nnet.input(1, 2, 3, 4, 5)');
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3, NULL, 3), nnet.dense(1))$$);
SELECT pg_temp.fails('SELECT nnet.input(VARIADIC ''{}'')');
SELECT pg_temp.fails('SELECT nnet.input(VARIADIC NULL)');
SELECT pg_temp.fails('SELECT nnet.dropout(1.5)');
SELECT pg_temp.fails('SELECT nnet.dropout(''NaN'')');
SELECT pg_temp.fails('SELECT nnet.dropout(NULL)');
SELECT pg_temp.fails('SELECT nnet.rescaling(''Infinity'')');
SELECT pg_temp.fails('SELECT nnet.leaky_relu(-1)');
SELECT pg_temp.fails('SELECT nnet.activation(NULL)');
SELECT pg_temp.fails('SELECT nnet.reshape(''{3,x}'')');
SELECT pg_temp.fails('SELECT nnet.reshape(''3x'')');
SELECT pg_temp.fails('SELECT nnet.reshape(''{3,4.5}'')');
SELECT pg_temp.fails('SELECT nnet.reshape(''{1,1,1,1,1}'')');
SELECT pg_temp.fails('SELECT nnet.reshape(''{3,0}'')');
SELECT pg_temp.fails('SELECT nnet.reshape(NULL)');
SELECT pg_temp.fails('SELECT nnet.reshape(point(1, 2))');
SELECT pg_temp.fails('SELECT nnet.batch_normalization(momentum => 2)');
SELECT pg_temp.fails('SELECT nnet.batch_normalization(epsilon => 0)') LIMIT 1;
SELECT pg_temp.fails('SELECT nnet.batch_normalization(renorm_clipping => ''3'')');
SELECT pg_temp.fails('SELECT nnet.batch_normalization(renorm_clipping => ''{"rmean": 3}'')');
SELECT pg_temp.fails('SELECT nnet.batch_normalization(renorm_clipping => ''{"dmax": -1}'')');
SELECT pg_temp.fails('SELECT nnet.batch_normalization(renorm_clipping => ''{"rmin": 3, "rmax": 2}'')');
SELECT pg_temp.fails('SELECT nnet.batch_normalization(renorm_momentum => 2)');
SELECT pg_temp.fails('SELECT nnet.lstm(4, seed => -1)');

-- ---- what does not fit what comes before ----

SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(100000, 100000), nnet.flatten())$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(NULL), nnet.dense(1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(NULL), nnet.activation('softmax'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(NULL, 2), nnet.flatten())$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(NULL, 3, 2), nnet.reshape('{4,2}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(4, 4, 3), nnet.batch_normalization(axis => 1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.normalization(mean => 1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.normalization(variance => 1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.normalization(mean => '{1,2}', variance => '{1,2,3}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.normalization(mean => '{1,2}', variance => '{1,2}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '{"kind": "rescaling", "scale": 1, "shift": 1, "offset": 1}')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.add(array_fill('input'::text, '{65}')))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(1, inputs => '{input,input}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(4), nnet.concatenate('{input,dense}', axis => 2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3, 2), nnet.dense(4), nnet.concatenate('{input,dense}', axis => 1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(16384, 16384), nnet.flatten(), nnet.concatenate('{flatten,flatten}'))$$);

-- ---- optimizers ----

SELECT nnet.adam();
SELECT nnet.adamw();
SELECT nnet.sgd(0.5, momentum => 0.9, nesterov => true, clipnorm => 1);
SELECT nnet.rmsprop(clipvalue => 0.5);
SELECT nnet.adagrad(), nnet.adadelta(), nnet.adamax(), nnet.nadam(), nnet.lion();
SELECT nnet.adam(nnet.cosine_decay(0.5, 100, warmup_target => 1, warmup_steps => 10));
SELECT pg_temp.fails('SELECT nnet.adam(-1)');
SELECT pg_temp.fails('SELECT nnet.adam(''fast'')');
SELECT pg_temp.fails('SELECT nnet.adam(beta_1 => 1)') LIMIT 1;
SELECT pg_temp.fails('SELECT nnet.sgd(momentum => 2)');
SELECT pg_temp.fails('SELECT nnet.adam(clipnorm => 1, clipvalue => 1)');
SELECT pg_temp.fails('SELECT nnet.adam(nnet.dropout(0.5))');
SELECT pg_temp.fails('SELECT nnet.adam(''{"rate": 1}'')');

-- ---- schedules ----

SELECT nnet.exponential_decay(0.5, 100, 0.25);
SELECT nnet.inverse_time_decay(0.5, 100, 0.25, staircase => true);
SELECT nnet.polynomial_decay(0.5, 100);
SELECT nnet.piecewise_constant_decay('{100,200}', '{0.5,0.25,0.125}');
SELECT nnet.cosine_decay_restarts(0.5, 100);
SELECT pg_temp.fails('SELECT nnet.exponential_decay(0.5, 0, 0.25)');
SELECT pg_temp.fails('SELECT nnet.exponential_decay(NULL, 1, 0.25)') LIMIT 1;
SELECT pg_temp.fails('SELECT nnet.piecewise_constant_decay(''{100,200}'', ''{0.5}'')');
SELECT pg_temp.fails('SELECT nnet.piecewise_constant_decay(''{200,100}'', ''{3,2,1}'')');
SELECT pg_temp.fails('SELECT nnet.cosine_decay(0.5, 100, warmup_steps => 10)');

-- ---- initializers and regularizers ----

SELECT nnet.zeros(), nnet.ones(), nnet.constant(2), nnet.random_normal(), nnet.truncated_normal(), nnet.random_uniform();
SELECT nnet.glorot_uniform(), nnet.glorot_normal(), nnet.he_uniform(), nnet.he_normal(), nnet.lecun_uniform(),
    nnet.lecun_normal(), nnet.orthogonal(), nnet.identity();
SELECT nnet.l1(), nnet.l2(0.5), nnet.l1_l2(0.25, 0.5);

-- each initializer reaches the weights
SELECT setseed(0);
SELECT nnet.create_model('values', nnet.input(64),
    nnet.dense(64, kernel_initializer => nnet.constant(2), bias_initializer => nnet.ones()),
    nnet.dense(64, kernel_initializer => nnet.identity(3)),
    nnet.dense(64, kernel_initializer => nnet.random_uniform(1, 2)),
    nnet.dense(64, kernel_initializer => nnet.random_normal(10, 1)),
    nnet.dense(64, kernel_initializer => 'orthogonal'));
SELECT layer, parameter, min(v), max(v) FROM nnet.parameters('values'), unnest(value) v
    WHERE layer = 1 GROUP BY 1, 2 ORDER BY 1, 2 DESC;
SELECT count(*) FILTER (WHERE v = 3), count(*) FILTER (WHERE v = 0) FROM nnet.parameters('values'), unnest(value) v
    WHERE layer = 2 AND parameter = 'kernel';
SELECT min(v) >= 1, max(v) <= 2, abs(avg(v) - 1.5) < 0.02 FROM nnet.parameters('values'), unnest(value) v
    WHERE layer = 3 AND parameter = 'kernel';
SELECT abs(avg(v) - 10) < 0.1, abs(stddev(v) - 1) < 0.05 FROM nnet.parameters('values'), unnest(value) v
    WHERE layer = 4 AND parameter = 'kernel';
WITH k AS (SELECT value FROM nnet.parameters('values') WHERE layer = 5 AND parameter = 'kernel'),
     product AS (SELECT i, j, sum(value[i][n]::float8 * value[j][n]) AS p
         FROM k, generate_series(1, 64) i, generate_series(1, 64) j, generate_series(1, 64) n GROUP BY i, j)
SELECT bool_and(abs(p - (i = j)::int) < 1e-5) FROM product;

SET client_min_messages = warning;
DROP SCHEMA test_layers CASCADE;
