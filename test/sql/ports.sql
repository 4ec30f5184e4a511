-- Models of several inputs and outputs: rows by name, by position, by key; losses, metrics and labels by output.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
CREATE SCHEMA test_ports;
SET search_path = test_ports;

CREATE FUNCTION pg_temp.fails(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text; hint text; detail text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ': ' || message || coalesce(E'\nDETAIL: ' || nullif(detail, ''), '') || coalesce(E'\nHINT: ' || nullif(hint, ''), '');
END $$;

CREATE TABLE houses (id int, gone int, photo real[], facts float8[], price real, kind text);
ALTER TABLE houses DROP COLUMN gone;
INSERT INTO houses
SELECT i, ARRAY(SELECT (i * k % 17) / 17.0 FROM generate_series(1, 12) k),
       ARRAY[i % 7 / 13.0, i % 11 / 13.0, i % 13 / 13.0], NULL, NULL
FROM generate_series(1, 400) i;
UPDATE houses SET price = facts[1] * 2 + photo[1],
    kind = CASE WHEN facts[2] > 0.5 THEN 'villa' WHEN facts[3] > 0.5 THEN 'flat' ELSE 'hut' END;

SELECT nnet.create_model('house',
    nnet.input('{2,2,3}', name => 'photo'), nnet.input('{3}', name => 'facts'),
    nnet.conv2d(4, 2, inputs => '{photo}'), nnet.global_average_pooling2d(name => 'seen'),
    nnet.concatenate('{seen,facts}'), nnet.dense(32, activation => 'relu', name => 'both'),
    nnet.dense(1, name => 'price', inputs => '{both}'),
    nnet.dense(3, activation => 'softmax', name => 'kind', inputs => '{both}'));
SELECT layer, name, kind, inputs, output_shape FROM nnet.summary('house');
SELECT nnet.compile('house', loss => '{"price": "mse", "kind": "sparse_categorical_crossentropy"}'::jsonb,
                    loss_weights => '{"price": 0.5}', metrics => '{"kind": ["accuracy"]}'::jsonb);
SELECT r - 'seconds' - ARRAY(SELECT k FROM jsonb_object_keys(r) k WHERE k ~ 'loss|accuracy'),
       ARRAY(SELECT k FROM jsonb_object_keys(r) k WHERE k ~ 'loss|accuracy' ORDER BY 1),
       (r->>'kind_accuracy')::float8 > 0.8,
       abs((r->>'loss')::float8 - (r->>'price_loss')::float8 / 2 - (r->>'kind_loss')::float8) < 1e-6
FROM (SELECT nnet.fit('house', h, h, nnet.options(epochs => 40, seed => 3, validation_split => 0.1)) FROM houses h) f(r);
SELECT config -> 'format', config -> 'loss', config -> 'loss_weights', config -> 'metrics', config -> 'labels',
       config -> 'label_type' FROM house WHERE layer = -1;
SELECT ARRAY(SELECT k FROM jsonb_object_keys(metrics) k ORDER BY 1) FROM nnet.history('house') WHERE epoch = 40;

-- one row, given in every way, has one prediction
CREATE TYPE parts AS (facts numeric[], other text, photo float8[]);
CREATE DOMAIN parts_domain AS parts;
SELECT count(DISTINCT p), min(cardinality(p)) FROM (
    SELECT nnet.predict('house', h) FROM houses h WHERE id = 5
    UNION ALL SELECT nnet.predict('house', ROW(photo, facts)) FROM houses WHERE id = 5
    UNION ALL SELECT nnet.predict('house', q) FROM (SELECT facts, 1 AS x, photo FROM houses WHERE id = 5) q
    UNION ALL SELECT nnet.predict('house', to_jsonb(h)) FROM houses h WHERE id = 5
    UNION ALL SELECT nnet.predict('house', ROW(facts, 'x', photo)::parts) FROM houses WHERE id = 5
    UNION ALL SELECT nnet.predict('house', ROW(facts, 'x', photo)::parts::parts_domain) FROM houses WHERE id = 5
    UNION ALL SELECT nnet.predict('house', jsonb_build_object('facts', facts, 'photo', ARRAY[ARRAY[photo[:6], photo[7:]]])) FROM houses WHERE id = 5
) f(p);
SELECT bool_and(abs(a.v - b.v) < 1e-5) FROM (SELECT id, nnet.predict('house', h) p, nnet.predict_batch('house', h) OVER () b FROM houses h) q,
       LATERAL unnest(p, b) WITH ORDINALITY AS a(v, w, i), LATERAL (SELECT a.w) b(v);
SELECT bool_and(nnet.predict('house', h, 'price') || nnet.predict('house', h, 'kind') = nnet.predict('house', h)) FROM houses h;
SELECT bool_and(nnet.classify('house', h) = nnet.classify('house', h, 'kind')), sum((nnet.classify('house', h) = kind)::int) > 300 FROM houses h;
SELECT array_agg(label ORDER BY class) FROM nnet.labels('house');
SELECT array_agg(label ORDER BY class) FROM nnet.labels('house', 'kind');
SELECT count(*) FROM nnet.labels('house', 'price');
-- rows of other types within one query
SELECT count(DISTINCT nnet.predict('house', r)) FROM (
    SELECT ROW(photo, facts) FROM houses WHERE id = 5
    UNION ALL SELECT ROW(photo::float8[], facts::numeric[]) FROM houses WHERE id = 5) q(r);

-- evaluate
SELECT count(DISTINCT round((e ->> 'loss')::numeric, 5)), count(DISTINCT e -> 'kind_accuracy') FROM (
    SELECT nnet.evaluate('house', h, h) FROM houses h
    UNION ALL SELECT nnet.evaluate('house', to_jsonb(h), ROW(price, kind)) FROM houses h
    UNION ALL SELECT nnet.evaluate('house', h, to_jsonb(h)) FROM houses h) q(e);

-- what does not fit is told
SELECT pg_temp.fails($$SELECT nnet.predict('house', photo) FROM houses$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', ROW(photo)) FROM houses$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', ROW(photo, facts, 1)) FROM houses$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', ROW(photo, 'x'::text)) FROM houses$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', ROW(photo, facts || NULL::float8)) FROM houses$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2]}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2], "facts": "x"}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2], "facts": ["x"]}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2], "facts": [{"a": 1}]}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2], "facts": {"a": 1}}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2], "facts": [1,null,3]}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2], "facts": [1,2,3]}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2], "facts": null}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '{"photo": [1,2], "facts": [1e400]}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '[1,2]'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '7'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', '"x"'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', q) FROM (SELECT facts FROM houses) q$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', q) FROM (SELECT NULL::real[] AS photo, facts FROM houses) q$$);
SELECT pg_temp.fails($$SELECT nnet.predict('house', h, 'cost') FROM houses h$$);
SELECT pg_temp.fails($$SELECT nnet.classify('house', h, 'price') FROM houses h$$);
SELECT pg_temp.fails($$SELECT nnet.labels('house', 'cost')$$);
SELECT pg_temp.fails($$SELECT nnet.fit('house', h, price) FROM houses h$$);
SELECT pg_temp.fails($$SELECT nnet.fit('house', h, q) FROM houses h, LATERAL (SELECT price) q$$);
SELECT pg_temp.fails($$SELECT nnet.fit('house', h, ROW(price, NULL::text)) FROM houses h$$);
SELECT pg_temp.fails($$SELECT nnet.fit('house', h, ROW(price, 'tent'::text)) FROM houses h$$);
SELECT pg_temp.fails($$SELECT nnet.fit('house', h, CASE WHEN id > 3 THEN ROW(price, kind) ELSE ROW(price::numeric, kind) END) FROM houses h$$);
SELECT pg_temp.fails($$SELECT nnet.evaluate('house', h, ROW('x'::text, kind)) FROM houses h$$);
SELECT pg_temp.fails($$SELECT nnet.forecast('house', ARRAY[1,2,3], 2)$$);
SELECT pg_temp.fails($$SELECT nnet.generate('house', 2)$$);
SELECT pg_temp.fails($$SELECT nnet.generate_text('house', 'a', 2)$$);

