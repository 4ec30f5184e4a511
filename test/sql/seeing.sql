-- nnet.summary with totals, nnet.history rounded, nnet.plot, nnet.report: what they
-- show, and that nothing a stranger wrote gets into a page as markup.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_seeing;
SET search_path = test_seeing;
\set SHOW_CONTEXT never

SELECT setseed(0.5) \g /dev/null
SELECT nnet.create_model('net', nnet.input(8, 8, 1), nnet.conv2d(8, 3, padding => 'same', name => 'a'), nnet.batch_normalization(),
    nnet.conv2d(8, 3, padding => 'same'), nnet.add('{a,conv2d}', name => '<script>alert(1)</script>&"'''), nnet.flatten(),
    nnet.dense(32, trainable => false), nnet.dense(3, activation => 'softmax'));
SELECT * FROM nnet.summary('net', true);
SELECT nnet.compile('net', 'sparse_categorical_crossentropy', nnet.adam(), '{accuracy}', '{<b>one</b>,two,three}');
SELECT name, parameters, size FROM nnet.summary('net', totals => true) WHERE layer IS NULL;
SELECT count(*) AS layers, sum(trainable) AS trainable FROM nnet.summary('net', false);
SELECT count(*) FROM nnet.summary('net', NULL);

-- before it is trained, and after one epoch, and many
SELECT nnet.plot('net') ~ 'It is not trained yet' AS untrained, nnet.plot('net') ~ '<path' AS lines;
CREATE TABLE rows AS SELECT ARRAY(SELECT sin(i * k * 0.01 * (1 + i % 3)) FROM generate_series(1, 64) k)::real[] AS x,
    ('{<b>one</b>,two,three}'::text[])[1 + i % 3] AS y FROM generate_series(1, 60) i;
SELECT nnet.fit('net', x, y, nnet.options(validation_split => 0.2, seed => 1)) IS NOT NULL AS fitted FROM rows;
SELECT regexp_count, what FROM (SELECT (length(p) - length(replace(p, needle, ''))) / length(needle) AS regexp_count, what
    FROM (SELECT nnet.plot('net') AS p) AS s, (VALUES ('<circle class="training"', 'one point'), ('<circle class="validation"', 'one point of validation'),
        ('<g transform', 'panels')) AS v (needle, what)) AS counts ORDER BY what;
SELECT nnet.fit('net', x, y, nnet.options(epochs => 4, validation_split => 0.2, seed => 1)) IS NOT NULL AS fitted FROM rows;
SELECT nnet.plot('net') ~ '<circle' AS points, nnet.plot('net') ~ 'prefers-color-scheme' AS dark, nnet.plot('net') ~ 'training [0-9.]+</text>' AS key;
SELECT array_agg(DISTINCT m[1]::int) AS epochs FROM regexp_matches(nnet.plot('net'), 'text-anchor="middle">([^<]*)<', 'g') AS m;

