-- Layers of volumes and signals, of images' size, and changes of images at random:
-- constructors, refusals, and models of them that train and predict.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_volumes CASCADE;
CREATE SCHEMA test_volumes;
SET search_path = test_volumes;
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
-- the same of a model of one layer after an input of that shape; and the shape that comes out
CREATE FUNCTION pg_temp.refused(shape text, layer text) RETURNS SETOF text LANGUAGE sql AS
    $$ SELECT pg_temp.fails(format('SELECT nnet.create_model(''refused'', nnet.input(%s), %s)', shape, layer)) $$;
CREATE FUNCTION pg_temp.shape(shape text, layer text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE format('SELECT nnet.create_model(''shaped'', nnet.input(%s), %s)', shape, layer);
    SELECT format('%s, %s parameters', output_shape, parameters) INTO result FROM nnet.summary('shaped') s WHERE s.layer = 1;
    DROP TABLE shaped;
    RETURN result;
END $$;

-- ---- volumes and signals: shapes ----

SELECT layer, pg_temp.shape('8, 6, 4, 2', layer) FROM unnest(ARRAY[
    'nnet.conv3d(5, 3)', 'nnet.conv3d(4, ''{1,2,3}'', strides => 2, padding => ''same'', groups => 2)',
    'nnet.conv3d_transpose(5, 2, strides => ''{2,1,1}'')', 'nnet.max_pooling3d()', 'nnet.average_pooling3d(''{1,2,2}'')',
    'nnet.global_max_pooling3d()', 'nnet.global_average_pooling3d(true)', 'nnet.zero_padding3d()',
    'nnet.zero_padding3d(''{{1,0},{2,2},{0,3}}'')', 'nnet.cropping3d(''{2,1,0}'')', 'nnet.upsampling3d(''{1,2,3}'')',
    'nnet.adaptive_max_pooling3d(2)', 'nnet.adaptive_average_pooling3d(''{3,2,1}'')', 'nnet.spatial_dropout3d(0.5)']) layer;
SELECT layer, pg_temp.shape('9, 4', layer) FROM unnest(ARRAY[
    'nnet.depthwise_conv1d(3, depth_multiplier => 2)', 'nnet.separable_conv1d(5, 3, padding => ''same'')', 'nnet.zero_padding1d()',
    'nnet.zero_padding1d(''{0,3}'')', 'nnet.cropping1d(''{2,1}'')', 'nnet.upsampling1d(3)', 'nnet.adaptive_max_pooling1d(4)',
    'nnet.adaptive_average_pooling1d(2)']) layer;
SELECT layer, pg_temp.shape('NULL, 4', layer) FROM unnest(ARRAY[
    'nnet.depthwise_conv1d(3)', 'nnet.separable_conv1d(5, 3)', 'nnet.zero_padding1d()', 'nnet.cropping1d()', 'nnet.upsampling1d()']) layer;

-- ---- images: shapes ----

SELECT layer, pg_temp.shape('9, 8, 3', layer) FROM unnest(ARRAY[
    'nnet.resizing(4, 5)', 'nnet.resizing(4, 5, ''lanczos3'', antialias => true)', 'nnet.resizing(12, 5, pad_to_aspect_ratio => true, fill_value => 1)',
    'nnet.center_crop(4, 5)', 'nnet.center_crop(12, 5)', 'nnet.random_crop(4, 5, seed => 7)', 'nnet.random_rotation(0.1)',
    'nnet.random_zoom(''{-0.2,0.3}'', 0.1, ''constant'')', 'nnet.random_shear(0.1, 0.2)', 'nnet.random_brightness(0.2)',
    'nnet.random_contrast(0.2, ''{0,1}'')', 'nnet.random_invert()', 'nnet.random_grayscale()', 'nnet.random_saturation(''{0.4,0.6}'')',
    'nnet.random_hue(0.1)', 'nnet.random_erasing(fill_value => ''{1,2,3}'')', 'nnet.upsampling2d(2, ''bicubic'')',
    'nnet.adaptive_max_pooling2d(''{2,3}'')', 'nnet.adaptive_average_pooling2d(3)']) layer;
SELECT nnet.random_contrast(0.2), nnet.random_erasing();

-- ---- refusals ----

SELECT pg_temp.refused('8, 6, 4', 'nnet.conv3d(5, 3)');
SELECT pg_temp.refused('NULL, 6, 4, 2', 'nnet.max_pooling3d()');
SELECT pg_temp.refused('2, 6, 4, 2', 'nnet.conv3d(5, 3)');
SELECT pg_temp.refused('8, 6, 4, 2', 'nnet.conv3d(5, 3, groups => 2)');
SELECT pg_temp.refused('8, 6, 4, 2', 'nnet.cropping3d(4)');
SELECT pg_temp.refused('4, 2', 'nnet.cropping1d(2)');
SELECT pg_temp.refused('NULL, 2', 'nnet.adaptive_max_pooling1d(2)');
SELECT pg_temp.refused('1000, 1000, 3', 'nnet.upsampling2d(1000000)');
SELECT pg_temp.refused('9, 8, 3', 'nnet.resizing(4, 5, crop_to_aspect_ratio => true, pad_to_aspect_ratio => true)');
SELECT pg_temp.refused('9, 8, 1', 'nnet.random_hue(0.1)');
SELECT pg_temp.refused('9, 8, 1', 'nnet.random_erasing(fill_value => ''{1,2,3}'')');
SELECT pg_temp.refused('9, 8', 'nnet.center_crop(4, 5)');
SELECT pg_temp.fails('SELECT nnet.resizing(4, NULL)');
SELECT pg_temp.fails('SELECT nnet.resizing(4, 5, ''cubic'')');
SELECT pg_temp.fails('SELECT nnet.resizing(4, 5, fill_mode => ''wrap'')');
SELECT pg_temp.fails('SELECT nnet.random_zoom(-2)');
SELECT pg_temp.fails('SELECT nnet.random_rotation(2)');
SELECT pg_temp.refused('9, 8, 3', 'nnet.random_brightness(0.1, 3)');
SELECT pg_temp.refused('9, 8, 3', 'nnet.random_erasing(value_range => 3)');
SELECT pg_temp.fails('SELECT nnet.zero_padding1d(''{1,2,3}'')');
SELECT pg_temp.fails('SELECT nnet.zero_padding3d(''{1,2}'')');
SELECT pg_temp.fails('SELECT nnet.conv3d(2, ''{1,2}'')');

-- ---- models of them ----

CREATE TABLE rows AS
SELECT i, ARRAY(SELECT (0.5 + 0.5 * sin(i * k))::real FROM generate_series(1, 192) k) AS x, i % 3 AS y FROM generate_series(1, 40) i;
SELECT setseed(0.5);
SELECT nnet.create_model('volumes', nnet.input(4, 4, 4, 3), nnet.zero_padding3d(), nnet.conv3d(4, 3, activation => 'relu'),
    nnet.spatial_dropout3d(0.1), nnet.max_pooling3d(), nnet.upsampling3d(), nnet.conv3d_transpose(4, 2, activation => 'relu'),
    nnet.adaptive_average_pooling3d(3), nnet.average_pooling3d(2, strides => 1), nnet.cropping3d('{{0,0},{0,0},{0,1}}'),
    nnet.global_average_pooling3d(), nnet.dense(3, activation => 'softmax'));
SELECT nnet.create_model('pictures', nnet.input(8, 8, 3), nnet.random_crop(7, 7), nnet.random_rotation(0.05), nnet.random_zoom(0.1),
    nnet.random_shear(0.1), nnet.random_brightness(0.1, '{0,1}'), nnet.random_contrast(0.1, '{0,1}'), nnet.random_saturation('{0.4,0.6}', '{0,1}'),
    nnet.random_hue(0.1, '{0,1}'), nnet.random_grayscale(0.1), nnet.random_invert(0.1, '{0,1}'), nnet.random_erasing(0.5, value_range => '{0,1}'),
    nnet.resizing(6, 6, 'bicubic'), nnet.center_crop(5, 5), nnet.conv2d(4, 3, activation => 'relu'), nnet.adaptive_max_pooling2d(2),
    nnet.flatten(), nnet.dense(3, activation => 'softmax'));
SELECT nnet.create_model('signals', nnet.input(64, 3), nnet.zero_padding1d(), nnet.separable_conv1d(4, 3, activation => 'relu'),
    nnet.upsampling1d(), nnet.depthwise_conv1d(3, activation => 'relu'), nnet.cropping1d(), nnet.adaptive_average_pooling1d(4),
    nnet.flatten(), nnet.dense(3, activation => 'softmax'));
SELECT nnet.copy_model(m::regclass, m || '_too') FROM unnest('{volumes,pictures,signals}'::text[]) m;
SELECT nnet.compile(m::regclass, 'sparse_categorical_crossentropy', nnet.adam(0.01))
FROM unnest('{volumes,pictures,signals,volumes_too,pictures_too,signals_too}'::text[]) m;
-- a seed gives the same again
SELECT m, nnet.fit(m::regclass, x, y, nnet.options(epochs => 5, seed => 3, verbose => false) ORDER BY i) ->> 'epochs' AS epochs
FROM rows, unnest('{volumes,pictures,signals,volumes_too,pictures_too,signals_too}'::text[]) m GROUP BY m ORDER BY m;
SELECT (SELECT count(*) FROM (TABLE volumes EXCEPT TABLE volumes_too) d WHERE layer >= 0) AS volumes,
    (SELECT count(*) FROM (TABLE pictures EXCEPT TABLE pictures_too) d WHERE layer >= 0) AS pictures,
    (SELECT count(*) FROM (TABLE signals EXCEPT TABLE signals_too) d WHERE layer >= 0) AS signals;
-- predictions draw nothing, alone or in batches
SELECT m, count(*) FILTER (WHERE a <> b OR abs(a - c) > 1e-5) AS differ FROM unnest('{volumes,pictures,signals}'::text[]) m,
    LATERAL (SELECT nnet.predict(m::regclass, x) AS p, nnet.predict(m::regclass, x) AS again, nnet.predict_batch(m::regclass, x) OVER () AS q FROM rows) r,
    unnest(p, again, q) u(a, b, c) GROUP BY m ORDER BY m;

-- ---- rows of any length: the same alone and together ----

SELECT nnet.create_model('lengths', nnet.input(NULL, 2), nnet.zero_padding1d('{1,2}'), nnet.separable_conv1d(3, 2, activation => 'tanh'),
    nnet.upsampling1d(), nnet.depthwise_conv1d(3, strides => 2, padding => 'same', activation => 'tanh'), nnet.cropping1d(), nnet.lstm(3));
SELECT count(*) AS differ FROM (SELECT nnet.predict('lengths', x) AS p, nnet.predict_batch('lengths', x) OVER () AS q
    FROM (SELECT array_fill(0.5::real, ARRAY[n, 2]) AS x FROM generate_series(1, 9) n) r) r, unnest(p, q) u(a, b) WHERE abs(a - b) > 1e-6;

SET client_min_messages = warning;
DROP SCHEMA test_volumes CASCADE;
