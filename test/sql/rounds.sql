-- nnet.fit_rounds(): training in rounds on buckets, the average and the outer step, what is kept
-- between rounds, what is told of buckets, and its errors.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_rounds;
SET search_path = test_rounds;

CREATE TABLE rows AS SELECT i AS id, ARRAY[sin(i), cos(3 * i), (i % 7) / 7.0]::real[] AS x, i % 3 AS class,
    sin(i) + (i % 7) / 14.0 AS number, i % 4 AS shard, (1 + i % 2)::real AS weight FROM generate_series(1, 400) AS i;

-- classes that follow from x
UPDATE rows SET class = CASE WHEN x[1] > 0.3 THEN 0 WHEN x[2] > 0 THEN 1 ELSE 2 END;

SELECT setseed(0.5) \g /dev/null
CREATE PROCEDURE make(name text, optimizer jsonb) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', name);
    PERFORM setseed(0.5);
    PERFORM nnet.create_model(name, nnet.input(3), nnet.dense(8, activation => 'tanh'), nnet.dense(3, activation => 'softmax'));
    PERFORM nnet.compile(name, 'sparse_categorical_crossentropy', optimizer, '{accuracy}');
END $$;
SET client_min_messages = warning;

-- ---- rounds in the history ----

CALL make('m', nnet.adam(0.02));
CALL nnet.fit_rounds('m', 'SELECT id % 4 AS bucket, x, class AS y FROM rows', 6, nnet.options(seed => 1, batch_size => 40));
SELECT epoch, samples, round(learning_rate::numeric, 6), seconds > 0, val_loss IS NULL FROM nnet.history('m');
SELECT first_epoch, last_epoch, best_epoch, ended, batch_size, seed FROM nnet.trainings('m');
SELECT (h.config -> 'history' -> 5 ->> 'round') || ' of ' || (h.config -> 'history' -> 5 ->> 'buckets') || ' buckets, ' || (h.config ->> 'steps') || ' steps'
FROM m AS h WHERE layer = -1;
SELECT (nnet.evaluate('m', x, class) ->> 'accuracy')::float > 0.75 FROM rows;
-- nothing is left of what was between rounds
SELECT config ? 'rounds', slots IS NULL FROM m WHERE layer = -1;

-- a value that is written in several ways is one bucket, and is found again by all of its digits
CALL make('written', nnet.adam(0.02));
CALL nnet.fit_rounds('written', 'SELECT id % 4 + CASE WHEN class = 0 THEN 1.0 ELSE 1.00 END, x, class FROM rows', 1, nnet.options(seed => 1));
SET extra_float_digits = -10;
CALL nnet.fit_rounds('written', 'SELECT (id % 4) / 3::float8, x, class FROM rows', 1, nnet.options(seed => 1));
RESET extra_float_digits;
SELECT epoch, samples FROM nnet.history('written');
SELECT entry -> 'buckets' FROM written, jsonb_array_elements(config -> 'history') AS entry WHERE layer = -1;
DROP TABLE written;

-- columns by their names, in any order; weights; a semicolon and a comment at the end
CALL nnet.fit_rounds('m', 'SELECT class AS y, x, weight, shard AS bucket FROM rows;', 1, nnet.options(seed => 1));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows -- all', 1, nnet.options(seed => 1), divide_batch => false);
SELECT first_epoch, last_epoch, batch_size FROM nnet.trainings('m') OFFSET 1;
-- so many steps of each bucket, in the order of rows too
CALL nnet.fit_rounds('m', 'SELECT id % 5, x, class FROM rows', 2, nnet.options(seed => 1, batch_size => 50), steps => 3);
CALL nnet.fit_rounds('m', 'SELECT id % 5, x, class FROM rows', 1, nnet.options(shuffle => false, batch_size => 50), steps => 20);
SELECT epoch, samples FROM nnet.history('m') OFFSET 8;

