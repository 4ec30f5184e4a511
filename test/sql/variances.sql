-- Variances: those that the inverse of normalization learns from y, and what strangers bring.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_variances;
SET search_path = test_variances;
SET extra_float_digits = 0;
\set SHOW_CONTEXT never

CREATE FUNCTION learned(model regclass, kind text = 'normalization', OUT mean real[], OUT variance real[]) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT weights[1:(cardinality(weights) - 1) / 2], weights[(cardinality(weights) + 1) / 2 : cardinality(weights) - 1] FROM %s
        WHERE kind = %L ORDER BY layer DESC LIMIT 1', model, kind) INTO mean, variance;
END $$;
CREATE FUNCTION near(got real[], expected float8[]) RETURNS boolean LANGUAGE sql AS
    'SELECT bool_and(coalesce(abs(a - b) <= 1e-5 * greatest(abs(b), 1e-6), false)) FROM unnest(got, expected) u(a, b)';

-- ---- a last layer that brings outputs to the scale of y ----

CREATE TABLE houses AS SELECT i, ARRAY[i % 10, i / 10]::real[] AS x, (100000 + 2000 * (i % 10) - 700 * (i / 10))::real AS price, (5 + i % 7)::real AS age
    FROM generate_series(0, 99) i;
SELECT setseed(0.5);
SELECT nnet.create_model('one', nnet.input(2), nnet.normalization(), nnet.dense(8, activation => 'tanh'), nnet.dense(1), nnet.normalization(invert => true)),
    nnet.create_model('two', nnet.input(2), nnet.dense(2), nnet.normalization(invert => true), nnet.reshape('{1,2}')),
    nnet.create_model('given', nnet.input(2), nnet.dense(1), nnet.normalization(invert => true, mean => 3, variance => 4)) \g /dev/null
SELECT nnet.compile('one', 'mse', nnet.adam(1e-2), '{mae}'), nnet.compile('two', 'mse'), nnet.compile('given', 'mse') \g /dev/null
SELECT (nnet.fit('one', x, price, nnet.options(epochs => 1, seed => 1))->'samples')::int AS samples FROM houses;
SELECT near(mean, (SELECT ARRAY[avg(price)] FROM houses)) AS mean, near(variance, (SELECT ARRAY[var_pop(price)] FROM houses)) AS variance FROM learned('one');
SELECT nnet.fit('two', x, ARRAY[price, age]) IS NOT NULL AS fitted FROM houses;
SELECT near(mean, (SELECT ARRAY[avg(price), avg(age)] FROM houses)) AS mean,
    near(variance, (SELECT ARRAY[var_pop(price), var_pop(age)] FROM houses)) AS variance FROM learned('two');
-- rows for validation do not count; what was learned stays
CREATE TABLE mine AS TABLE two;
UPDATE mine SET weights = '{0,0,1,1,0}' WHERE kind = 'normalization';
SELECT nnet.fit('mine', x, ARRAY[price, age], nnet.options(validation_split => 0.5)) IS NOT NULL AS fitted FROM (SELECT * FROM houses ORDER BY i) h;
SELECT near(mean, (SELECT ARRAY[avg(price), avg(age)] FROM houses WHERE i < 50)) AS mean FROM learned('mine');
SELECT nnet.fit('mine', x, ARRAY[price + 5, age]) IS NOT NULL AS fitted FROM houses;
SELECT near(mean, (SELECT ARRAY[avg(price), avg(age)] FROM houses WHERE i < 50)) AS mean FROM learned('mine');
-- at each step, of rows of several lengths, with another number of steps than x
SELECT nnet.create_model('steps', nnet.input(NULL, 1), nnet.conv1d(2, 2), nnet.normalization(invert => true)) \g /dev/null
SELECT nnet.compile('steps', 'mse', nnet.sgd(0)) \g /dev/null
CREATE TABLE series AS SELECT n, array_fill(1::real, ARRAY[n]) AS x, (SELECT array_agg(1000 * n + k * k) FROM generate_series(1, 2 * (n - 1)) k)::real[] AS y
    FROM generate_series(2, 9) n;
SELECT nnet.fit('steps', x, y, nnet.options(batch_size => 3)) IS NOT NULL AS fitted FROM series;
SELECT near(mean, (SELECT array_agg(m ORDER BY o) FROM (SELECT o % 2 AS o, avg(v) AS m FROM series, unnest(y) WITH ORDINALITY u(v, k), LATERAL (SELECT (k - 1) % 2 AS o) s GROUP BY 1) t)) AS mean,
    near(variance, (SELECT array_agg(m ORDER BY o) FROM (SELECT o % 2 AS o, var_pop(v) AS m FROM series, unnest(y) WITH ORDINALITY u(v, k), LATERAL (SELECT (k - 1) % 2 AS o) s GROUP BY 1) t)) AS variance
FROM learned('steps');
-- what never varies in y
SELECT nnet.create_model('flat', nnet.input(2), nnet.dense(2), nnet.normalization(invert => true)) \g /dev/null
SELECT nnet.compile('flat', 'mse') \g /dev/null
SELECT nnet.fit('flat', x, ARRAY[7, age]) IS NOT NULL AS fitted FROM houses;
SELECT nnet.predict('flat', '{1,2}'::real[]) AS p \gset
SELECT (:'p'::real[])[1] AS seven;
-- where it cannot learn it says so, and what was given needs nothing
SELECT nnet.fit('given', x, price) IS NOT NULL AS fitted FROM houses;
SELECT nnet.create_model('inside', nnet.input(2), nnet.normalization(invert => true), nnet.dense(1)),
    nnet.create_model('classes', nnet.input(2), nnet.dense(3), nnet.normalization(invert => true)) \g /dev/null
SELECT nnet.compile('inside', 'mse'), nnet.compile('classes', 'sparse_categorical_crossentropy') \g /dev/null
SELECT nnet.fit('inside', x, price) FROM houses;
SELECT nnet.fit('classes', x, i % 3) FROM houses;

-- ---- variances from elsewhere ----

SELECT nnet.create_model('foreign', nnet.input(2), nnet.batch_normalization(epsilon => 0.001)) \g /dev/null
SELECT nnet.compile('foreign', 'mse') \g /dev/null
UPDATE "foreign" SET weights = '{1,1,0,0,0,0,0,-0.0005}' WHERE kind = 'batch_normalization';
-- Keras: x / sqrt(variance + epsilon)
SELECT near(nnet.predict('foreign', '{1,1}'::real[]), ARRAY[1 / sqrt(0.001), 1 / sqrt(0.0005)]) AS as_keras;
UPDATE "foreign" SET weights = '{1,1,0,0,0,0,0,-0.001}' WHERE kind = 'batch_normalization';
SELECT nnet.predict('foreign', '{1,1}'::real[]);
UPDATE "foreign" SET weights = '{1,1,0,0,0,0,-2,1}' WHERE kind = 'batch_normalization';
SELECT nnet.evaluate('foreign', x, x) FROM houses;
SELECT nnet.fit('foreign', x, x) FROM houses;
UPDATE two SET weights = '{0,0,1,-1,1}' WHERE kind = 'normalization';
SELECT nnet.predict('two', '{1,1}'::real[]);

SET client_min_messages = warning;
DROP SCHEMA test_variances CASCADE;
