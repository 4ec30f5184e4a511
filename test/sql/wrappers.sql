-- Layers around others: spectral_normalization and bidirectional with a backward_layer; and einsum_dense:
-- constructors, refusals, and models of them that train, predict and are restored.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_wrappers CASCADE;
CREATE SCHEMA test_wrappers;
SET search_path = test_wrappers;
RESET client_min_messages;

-- an error as one line a part: SQLSTATE and message, hint
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; hint text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
END $$;
CREATE FUNCTION pg_temp.refused(shape text, layers text) RETURNS SETOF text LANGUAGE sql AS
    $$ SELECT pg_temp.fails(format('SELECT nnet.create_model(''refused'', nnet.input(%s), %s)', shape, layers)) $$;

-- ---- constructors ----

SELECT nnet.spectral_normalization(nnet.dense(3)), nnet.spectral_normalization(nnet.dense(3), 2, 'even', '{a}', false);
SELECT nnet.bidirectional(nnet.lstm(3)), nnet.bidirectional(nnet.lstm(3), backward_layer => nnet.gru(4, go_backwards => true), name => 'both');
SELECT nnet.einsum_dense('abc,cd->abd', '{NULL,3}'), nnet.einsum_dense('...x,xy->...y', 3, 'relu', 'y', 'he_normal', 'ones', 'l2', nnet.l1(0.5), 'all');

-- ---- refusals ----

SELECT pg_temp.fails('SELECT nnet.spectral_normalization(nnet.dense(3), 0)');
SELECT pg_temp.fails('SELECT nnet.spectral_normalization(NULL)');
SELECT pg_temp.fails('SELECT nnet.spectral_normalization(nnet.time_distributed(nnet.time_distributed(nnet.dense(3))))');
SELECT pg_temp.refused('4, 3', 'nnet.spectral_normalization(nnet.lstm(3))');
SELECT pg_temp.refused('4, 3', 'nnet.spectral_normalization(nnet.layer_normalization())');
SELECT pg_temp.fails('SELECT nnet.bidirectional(nnet.lstm(3), backward_layer => ''3'')');
SELECT pg_temp.fails('SELECT nnet.bidirectional(nnet.lstm(3), backward_layer => ''{"units": 3}'')');
SELECT pg_temp.fails('SELECT nnet.bidirectional(nnet.lstm(3), backward_layer => ''{"kind": "lstm"}'')');
SELECT pg_temp.refused('4, 3', 'nnet.bidirectional(nnet.lstm(3), backward_layer => nnet.dense(3))');
SELECT pg_temp.refused('4, 3', 'nnet.bidirectional(nnet.lstm(3), backward_layer => nnet.lstm(3))');
SELECT pg_temp.refused('4, 3', 'nnet.bidirectional(nnet.lstm(3), backward_layer => nnet.lstm(3, go_backwards => true, return_sequences => true))');
SELECT pg_temp.refused('4, 3', 'nnet.bidirectional(nnet.lstm(3), ''mul'', nnet.lstm(4, go_backwards => true))');
SELECT pg_temp.fails('SELECT nnet.einsum_dense(''abc,cd->abd'', NULL)');
SELECT pg_temp.fails('SELECT nnet.einsum_dense(repeat(''a'', 100), 3)');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc;cd'', 3)');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''ab,bc->ac'', 3)');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc,cd->dba'', ''{3,4}'')');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc,cde->abd'', ''{4,5}'')');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc,cd->abe'', ''{4,5}'')');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc,cd->abd'', ''{3,5}'')');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc,cd->abd'', 4)');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc,cd->abd'', ''{4,5,6}'')');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc,cd->abd'', ''{4,NULL}'')');
SELECT pg_temp.refused('4, 3', 'nnet.einsum_dense(''abc,cd->abd'', ''{4,5}'', bias_axes => ''c'')');
SELECT pg_temp.refused('NULL, 3', 'nnet.einsum_dense(''abc,bcd->ad'', 5)');
SELECT pg_temp.refused('NULL, 3', 'nnet.einsum_dense(''abc,cd->adb'', ''{5,NULL}'')');

-- ---- a model of all of them, over rows of any length ----