-- shares of a batch: longer steps of an optimizer that measures gradients by their size, which fall from round to round
\set four 'SELECT shard, x, class FROM rows'
CALL make('rates', nnet.adam(0.02));
CALL nnet.fit_rounds('rates', :'four', 4, nnet.options(batch_size => 64));
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 64));
CALL nnet.fit_rounds('rates', :'four', 2, nnet.options(batch_size => 64, learning_rate_factor => 0.5));
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 64), divide_batch => false);
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 2));
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 1));
CALL nnet.fit_rounds('rates', 'SELECT id % 9, x, class FROM rows', 2, nnet.options(batch_size => 36));
CALL nnet.fit_rounds('rates', 'SELECT 1, x, class FROM rows', 1);
SELECT h.epoch, t.batch_size, round(h.learning_rate::numeric, 6) FROM nnet.history('rates') AS h JOIN nnet.trainings('rates') AS t ON h.epoch BETWEEN t.first_epoch AND t.last_epoch ORDER BY 1;
CALL make('rates', nnet.sgd(nnet.exponential_decay(0.5, 100, 0.5, staircase => true), momentum => 0.5));
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 64), steps => 100);
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 64), steps => 1);
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 64, learning_rate_factor => 3), steps => 1);
CALL make('decayed', nnet.rmsprop(nnet.exponential_decay(0.02, 100, 0.5, staircase => true)));
CALL nnet.fit_rounds('decayed', :'four', 2, nnet.options(batch_size => 64), steps => 100);
SELECT epoch, learning_rate FROM nnet.history('rates') UNION ALL SELECT epoch + 10, round(learning_rate::numeric, 6) FROM nnet.history('decayed') ORDER BY 1;
DROP TABLE rates, decayed;
-- whole batches where they come to 1,000 steps in all rounds, of an optimizer whose steps can be made longer; not where it is said how many
SET client_min_messages = error;
SELECT count(*) AS rows, count(DISTINCT shard) AS buckets FROM rows;
CALL make('rates', nnet.adam(0.001));
CALL nnet.fit_rounds('rates', :'four', 2, nnet.options(batch_size => 16, epochs => 80));
CALL nnet.fit_rounds('rates', :'four', 2, nnet.options(batch_size => 16, epochs => 79));
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 16), steps => 1001);
CALL nnet.fit_rounds('rates', :'four', 1, nnet.options(batch_size => 16, epochs => 160), divide_batch => true);
CALL nnet.fit_rounds('rates', 'SELECT class, x, class FROM rows', 1, nnet.options(batch_size => 16, epochs => 160));
CALL make('decayed', nnet.sgd(0.001));
CALL nnet.fit_rounds('decayed', :'four', 1, nnet.options(batch_size => 16, epochs => 160));
SELECT nnet.compile('decayed', 'sparse_categorical_crossentropy', nnet.ftrl(0.001)) IS NULL;
CALL nnet.fit_rounds('decayed', :'four', 1, nnet.options(batch_size => 16, epochs => 160));
SELECT h.epoch, t.batch_size, round(h.learning_rate::numeric, 6) FROM nnet.history('rates') AS h JOIN nnet.trainings('rates') AS t ON h.epoch BETWEEN t.first_epoch AND t.last_epoch ORDER BY 1;
SELECT batch_size FROM nnet.trainings('decayed');
DROP TABLE rates, decayed;
SET client_min_messages = warning;
-- rounds of 200 steps or more: the optimizer begins anew, if it corrects its moments for that and nothing else goes by steps
SET client_min_messages = error;
CREATE FUNCTION state(OUT layers bigint, OUT with_slots bigint, OUT steps text) LANGUAGE plpgsql AS $$
BEGIN
    SELECT count(*) FILTER (WHERE weights IS NOT NULL), count(*) FILTER (WHERE weights IS NOT NULL AND slots IS NOT NULL), max(config ->> 'steps') INTO layers, with_slots, steps FROM anew;
