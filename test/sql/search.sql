-- nnet.search and nnet.cross_validate: what they find, that it is what nnet.fit()
-- finds, how rows are shared out, and what is refused.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_search;
SET search_path = test_search;
\set SHOW_CONTEXT never

CREATE TABLE rows AS
    SELECT i AS id, ARRAY[sin(i), cos(i * 1.7), sin(i * 0.3)]::real[] AS x,
        CASE WHEN sin(i) + cos(i * 1.7) > 0.3 THEN 'big' WHEN sin(i * 0.3) > 0 THEN 'mid' ELSE 'low' END AS y,
        (sin(i) + cos(i * 1.7))::real AS amount
    FROM generate_series(1, 600) i;

-- a grid, candidates that cannot be, and the best as a model
CREATE TABLE found AS SELECT * FROM nnet.search('best', $$
    SELECT 'units ' || units AS name, units, ARRAY[nnet.input(3), nnet.dense(units, 'relu'), nnet.dense(3, 'softmax')] AS layers,
        'sparse_categorical_crossentropy' AS loss, nnet.adam(0.02) AS optimizer, '{accuracy}' AS metrics
    FROM unnest('{1,32}'::int[]) AS units
    UNION ALL
    SELECT 'of four', 0, ARRAY[nnet.input(4), nnet.dense(3, 'softmax')], 'sparse_categorical_crossentropy', nnet.adam(), 'accuracy'
    UNION ALL
    SELECT 'two classes', 0, ARRAY[nnet.input(3), nnet.dense(2, 'softmax')], 'sparse_categorical_crossentropy', nnet.adam(), 'accuracy'
    UNION ALL
    SELECT 'diverges', 0, ARRAY[nnet.input(3), nnet.dense(9), nnet.dense(3, 'softmax')], 'sparse_categorical_crossentropy', nnet.sgd(1e6), 'accuracy'
    UNION ALL
    SELECT 'no such shape', 0, ARRAY[nnet.input(3), nnet.reshape('{7}'), nnet.dense(3, 'softmax')], 'sparse_categorical_crossentropy', nnet.adam(), 'accuracy'
    UNION ALL
    SELECT 'no such loss', 0, ARRAY[nnet.input(3), nnet.dense(3, 'softmax')], 'no_loss', nnet.adam(), 'accuracy'
    UNION ALL
    SELECT 'no such metric', 0, ARRAY[nnet.input(3), nnet.dense(3, 'softmax')], 'sparse_categorical_crossentropy', nnet.adam(), NULL
    UNION ALL
    SELECT 'no layers', 0, NULL, 'sparse_categorical_crossentropy', nnet.adam(), 'accuracy';
$$, 'SELECT x, y FROM rows', folds => 3, scoring => 'accuracy', options => nnet.options(epochs => 10, seed => 1));
SELECT rank, candidate, params, cardinality(scores), score > 0.8 AS good, seconds >= 0 AS seconds, left(error, 60) AS error FROM found ORDER BY rank, candidate;
SELECT bool_and(abs(score - (scores[1] + scores[2] + scores[3]) / 3) < 1e-12) AS mean,
    bool_and(abs(std - (SELECT stddev_pop(s) FROM unnest(scores) s)) < 1e-12) AS std,
    bool_and((metrics ->> 'val_accuracy')::float8 = score) AS metric,
    (SELECT array_agg(k ORDER BY k) FROM found, jsonb_object_keys(metrics) k WHERE rank = 1) AS metrics
FROM found WHERE rank IS NOT NULL;
SELECT name, kind, parameters FROM nnet.summary('best');
SELECT count(*) AS epochs, min(samples) AS samples FROM nnet.history('best');
SELECT label FROM nnet.labels('best') ORDER BY class;
SELECT (nnet.evaluate('best', x, y) ->> 'accuracy')::float8 > 0.85 AS good FROM rows;
SELECT avg((nnet.classify('best', x) = y)::int) > 0.85 AS good FROM rows;

