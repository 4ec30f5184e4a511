-- Losses and metrics with arguments.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_arguments;
SET search_path = test_arguments;
\set SHOW_CONTEXT never
\set VERBOSITY terse

CREATE TABLE rows AS
    SELECT i, ARRAY[(i * 7919 % 1000) / 1000.0, (i * 104729 % 1000) / 1000.0]::real[] AS x,
        (i * 7919 % 1000 + i % 400 > i * 104729 % 1000 + 200)::int AS bit,
        (i * 7919 % 1000) / 334 AS class,
        ARRAY[(i * 31 % 100) / 100.0, (i * 17 % 100) / 100.0]::real[] AS reals
    FROM generate_series(1, 600) i;
CREATE FUNCTION pg_temp.fails(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
    detail text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(E'\n', SQLSTATE || ': ' || SQLERRM, 'DETAIL: ' || nullif(detail, ''), 'HINT: ' || left(nullif(hint, ''), 120));
END $$;
-- What an object has of another, numbers by a tolerance.
CREATE FUNCTION pg_temp.same(a jsonb, b jsonb) RETURNS boolean LANGUAGE sql AS $$
    SELECT bool_and(CASE jsonb_typeof(v)
            WHEN 'array' THEN (SELECT bool_and(abs(p::float8 - q::float8) < 1e-6)
                               FROM ROWS FROM (jsonb_array_elements_text(v), jsonb_array_elements_text(b->k)) AS e (p, q))
            ELSE abs(v::float8 - (b->k)::float8) < 1e-6 * greatest(1, abs(v::float8)) END)
    FROM jsonb_each(a) AS j (k, v)
$$;

-- ---- made by functions ----
SELECT nnet.huber(2), nnet.dice(), nnet.dice(-1, name => 'overlap'), nnet.tversky(axis => '{1,2}');
SELECT nnet.categorical_focal_crossentropy(ARRAY[1, 2.5]), nnet.sparse_categorical_crossentropy(ignore_class => 255);
SELECT nnet.precision(), nnet.recall('{0.3,0.5}'), nnet.recall_at_precision(0.5), nnet.recall_at_precision("precision" => 0.7);
SELECT nnet.auc(curve => 'PR'), nnet.iou(3, ARRAY[0, 1]), nnet.binary_iou(), nnet.top_k_categorical_accuracy(2);
SELECT pg_temp.fails($$SELECT nnet.huber(-1)$$);
SELECT pg_temp.fails($$SELECT nnet.huber(dleta => 1)$$);
SELECT pg_temp.fails($$SELECT nnet.categorical_generalized_cross_entropy(0)$$);
SELECT pg_temp.fails($$SELECT nnet.binary_crossentropy(label_smoothing => 1.5)$$);
SELECT pg_temp.fails($$SELECT nnet.categorical_focal_crossentropy('{}')$$);
SELECT pg_temp.fails($$SELECT nnet.dice('first')$$);
SELECT pg_temp.fails($$SELECT nnet.dice(9)$$);
SELECT pg_temp.fails($$SELECT nnet.dice(name => 'epochs')$$);
SELECT pg_temp.fails($$SELECT nnet.precision(ARRAY[0.5, 2])$$);
SELECT pg_temp.fails($$SELECT nnet.precision(ARRAY[0.5, NULL])$$);
SELECT pg_temp.fails($$SELECT nnet.auc(curve => 'DET')$$);
SELECT pg_temp.fails($$SELECT nnet.auc(num_labels => 2)$$);
SELECT pg_temp.fails($$SELECT nnet.iou(3, ARRAY[3])$$);
SELECT pg_temp.fails($$SELECT nnet.iou(NULL, ARRAY[1])$$);
SELECT pg_temp.fails($$SELECT nnet.mean_iou(2000)$$);
SELECT pg_temp.fails($$SELECT nnet.auc(name => '')$$);

-- ---- given to compile, in each way ----
SELECT setseed(0.25);
SELECT nnet.create_model('m', nnet.input(2), nnet.dense(8, activation => 'relu'), nnet.dense(1, activation => 'sigmoid'));
CREATE FUNCTION pg_temp.compiled(model regclass) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    config jsonb;
BEGIN
    EXECUTE format('SELECT config FROM %s WHERE layer = -1', model) INTO config;
    RETURN config - 'seed' - 'optimizer' - 'steps' - 'history';
END $$;
SELECT nnet.compile('m', nnet.binary_crossentropy(label_smoothing => 0.1), metrics => nnet.auc(curve => 'PR', name => 'pr'));
SELECT pg_temp.compiled('m');
SELECT nnet.compile('m', '{"kind": "huber", "delta": 2}', metrics => ARRAY[nnet.precision(), nnet.recall()]);
SELECT pg_temp.compiled('m');
SELECT nnet.compile('m', 'mse', metrics => '["accuracy", {"kind": "f1_score", "threshold": 0.5}]', weighted_metrics => '["accuracy"]');
SELECT pg_temp.compiled('m');
-- by the name of the output, with and without arguments
SELECT nnet.compile('m', '{"dense_1": {"kind": "huber", "delta": 2}}', metrics => '{"dense_1": ["mae", {"kind": "huber", "delta": 2}]}');
SELECT pg_temp.compiled('m');
-- by names alone it is what earlier versions read, too
SELECT nnet.compile('m', 'binary_focal_crossentropy', metrics => '{precision,recall}');
SELECT pg_temp.compiled('m');
SELECT pg_temp.fails($$SELECT nnet.compile('m', 3)$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', '{"delta": 3}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', '{"kind": 3}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', '{"kind": "hubert", "delta": 3}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', '{"kind": "huber", "dleta": 3}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', 'mse', metrics => ARRAY[nnet.auc(), NULL])$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', 'mse', metrics => ARRAY[nnet.auc(), nnet.auc(curve => 'PR')])$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', 'mse', metrics => '[3]')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', 'mse', metrics => '[{"kind": "precision", "class_id": 1}]')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', 'mse', metrics => 'pearson_correlation')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', '{"kind": "dice", "axis": [1, 2]}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('m', 'categorical_hinge')$$);

