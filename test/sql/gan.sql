-- nnet.fit_gan and nnet.generate: options, refusals, what is recorded, and
-- that generated rows look like the real ones; nnet.png and nnet.png_grid.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_gan;
SET search_path = test_gan;
\set SHOW_CONTEXT never

-- options
SELECT nnet.gan_options();
SELECT nnet.gan_options(epochs => 5, seed => 7, noise => 'uniform', discriminator_steps => 3, label_smoothing => 0.1, loss => 'wasserstein', clip => 0.05);
SELECT nnet.gan_options(seed => 9223372036854775807)->'seed' AS seed;
SELECT nnet.gan_options(noise => 'pink');
SELECT nnet.gan_options(loss => 'mse');
SELECT nnet.gan_options(discriminator_steps => 0);
SELECT nnet.gan_options(label_smoothing => 0.5);
SELECT nnet.gan_options(label_smoothing => -0.1);
SELECT nnet.gan_options(clip => -1);
SELECT nnet.gan_options(batch_size => 0);

CREATE TABLE rows AS
    SELECT i, ARRAY[cos(i), sin(i) / 2, cos(i) / 4]::real[] AS x FROM generate_series(1, 1000) i;
CREATE FUNCTION new_pair(loss text DEFAULT 'binary_crossentropy') RETURNS void LANGUAGE plpgsql
SET client_min_messages = warning AS $$
BEGIN
    DROP TABLE IF EXISTS g, d;
    PERFORM setseed(0.25);
    PERFORM nnet.create_model('g', nnet.input(4), nnet.dense(8, activation => 'relu'), nnet.dense(3));
    PERFORM nnet.create_model('d', nnet.input(3), nnet.dense(8, activation => 'leaky_relu'),
        CASE loss WHEN 'binary_crossentropy' THEN nnet.dense(1, activation => 'sigmoid') ELSE nnet.dense(1) END);
    PERFORM nnet.compile('g', loss);
    PERFORM nnet.compile('d', loss);
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v, layer FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;
SELECT new_pair();
CREATE TABLE g_before AS SELECT * FROM g;
CREATE TABLE d_before AS SELECT * FROM d;

-- options that fit_gan refuses
SELECT nnet.fit_gan('g', 'd', x, '{"epoch": 5}') FROM rows;
SELECT nnet.fit_gan('g', 'd', x, '[5]') FROM rows;
SELECT nnet.fit_gan('g', 'd', x, '{"loss": 5}') FROM rows;
SELECT nnet.fit_gan('g', 'd', x, '{"noise": "Normal"}') FROM rows;
SELECT nnet.fit_gan('g', 'd', x, '{"discriminator_steps": 1.5}') FROM rows;
SELECT nnet.fit_gan('g', 'd', x, nnet.options(validation_split => 0.1)) FROM rows;
SELECT nnet.fit_gan('g', 'd', x, nnet.options(class_weight => 'balanced'::text)) FROM rows;
SELECT nnet.fit_gan('g', 'd', x, '{"stratify": true, "best_weights": false, "initial_epoch": 0}') FROM rows;
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(loss => 'wasserstein', label_smoothing => 0.1)) FROM rows;
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(loss => 'wasserstein', clip => 0)) FROM rows;
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(epochs => i)) FROM rows WHERE i < 3;
SELECT nnet.fit_gan('g', 'd', x, CASE WHEN i = 2 THEN NULL ELSE nnet.gan_options() END) FROM rows WHERE i < 3;