-- a history that was written: magnitudes, gaps, constants, numbers that are none, many metrics and epochs
CREATE FUNCTION with_history(entries jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE net SET config = jsonb_set(config, '{history}', entries) - 'history_dropped', inputs = NULL WHERE layer = -1;
    RETURN nnet.plot('net');
END $$;
CREATE FUNCTION ticks(svg text) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(m[1]) FROM regexp_matches(svg, 'text-anchor="end">([^<]*)<', 'g') AS m $$;
SELECT ticks(with_history('[{"loss": 1000}, {"loss": 10}, {"loss": 0.1}]'));
SELECT ticks(with_history('[{"loss": 0.5}, {"loss": 0.5}]'));
SELECT ticks(with_history('[{"loss": 0}]'));
SELECT ticks(with_history('[{"loss": -3.5}, {"loss": 12}]'));
SELECT ticks(with_history('[{"loss": 1e300}, {"loss": -1e300}, {"loss": 1.5e308}]'));
SELECT ticks(with_history('[{"loss": 123456789}, {"loss": 123456790}]'));
SELECT ticks(with_history('[{"loss": "x", "metrics": {"<i>": 0.5, "val_<i>": 1}}, {"metrics": [1]}, {}]'));
SELECT length(with_history((SELECT jsonb_agg(jsonb_build_object('loss', i % 17, 'val_loss', 3)) FROM generate_series(1, 9000) i))) < 100000 AS thinned;
SELECT count(*) AS panels FROM regexp_matches(with_history(jsonb_build_array(jsonb_build_object('loss', 1, 'metrics',
    (SELECT jsonb_object_agg('m' || i, i) FROM generate_series(1, 100) i)))), '<g transform', 'g');

-- rounded
SELECT with_history('[{"loss": 1.23456, "val_loss": 0.000123456, "metrics": {"accuracy": 0.98765, "n": 3}, "samples": 12345, "seconds": 0.98765, "learning_rate": 0.001}]') IS NOT NULL AS made;
SELECT * FROM nnet.history('net', 3);
SELECT count(*) FROM nnet.history('net', NULL);
SELECT nnet.history('net', 0);
SELECT nnet.history('net', 18);

-- the page: whatever is in it is text
CREATE FUNCTION tags(page text) RETURNS text[] LANGUAGE sql AS $$ SELECT array_agg(DISTINCT m[1] ORDER BY m[1]) FROM regexp_matches(page, '<([a-zA-Z]+)', 'g') AS m $$;
SELECT tags(nnet.report('net', NULL));
SELECT tags(nnet.report('net', jsonb_build_object('<u>plain</u>', '<script>', 'list<script>', '[1, {"<script>": 2}]'::jsonb, 'object', '{"<script>": "</table>"}'::jsonb,
    'confusion_matrix', '[{"truth": "<script>", "predicted": "\" onload=\"", "count": 3}, {"truth": "b", "predicted": "<script>", "count": 1}]'::jsonb,
    'feature_importances', '[{"feature": "<img src=x onerror=1>", "importance": 0.5, "std": 0.1}, {"feature": "b", "importance": -0.1}]'::jsonb,
    'permutation_importance', '{"<script>": 1}'::jsonb, 'rows', '[{"<script>": "<script>"}, {"other": null}]'::jsonb)));
SELECT nnet.report('net') ~ 'default-src ''none''' AS no_scripts, nnet.report('net') ~ '(src|href) *=' AS refers;
SELECT DISTINCT m[1] FROM regexp_matches(nnet.report('net', '{"a": "\" onclick=\"alert(1)", "b": "<!-- ", "c": "&lt;", "d": "\u0001\u2028", "e": "`="}'), '<td[^>]*>([^<]*(?:onclick|!--|lt;|8232|96)[^<]*)</td>', 'g') AS m ORDER BY 1;
-- an evaluation of any form
SELECT bool_and(nnet.report('net', e) ~ '</html>') AS pages FROM unnest(ARRAY['1', '"x"', 'null', '[]', '{}', '[[1]]', '[{}]', 'true', '{"confusion_matrix": 5}',
    '{"confusion_matrix": [{"truth": null, "predicted": 1, "n": 1}]}', '{"confusion_matrix": [{"truth": 1, "predicted": 1, "n": -1e308}, {"truth": 1, "predicted": 2, "n": 1e308}]}',
    '{"feature_importances": {"a": 0, "b": "x"}}', '{"feature_importances": {"a": 0}}', '{"feature_importances": []}']::jsonb[]) AS e;
SELECT nnet.report('net', jsonb_build_object('confusion_matrix', (SELECT jsonb_agg(jsonb_build_object('truth', i, 'predicted', i, 'n', 1)) FROM generate_series(1, 300) i))) ~ 'class="matrix"' AS too_many;
SELECT nnet.report('net', jsonb_build_object('t', (SELECT jsonb_agg(jsonb_build_object('i', i)) FROM generate_series(1, 1500) i),
    'importances', (SELECT jsonb_object_agg('f' || i, i) FROM generate_series(1, 100) i))) ~ 'The first 1000 of 1500 rows.*' AS cut,
    nnet.report('net', jsonb_build_object('importances', (SELECT jsonb_object_agg('f' || i, i) FROM generate_series(1, 100) i))) ~ 'The first 60 of 100 features' AS cut_features;
SELECT nnet.report(NULL) IS NULL AS nothing;
-- with what queries find out
SELECT nnet.report('net', nnet.evaluate('net', x, y) || jsonb_build_object('confusion_matrix', to_jsonb(nnet.confusion_matrix(y, nnet.classify('net', x))),
    'classification_report', to_jsonb(nnet.classification_report(y, nnet.classify('net', x))))) ~ 'class="matrix".*macro avg' AS shown FROM rows;
-- a model that is not compiled; one that is none; one that may not be read
SELECT nnet.create_model('raw', nnet.input(2), nnet.dense(1)) \g /dev/null
SELECT nnet.report('raw') ~ 'It is not compiled' AS told;
SELECT parameters FROM nnet.summary('raw', true) WHERE name = 'optimizer';
SELECT nnet.report('rows');
SELECT nnet.plot('rows');
SELECT nnet.summary('rows', true);
CREATE ROLE nnet_seeing_user;
GRANT USAGE ON SCHEMA test_seeing TO nnet_seeing_user;
SET ROLE nnet_seeing_user;
SELECT nnet.report('net');
SELECT nnet.plot('net');
RESET ROLE;
DROP OWNED BY nnet_seeing_user;
DROP ROLE nnet_seeing_user;

SET client_min_messages = warning;
DROP SCHEMA test_seeing CASCADE;
