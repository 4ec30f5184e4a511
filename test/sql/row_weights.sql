-- Weights of rows, and rows chosen for validation: fit's and evaluate's last arguments.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
SET max_parallel_workers_per_gather = 0; -- errors tell of the first bad row, which a worker may not have
CREATE SCHEMA test_row_weights;
SET search_path = test_row_weights;

CREATE TABLE rows AS
    SELECT i, ARRAY[sin(i), cos(3 * i)]::real[] AS x, (sin(i) - 2 * cos(3 * i) + 0.1 * sin(77 * i))::real AS y,
           round((1 + sin(5 * i))::numeric, 2) AS w, i % 5 = 2 AS v, CASE WHEN sin(i) > 0.3 THEN 'high' ELSE 'low' END AS label
    FROM generate_series(1, 60) i;
CREATE FUNCTION new_model(name text) RETURNS regclass LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(2), nnet.normalization(), nnet.dense(4, activation => 'tanh'), nnet.dense(1));
    PERFORM nnet.compile(name::regclass, 'mse', nnet.sgd(learning_rate => 0.1), metrics => '{mae}');
    RETURN name::regclass;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v, layer FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;
CREATE FUNCTION close(a float8, b float8) RETURNS boolean LANGUAGE sql AS 'SELECT abs(a - b) < 1e-5 * greatest(abs(b), 1)';

-- ---- weights ----

-- The loss is the sum of the weighted losses over all rows, weight 0 or not; metrics do not weigh.
SELECT new_model('a');
SELECT nnet.fit('a', x, y, nnet.options(epochs => 3, seed => 1, shuffle => false), w) ->> 'steps' AS steps FROM rows;
SELECT close((r ->> 'loss')::float8, loss) AS loss, close((r ->> 'mae')::float8, mae) AS mae, r -> 'samples' AS samples
FROM (SELECT nnet.evaluate('a', x, y, w) AS r, sum(w * d ^ 2) / count(*) AS loss, avg(abs(d)) AS mae
      FROM (SELECT *, (nnet.predict('a', x))[1] - y AS d FROM rows) s) t;
-- the same weights by other types, NULL as 1, a weight of 1 as none
SELECT new_model('b'), new_model('c'), new_model('d'), new_model('e'), new_model('f'), new_model('g');
DO $$
DECLARE o jsonb := nnet.options(epochs => 3, seed => 1, shuffle => false);
BEGIN
    PERFORM nnet.fit('b', x, y, o, w::float8) FROM rows;
    PERFORM nnet.fit('c', x, y, o, w::real) FROM rows;
    PERFORM nnet.fit('d', x, y, o, ARRAY[w]) FROM rows;
    PERFORM nnet.fit('e', x, y, o, CASE WHEN i % 2 = 0 THEN i % 3 END) FROM rows;
    PERFORM nnet.fit('f', x, y, o, coalesce(CASE WHEN i % 2 = 0 THEN i % 3 END, 1)::bigint, NULL) FROM rows;
    PERFORM nnet.fit('g', x, y, o, NULL) FROM rows;
END $$;
SELECT weights('a') = weights('b') AS float8, weights('a') = weights('c') AS real, weights('a') = weights('d') AS array,
       weights('e') = weights('f') AS null_is_1, weights('e') <> weights('a') AS weighs;
SELECT new_model('h');
SELECT nnet.fit('h', x, y, nnet.options(epochs => 3, seed => 1, shuffle => false)) ->> 'steps' AS steps FROM rows;
SELECT weights('h') = weights('g') AS none;
-- one epoch in the order of the rows needs no memory of them, and comes to the same
SELECT nnet.copy_model('a', 'h1'), nnet.copy_model('a', 'h2');
DO $$ BEGIN
    PERFORM nnet.fit('h1', x, y, nnet.options(seed => 1, shuffle => false, batch_size => 7), w) FROM rows;
    PERFORM nnet.fit('h2', x, y, nnet.options(seed => 1, shuffle => false, batch_size => 7), w, false) FROM rows;
END $$;
SELECT weights('h1') = weights('h2') AS streamed;
-- rows of weight 0 train nothing, but a batch of them is a step
CREATE TABLE before AS SELECT weights('a') AS w;
SELECT nnet.fit('a', x, y, nnet.options(epochs => 2, batch_size => 20), 0) - '{seconds,seed,mae}'::text[] AS fit FROM rows;
SELECT weights('a') = w AS unchanged FROM before;