CREATE TABLE rows AS
SELECT i, array_agg(ARRAY[sin(i * s), cos(i + s * s)]::real[] ORDER BY s) AS x, (sin(i) > 0)::integer AS y
FROM generate_series(1, 60) i, generate_series(1, 2 + i % 5) s GROUP BY i;
SELECT setseed(0.5);
SELECT nnet.create_model('wrapped', nnet.input(NULL, 2),
    nnet.einsum_dense('abc,cd->abd', '{NULL,6}', 'relu', 'd'),
    nnet.spectral_normalization(nnet.dense(6), 3),
    nnet.bidirectional(nnet.lstm(4), backward_layer => nnet.gru(3, go_backwards => true)),
    nnet.dense(3, activation => 'softmax'));
SELECT name, output_shape, parameters FROM nnet.summary('wrapped');
SELECT name, parameter, shape FROM nnet.parameters('wrapped') WHERE name IN ('einsum_dense', 'spectral_normalization');
SELECT nnet.compile('wrapped', 'sparse_categorical_crossentropy', nnet.adam(0.02), '{accuracy}');
SELECT nnet.copy_model('wrapped', 'again');
SELECT nnet.fit('wrapped', x, y, nnet.options(epochs => 40, seed => 3, verbose => false) ORDER BY i) ->> 'epochs' AS epochs FROM rows;
SELECT min(loss) FILTER (WHERE epoch > 35) < 0.8 * max(loss) FILTER (WHERE epoch < 3) FROM nnet.history('wrapped');
SELECT max(abs(a - b)) < 1e-5 FROM (SELECT nnet.predict('wrapped', x) AS p, nnet.predict_batch('wrapped', x) OVER () AS q FROM rows) r, unnest(p, q) u(a, b);
SELECT nnet.unpack(nnet.pack('wrapped'), 'unpacked');
SELECT count(*) AS differ FROM rows WHERE nnet.predict('wrapped', x) <> nnet.predict('unpacked', x);

-- two fits are what one is, the vector of spectral_normalization too; and it has length 1
SELECT nnet.fit('again', x, y, nnet.options(epochs => 15, seed => 3, verbose => false) ORDER BY i) ->> 'epochs' AS epochs FROM rows;
SELECT nnet.fit('again', x, y, nnet.options(epochs => 25, seed => 3, verbose => false) ORDER BY i) ->> 'epochs' AS epochs FROM rows;
SELECT max(abs(a - b)) < 1e-4 FROM wrapped w JOIN again g USING (layer, part), unnest(w.weights, g.weights) u(a, b);
SELECT abs(sqrt(sum(u * u)) - 1) < 1e-5 FROM wrapped, unnest(weights[37:42]) u WHERE name = 'spectral_normalization';

-- a frozen one stays as it is
SELECT setseed(0.5);
SELECT nnet.create_model('frozen', nnet.input(4), nnet.spectral_normalization(nnet.dense(6), trainable => false), nnet.dense(1));
SELECT nnet.compile('frozen', 'mse');
CREATE TABLE before AS SELECT weights FROM frozen WHERE name = 'spectral_normalization';
SELECT nnet.fit('frozen', ARRAY[i, i % 2, i % 3, i % 5]::real[] , i % 7, nnet.options(epochs => 2, verbose => false)) ->> 'epochs' AS epochs FROM generate_series(1, 50) i;
SELECT b.weights = f.weights AS same FROM before b, frozen f WHERE f.name = 'spectral_normalization';

-- the discriminator that it is for
SELECT setseed(0.5);
SELECT nnet.create_model('generator', nnet.input(2), nnet.dense(8, activation => 'relu'), nnet.dense(2));
SELECT nnet.create_model('discriminator', nnet.input(2), nnet.spectral_normalization(nnet.dense(8, activation => 'relu')),
    nnet.spectral_normalization(nnet.dense(1, activation => 'sigmoid')));
SELECT nnet.compile('generator', 'binary_crossentropy', nnet.adam(0.01));
SELECT nnet.compile('discriminator', 'binary_crossentropy', nnet.adam(0.01));
SELECT nnet.fit_gan('generator', 'discriminator', ARRAY[cos(i), sin(i)]::real[], nnet.gan_options(epochs => 3, seed => 3, verbose => false)) ->> 'epochs' AS epochs
FROM generate_series(1, 100) i;
SELECT count(*) FROM nnet.generate('generator', 3, seed => 1);

SET client_min_messages = warning;
DROP SCHEMA test_wrappers CASCADE;
