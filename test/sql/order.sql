-- The order in which fit and fit_gan take rows, in memory and from a file: each
-- once an epoch, in another order each epoch, by the seed; and how far they move.
--
-- A table of one weight for each row, which starts at 0, and a learning rate that
-- falls at every step: what a weight has become tells when its row came.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_order;
SET search_path = test_order;

CREATE FUNCTION new_model(variable boolean) RETURNS void LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    DROP TABLE IF EXISTS m;
    IF variable THEN
        PERFORM nnet.create_model('m', nnet.input(NULL), nnet.embedding(120000, 1, embeddings_initializer => 'zeros'),
            nnet.global_average_pooling1d());
    ELSE
        PERFORM nnet.create_model('m', nnet.input(1), nnet.embedding(120000, 1, embeddings_initializer => 'zeros'), nnet.flatten());
    END IF;
    PERFORM nnet.compile('m', 'mse', nnet.sgd(nnet.exponential_decay(5, 1000, 0.5)));
END $$;

-- Rows of one size, and of several: then x is the mean of the same weight, many times.
CREATE TABLE rows AS SELECT i, i - 1 AS id, array_fill(i - 1, ARRAY[1 + i * 7 % 13]) AS ids FROM generate_series(1, 120000) i;

-- What is left of the weights after so many epochs.
CREATE FUNCTION weights_of(variable boolean, seed integer, epochs integer, options jsonb) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE
    w real[];
    o jsonb := nnet.options(epochs => epochs, batch_size => 50, seed => seed) || options;
BEGIN
    PERFORM new_model(variable);
    IF variable THEN
        PERFORM nnet.fit('m', ids, 1.0, o) FROM (SELECT * FROM rows ORDER BY i) s;
    ELSE
        PERFORM nnet.fit('m', ARRAY[id], 1.0, o) FROM (SELECT * FROM rows ORDER BY i) s;
    END IF;
    SELECT weights INTO w FROM m WHERE layer = 1;
    RETURN w;
END $$;
-- When each row came in the last of so many epochs, in steps of 50 rows; NULL: it did not.
CREATE FUNCTION steps_of(variable boolean, seed integer, epochs integer DEFAULT 1, options jsonb DEFAULT '{}')
RETURNS TABLE (i integer, step float8) LANGUAGE sql AS $$
    -- after = before + rate * 2 / 50 * (1 - before), rate = 5 * 0.5 ^ (step / 1000)
    SELECT n::integer, CASE WHEN after > before THEN 1000 * ln((after::float8 - before) / (1 - before::float8) * 5) / ln(0.5) - (epochs - 1) * 2400 END
    FROM unnest(weights_of(variable, seed, epochs, options),
        CASE WHEN epochs > 1 THEN weights_of(variable, seed, epochs - 1, options) ELSE array_fill(0::real, '{120000}') END)
        WITH ORDINALITY u (after, before, n)
$$;
-- Each row once, and any of them anywhere: the mean distance that rows move is a third of all, and
-- of each tenth of the rows about as many are in each tenth of the epoch.
CREATE FUNCTION looks(steps text, OUT once boolean, OUT batches boolean, OUT distance boolean, OUT everywhere boolean)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($q$
        SELECT count(step) = 120000 AND count(DISTINCT i) = 120000 AND max(abs(step - round(step))) < 0.05,
            (SELECT count(*) = 2400 AND min(n) = 50 AND max(n) = 50 AND min(r) = 0 AND max(r) = 2399
                FROM (SELECT round(step) AS r, count(*) AS n FROM %1$I GROUP BY 1) s),
            avg(abs(i / 120000.0 - step / 2400)) BETWEEN 0.31 AND 0.36,
            (SELECT count(*) = 100 AND min(n) > 400 AND max(n) < 2400
                FROM (SELECT (i - 1) / 12000, floor(round(step) / 240), count(*) AS n FROM %1$I GROUP BY 1, 2) s)
        FROM %1$I$q$, steps) INTO once, batches, distance, everywhere;