-- evaluate by parallel workers
CREATE TABLE many AS SELECT ARRAY[sin(i), cos(i)]::real[] AS x, sin(i)::real AS y, (i % 7)::real AS w FROM generate_series(1, 20000) i;
ALTER TABLE many SET (parallel_workers = 2);
ANALYZE many;
CREATE TEMPORARY TABLE alone AS SELECT nnet.evaluate('a', x, y, w) AS r FROM many;
BEGIN;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT close((nnet.evaluate('a', x, y, w) ->> 'loss')::float8, (SELECT (r ->> 'loss')::float8 FROM alone)) AS parallel FROM many;
ROLLBACK;

-- for sequences a weight for each step
CREATE TABLE steps AS
    SELECT i, (SELECT array_agg(sin(i * 100 + k)) FROM generate_series(1, n) k)::real[] AS x,
           (SELECT array_agg(cos(i * 100 + k)) FROM generate_series(1, n) k)::real[] AS y,
           (SELECT array_agg((i + k) % 3) FROM generate_series(1, n) k) AS w
    FROM generate_series(1, 30) i, LATERAL (SELECT i % 4 + 1 AS n) s;
SELECT nnet.create_model('s', nnet.input(NULL, 1), nnet.lstm(3, return_sequences => true), nnet.dense(1));
SELECT nnet.compile('s', 'mse', metrics => '{mae}');
SELECT nnet.fit('s', x, y, nnet.options(epochs => 2), w) ->> 'steps' AS steps FROM steps;
SELECT close((nnet.evaluate('s', x, y, w) ->> 'loss')::float8,
             (SELECT sum(w * (p - y) ^ 2) / count(*) FROM (SELECT unnest(nnet.predict('s', x)) AS p, unnest(y) AS y, unnest(w) AS w FROM steps) t)) AS per_step,
       close((nnet.evaluate('s', x, y, i % 3) ->> 'loss')::float8,
             (SELECT sum(i % 3 * (p - y) ^ 2) / count(*) FROM (SELECT i, unnest(nnet.predict('s', x)) AS p, unnest(y) AS y FROM steps) t)) AS per_row
FROM steps;
SELECT nnet.evaluate('s', x, y, '{1,1}') FROM steps WHERE i = 3;
SELECT nnet.evaluate('s', x, y, ARRAY[1]) FROM steps WHERE i = 3;
SELECT nnet.evaluate('s', x, y, ARRAY[1, -1, 1, 0]) FROM steps WHERE i = 3;
SELECT nnet.evaluate('s', x, y, ARRAY[1, NULL, 1, 0]) FROM steps WHERE i = 3;

-- ---- what is no weight ----

SELECT nnet.fit('a', x, y, NULL, 30 - i) FROM rows;
SELECT nnet.fit('a', x, y, NULL, CASE WHEN i = 4 THEN 'NaN' ELSE 1.5 END) FROM rows;
SELECT nnet.fit('a', x, y, NULL, CASE WHEN i = 4 THEN 'Infinity'::float8 ELSE 1.5 END) FROM rows;
SELECT nnet.fit('a', x, y, NULL, 1e300) FROM rows;
SELECT nnet.fit('a', x, y, NULL, ARRAY[1, 2]) FROM rows;
SELECT nnet.fit('a', x, y, NULL, 'heavy'::text) FROM rows;
SELECT nnet.fit('a', x, y, NULL, '\x01'::bytea) FROM rows;
SELECT nnet.fit('a', x, y, NULL, now()) FROM rows;
SELECT nnet.fit('a', x, y, NULL, true, true) FROM rows;
SELECT nnet.evaluate('a', x, y, v) FROM rows;
SELECT nnet.evaluate('a', x, y, i - 2) FROM rows;

-- ---- rows for validation ----

-- wherever they stand: trained as if they were not there, and evaluated
SELECT new_model('i'), new_model('j'), new_model('k');
CREATE TEMPORARY TABLE results AS
    SELECT (SELECT nnet.fit('i', x, y, nnet.options(epochs => 3, seed => 1), v ORDER BY i) FROM rows) AS i,
           (SELECT nnet.fit('j', x, y, nnet.options(epochs => 3, seed => 1) ORDER BY i) FROM rows WHERE NOT v) AS j;
SELECT weights('i') = weights('j') AS as_without, r.i -> 'samples' AS samples, r.i -> 'val_samples' AS val_samples,
       close((r.i ->> 'loss')::float8, (r.j ->> 'loss')::float8) AS loss,
       close((r.i ->> 'val_loss')::float8, (SELECT nnet.evaluate('i', x, y) ->> 'loss' FROM rows WHERE v)::float8) AS val_loss,
       close((r.i ->> 'val_mae')::float8, (SELECT nnet.evaluate('i', x, y) ->> 'mae' FROM rows WHERE v)::float8) AS val_mae
