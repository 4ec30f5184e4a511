-- conv_lstm1d and conv_lstm2d: constructors, refusals, and models of them that train, predict and are restored.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_conv_lstm CASCADE;
CREATE SCHEMA test_conv_lstm;
SET search_path = test_conv_lstm;
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

-- ---- constructors and refusals ----

SELECT nnet.conv_lstm1d(4, 3);
SELECT nnet.conv_lstm2d(4, '{3,2}', 2, 'same', dropout => 0.5, recurrent_dropout => 0.25, seed => 7, return_sequences => true, go_backwards => true);
SELECT pg_temp.fails('SELECT nnet.conv_lstm1d(0, 3)');
SELECT pg_temp.fails('SELECT nnet.conv_lstm1d(4, 3, padding => ''causal'')');
SELECT pg_temp.fails('SELECT nnet.conv_lstm2d(4, ''{1,2,3}'')');
SELECT pg_temp.fails('SELECT nnet.conv_lstm2d(4, 3, dropout => 1)');
SELECT pg_temp.refused('4, 3', 'nnet.conv_lstm1d(4, 3)');
SELECT pg_temp.refused('4, 3, 2', 'nnet.conv_lstm2d(4, 3)');
SELECT pg_temp.refused('4, 2, 2', 'nnet.conv_lstm1d(4, 3)');
SELECT pg_temp.refused('4, 3, 2', 'nnet.bidirectional(nnet.conv_lstm1d(4, 3))');

-- ---- films of any length: which way a spot moves ----

CREATE TABLE films AS
SELECT i, i % 2 AS y, array_agg(picture ORDER BY s) AS x
FROM (SELECT i, s, array_agg(ARRAY[ARRAY[a = 1 + (i + CASE WHEN i % 2 = 0 THEN s ELSE 4 * s - s END) % 4]::integer[]::real[]] ORDER BY a) AS picture
      FROM generate_series(1, 80) i, generate_series(1, 3 + i % 3) s, generate_series(1, 4) a GROUP BY i, s) f GROUP BY i;
SELECT array_dims(x) FROM films WHERE i <= 2 ORDER BY i;
SELECT setseed(0.5);
SELECT nnet.create_model('mover', nnet.input(NULL, 4, 1, 1), nnet.conv_lstm2d(6, '{3,1}', padding => 'same', dropout => 0.05),
    nnet.global_max_pooling2d(), nnet.dense(1, activation => 'sigmoid'));
SELECT name, output_shape, parameters FROM nnet.summary('mover') WHERE kind = 'conv_lstm2d';
SELECT parameter, shape FROM nnet.parameters('mover') WHERE name = 'conv_lstm2d';
SELECT nnet.compile('mover', 'binary_crossentropy', nnet.adam(0.03), '{accuracy}');
SELECT nnet.fit('mover', x, y, nnet.options(epochs => 30, batch_size => 16, seed => 3, verbose => false) ORDER BY i) ->> 'epochs' AS epochs FROM films;
SELECT max((metrics ->> 'accuracy')::float8) > 0.9 FROM nnet.history('mover') WHERE epoch > 25;
SELECT max(abs(a - b)) < 1e-5 FROM (SELECT nnet.predict('mover', x) AS p, nnet.predict_batch('mover', x) OVER () AS q FROM films) r, unnest(p, q) u(a, b);
SELECT nnet.unpack(nnet.pack('mover'), 'unpacked');
SELECT count(*) AS differ FROM films WHERE nnet.predict('mover', x) <> nnet.predict('unpacked', x);

SET client_min_messages = warning;
DROP SCHEMA test_conv_lstm CASCADE;
