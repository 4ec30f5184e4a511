-- The loss ctc: y is a sequence of classes or labels that does not say which step of the output is of which.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_ctc;
SET search_path = test_ctc;

-- animals that cry one after the other, none to four, a step or two each and a pause before; t sorts otherwise than n
CREATE TYPE animal AS ENUM ('cow', 'bee', 'ant');
CREATE DOMAIN beast AS text;
CREATE TABLE cries AS
SELECT i, coalesce(array_agg(c ORDER BY k) FILTER (WHERE k > 0), '{}') AS n, coalesce(array_agg((ARRAY['cow', 'bee', 'ant'])[c] ORDER BY k) FILTER (WHERE k > 0), '{}') AS t,
       string_to_array(string_agg(array_to_string(x, ','), ',' ORDER BY k), ',')::real[] AS x, 1 + i % 3 AS w
FROM (SELECT i, k, c, (SELECT array_agg((step > 0 AND c = f AND k > 0)::int::real ORDER BY step, f) FROM generate_series(0, 1 + (i + k) % 2) step, generate_series(1, 3) f) AS x
      FROM generate_series(1, 120) i, generate_series(0, i % 5) k, LATERAL (SELECT 1 + (i * 7 + i / 5 + k * k * 2) % 3 AS c) s) r
GROUP BY i ORDER BY i;
SELECT count(*) AS sequences, count(*) FILTER (WHERE n = '{}') AS empty, max(cardinality(n)) AS longest, count(DISTINCT cardinality(x)) AS lengths,
       count(*) FILTER (WHERE EXISTS (SELECT FROM generate_subscripts(n, 1) k WHERE n[k] = n[k + 1])) AS repeating FROM cries;