-- an output that is called as the key of a kind
SELECT nnet.create_model('named', nnet.input(2), nnet.dense(2, name => 'kind'), nnet.dense(2, name => 'delta', inputs => '{input}'));
SELECT nnet.compile('named', '{"kind": "mse", "delta": {"kind": "huber", "delta": 3}}', metrics => '{"delta": "mae"}');
SELECT pg_temp.compiled('named');
SELECT nnet.compile('named', '{"kind": "huber", "delta": 3, "name": "both"}');
SELECT pg_temp.compiled('named');
-- what a stranger's table says
UPDATE named SET config = config || '{"loss": {"kind": "huber", "delta": "3"}}' WHERE layer = -1;
SELECT pg_temp.fails($$SELECT nnet.evaluate('named', x, reals || reals) FROM rows$$);
UPDATE named SET config = config || '{"loss": "mse", "metrics": [{"kind": "auc", "thresholds": [0.5, {}]}]}' WHERE layer = -1;
SELECT pg_temp.fails($$SELECT nnet.evaluate('named', x, reals || reals) FROM rows$$);

-- ---- what metrics come to ----
SELECT nnet.compile('m', 'binary_crossentropy', metrics => ARRAY[nnet.precision(), nnet.recall(), nnet.true_positives(),
    nnet.true_negatives(), nnet.false_positives(), nnet.false_negatives(), nnet.binary_accuracy(0.3), nnet.auc(),
    nnet.fbeta_score(threshold => 0.5), nnet.recall('{0.7,0.2}', name => 'at'), nnet.binary_iou(), '{"kind": "r2_score"}']);
SELECT nnet.fit('m', x, bit, nnet.options(epochs => 2, validation_split => 0.25, seed => 1)) AS fitted FROM (SELECT * FROM rows ORDER BY i) r \gset
SELECT metrics FROM nnet.history('m') WHERE epoch = 2 \gset
SELECT key FROM jsonb_object_keys(:'metrics'::jsonb) AS key WHERE key ~ '^val_' ORDER BY key COLLATE "C";
-- the last epoch's are what evaluate says of the same rows
SELECT nnet.evaluate('m', x, bit) AS r FROM rows WHERE i > 450 \gset
SELECT pg_temp.same(:'r'::jsonb - '{loss,samples,skipped}'::text[],
                    (SELECT jsonb_object_agg(substr(k, 5), v) FROM jsonb_each(:'metrics'::jsonb) AS j (k, v) WHERE k ~ '^val_')) AS same;
-- and what queries say
CREATE TABLE predicted AS SELECT i, bit, (nnet.predict('m', x))[1] AS p FROM rows;
SELECT nnet.evaluate('m', x, bit) AS r FROM rows \gset
SELECT pg_temp.same(jsonb_build_object(
        'precision', nnet.precision_score(bit, (p > 0.5)::int), 'recall', nnet.recall_score(bit, (p > 0.5)::int),
        'true_positives', count(*) FILTER (WHERE bit = 1 AND p > 0.5), 'true_negatives', count(*) FILTER (WHERE bit = 0 AND p <= 0.5),
        'false_positives', count(*) FILTER (WHERE bit = 0 AND p > 0.5), 'false_negatives', count(*) FILTER (WHERE bit = 1 AND p <= 0.5),
        'binary_accuracy', avg(((p > 0.3)::int = bit)::int), 'r2_score', nnet.r2_score(bit, p),
        'at', ARRAY[avg((p > 0.7)::int) FILTER (WHERE bit = 1), avg((p > 0.2)::int) FILTER (WHERE bit = 1)]),
    :'r'::jsonb) AS same
