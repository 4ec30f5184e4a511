-- nnet.fit_value(): training of models that are values, which gives what nnet.fit() of a table
-- gives, bit for bit, and changes nothing; one model a group; and its errors.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_fit_value;
SET search_path = test_fit_value;

CREATE FUNCTION fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text; hint text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF detail <> '' THEN RETURN NEXT 'DETAIL: ' || detail; END IF;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
END $$;

SELECT setseed(0.5) \g /dev/null
CREATE TABLE rows AS SELECT i AS id, ARRAY[sin(i), cos(3 * i), i / 100.0]::real[] AS x, ('{red,green,blue}'::text[])[1 + i % 3] AS color,
    sin(i) + i / 50.0 AS number, (i % 5 = 0) AS held, (i % 7)::real AS weight, 'word' || i % 4 || ' and ' || i % 3 AS remark FROM generate_series(1, 150) AS i;

-- ---- the same as the table, bit for bit ----

-- what a table gives: the arguments of fit after the model
CREATE FUNCTION differs(model regclass, arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before nnet.model := nnet.pack(model);
    after nnet.model;
BEGIN
    EXECUTE format('SELECT nnet.fit_value($1, %s ORDER BY id) FROM rows', arguments) INTO after USING before;
    IF after = before THEN RETURN 'nothing was trained'; END IF;
    IF nnet.pack(model) <> before THEN RETURN 'the table was changed'; END IF;
    EXECUTE format('SELECT nnet.fit(%L, %s ORDER BY id) FROM rows', model, arguments);
    RETURN CASE WHEN after = nnet.pack(model) THEN 'same' ELSE 'different' END;
END $$;

SELECT nnet.create_model('colors', nnet.input(3), nnet.normalization(), nnet.dense(8, activation => 'relu'), nnet.batch_normalization(), nnet.dropout(0.2),
    nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('colors', 'sparse_categorical_crossentropy', nnet.adam(nnet.cosine_decay(0.01, 100)), '{accuracy}');
-- labels and normalization are learned, then it goes on
SELECT differs('colors', 'x, color, nnet.options(seed => 1, epochs => 3)');
SELECT differs('colors', 'x, color, nnet.options(seed => 2, epochs => 2, batch_size => 7, validation_split => 0.2)');
SELECT differs('colors', 'x, color, nnet.options(seed => 3, epochs => 1, shuffle => false)');
SELECT differs('colors', 'x, color, nnet.options(seed => 4), weight');
SELECT differs('colors', 'x, color, nnet.options(seed => 5, epochs => 2), held');
SELECT differs('colors', 'x, color, nnet.options(seed => 6, epochs => 2), weight, held');
SELECT differs('colors', $$x, color, nnet.options(seed => 7, class_weight => 'balanced')$$);
-- without the optimizer's state it begins anew, as if compiled, whatever was done before
SELECT nnet.create_model('plain', nnet.input(3), nnet.dense(8, activation => 'relu'), nnet.dense(3, activation => 'softmax'));
CREATE FUNCTION begins_anew(optimizer jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    trained text[];
    again text := 'SELECT nnet.fit(%L, x, color, nnet.options(seed => 2, batch_size => 50) ORDER BY id) FROM rows';
    model text;
BEGIN
    PERFORM nnet.compile('plain', 'sparse_categorical_crossentropy', optimizer);
    PERFORM nnet.fit('plain', x, color, nnet.options(seed => 1, epochs => 30, batch_size => 10) ORDER BY id) FROM rows;
    PERFORM nnet.copy_model('plain', 'compiled'), nnet.copy_model('plain', 'emptied'), nnet.unpack(nnet.pack('plain', slots => false), 'bare'), nnet.copy_model('plain', 'going_on');
    PERFORM nnet.compile('compiled', 'sparse_categorical_crossentropy', optimizer);
    UPDATE emptied SET slots = NULL;
    FOREACH model IN ARRAY '{compiled,emptied,bare,going_on}'::text[] LOOP
        EXECUTE format(again, model);
        EXECUTE format('SELECT $1 || string_agg(weights::text, '''' ORDER BY layer) FROM %I', model) INTO trained USING trained;
        EXECUTE format('DROP TABLE %I', model);
    END LOOP;
    RETURN format('%s %s %s', trained[1] = trained[2], trained[1] = trained[3], trained[1] = trained[4]);
END $$;
SELECT optimizer ->> 'kind', begins_anew(optimizer) FROM unnest(ARRAY[nnet.adam(0.01), nnet.adamw(0.01), nnet.nadam(0.01), nnet.adamax(0.01), nnet.lamb(0.01), nnet.rmsprop(0.01), nnet.sgd(0.1, momentum => 0.9),
    nnet.adam(nnet.exponential_decay(0.01, 100, 0.5)), nnet.adam(0.01, use_ema => true), nnet.adam(0.01, gradient_accumulation_steps => 2)]) AS optimizer;
DROP TABLE plain;
-- more epochs than stay in the row
SELECT differs('colors', 'x, color, nnet.options(seed => 8, epochs => 200)');
SELECT differs('colors', 'x, color, nnet.options(seed => 9, epochs => 3)');
UPDATE colors SET config = config || '{"trainable": false}' WHERE name = 'dense';
SELECT differs('colors', 'x, color, nnet.options(seed => 10)');
SELECT nnet.compile('colors', 'sparse_categorical_crossentropy', nnet.sgd(0.1, momentum => 0.9));
SELECT differs('colors', 'x, color, nnet.options(seed => 11, epochs => 2)');
-- the frozen layer still has the state of the optimizer before
SELECT cardinality(slots) / cardinality(weights) FROM colors WHERE name = 'dense';
SELECT differs('colors', 'x, color, nnet.options(seed => 12, epochs => 2)');

SELECT nnet.create_model('remarks', nnet.input(1), nnet.text_vectorization(12, output_sequence_length => 3), nnet.embedding(12, 4), nnet.lstm(4), nnet.dense(1));
SELECT nnet.compile('remarks', 'mse', 'rmsprop', '{mae}');
SELECT differs('remarks', 'remark, number, nnet.options(seed => 1, epochs => 2)');
SELECT differs('remarks', 'remark, number, nnet.options(seed => 2, epochs => 2)');

SET client_min_messages = warning;
SELECT nnet.create_model('tabular', nnet.features('rows', exclude => '{id,number,held,weight}'), nnet.dense(4, activation => 'relu'), nnet.dense(1));
SELECT nnet.compile('tabular', 'mae', 'nadam');
SELECT differs('tabular', 'rows, number, nnet.options(seed => 1, epochs => 2)');
SELECT differs('tabular', 'rows, number, nnet.options(seed => 2, epochs => 2)');
RESET client_min_messages;

-- ---- without side effects, wherever an aggregate may stand ----

CREATE TABLE start AS SELECT nnet.pack('colors') AS model;
-- no seed: one that follows from the model
SELECT a.m = b.m FROM (SELECT nnet.fit_value(model, x, color ORDER BY id) AS m FROM start, rows) AS a, (SELECT nnet.fit_value(model, x, color ORDER BY id) AS m FROM start, rows) AS b;
SELECT setseed(0.3) IS NOT NULL AS seeded, random() AS first \gset
SELECT setseed(0.3) IS NOT NULL, nnet.fit_value(model, x, color) IS NOT NULL FROM start, rows;
SELECT random() = :first;
-- twice the same model in one statement, and several trainings of one
SELECT count(DISTINCT m) FROM (SELECT nnet.fit_value(model, x, color, nnet.options(seed => s) ORDER BY id) AS m
    FROM start, rows, unnest('{1,1,2,3}'::integer[]) WITH ORDINALITY AS u (s, o) GROUP BY s, o) AS t;
BEGIN READ ONLY;
SELECT (SELECT nnet.fit_value(model, x, color) FROM rows) <> model FROM start;
COMMIT;
-- one model a group, which its rows alone have trained
CREATE TABLE by_group AS SELECT id % 3 AS part, nnet.fit_value(model, x, color, nnet.options(seed => 5, epochs => 2) ORDER BY id) AS model FROM start, rows GROUP BY id % 3;
SELECT part, g.model = (SELECT nnet.fit_value(s.model, x, color, nnet.options(seed => 5, epochs => 2) ORDER BY id) FROM rows WHERE id % 3 = part)
FROM by_group AS g, start AS s ORDER BY part;
SELECT count(DISTINCT model) FROM by_group;
-- used at once
SELECT count(nnet.classify_value(m, x)) FROM rows, (SELECT nnet.fit_value(model, x, color) AS m FROM start, rows) AS t;
WITH RECURSIVE rounds AS (
    SELECT 0 AS round, model FROM start
    UNION ALL SELECT round + 1, (SELECT nnet.fit_value(r.model, x, color, nnet.options(seed => 1) ORDER BY id) FROM rows) FROM rounds AS r WHERE round < 3)
SELECT round, nnet.unpack(model, 'round_' || round) FROM rounds;
SELECT config ->> 'steps' FROM round_0 WHERE layer = -1 UNION ALL SELECT (config ->> 'steps')::integer - 15 || ' after three' FROM round_3 WHERE layer = -1;

-- without the state of the optimizer it begins anew
SELECT nnet.fit_value(nnet.pack('colors', false), x, color, nnet.options(seed => 1)) <> nnet.fit_value(nnet.pack('colors'), x, color, nnet.options(seed => 1)) FROM rows;

-- ---- nothing to train on ----

SELECT nnet.fit_value(model, x, color) IS NULL FROM start, rows WHERE false;
SELECT nnet.fit_value(model, x, NULL::text) IS NULL FROM start, rows;
SELECT nnet.fit_value(model, CASE WHEN id % 2 = 0 THEN x END, color, nnet.options(seed => 1) ORDER BY id)
    = (SELECT nnet.fit_value(model, x, color, nnet.options(seed => 1) ORDER BY id) FROM start, rows WHERE id % 2 = 0) FROM start, rows;

-- ---- errors ----

SELECT fails('SELECT nnet.fit_value(NULL, x, color) FROM rows');
SELECT fails('SELECT nnet.fit_value(model, x[1:2], color) FROM start, rows');
SELECT fails($$SELECT nnet.fit_value(model, x, 'violet') FROM start, rows$$);
SELECT fails($$SELECT nnet.fit_value(model, x, color, '{"epoch": 3}') FROM start, rows$$) LIMIT 1;
SELECT fails('SELECT nnet.fit_value(m, x, color) FROM rows, (SELECT model FROM start UNION ALL SELECT model FROM by_group) AS t (m)');
SELECT fails('SELECT nnet.fit_value(model, x, color, nnet.options(epochs => 1 + id % 2)) FROM start, rows');
SELECT nnet.create_model('raw', nnet.input(3), nnet.dense(1));
SELECT fails($$SELECT nnet.fit_value(nnet.pack('raw'), x, number) FROM rows$$);
SELECT nnet.compile('raw', 'mse', nnet.sgd(100000));
SELECT fails($$SELECT nnet.fit_value(nnet.pack('raw'), x, number, nnet.options(epochs => 5)) FROM rows$$) LIMIT 1;
SELECT fails('SELECT nnet.fit_value(model, x, color) OVER () FROM start, rows');

SET client_min_messages = warning;
DROP SCHEMA test_fit_value CASCADE;
