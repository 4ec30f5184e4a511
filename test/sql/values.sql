-- Every type of x and y, and every value that is refused.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_values;
SET search_path = test_values;
SET extra_float_digits = 0;
\set SHOW_CONTEXT never

-- a model that gives back what it reads
SELECT nnet.create_model('same3', nnet.input(3), nnet.rescaling(1));
SELECT nnet.create_model('same1', nnet.input(1), nnet.rescaling(1));
SELECT nnet.create_model('same23', nnet.input(2, 3), nnet.rescaling(1));

-- arrays of numbers
SELECT nnet.predict('same3', '{1,2.5,-3}'::real[]);
SELECT nnet.predict('same3', '{1,2.5,-3}'::float8[]);
SELECT nnet.predict('same3', '{1,2,-3}'::smallint[]);
SELECT nnet.predict('same3', '{1,2,-3}'::integer[]);
SELECT nnet.predict('same3', '{1,2,-3}'::bigint[]);
SELECT nnet.predict('same3', '{1,2.5,-3}'::numeric[]);
SELECT nnet.predict('same3', '{t,f,t}'::boolean[]);
SELECT nnet.predict('same3', ARRAY[1, 2.5, -3]);
SELECT nnet.predict('same3', '[5:7]={1,2.5,-3}'::real[]);
-- numerics of several lengths in one array
SELECT nnet.predict('same3', ARRAY[0, 123456.5, 0.000001]::numeric[]);
-- any number of dimensions that has as many values
SELECT nnet.predict('same23', '{{1,2,3},{4,5,6}}'::real[]);
SELECT nnet.predict('same23', '{1,2,3,4,5,6}'::real[]);
SELECT nnet.predict('same23', '{{{1},{2}},{{3},{4}},{{5},{6}}}'::integer[]);

-- bytes
SELECT nnet.predict('same3', '\x00ff80'::bytea);

-- one number
SELECT nnet.predict('same1', 7::smallint), nnet.predict('same1', 7), nnet.predict('same1', 7::bigint),
    nnet.predict('same1', 7.5), nnet.predict('same1', 7.5::real), nnet.predict('same1', 7.5::float8),
    nnet.predict('same1', true);

-- rows
SELECT nnet.predict('same3', ROW(1, 2.5, -3::bigint));
SELECT nnet.predict('same3', ROW(true, '{2,3}'::real[]));
CREATE TABLE points (a integer, gone text, b real, c numeric);
ALTER TABLE points DROP COLUMN gone;
INSERT INTO points VALUES (1, 2.5, -3), (4, 5, 6);
SELECT nnet.predict('same3', points) FROM points;
SELECT nnet.predict('same3', (a, b, c)) FROM points;
-- types of several rows in one query
SELECT nnet.predict('same3', CASE WHEN a = 1 THEN ROW(a, b, c) ELSE ROW(a, a, a) END) FROM points;
CREATE TYPE pair AS (p integer, q real[]);
SELECT nnet.predict('same3', ROW(1, '{2,3}')::pair);
SELECT nnet.predict('same3', ROW(ROW(1, 2), 3));

-- domains
CREATE DOMAIN features AS real[] CHECK (cardinality(VALUE) = 3);
CREATE DOMAIN features2 AS features;
CREATE DOMAIN number AS integer;
CREATE DOMAIN rowdomain AS pair;
SELECT nnet.predict('same3', '{1,2,3}'::features), nnet.predict('same3', '{1,2,3}'::features2),
    nnet.predict('same1', 7::number), nnet.predict('same3', '{1,2,3}'::number[]),
    nnet.predict('same3', ROW(1, '{2,3}')::pair::rowdomain);

-- literals
SELECT nnet.predict('same3', '{1,2.5,-3}'), nnet.predict('same3', ' {1,2,3}'),
    nnet.predict('same3', '[0:2]={1,2,3}'), nnet.predict('same1', '7.5');

-- a type with a cast to real[]
CREATE FUNCTION to_reals(point) RETURNS real[] LANGUAGE sql IMMUTABLE
    AS $$SELECT ARRAY[$1[0], $1[1], 0]::real[]$$;
