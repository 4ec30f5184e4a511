-- Every function of schema nnet, as the catalog knows them, called with values
-- that nobody meant: NULL, 0, extremes, odd arrays, relations that are no models,
-- any type where any is taken.  By the owner of models, and by a role that has
-- no privilege.  psql variables: seed (an integer), first and last (numbers of
-- calls), schema (of this script).
--
-- A call is made of its number and the seed alone, so that one can be tried
-- again; each is a statement and a subtransaction of its own.  What came of it is
-- in outcomes: errors are expected; class XX, crashes and hangs are not.
SELECT set_config('search_path', :'schema', false) \g /dev/null
SET statement_timeout = 0;

CREATE FUNCTION below(n integer) RETURNS integer LANGUAGE sql AS 'SELECT floor(random() * n)::integer';
CREATE FUNCTION one_of(VARIADIC t text[]) RETURNS text LANGUAGE sql AS 'SELECT t[1 + below(cardinality(t))]';

-- ---- what the calls are about ----

SELECT :'schema' || '_keeper' AS keeper, :'schema' || '_stranger' AS stranger \gset
CREATE ROLE :"keeper";
CREATE ROLE :"stranger";
GRANT USAGE ON SCHEMA :"schema" TO PUBLIC;
GRANT CREATE ON SCHEMA :"schema" TO :"keeper";
SET ROLE :"keeper";
SELECT nnet.create_model('m', nnet.input(2), nnet.dense(4, activation => 'relu'), nnet.dense(3, activation => 'softmax')),
       nnet.create_model('line', nnet.input(1), nnet.normalization(), nnet.dense(1)),
       nnet.create_model('words', nnet.input(1), nnet.text_vectorization(20, output_sequence_length => 4),
           nnet.embedding(20, 3, mask_zero => true), nnet.lstm(3), nnet.dense(20, activation => 'softmax')),
       nnet.create_model('steps', nnet.input(NULL, 1), nnet.conv1d(2, 2, padding => 'same'), nnet.gru(2), nnet.dense(1)),
       nnet.create_model('picture', nnet.input(4, 4, 1), nnet.conv2d(2, 2), nnet.flatten(), nnet.dense(3, activation => 'softmax')),
       nnet.create_model('painter', nnet.input(2), nnet.dense(4), nnet.dense(2)),
       nnet.create_model('critic', nnet.input(2), nnet.dense(4), nnet.dense(1, activation => 'sigmoid')),
       nnet.create_model('raw', nnet.input(2), nnet.dense(1)) \g /dev/null
SELECT nnet.compile(m, 'sparse_categorical_crossentropy', nnet.adam(), '{accuracy}') FROM unnest('{m,words,picture}'::regclass[]) m \g /dev/null
SELECT nnet.compile(m, 'mse') FROM unnest('{line,steps,painter}'::regclass[]) m \g /dev/null
SELECT nnet.compile('critic', 'binary_crossentropy') \g /dev/null
SELECT nnet.fit('m', ARRAY[i, 2]::real[], i % 3, nnet.options(seed => 1)),
       nnet.fit('line', i, i, nnet.options(seed => 1)),
       nnet.fit('words', ('{some,more words,of a,text or two}'::text[])[1 + i % 4], ('{a,b,c}'::text[])[1 + i % 3], nnet.options(seed => 1))
FROM generate_series(1, 20) i \g /dev/null
CREATE VIEW a_view AS SELECT * FROM m;
CREATE VIEW circular AS SELECT * FROM m WHERE cardinality(nnet.predict('m', '{1,2}'::real[])) > 0;
CREATE MATERIALIZED VIEW a_matview AS SELECT * FROM m;
CREATE TABLE a_copy AS SELECT * FROM m;
CREATE TABLE no_model (i integer);
CREATE TABLE empty_model OF nnet.layer;
CREATE TABLE parted (LIKE m) PARTITION BY LIST (layer);
CREATE TABLE child () INHERITS (a_copy);
CREATE SEQUENCE a_sequence;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (a integer, b real);
CREATE DOMAIN small AS real CHECK (VALUE < 100);
RESET ROLE;

