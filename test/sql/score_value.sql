-- nnet.score_value() and nnet.evaluate() of what it gives: the figures of nnet.evaluate() of a
-- table, by a state that is a value of its own type; and bytes that are a stranger's.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_score_value;
SET search_path = test_score_value;

CREATE FUNCTION fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF detail <> '' THEN RETURN NEXT 'DETAIL: ' || detail; END IF;
END $$;
-- two reports with the same keys and nearly the same numbers: a row that is run alone is rounded otherwise than in a batch
CREATE FUNCTION near(a jsonb, b jsonb) RETURNS boolean LANGUAGE sql AS $$
    SELECT count(*) > 2 AND count(*) = count(k) AND bool_and(abs(v::float8 - (b ->> k)::float8) <= 1e-7 * (1 + abs(v::float8)))
    FROM jsonb_each_text(a) AS u (k, v) FULL JOIN jsonb_object_keys(b) AS o (k) USING (k)$$;

SELECT setseed(0.5) \g /dev/null
CREATE TABLE rows AS SELECT i AS id, ARRAY[sin(i), cos(3 * i), i / 100.0]::real[] AS x, ('{red,green,blue}'::text[])[1 + i % 3] AS color, i % 3 AS class,
    i % 2 = 0 AS even, sin(i) + i / 50.0 AS number, (i % 7)::real AS weight, 'word' || i % 4 || ' and ' || i % 3 AS remark FROM generate_series(1, 2500) AS i;