FROM results r;
-- with weights, which count in both; a NULL is for training
SELECT nnet.copy_model('i', 'i1'), nnet.copy_model('i', 'i2');
CREATE TEMPORARY TABLE weighted AS
    SELECT nnet.fit('i1', x, y, nnet.options(epochs => 2, seed => 1), w, CASE WHEN v THEN true WHEN i < 30 THEN false END ORDER BY i) AS r FROM rows;
SELECT nnet.fit('i2', x, y, nnet.options(epochs => 2, seed => 1), w ORDER BY i) ->> 'samples' AS samples FROM rows WHERE NOT v;
SELECT weights('i1') = weights('i2') AS weights, r -> 'val_samples' AS val_samples,
       close((r ->> 'val_loss')::float8, (SELECT nnet.evaluate('i1', x, y, w) ->> 'loss' FROM rows WHERE v)::float8) AS val_loss
FROM weighted;
SELECT epoch, val_loss IS NOT NULL AS validated FROM nnet.history('i1') ORDER BY epoch;
-- the last ones as validation_split holds them back
SELECT nnet.copy_model('i', 'i3'), nnet.copy_model('i', 'i4');
SELECT nnet.fit('i3', x, y, nnet.options(epochs => 2, seed => 1, validation_split => 0.25) ORDER BY i) ->> 'samples' AS samples FROM rows;
SELECT nnet.fit('i4', x, y, nnet.options(epochs => 2, seed => 1), i > 45 ORDER BY i) ->> 'samples' AS samples FROM rows;
SELECT weights('i3') = weights('i4') AS as_split;
-- rows beyond memory, of both sorts
CREATE TABLE wide AS SELECT i, array_fill(sin(i)::real, ARRAY[200]) AS x, cos(i)::real AS y, i % 3 = 0 AS v FROM generate_series(1, 6000) i;
SELECT nnet.create_model('l', nnet.input(200), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('l', 'mse', nnet.sgd(learning_rate => 0.001));
SELECT nnet.copy_model('l', 'l1');
SELECT nnet.fit('l', x, y, nnet.options(shuffle => false), v ORDER BY i) -> 'val_samples' AS val_samples FROM wide;
SET maintenance_work_mem = '1MB';
SELECT nnet.fit('l1', x, y, nnet.options(shuffle => false), v ORDER BY i) -> 'val_samples' AS val_samples FROM wide;
RESET maintenance_work_mem;
SELECT weights('l') = weights('l1') AS in_files;

-- what is learned of the rows: labels (told of), vocabularies, tokens past the end too
SELECT nnet.create_model('n', nnet.input(2), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('n', 'sparse_categorical_crossentropy', metrics => '{accuracy}');
SELECT nnet.fit('n', x, CASE WHEN v AND i > 30 THEN 'seldom' ELSE label END, nnet.options(epochs => 2), v) -> 'val_samples' AS val_samples FROM rows;
SELECT * FROM nnet.labels('n') ORDER BY 1;
SELECT nnet.fit('n', x, label, nnet.options(epochs => 2), i <= 30) -> 'val_samples' AS val_samples FROM rows;
CREATE TABLE texts AS
    SELECT i, CASE WHEN i % 3 = 0 THEN 'strange words here' WHEN i % 3 = 1 THEN 'one two two' ELSE 'two three one one' END AS t, i % 2 AS y
    FROM generate_series(1, 30) i;
SELECT nnet.create_model('o', nnet.input(1), nnet.text_vectorization(output_sequence_length => 2), nnet.embedding(20, 2), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('o', 'mse');
SELECT nnet.fit('o', t, y, nnet.options(epochs => 1), i % 3 = 0) -> 'samples' AS samples FROM texts;
SELECT * FROM nnet.vocabulary('o');

-- ---- what is no choice ----

SELECT nnet.fit('a', x, y, NULL, true) FROM rows;
SELECT nnet.fit('a', x, y, NULL, true) FROM rows WHERE i = 1;
SELECT nnet.fit('a', x, y, nnet.options(validation_split => 0.2), v) FROM rows;
SELECT nnet.fit('a', x, y, nnet.options(validation_split => 0.2), w, NULL) FROM rows;
SELECT nnet.fit('a', x, NULL::real, NULL, v) FROM rows;

SET client_min_messages = warning;
DROP SCHEMA test_row_weights CASCADE;
