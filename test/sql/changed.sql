-- Models that change, or fail, in the middle of what uses them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_changed;
SET search_path = test_changed;
\set SHOW_CONTEXT never

-- a refused number of steps leaves a loaded model as it was
SELECT setseed(0.5);
SELECT nnet.create_model('signal', nnet.input(NULL, 1), nnet.conv1d(4, 5), nnet.conv1d(3, 3),
    nnet.global_average_pooling1d(), nnet.dense(2));
CREATE TABLE ten AS SELECT array_agg(i::real) AS x FROM generate_series(1, 10) AS i;
CREATE TABLE first AS SELECT nnet.predict('signal', x) AS y FROM ten;
SELECT nnet.predict('signal', '{1,2,3}');
SELECT nnet.predict('signal', x) = y AS same FROM ten, first;
SELECT nnet.predict('signal', '{1,2,3,4,5,6}');
SELECT nnet.predict('signal', x) = y AS same FROM ten, first;
SELECT nnet.predict_batch('signal', '{1,2,3}'::real[]) OVER ();
SELECT nnet.predict_batch('signal', x) OVER () = y AS same FROM ten, first;
SELECT nnet.create_model('long', nnet.input(NULL, 64), nnet.dense(300), nnet.global_average_pooling1d(), nnet.dense(1));
SELECT cardinality(nnet.predict('long', array_fill(1::real, '{64}')));
SELECT nnet.predict('long', array_fill(1::real, '{1048576,64}'));
SELECT cardinality(nnet.predict('long', array_fill(1::real, '{64}')));

-- a view that shows another model in the middle of a pass
SELECT nnet.create_model('small', nnet.input(2), nnet.dense(1)), nnet.create_model('large', nnet.input(2), nnet.dense(200000));
CREATE VIEW shown AS SELECT * FROM small;
CREATE FUNCTION turn(i integer) RETURNS real[] LANGUAGE plpgsql AS $$
BEGIN
    IF i = 10 THEN CREATE OR REPLACE VIEW shown AS SELECT * FROM large; END IF;
    RETURN ARRAY[i, 2];
END $$;
SELECT sum(cardinality(p)) FROM (SELECT nnet.predict_batch('shown', turn(i)) OVER () AS p FROM generate_series(1, 100) AS i) AS s;
SELECT nnet.create_model('few', nnet.input(2), nnet.dense(3, activation => 'softmax')),
    nnet.create_model('many', nnet.input(2), nnet.dense(1000, activation => 'softmax'));
SELECT nnet.compile('few', 'sparse_categorical_crossentropy'), nnet.compile('many', 'sparse_categorical_crossentropy');
CREATE VIEW judged AS SELECT * FROM many;
CREATE FUNCTION turn_classes(i integer) RETURNS real[] LANGUAGE plpgsql AS $$
BEGIN
    IF i = 10 THEN CREATE OR REPLACE VIEW judged AS SELECT * FROM few; END IF;
    RETURN ARRAY[i, 2];
END $$;
SELECT nnet.evaluate('judged', turn_classes(i), 990) FROM generate_series(1, 20) AS i;

-- arguments are evaluated once, at the end of a pass too
SET work_mem = '64kB';
SELECT nnet.create_model('wide', nnet.input(1000), nnet.dense(1));
CREATE SEQUENCE calls;
SELECT count(p) FROM (SELECT nnet.predict_batch('wide', array_fill(nextval('calls')::real, '{1000}')) OVER () AS p
    FROM generate_series(1, 100) AS i) AS s;
SELECT last_value FROM calls;
RESET work_mem;

-- a model is trained once a statement, whatever portals are open
SELECT nnet.compile('small', 'mse', 'sgd');
BEGIN;
DECLARE c CURSOR FOR SELECT nnet.fit('small', ARRAY[i / 10.0, 1], 1.0) ->> 'samples' AS samples FROM generate_series(1, 10) AS i;
FETCH c;
SELECT nnet.fit('small', ARRAY[i / 10.0, 1], 1.0) ->> 'samples' AS samples FROM generate_series(1, 10) AS i;
COMMIT;
-- a failed one does not count
BEGIN;
DECLARE c CURSOR FOR SELECT nnet.fit('small', ARRAY[i / 10.0, 1], 1.0) FROM generate_series(1, 10) AS i WHERE 1 / (i - 5) < 2;
SAVEPOINT s;
FETCH c;
ROLLBACK TO s;
SELECT nnet.fit('small', ARRAY[i / 10.0, 1], 1.0) ->> 'samples' AS samples FROM generate_series(1, 10) AS i;
COMMIT;
-- the same statement
SELECT nnet.fit('small', ARRAY[i / 10.0, 1], 1.0) FROM generate_series(1, 10) AS i GROUP BY i % 2;
-- one within another, and a compile
CREATE FUNCTION within(i integer, what text) RETURNS real[] LANGUAGE plpgsql AS $$
BEGIN
    IF i = 5 AND what = 'fit' THEN PERFORM nnet.fit('small', ARRAY[1, 2], 1.0); END IF;
    IF i = 5 AND what = 'compile' THEN PERFORM nnet.compile('small', 'mae', 'adam'); END IF;
    RETURN ARRAY[i / 10.0, 1];