END $$;
CALL make('anew', nnet.adam(0.001));
CALL nnet.fit_rounds('anew', :'four', 3, nnet.options(batch_size => 4, epochs => 8, seed => 1), divide_batch => false);
SELECT * FROM state();
SELECT epoch, samples, loss < lag(loss) OVER (ORDER BY epoch) AS better FROM nnet.history('anew');
CALL nnet.fit_rounds('anew', :'four', 2, nnet.options(batch_size => 4, epochs => 7), divide_batch => false);
SELECT * FROM state();
CALL nnet.fit_rounds('anew', :'four', 1, nnet.options(batch_size => 4, epochs => 7, slots => false), divide_batch => false);
SELECT * FROM state();
CALL nnet.fit_rounds('anew', :'four', 1, nnet.options(batch_size => 4, epochs => 8, slots => true), divide_batch => false);
SELECT * FROM state();
CALL nnet.fit_rounds('anew', :'four', 1, nnet.options(batch_size => 8), steps => 200);
SELECT * FROM state();
CALL nnet.fit_rounds('anew', :'four', 1, nnet.options(batch_size => 8, shuffle => false), steps => 200);
SELECT * FROM state();
-- a call that did not end is gone on with, not if the model was compiled since
UPDATE anew SET slots = NULL, config = CASE WHEN layer = -1 THEN config || '{"rounds": {"done": 2, "of": 3, "epochs": 9}}' ELSE config END;
CREATE TABLE before AS SELECT nnet.copy_model('anew', 'anew_compiled');
SELECT nnet.compile('anew_compiled', 'sparse_categorical_crossentropy', nnet.adam(0.001)) IS NULL;
SELECT config ? 'rounds' FROM anew_compiled WHERE layer = -1;
SET client_min_messages = notice;
CALL nnet.fit_rounds('anew', :'four', 3, nnet.options(batch_size => 4, epochs => 8), divide_batch => false);
SET client_min_messages = error;
UPDATE anew SET config = config || '{"rounds": {"done": 2, "of": 3, "epochs": 10}}' WHERE layer = -1;
SELECT nnet.fit('anew', x, class, nnet.options(slots => false)) ->> 'steps' FROM rows;
SET client_min_messages = notice;
CALL nnet.fit_rounds('anew', :'four', 3, nnet.options(batch_size => 100));
SET client_min_messages = error;
SELECT nnet.fit('anew', x, class, nnet.options(slots => false)) ->> 'steps' FROM rows;
SELECT * FROM state();
CALL make('anew', nnet.adam(nnet.exponential_decay(0.02, 100, 0.5)));
CALL nnet.fit_rounds('anew', :'four', 1, nnet.options(batch_size => 4, epochs => 8), divide_batch => false);
SELECT * FROM state();
CALL make('anew', nnet.rmsprop(0.001));
CALL nnet.fit_rounds('anew', :'four', 1, nnet.options(batch_size => 4, epochs => 8), divide_batch => false);
SELECT * FROM state();
CALL make('anew', nnet.sgd(nnet.exponential_decay(0.02, 100, 0.5)));
CALL nnet.fit_rounds('anew', :'four', 2, nnet.options(batch_size => 4, epochs => 8, slots => false), divide_batch => false);
SELECT * FROM state();
CALL nnet.fit_rounds('anew', :'four', 2, nnet.options(shuffle => false, slots => false), steps => 3);
DROP TABLE anew, anew_compiled, before;
DROP FUNCTION state();
SET client_min_messages = warning;
-- shares of a batch that come to single rows are told, also where they are so exactly; not where there is nothing to share out
CALL make('single', nnet.sgd(0.02));
CALL nnet.fit_rounds('single', :'four', 1, nnet.options(batch_size => 3));
CALL nnet.fit_rounds('single', :'four', 1, nnet.options(batch_size => 7));
CALL nnet.fit_rounds('single', 'SELECT id % 32, x, class FROM rows', 1, steps => 2);
CALL nnet.fit_rounds('single', :'four', 1, nnet.options(batch_size => 8));
CALL nnet.fit_rounds('single', :'four', 1, nnet.options(batch_size => 3), divide_batch => false);
CALL nnet.fit_rounds('single', 'SELECT 1, x, class FROM rows', 1, nnet.options(batch_size => 1));
SELECT string_agg(batch_size::text, ' ' ORDER BY first_epoch) FROM nnet.trainings('single');
DROP TABLE single;
-- buckets of other classes: rates fall to nothing, unless it is said how they fall
SET client_min_messages = error;
\set classes 'SELECT class, x, class FROM rows'
CALL make('rates', nnet.adam(0.02));
CALL nnet.fit_rounds('rates', :'classes', 4, nnet.options(batch_size => 48));
CALL nnet.fit_rounds('rates', :'classes', 2, nnet.options(batch_size => 48), divide_batch => false);
CALL nnet.fit_rounds('rates', :'classes', 2, nnet.options(batch_size => 48, learning_rate_factor => 1));
CALL make('decayed', nnet.sgd(0.5, momentum => 0.5));
CALL nnet.fit_rounds('decayed', :'classes', 2, nnet.options(batch_size => 48));
SELECT nnet.compile('decayed', 'sparse_categorical_crossentropy', nnet.adam(nnet.exponential_decay(0.02, 100, 0.5, staircase => true))) IS NULL;
CALL nnet.fit_rounds('decayed', :'classes', 2, nnet.options(batch_size => 48), steps => 50);
SELECT nnet.compile('decayed', 'sparse_categorical_crossentropy', nnet.ftrl(0.03)) IS NULL;
CALL nnet.fit_rounds('decayed', :'classes', 2, nnet.options(batch_size => 48));
SELECT epoch, round(learning_rate::numeric, 6) FROM nnet.history('rates') UNION ALL SELECT epoch + 10, round(learning_rate::numeric, 6) FROM nnet.history('decayed') ORDER BY 1;
DROP TABLE rates, decayed;
SET client_min_messages = warning;