-- columns by whatever name describe a candidate
SELECT candidate, params, error FROM nnet.search(NULL, $$
    SELECT 'a' AS candidate, 7 AS value, ARRAY[nnet.input(3), nnet.dense(3, 'softmax')] AS layers, 'sparse_categorical_crossentropy' AS loss $$,
    'SELECT x, y FROM rows AS candidate', 2);

-- the same seed finds the same, whatever the number of threads; another one does not
CREATE FUNCTION validated(seed int, threads int, rows text DEFAULT 'SELECT x, y FROM rows') RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('nnet.threads', threads::text, true);
    RETURN (SELECT jsonb_agg(figures ORDER BY fold) FROM nnet.cross_validate(
        ARRAY[nnet.input(3), nnet.normalization(), nnet.dense(8, 'relu'), nnet.dropout(0.2), nnet.dense(3, 'softmax')],
        rows, 4, 'sparse_categorical_crossentropy', metrics => '{accuracy}',
        options => nnet.options(epochs => 2, seed => seed)));
END $$;
SELECT validated(1, 1) = validated(1, 1) AS again, validated(1, 1) = validated(1, 2) AS threads,
    validated(1, 1) = validated(1, 3) AS more_threads, validated(1, 1) <> validated(2, 1) AS another_seed;

-- the best is trained on all rows, in whole batches
SELECT candidate FROM nnet.search('whole', $$SELECT ARRAY[nnet.input(2), nnet.dense(2, 'softmax')] AS layers,
    'sparse_categorical_crossentropy' AS loss$$, 'SELECT ARRAY[i % 7, i % 5]::real[], i % 2 FROM generate_series(1, 40000) AS i', folds => 2,
    options => nnet.options(seed => 1, batch_size => 60));
SELECT (config ->> 'steps')::int AS steps, ceil(40000 / 60.0) AS batches FROM whole WHERE layer = -1;

-- a fold's figures are those of nnet.fit() with that fold for validation
SELECT nnet.create_model('zero', nnet.input(3), nnet.normalization(), nnet.dense(3, 'softmax', kernel_initializer => 'zeros')) \g /dev/null
SELECT nnet.compile('zero', 'sparse_categorical_crossentropy', metrics => '{accuracy}');
SELECT nnet.fit('zero', x, y, nnet.options(epochs => 3, shuffle => false, seed => 1), id % 3 = 1 ORDER BY id) AS fitted FROM rows \gset
SELECT fold, epochs, samples, val_samples, seconds >= 0 AS seconds,
    abs(score - (:'fitted'::jsonb ->> 'val_accuracy')::float8) < 1e-6 AS score,
    abs((figures ->> 'loss')::float8 - (:'fitted'::jsonb ->> 'loss')::float8) < 1e-6 AS loss,
    abs((figures ->> 'val_loss')::float8 - (:'fitted'::jsonb ->> 'val_loss')::float8) < 1e-6 AS val_loss
FROM nnet.cross_validate(ARRAY[nnet.input(3), nnet.normalization(), nnet.dense(3, 'softmax', kernel_initializer => 'zeros')],
    'SELECT x, y, id % 3 AS fold FROM rows ORDER BY id', loss => 'sparse_categorical_crossentropy',
    metrics => '{accuracy}', scoring => 'val_accuracy', options => nnet.options(epochs => 3, shuffle => false, seed => 1))
WHERE fold = 2;

-- how rows are shared out: by classes unless told otherwise, by groups, as they say
CREATE FUNCTION folds(rows text, k int DEFAULT 5, stratify boolean DEFAULT NULL) RETURNS TABLE (samples bigint, val_samples bigint) LANGUAGE sql
AS $$ SELECT samples, val_samples FROM nnet.cross_validate(ARRAY[nnet.input(3), nnet.dense(3, 'softmax')], rows, k,
    'sparse_categorical_crossentropy', stratify => stratify, options => nnet.options(seed => 3)) ORDER BY fold $$;
