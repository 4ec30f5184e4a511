-- Models as values: nnet.pack() and nnet.unpack(), the type nnet.model and its comparison,
-- predictions by values in columns, parameters, generated columns and indexes; and bytes
-- that are a stranger's.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_model_values;
SET search_path = test_model_values;

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
SELECT nnet.create_model('m', nnet.input(2), nnet.dense(4, activation => 'relu'), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('m', 'sparse_categorical_crossentropy', nnet.adam(), '{accuracy}');
SELECT nnet.fit('m', ARRAY[i, 2]::real[], ('{a,b,c}'::text[])[1 + i % 3], nnet.options(seed => 1, epochs => 3)) ->> 'epochs' FROM generate_series(1, 20) AS i;
SELECT nnet.create_model('words', nnet.input(1), nnet.text_vectorization(20, output_sequence_length => 4),
    nnet.embedding(20, 3), nnet.global_average_pooling1d(), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('words', 'binary_crossentropy');
SELECT nnet.fit('words', ('{ein wort,"zwei Wörter",Ωmega}'::text[])[1 + i % 3], i % 2, nnet.options(seed => 1)) ->> 'epochs' FROM generate_series(1, 20) AS i;
SELECT nnet.create_model('branches', nnet.input('{2}', name => 'a'), nnet.input('{1}', name => 'b'), nnet.concatenate('{a,b}'),
    nnet.dense(2, activation => 'softmax', name => 'kind'), nnet.dense(1, name => 'price', inputs => '{concatenate}'));

-- ---- the same rows are the same bytes ----

SELECT nnet.pack(m) = nnet.pack(m), nnet.pack(m)::text = nnet.pack(m)::text, nnet.pack(m) = nnet.pack(m, slots => true)
FROM unnest('{m,words,branches}'::regclass[]) AS m;
SELECT nnet.pack('m', false) = nnet.pack('m'), nnet.pack('m', false) <> nnet.pack('m'), nnet.pack('m') = nnet.pack('words'), nnet.pack(NULL) IS NULL;
SELECT nnet.copy_model('m', 'elsewhere');
SELECT nnet.pack('elsewhere') = nnet.pack('m');
UPDATE elsewhere SET weights[1] = 7 WHERE layer = 1;
SELECT nnet.pack('elsewhere') = nnet.pack('m');
-- neither how an array is written nor the order of rows matters
TRUNCATE elsewhere;
INSERT INTO elsewhere SELECT layer, part, kind, name, inputs, config,
    CASE layer WHEN 1 THEN (SELECT array_agg(ARRAY[w] ORDER BY o) FROM unnest(weights) WITH ORDINALITY AS u (w, o)) ELSE weights END, slots
FROM m ORDER BY layer DESC;
SELECT array_ndims(weights) FROM elsewhere WHERE layer = 1;
SELECT nnet.pack('elsewhere') = nnet.pack('m');

-- ---- back into a table ----

SELECT nnet.unpack(nnet.pack(m), m::text || '_again') FROM unnest('{m,words,branches}'::regclass[]) AS m;
SELECT nnet.pack((m::text || '_again')::regclass) = nnet.pack(m) FROM unnest('{m,words,branches}'::regclass[]) AS m;
SELECT nnet.labels('m_again');
SELECT string_agg(epoch || ' ' || (h.loss = g.loss)::text || ' ' || coalesce(h.seconds::text, 'no time'), ', ' ORDER BY epoch)
FROM nnet.history('m_again') AS h JOIN nnet.history('m') AS g USING (epoch);
SELECT count(*), string_agg(token, ' ' ORDER BY id) = (SELECT string_agg(token, ' ' ORDER BY id) FROM nnet.vocabulary('words')) FROM nnet.vocabulary('words_again');
-- training goes on as it would have, and the value as well
SELECT nnet.fit(m, ARRAY[i, 2]::real[], 'a', nnet.options(seed => 2)) ->> 'epochs' FROM generate_series(1, 20) AS i, unnest('{m,m_again}'::regclass[]) AS m GROUP BY m;
SELECT nnet.pack('m_again') = nnet.pack('m');
SELECT nnet.unpack(NULL, 'nothing') IS NULL;
SELECT fails($$SELECT nnet.unpack(nnet.pack('m'), NULL)$$);
SELECT fails($$SELECT nnet.unpack(nnet.pack('m'), 'm')$$);

-- ---- predictions ----

CREATE TABLE models (id text, model nnet.model);
INSERT INTO models SELECT m, nnet.pack(m) FROM unnest('{m,words,branches}'::regclass[]) AS m;
SELECT nnet.predict_value(model, ARRAY[i, 2]::real[]) = nnet.predict('m', ARRAY[i, 2]), nnet.predict_value(model, '{1,2}') = nnet.predict('m', '{1,2}'),
    nnet.predict_value(model, ARRAY[1.5, i]) = nnet.predict('m', ARRAY[1.5, i]), nnet.predict_value(model, ROW(i, 2)) = nnet.predict('m', ARRAY[i, 2]),
    nnet.predict_value(model, '\x0102'::bytea) = nnet.predict('m', '{1,2}'), nnet.classify_value(model, ARRAY[i, 2]::float8[]) = nnet.classify('m', ARRAY[i, 2])
FROM models, generate_series(1, 2) AS i WHERE id = 'm';
SELECT nnet.predict_value(model, t) = nnet.predict('words', t) FROM models, unnest('{wort,"ωmega wörter"}'::text[]) AS t WHERE id = 'words';
SELECT nnet.predict_value(model, r) = nnet.predict('branches', r), nnet.predict_value(model, r, 'price') = nnet.predict('branches', r, 'price'),
    nnet.classify_value(model, r, 'kind') = nnet.classify('branches', r, 'kind')
FROM models, (SELECT ARRAY[1, 2]::real[] AS a, 3 AS b) AS r WHERE id = 'branches';
SELECT nnet.predict_value(model, NULL::real[]) IS NULL, nnet.predict_value(NULL, '{1,2}') IS NULL FROM models WHERE id = 'm';
-- one model a row
SELECT id, nnet.predict_value(model, '{1,2}') = nnet.predict(id::regclass, '{1,2}') FROM models WHERE id <> 'words'
    AND nnet.predict_value(CASE id WHEN 'm' THEN model END, '{1,2}') IS NOT NULL;
-- in a CTE and as a parameter
WITH one AS MATERIALIZED (SELECT nnet.pack('m') AS model) SELECT nnet.classify_value(model, '{1,2}') = nnet.classify('m', '{1,2}') FROM one;
PREPARE guess(nnet.model, real[]) AS SELECT nnet.predict_value($1, $2) = nnet.predict('m', $2);
SELECT nnet.pack('m') AS packed \gset
EXECUTE guess(:'packed', '{1,2}');
EXECUTE guess(:'packed', '{3,4}');
-- a value is what it is, whatever becomes of its table
UPDATE m SET weights = array_fill(0::real, ARRAY[cardinality(weights)]) WHERE layer = 2;
SELECT nnet.predict_value(model, '{1,2}') = nnet.predict('m', '{1,2}'), nnet.predict_value(model, '{1,2}') = nnet.predict('m_again', '{1,2}') FROM models WHERE id = 'm';
SELECT fails($$SELECT nnet.predict_value(model, '{1,2,3}') FROM models WHERE id = 'm'$$);
SELECT fails($$SELECT nnet.predict_value(model, '{1,2}', 'nothing') FROM models WHERE id = 'm'$$);
SELECT fails($$SELECT nnet.classify_value(model, '{1,2}') FROM models WHERE id = 'branches'$$);

-- ---- generated columns, indexes, constraints ----

CREATE TABLE rows (id integer, model nnet.model, x real[], class text GENERATED ALWAYS AS (nnet.classify_value(model, x)) STORED);
INSERT INTO rows SELECT i, nnet.pack('m_again'), ARRAY[i % 5, 2] FROM generate_series(1, 10) AS i;
SELECT bool_and(class = nnet.classify('m_again', x)) FROM rows;
CREATE INDEX rows_class ON rows (nnet.classify_value(model, x));
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT count(*) = (SELECT count(*) FROM rows AS r WHERE class = nnet.classify('m_again', '{1,2}')) FROM rows
WHERE nnet.classify_value(model, x) = nnet.classify('m_again', '{1,2}');
RESET enable_seqscan;
RESET enable_bitmapscan;

-- ---- comparison ----

INSERT INTO models SELECT id || ' 2', model FROM models;
SELECT count(*), count(DISTINCT model) FROM models;
SELECT string_agg(id, ', ' ORDER BY id) FROM models GROUP BY model ORDER BY 1;
SET enable_hashagg = off;
SELECT count(*) FROM (SELECT DISTINCT model FROM models) AS m;
SET enable_sort = off;
SET enable_hashagg = on;
SELECT count(*) FROM (SELECT DISTINCT model FROM models) AS m;
RESET enable_sort;
RESET enable_hashagg;
SELECT count(*) FROM models AS a JOIN models AS b USING (model);
SELECT bool_and((a.model < b.model) <> (a.model >= b.model) AND (a.model > b.model) <> (a.model <= b.model) AND (a.model = b.model) <> (a.model <> b.model))
FROM models AS a, models AS b;
CREATE TABLE parts (model nnet.model) PARTITION BY HASH (model);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parts SELECT model FROM models;
SELECT count(*) FROM parts;
CREATE UNIQUE INDEX models_unique ON models (model) WHERE id !~ '2';
SELECT fails($$INSERT INTO models SELECT 'm again', model FROM models WHERE id = 'm'$$) LIMIT 1;

-- ---- what cannot be packed ----

SELECT fails($$SELECT nnet.pack('models')$$);
CREATE TABLE empty OF nnet.layer;
SELECT fails($$SELECT nnet.pack('empty')$$);
UPDATE elsewhere SET weights[1] = 'NaN' WHERE layer = 2;
SELECT fails($$SELECT nnet.pack('elsewhere')$$);
UPDATE elsewhere SET weights[1] = NULL WHERE layer = 2;
SELECT fails($$SELECT nnet.pack('elsewhere')$$);
UPDATE elsewhere SET kind = 'nothing' WHERE layer = 2;
SELECT fails($$SELECT nnet.pack('elsewhere')$$) LIMIT 1;
CREATE ROLE regress_nnet_packer;
GRANT USAGE ON SCHEMA test_model_values TO regress_nnet_packer;
SET ROLE regress_nnet_packer;
SELECT fails($$SELECT nnet.pack('m')$$);
RESET ROLE;

-- ---- a stranger's bytes ----

SELECT fails($$SELECT 'm'::nnet.model$$);
SELECT fails($$SELECT ''::nnet.model$$);
SELECT fails($$SELECT 'AAA='::nnet.model$$);

CREATE FUNCTION bytes_of(model nnet.model) RETURNS bytea LANGUAGE sql AS $$SELECT decode(model::text, 'base64')$$;
CREATE FUNCTION model_of(bytes bytea) RETURNS nnet.model LANGUAGE sql AS $$SELECT translate(encode(bytes, 'base64'), E'\n', '')::nnet.model$$;
-- the digest of the content, as a stranger would put it right
CREATE FUNCTION digested(bytes bytea) RETURNS bytea LANGUAGE sql AS $$SELECT overlay(bytes PLACING sha256(substr(bytes, 77)) FROM 41)$$;
CREATE FUNCTION word(number bigint) RETURNS bytea LANGUAGE sql AS $$SELECT decode(lpad(to_hex(number & 255), 2, '0') || lpad(to_hex(number >> 8 & 255), 2, '0')
    || lpad(to_hex(number >> 16 & 255), 2, '0') || lpad(to_hex(number >> 24 & 255), 2, '0'), 'hex')$$;

CREATE TABLE sound AS SELECT bytes_of(nnet.pack('m_again')) AS b;
SELECT model_of(b) = nnet.pack('m_again'), digested(b) = b FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', substr(b, 1, 60))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', substr(b, 1, length(b) - 4))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', b || '\x00000000'::bytea)) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', overlay(b PLACING '\x00'::bytea FROM 1))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', overlay(b PLACING '\x766d6e6e'::bytea FROM 1))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', overlay(b PLACING word(2) FROM 5))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', overlay(b PLACING '\x00000000'::bytea FROM 9))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', overlay(b PLACING '\x00000000'::bytea FROM 41))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', overlay(b PLACING '\xff'::bytea FROM 300))) FROM sound;
-- with a digest that fits: too many rows, too few, a part that is too long, a list that ends within a text
SELECT fails(format('SELECT model_of(%L::bytea)', digested(overlay(b PLACING word(1000000) FROM 77)))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', digested(overlay(b PLACING word(1) FROM 77)))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', digested(overlay(b PLACING word(5) FROM 77)))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', digested(overlay(b PLACING word(100000000) FROM 89)))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', digested(overlay(b PLACING '\x00'::bytea FROM 94)))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', digested(overlay(b PLACING '\xff'::bytea FROM 94)))) FROM sound;
SELECT fails(format('SELECT model_of(%L::bytea)', digested(overlay(b PLACING '{'::bytea FROM position('"loss"'::bytea IN b))))) FROM sound LIMIT 1;
SELECT fails(format('SELECT model_of(%L::bytea)', digested(overlay(b PLACING '"muse"'::bytea FROM position('"bias'::bytea IN b))))) FROM sound LIMIT 1;