-- validation, and its end
CALL make('m', nnet.adam(0.02));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows WHERE id > 100', 2, nnet.options(seed => 1),
    validation => 'SELECT x, class FROM rows WHERE id <= 100');
SELECT bool_and(val_loss > 0 AND metrics ? 'accuracy' AND metrics ? 'val_accuracy') FROM nnet.history('m');
SELECT abs(h.val_loss - (e.e ->> 'loss')::float) < 1e-5 FROM nnet.history('m') AS h,
    (SELECT nnet.evaluate('m', x, class) AS e FROM rows WHERE id <= 100) AS e WHERE epoch = 2;
-- nothing gets better with a rate of 0
CALL make('m', nnet.sgd(0.0));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows WHERE id > 100', 9,
    nnet.options(seed => 1, early_stopping => nnet.early_stopping(patience => 2)), validation => 'SELECT x, class FROM rows WHERE id <= 100');
SELECT first_epoch, last_epoch, best_epoch, ended FROM nnet.trainings('m');

-- ---- the average ----

CREATE FUNCTION weights(model regclass) RETURNS TABLE (n bigint, w float8) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT row_number() OVER (ORDER BY layer, part, i), u::float8 FROM %s, unnest(weights) WITH ORDINALITY AS t (u, i)', model);
END $$;

-- batches of all rows of a bucket, so that their order does not matter: one bucket is a step of nnet.fit()
CALL make('m', nnet.sgd(0.5));
SELECT nnet.copy_model('m', 'whole'), nnet.copy_model('m', 'one'), nnet.copy_model('m', 'two');
SELECT nnet.fit('whole', x, class, nnet.options(batch_size => 400)) 
FROM rows \g /dev/null
CALL nnet.fit_rounds('one', 'SELECT 1, x, class FROM rows', 1, nnet.options(batch_size => 400));
SELECT count(*), max(abs(a.w - b.w)) < 1e-6, max(abs(a.w - m.w)) > 1e-3 FROM weights('whole') AS a JOIN weights('one') AS b USING (n) JOIN weights('m') AS m USING (n);
-- the average of single steps of parts, by their rows, is the step of the whole
CALL nnet.fit_rounds('two', 'SELECT least(id % 4, 1), x, class FROM rows', 1, nnet.options(batch_size => 1000));
SELECT max(abs(a.w - b.w)) < 1e-6 FROM weights('whole') AS a JOIN weights('two') AS b USING (n);

