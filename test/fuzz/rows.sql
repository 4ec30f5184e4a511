-- Models edited at random, as a stranger might, and everything that reads one
-- tried on each.  psql variables: seed (0 to 1), tries.
--
-- Returns one row for each SQLSTATE that came of it: how often, and an example.
-- Errors are expected; class XX (internal errors), crashes and hangs are not.
SELECT setseed(:seed) \g /dev/null

CREATE TABLE originals (n serial, model regclass, x text, y text);

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
           nnet.embedding(20, 3, mask_zero => true), nnet.lstm(3), nnet.dense(3, activation => 'softmax'))
\g /dev/null
INSERT INTO originals (model, x, y) VALUES
    ('o_dense', 'ARRAY[sin(i), cos(i), i % 7]::real[]', 'i % 3'),
    ('o_image', 'decode(repeat(lpad(to_hex(i % 256), 2, ''0''), 72), ''hex'')', 'i % 3'),
    ('o_steps', 'array_fill(sin(i)::real, ARRAY[1 + i % 5, 2])', 'i % 3'),
    ('o_text', '(''{some,more words,of a,text or two}''::text[])[1 + i % 4]', '(''{a,b,c}''::text[])[1 + i % 3]');
DO $$
DECLARE o originals;
BEGIN
    FOR o IN TABLE originals LOOP
        PERFORM nnet.compile(o.model, 'sparse_categorical_crossentropy', nnet.adam(), '{accuracy}');
        EXECUTE format('SELECT nnet.fit(%L::regclass, %s, %s, nnet.options(epochs => 2)) FROM generate_series(1, 40) i', o.model, o.x, o.y);
    END LOOP;
END $$;

CREATE FUNCTION below(n integer) RETURNS integer LANGUAGE sql AS 'SELECT floor(random() * n)::integer';
CREATE FUNCTION one_of(VARIADIC t text[]) RETURNS text LANGUAGE sql AS 'SELECT t[1 + below(cardinality(t))]';

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
    CASE below(12)
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
        ELSE RETURN array_fill(1e-40::real, ARRAY[greatest(cardinality(a), 1)]);
    END CASE;
END $$;
CREATE FUNCTION odd_config(c jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    key text := (SELECT k FROM jsonb_object_keys(CASE jsonb_typeof(c) WHEN 'object' THEN c ELSE '{}' END) AS k ORDER BY random() LIMIT 1);
BEGIN
    CASE below(8)
        WHEN 0 THEN RETURN NULL;
        WHEN 1 THEN RETURN odd_value();
        WHEN 2 THEN RETURN c - key;
        WHEN 3 THEN RETURN c || jsonb_build_object(one_of('units', 'trainable', 'activation', 'kernel_size', 'strides', 'inputs', 'name',
                'kind', 'shape', 'axis', 'vocabulary', 'layer', 'seed', 'epsilon', 'labels', 'steps', 'history', 'history_dropped', 'format', 'zz'), odd_value());
        ELSE RETURN c || jsonb_build_object(coalesce(key, 'units'), odd_value());
    END CASE;
EXCEPTION WHEN OTHERS THEN RETURN odd_value();
END $$;

CREATE FUNCTION edit(victim regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    l integer;
BEGIN
    EXECUTE format('SELECT layer FROM %s ORDER BY random() LIMIT 1', victim) INTO l;
    EXECUTE format(CASE below(16)
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
        ELSE 'UPDATE %1$s SET config = odd_config(config) WHERE layer = $1'
    END, victim) USING l;
END $$;

-- what reads a model; %1$L is it, %2$s its x, %3$s its y
CREATE TABLE readers (n serial, call text);
INSERT INTO readers (call) VALUES
    ('SELECT count(nnet.predict(%1$L::regclass, %2$s)) FROM generate_series(1, 3) i'),
    ('SELECT count(nnet.classify(%1$L::regclass, %2$s)) FROM generate_series(1, 3) i'),
    ('SELECT count(p) FROM (SELECT nnet.predict_batch(%1$L::regclass, %2$s) OVER () AS p FROM generate_series(1, 5) i) s'),
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
    ('SELECT nnet.fit_gan(%1$L::regclass, ''o_dense'', ARRAY[1, 2, 3]::real[], nnet.gan_options(seed => 1)) FROM generate_series(1, 5) i'),
    ('SELECT nnet.fit_gan(''o_dense'', %1$L::regclass, %2$s, nnet.gan_options(seed => 1)) FROM generate_series(1, 5) i');

CREATE TABLE outcomes (state text, call text, message text, edits text);
CREATE FUNCTION try(tries integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    o originals;
    call text;
BEGIN
    FOR i IN 1 .. tries LOOP
        SELECT * INTO o FROM originals WHERE n = 1 + i % 4;
        EXECUTE format('CREATE TABLE victim AS TABLE %s', o.model);
        FOR j IN 0 .. below(3) LOOP
            PERFORM edit('victim');
        END LOOP;
        FOR call IN SELECT r.call FROM readers r ORDER BY n LOOP
            BEGIN
                EXECUTE format(call, 'victim', o.x, o.y);
                RAISE EXCEPTION USING errcode = 'F0000';      -- it went well: undo it
            EXCEPTION WHEN OTHERS THEN
                INSERT INTO outcomes VALUES (SQLSTATE, call, SQLERRM, o.model::text);
            END;
        END LOOP;
        DROP TABLE victim;
    END LOOP;
END $$;
SELECT try(:tries) \g /dev/null
SELECT state, count(*), min(call || ': ' || message) AS example FROM outcomes GROUP BY state ORDER BY state;