END $$;
-- How many rows come at the same step in both.
CREATE FUNCTION alike(a text, b text, OUT share float8) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT avg((abs(a.step - b.step) < 0.5)::int) FROM %I a JOIN %I b USING (i)', a, b) INTO share;
END $$;

-- in memory
CREATE TABLE memory AS SELECT * FROM steps_of(false, 1);
SELECT * FROM looks('memory');

-- in a file
SET maintenance_work_mem = '1MB';
CREATE TABLE file AS SELECT * FROM steps_of(false, 1);
SELECT * FROM looks('file');
CREATE TABLE again AS SELECT * FROM steps_of(false, 1);
CREATE TABLE other AS SELECT * FROM steps_of(false, 2);
CREATE TABLE second AS SELECT * FROM steps_of(false, 1, 2);
SELECT * FROM looks('other');
SELECT * FROM looks('second');
SELECT alike('file', 'again') AS same_seed, alike('file', 'other') < 0.01 AS other_seed, alike('file', 'second') < 0.01 AS other_epoch;
-- rows of several sizes
CREATE TABLE sizes AS SELECT * FROM steps_of(true, 1);
CREATE TABLE sizes_second AS SELECT * FROM steps_of(true, 1, 2);
SELECT * FROM looks('sizes');
SELECT * FROM looks('sizes_second');
SELECT alike('sizes', 'sizes_second') < 0.01 AS other_epoch;
-- in their order
SELECT bool_and(abs(step - (i - 1) / 50) < 0.5) AS in_order FROM steps_of(false, 1, 2, '{"shuffle": false}');
SELECT bool_and(abs(step - (i - 1) / 50) < 0.5) AS in_order FROM steps_of(true, 1, 2, '{"shuffle": false}');
-- the last rows are for validation, the others are shuffled among themselves
SELECT count(step) FILTER (WHERE i <= 90000) AS training, count(step) FILTER (WHERE i > 90000) AS validation, max(round(step)) AS last
FROM steps_of(false, 1, 1, '{"validation_split": 0.25}');
SELECT count(step) FILTER (WHERE i <= 90000) AS training, count(step) FILTER (WHERE i > 90000) AS validation, max(round(step)) AS last
FROM steps_of(true, 1, 1, '{"validation_split": 0.25}');
-- a batch of all rows, and of more than memory holds
SELECT count(step), count(DISTINCT step) FROM steps_of(false, 1, 1, '{"batch_size": 120000}');
SELECT count(step), count(DISTINCT round(step)) FROM steps_of(true, 1, 1, '{"batch_size": 80000}');
RESET maintenance_work_mem;

-- rows larger than what memory is cut into, among small ones
CREATE TABLE uneven AS SELECT i, array_fill(i - 1, ARRAY[CASE WHEN i % 100 = 7 THEN 60000 ELSE i % 40 + 1 END]) AS ids FROM generate_series(1, 2000) i;
SET maintenance_work_mem = '1MB';
SELECT new_model(true);
SELECT nnet.fit('m', ids, 1.0, nnet.options(batch_size => 10, seed => 1))->'steps' AS steps FROM (SELECT * FROM uneven ORDER BY i) s;
SELECT count(*) AS rows, abs(sum(w) / (SELECT 10 * sum(0.5 ^ (step / 1000.0)) FROM generate_series(0, 199) step) - 1) < 0.001 AS once
FROM m, unnest(weights) WITH ORDINALITY u (w, id) WHERE layer = 1 AND id <= 2000 AND w BETWEEN 0.87 AND 1.001;
-- the same in their order, and read a second time
SELECT nnet.fit('m', ids, 1.0, nnet.options(epochs => 2, batch_size => 10, seed => 1, shuffle => false))->'steps' AS steps
FROM (SELECT * FROM uneven ORDER BY i) s;
RESET maintenance_work_mem;