-- ---- the outer step ----

SELECT nnet.outer(), nnet.outer(1, 0, false);
SELECT nnet.copy_model('m', 'half'), nnet.copy_model('m', 'first'), nnet.copy_model('m', 'both'), nnet.copy_model('m', 'plain');
\set query 'SELECT shard, x, class FROM rows'
CALL nnet.fit_rounds('half', :'query', 1, nnet.options(batch_size => 1000), outer => nnet.outer(0.5, 0));
SELECT max(abs(a.w - (m.w + w.w) / 2)) < 1e-6 FROM weights('half') AS a JOIN weights('m') AS m USING (n) JOIN weights('whole') AS w USING (n);
-- velocity and Nesterov's look ahead, over two rounds
CALL nnet.fit_rounds('first', :'query', 1, nnet.options(batch_size => 1000), outer => nnet.outer(0.7, 0.9));
CALL nnet.fit_rounds('both', :'query', 2, nnet.options(batch_size => 1000), outer => nnet.outer(0.7, 0.9));
SELECT nnet.copy_model('first', 'second');
CALL nnet.fit_rounds('second', :'query', 1, nnet.options(batch_size => 1000));
CREATE TEMPORARY TABLE steps AS SELECT n, m.w AS w0, f.w AS w1, b.w AS w2, m.w - w.w AS g1, f.w - s.w AS g2
FROM weights('m') AS m JOIN weights('whole') AS w USING (n) JOIN weights('first') AS f USING (n) JOIN weights('second') AS s USING (n) JOIN weights('both') AS b USING (n);
SELECT max(abs(w1 - (w0 - 0.7 * (g1 + 0.9 * g1)))) < 1e-5, max(abs(w2 - (w1 - 0.7 * (g2 + 0.9 * (0.9 * g1 + g2))))) < 1e-5, max(abs(w2 - w1)) > 1e-3 FROM steps;
-- without the look ahead
SELECT nnet.copy_model('m', 'heavy');
CALL nnet.fit_rounds('heavy', :'query', 2, nnet.options(batch_size => 1000), outer => nnet.outer(0.7, 0.9, false));
SELECT count(*) FROM nnet.history('heavy');

-- ---- an error in a round ----

CREATE TABLE gate (open boolean);
INSERT INTO gate VALUES (false);
-- closed once the model has had two rounds
CREATE FUNCTION passes(model text) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT open FROM test_rounds.gate) AND (SELECT count(*) FROM nnet.history(model::regclass)) >= 2 THEN
        RAISE 'the gate is closed';
    END IF;
    RETURN true;