END $$;
SELECT nnet.fit('small', within(i, 'fit'), 1.0) FROM generate_series(1, 10) AS i;
SELECT nnet.fit('small', within(i, 'compile'), 1.0) FROM generate_series(1, 10) AS i;
SELECT config ->> 'loss' AS loss FROM small WHERE layer = -1;

-- dropped, emptied or altered by a function in the query that uses it
CREATE FUNCTION renew() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nnet.create_model('doomed', nnet.input(2), nnet.dense(1, activation => 'sigmoid')),
        nnet.create_model('painter', nnet.input(2), nnet.dense(2)), nnet.create_model('mirror', nnet.input(2), nnet.dense(2));
    PERFORM nnet.compile('doomed', 'binary_crossentropy'), nnet.compile('painter', 'binary_crossentropy');
END $$;
CREATE FUNCTION x_and(what text, i integer, at integer) RETURNS real[] LANGUAGE plpgsql AS $$
BEGIN
    IF i = at THEN EXECUTE what; END IF;
    RETURN ARRAY[i, 2];
END $$;
CREATE TABLE changes (n serial, what text);
INSERT INTO changes (what) VALUES ('DROP TABLE doomed'), ('DROP OWNED BY doomer'), ('TRUNCATE doomed'), ('ALTER TABLE doomed ALTER weights SET STORAGE MAIN'), ('DELETE FROM doomed'),
    ('DELETE FROM doomed WHERE layer = 1'), ('UPDATE doomed SET weights = NULL'), ('ALTER TABLE doomed RENAME TO renamed');
CREATE TABLE users (n serial, query text);
INSERT INTO users (query) VALUES
    ('SELECT nnet.fit(''doomed'', x_and(%L, i, 3), 1) FROM generate_series(1, 5) i'),
    ('SELECT nnet.fit(''doomed'', x_and(%L, i, 3), 1, nnet.options(shuffle => false, batch_size => 2)) FROM generate_series(1, 5) i'),
    ('SELECT nnet.fit_gan(''painter'', ''doomed'', x_and(%L, i, 3)) FROM generate_series(1, 5) i'),
    ('SELECT nnet.evaluate(''doomed'', x_and(%L, i, 3), 1) FROM generate_series(1, 5) i'),
    ('SELECT nnet.predict(''doomed'', x_and(%L, i, 3)) FROM generate_series(1, 5) i'),
    ('SELECT nnet.predict_batch(''doomed'', x_and(%L, i, 3)) OVER () FROM generate_series(1, 50) i'),
    ('SELECT nnet.predict_batch(''doomed'', x_and(%L, i, 50)) OVER () FROM generate_series(1, 50) i'),
    ('SELECT nnet.generate(''mirror'', 600) FROM (SELECT x_and(replace(%L, ''doomed'', ''mirror''), 1, 1) OFFSET 0) s'),
    ('SELECT nnet.forecast(''doomed'', x_and(%L, i, 2), 3) FROM generate_series(1, 5) i');
CREATE ROLE doomer;
DO $$
DECLARE
    u users;
    c changes;
BEGIN
    FOR u IN SELECT * FROM users ORDER BY n LOOP
        FOR c IN SELECT * FROM changes ORDER BY n LOOP
            BEGIN
                PERFORM renew();
                ALTER TABLE doomed OWNER TO doomer;
                EXECUTE format(u.query, c.what);
                RAISE EXCEPTION USING errcode = 'F0000', message = 'goes well';
            EXCEPTION WHEN OTHERS THEN
                RAISE NOTICE '%: %: % %', substring(u.query FROM 'nnet\.(\w+)'), c.what, SQLSTATE,
                    regexp_replace(SQLERRM, 'OID \d+', 'OID ...');
            END;
        END LOOP;
    END LOOP;
END $$;
DROP ROLE doomer;
-- the function takes it, and the training goes on
SELECT renew();
CREATE FUNCTION x_and_try(what text, i integer) RETURNS real[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN x_and(what, i, 3);
EXCEPTION WHEN object_in_use THEN
    RETURN '{3,4}';
END $$;
SELECT nnet.fit('doomed', x_and_try('DROP TABLE doomed', i), 1, nnet.options(seed => 1))->'samples' AS samples FROM generate_series(1, 5) i;
-- a query that ends early, or begins again, leaves the model open to all of that
BEGIN;
DECLARE trained CURSOR FOR SELECT i, (SELECT nnet.fit('doomed', ARRAY[i, k]::real[], 1, nnet.options(seed => 1))->'samples' FROM generate_series(1, i) k) AS samples FROM generate_series(1, 2) i;
FETCH 1 FROM trained;
ALTER TABLE doomed ALTER weights SET STORAGE EXTERNAL;
CLOSE trained;
DROP TABLE doomed;
COMMIT;

SET client_min_messages = warning;
DROP SCHEMA test_changed CASCADE;