SELECT * FROM folds('SELECT x, y FROM rows WHERE id <= 13');
SELECT * FROM folds('SELECT x, y FROM rows WHERE id <= 13', 3, false);
SELECT * FROM folds('SELECT x, y, CASE WHEN id > 3 THEN id % 2 END AS fold FROM rows WHERE id <= 13');
SELECT * FROM folds('SELECT x, y, id / 4 AS "group" FROM rows WHERE id <= 13', 3);
SELECT * FROM folds('SELECT CASE WHEN id > 2 THEN x END, CASE WHEN id <> 5 THEN y END FROM rows WHERE id <= 13', 2);
-- a class of which each fold has a row is known to each training
SELECT min((figures ->> 'val_accuracy')::float8) = 1 AS all_right FROM nnet.cross_validate(
    ARRAY[nnet.input(1), nnet.normalization(), nnet.dense(2, 'softmax')],
    'SELECT (i <= 5)::int, (i <= 5)::int FROM generate_series(1, 100) i', 5, 'sparse_categorical_crossentropy', nnet.adam(0.3),
    'accuracy', options => nnet.options(epochs => 20, seed => 1));

-- weights of rows count
SELECT validated(1, 1, 'SELECT x, y, 1.0 AS weight FROM rows') = validated(1, 1) AS of_one,
    validated(1, 1, 'SELECT x, y, 1 + id % 2 AS weight FROM rows') <> validated(1, 1) AS of_two;