END $$;
\set VERBOSITY terse
CALL make('m', nnet.sgd(0.5));
SELECT nnet.copy_model('m', 'straight');
\set gated 'SELECT shard, x, class FROM test_rounds.rows WHERE test_rounds.passes(''test_rounds.m'')'
CALL nnet.fit_rounds('m', :'gated', 5, nnet.options(batch_size => 1000), outer => nnet.outer());
SELECT count(*), (SELECT config -> 'rounds' FROM m WHERE layer = -1), (SELECT cardinality(slots) FROM m WHERE layer = -1) FROM nnet.history('m');
SELECT nnet.pack('m') AS before \gset
CALL nnet.fit_rounds('m', :'gated', 5, nnet.options(batch_size => 1000), outer => nnet.outer());
SELECT nnet.pack('m')::text = :'before';
UPDATE gate SET open = true;
SET client_min_messages = notice;
CALL nnet.fit_rounds('m', :'gated', 5, nnet.options(batch_size => 1000), outer => nnet.outer());
SET client_min_messages = warning;
-- as if there had been no error
CALL nnet.fit_rounds('straight', :'query', 5, nnet.options(batch_size => 1000), outer => nnet.outer());
SELECT max(abs(a.w - b.w)) < 1e-5 FROM weights('m') AS a JOIN weights('straight') AS b USING (n);
SELECT count(*) FROM nnet.history('m');
SELECT first_epoch, last_epoch, ended FROM nnet.trainings('m');
-- another training in between: it begins anew
UPDATE gate SET open = false;
CALL make('m', nnet.sgd(0.5));
CALL nnet.fit_rounds('m', :'gated', 3);
SELECT nnet.fit('m', x, class) 
FROM rows \g /dev/null
UPDATE gate SET open = true;
SET client_min_messages = notice;
CALL nnet.fit_rounds('m', :'gated', 3);
SET client_min_messages = warning;
SELECT count(*) FROM nnet.history('m');
\set VERBOSITY default

-- ---- what is told of buckets ----

SET client_min_messages = notice;
CALL nnet.fit_rounds('m', 'SELECT class, x, class FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT id % 4, x, class FROM rows WHERE id % 4 <> 1 OR class <> 2', 1);
CALL nnet.fit_rounds('m', 'SELECT id % 4, CASE WHEN id % 4 <> 3 THEN x END, class FROM rows', 1);
SELECT samples FROM nnet.history('m') ORDER BY epoch DESC LIMIT 1;
-- a bucket of a single row, numbers to be learned
SELECT nnet.create_model('numbers', nnet.input(3), nnet.batch_normalization(), nnet.dense(1));
SELECT nnet.compile('numbers', 'mse', 'rmsprop', '{mae}');
CALL nnet.fit_rounds('numbers', $$SELECT CASE WHEN id = 1 THEN 'first' ELSE 'others' END, x, number FROM rows$$, 2);
SELECT epoch, samples FROM nnet.history('numbers');
RESET client_min_messages;

-- ---- errors ----