-- compile by output
SELECT pg_temp.fails($$SELECT nnet.compile('house', '{"cost": "mse"}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', '{"price": "mse"}', metrics => '{"kind": "accuracy"}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', '{"price": 3}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', '{}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', '{"price": "mse"}', loss_weights => '{"price": -1}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', '{"price": "mse"}', loss_weights => '{"price": "much"}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', '{"price": "mse"}', labels => '{"kind": ["a"]}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', '{"price": "mse", "kind": "sparse_categorical_crossentropy"}', labels => '{"kind": ["a","b","c","d"]}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', 'mse', loss_weights => true)$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', 'mse', metrics => 3)$$);
SELECT pg_temp.fails($$SELECT nnet.compile('house', 'mse', metrics => '{"price": ["mae", "mae"]}')$$);
-- one loss for all outputs
SELECT nnet.compile('house', 'mse', 'sgd', '{mae}', labels => NULL, loss_weights => 0.5, weighted_metrics => '{mae}');
SELECT config -> 'loss', config -> 'metrics', config -> 'weighted_metrics', config -> 'loss_weights', config -> 'labels', config #> '{optimizer,kind}' FROM house WHERE layer = -1;
-- an output that is trained for nothing needs no y
SELECT nnet.compile('house', '{"kind": "sparse_categorical_crossentropy"}', labels => '{"kind": ["hut","flat","villa"]}');
SELECT ARRAY(SELECT k FROM jsonb_object_keys(r) k WHERE k ~ 'loss' ORDER BY 1)
FROM (SELECT nnet.fit('house', h, kind, nnet.options(epochs => 1)) FROM houses h) f(r);
SELECT array_agg(label ORDER BY class) FROM nnet.labels('house');

-- weighted metrics of one output: format 2, named apart from those without weights
SELECT nnet.create_model('one', nnet.input(3), nnet.dense(1, name => 'out'));
SELECT nnet.compile('one', 'mse', metrics => '{mae}', weighted_metrics => '{mae,mse}');
SELECT config -> 'format', config -> 'weighted_metrics' FROM one WHERE layer = -1;
SELECT ARRAY(SELECT k FROM jsonb_object_keys(r) k WHERE k !~ 'seconds' ORDER BY 1)
FROM (SELECT nnet.fit('one', facts, price, nnet.options(epochs => 1)) FROM houses) f(r);
SELECT nnet.compile('one', 'mse');
SELECT config -> 'format' FROM one WHERE layer = -1;

-- two outputs that classify: one must be named
SELECT nnet.create_model('two', nnet.input('{3}', name => 'facts'), nnet.dense(2, activation => 'softmax', name => 'a'),
    nnet.dense(3, activation => 'softmax', name => 'b', inputs => '{facts}'));
SELECT pg_temp.fails($$SELECT nnet.classify('two', h) FROM houses h$$);
SELECT count(nnet.classify('two', h, 'a')), count(nnet.classify('two', h, 'b')) FROM houses h;
SELECT nnet.compile('two', 'sparse_categorical_crossentropy', labels => '{"a": ["x","y"], "b": ["p","q","r"]}');
SELECT pg_temp.fails($$SELECT nnet.labels('two')$$);
SELECT array_agg(label ORDER BY class) FROM nnet.labels('two', 'a');
-- none: neither is of classes
SELECT nnet.create_model('none', nnet.input('{3}', name => 'facts'), nnet.dense(2, name => 'a'), nnet.dense(3, name => 'b', inputs => '{facts}'));
SELECT nnet.compile('none', 'mse');
SELECT pg_temp.fails($$SELECT nnet.classify('none', h) FROM houses h$$);

-- one input that has a name takes the column of that name
SELECT nnet.create_model('named', nnet.input('{3}', name => 'facts'), nnet.dense(2));
SELECT nnet.predict('named', h) = nnet.predict('named', facts), nnet.predict('named', to_jsonb(h)) = nnet.predict('named', facts),
       nnet.predict('named', to_jsonb(facts)) = nnet.predict('named', facts),
       nnet.predict('named', ROW(facts[1], facts[2], facts[3])) = nnet.predict('named', facts) FROM houses h WHERE id = 3;

-- an input declared as whole numbers, another of texts
SELECT nnet.create_model('kinds', nnet.input('{1}', name => 'n', dtype => 'int'), nnet.input('{1}', name => 'note', dtype => 'text'),
    nnet.text_vectorization(max_tokens => 20, output_sequence_length => 4, inputs => '{note}'),
    nnet.embedding(20, 3), nnet.flatten(name => 'words'),
    nnet.concatenate('{n,words}'), nnet.dense(1, activation => 'sigmoid', name => 'p'));
SELECT nnet.compile('kinds', 'binary_crossentropy');
SELECT (nnet.fit('kinds', q, n > 3, nnet.options(epochs => 2, validation_split => 0.2)) -> 'samples')
FROM (SELECT i % 7 AS n, 'word' || i % 5 || ' and a ' || i % 3 AS note FROM generate_series(1, 100) i) q;
SELECT count(*) FROM nnet.vocabulary('kinds');
SELECT cardinality(nnet.predict('kinds', '{"n": 3, "note": "word1 and more"}'::jsonb));
SELECT pg_temp.fails($$SELECT nnet.predict('kinds', '{"n": 3.5, "note": "word1"}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('kinds', '{"n": 3, "note": ["word1"]}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('kinds', ROW(3, 3))$$);
SELECT nnet.create_model('unread', nnet.input('{1}', name => 'note', dtype => 'text'), nnet.dense(1));
SELECT pg_temp.fails($$SELECT nnet.predict('unread', 'a')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('idle', nnet.input(3), nnet.input('{2}', name => 'idle'), nnet.dense(1))$$);

-- two sequences, each of its own length
SELECT nnet.create_model('pair', nnet.input('{NULL,2}', name => 'a'), nnet.input('{NULL,1}', name => 'b'),
    nnet.lstm(4, inputs => '{a}', name => 'la'), nnet.gru(3, inputs => '{b}', name => 'lb'), nnet.concatenate('{la,lb}'), nnet.dense(1));
SELECT nnet.compile('pair', 'mse');
CREATE TABLE series AS SELECT i AS id, ARRAY(SELECT k / 9.0 FROM generate_series(1, 2 * (1 + i % 3)) k) AS a,
    ARRAY(SELECT k / 5.0 FROM generate_series(1, 1 + i % 4) k) AS b, i % 2 AS y FROM generate_series(1, 60) i;
SELECT (nnet.fit('pair', s, y, nnet.options(epochs => 2)) -> 'steps') FROM series s;
SELECT bool_and(abs(p[1] - b[1]) < 1e-5) FROM (SELECT nnet.predict('pair', s) p, nnet.predict_batch('pair', s) OVER () b FROM series s) q;
SELECT pg_temp.fails($$SELECT nnet.predict('pair', ROW(ARRAY[1,2,3], ARRAY[1]))$$);
SELECT pg_temp.fails($$SELECT nnet.predict('pair', ROW(ARRAY[1,2], '{}'::int[]))$$);

DROP SCHEMA test_ports CASCADE;