-- weights of classes count in training alone: as weights of rows do there, and as without them in validation
CREATE FUNCTION weighed(rows text, class_weight text, k int DEFAULT 3, threads int DEFAULT 2) RETURNS TABLE (fold int, figures jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('nnet.threads', threads::text, true);
    RETURN QUERY SELECT v.fold, v.figures FROM nnet.cross_validate(ARRAY[nnet.input(3), nnet.dense(8, 'relu'), nnet.dense(3, 'softmax')],
        rows, k, 'sparse_categorical_crossentropy', metrics => '{accuracy,sparse_categorical_crossentropy}',
        options => nnet.options(epochs => 2, seed => 1, class_weight => class_weight::jsonb)) v;
END $$;
CREATE FUNCTION by_row(weights text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT x, y, (%L::jsonb ->> y)::real AS weight FROM rows', weights) $$;
SELECT c.fold, c.figures - '{val_loss}'::text[] = r.figures - '{val_loss}'::text[] AS as_rows, c.figures <> n.figures AS count,
    c.figures -> 'val_loss' <> r.figures -> 'val_loss' AS unweighted,
    abs((c.figures ->> 'val_loss')::float8 - (c.figures ->> 'val_sparse_categorical_crossentropy')::float8) < 1e-6 AS val_loss
FROM weighed('SELECT x, y FROM rows', '{"low": 5, "mid": 0.5}') c
    JOIN weighed(by_row('{"low": 5, "mid": 0.5, "big": 1}'), NULL) r USING (fold)
    JOIN weighed('SELECT x, y FROM rows', NULL) n USING (fold);
-- both are multiplied, whatever the number of threads
SELECT bool_and(a.figures - '{val_loss}'::text[] = b.figures - '{val_loss}'::text[]) AS both
FROM weighed(by_row('{"low": 5, "mid": 3, "big": 1}'), '{"mid": 0.5}', threads => 1) a
    JOIN weighed(by_row('{"low": 5, "mid": 1.5, "big": 1}'), NULL, threads => 3) b USING (fold);
-- balanced by the rows that a training has
SELECT f AS fold, (SELECT figures FROM weighed(halves, '"balanced"') WHERE fold = f) = (SELECT figures FROM weighed(halves, counted.weights) WHERE fold = f) AS balanced
FROM (VALUES ('SELECT x, y, (id <= 200)::int AS fold FROM rows ORDER BY id')) v (halves), generate_series(1, 2) f,
    LATERAL (SELECT jsonb_object_agg(y, (sum::float8 / (3 * n))::text::numeric)::text AS weights
             FROM (SELECT y, count(*) AS n, sum(count(*)) OVER () FROM rows WHERE (id <= 200) = (f = 1) GROUP BY y) c) counted;
-- a candidate with weights of its own is trained with them as a model, too, as by rows that weigh so
SELECT rank, candidate, error FROM nnet.search('by_class', $$
    SELECT 'weighs ' || w AS name, ARRAY[nnet.input(3), nnet.dense(8, 'relu'), nnet.dense(3, 'softmax')] AS layers,
        'sparse_categorical_crossentropy' AS loss, 'accuracy' AS metrics, nnet.options(epochs => 8, class_weight => jsonb_build_object('low', w)) AS options
    FROM unnest('{2}'::float8[]) w
    UNION ALL
    SELECT 'no such class', ARRAY[nnet.input(3), nnet.dense(3, 'softmax')], 'sparse_categorical_crossentropy', 'accuracy', nnet.options(class_weight => '{"none": 2}')
    UNION ALL
    SELECT 'of no class', ARRAY[nnet.input(3), nnet.dense(1)], 'mse', 'accuracy', nnet.options(class_weight => 'balanced') $$,
    'SELECT x, y FROM rows', 3, 'accuracy', options => nnet.options(epochs => 8, seed => 1));
SELECT count(*) FROM nnet.search('by_weight', $$ SELECT 'net' AS name, ARRAY[nnet.input(3), nnet.dense(8, 'relu'), nnet.dense(3, 'softmax')] AS layers,
        'sparse_categorical_crossentropy' AS loss, 'accuracy' AS metrics $$,
    by_row('{"low": 2, "mid": 1, "big": 1}'), 3, 'accuracy', options => nnet.options(epochs => 8, seed => 1));
SELECT bool_and(a.weights = b.weights) AS as_rows FROM by_class a JOIN by_weight b USING (layer) WHERE layer >= 0;
-- of steps of different number each has a weight
\set steps 'SELECT ARRAY(SELECT ARRAY[sin(i * s)]::real[] FROM generate_series(1, 2 + i % 3) s), ARRAY(SELECT (sin(i * s) > 0.5)::int FROM generate_series(1, 2 + i % 3) s) FROM generate_series(1, 40) i'
\set weighed_steps 'SELECT ARRAY(SELECT ARRAY[sin(i * s)]::real[] FROM generate_series(1, 2 + i % 3) s), ARRAY(SELECT (sin(i * s) > 0.5)::int FROM generate_series(1, 2 + i % 3) s), ARRAY(SELECT CASE WHEN sin(i * s) > 0.5 THEN 4 ELSE 1 END::real FROM generate_series(1, 2 + i % 3) s) AS weight FROM generate_series(1, 40) i'
SELECT bool_and(a.figures - '{val_loss}'::text[] = b.figures - '{val_loss}'::text[]) AS as_rows, bool_and(a.figures <> c.figures) AS count
FROM nnet.cross_validate(ARRAY[nnet.input(NULL, 1), nnet.lstm(4, return_sequences => true), nnet.dense(2, 'softmax')], :'steps', 2,
        'sparse_categorical_crossentropy', options => nnet.options(epochs => 2, seed => 1, class_weight => '{"1": 4}')) a
    JOIN nnet.cross_validate(ARRAY[nnet.input(NULL, 1), nnet.lstm(4, return_sequences => true), nnet.dense(2, 'softmax')], :'weighed_steps', 2,
        'sparse_categorical_crossentropy', options => nnet.options(epochs => 2, seed => 1)) b USING (fold)
    JOIN nnet.cross_validate(ARRAY[nnet.input(NULL, 1), nnet.lstm(4, return_sequences => true), nnet.dense(2, 'softmax')], :'steps', 2,
        'sparse_categorical_crossentropy', options => nnet.options(epochs => 2, seed => 1)) c USING (fold);

-- options of steering work for each training; the best is trained as long as these were
SELECT candidate, (metrics ->> 'val_loss')::float8 <= 0.5 AS good FROM nnet.search('stopped', $$
    SELECT 'net' AS name, ARRAY[nnet.input(3), nnet.dense(16, 'relu'), nnet.dense(3, 'softmax')] AS layers,
        'sparse_categorical_crossentropy' AS loss, nnet.adam(0.1) AS optimizer,
        nnet.options(epochs => 200, early_stopping => nnet.early_stopping(patience => 2)) AS options $$,
    'SELECT x, y FROM rows', folds => 2, options => nnet.options(epochs => 3, seed => 1));
SELECT count(*) BETWEEN 4 AND 150 AS stopped FROM nnet.history('stopped');

-- what is learned of all rows (labels, vocabularies) is the best model's, too; steps may vary
SELECT rank, candidate, error FROM nnet.search('texts', $$
    SELECT 'width ' || width AS name, ARRAY[nnet.input(NULL), nnet.text_vectorization(), nnet.embedding(20, width),
        nnet.global_average_pooling1d(), nnet.dense(1, 'sigmoid')] AS layers, 'binary_crossentropy' AS loss, nnet.adam(0.1) AS optimizer
    FROM unnest('{2,4}'::int[]) AS width $$,
    $$ SELECT repeat(CASE WHEN i % 2 = 0 THEN 'good ' ELSE 'bad ' END, 1 + i % 5), i % 2 = 0 FROM generate_series(1, 60) i $$,
    folds => 3, options => nnet.options(epochs => 20, seed => 4)) ORDER BY candidate;
SELECT nnet.classify('texts', 'good'), nnet.classify('texts', 'bad bad');

-- candidates of different losses: by a metric alone
SELECT rank, candidate, error FROM nnet.search(NULL, $$
    SELECT loss AS name, ARRAY[nnet.input(3), nnet.dense(1)] AS layers, loss, 'mae' AS metrics FROM unnest('{mse,mae}'::text[]) AS loss $$,
    'SELECT x, amount FROM rows', scoring => 'mae', options => nnet.options(seed => 1));
SELECT * FROM nnet.search(NULL, $$
    SELECT loss AS name, ARRAY[nnet.input(3), nnet.dense(1)] AS layers, loss FROM unnest('{mse,mae}'::text[]) AS loss $$,
    'SELECT x, amount FROM rows');
-- without a name, they are numbered
SELECT candidate FROM nnet.search(NULL, $$ SELECT ARRAY[nnet.input(3), nnet.dense(1)] AS layers, 'mse' AS loss $$, 'SELECT x, amount FROM rows');

-- none can be trained
SELECT rank, candidate, error FROM nnet.search('none', $$
    SELECT 'a' AS name, ARRAY[nnet.input(3), nnet.dense(1)] AS layers, NULL AS loss
    UNION ALL SELECT 'b', NULL, 'mse' $$, 'SELECT x, amount FROM rows') ORDER BY candidate;
SELECT to_regclass('none');
-- the last of several kinds of candidates
SELECT rank, candidate, error FROM nnet.search(NULL, $$
    SELECT 'a' AS name, ARRAY[nnet.input(2), nnet.dense(1)] AS layers, 'mse' AS loss
    UNION ALL SELECT 'b', ARRAY[nnet.input(4), nnet.dense(1)], 'mse' $$, 'SELECT x, amount FROM rows') ORDER BY candidate;

-- what fit would warn of
SELECT candidate, rank FROM nnet.search(NULL, $$ SELECT 'raw' AS name, ARRAY[nnet.input(3), nnet.dense(3)] AS layers,
    'sparse_categorical_crossentropy' AS loss $$, 'SELECT x, y FROM rows');

-- refusals
\set candidate '$$ SELECT 1 AS name, ARRAY[nnet.input(3), nnet.dense(1)] AS layers, ''mse'' AS loss $$'
\set layers 'ARRAY[nnet.input(3), nnet.dense(1)]'
SELECT nnet.search(NULL, NULL, 'SELECT x, amount FROM rows');
SELECT nnet.search(NULL, :candidate, NULL);
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', scoring => NULL);
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', folds => 1);
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', folds => 1001);
\set VERBOSITY terse
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', options => '{"epoch": 1}');
\set VERBOSITY default
SELECT nnet.search(NULL, 'SELECT 1 WHERE false', 'SELECT x, amount FROM rows');
SELECT nnet.search(NULL, 'SELECT 1 FROM generate_series(1, 10001)', 'SELECT x, amount FROM rows');
SELECT error FROM nnet.search(NULL, 'SELECT', 'SELECT x, amount FROM rows');
SELECT nnet.search(NULL, 'SELEC', 'SELECT x, amount FROM rows');
SELECT nnet.search(NULL, 'SELECT 1) AS candidate (candidate); SELECT (1', 'SELECT x, amount FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, id FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, 1 AS fold, 1 AS fold FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, 1 AS fold, 1 AS "group" FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, 1.5 AS fold FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, id AS fold FROM rows WHERE id = 1');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, id + 5000 * i AS fold FROM rows, generate_series(1, 2) i');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, NULL::int AS fold FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, NULL::int AS "group" FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, id % 2 AS "group" FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows; SELECT x, amount FROM rows');
SELECT nnet.search(NULL, :candidate, ' -- none');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows WHERE id < 4');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows WHERE id < 0');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows WHERE id < 2');
SELECT nnet.search(NULL, :candidate, 'SELECT x[1:2], amount FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', stratify => true);
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, id % 5 AS fold FROM rows', stratify => true);
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount, id AS "group" FROM rows', stratify => true);
SELECT nnet.search(NULL, :candidate, 'DELETE FROM rows');
SELECT nnet.search('rows', :candidate, 'SELECT x, amount FROM rows');
SELECT nnet.search('', :candidate, 'SELECT x, amount FROM rows');
SELECT error FROM nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', scoring => 'accuracy');
SELECT error FROM nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', options => nnet.options(validation_split => 0.2));
SELECT error FROM nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', options => nnet.options(class_weight => 'balanced'));
SELECT error FROM nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows', options => nnet.options(class_weight => '{"a": "balanced"}'));
SELECT nnet.cross_validate(ARRAY[nnet.input(3), nnet.dense(3, 'softmax')], 'SELECT x, y FROM rows', 3, 'sparse_categorical_crossentropy',
    options => nnet.options(class_weight => '{"none": 2}'));