FROM predicted;
SELECT abs((:'r'::jsonb->'fbeta_score')::float8 - nnet.f1_score(bit, (p > 0.5)::int)) < 1e-6 AS f1 FROM predicted;
-- parallel workers
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 4;
SELECT pg_temp.same(nnet.evaluate('m', x, bit), :'r'::jsonb) AS parallel FROM rows;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
-- as a value, whose evaluations add up
SELECT pg_temp.same(nnet.evaluate(nnet.score_value(nnet.pack('m'), x, bit)), :'r'::jsonb) AS value FROM rows;

-- ---- which is better ----
CREATE FUNCTION pg_temp.best(monitor text, OUT is boolean) LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    SELECT nnet.fit('m', x, bit, nnet.options(epochs => 12, validation_split => 0.25, seed => 3, best_weights => true,
        early_stopping => nnet.early_stopping(monitor, patience => 20))) INTO result FROM (SELECT * FROM rows ORDER BY i) r;
    EXECUTE format($q$SELECT abs(best - (%L::jsonb->>%L)::float8) < 1e-9 FROM
        (SELECT CASE WHEN %L THEN min(v) ELSE max(v) END AS best
         FROM (SELECT (metrics->>%L)::float8 AS v FROM nnet.history('m') ORDER BY epoch DESC LIMIT 12) h) b$q$,
        result, monitor, monitor ~ 'false|loss', monitor) INTO is;
END $$;
SELECT pg_temp.best('val_recall') AS recall, pg_temp.best('val_false_positives') AS falsely, pg_temp.best('true_negatives') AS truly;
SELECT pg_temp.fails($$SELECT nnet.fit('m', x, bit, nnet.options(epochs => 2, early_stopping => nnet.early_stopping('at'))) FROM rows$$);
SELECT pg_temp.fails($$SELECT nnet.permutation_importance('m', x, bit, '{"metric": "at"}') FROM rows$$);
CREATE FUNCTION pg_temp.searched(scoring text) RETURNS SETOF text LANGUAGE sql AS $q$
    SELECT concat_ws(' ', candidate, score = (SELECT CASE WHEN $1 ~ 'false' THEN min(s.score) ELSE max(s.score) END
                                              FROM nnet.search(NULL, c, r, 3, $1, options => o) s), error)
    FROM (VALUES ($$SELECT n::text AS name, ARRAY[nnet.input(2), nnet.dense(1, activation => 'sigmoid')] AS layers, nnet.binary_focal_crossentropy() AS loss,
                    ARRAY[nnet.recall(), nnet.false_positives(), nnet.recall('{0.2,0.8}', name => 'at')] AS metrics, nnet.adam(0.02 * n) AS optimizer
                    FROM generate_series(1, 3) n$$, 'SELECT x, bit AS y FROM rows ORDER BY i', nnet.options(epochs => 2, seed => 1))) AS v (c, r, o),
        LATERAL nnet.search(NULL, c, r, 3, $1, options => o) WHERE rank = 1
$q$;
SELECT pg_temp.searched('recall') ~ ' t$' AS recall, pg_temp.searched('false_positives') ~ ' t$' AS falsely;
SELECT error FROM nnet.search(NULL, $$SELECT ARRAY[nnet.input(2), nnet.dense(1, activation => 'sigmoid')] AS layers, 'mse' AS loss,
    '[{"kind": "recall", "thresholds": [0.2, 0.8]}]'::jsonb AS metrics$$, 'SELECT x, bit AS y FROM rows', 3, 'recall');
SELECT bool_and(jsonb_array_length(figures->'val_at') = 2) AS arrays FROM nnet.cross_validate(
    ARRAY[nnet.input(2), nnet.dense(1, activation => 'sigmoid')], 'SELECT x, bit AS y FROM rows ORDER BY i', 3,
    nnet.binary_crossentropy(label_smoothing => 0.1), metrics => nnet.recall('{0.2,0.8}', name => 'at'));