SELECT nnet.create_model('colors', nnet.input(3), nnet.dense(8, activation => 'relu', kernel_regularizer => 'l2'), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('colors', 'sparse_categorical_crossentropy', metrics => '{accuracy}');
SELECT nnet.fit('colors', x, color, nnet.options(seed => 1)) ->> 'epochs' FROM rows;
SELECT nnet.create_model('numbers', nnet.input(3), nnet.dense(1));
SELECT nnet.compile('numbers', 'mse', metrics => '{mae,mse}');
SELECT nnet.create_model('evens', nnet.input(3), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('evens', 'binary_crossentropy', metrics => '{accuracy,auc}');
SELECT nnet.create_model('remarks', nnet.input(1), nnet.text_vectorization(12, output_sequence_length => 3), nnet.embedding(12, 4), nnet.lstm(4), nnet.dense(1));
SELECT nnet.compile('remarks', 'mse');
SELECT nnet.fit('remarks', remark, number, nnet.options(seed => 1)) ->> 'epochs' FROM rows;
SELECT nnet.create_model('branches', nnet.input('{3}', name => 'x'), nnet.dense(3, activation => 'softmax', name => 'class'), nnet.dense(1, name => 'number', inputs => '{x}'));
SELECT nnet.compile('branches', loss => '{"class": "sparse_categorical_crossentropy", "number": "mae"}'::jsonb, loss_weights => '{"number": 0.5}',
    metrics => '{"class": ["accuracy"]}'::jsonb);

-- ---- the figures of a table ----

SELECT near(nnet.evaluate(nnet.score_value(nnet.pack('colors'), x, color)), nnet.evaluate('colors', x, color)) FROM rows;
SELECT near(nnet.evaluate(nnet.score_value(nnet.pack('colors'), x, color, weight)), nnet.evaluate('colors', x, color, weight)) FROM rows;
SELECT near(nnet.evaluate(nnet.score_value(nnet.pack('numbers'), x, number)), nnet.evaluate('numbers', x, number)) FROM rows;
SELECT near(nnet.evaluate(nnet.score_value(nnet.pack('evens'), x, even)), nnet.evaluate('evens', x, even)) FROM rows;
SELECT near(nnet.evaluate(nnet.score_value(nnet.pack('remarks'), remark, number)), nnet.evaluate('remarks', remark, number)) FROM rows;
SELECT near(nnet.evaluate(nnet.score_value(nnet.pack('branches'), r, r)), nnet.evaluate('branches', r, r)) FROM rows AS r;
-- of values without the state of the optimizer, of parts that are put together, and by group
SELECT near(nnet.evaluate(nnet.score_value(nnet.pack('colors', false), x, color)), nnet.evaluate('colors', x, color)) FROM rows;
CREATE TABLE parts AS SELECT id % 4 AS part, nnet.score_value(nnet.pack('colors'), x, color) AS score FROM rows;
SELECT near(nnet.evaluate(score), (SELECT nnet.evaluate('colors', x, color) FROM rows)) FROM parts;
SELECT near(nnet.evaluate(nnet.evaluate_add(a.score, b.score)), (SELECT nnet.evaluate('colors', x, color) FROM rows WHERE id % 4 < 2))
FROM (SELECT row_number() OVER () AS n, score FROM parts WHERE part = 0) AS a JOIN (SELECT row_number() OVER () AS n, score FROM parts WHERE part = 1) AS b USING (n);
SELECT part, near(nnet.evaluate(score::text::nnet.evaluation), (SELECT nnet.evaluate('colors', x, color) FROM rows WHERE id % 4 = part)) FROM parts GROUP BY part ORDER BY part;
CREATE TABLE models AS SELECT m AS name, nnet.pack(m::regclass) AS model FROM unnest('{numbers,remarks}'::text[]) AS m;
SELECT name, nnet.evaluate(nnet.score_value(model, remark, number)) ? 'loss' FROM models, rows WHERE name = 'remarks' GROUP BY name;
-- a running figure
SELECT count(DISTINCT e ->> 'samples') FROM (SELECT nnet.evaluate(nnet.score_value(nnet.pack('colors'), x, color)) OVER (ORDER BY id) AS e FROM rows WHERE id <= 20) AS w;

-- ---- NULLs, and no rows ----

SELECT nnet.evaluate(nnet.score_value(nnet.pack('colors'), CASE WHEN id > 10 THEN x END, CASE WHEN id > 15 THEN color END)) - '{loss,accuracy}'::text[] FROM rows WHERE id <= 20;
SELECT nnet.evaluate(nnet.score_value(nnet.pack('colors'), NULL::real[], color)) IS NULL FROM rows WHERE id <= 20;
SELECT nnet.evaluate(nnet.score_value(nnet.pack('colors'), x, color)) IS NULL FROM rows WHERE false;
SELECT nnet.score_value(NULL, x, color) IS NULL FROM rows LIMIT 1;

-- ---- errors ----

SELECT nnet.create_model('raw', nnet.input(3), nnet.dense(1));
SELECT fails($$SELECT nnet.score_value(nnet.pack('raw'), x, number) FROM rows$$);
SELECT fails($$SELECT nnet.evaluate(nnet.score_value(nnet.pack('colors'), x[1:2], color)) FROM rows$$);
SELECT fails($$SELECT nnet.evaluate(nnet.score_value(nnet.pack('colors'), x, 'violet')) FROM rows$$);
SELECT fails($$SELECT nnet.evaluate(nnet.score_value(m, x, class)) FROM rows, (VALUES (nnet.pack('numbers')), (nnet.pack('evens'))) AS t (m)$$);

-- ---- a stranger's bytes ----

SELECT fails($$SELECT 'x'::nnet.evaluation$$);
SELECT fails($$SELECT 'AAAA'::nnet.evaluation$$);
CREATE FUNCTION bytes_of(score nnet.evaluation) RETURNS bytea LANGUAGE sql AS $$SELECT decode(score::text, 'base64')$$;
CREATE FUNCTION score_of(bytes bytea) RETURNS nnet.evaluation LANGUAGE sql AS $$SELECT translate(encode(bytes, 'base64'), E'\n', '')::nnet.evaluation$$;
CREATE TABLE sound AS SELECT bytes_of(score) AS b FROM parts LIMIT 1;
SELECT fails(format('SELECT score_of(%L::bytea)', substr(b, 1, 70))) FROM sound;
SELECT fails(format('SELECT score_of(%L::bytea)', substr(b, 1, length(b) - 4))) FROM sound;
SELECT fails(format('SELECT score_of(%L::bytea)', overlay(b PLACING '\x00'::bytea FROM 1))) FROM sound;
SELECT fails(format('SELECT score_of(%L::bytea)', overlay(b PLACING '\x02'::bytea FROM 5))) FROM sound;
SELECT fails(format('SELECT score_of(%L::bytea)', overlay(b PLACING '\xffffff7f'::bytea FROM 9))) FROM sound;
SELECT fails(format('SELECT score_of(%L::bytea)', overlay(b PLACING '\xffffffff'::bytea FROM 13))) FROM sound;
SELECT fails(format('SELECT score_of(%L::bytea)', overlay(b PLACING '\xffffffffffffffff'::bytea FROM 53))) FROM sound;
SELECT fails(format('SELECT score_of(%L::bytea)', overlay(b PLACING '\x00'::bytea FROM length(b)))) FROM sound;
CREATE TABLE outcomes (state text);
CREATE FUNCTION try(b bytea, seed integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(seed / 1000.0);
    FOR i IN 0 .. floor(random() * 3)::integer LOOP
        -- mostly the head and the sums
        b := set_byte(b, floor(random() * CASE WHEN random() < 0.8 THEN 120 ELSE length(b) END)::integer, floor(random() * 256)::integer);
    END LOOP;
    BEGIN
        PERFORM nnet.evaluate(score_of(b));
        RAISE EXCEPTION USING errcode = 'F0000';
    EXCEPTION WHEN assert_failure OR OTHERS THEN
        INSERT INTO outcomes VALUES (SQLSTATE);
    END;
END $$;
SELECT count(try(b, i)) FROM sound, generate_series(1, 1000) AS i;
SELECT count(*), count(*) FILTER (WHERE state = '22P03') > 100, count(*) FILTER (WHERE state = 'F0000') > 50 FROM outcomes;
SELECT DISTINCT state FROM outcomes WHERE state ~ '^(XX|53|57|58)';

SET client_min_messages = warning;
DROP SCHEMA test_score_value CASCADE;
