-- Convolutional layers in SQL: constructors, shapes, refusals, training.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_convolution CASCADE;
CREATE SCHEMA test_convolution;
SET search_path = test_convolution;
RESET client_min_messages;

-- an error as one line a part: SQLSTATE and message, hint
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; hint text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
END $$;

-- ---- constructors: Keras's defaults, one size or one a dimension ----

SELECT nnet.conv2d(32, 3) = nnet.conv2d(filters => 32, kernel_size => 3, strides => 1, padding => 'valid',
    dilation_rate => 1, groups => 1, activation => 'linear', use_bias => true,
    kernel_initializer => 'glorot_uniform'::text, bias_initializer => 'zeros'::text);
SELECT nnet.conv2d(8, ARRAY[3, 5], strides => '{2,1}') ->> 'kernel_size',
       nnet.conv2d(8, '{3,5}', strides => '{2,1}') ->> 'strides';
SELECT nnet.max_pooling2d() ->> 'pool_size', nnet.max_pooling2d('{2,3}') ->> 'pool_size',
       nnet.max_pooling2d(2) ? 'strides';
SELECT nnet.zero_padding2d('{{1,0},{2,3}}') ->> 'padding', nnet.cropping2d(1) ->> 'cropping';
SELECT nnet.random_translation(0.1, '{-0.1,0.2}') ->> 'width_factor', nnet.random_flip() ->> 'mode';
SELECT pg_temp.fails($$SELECT nnet.conv2d(8, '{3,3,3}')$$);
SELECT pg_temp.fails($$SELECT nnet.conv2d(8, 3, padding => 'full')$$);
SELECT pg_temp.fails($$SELECT nnet.conv1d(8, 0)$$);
SELECT pg_temp.fails($$SELECT nnet.zero_padding2d('{1,2,3}')$$);
SELECT pg_temp.fails($$SELECT nnet.zero_padding2d('{{1,2,3},{1,2,3}}')$$);
SELECT pg_temp.fails($$SELECT nnet.upsampling2d(interpolation => 'cubic')$$);
SELECT pg_temp.fails($$SELECT nnet.random_flip('diagonal')$$);

-- ---- shapes ----

SELECT nnet.create_model('classic', nnet.input(28, 28, 1), nnet.rescaling(1.0 / 255),
    nnet.conv2d(32, 3, activation => 'relu'), nnet.max_pooling2d(2),
    nnet.conv2d(64, 3, activation => 'relu'), nnet.max_pooling2d(2),
    nnet.flatten(), nnet.dense(64, activation => 'relu'), nnet.dense(10, activation => 'softmax'));
SELECT * FROM nnet.summary('classic');
SELECT layer, name, parameter, shape FROM nnet.parameters('classic');

SELECT nnet.create_model('every', nnet.input(20, 20, 4),
    nnet.random_flip('horizontal'), nnet.random_translation(0.1, 0.1),
    nnet.zero_padding2d('{{1,0},{2,2}}'), nnet.cropping2d('{0,1}'),
    nnet.conv2d(8, '{3,5}', strides => 2, padding => 'same', groups => 2),
    nnet.spatial_dropout2d(0.1), nnet.depthwise_conv2d(3, depth_multiplier => 2),
    nnet.separable_conv2d(6, 3, padding => 'same'), nnet.upsampling2d('{1,2}', 'bilinear'),
    nnet.conv2d_transpose(5, 3, strides => 2, padding => 'same', output_padding => 1),
    nnet.average_pooling2d('{4,3}', padding => 'same'), nnet.global_max_pooling2d());
SELECT name, output_shape, parameters FROM nnet.summary('every');
SELECT name, parameter, shape FROM nnet.parameters('every');

SELECT nnet.create_model('signal', nnet.input(NULL, 3),
    nnet.conv1d(8, 3, padding => 'causal', dilation_rate => 2, activation => 'relu'), nnet.max_pooling1d(2),
    nnet.conv1d_transpose(4, 2, strides => 2), nnet.average_pooling1d(2, strides => 1),
    nnet.spatial_dropout1d(0.1), nnet.global_average_pooling1d(), nnet.dense(1));
SELECT name, output_shape FROM nnet.summary('signal');
-- any number of steps, one answer
SELECT cardinality(nnet.predict('signal', array_fill(0.5::real, ARRAY[n, 3]))) FROM generate_series(5, 25, 10) n;

-- ---- shapes that do not fit ----

SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(28, 28), nnet.conv2d(8, 3))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(4, 5, 1), nnet.conv2d(8, 5, name => 'wide'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(8, 8, 1), nnet.conv2d(8, 5, dilation_rate => 2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(8, 8, 3), nnet.conv2d(8, 3, groups => 2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(8, 8, 2), nnet.conv2d(7, 3, groups => 2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3, 3, 2), nnet.max_pooling2d(2), nnet.max_pooling2d(2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3, 3, 2), nnet.cropping2d(2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3, 3, 2), nnet.conv1d(4, 2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(NULL, 3, 2), nnet.conv2d(4, 2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3, 3, 2), nnet.conv2d_transpose(4, 3, output_padding => 1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6, 6, 2), nnet.conv2d(4, 3, name => 'a'),
    nnet.conv2d(4, 3, inputs => '{input}', padding => 'same', name => 'b'), nnet.add('{a,b}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(4, 4, 1), nnet.conv2d(1, 1048576, padding => 'same'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(1000, 1000, 1), nnet.conv2d_transpose(1, 3, strides => 1000000))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(1000, 1000, 1), nnet.upsampling2d(1000000))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(4, 4, 2), nnet.depthwise_conv2d(3, depth_multiplier => 1000000))$$);
-- too few steps are refused when they come
SELECT nnet.create_model('steps', nnet.input(NULL, 1), nnet.conv1d(2, 4), nnet.global_max_pooling1d());
SELECT pg_temp.fails($$SELECT nnet.predict('steps', '{1,2,3}'::real[])$$);

-- ---- a residual block learns whether the bright half is left or right ----

SELECT setseed(0.5);
SELECT nnet.create_model('resnet', nnet.input(8, 8, 1),
    nnet.rescaling(1.0 / 255),
    nnet.conv2d(8, 3, padding => 'same', use_bias => false),
    nnet.batch_normalization(momentum => 0.8), nnet.activation('relu', name => 'stem'),
    nnet.conv2d(16, 3, strides => 2, padding => 'same', use_bias => false),
    nnet.batch_normalization(momentum => 0.8), nnet.activation('relu'),
    nnet.conv2d(16, 3, padding => 'same', use_bias => false),
    nnet.batch_normalization(momentum => 0.8, name => 'long'),
    nnet.conv2d(16, 1, strides => 2, use_bias => false, inputs => '{stem}'),
    nnet.batch_normalization(momentum => 0.8, name => 'short'),
    nnet.add('{long,short}'), nnet.activation('relu'),
    nnet.global_average_pooling2d(), nnet.dense(2, activation => 'softmax'));
SELECT * FROM nnet.summary('resnet');

CREATE TABLE pictures AS
SELECT n AS id, CASE n % 2 WHEN 0 THEN 'left' ELSE 'right' END AS side,
       string_agg(set_byte('\x00', 0, (hashint4(n * 64 + i) & 127) + CASE WHEN (i % 8 < 4) = (n % 2 = 0) THEN 100 ELSE 0 END),
                  '' ORDER BY i) AS pixels
FROM generate_series(1, 240) n, generate_series(0, 63) i GROUP BY n;
SELECT nnet.compile('resnet', 'sparse_categorical_crossentropy', nnet.adam(0.01), '{accuracy}');
SELECT (nnet.fit('resnet', pixels, side, nnet.options(epochs => 6, seed => 1)) ->> 'accuracy')::real > 0.9
FROM pictures WHERE id <= 200;
SELECT (nnet.evaluate('resnet', pixels, side) ->> 'accuracy')::real > 0.9 FROM pictures WHERE id > 200;
SELECT bool_and(nnet.classify('resnet', pixels) = side) FROM pictures WHERE id > 230;

-- ---- augmentation is for training alone; a seed repeats it ----

SELECT nnet.create_model('augmented', nnet.input(8, 8, 1), nnet.random_flip('vertical'),
    nnet.random_translation(0.2, 0.2), nnet.conv2d(4, 3, activation => 'relu'),
    nnet.spatial_dropout2d(0.2), nnet.global_max_pooling2d(), nnet.dense(1));
SELECT nnet.compile('augmented', 'mse', nnet.sgd(0.0001));
SELECT nnet.copy_model('augmented', 'again');
SELECT nnet.predict('augmented', pixels) = nnet.predict('augmented', pixels) FROM pictures WHERE id = 1;
SELECT (nnet.fit('augmented', pixels, id, nnet.options(epochs => 2, seed => 7)) ->> 'steps')::integer FROM pictures WHERE id <= 64;
SELECT (nnet.fit('again', pixels, id, nnet.options(epochs => 2, seed => 7)) ->> 'steps')::integer FROM pictures WHERE id <= 64;
SELECT bool_and(a.weights IS NOT DISTINCT FROM b.weights) FROM augmented a JOIN again b USING (layer, part) WHERE layer >= 0;
SELECT bool_and(abs(p[1] - b[1]) <= 1e-4 * (1 + abs(p[1])))
FROM (SELECT nnet.predict('augmented', pixels) AS p, nnet.predict_batch('augmented', pixels) OVER () AS b FROM pictures) r;

SET client_min_messages = warning;
DROP SCHEMA test_convolution CASCADE;
