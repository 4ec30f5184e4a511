-- Networks of variable steps drawn at random, and rows of mixed lengths: what
-- holds for any of them.  psql variables: seed (0 to 1), tries.
--
-- Of each network: predict_batch gives each row what predict gives it alone;
-- evaluate's loss is that of the predictions, row by row; fit takes y with the
-- steps of the output and refuses it with any other number; rows too short for
-- a layer are refused by all of them alike.
-- Returns one row for each finding: what was wrong, with which network.
SELECT setseed(:seed) \g /dev/null
SET nnet.force_threads = on;

CREATE FUNCTION below(n integer) RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT floor(random() * n)::integer';
CREATE FUNCTION one_of(VARIADIC t text[]) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT t[1 + below(cardinality(t))]';

CREATE FUNCTION draw_layer() RETURNS text LANGUAGE plpgsql AS $$
DECLARE size integer := 1 + below(4); stride integer := 1 + below(3); f text := one_of('linear', 'tanh', 'relu', 'gelu');
BEGIN
    CASE below(16)
        WHEN 0, 1 THEN RETURN format('nnet.conv1d(%s, %s, strides => %s, padding => %L, activation => %L)', 1 + below(3), size, stride,
                one_of('valid', 'same', 'causal'), f);
        WHEN 2 THEN RETURN format('nnet.conv1d(2, %s, dilation_rate => %s)', size, stride);
        WHEN 3, 4 THEN RETURN format('nnet.conv1d_transpose(%s, %s, strides => %s, padding => %L, activation => %L)', 1 + below(3), size, stride,
                one_of('valid', 'same'), f);
        WHEN 5 THEN RETURN format('nnet.%s(%s, strides => %s, padding => %L)', one_of('max_pooling1d', 'average_pooling1d'), size, stride,
                one_of('valid', 'same'));
        WHEN 6 THEN RETURN format('nnet.%s(%s, return_sequences => true, go_backwards => %s)', one_of('lstm', 'gru', 'simple_rnn'), 1 + below(3),
                one_of('true', 'false'));
        WHEN 7 THEN RETURN format('nnet.bidirectional(nnet.%s(2, return_sequences => true))', one_of('lstm', 'gru'));
        WHEN 8 THEN RETURN format('nnet.time_distributed(nnet.dense(%s))', 1 + below(3));
        WHEN 9 THEN RETURN one_of('nnet.layer_normalization()', 'nnet.batch_normalization()', 'nnet.dropout(0.3)', 'nnet.masking(0)');
        WHEN 10 THEN RETURN format('nnet.%s%s, strides => %s, padding => %L, activation => %L)', one_of('depthwise_conv1d(', 'separable_conv1d(2, '), size, stride,
                one_of('valid', 'same'), f);
        WHEN 11 THEN RETURN one_of('nnet.zero_padding1d(''{1,2}'')', 'nnet.cropping1d()', 'nnet.upsampling1d(2)');
        WHEN 12 THEN RETURN one_of('nnet.elu(0.5)', 'nnet.relu(2, 0.1, 0.2)', 'nnet.prelu(''ones'', shared_axes => 1)', 'nnet.rms_normalization()',
                'nnet.group_normalization(1)', 'nnet.softmax(1)', 'nnet.gaussian_noise(0.1)', 'nnet.alpha_dropout(0.1)', 'nnet.dropout(0.3, ''{NULL,1,NULL}'')');
        WHEN 13 THEN RETURN one_of('nnet.attention(true)', 'nnet.additive_attention(use_causal_mask => true)', 'nnet.multi_head_attention(2, 3, dropout => 0.1)',
                'nnet.multi_head_attention(2, 2, sliding_window => 2, use_causal_mask => true)', 'nnet.group_query_attention(2, 4, 2, use_gate => true)');
        ELSE RETURN format('nnet.dense(%s, activation => %L)', 1 + below(3), f);
    END CASE;
END $$;
CREATE FUNCTION draw_network() RETURNS text LANGUAGE plpgsql AS $$
DECLARE layers text := 'nnet.input(NULL, 2)';
BEGIN
    FOR i IN 0 .. below(5) LOOP
        layers := layers || ', ' || draw_layer();
    END LOOP;
    IF below(3) = 0 THEN        -- two ways that may or may not meet again
        layers := layers || format(', nnet.dense(2, name => ''a''), nnet.conv1d(2, %s, strides => %s, padding => %L, name => ''b''), nnet.%s(%s, padding => %L, inputs => ''{a}'', name => ''c''), nnet.%s(inputs => ''{b,c}'')',
            1 + below(3), 1 + below(2), one_of('same', 'same', 'valid'), one_of('max_pooling1d', 'average_pooling1d'), 1 + below(2),
            one_of('same', 'same', 'valid'), one_of('add', 'multiply', 'concatenate', 'maximum'));
    END IF;
    RETURN layers || CASE below(6)
        WHEN 0 THEN ', nnet.lstm(2)'
        WHEN 1 THEN ', nnet.global_average_pooling1d(), nnet.dense(2)'
        WHEN 2 THEN ', nnet.gru(2), nnet.repeat_vector(3), nnet.dense(1)'
        WHEN 3 THEN ', nnet.time_distributed(nnet.repeat_vector(2)), nnet.dense(1)'
        WHEN 4 THEN ', nnet.dense(1)'
        ELSE '' END;