-- models that do not fit
SELECT nnet.fit_gan('g', 'g', x) FROM rows;
SELECT nnet.fit_gan('d', 'g', x) FROM rows;
SELECT nnet.fit_gan(NULL, 'd', x) FROM rows;
SELECT nnet.fit_gan('g', NULL, x) FROM rows;
SELECT nnet.fit_gan('g', 'rows', x) FROM rows;
SELECT nnet.fit_gan('nothing', 'd', x) FROM rows;
SELECT nnet.fit_gan(CASE WHEN i < 5 THEN 'g' ELSE 'd' END::regclass, 'd', x) FROM rows;
SELECT nnet.create_model('wide', nnet.input(2, 2), nnet.flatten(), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.fit_gan('g', 'wide', x) FROM rows;
SELECT nnet.compile('wide', 'binary_crossentropy');
SELECT nnet.fit_gan('g', 'wide', x) FROM rows;
SELECT nnet.create_model('two', nnet.input(3), nnet.dense(2, activation => 'sigmoid'));
SELECT nnet.compile('two', 'binary_crossentropy');
SELECT nnet.fit_gan('g', 'two', x) FROM rows;
SELECT nnet.create_model('linear', nnet.input(3), nnet.dense(1));
SELECT nnet.compile('linear', 'binary_crossentropy');
SELECT nnet.fit_gan('g', 'linear', x) FROM rows;
SELECT nnet.compile('linear', 'mae');
SELECT nnet.fit_gan('g', 'linear', x) FROM rows;
SELECT nnet.fit_gan('g', 'linear', x, '{"loss": "least_squares"}')->'steps' AS steps FROM rows;
UPDATE g SET (weights, slots, config) = (SELECT b.weights, b.slots, b.config FROM g_before b WHERE b.layer = g.layer);
SELECT nnet.create_model('learning', nnet.input(3), nnet.normalization(), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('learning', 'binary_crossentropy');
SELECT nnet.fit_gan('g', 'learning', x) FROM rows;
SELECT nnet.create_model('indexes', nnet.input(3), nnet.embedding(5, 2), nnet.flatten(), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('indexes', 'binary_crossentropy');
SELECT nnet.fit_gan('g', 'indexes', x) FROM rows;
SELECT nnet.create_model('wrapped', nnet.input(3), nnet.reshape('{1,3}'), nnet.time_distributed(nnet.embedding(5, 2)), nnet.flatten(), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('wrapped', 'binary_crossentropy');
SELECT nnet.fit_gan('g', 'wrapped', x) FROM rows;
SELECT nnet.create_model('any_steps', nnet.input(NULL, 3), nnet.dense(3));
SELECT nnet.compile('any_steps', 'mse');
SELECT nnet.fit_gan('any_steps', 'd', x) FROM rows;
SELECT nnet.generate('any_steps', 1);

-- rows that do not fit
SELECT nnet.fit_gan('g', 'd', ARRAY[i]) FROM rows;
SELECT nnet.fit_gan('g', 'd', CASE WHEN i = 500 THEN ARRAY[1, NULL, 3]::real[] ELSE x END) FROM rows;
SELECT nnet.fit_gan('g', 'd', CASE WHEN i = 500 THEN ARRAY[1, 'Infinity', 3]::real[] ELSE x END) FROM rows;
SELECT nnet.fit_gan('g', 'd', i::text) FROM rows;
SELECT nnet.fit_gan('g', 'd', x) OVER () FROM rows;
BEGIN READ ONLY;
SELECT nnet.fit_gan('g', 'd', x) FROM rows;
ROLLBACK;

-- privileges on one of the two only
CREATE ROLE regress_gan;
GRANT USAGE ON SCHEMA test_gan TO regress_gan;
GRANT SELECT ON rows TO regress_gan;
GRANT SELECT, UPDATE ON g TO regress_gan;
SET ROLE regress_gan;
SELECT nnet.fit_gan('g', 'd', x) FROM rows;
RESET ROLE;
GRANT SELECT ON d TO regress_gan;
SET ROLE regress_gan;
SELECT nnet.fit_gan('g', 'd', x) FROM rows;
RESET ROLE;
GRANT UPDATE ON d TO regress_gan;
REVOKE UPDATE ON g FROM regress_gan;
SET ROLE regress_gan;
SELECT nnet.fit_gan('g', 'd', x) FROM rows;
SELECT count(*) FROM nnet.generate('g', 3);
RESET ROLE;
GRANT UPDATE ON g TO regress_gan;
SET ROLE regress_gan;
BEGIN;
SELECT nnet.fit_gan('g', 'd', x)->'samples' AS samples FROM rows;
ROLLBACK;
RESET ROLE;
REVOKE ALL ON g, d, rows FROM regress_gan;
REVOKE ALL ON SCHEMA test_gan FROM regress_gan;
DROP ROLE regress_gan;

-- divergence
SELECT nnet.compile('linear', 'mse', nnet.sgd(1e6));
SELECT nnet.fit_gan('g', 'linear', x, nnet.gan_options(seed => 1)) FROM rows;

-- once in a statement
SELECT nnet.fit_gan('g', 'd', x), nnet.fit_gan('g', 'd', x, '{}') FROM rows;
SELECT nnet.fit('d', x, 1), nnet.fit_gan('g', 'd', x) FROM rows;

-- all that changed nothing
SELECT weights('g') = weights('g_before') AS unchanged, weights('d') = weights('d_before') AS unchanged,
    (SELECT config->'history' IS NULL FROM g WHERE layer = -1) AS no_history;

-- no rows, NULLs
SELECT nnet.fit_gan('g', 'd', x) FROM rows WHERE false;
SELECT nnet.fit_gan('g', 'd', NULL::real[]) FROM rows;
SELECT r->'samples' AS samples, r->'steps' AS steps, r->'skipped' AS skipped
FROM (SELECT nnet.fit_gan('g', 'd', CASE WHEN i % 10 > 0 THEN x END, nnet.gan_options(batch_size => 100)) AS r FROM rows) s;

-- what it returns and records
SELECT new_pair();
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(epochs => 3, batch_size => 64, seed => 5, discriminator_steps => 2)) AS r FROM rows \gset
SELECT jsonb_object_agg(key, CASE WHEN key ~ 'loss|accuracy|seconds' THEN to_jsonb(value::float8 >= 0) ELSE value END)
FROM jsonb_each(:'r');
SELECT epoch, loss > 0 AS loss, val_loss, samples, learning_rate,
    (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(metrics) k) AS metrics,
    loss = (metrics->>'generator_loss')::float8 AS own_loss
FROM nnet.history('g');
SELECT epoch, loss = (metrics->>'discriminator_loss')::float8 AS own_loss,
    (metrics->>'discriminator_accuracy')::float8 BETWEEN 0 AND 1 AS accuracy FROM nnet.history('d');
SELECT (SELECT config->'steps' FROM g WHERE layer = -1) AS steps, (SELECT config->'steps' FROM d WHERE layer = -1) AS twice,
    (SELECT config->'noise' FROM g WHERE layer = -1) AS noise;
SELECT weights('g') <> weights('g_before') AS changed, weights('d') <> weights('d_before') AS changed;
-- a model that was trained against another is one like others
SELECT cardinality(nnet.predict('g', '{1,2,3,4}'::real[])), (nnet.predict('d', '{1,2,3}'::real[]))[1] BETWEEN 0 AND 1 AS probability;

-- a seed and an order give the same weights, bit for bit; the notice tells of epochs
CREATE TABLE g_first AS SELECT * FROM g;
SELECT new_pair();
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(epochs => 3, batch_size => 64, seed => 5, discriminator_steps => 2))->'steps' AS steps FROM rows;
SELECT weights('g') = weights('g_first') AS same;
SELECT new_pair();
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(epochs => 3, batch_size => 64, seed => 6, discriminator_steps => 2))->'steps' AS steps FROM rows;
SELECT weights('g') = weights('g_first') AS same;
SELECT new_pair();
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(epochs => 3, batch_size => 64, seed => 5, discriminator_steps => 2, noise => 'uniform'))->'steps' AS steps FROM rows;
SELECT weights('g') = weights('g_first') AS same, (SELECT config->'noise' FROM g WHERE layer = -1) AS noise;