CREATE CAST (point AS real[]) WITH FUNCTION to_reals(point);
SELECT nnet.predict('same3', point(1, 2));
DROP CAST (point AS real[]);
SELECT nnet.predict('same3', point(1, 2));

-- toasted and expanded values
CREATE TABLE wide (x real[], b bytea);
ALTER TABLE wide ALTER x SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL;
INSERT INTO wide SELECT array_agg(i::real), decode(repeat('07', 3000), 'hex') FROM generate_series(1, 3000) i;
SELECT nnet.create_model('same3000', nnet.input(3000), nnet.rescaling(1));
SELECT nnet.predict('same3000', x) = x, nnet.predict('same3000', b) = array_fill(7::real, '{3000}') FROM wide;
DO $$
DECLARE a real[] := '{1,2,3}';
BEGIN
    a[2] := 5;
    RAISE NOTICE '%', nnet.predict('test_values.same3', a);
END $$;

-- NULL gives NULL
SELECT nnet.predict('same3', NULL::real[]) IS NULL, nnet.predict(NULL, '{1,2,3}') IS NULL,
    nnet.predict('same3', NULL) IS NULL;

-- what is refused: lengths
SELECT nnet.predict('same3', '{1,2}'::real[]);
SELECT nnet.predict('same3', '{1,2,3,4}'::real[]);
SELECT nnet.predict('same3', '{}'::real[]);
SELECT nnet.predict('same3', '{{1,2},{3,4}}'::integer[]);
SELECT nnet.predict('same3', '\x0102'::bytea);
SELECT nnet.predict('same3', 1);
SELECT nnet.predict('same3', ROW(1, 2));
SELECT nnet.predict('same1', '{1,2}'::real[]);
SELECT nnet.predict('same23', '{1,2,3,4,5}'::real[]);

-- NULLs, NaN, infinity
SELECT nnet.predict('same3', '{1,NULL,3}'::real[]);
SELECT nnet.predict('same3', '{1,2,NULL}'::numeric[]);
SELECT nnet.predict('same3', ROW(1, NULL::real, 3));
SELECT nnet.predict('same3', '{1,NaN,3}'::real[]);
SELECT nnet.predict('same3', '{1,2,Infinity}'::real[]);
SELECT nnet.predict('same3', '{-Infinity,2,3}'::float8[]);
SELECT nnet.predict('same3', '{1,1e300,3}'::float8[]);
SELECT nnet.predict('same3', '{1,2,NaN}'::numeric[]);
-- numeric has infinities since PostgreSQL 14
DO $$
BEGIN
    PERFORM nnet.predict('same3', '{1,Infinity,2}'::numeric[]);
EXCEPTION WHEN numeric_value_out_of_range OR invalid_text_representation THEN
    RAISE NOTICE '%', SQLERRM LIKE '%infinite value at position 2%'
        OR current_setting('server_version_num')::int < 140000;
END $$;
SELECT nnet.predict('same1', 'NaN'::real);
SELECT nnet.predict('same3', ROW(1, 2, 'NaN'::float8));
SELECT nnet.predict('same3', ROW(1, '{2,NaN}'::real[]));

-- types
SELECT nnet.predict('same3', 'sun'::text);
SELECT nnet.predict('same3', '{a,b,c}'::text[]);
SELECT nnet.predict('same3', '2020-01-01'::date);
SELECT nnet.predict('same3', '[1,2,3]'::jsonb);
SELECT nnet.predict('same3', ROW(1, 'b'::text, 3));
SELECT nnet.predict('same3', ROW(1, '2020-01-01'::date, 3));
SELECT nnet.predict('same3', '1 2'::int2vector);
SELECT nnet.predict('same3', 'sun');
SELECT nnet.predict('same3', '{1,2');