END $$;

CREATE TABLE findings (network text, finding text);
CREATE TABLE counts (what text PRIMARY KEY, n integer);
INSERT INTO counts VALUES ('networks', 0), ('rows', 0), ('refused lengths', 0);
CREATE TABLE x (i integer, n integer, x real[], y real[], p real[]);

CREATE FUNCTION refusal(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
CREATE FUNCTION far(a float8, b float8) RETURNS boolean LANGUAGE sql AS 'SELECT coalesce(abs(a - b) > 2e-4 * (1 + abs(b)), true)';

CREATE FUNCTION try_network(layers text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    r record; e jsonb; loss float8; short text; masked boolean := layers ~ 'masking';
BEGIN
    PERFORM set_config('nnet.threads', (1 + below(3))::text, true);
    EXECUTE 'SELECT nnet.create_model(''net'', ' || layers || ')';
    PERFORM nnet.compile('net'::regclass, 'mse', nnet.sgd(1e-4), '{mae}');
    TRUNCATE x;
    INSERT INTO x SELECT i, n, (SELECT array_agg(round(random()::numeric * 2 - 1, 2) + 0.01 ORDER BY k)::real[] FROM generate_series(1, 2 * n) k)
        FROM generate_series(1, 12) i, LATERAL (SELECT 1 + below(8) AS n WHERE i > 0) s;
    FOR r IN SELECT * FROM x ORDER BY i LOOP
        short := refusal(format('UPDATE x SET p = nnet.predict(''net''::regclass, x) WHERE i = %s', r.i));
        IF short IS NOT NULL THEN
            UPDATE counts SET n = n + 1 WHERE what = 'refused lengths';
            IF short !~ format('^22000: model "net" cannot take x of %s step', r.n) THEN RETURN NEXT 'predict: ' || short; END IF;
            FOREACH short IN ARRAY ARRAY[refusal(format('SELECT nnet.fit(''net'', x, 1) FROM x WHERE i = %s', r.i)),
                    refusal(format('SELECT nnet.evaluate(''net'', x, 1) FROM x WHERE i = %s', r.i)),
                    refusal(format('SELECT nnet.predict_batch(''net''::regclass, x) OVER () FROM x WHERE i = %s', r.i))] LOOP
                IF short IS NULL OR short !~ format('^22000: model "net" cannot take x of %s step', r.n) THEN
                    RETURN NEXT 'a row too short: ' || coalesce(short, 'goes well');
                END IF;
            END LOOP;
            DELETE FROM x WHERE i = r.i;
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM x) THEN RETURN; END IF;
    UPDATE counts SET n = n + 1 WHERE what = 'networks';
    UPDATE counts SET n = n + (SELECT count(*) FROM x) WHERE what = 'rows';
    UPDATE x SET y = (SELECT array_agg(round(v::numeric, 2) + 0.5 ORDER BY o) FROM unnest(p) WITH ORDINALITY u(v, o));

    IF EXISTS (SELECT FROM (SELECT p, nnet.predict_batch('net'::regclass, x) OVER () AS q FROM x) s, unnest(p, q) u(a, b) WHERE far(a, b)) THEN
        RETURN NEXT 'predict_batch is not predict';
    END IF;
    e := nnet.evaluate('net', x.x, x.y) FROM x;
    SELECT sum((a - b) ^ 2) / count(*) INTO loss FROM x, unnest(p, y) u(a, b);
    IF NOT masked AND far((e->>'loss')::float8, loss) THEN RETURN NEXT format('the loss is %s, not %s', e->>'loss', loss); END IF;
    short := refusal('SELECT nnet.evaluate(''net'', x.x, x.y || 1::real) FROM x');
    IF short IS NULL OR short !~ 'expects y to have' THEN RETURN NEXT 'a number too many: ' || coalesce(short, 'goes well'); END IF;
    short := refusal('SELECT nnet.fit(''net'', x.x, x.y[2:]) FROM x');
    IF short IS NULL OR short !~ 'expects y to have' THEN RETURN NEXT 'a number too few: ' || coalesce(short, 'goes well'); END IF;
    short := refusal(format('SELECT nnet.fit(''net'', x.x, x.y, nnet.options(epochs => 2, batch_size => %s, validation_split => 0.2)) FROM x, generate_series(1, 5)',
        1 + below(9)));
    IF short IS NOT NULL AND short !~ 'diverged' THEN RETURN NEXT 'fit: ' || short; END IF;
END $$;

CREATE FUNCTION try(tries integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE layers text;
BEGIN
    FOR i IN 1 .. tries LOOP
        layers := draw_network();
        BEGIN
            INSERT INTO findings SELECT layers, f FROM try_network(layers) f;
            DROP TABLE net;
        EXCEPTION WHEN OTHERS THEN
            -- two ways that cannot meet, or a window over nothing, are refused as a model is made
            IF SQLERRM !~ 'do not fit' THEN INSERT INTO findings VALUES (layers, SQLSTATE || ': ' || SQLERRM); END IF;
        END;
    END LOOP;
END $$;
SELECT try(:tries) \g /dev/null
SELECT finding, network FROM findings;