-- random ones: truncated, flipped, with numbers put in and digests put right.  What passes is
-- used; nothing is an internal error, and no process ends.
CREATE FUNCTION spoiled(b bytea, seed integer) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    at integer;
BEGIN
    PERFORM setseed((seed % 1000) / 1000.0);
    FOR i IN 0 .. floor(random() * 3)::integer LOOP
        at := 77 + 4 * floor(random() * (length(b) - 80) / 4)::integer;
        b := CASE floor(random() * 5)::integer
            WHEN 0 THEN overlay(b PLACING word(floor(random() * 40)::bigint) FROM at)
            WHEN 1 THEN overlay(b PLACING (ARRAY['\xffffffff', '\xffffff7f', '\x00000080', '\x00000000', '\xbc020000', '\x0000c07f']::bytea[])[1 + floor(random() * 6)::integer] FROM at)
            WHEN 2 THEN set_bit(b, at * 8 + floor(random() * 32)::integer, floor(random() * 2)::integer)
            WHEN 3 THEN substr(b, 1, at) || substr(b, at + 4 * floor(random() * 20)::integer + 1)
            ELSE substr(b, 1, at) || substr(b, at - 3) END;
    END LOOP;
    IF random() < 0.9 THEN
        b := overlay(b PLACING word((length(b) - 72)::bigint * 4) FROM 73);
    END IF;
    RETURN digested(b);
