-- Metrics of queries: how results read, what rows are refused, states that are a stranger's.
-- Their numbers are compared with scikit-learn's in test/pgtap/golden_queries.sql.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE TEMP TABLE mail (id int, truth text, said text, p float8, weight float8);
INSERT INTO mail VALUES (1, 'spam', 'spam', 0.75, 1), (2, 'ham', 'ham', 0.25, 2), (3, 'spam', 'ham', 0.5, 1),
    (4, 'ham', 'ham', 0.5, 1), (5, 'spam', 'spam', 1, 0), (6, NULL, 'ham', 0.5, 1), (7, 'ham', NULL, NULL, 1),
    (8, 'ham', 'ham', 0.5, NULL);

-- rows
SELECT * FROM unnest((SELECT nnet.confusion_matrix(truth, said) FROM mail));
SELECT truth, said, count FROM unnest((SELECT nnet.confusion_matrix(truth, said, weight) FROM mail)) AS c (truth, said, count) \crosstabview
SELECT label, round(precision::numeric, 3) AS precision, round(recall::numeric, 3) AS recall, round(f1_score::numeric, 3) AS f1_score, support
FROM unnest((SELECT nnet.classification_report(truth, said) FROM mail));
SELECT fpr, round(tpr::numeric, 3) AS tpr, threshold FROM unnest((SELECT nnet.roc_curve(truth, p) FROM mail WHERE id < 6));
SELECT precision, round(recall::numeric, 3) AS recall, threshold FROM unnest((SELECT nnet.precision_recall_curve(truth, p) FROM mail WHERE id IN (1, 2, 3, 5)));
SELECT round(prob_true::numeric, 3) AS prob_true, round(prob_pred::numeric, 3) AS prob_pred, count FROM unnest((SELECT nnet.calibration_curve(truth, p, 2) FROM mail WHERE id < 6));
SELECT (nnet.confusion_matrix(label, said))[2] FROM (VALUES (1, '2'), (10, '10'), (1, '1')) AS v (label, said);

-- of no rows, and of none that count
SELECT nnet.confusion_matrix(truth, said), nnet.classification_report(truth, said), nnet.accuracy_score(truth, said),
       nnet.roc_auc(truth, p), nnet.average_precision(truth, p), nnet.roc_curve(truth, p), nnet.calibration_curve(truth, p),
       nnet.log_loss(truth, p), nnet.rmse(p, weight), nnet.r2_score(p, weight)
FROM mail WHERE id = 0;
SELECT nnet.confusion_matrix(truth, said), nnet.roc_auc(truth, p), nnet.log_loss(truth, p), nnet.mse(p, p, NULL) FROM mail WHERE id IN (6, 7);
SELECT nnet.accuracy_score(truth, said, 0) AS accuracy, nnet.balanced_accuracy_score(truth, said, 0) AS balanced, nnet.roc_auc(truth, p, 0) AS auc,
       nnet.log_loss(truth, p, 0) AS log_loss, nnet.mae(p, p, 0) AS mae, nnet.r2_score(p, p, 0) AS r2
FROM mail;

-- one class: what cannot be told is NULL
SELECT nnet.roc_auc(true, p) AS auc, nnet.average_precision(true, p) AS precision, nnet.average_precision(false, p) AS none,
       nnet.average_precision('x'::text, p) AS unknown, nnet.log_loss('x'::text, p) AS loss, nnet.recall_score('x'::text, 'x'::text) AS recall,
       nnet.recall_score(5, 5) AS five, nnet.recall_score(-1, -1) AS minus, nnet.recall_score(1, 1) AS one
FROM mail WHERE p IS NOT NULL;
SELECT (nnet.roc_curve(true, p))[2].fpr IS NULL AS no_fpr, (nnet.roc_curve(true, p))[2].tpr BETWEEN 0.14 AND 0.15 AS tpr FROM mail;

-- window aggregates go on after each result
SELECT id, round((nnet.accuracy_score(truth, said) OVER w)::numeric, 3) AS accuracy, round((nnet.roc_auc(truth, p) OVER w)::numeric, 3) AS auc,
       round((nnet.mae(weight, id) OVER w)::numeric, 3) AS mae,
       cardinality(nnet.roc_curve(truth, p) OVER w) AS points