SELECT nnet.cross_validate(ARRAY[nnet.input(3), nnet.dense(3, 'softmax')], 'SELECT x, y, 1e20 AS weight FROM rows', 3, 'sparse_categorical_crossentropy',
    options => nnet.options(class_weight => '{"low": 1e30}'));
SELECT error FROM nnet.search(NULL, $$ SELECT ARRAY[nnet.input(3), nnet.dense(1)] AS layers, 'mse' AS loss, 1 AS options $$, 'SELECT x, amount FROM rows');
SELECT error FROM nnet.search(NULL, $$ SELECT ARRAY[nnet.input(3), nnet.dense(1)] AS layers, 'mse' AS loss, '{"epochs": -1}'::jsonb AS options $$, 'SELECT x, amount FROM rows');
SELECT nnet.cross_validate(NULL, 'SELECT x, amount FROM rows', 5, 'mse');
SELECT nnet.cross_validate(ARRAY[nnet.input(3), NULL], 'SELECT x, amount FROM rows', 5, 'mse');
SELECT nnet.cross_validate(:layers, 'SELECT x, amount FROM rows');
SELECT nnet.cross_validate(:layers, 'SELECT x, amount FROM rows', loss => 'mse', optimizer => NULL::jsonb);
SELECT nnet.cross_validate(:layers, 'SELECT x, amount FROM rows', loss => 'mse', scoring => 'accuracy');
SELECT nnet.cross_validate(:layers, 'SELECT x, amount * 1e30 FROM rows', loss => 'mse', optimizer => nnet.sgd(1e6), options => nnet.options(seed => 1));
SET maintenance_work_mem = '1MB';
SELECT nnet.cross_validate(ARRAY[nnet.input(2000), nnet.dense(1)], $$ SELECT ARRAY(SELECT 1::real FROM generate_series(1, 2000)), 1 FROM rows $$, loss => 'mse');
-- also where candidates keep them in two ways
SELECT candidate, error FROM nnet.search(NULL, $$
    SELECT 'a' AS name, ARRAY[nnet.input(2000), nnet.dense(1)] AS layers, 'mse' AS loss
    UNION ALL SELECT 'b', ARRAY[nnet.input(2000, 1), nnet.flatten(), nnet.dense(1)], 'mse' $$,
    $$ SELECT ARRAY(SELECT 1::real FROM generate_series(1, 2000)), 1 FROM rows $$) ORDER BY candidate;