-- kept in a temporary file, on more threads: in their order, alike
CREATE TABLE many AS SELECT i, ARRAY[cos(i), sin(i) / 2, cos(i) / 4]::real[] AS x FROM generate_series(1, 80000) i;
SELECT new_pair();
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(batch_size => 500, seed => 5, shuffle => false))->'steps' AS steps FROM (SELECT * FROM many ORDER BY i) s;
CREATE TABLE g_memory AS SELECT * FROM g;
SET maintenance_work_mem = '1MB';
SELECT new_pair();
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(batch_size => 500, seed => 5, shuffle => false))->'steps' AS steps FROM (SELECT * FROM many ORDER BY i) s;
RESET maintenance_work_mem;
SELECT weights('g') = weights('g_memory') AS same;

-- the other losses
SELECT new_pair('mse');
SELECT nnet.fit_gan('g', 'd', x, nnet.options(epochs => 2)) ? 'discriminator_accuracy' AS accuracy FROM rows;
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(loss => 'wasserstein')) ? 'discriminator_accuracy' AS accuracy FROM rows;
SELECT max(abs(w)) <= 0.010001 AS clipped FROM unnest(weights('d')) w;
SELECT nnet.fit_gan('g', 'd', x, nnet.gan_options(loss => 'wasserstein', clip => 0.5)) ? 'generator_loss' AS t FROM rows;
SELECT max(abs(w)) BETWEEN 0.010001 AND 0.500001 AS clipped FROM unnest(weights('d')) w;