FROM mail WHERE id < 6 WINDOW w AS (ORDER BY id) ORDER BY id;
-- groups, distinct rows, filters
SELECT id % 2 AS odd, round(nnet.accuracy_score(truth, said)::numeric, 3) AS accuracy FROM mail GROUP BY 1 ORDER BY 1;
SELECT round(nnet.accuracy_score(DISTINCT truth, said)::numeric, 3) AS pairs, nnet.accuracy_score(truth, said) FILTER (WHERE id < 3) AS some FROM mail;

-- many labels, and numbers that are none
SELECT nnet.accuracy_score(i, i % 500), nnet.balanced_accuracy_score(i::text, (i % 500)::text) FROM generate_series(0, 999) AS i;
SELECT count(*), sum(count) FROM unnest((SELECT nnet.confusion_matrix(i % 100, i % 70) FROM generate_series(1, 7000) AS i));
SELECT nnet.confusion_matrix(i, i) FROM generate_series(1, 3000) AS i;
SELECT nnet.accuracy_score(i, i) FROM generate_series(1, 1048577) AS i;

-- a million and more scores: equal ones are counted together
SELECT round(nnet.roc_auc(i % 2 = 0, (i::bigint * 7919 % 1000)::real + (i % 2 = 0)::int * 500)::numeric, 3) AS auc FROM generate_series(1, 2200000) AS i;
SELECT nnet.roc_auc(i > 1500000, i) AS auc, nnet.average_precision(i > 1500000, i) AS precision FROM generate_series(1, 2000000) AS i;

-- labels that are no labels
SELECT nnet.accuracy_score(1, 'one'::text);
SELECT nnet.accuracy_score(1.5, 'x'::text);
SELECT nnet.accuracy_score(true, 'perhaps'::text);
SELECT nnet.accuracy_score(1, ''::text);
SELECT nnet.accuracy_score(1, '99999999999999999999'::text);
SELECT nnet.accuracy_score('NaN'::float8, 1);
SELECT nnet.accuracy_score(1, 'inf'::float8);
SELECT nnet.accuracy_score(1, '{1}'::real[]);
SELECT nnet.accuracy_score(ROW(1, 2), 1);
SELECT nnet.f1_score(i, i) FROM generate_series(1, 3) AS i;
SELECT nnet.roc_auc(i, i) FROM generate_series(1, 3) AS i;

-- scores that are none
SELECT nnet.roc_auc(1, 'x'::text);
SELECT nnet.roc_auc(1, true);
SELECT nnet.roc_auc(1, 'NaN'::float8);
SELECT nnet.roc_auc(1, '-inf'::real);
SELECT nnet.roc_auc(1, '{0.1,0.2,0.7}'::real[]);
SELECT nnet.roc_auc(1, '{}'::real[]);
SELECT nnet.roc_auc(1, '{0.5,NULL}'::real[]);
SELECT nnet.calibration_curve(1, 1.5);
SELECT nnet.calibration_curve(1, 0.5, 0);
SELECT nnet.calibration_curve(1, 0.5, 5, 'width');
-- bins are the same for all rows: a third argument is no weight
SELECT nnet.calibration_curve(i % 2, i / 9.0, 2 + i % 3) FROM generate_series(1, 9) AS i;
SELECT nnet.calibration_curve(i % 2, i / 9.0, 4, CASE WHEN i < 5 THEN 'uniform' ELSE 'quantile' END) FROM generate_series(1, 9) AS i;
SELECT nnet.calibration_curve(i % 2, i / 9.0, CASE WHEN i < 5 THEN 5 END) IS NULL AS lacks FROM generate_series(1, 9) AS i;
SELECT nnet.log_loss(1, -0.5);
SELECT nnet.log_loss(1, CASE i WHEN 1 THEN '{0.2,0.8}' ELSE '{0.2,0.3,0.5}' END::real[]) FROM generate_series(1, 2) AS i;
SELECT nnet.log_loss(i::text, '{0.2,0.3,0.5}'::real[]) FROM generate_series(1, 2) AS i;