RESET maintenance_work_mem;
-- what the arguments tell is told before a row is read
CREATE SEQUENCE reads;
CREATE FUNCTION is_read() RETURNS boolean LANGUAGE sql AS $$ SELECT nextval('test_search.reads') > 0 $$;
CREATE FUNCTION refused(query text, OUT message text, OUT rows_read boolean) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setval('test_search.reads', 1, false);
    BEGIN
        EXECUTE query INTO message;
    EXCEPTION WHEN OTHERS THEN
        message := SQLSTATE || ': ' || SQLERRM;
    END;
    SELECT is_called INTO rows_read FROM test_search.reads;
END $$;
CREATE FUNCTION of_search(options text, own text DEFAULT 'NULL') RETURNS text LANGUAGE sql AS $f$
    SELECT format($$SELECT string_agg(concat_ws(': ', candidate, left(error, 60)), '; ' ORDER BY candidate) FROM nnet.search(NULL, $c$
        SELECT 'a' AS name, ARRAY[nnet.input(3), nnet.dense(3, 'softmax')] AS layers, 'sparse_categorical_crossentropy' AS loss, %s::jsonb AS options
        UNION ALL SELECT 'b', ARRAY[nnet.input(3), nnet.dense(3, 'softmax')], 'sparse_categorical_crossentropy', NULL $c$,
        'SELECT x, id %% 3 AS y FROM rows WHERE is_read()', 2, %s)$$, own, options) $f$;