-- ---- random values ----

-- likely ones are there several times, so that calls get far
CREATE FUNCTION a_relation() RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN below(8) > 0
        THEN quote_literal(one_of('m', 'm', 'm', 'm', 'line', 'words', 'steps', 'picture', 'painter', 'critic', 'raw')) || '::regclass'
        ELSE one_of('NULL::regclass', '0::regclass', '''-''::regclass', '''a_view''::regclass', '''a_matview''::regclass', '''a_copy''::regclass',
            '''circular''::regclass', '''no_model''::regclass', '''empty_model''::regclass', '''parted''::regclass', '''child''::regclass',
            '''a_sequence''::regclass', '''m_pkey''::regclass', '''mood''::regtype::oid::regclass', '''pg_class''::regclass', '''pg_class''::regclass::oid + 1',
            '''pair''::regclass', '''nnet.models''::regclass', '4294967295::oid::regclass', '1::oid::regclass', '(CASE i % 2 WHEN 0 THEN ''m'' ELSE ''raw'' END)::regclass') END
$$;
CREATE FUNCTION a_number() RETURNS text LANGUAGE sql AS $$
    SELECT one_of('0', '1', '2', '3', '4', '5', '-1', '7', 'i', '0.5', '10', '100', '1000000', '2147483647', '(-2147483648)', '65536', '32768')
$$;
CREATE FUNCTION an_integer(type text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN below(12) = 0 THEN 'NULL::' || type
        WHEN type = 'bigint' AND below(3) = 0 THEN one_of('9223372036854775807', '(-9223372036854775808)', '4294967296', '(-1)') || '::bigint'
        ELSE one_of('0', '1', '1', '2', '2', '3', '4', 'i', 'i', '5', '16', '64', '(-1)', '1000', '1000000', '2147483647', '(-2147483648)') || '::' || type END
$$;
CREATE FUNCTION a_float() RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN below(12) = 0 THEN 'NULL::float8'
        ELSE quote_literal(one_of('0', '1', '0.5', '0.1', '0.01', '-1', '-0', '2', '10', '1e308', '-1e308', '1e-320', '1e39', 'NaN', 'Infinity', '-Infinity')) || '::float8' END
$$;
CREATE FUNCTION a_text() RETURNS text LANGUAGE sql AS $$
    SELECT CASE below(14) WHEN 0 THEN 'NULL::text' WHEN 1 THEN 'repeat(''y'', ' || one_of('63', '64', '300', '100000') || ')'
        WHEN 2 THEN 'repeat(''word '', 50000)' WHEN 3 THEN 'chr(1)' WHEN 4 THEN 'repeat(chr(8364), 40)' WHEN 5 THEN 'i::text'
        ELSE quote_literal(one_of('', ' ', 'a', 'some words', 'relu', 'softmax', 'same', 'valid', 'causal', 'mse', 'sparse_categorical_crossentropy',
            'binary_crossentropy', 'adam', 'sgd', 'accuracy', 'linear', 'x y', '"q"', 'm', 'new', 'new.er', 'a.b.c.d', '1', '{1,2}', '%s%n', '\', '''', 'nearest',
            'bilinear', 'reflect', 'concat', 'sum', 'whitespace', 'character', 'zeros', 'he_normal', ':)')) || '::text' END
$$;
CREATE FUNCTION a_json() RETURNS text LANGUAGE sql AS $$
    SELECT CASE below(12) WHEN 0 THEN 'NULL::jsonb' WHEN 1 THEN '(repeat(''['', 5000) || repeat('']'', 5000))::jsonb' WHEN 2 THEN 'to_jsonb(i)'
        WHEN 3 THEN 'jsonb_build_object(''epochs'', ' || a_number() || ', ''batch_size'', ' || a_number() || ')'
        WHEN 4 THEN '(SELECT jsonb_object_agg(k, k) FROM generate_series(1, 3000) k)'
        WHEN 5 THEN 'jsonb_build_object(''kind'', ' || a_text() || ', ''units'', ' || a_number() || ')'
        WHEN 6 THEN 'nnet.' || one_of('options(epochs => 2)', 'options(shuffle => false)', 'options(validation_split => 0.3)', 'options(seed => 1)', 'gan_options()',
            'gan_options(noise => ''uniform'')')
        ELSE one_of('nnet.input(2)', 'nnet.input(2, 2)', 'nnet.input(NULL, 2)', 'nnet.dense(2)', 'nnet.dense(100000000)', 'nnet.lstm(3)', 'nnet.flatten()', 'nnet.sgd()', 'nnet.adam()',
            'nnet.cosine_decay(0.1, 3)', '''{}''::jsonb', '''[]''::jsonb', '''"x"''::jsonb', '''1e400''::jsonb', '''null''::jsonb',
            '''[1,"a",null,{"b":[]}]''::jsonb', 'nnet.bidirectional(nnet.gru(2))', 'nnet.time_distributed(nnet.dense(2))', 'nnet.text_vectorization(5)',
            'nnet.embedding(5, 2)', 'nnet.conv1d(2, 2)', 'nnet.add(''{a,b}'')') END
$$;
CREATE FUNCTION an_element() RETURNS text LANGUAGE sql AS $$
    SELECT one_of('1', '2', '3', '0', '0.5', '-1', 'NULL', 'i', 'i', '''NaN''', '''Infinity''', '''-Infinity''', '1e30', '0.1', '1e-40')
$$;
CREATE FUNCTION an_array(type text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE below(20) WHEN 0 THEN 'NULL' WHEN 1 THEN '''{}''' WHEN 2 THEN '''{NULL}''' WHEN 3 THEN '''[5:6]={1,2}''' WHEN 4 THEN '''[-3:-2]={1,2}'''
        WHEN 5 THEN '''{{1,2},{3,4}}''' WHEN 6 THEN '''{{{{{{1}}}}}}''' WHEN 7 THEN '''[2147483646:2147483647]={1,2}'''
        WHEN 8 THEN 'array_fill(1, ARRAY[' || one_of('1', '16', '100', '100000') || '])' WHEN 9 THEN 'ARRAY[' || an_element() || ']'
        WHEN 10 THEN 'ARRAY[' || an_element() || ', ' || an_element() || ', ' || an_element() || ']'
        WHEN 11 THEN 'array_fill(i, ARRAY[4, 4])' ELSE 'ARRAY[' || an_element() || ', ' || an_element() || ']' END || '::' || type || '[]'
$$;
CREATE FUNCTION texts() RETURNS text LANGUAGE sql AS $$
    SELECT one_of('NULL::text[]', '''{}''::text[]', '''{NULL}''::text[]', '''{a,b}''::text[]', '''{{a,b},{c,d}}''::text[]', '''[0:1]={a,b}''::text[]', '''{accuracy}''::text[]',
        '''{a,a}''::text[]', '''{""}''::text[]', '''{dense,input}''::text[]', 'array_fill(''t''::text, ARRAY[3000])', 'ARRAY[' || a_text() || ']', '''{loss,mae,mse}''::text[]')
$$;
-- what may stand where any type may
CREATE FUNCTION anything() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    CASE below(20)
        WHEN 0, 1, 2 THEN RETURN 'ARRAY[i, 2]::real[]';
        WHEN 3, 4 THEN RETURN one_of('i', 'i % 3', '(i % 2)::boolean', '1::smallint', '2::bigint', '0.5', '1::numeric');
        WHEN 5, 6, 7 THEN RETURN an_array(one_of('real', 'real', 'float8', 'integer', 'smallint', 'bigint', 'numeric', 'text', 'boolean'));
        WHEN 8 THEN RETURN one_of('''\x0102''::bytea', '''''::bytea', 'decode(repeat(''01'', 16), ''hex'')', 'NULL::bytea', 'decode(repeat(''ff'', 100000), ''hex'')');
        WHEN 9 THEN RETURN one_of('ROW(i, 2)', 'ROW()', 'ROW(NULL, 1)', 'ROW(ROW(1))', '(1, 2)::pair', 'NULL::pair', 'ROW(1, ''x'')', 'ROW(i, 2, 3, 4)');
        WHEN 10 THEN RETURN one_of('''{1,2}''', 'NULL', '''1''', '''a''', '''''', '''{1,NULL}''');
        WHEN 11, 12 THEN RETURN a_text();
        WHEN 13 THEN RETURN one_of('now()', 'current_date', '''1 day''::interval', '''sad''::mood', '''10.0.0.1''::inet', '''1''::money', '''(1,2)''::point', '''<a/>''::xml',
            '''[1,2]''::int4range', '''a b''::tsvector', 'gen_random_uuid()', '1::oid', '''a''::name', '''c''::"char"', '''b''::char(5)', '''101''::bit(3)', '5::small', '''{1,2}''::small[]',
            '''1 2''::int2vector', '''m''::regclass', '''{sad,ok}''::mood[]', '''{"(1,2)"}''::pair[]', 'txid_current_snapshot()');
        WHEN 14 THEN RETURN a_json();
        WHEN 15 THEN RETURN a_float();
        WHEN 16 THEN RETURN an_integer(one_of('integer', 'bigint', 'smallint'));
        WHEN 17 THEN RETURN texts();
        ELSE RETURN one_of('ARRAY[i]::real[]', 'ARRAY[i, i]::float8[]', 'ARRAY[1, 2]', '''{1,2}''::numeric[]', 'array_fill(0.5::real, ARRAY[4, 4, 1])', '''{1,2,3}''::real[]');
    END CASE;
END $$;

CREATE FUNCTION a_value(type regtype) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    element regtype := (SELECT typelem FROM pg_type WHERE oid = type AND typelem <> 0 AND typlen = -1);
BEGIN
    CASE type::text
        WHEN '"any"' THEN RETURN anything();
        WHEN 'internal' THEN RETURN 'NULL';
        WHEN 'regclass' THEN RETURN a_relation();
        WHEN 'smallint', 'integer', 'bigint' THEN RETURN an_integer(type::text);
        WHEN 'double precision', 'real' THEN RETURN a_float() || '::' || type;
        WHEN 'boolean' THEN RETURN one_of('true', 'false', 'NULL::boolean', 'i % 2 = 0');
        WHEN 'text' THEN RETURN a_text();
        WHEN 'jsonb' THEN RETURN a_json();
        WHEN 'bytea' THEN RETURN one_of('NULL::bytea', '''''::bytea', '''\x00ff''::bytea', 'decode(repeat(''00'', 100), ''hex'')', 'decode(repeat(''ff'', 3000), ''hex'')');
        WHEN 'text[]' THEN RETURN texts();
        WHEN 'nnet.model' THEN RETURN CASE WHEN below(6) = 0 THEN one_of('NULL', quote_literal(one_of('', 'AAAA', 'bm5tdgEAAAA=', 'x'))) || '::nnet.model'
            ELSE 'nnet.pack(' || a_relation() || one_of('', ', false') || ')' END;
        WHEN 'nnet.evaluation' THEN RETURN CASE WHEN below(6) = 0 THEN one_of('NULL', quote_literal(one_of('', 'AAAA', 'x'))) || '::nnet.evaluation'
            ELSE one_of('nnet.score_value(nnet.pack(''m''), ARRAY[i, 2]::real[], i % 3)', 'nnet.score_value(nnet.pack(''line''), i, i)', 'nnet.score_value(nnet.pack(' || a_relation() || '), '
                || anything() || ', ' || anything() || ')') END;
        WHEN 'jsonb[]' THEN RETURN 'ARRAY[' || one_of('', 'nnet.input(2), ', 'nnet.input(2), ') || a_json() || ', ' || a_json() || ']::jsonb[]';
        ELSE
            IF element IN ('smallint'::regtype, 'integer', 'bigint', 'real', 'double precision', 'numeric') THEN
                RETURN an_array(element::text);
            END IF;
            -- a type that is new here
            RETURN one_of('NULL', quote_literal(one_of('', '0', '1', 'x', '{}', '[]', '{1,2}', '-1'))) || '::' || type;
    END CASE;
END $$;

-- ---- calls ----

CREATE TABLE functions AS
    SELECT row_number() OVER (ORDER BY p.oid) AS n, p.oid::regprocedure AS function, p.proname, p.prokind, p.proretset, p.provariadic, p.pronargs,
        p.pronargs - p.pronargdefaults AS least, p.proargtypes::oid[]::regtype[] AS types,
        'internal'::regtype = ANY (p.proargtypes::oid[]) AS inside,
         'regclass'::regtype = ANY (p.proargtypes::oid[]) AND 'internal'::regtype <> ALL (p.proargtypes::oid[]) AS reads
    FROM pg_proc p WHERE p.pronamespace = 'nnet'::regnamespace;

CREATE FUNCTION random_call() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    -- those that read models half of the time; those for the inside of an aggregate cannot be called from SQL
    f functions := (SELECT s FROM functions s WHERE s.reads OR below(CASE WHEN s.inside THEN 30 ELSE 3 END) = 0 ORDER BY random() LIMIT 1);
    args text := '';
    call text;
BEGIN
    -- arrays of oids count from 0
    FOR i IN 0 .. f.least + below(1 + f.pronargs - f.least) - 1 LOOP
        args := args || CASE WHEN i > 0 THEN ', ' ELSE '' END || CASE WHEN f.provariadic <> 0 AND i = f.pronargs - 1 THEN 'VARIADIC ' ELSE '' END ||
            a_value(f.types[i + array_lower(f.types, 1)]);
    END LOOP;
    call := format('nnet.%I(%s)', f.proname, args);
    IF f.prokind = 'a' THEN
        call := CASE below(12) WHEN 0 THEN format('nnet.%I(DISTINCT %s)', f.proname, args) WHEN 1 THEN format('nnet.%I(%s ORDER BY i DESC)', f.proname, args)
            WHEN 2 THEN call || ' FILTER (WHERE i > 1)' WHEN 3 THEN call || ' OVER (ORDER BY i)' ELSE call END;
    ELSIF f.prokind = 'w' THEN
        call := call || one_of(' OVER ()', ' OVER (ORDER BY i)', ' OVER (PARTITION BY i % 2)');
    END IF;
    IF f.proretset AND below(2) = 0 THEN
        RETURN format('SELECT s FROM generate_series(1, %s) i, %s s LIMIT 20', one_of('0', '1', '2'), call);
    END IF;
    RETURN format('SELECT %s FROM generate_series(1, %s) i LIMIT 20', call, one_of('0', '1', '1', '1', '2', '3', '5', '40'));
END $$;

CREATE TABLE outcomes (number integer, who text, state text, call text, message text, seconds real);
-- One call; the numbers of a session are in its log if it crashes.
CREATE FUNCTION try(number integer, seed integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    call text;
    who text;
    start timestamptz := clock_timestamp();
BEGIN
    PERFORM setseed(hashint8extended(number, seed) / 9223372036854775808.0);
    who := one_of('keeper', 'keeper', 'keeper', 'stranger');
    call := random_call();
    BEGIN
        EXECUTE format('SET LOCAL ROLE %I', current_schema || '_' || who);
        EXECUTE call;
        RAISE EXCEPTION USING errcode = 'F0000';      -- it went well: undo it
    EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
        INSERT INTO outcomes VALUES (number, who, SQLSTATE, call, left(SQLERRM, 300), extract(epoch FROM clock_timestamp() - start));
    END;
END $$;

SET client_min_messages = error;
RESET statement_timeout;
\o /dev/null
SELECT pg_backend_pid() AS backend \gset
SELECT format('SELECT try(%s, %s)', n, :seed) FROM generate_series(:first, :last) n \gexec
\o
SELECT pg_backend_pid() = :backend AS same_backend;