-- numbers of any type, alone or in arrays of one
CREATE DOMAIN pg_temp.measure AS numeric;
CREATE TEMP TABLE numbers AS SELECT i AS t, i * i % 7 AS p, 1 + i % 3 AS w FROM generate_series(1, 20) AS i;
CREATE FUNCTION pg_temp.same(metric text, t text, p text, w text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    same boolean;
BEGIN
    EXECUTE format('SELECT abs(nnet.%1$s(%2$s, %3$s%4$s) - nnet.%1$s(t::float8, p::float8%4$s)) < 1e-12 FROM numbers', metric, t, p, w) INTO same;
    RETURN same;
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '% of %, %: %', metric, t, p, SQLERRM;
    RETURN false;
END $$;
SELECT count(*), count(*) FILTER (WHERE pg_temp.same(metric, replace(a, '?', 't'), replace(b, '?', 'p'), w)) AS same
FROM (VALUES ('mse', ''), ('rmse', ', w'), ('mae', ''), ('mape', ', w'), ('r2_score', ', w')) AS v (metric, w),
    unnest('{?::smallint,?,?::bigint,?::real,?::float8,?::numeric,?::pg_temp.measure,ARRAY[?]::smallint[],ARRAY[?],ARRAY[?]::bigint[],ARRAY[?]::real[],ARRAY[?]::float8[],ARRAY[?]::numeric[]}'::text[]) AS a,
    unnest('{?::smallint,?,?::bigint,?::real,?::float8,?::numeric,?::pg_temp.measure,ARRAY[?]::smallint[],ARRAY[?],ARRAY[?]::bigint[],ARRAY[?]::real[],ARRAY[?]::float8[],ARRAY[?]::numeric[]}'::text[]) AS b;
SELECT nnet.mse(0.1::float8, ARRAY[0.1::float8]) AS exact;
SELECT nnet.roc_auc(t > 9, ARRAY[p]) = nnet.roc_auc(t > 9, p) AS integers, nnet.roc_auc(t > 9, ARRAY[1 - p, p]::numeric[]) = nnet.roc_auc(t > 9, p) AS numerics,
    nnet.log_loss(t % 2, ARRAY[1 - p / 10.0, p / 10.0]) = nnet.log_loss(t % 2, p / 10.0) AS probabilities FROM numbers WHERE p > 0;
SELECT nnet.mse(ARRAY[1, 2], ARRAY[1, 2]);
SELECT nnet.mse(1, '{1,2}'::float8[]);
SELECT nnet.mse(1, '{}'::float8[]);
SELECT nnet.mse('{NULL}'::int[], 1);
SELECT nnet.mse(1, ARRAY['inf'::float8]);
SELECT nnet.mse(1, true);
SELECT nnet.mse('1'::text, 1);
SELECT nnet.mae(1, 1, 'NaN'::real);
SELECT nnet.roc_auc(true, ARRAY[interval '1 day']);

-- weights and numbers that are none
SELECT nnet.accuracy_score(1, 1, -1);
SELECT nnet.roc_auc(1, 1, 'NaN');
SELECT nnet.mse(1, 'NaN');
SELECT nnet.mse('inf', 1);
SELECT nnet.mse(1, 1, 'inf');
SELECT nnet.mse(1, '{1,2}'::real[]);
SELECT nnet.mse(1, '{NULL}'::real[]);
SELECT nnet.mse(1e300, -1e300);
SELECT nnet.r2_score(i * 1e-300, -1e100) FROM generate_series(1, 2) AS i;

-- steps of the aggregates are nothing by themselves, and look at states that they are given
SELECT nnet.confusion_transition(NULL, 1, 1);
SELECT nnet.roc_auc_final('\x00');
CREATE AGGREGATE pg_temp.combined(bytea) (SFUNC = nnet.tally_combine, STYPE = bytea, FINALFUNC = nnet.roc_auc_final);
CREATE AGGREGATE pg_temp.kept(anyelement, float8) (SFUNC = nnet.scores_transition, STYPE = bytea);
CREATE AGGREGATE pg_temp.combined_sums(float8[]) (SFUNC = nnet.regression_combine, STYPE = float8[], FINALFUNC = nnet.mse_final);
CREATE TEMP TABLE states AS SELECT pg_temp.kept(truth, p) AS state FROM mail GROUP BY id % 2;
SELECT pg_temp.combined(state) = (SELECT nnet.roc_auc(truth, p) FROM mail) AS same FROM states;
SELECT pg_temp.combined('\x00');
SELECT pg_temp.combined(set_byte(state, 4, 1)) FROM states;
SELECT pg_temp.combined(state || '\x00') FROM states;
SELECT pg_temp.combined(substr(state, 1, length(state) - 3)) FROM states;
SELECT pg_temp.combined_sums('{1,2}');
-- weights whose sum is no number
SELECT nnet.roc_auc(truth, p, 1e308) FROM mail;
SELECT nnet.roc_auc(truth, p, 1e200) FROM mail;
SELECT nnet.average_precision(truth, p, 1e200) FROM mail;
SELECT nnet.accuracy_score(truth, truth, 1e308) FROM mail;
SELECT nnet.log_loss(truth, p, 1e308) FROM mail;
-- what is no text of the server is no label
CREATE AGGREGATE pg_temp.kept_pairs(text, text) (SFUNC = nnet.confusion_transition, STYPE = bytea);
CREATE AGGREGATE pg_temp.combined_pairs(bytea) (SFUNC = nnet.tally_combine, STYPE = bytea, FINALFUNC = nnet.confusion_matrix_final);
CREATE TEMP TABLE kept_pairs AS SELECT pg_temp.kept_pairs('spam', 'spam') AS state;
SELECT pg_temp.combined_pairs(state) FROM kept_pairs;
SELECT pg_temp.combined_pairs(set_byte(state, position('spam'::bytea IN state), 0)) FROM kept_pairs;
-- any other byte gives an error or a number
DO $$
DECLARE
    s bytea := (SELECT state FROM states LIMIT 1);
    n int := 0;
BEGIN
    FOR i IN 0 .. length(s) - 1 LOOP
        FOREACH n IN ARRAY '{0,1,2,127,128,255}'::int[] LOOP
            BEGIN
                PERFORM pg_temp.combined(set_byte(s, i, n));
            EXCEPTION WHEN invalid_binary_representation OR invalid_parameter_value OR numeric_value_out_of_range OR out_of_memory THEN NULL;
            END;
        END LOOP;
    END LOOP;
END $$;

-- what a model predicts, beside what it evaluates
SELECT nnet.create_model('judge', nnet.input(2), nnet.dense(4, activation => 'relu'), nnet.dense(3, activation => 'softmax')) \g /dev/null
SELECT nnet.compile('judge', 'sparse_categorical_crossentropy', nnet.adam(0.05), '{accuracy}');
CREATE TABLE points AS
    SELECT ARRAY[cos(i), sin(i)]::real[] AS x, (ARRAY['left', 'middle', 'right'])[1 + (cos(i) > -0.3)::int + (cos(i) > 0.4)::int] AS side, i
    FROM generate_series(1, 300) AS i;
SELECT (nnet.fit('judge', x, side, nnet.options(epochs => 20, seed => 1, verbose => false), i % 4 = 0 ORDER BY i) ->> 'epochs') AS epochs FROM points;
SELECT abs(nnet.accuracy_score(side, nnet.classify('judge', x)) - (nnet.evaluate('judge', x, side) ->> 'accuracy')::float8) < 1e-6 AS accuracy,
       abs(nnet.log_loss(side, nnet.predict('judge', x)) - (nnet.evaluate('judge', x, side) ->> 'loss')::float8) < 1e-6 AS loss
FROM points WHERE i % 4 = 0;
SELECT abs(val_loss - e.loss) < 1e-6 AS val_loss, abs((metrics ->> 'val_accuracy')::float8 - e.accuracy) < 1e-6 AS val_accuracy
FROM nnet.history('judge'), LATERAL (SELECT nnet.log_loss(side, nnet.predict('judge', x)) AS loss, nnet.accuracy_score(side, nnet.classify('judge', x)) AS accuracy
                                     FROM points WHERE i % 4 = 0) AS e
ORDER BY epoch DESC LIMIT 1;
DROP TABLE judge, points;