END $$;
CREATE TABLE outcomes (source text, state text);
CREATE FUNCTION try(source regclass, b bytea, seed integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    model nnet.model;
    was text := '00000';
BEGIN
    BEGIN
        model := model_of(spoiled(b, seed));
        was := 'read';
        PERFORM nnet.predict_value(model, '{1,2}'), nnet.unpack(model, 'spoiled');
        RAISE EXCEPTION USING errcode = 'F0000';
    EXCEPTION WHEN assert_failure OR OTHERS THEN
        INSERT INTO outcomes VALUES (source, CASE was WHEN 'read' THEN 'read ' ELSE '' END || SQLSTATE);
    END;
END $$;
SELECT count(try(m, bytes_of(nnet.pack(m)), i)) FROM unnest('{m_again,words,branches}'::regclass[]) AS m, generate_series(1, 1000) AS i;
SELECT count(*), count(*) FILTER (WHERE state ~ '^read') > 20, count(*) FILTER (WHERE state = '22P03') > 500, count(*) FILTER (WHERE state ~ 'F0000') > 5 FROM outcomes;
SELECT DISTINCT state FROM outcomes WHERE state ~ '(XX|53|57|58)...$';

SET client_min_messages = warning;
DROP SCHEMA test_model_values CASCADE;
DROP ROLE regress_nnet_packer;