-- ---- arrays in a long history ----
SELECT nnet.create_model('long', nnet.input(2), nnet.dense(2));
SELECT nnet.compile('long', 'mse', metrics => '[{"kind": "r2_score", "class_aggregation": "none"}]');
SELECT nnet.fit('long', x, reals, nnet.options(epochs => 150, seed => 1, batch_size => 100)) ? 'r2_score' AS fitted FROM rows WHERE i <= 100;
SELECT count(*), bool_and(jsonb_array_length(metrics->'r2_score') = 2) AS arrays FROM nnet.history('long');
SELECT jsonb_array_length(metrics->'r2_score') AS rounded FROM nnet.history('long', 2) LIMIT 1;
SELECT nnet.plot('long') ~ '^<svg' AS plot, nnet.report('long', nnet.evaluate('long', x, reals)) ~ 'r2_score' AS report FROM rows;

-- ---- a class that does not count ----
SELECT nnet.create_model('classes', nnet.input(2), nnet.dense(8, activation => 'relu'), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('classes', nnet.sparse_categorical_crossentropy(ignore_class => -1),
    metrics => '["accuracy", "sparse_categorical_crossentropy", {"kind": "precision", "top_k": 1}]');
SELECT nnet.fit('classes', x, CASE WHEN i % 3 = 0 THEN -1 ELSE class END,
        nnet.options(epochs => 2, validation_split => 0.2, stratify => true, class_weight => 'balanced', seed => 1)) ? 'val_loss' AS fitted
FROM rows;
SELECT nnet.evaluate('classes', x, CASE WHEN i % 3 = 0 THEN -1 ELSE class END) AS some, nnet.evaluate('classes', x, class) FILTER (WHERE i % 3 <> 0) AS others
FROM rows \gset
SELECT pg_temp.same(jsonb_build_object('loss', :'some'::jsonb->'loss', 'sparse_categorical_crossentropy', :'some'::jsonb->'loss'), :'others'::jsonb) AS same;
SELECT pg_temp.fails($$SELECT nnet.evaluate('classes', x, CASE WHEN i % 3 = 0 THEN -2 ELSE class END) FROM rows$$);
SELECT pg_temp.fails($$SELECT nnet.compile('classes', nnet.sparse_categorical_crossentropy(ignore_class => -1),
    metrics => nnet.sparse_categorical_crossentropy(ignore_class => 1))$$);
SELECT nnet.compile('classes', nnet.sparse_categorical_crossentropy(ignore_class => 1));
SELECT nnet.fit('classes', x, class, nnet.options(class_weight => '{"0": 2}', seed => 1)) ? 'loss' AS fitted FROM rows;
SELECT candidate, error FROM nnet.search(NULL, $$SELECT n::text AS name, ARRAY[nnet.input(2), nnet.dense(3, activation => 'softmax')] AS layers,
    CASE n WHEN 1 THEN nnet.sparse_categorical_crossentropy(ignore_class => -1) ELSE '"sparse_categorical_crossentropy"' END AS loss, '{accuracy}'::text[] AS metrics
    FROM generate_series(1, 2) n$$, 'SELECT x, CASE WHEN i % 3 = 0 THEN -1 ELSE class END AS y FROM rows', 2, 'accuracy', options => nnet.options(seed => 1));

-- ---- logits ----
SELECT nnet.create_model('logit', nnet.input(2), nnet.dense(1));
SELECT nnet.compile('logit', nnet.binary_crossentropy(from_logits => true), metrics => ARRAY[nnet.auc(from_logits => true), nnet.binary_accuracy(0)]);
SELECT nnet.fit('logit', x, bit, nnet.options(epochs => 5, seed => 1)) ? 'loss' AS fitted FROM rows;
-- the class is by the logit's sign
SELECT bool_and(nnet.classify('logit', x)::int = ((nnet.predict('logit', x))[1] > 0)::int) AS sign, count(DISTINCT nnet.classify('logit', x)) AS classes FROM rows;
SELECT abs((nnet.evaluate('logit', x, bit)->'binary_accuracy')::float8 - avg((nnet.classify('logit', x)::int = bit)::int)) < 1e-9 AS accuracy FROM rows;
\set VERBOSITY default
SELECT nnet.compile('m', nnet.binary_crossentropy(from_logits => true));
SELECT nnet.fit('m', x, bit, nnet.options(seed => 1)) ? 'loss' AS fitted FROM rows;
SELECT nnet.compile('logit', 'categorical_focal_crossentropy');
SELECT nnet.compile('logit', 'dice');
SELECT nnet.fit('logit', x, bit, nnet.options(seed => 1)) ? 'loss' AS fitted FROM rows;
-- a discriminator has its own
SELECT nnet.create_model('gen', nnet.input(3), nnet.dense(2));
SELECT nnet.compile('gen', 'mse');
SELECT nnet.compile('m', nnet.binary_crossentropy(label_smoothing => 0.1));
SELECT nnet.fit_gan('gen', 'm', x) FROM rows;

SET client_min_messages = warning;
DROP SCHEMA test_arguments CASCADE;