BEGIN;
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1);
ROLLBACK;
DO $$ BEGIN EXECUTE $c$CALL nnet.fit_rounds('test_rounds.m', 'SELECT shard, x, class FROM test_rounds.rows', 1)$c$; END $$;
SELECT epoch > 0 FROM nnet.history('m') ORDER BY epoch DESC LIMIT 1;
CREATE FUNCTION within() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1); END $$;
\set VERBOSITY terse
SELECT within();
\set VERBOSITY default
CALL nnet.fit_rounds(NULL, 'SELECT shard, x, class FROM rows', 1);
CALL nnet.fit_rounds('m', NULL, 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', NULL);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 0);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, steps => 0);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(epochs => 2), steps => 10);
CALL nnet.fit_rounds('m', 'DELETE FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT x, class FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT shard AS bucket, x, class AS y, id FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class, id > 9 FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, validation => 'SELECT x FROM rows');
CALL nnet.fit_rounds('m', 'SELECT nullif(shard, 2), x, class FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows WHERE false', 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, validation => 'SELECT x, class FROM rows WHERE false');
CALL nnet.fit_rounds('m', 'SELECT i, x, class FROM rows, generate_series(1, 1100) AS i WHERE id = 1', 1);
CALL nnet.fit_rounds('m', 'SELECT json ''1'', x, class FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(validation_split => 0.2));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(validation_freq => 2));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(reduce_lr_on_plateau => nnet.reduce_lr_on_plateau()));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(best_weights => true));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(epochs => 3, initial_epoch => 2));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(steps_per_epoch => 2));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(class_weight => 'balanced'));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(early_stopping => nnet.early_stopping()));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(early_stopping => nnet.early_stopping('mae')));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, outer => '{"rate": 1}');
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, outer => '{"momentum": 1}');
SELECT nnet.outer(learning_rate => -1);
-- ---- what is learned before training is learned from all buckets ----

SELECT nnet.create_model('fresh', nnet.input(3), nnet.normalization(), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('fresh', 'sparse_categorical_crossentropy', nnet.sgd(0.5));
SELECT nnet.copy_model('fresh', 'fitted');
CREATE VIEW sorted AS SELECT id, x, 'c' || class AS label, x[1] > 0 AS bucket FROM rows;
SET client_min_messages = warning;
CALL nnet.fit_rounds('fresh', 'SELECT bucket, x, label FROM sorted', 1, nnet.options(batch_size => 1000));
SELECT nnet.fit('fitted', x, label, nnet.options(batch_size => 1000)) IS NOT NULL FROM sorted;
SELECT max(abs(a.w - b.w)) < 1e-5 FROM weights('fresh') AS a JOIN weights('fitted') AS b USING (n);
SELECT a.labels = b.labels FROM (SELECT config -> 'labels' AS labels FROM fresh WHERE layer = -1) AS a, (SELECT config -> 'labels' AS labels FROM fitted WHERE layer = -1) AS b;
RESET client_min_messages;

\set VERBOSITY terse
CALL nnet.fit_rounds('m', 'SELECT shard, x[1:2], class FROM rows', 1);
-- errors are of the model, not of the value that buckets are given of it
\set VERBOSITY default
\set SHOW_CONTEXT never
CALL nnet.fit_rounds('m', 'SELECT shard, x, 9 FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class, -1 AS weight FROM rows', 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, nnet.options(class_weight => '{"3": 1}'));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class FROM rows', 1, validation => 'SELECT x, 8 FROM rows');
SELECT nnet.create_model('unlearned', nnet.input(3), nnet.normalization(), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('unlearned', 'sparse_categorical_crossentropy');
CALL nnet.fit_rounds('unlearned', 'SELECT shard, x[1:2], class FROM rows', 1);
SELECT nnet.learn_from('unlearned', 'SELECT x[1:2], class FROM rows');
SELECT nnet.learn_from('unlearned', 'SELECT x, NULL::int FROM rows');
-- what can be told before a row is read
CREATE SEQUENCE reads;
\set read 'SELECT shard, x, class FROM rows WHERE nextval(''reads'') > 0'
CALL nnet.fit_rounds('m', :'read', 1, nnet.options(class_weight => '{"3": 1}'));
CALL nnet.fit_rounds('m', :'read', 1, nnet.options(early_stopping => nnet.early_stopping('acuracy')));
CALL nnet.fit_rounds('m', 'SELECT shard, x, class, ''heavy''::text AS weight FROM rows WHERE nextval(''reads'') > 0', 1);
CALL nnet.fit_rounds('m', 'SELECT shard, x, timestamp ''now'' FROM rows WHERE nextval(''reads'') > 0', 1);
CALL nnet.fit_rounds('m', :'read', 1, validation => 'SELECT x, NULL::int FROM rows');
CALL nnet.fit_rounds('m', :'read', 1, validation => 'SELECT x, ''black''::text FROM rows');
CALL nnet.fit_rounds('m', :'read', 1, validation => 'SELECT x[1:2], class FROM rows');
CALL nnet.fit_rounds('unlearned', :'read', 1, nnet.options(early_stopping => nnet.early_stopping('acuracy')));
SELECT is_called FROM reads;
-- by whatever name, that of what is around the queries too
SET client_min_messages = warning;
SELECT format('CALL make(%L, nnet.sgd(0.1))', name),
    format('CALL nnet.fit_rounds(%1$L, ''SELECT %1$s.shard, %1$s.x, %1$s.class FROM rows AS %1$s'', 1, outer => nnet.outer(), validation => ''SELECT x, class FROM rows AS %1$s'')', name),
    format('CALL nnet.fit_rounds(%L, ''SELECT shard, x, 9 FROM rows'', 1)', name)
FROM unnest('{r,bucket,value,training}'::text[]) AS name \gexec

SET client_min_messages = warning;
DROP SCHEMA test_rounds CASCADE;