-- generate
SELECT count(*), min(cardinality(r)), max(cardinality(r)) FROM nnet.generate('g', 1000) r;
SELECT count(*) FROM nnet.generate('g', 0);
SELECT count(*) FROM nnet.generate('g', NULL);
SELECT count(*) FROM nnet.generate(NULL, 5);
SELECT nnet.generate('g', -1);
SELECT nnet.generate('rows', 1);
SELECT nnet.generate('nothing', 1);
SELECT array_agg(r ORDER BY n) = (SELECT array_agg(r ORDER BY n) FROM nnet.generate('g', 700, 3) WITH ORDINALITY AS t (r, n) WHERE n <= 300) AS first_rows
FROM nnet.generate('g', 300, 3) WITH ORDINALITY AS t (r, n);
SELECT array_agg(r) = (SELECT array_agg(r) FROM nnet.generate('g', 5, 4) r) AS other_seed FROM nnet.generate('g', 5, 3) r;
SELECT array_agg(r) = (SELECT array_agg(r) FROM nnet.generate('g', 5) r) AS drawn FROM nnet.generate('g', 5) r;
SELECT setseed(0.5);
CREATE TABLE drawn AS SELECT r FROM nnet.generate('g', 5) r;
SELECT setseed(0.5);
SELECT bool_and(r IN (SELECT r FROM drawn)) AS same_stream FROM nnet.generate('g', 5) r;
SELECT cardinality(nnet.generate('g', 1000000)) LIMIT 2;
SELECT count(DISTINCT r) FROM nnet.generate(generator => 'g', seed => 9, n => 50) r;
-- with a condition: the last values of a row, given to both
CREATE TABLE corners AS
    SELECT i % 3 AS k, ARRAY[i % 3 - 1 + sin(i) / 10, (i % 3) / 2.0 + cos(i) / 10, (i % 3 = 0)::int, (i % 3 = 1)::int, (i % 3 = 2)::int]::real[] AS x
    FROM generate_series(1, 3000) i;