-- y of every type, for each kind of loss: three classes
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
SELECT nnet.create_model('three', nnet.input(1), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('three', 'sparse_categorical_crossentropy');
CREATE TABLE r AS SELECT i % 3 AS i, ('{sad,ok,happy}'::mood[])[1 + i % 3] AS e FROM generate_series(0, 29) i;
CREATE FUNCTION trains(model regclass, y text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result jsonb; labels text;
BEGIN
    EXECUTE format('SELECT nnet.fit(%L, i, %s, nnet.options(seed => 1)) FROM r', model, y) INTO result;
    EXECUTE format('SELECT config->>''labels'' FROM %s WHERE layer = -1', model) INTO labels;
    RAISE EXCEPTION USING message = format('%s rows, labels %s', result->>'samples', coalesce(labels, 'none')),
        errcode = 'NN000';
EXCEPTION
    WHEN SQLSTATE 'NN000' THEN RETURN SQLERRM;    -- rolled back: the next one starts as new
END $$;
SELECT y, trains('three', y)
FROM (VALUES ('i'), ('i::smallint'), ('i::bigint'), ('i::numeric'), ('i::real'), ('i::float8'), ('i::number'),
    ('ARRAY[i]'), ('ROW(i)'), ('e'), ('e::text'), ('e::varchar'), ('e::name'), ('e::text::char(10)'),
    ('i = 1'), ($$'1'$$), ($$'{2}'$$)) v(y);
SELECT trains('three', '''constant''');
SELECT trains('three', 'i + 1');
SELECT trains('three', 'i - 1');
SELECT trains('three', 'i + 0.5');
SELECT trains('three', '9000000000');
SELECT trains('three', 'ARRAY[i, i]');
SELECT trains('three', 'ARRAY[0, 0, 1]');
SELECT trains('three', 'CASE WHEN random() < 2 THEN ctid::text END');
SELECT trains('three', 'current_date');

-- one-hot
SELECT nnet.compile('three', 'categorical_crossentropy');
SELECT y, trains('three', y)
FROM (VALUES ('ARRAY[(i = 0)::int, (i = 1)::int, (i = 2)::int]'), ('ARRAY[i = 0, i = 1, i = 2]'),
    ('ROW(i = 0, i = 1, i = 2)'), ('i'), ('e'), ('e::text'), ('i = 1')) v(y);
SELECT trains('three', 'ARRAY[1, 0]');
SELECT trains('three', 'i + 1');

-- regression
SELECT nnet.compile('three', 'mse');
SELECT y, trains('three', y)
FROM (VALUES ('ARRAY[1.5, -2, 0]'), ('ROW(i, i, i)'), ($$'\x010203'::bytea$$)) v(y);
SELECT trains('three', 'i');
SELECT trains('three', 'e');
SELECT trains('three', '''sun''');
SELECT trains('three', 'ARRAY[1, NULL, 2]');
SELECT trains('three', 'ARRAY[1, 2, ''NaN''::real]');

-- one unit
SELECT nnet.create_model('one', nnet.input(1), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('one', 'binary_crossentropy');
SELECT y, trains('one', y)
FROM (VALUES ('i = 1'), ('(i = 1)::int'), ('i / 2.0'), ('ARRAY[i = 1]'),
    ($$CASE i WHEN 1 THEN 'yes' ELSE 'no' END::text$$),
    ($$(CASE i WHEN 1 THEN 'sad' ELSE 'happy' END)::mood$$)) v(y);
SELECT trains('one', 'i');
SELECT trains('one', 'e');
SELECT trains('one', '''no''::text');
SELECT nnet.compile('one', 'mse');
SELECT trains('one', 'i * 100.5'), trains('one', 'i = 1');
SELECT trains('one', 'e');

-- several units, each 0 to 1
SELECT nnet.create_model('multi', nnet.input(1), nnet.dense(3, activation => 'sigmoid'));
SELECT nnet.compile('multi', 'binary_crossentropy');
SELECT trains('multi', 'ARRAY[1, 1, 0]'), trains('multi', 'e'), trains('multi', 'ARRAY[0.5, 0, 1]');
SELECT trains('multi', 'ARRAY[1, 2, 0]');

-- several classes a row
SELECT nnet.create_model('classes', nnet.input(1), nnet.repeat_vector(2), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('classes', 'sparse_categorical_crossentropy');
SELECT trains('classes', 'ARRAY[2, 0]'), trains('classes', '''{1,0}''');
SELECT trains('classes', 'e');
SELECT trains('classes', 'i');
SELECT trains('classes', 'ARRAY[2, 3]');
SELECT trains('classes', 'ARRAY[2, 4]');

SET client_min_messages = warning;
DROP SCHEMA test_values CASCADE;