CREATE FUNCTION of_validation(options text) RETURNS text LANGUAGE sql AS $f$
    SELECT format($$SELECT count(*)::text FROM nnet.cross_validate(ARRAY[nnet.input(3), nnet.dense(3, 'softmax')], 'SELECT x, id %% 3 AS y FROM rows WHERE is_read()', 2,
        'sparse_categorical_crossentropy', %s)$$, options) $f$;
SELECT r.* FROM (VALUES
    (of_validation($$scoring => 'acuracy'$$)), (of_search($$scoring => 'acuracy'$$)),
    (of_validation($$options => nnet.options(early_stopping => nnet.early_stopping('val_acuracy'))$$)),
    (of_validation($$options => nnet.options(reduce_lr_on_plateau => nnet.reduce_lr_on_plateau('los'))$$)),
    (of_search($$options => nnet.options(early_stopping => nnet.early_stopping('val_acuracy'))$$)),
    (of_search($$options => nnet.options(epochs => 2)$$, $$nnet.options(early_stopping => nnet.early_stopping('val_acuracy'))$$)),
    (of_validation($$options => nnet.options(class_weight => '{"3": 2}')$$)),
    (of_search($$options => nnet.options(class_weight => '{"low": 2}')$$)),
    (of_search($$options => nnet.options(epochs => 2)$$, $$nnet.options(class_weight => '{"low": 2}')$$)),
    (of_validation($$options => nnet.options(class_weight => '{"2": 2}')$$)))
    AS v (query), LATERAL refused(query) AS r;
BEGIN READ ONLY;
SELECT nnet.search('new', :candidate, 'SELECT x, amount FROM rows');
ROLLBACK;
-- as a user without rights
CREATE ROLE nnet_search_user;
GRANT USAGE ON SCHEMA test_search TO nnet_search_user;
SET ROLE nnet_search_user;
SELECT nnet.search('new', :candidate, 'SELECT x, amount FROM rows');
SELECT nnet.search(NULL, :candidate, 'SELECT x, amount FROM rows');
RESET ROLE;
DROP OWNED BY nnet_search_user;
DROP ROLE nnet_search_user;

SET client_min_messages = warning;
DROP SCHEMA test_search CASCADE;
