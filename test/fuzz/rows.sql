-- Models edited at random, as a stranger might, and everything that reads one
-- tried on each: models of every kind of layer that the catalog knows, by every
-- function that takes a model.  psql variables: seed (an integer), first and last
-- (numbers of tries), schema (of this script).
--
-- A try is made of its number and the seed alone, so that one can be tried again;
-- each is a statement of its own, each call in it a subtransaction.  outcomes has
-- what came of them: errors are expected; class XX (internal errors), crashes
-- and hangs are not.
SELECT set_config('search_path', :'schema', false) \g /dev/null
SET client_min_messages = error;
SET statement_timeout = 0;

CREATE FUNCTION below(n integer) RETURNS integer LANGUAGE sql AS 'SELECT floor(random() * n)::integer';
CREATE FUNCTION one_of(VARIADIC t text[]) RETURNS text LANGUAGE sql AS 'SELECT t[1 + below(cardinality(t))]';

-- ---- models ----

CREATE TABLE originals (n serial, model regclass, x text, y text, loss text DEFAULT 'sparse_categorical_crossentropy', kind text);
SELECT nnet.create_model('o_dense', nnet.input(3), nnet.normalization(), nnet.dense(4, activation => 'relu'),
           nnet.batch_normalization(), nnet.dropout(0.2), nnet.dense(4, name => 'side', inputs => '{batch_normalization}'),
           nnet.add('{dropout,side}'), nnet.layer_normalization(), nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_image', nnet.input(6, 6, 2), nnet.rescaling(0.1), nnet.random_flip(),
           nnet.zero_padding2d(1), nnet.conv2d(4, 3, activation => 'gelu'), nnet.max_pooling2d(2), nnet.separable_conv2d(3, 2),
           nnet.conv2d_transpose(2, 3, strides => 2), nnet.upsampling2d(2), nnet.depthwise_conv2d(3),
           nnet.global_average_pooling2d(), nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_steps', nnet.input(NULL, 2), nnet.masking(0), nnet.bidirectional(nnet.lstm(3, return_sequences => true)),
           nnet.time_distributed(nnet.dense(4)), nnet.gru(3, reset_after => false), nnet.repeat_vector(2), nnet.simple_rnn(3),
           nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_text', nnet.input(1), nnet.text_vectorization(20, output_sequence_length => 4),
           nnet.embedding(20, 3, mask_zero => true), nnet.lstm(3), nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_line', nnet.input(1), nnet.normalization(), nnet.dense(1)),
       nnet.create_model('o_each', nnet.input(NULL, 1), nnet.conv1d(4, 3, padding => 'causal'), nnet.conv1d(2, 2, strides => 2), nnet.gru(3, return_sequences => true),
           nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_next', nnet.input(NULL), nnet.text_vectorization(20), nnet.embedding(20, 3), nnet.lstm(3, return_sequences => true),
           nnet.dense(20, activation => 'softmax')),
       nnet.create_model('o_bins', nnet.input(2), nnet.discretization(num_bins => 3, output_mode => 'one_hot'), nnet.flatten(),
           nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_strings', nnet.input(1), nnet.string_lookup(6, output_mode => 'one_hot'), nnet.flatten(),
           nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_integers', nnet.input(1), nnet.integer_lookup(6, output_mode => 'one_hot'), nnet.flatten(),
           nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_hashes', nnet.input(1), nnet.hashing(5, output_mode => 'one_hot'), nnet.flatten(),
           nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_dates', nnet.input(1), nnet.date_features(), nnet.flatten(), nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_einsum', nnet.input(NULL, 2), nnet.einsum_dense('abc,cd->abd', '{NULL,4}', bias_axes => 'd'), nnet.gru(2),
           nnet.dense(3, activation => 'softmax')),
       nnet.create_model('o_spelled', nnet.input(NULL, 2), nnet.gru(3, return_sequences => true), nnet.dense(4)),
       nnet.create_model('o_critic', nnet.input(3), nnet.dense(3, kernel_regularizer => 'l2'), nnet.leaky_relu(), nnet.dense(1, activation => 'sigmoid'))
\g /dev/null
INSERT INTO originals (model, x, y, loss) VALUES
    ('o_dense', 'ARRAY[sin(i), cos(i), i % 7]::real[]', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_image', 'decode(repeat(lpad(to_hex(i % 256), 2, ''0''), 72), ''hex'')', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_steps', 'array_fill(sin(i)::real, ARRAY[1 + i % 5, 2])', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_text', '(''{some,more words,of a,text or two}''::text[])[1 + i % 4]', '(''{a,b,c}''::text[])[1 + i % 3]', 'sparse_categorical_crossentropy'),
    ('o_line', 'i', '2 * i', 'mse'),
    ('o_each', 'array_fill(sin(i)::real, ARRAY[2 + i % 5])', 'array_fill(i % 3, ARRAY[(2 + i % 5) / 2])', 'sparse_categorical_crossentropy'),
    ('o_next', '(''{some more,more words,of a,text two}''::text[])[1 + i % 4]', '(''{more some,words of,a text,two some}''::text[])[1 + i % 4]',
        'sparse_categorical_crossentropy'),
    ('o_bins', 'ARRAY[sin(i), i % 7]::real[]', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_strings', '(''{x,y,z}''::text[])[1 + i % 3]', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_integers', 'i % 5', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_hashes', '(''{x,y,z}''::text[])[1 + i % 3]', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_dates', '(''2026-01-01''::date + i)', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_einsum', 'array_fill(sin(i)::real, ARRAY[1 + i % 5, 2])', 'i % 3', 'sparse_categorical_crossentropy'),
    ('o_spelled', 'array_fill(sin(i)::real, ARRAY[4 + i % 5, 2])', '(ARRAY[''{}'', ''{a}'', ''{a,b,b}''])[1 + i % 3]::text[]', 'ctc'),
    ('o_critic', 'ARRAY[sin(i), cos(i), i % 7]::real[]', 'i % 2', 'binary_crossentropy');

-- A small model of each kind of layer, for fixed and for variable steps: what the
-- catalog says that it needs, by the first values with which it can be made.
CREATE TABLE kinds AS
    SELECT p.proname AS kind, p.pronargs - p.pronargdefaults AS least, p.proargtypes::oid[]::regtype[] AS types
    FROM pg_proc p WHERE p.pronamespace = 'nnet'::regnamespace AND p.prosrc = 'nnet_layer_spec' AND p.proname <> 'input';
CREATE FUNCTION argument(type regtype, choice integer) RETURNS text LANGUAGE sql AS $$
    SELECT CASE type::text WHEN 'integer' THEN (ARRAY['2', '2', '2', '2'])[choice] WHEN 'double precision' THEN (ARRAY['0.3', '0.3', '1', '2'])[choice]
        WHEN '"any"' THEN (ARRAY['2', '''{2,1}''', '0.2', '''{12}'''])[choice] WHEN 'text' THEN (ARRAY['''relu''', '''a''', '''sum''', '''mean'''])[choice]
        WHEN 'jsonb' THEN (ARRAY['nnet.lstm(2, return_sequences => true)', 'nnet.dense(2)', 'nnet.conv1d(2, 2)', 'nnet.flatten()'])[choice]
        WHEN 'text[]' THEN (ARRAY['''{input,input}''', '''{input}''', '''{a,b}''', '''{}'''])[choice] WHEN 'boolean' THEN 'true'
        ELSE 'NULL' END
$$;
CREATE FUNCTION make_original(k kinds, shape text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    model text := format('k_%s_%s', k.kind, CASE WHEN shape LIKE 'NULL%' THEN 'v' ELSE 'f' END);
    layer text;
    ending text;
    x text := format('array_fill((i %% 2)::real, ARRAY[%s])', replace(shape, 'NULL', '3 + i % 3'));
BEGIN
    FOR choice IN 1 .. 4 LOOP
        layer := format('nnet.%I(%s)', k.kind,
            (SELECT string_agg(argument(type, choice), ', ' ORDER BY n) FROM unnest(k.types) WITH ORDINALITY AS a (type, n) WHERE n <= k.least));
        FOREACH ending IN ARRAY ARRAY['nnet.dense(3, activation => ''softmax'')', 'nnet.flatten(), nnet.dense(3, activation => ''softmax'')',
                'nnet.gru(2), nnet.dense(3, activation => ''softmax'')'] LOOP
            BEGIN
                EXECUTE format('SELECT nnet.create_model(%L, nnet.input(%s), %s, %s)', model, shape, layer, ending);
                PERFORM nnet.compile(model::regclass, 'sparse_categorical_crossentropy', nnet.adam(), '{accuracy}');
                EXECUTE format('SELECT nnet.fit(%L::regclass, %s, i %% 3, nnet.options(epochs => 2)) FROM generate_series(1, 40) i', model, x);
                INSERT INTO originals (model, x, y, kind) VALUES (model::regclass, x, 'i % 3', k.kind);
                RETURN true;
            EXCEPTION WHEN OTHERS THEN
                CONTINUE;
            END;
        END LOOP;
    END LOOP;
    RETURN false;
END $$;
DO $$
DECLARE
    o originals;
    k kinds;
    shape text;
BEGIN
    FOR o IN TABLE originals LOOP
        PERFORM nnet.compile(o.model, o.loss, nnet.adam(), CASE o.loss WHEN 'mse' THEN '{mae}'::text[] WHEN 'ctc' THEN '{ctc}' ELSE '{accuracy}' END);
        EXECUTE format('SELECT nnet.fit(%L::regclass, %s, %s, nnet.options(epochs => 2)) FROM generate_series(1, 40) i', o.model, o.x, o.y);
    END LOOP;
    FOR k IN SELECT * FROM kinds ORDER BY kind COLLATE "C" LOOP
        FOREACH shape IN ARRAY ARRAY['4', '4, 3', '6, 6, 2', '6, 6, 3', '3, 4, 4, 2', '2, 32'] LOOP
            EXIT WHEN make_original(k, shape);
        END LOOP;
        PERFORM make_original(k, 'NULL, 2');
    END LOOP;
END $$;
INSERT INTO originals (model, x, y, kind) SELECT model, x, y, k.kind FROM originals
    JOIN (VALUES ('o_text'::regclass, 'text_vectorization'), ('o_bins', 'discretization'),
        ('o_strings', 'string_lookup'), ('o_integers', 'integer_lookup'), ('o_hashes', 'hashing'), ('o_dates', 'date_features'),
        ('o_einsum', 'einsum_dense')) AS k (model, kind) USING (model);

-- ---- edits ----

-- a value that nobody meant
CREATE FUNCTION odd_value() RETURNS jsonb LANGUAGE sql AS $$
    SELECT one_of('null', 'true', 'false', '0', '1', '2', '3', '-1', '0.5', '1e308', '-1e308', '1e-320', '2147483647', '2147483648',
                  '1000000', '65536', '""', '"x"', '"relu"', '"same"', '"linear"', '[]', '[1]', '[2,3]', '[-1,0]', '[[1,2],[3,4]]',
                  '[null]', '["a"]', '{}', '{"kind":"dense","units":2}', '{"kind":"lstm","units":2}', '{"kind":"bidirectional"}',
                  '{"kind":"time_distributed","layer":{"kind":"time_distributed","layer":{}}}', '{"l2":1e30}',
                  '["a","b","a"]', '[1,2,3,4,5,6,7,8,9]', '"' || repeat('y', 300) || '"')::jsonb
$$;
CREATE FUNCTION odd_reals(a real[]) RETURNS real[] LANGUAGE plpgsql AS $$
BEGIN
    CASE below(15)
        WHEN 0 THEN RETURN NULL;
        WHEN 1 THEN RETURN '{}';
        WHEN 2 THEN RETURN a[1:cardinality(a) - 1];
        WHEN 3 THEN RETURN a || 1::real;
        WHEN 4 THEN RETURN a || a;
        WHEN 5 THEN RETURN a[1:1] || NULL::real || a[3:];
        WHEN 6 THEN RETURN a[1:1] || 'NaN'::real || a[3:];
        WHEN 7 THEN RETURN a[1:1] || '-Infinity'::real || a[3:];
        WHEN 8 THEN RETURN array_fill(3e38::real, ARRAY[greatest(cardinality(a), 1)]);
        WHEN 9 THEN RETURN array_fill(0.1::real, ARRAY[greatest(cardinality(a), 1)], ARRAY[-5]);
        WHEN 10 THEN RETURN array_fill(0.1::real, ARRAY[1, greatest(cardinality(a), 1)]);
        WHEN 11 THEN RETURN array_fill(1e-40::real, ARRAY[greatest(cardinality(a), 1)]);
        WHEN 12 THEN RETURN array_fill(-1::real, ARRAY[greatest(cardinality(a), 1)]);
        WHEN 13 THEN RETURN ARRAY(SELECT (v * 1e10)::real FROM unnest(a) v);
        ELSE RETURN ARRAY(SELECT (random() * 2 - 1)::real FROM unnest(a));
    END CASE;
END $$;
-- a number a little, or much, off
CREATE FUNCTION odd_number(c jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE below(6) WHEN 0 THEN to_jsonb(-c::numeric) WHEN 1 THEN to_jsonb(c::numeric + 1) WHEN 2 THEN to_jsonb(c::numeric - 1)
        WHEN 3 THEN to_jsonb(c::numeric * 1000) WHEN 4 THEN to_jsonb(c::numeric / 3) ELSE odd_value() END
$$;
CREATE FUNCTION odd_config(c jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    key text := (SELECT k FROM jsonb_object_keys(CASE jsonb_typeof(c) WHEN 'object' THEN c ELSE '{}' END) AS k ORDER BY random() LIMIT 1);
    place text := below(greatest(CASE jsonb_typeof(c) WHEN 'array' THEN jsonb_array_length(c) END, 1));
BEGIN
    -- further in, as far as it goes
    IF below(2) = 0 AND jsonb_typeof(c) = 'number' THEN RETURN odd_number(c); END IF;
    IF below(3) > 0 AND jsonb_typeof(c->key) IN ('object', 'array', 'number') THEN RETURN jsonb_set(c, ARRAY[key], coalesce(odd_config(c->key), 'null')); END IF;
    IF below(3) > 0 AND jsonb_typeof(c) = 'array' AND c <> '[]' THEN RETURN jsonb_set(c, ARRAY[place], coalesce(odd_config(c->place::integer), 'null')); END IF;
    CASE below(8)
        WHEN 0 THEN RETURN NULL;
        WHEN 1 THEN RETURN odd_value();
        WHEN 2 THEN RETURN c - key;
        WHEN 3 THEN RETURN c || jsonb_build_object(one_of('units', 'trainable', 'activation', 'kernel_size', 'strides', 'inputs', 'name',
                'kind', 'shape', 'axis', 'vocabulary', 'layer', 'seed', 'epsilon', 'labels', 'label_type', 'steps', 'history', 'history_dropped', 'format',
                'loss', 'optimizer', 'metrics', 'noise', 'condition', 'zz'), odd_value());
        ELSE RETURN c || jsonb_build_object(coalesce(key, 'units'), odd_value());
    END CASE;
EXCEPTION WHEN OTHERS THEN RETURN odd_value();
END $$;

CREATE FUNCTION edit(victim regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    l integer;
BEGIN
    EXECUTE format('SELECT layer FROM %s ORDER BY random() LIMIT 1', victim) INTO l;
    EXECUTE format(CASE below(20)
        WHEN 0 THEN 'DELETE FROM %1$s WHERE layer = $1'
        WHEN 1 THEN 'UPDATE %1$s SET layer = one_of(''-2'', ''-1'', ''0'', ''1'', ''5'', ''100'', ''2147483647'', NULL)::integer WHERE layer = $1'
        WHEN 2 THEN 'UPDATE %1$s SET part = one_of(''-1'', ''1'', ''2'', ''2147483647'', NULL)::integer WHERE layer = $1'
        WHEN 3 THEN 'UPDATE %1$s SET kind = one_of(''training'', ''input'', ''dense'', ''conv2d'', ''lstm'', ''flatten'', ''add'', ''reshape'',
                ''bidirectional'', ''text_vectorization'', ''embedding'', ''dnse'', '''', NULL) WHERE layer = $1'
        WHEN 4 THEN 'UPDATE %1$s SET name = one_of(''input'', ''dense'', '''', NULL, repeat(''n'', 200)) WHERE layer = $1'
        WHEN 5 THEN 'UPDATE %1$s SET inputs = one_of(''{}'', ''{NULL}'', ''{dense}'', ''{input,input}'', ''{nothing}'', ''{{input},{dense}}'',
                ''{input,dense,dense_1,side,add,dropout,a,b,c,d,e,f,g,h,i,j,k,l}'',
                ''{"{\"loss\": [1, null], \"metrics\": [{}]}","{}"}'', ''{"{\"loss\": []}"}'', ''{"[1"}'')::text[] WHERE layer = $1'
        WHEN 6 THEN 'INSERT INTO %1$s SELECT * FROM %1$s WHERE layer = $1'
        WHEN 7 THEN 'INSERT INTO %1$s (layer, part, kind, name, inputs, config, weights, slots)
                SELECT layer, part + 1, kind, name, inputs, config, weights, slots FROM %1$s WHERE layer = $1'
        WHEN 8 THEN 'UPDATE %1$s SET weights = odd_reals(weights) WHERE layer = $1'
        WHEN 9 THEN 'UPDATE %1$s SET weights = odd_reals(weights) WHERE layer = $1'
        WHEN 10 THEN 'UPDATE %1$s SET slots = odd_reals(slots) WHERE layer = $1'
        WHEN 11 THEN 'UPDATE %1$s SET config = odd_config(config) WHERE layer = -1'
        WHEN 12 THEN 'UPDATE %1$s SET kind = (SELECT k.kind FROM kinds k ORDER BY random() LIMIT 1) WHERE layer = $1'
        WHEN 13 THEN 'UPDATE %1$s SET inputs = ARRAY(SELECT name FROM %1$s ORDER BY random() LIMIT 1 + below(3)) WHERE layer = $1'
        WHEN 14 THEN 'UPDATE %1$s SET name = (SELECT name FROM %1$s ORDER BY random() LIMIT 1) WHERE layer = $1'
        WHEN 15 THEN 'INSERT INTO %1$s (layer, part, kind, name, config) SELECT 1 + coalesce(max(layer) FILTER (WHERE layer < 1000), 0), 0, (SELECT k.kind FROM kinds k ORDER BY random() LIMIT 1), ''more'',
                odd_value() FROM %1$s'
        WHEN 16 THEN 'UPDATE %1$s a SET config = b.config FROM %1$s b WHERE a.layer = $1 AND b.layer = $1 - 1'
        ELSE 'UPDATE %1$s SET config = odd_config(config) WHERE layer = $1'
    END, victim) USING l;
END $$;

-- ---- what reads a model: %1$L is it, %2$s its x, %3$s its y ----

CREATE TABLE readers (n serial, call text);
INSERT INTO readers (call) VALUES
    ('SELECT count(nnet.predict(%1$L::regclass, %2$s)) FROM generate_series(1, 3) i'),
    ('SELECT count(nnet.classify(%1$L::regclass, %2$s)) FROM generate_series(1, 3) i'),
    ('SELECT count(p) FROM (SELECT nnet.predict_batch(%1$L::regclass, %2$s) OVER () AS p FROM generate_series(1, 5) i) s'),
    ('SELECT count(p) FROM (SELECT nnet.predict_batch(%1$L::regclass, %2$s) OVER () AS p FROM generate_series(1, 80) i) s'),
    ('SELECT nnet.evaluate(%1$L::regclass, %2$s, %3$s) FROM generate_series(1, 5) i'),
    ('SELECT nnet.fit(%1$L::regclass, %2$s, %3$s, nnet.options(epochs => 2, batch_size => 3, validation_split => 0.2, seed => 1))
        FROM generate_series(1, 11) i'),
    ('SELECT count(s) FROM nnet.summary(%1$L) s'),
    ('SELECT count(s) FROM nnet.parameters(%1$L) s'),
    ('SELECT count(s) FROM nnet.history(%1$L) s'),
    ('SELECT count(s) FROM nnet.vocabulary(%1$L) s'),
    ('SELECT count(s) FROM nnet.generate(%1$L, 2, 1) s'),
    ('SELECT count(nnet.generate_text(%1$L, ''some'', 5, 0.5, 1))'),
    ('SELECT count(nnet.forecast(%1$L, ARRAY[1, 2, 3, 4], 3))'),
    ('SELECT count(nnet.compile(%1$L, ''sparse_categorical_crossentropy'', ''sgd''))'),
    ('SELECT count(nnet.copy_model(%1$L, ''copied''))'),
    ('SELECT nnet.learn_from(%1$L::regclass, $q$SELECT %2$s AS x, %3$s AS y FROM generate_series(1, 11) i$q$)'),
    ('SELECT nnet.fit_gan(%1$L::regclass, ''o_critic'', ARRAY[1, 2, 3]::real[], nnet.gan_options(seed => 1)) FROM generate_series(1, 5) i'),
    ('SELECT nnet.fit_gan(''o_dense'', %1$L::regclass, %2$s, nnet.gan_options(seed => 1)) FROM generate_series(1, 5) i');
-- functions that are new here, with the least they take
INSERT INTO readers (call)
    SELECT format('SELECT count(s) FROM (SELECT nnet.%I(%s) AS s FROM generate_series(1, 3) i) s', p.proname, string_agg(CASE type::text
        WHEN 'regclass' THEN '%1$L::regclass' WHEN '"any"' THEN '%2$s' WHEN 'integer' THEN '2' WHEN 'bigint' THEN '2' WHEN 'text' THEN '''copied'''
        WHEN 'jsonb' THEN '''{}''' WHEN 'text[]' THEN '''{dense}''' ELSE 'NULL' END, ', ' ORDER BY n))
    FROM pg_proc p, unnest(p.proargtypes::oid[]::regtype[]) WITH ORDINALITY AS a (type, n)
    WHERE p.pronamespace = 'nnet'::regnamespace AND 'regclass'::regtype = ANY (p.proargtypes::oid[]) AND 'internal'::regtype <> ALL (p.proargtypes::oid[])
        AND p.prokind IN ('f', 'a') AND n <= p.pronargs - p.pronargdefaults
        AND NOT EXISTS (SELECT FROM readers r WHERE position('nnet.' || p.proname || '(' IN r.call) > 0)
    GROUP BY p.oid, p.proname;

CREATE TABLE outcomes (number integer, state text, call text, message text, original text);
CREATE FUNCTION try(number integer, seed integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    o originals := (SELECT t FROM originals t WHERE n = 1 + number % (SELECT count(*) FROM originals));
    call text;
BEGIN
    PERFORM setseed(hashint8extended(number, seed) / 9223372036854775808.0);
    EXECUTE format('CREATE TABLE victim AS TABLE %s', o.model);
    FOR j IN 0 .. below(2) LOOP
        BEGIN
            PERFORM edit('victim');
        EXCEPTION WHEN data_exception THEN NULL;      -- of what was odd before
        END;
    END LOOP;
    FOR call IN SELECT r.call FROM readers r ORDER BY n LOOP
        BEGIN
            EXECUTE format(call, 'victim', o.x, o.y);
            RAISE EXCEPTION USING errcode = 'F0000';      -- it went well: undo it
        EXCEPTION WHEN query_canceled OR OTHERS THEN
            INSERT INTO outcomes VALUES (number, SQLSTATE, call, left(SQLERRM, 300), o.model::text);
            EXIT WHEN SQLSTATE = '57014';      -- it was made too large, and there is no timeout any more
        END;
    END LOOP;
    DROP TABLE victim;
END $$;

RESET statement_timeout;
\o /dev/null
SELECT pg_backend_pid() AS backend \gset
SELECT format('SELECT try(%s, %s)', n, :seed) FROM generate_series(:first, :last) n \gexec
\o
SELECT pg_backend_pid() = :backend AS same_backend;