SELECT nnet.create_model('corner_g', nnet.input(7), nnet.dense(32, activation => 'relu'), nnet.dense(32, activation => 'relu'), nnet.dense(2)),
    nnet.create_model('corner_d', nnet.input(5), nnet.dense(32, activation => 'leaky_relu'), nnet.dense(32, activation => 'leaky_relu'),
        nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('corner_g', 'binary_crossentropy', nnet.adam(beta_1 => 0.5)), nnet.compile('corner_d', 'binary_crossentropy', nnet.adam(beta_1 => 0.5));
SELECT nnet.fit_gan('corner_g', 'corner_d', x) FROM corners;
SELECT nnet.fit_gan('corner_g', 'corner_d', x, nnet.gan_options(condition => 2)) FROM corners;
SELECT nnet.fit_gan('corner_g', 'corner_d', x, nnet.gan_options(condition => -1)) FROM corners;
SELECT nnet.create_model('no_noise', nnet.input(3), nnet.dense(2));
SELECT nnet.compile('no_noise', 'mse');
SELECT nnet.fit_gan('no_noise', 'corner_d', x, nnet.gan_options(condition => 3)) FROM corners;
SELECT nnet.fit_gan('corner_g', 'corner_d', x, nnet.gan_options(epochs => 30, seed => 1, condition => 3))->'steps' AS steps FROM corners;
SELECT k, abs(avg(r[1]) - (k - 1)) < 0.2 AND abs(avg(r[2]) - k / 2.0) < 0.2 AS there
FROM generate_series(0, 2) k, nnet.generate('corner_g', 300, 1, ARRAY[k = 0, k = 1, k = 2]::int[]::real[]) r GROUP BY k ORDER BY k;
SELECT count(*) FROM nnet.generate('corner_g', 3, condition => '{0,0,1}');
SELECT nnet.generate('corner_g', 3);
SELECT nnet.generate('corner_g', 3, condition => '{0,1}');
SELECT nnet.generate('corner_g', 3, condition => '{0,1,NULL}');
SELECT nnet.generate('g', 3, condition => '{1}');
SELECT nnet.create_model('shaped', nnet.input(5), nnet.dense(12), nnet.reshape('{2,3,2}'));
SELECT array_dims(r) FROM nnet.generate('shaped', 1) r;

-- a ring of eight Gaussians: every mode is found
SELECT setseed(0.5);
CREATE FUNCTION normal() RETURNS float8 LANGUAGE sql VOLATILE AS
    'SELECT sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())';
CREATE TABLE ring AS
    SELECT ARRAY[2 * cos(pi() / 4 * i) + 0.1 * normal(), 2 * sin(pi() / 4 * i) + 0.1 * normal()]::real[] AS x
    FROM generate_series(1, 8000) i;
SELECT nnet.create_model('ring_g', nnet.input(16), nnet.dense(64, activation => 'relu'),
    nnet.dense(64, activation => 'relu'), nnet.dense(2));
SELECT nnet.create_model('ring_d', nnet.input(2), nnet.dense(64, activation => 'leaky_relu'),
    nnet.dense(64, activation => 'leaky_relu'), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('ring_g', 'binary_crossentropy', nnet.adam(beta_1 => 0.5)),
    nnet.compile('ring_d', 'binary_crossentropy', nnet.adam(beta_1 => 0.5));
SELECT nnet.fit_gan('ring_g', 'ring_d', x, nnet.gan_options(epochs => 40, batch_size => 128, seed => 1))->'steps' AS steps FROM ring;
-- of 4000 rows each mode would have 500; it counts as found with 100 within four deviations
SELECT count(*) >= 7 AS modes
FROM (SELECT mode FROM nnet.generate('ring_g', 4000, seed => 1) r, generate_series(0, 7) mode
      WHERE (r[1] - 2 * cos(pi() / 4 * mode)) ^ 2 + (r[2] - 2 * sin(pi() / 4 * mode)) ^ 2 < 0.4 ^ 2
      GROUP BY mode HAVING count(*) >= 100) s;
SELECT avg((sqrt(r[1] ^ 2 + r[2] ^ 2) BETWEEN 1.2 AND 2.8)::int) > 0.7 AS near FROM nnet.generate('ring_g', 4000, seed => 1) r;

-- ten features of three factors: means and covariances are those of the rows
SELECT setseed(0.5);
CREATE TABLE features AS
    SELECT (SELECT array_agg(0.1 * (j - 5) + 0.4 * (f[1] * cos(j) + f[2] * sin(2 * j) + f[3] * cos(3 * j)) + 0.1 * normal() ORDER BY j)::real[]
            FROM generate_series(1, 10) j) AS x
    FROM (SELECT ARRAY[normal(), normal(), normal()] AS f FROM generate_series(1, 8000) OFFSET 0) s;
SELECT nnet.create_model('features_g', nnet.input(16), nnet.dense(64, activation => 'relu'),
    nnet.dense(64, activation => 'relu'), nnet.dense(10));
SELECT nnet.create_model('features_d', nnet.input(10), nnet.dense(64, activation => 'leaky_relu'),
    nnet.dense(64, activation => 'leaky_relu'), nnet.dense(1, activation => 'sigmoid'));
-- rates that fall to 0 end the two models' circling around each other
SELECT nnet.compile('features_g', 'binary_crossentropy', nnet.adam(nnet.cosine_decay(0.001, 60 * 63), beta_1 => 0.5)),
    nnet.compile('features_d', 'binary_crossentropy', nnet.adam(nnet.cosine_decay(0.001, 60 * 63), beta_1 => 0.5));
SELECT nnet.fit_gan('features_g', 'features_d', x, nnet.gan_options(epochs => 60, batch_size => 128, seed => 1))->'steps' AS steps FROM features;
WITH pairs AS (SELECT a, b FROM generate_series(1, 10) a, generate_series(1, 10) b WHERE a <= b),
    real AS (SELECT a, b, avg(x[a]) AS mean, covar_samp(x[a], x[b]) AS covariance FROM features, pairs GROUP BY a, b),
    made AS (SELECT a, b, avg(x[a]) AS mean, covar_samp(x[a], x[b]) AS covariance
             FROM nnet.generate('features_g', 5000, seed => 1) x, pairs GROUP BY a, b)
SELECT max(abs(real.mean - made.mean)) < 0.15 AS means, max(abs(real.covariance - made.covariance)) < 0.08 AS covariances,
    max(abs(real.covariance)) > 0.3 AS correlated
FROM real JOIN made USING (a, b);

-- pictures
SELECT encode(substr(nnet.png('{0,1,1,0}', 2, 2), 1, 8), 'hex') AS signature;
SELECT get_byte(p, 19) AS width, get_byte(p, 23) AS height, get_byte(p, 24) AS bits, get_byte(p, 25) AS colour
FROM nnet.png(array_fill(0.5::real, '{3,5}'), 3, 5) p;
SELECT array_agg(get_byte(nnet.png(array_fill(0.5::real, ARRAY[c]), 1, 1, c), 25)) AS colours FROM generate_series(1, 4) c;
-- the same picture in another range; what is beyond is cut off
SELECT nnet.png('{0,0.5,1,0.25}', 2, 2) = nnet.png('{-1,0,1,-0.5}', 2, 2, low => -1, high => 1) AS same,
    nnet.png('{0,0.5,1,0.25}', 2, 2) = nnet.png('{-7,0.5,9,0.25}', 2, 2) AS cut,
    nnet.png('{0,0.5,1,0.25}', 2, 2) = nnet.png('{0,0.5,1,0.3}', 2, 2) AS other;
-- any type that a model takes; of bytea 255 is white
SELECT nnet.png('\x00ff8040'::bytea, 2, 2) = nnet.png(ARRAY[0, 255, 128, 64], 2, 2, high => 255) AS bytes,
    nnet.png(ARRAY[0, 0.5, 1, 0.25], 2, 2) = nnet.png('{{0,0.5},{1,0.25}}'::float8[], 2, 2) AS numbers,
    nnet.png('\x00ff'::bytea, 1, 2) = nnet.png('\x007f'::bytea, 1, 2, high => 127) AS range;
SELECT nnet.png(NULL::real[], 2, 2) IS NULL AS t, nnet.png('{1}', NULL, 2) IS NULL AS t, nnet.png('{1}', 1, 1, low => NULL) IS NULL AS t;
SELECT nnet.png('{1}', 1, 1, low => 2);
SELECT nnet.png(now(), 1, 1);
SELECT nnet.png('{0,1,1}', 2, 2);
SELECT nnet.png('{}', 2, 2);
SELECT nnet.png('{0,1,1,NULL}', 2, 2);
SELECT nnet.png('{0,1,1,NaN}', 2, 2);
SELECT nnet.png('{0,1,-Infinity,Infinity}', 2, 2);
SELECT nnet.png('{0}', 0, 1);
SELECT nnet.png('{0}', 1, 100000);
SELECT nnet.png('{0}', 60000, 60000);
SELECT nnet.png('{0}', 1, 1, 5);
SELECT nnet.png('{0}', 1, 1, low => 1, high => 1);
SELECT nnet.png('{0}', 1, 1, low => 'NaN');
-- a file larger than what is first made room for: noise, which does not compress
SELECT length(p) > 100000 AS large, encode(substr(p, 1, 8), 'hex') AS begins, encode(substr(p, length(p) - 7), 'hex') AS ends
FROM (SELECT nnet.png(string_agg(decode(md5(i::text), 'hex'), '' ORDER BY i), 160, 320, 3) AS p FROM generate_series(1, 9600) AS i) AS s;
-- sheets: three columns of two rows, two pixels apart
SELECT get_byte(p, 19) AS width, get_byte(p, 23) AS height
FROM (SELECT nnet.png_grid(array_fill(i / 5.0, '{4,6}')::real[], 4, 6, 1, 3) AS p FROM generate_series(1, 5) i) s;
SELECT nnet.png_grid(ARRAY[i]::real[], 1, 1, 1, 2 ORDER BY i) = nnet.png_grid(ARRAY[1 - i]::real[], 1, 1, 1, 2 ORDER BY i DESC) AS ordered,
    nnet.png_grid(ARRAY[i]::real[], 1, 1, 1, 2 ORDER BY i) = nnet.png_grid(ARRAY[i]::real[], 1, 1, 1, 2 ORDER BY i DESC) AS other,
    nnet.png_grid(ARRAY[i]::real[], 1, 1, 1, 2 ORDER BY i) = nnet.png_grid(ARRAY[255 * i]::real[], 1, 1, 1, 2, 0, 255 ORDER BY i) AS range
FROM generate_series(0, 1) i;
SELECT nnet.png_grid('{0.5}', 1, 1, 1, 1) = nnet.png('{0.5}', 1, 1) AS one,
    nnet.png_grid('\x80'::bytea, 1, 1, 1, 1) = nnet.png('\x80'::bytea, 1, 1) AS byte;
SELECT nnet.png_grid(x, 1, 3, 1, 2) IS NULL AS t FROM rows WHERE false;
SELECT nnet.png_grid(CASE WHEN i % 2 = 0 THEN x END, 1, 3, 1, 2) = nnet.png_grid(x, 1, 3, 1, 2) FILTER (WHERE i % 2 = 0) AS passed_over FROM rows WHERE i < 9;
SELECT nnet.png_grid(x, 1, 3, 1, 0) FROM rows;
SELECT nnet.png_grid(x, 1, i, 1, 1) FROM rows WHERE i BETWEEN 3 AND 4;
SELECT nnet.png_grid(x, 1, 3, 1, NULL) FROM rows;
SELECT nnet.png_grid(x, 1, 2, 1, 1) FROM rows;
SELECT nnet.png_grid(array_fill(0::real, '{65535}'), 1, 65535, 1, 16) FROM generate_series(1, 16);
SELECT length(nnet.png_grid(r, 1, 3, 1, 10, -1, 1)) > 0 AS t FROM nnet.generate('g', 500) r;

SET client_min_messages = warning;
DROP SCHEMA test_gan CASCADE;