CREATE FUNCTION new_model(name text, units integer DEFAULT 4, loss jsonb DEFAULT '"ctc"') RETURNS regclass LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(NULL, 3), nnet.dense(8, activation => 'tanh'), nnet.dense(units));
    PERFORM nnet.compile(name::regclass, loss => loss #>> '{}', optimizer => nnet.adam(learning_rate => 0.05), metrics => '{ctc}'::text[]);
    RETURN name::regclass;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v, layer FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;

-- numbers, and what the outputs spell
SELECT new_model('numbers'), new_model('words');
SELECT r ->> 'samples' AS samples, (r ->> 'loss')::float8 < 0.1 AS learned, (r ->> 'val_loss')::float8 < 0.1 AS validated
FROM (SELECT nnet.fit('numbers', x, n, nnet.options(epochs => 30, seed => 1, validation_split => 0.25) ORDER BY i) AS r FROM cries) s;
SELECT count(*) FILTER (WHERE nnet.classify_steps('numbers', x) = n::text[]) > 110 AS spelled FROM cries;
SELECT nnet.classify_steps('numbers', x) FROM cries WHERE i IN (4, 5);
SELECT cardinality(nnet.predict('numbers', x)) = cardinality(x) / 3 * 4 AS logits_of_all_steps FROM cries WHERE i = 1;
-- the figures of validation are those of evaluate
SELECT abs((r ->> 'loss')::float8 - h.val_loss) < 1e-5 AS validated, abs((r ->> 'ctc')::float8 - h.val_loss) < 1e-5 AS metric
FROM (SELECT nnet.evaluate('numbers', x, n) AS r FROM cries WHERE i > 90) s, (SELECT * FROM nnet.history('numbers') ORDER BY epoch DESC LIMIT 1) h;
-- zeros behind are nothing, even more than there are steps; numbers as text, and of other types
SELECT nnet.evaluate('numbers', x, n) = nnet.evaluate('numbers', x, n || array_fill(0, ARRAY[99])) AS padded, nnet.evaluate('numbers', x, n) = nnet.evaluate('numbers', x, n::real[]) AS real,
       nnet.evaluate('numbers', x, n) = nnet.evaluate('numbers', x, n::text[]) AS text, nnet.evaluate('numbers', x, n) = nnet.evaluate('numbers', x, n::numeric[]) AS "numeric" FROM cries;
SELECT nnet.evaluate('numbers', '{0,0,0,1,0,0}', '{1}') = nnet.evaluate('numbers', '{0,0,0,1,0,0}'::real[], 1) AS alone;
SELECT (nnet.evaluate('numbers', '{0,0,0,0,0,0}', '{}') ->> 'loss')::float8 < 0.5 AS none;
-- rows of weight 2 count as if they were there twice
SELECT abs((a ->> 'loss')::float8 - (b ->> 'loss')::float8) < 1e-6 AS of_weight_1, abs((a ->> 'loss')::float8 - (c ->> 'loss')::float8) < 1e-5 AS of_twice_as_many
FROM (SELECT nnet.evaluate('numbers', x, n) AS a, nnet.evaluate('numbers', x, n, 1) AS b FROM cries) s, (SELECT nnet.evaluate('numbers', x, n, w) AS c FROM (SELECT x, n, 1.0 AS w FROM cries UNION ALL SELECT x, n, 1.0 FROM cries) d) u;
SELECT abs((nnet.evaluate('numbers', x, n, w) ->> 'loss')::float8 * 120 - (SELECT (nnet.evaluate('numbers', x, n) ->> 'loss')::float8 * count(*) FROM cries, generate_series(1, w))) < 1e-4 AS weighted FROM cries;

-- labels: the blank is before them
SELECT nnet.fit('words', x, t, nnet.options(epochs => 30, seed => 1) ORDER BY i) ->> 'samples' AS samples FROM cries;
SELECT * FROM nnet.labels('words');
SELECT count(*) FILTER (WHERE nnet.classify_steps('words', x) = t) > 110 AS spelled FROM cries;
SELECT nnet.classify_steps('words', x) FROM cries WHERE i IN (4, 5);
SELECT nnet.evaluate('words', x, t) = nnet.evaluate('words', x, t::animal[]) AS enum, nnet.evaluate('words', x, t) = nnet.evaluate('words', x, t::varchar(9)[]) AS varchar,
       nnet.evaluate('words', x, t) = nnet.evaluate('words', x, t::beast[]) AS domain FROM cries;
SELECT new_model('as_numbers');
SELECT nnet.fit('as_numbers', x, (SELECT array_agg(4 - v ORDER BY o) FROM unnest(n) WITH ORDINALITY u(v, o)), nnet.options(epochs => 30, seed => 1) ORDER BY i) ->> 'samples' AS samples FROM cries WHERE n <> '{}';
SELECT new_model('as_words');
SELECT nnet.fit('as_words', x, t, nnet.options(epochs => 30, seed => 1) ORDER BY i) ->> 'samples' AS samples FROM cries WHERE n <> '{}';
SELECT weights('as_numbers') = weights('as_words') AS the_same;
-- labels of later fits take outputs that are free
SELECT new_model('later', 5);
SELECT nnet.fit('later', x, t, nnet.options(epochs => 1, verbose => false)) ->> 'samples' AS samples FROM cries WHERE NOT 'cow' = ANY (t);
SELECT nnet.fit('later', x, t, nnet.options(epochs => 1, verbose => false)) ->> 'samples' AS samples FROM cries;
SELECT string_agg(class || ' ' || label, ', ' ORDER BY class) FROM nnet.labels('later');
-- given, the first is the blank's
SELECT new_model('given');
SELECT nnet.compile('given', 'ctc', nnet.adam(0.05), labels => '{-,cow,bee,ant}');
SELECT nnet.fit('given', x, t, nnet.options(epochs => 30, seed => 1) ORDER BY i) ->> 'samples' AS samples FROM cries;
SELECT count(*) FILTER (WHERE nnet.classify_steps('given', x) = t) > 110 AS spelled FROM cries;
-- booleans are labels
SELECT new_model('booleans');
SELECT nnet.fit('booleans', x, (SELECT array_agg(v > 1 ORDER BY o) FROM unnest(n) WITH ORDINALITY u(v, o)), nnet.options(epochs => 1)) ->> 'samples' AS samples FROM cries WHERE n <> '{}';
SELECT string_agg(class || ' ' || label, ', ' ORDER BY class) FROM nnet.labels('booleans');

-- steps and 5 epochs more are what 10 are; copies and values predict the same
SELECT new_model('ten'), new_model('five');
SELECT nnet.fit('ten', x, n, nnet.options(epochs => 10, seed => 3) ORDER BY i) ->> 'steps' AS steps FROM cries;
SELECT nnet.fit('five', x, n, nnet.options(epochs => 5, seed => 3) ORDER BY i) ->> 'steps' AS steps FROM cries;
SELECT nnet.fit('five', x, n, nnet.options(epochs => 5, seed => 3) ORDER BY i) ->> 'steps' AS steps FROM cries;
SELECT weights('ten') = weights('five') AS the_same;
SELECT nnet.copy_model('words', 'words_kept');
SELECT bool_and(nnet.classify_steps('words', x) = nnet.classify_steps('words_kept', x)) AS copied, bool_and(nnet.predict('words', x) = nnet.predict_value(v, x)) AS value FROM cries, (SELECT nnet.pack('words') AS v) m;
SELECT nnet.evaluate('words_kept', x, t) = nnet.evaluate('words', x, t) AS copied FROM cries;
-- rounds learn labels as well
SELECT new_model('rounds');
CALL nnet.fit_rounds('rounds', 'SELECT i % 2 AS bucket, x, t FROM cries', 2, nnet.options(epochs => 1, verbose => false));
SELECT string_agg(class || ' ' || label, ', ' ORDER BY class) FROM nnet.labels('rounds');

-- one of several outputs, and its weight
SELECT nnet.create_model('both', nnet.input(NULL, 3), nnet.dense(8, activation => 'tanh', name => 'seen'), nnet.dense(4, name => 'spelled'),
    nnet.global_average_pooling1d(inputs => '{seen}'), nnet.dense(1, name => 'many'));
SELECT nnet.compile('both', loss => '{"spelled": {"kind": "ctc"}, "many": "mse"}', optimizer => nnet.adam(learning_rate => 0.05), loss_weights => '{"many": 0.1}', metrics => '{"many": "mae"}', labels => '{"spelled": ["", "cow", "bee", "ant"]}');
SELECT (r ->> 'spelled_loss')::float8 < 0.2 AS learned FROM (SELECT nnet.fit('both', x, jsonb_build_object('spelled', t, 'many', cardinality(t)), nnet.options(epochs => 30, seed => 1) ORDER BY i) AS r FROM cries) s;
SELECT count(*) FILTER (WHERE nnet.classify_steps('both', x, 'spelled') = t) > 100 AS spelled FROM cries;
SELECT nnet.classify_steps('both', x) = nnet.classify_steps('both', x, 'spelled') AS only_one FROM cries WHERE i = 9;

-- ---- what is refused ----

SELECT nnet.create_model('flat', nnet.input(5), nnet.dense(3));
SELECT nnet.compile('flat', 'ctc');
SELECT nnet.create_model('deep', nnet.input(5, 4, 3), nnet.dense(3));
SELECT nnet.compile('deep', 'ctc');
SELECT new_model('narrow', 1);
SELECT nnet.compile('numbers', 'ctc', metrics => '{accuracy}');
SELECT nnet.compile('numbers', 'ctc', metrics => '[{"kind": "mean_iou", "num_classes": 4, "sparse_y_pred": false}]');
SELECT nnet.compile('numbers', 'ctc', metrics => '{mse}');
SELECT nnet.compile('numbers', 'sparse_categorical_crossentropy', metrics => '{ctc}');
SELECT nnet.compile('numbers', '{"kind": "ctc", "blank": 3}');
SELECT nnet.compile('numbers', 'ctc', labels => '{-,a,b,c,d}');
SELECT nnet.create_model('soft', nnet.input(NULL, 3), nnet.dense(4, activation => 'softmax'));
SELECT nnet.compile('soft', 'ctc');
SELECT nnet.fit('soft', x, n) ->> 'samples' AS samples FROM cries;
-- longer than the steps can spell
SELECT nnet.fit('numbers', x, n || n || n) FROM cries WHERE i = 3;
SELECT nnet.fit('numbers', '{1,0,0,1,0,0,1,0,0}'::real[], '{1,1,1}'::int[]);
SELECT nnet.evaluate('numbers', '{1,0,0}', '{1,2}');
SELECT nnet.evaluate('words', '{1,0,0}', '{bee,cow}');
SELECT nnet.fit('both', x, jsonb_build_object('spelled', t || t || t, 'many', 1)) FROM cries WHERE i = 3;
-- no class, or the blank
SELECT nnet.fit('numbers', x, '{1,4}'::int[]) FROM cries;
SELECT nnet.fit('numbers', x, '{-1}'::int[]) FROM cries;
SELECT nnet.fit('numbers', x, '{1.5}'::real[]) FROM cries;
SELECT nnet.fit('numbers', x, '{0,1}'::int[]) FROM cries;
SELECT nnet.fit('numbers', x, '{0,1}'::text[]) FROM cries;
SELECT nnet.fit('numbers', x, '{bee}'::text[]) FROM cries;
SELECT nnet.fit('numbers', x, ARRAY[1, NULL]) FROM cries;
SELECT nnet.fit('words', x, ARRAY['', 'bee']) FROM cries;
SELECT nnet.fit('words', x, ARRAY['bee', NULL]) FROM cries;
SELECT nnet.fit('words', x, ARRAY['emu']) FROM cries;
SELECT nnet.evaluate('words', x, n) FROM cries WHERE i = 3;
SELECT nnet.evaluate('given', x, '{bee,-,bee}'::text[]) FROM cries WHERE i = 4;
SELECT new_model('fewer', 3), new_model('fresh');
SELECT nnet.fit('fewer', x, t) FROM cries;
SELECT nnet.evaluate('fresh', x, t) FROM cries WHERE i = 3;
-- other types
SELECT nnet.fit('fresh', x, t[1]) FROM cries WHERE i = 3;
SELECT nnet.fit('fresh', x, ARRAY[current_date]) FROM cries WHERE i = 3;
SELECT nnet.classify('numbers', x) FROM cries WHERE i = 3;
-- nothing of a class a step
SELECT nnet.fit('numbers', x, n, nnet.options(class_weight => 'balanced')) FROM cries;
SELECT nnet.fit('numbers', x, n, nnet.options(stratify => true, validation_split => 0.2)) FROM cries;
-- a mask leaves too few steps, of which only the network knows: nothing is saved
SELECT nnet.create_model('masked', nnet.input(NULL, 3), nnet.masking(0), nnet.gru(4, return_sequences => true), nnet.dense(4));
SELECT nnet.compile('masked', 'ctc');
SELECT nnet.fit('masked', '{1,0,0,1,0,0,1,0,0}'::real[], '{1,2}'::int[], nnet.options(verbose => false)) ->> 'samples' AS samples;
CREATE TEMP TABLE before AS SELECT weights('masked') AS w;
SELECT nnet.fit('masked', '{1,0,0,0,0,0,0,0,0}'::real[], '{1,2}'::int[]);
SELECT nnet.evaluate('masked', '{1,0,0,0,0,0,0,0,0}', '{1,2}');
SELECT w = weights('masked') AS unchanged FROM before;
-- a hidden step is as if it were not there
SELECT abs((nnet.evaluate('masked', '{1,0,0,0,0,0,0,1,0}', '{1,2}') ->> 'loss')::float8 - (nnet.evaluate('masked', '{1,0,0,0,1,0}', '{1,2}') ->> 'loss')::float8) < 1e-6 AS hidden;

SET client_min_messages = warning;
DROP SCHEMA test_ctc CASCADE;
