-- nnet.fit_gan and nnet.generate with models of several inputs: the same as with a condition where that says the same,
-- pictures with labels beside them, what is refused.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
CREATE SCHEMA test_gan_ports;
SET search_path = test_gan_ports;

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
CREATE FUNCTION pg_temp.differ(a regclass, b regclass) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE d float8;
BEGIN
    EXECUTE format('SELECT max(abs(x - y)) FROM (SELECT unnest(a.weights) x, unnest(b.weights) y
                    FROM %s a JOIN %s b USING (name, part) WHERE a.kind = ''dense'') q', a, b) INTO d;
    RETURN d;
END $$;
CREATE FUNCTION pg_temp.top_less_bottom(picture real[]) RETURNS float8 LANGUAGE sql AS $$
    SELECT avg(v) FILTER (WHERE k <= 32) - avg(v) FILTER (WHERE k > 32) FROM unnest(picture) WITH ORDINALITY AS u(v, k) $$;
CREATE TABLE ring AS SELECT i, ARRAY[cos(i) * (1 + i % 2), sin(i) * (1 + i % 2)]::real[] AS point,
    ARRAY[(i % 2 = 0)::int, (i % 2 = 1)::int]::real[] AS side FROM generate_series(1, 600) i;

-- one input whose end is the condition, and an input for it: the same weights, the same rows
SELECT nnet.create_model('g1', nnet.input(6), nnet.dense(16, activation => 'relu'), nnet.dense(2));
SELECT nnet.create_model('d1', nnet.input(4), nnet.dense(16, activation => 'leaky_relu'), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.create_model('g2', nnet.input(4, name => 'noise'), nnet.input(2, name => 'side'),
    nnet.concatenate('{noise,side}'), nnet.dense(16, activation => 'relu'), nnet.dense(2));
SELECT nnet.create_model('d2', nnet.input(2, name => 'side'), nnet.input(2, name => 'point'),
    nnet.concatenate('{point,side}'), nnet.dense(16, activation => 'leaky_relu'), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile(m::regclass, 'binary_crossentropy') FROM unnest('{g1,d1,g2,d2}'::text[]) m;
UPDATE g2 SET weights = g1.weights FROM g1 WHERE g1.name = g2.name AND g1.kind = 'dense';
UPDATE d2 SET weights = d1.weights FROM d1 WHERE d1.name = d2.name AND d1.kind = 'dense';
SELECT nnet.fit_gan('g1', 'd1', point || side, nnet.gan_options(epochs => 5, batch_size => 50, discriminator_steps => 2, condition => 2, seed => 8) ORDER BY i)
    - 'seconds' - 'generator_loss' - 'discriminator_loss' - 'discriminator_accuracy' FROM ring;
SELECT nnet.fit_gan('g2', 'd2', r, nnet.gan_options(epochs => 5, batch_size => 50, discriminator_steps => 2, seed => 8) ORDER BY i)
    - 'seconds' - 'generator_loss' - 'discriminator_loss' - 'discriminator_accuracy' FROM ring r;
SELECT pg_temp.differ('g1', 'g2') < 1e-5, pg_temp.differ('d1', 'd2') < 1e-5;
SELECT bool_and(abs(a[1] - b[1]) < 1e-5 AND abs(a[2] - b[2]) < 1e-5), count(*)
FROM (SELECT nnet.generate('g1', 300, 5, condition => '{1,0}') a, nnet.generate('g2', 300, 5, condition => '{1,0}') b) q;
SELECT config -> 'given' FROM g2 WHERE layer = -1;

-- rows by key, by place; a second noise has draws of its own
SELECT nnet.fit_gan('g2', 'd2', to_jsonb(r), nnet.gan_options(seed => 1)) -> 'samples' FROM ring r;
SELECT nnet.fit_gan('g2', 'd2', ROW(side, point), nnet.gan_options(seed => 1)) -> 'samples' FROM ring;
SELECT nnet.create_model('copier', nnet.input(2, name => 'a'), nnet.input(2, name => 'side'), nnet.input(2, name => 'b'),
    nnet.concatenate('{a,b}', name => 'both'), nnet.rescaling(1, inputs => '{both}', name => 'noises'), nnet.dense(2, inputs => '{side}', name => 'd'),
    nnet.concatenate('{noises,d}'));
SELECT nnet.create_model('judge', nnet.input(6, name => 'x'), nnet.input(2, name => 'side'),
    nnet.concatenate('{x,side}'), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('copier', 'binary_crossentropy');
SELECT nnet.compile('judge', 'binary_crossentropy');
SELECT nnet.fit_gan('copier', 'judge', ROW(point || point || point, side), nnet.gan_options(seed => 1)) -> 'samples' FROM ring;
SELECT count(DISTINCT x[1]), count(DISTINCT x[3]), bool_or(x[1] = x[3]), avg(x[1]) BETWEEN -0.3 AND 0.3, stddev(x[3]) BETWEEN 0.8 AND 1.2
FROM nnet.generate('copier', 500, condition => '{0,1}') x;

-- pictures whose bright half is told by a label: the discriminator takes it as an index, into a channel of its own
CREATE TABLE halves AS SELECT i, i % 2 AS label,
    decode(string_agg(lpad(to_hex(CASE WHEN (k / 8 < 4) = (i % 2 = 0) THEN 200 + (i * k) % 50 ELSE (i * k) % 30 END), 2, '0'), '' ORDER BY k), 'hex') AS picture
FROM generate_series(1, 800) i, generate_series(0, 63) k GROUP BY i;
SELECT setseed(0.3);
SELECT nnet.create_model('painter', nnet.input(8, name => 'noise'), nnet.input(1, name => 'label'),
    nnet.embedding(2, 8, inputs => '{label}'), nnet.flatten(name => 'about'),
    nnet.concatenate('{noise,about}'), nnet.dense(64, activation => 'relu'), nnet.dense(64, activation => 'sigmoid'), nnet.rescaling(255), nnet.reshape('{8,8,1}'));
SELECT nnet.create_model('critic', nnet.input('{8,8,1}', name => 'picture'), nnet.input(1, name => 'label'),
    nnet.embedding(2, 64, inputs => '{label}'), nnet.reshape('{8,8,1}', name => 'about'),
    nnet.rescaling(1 / 255.0, inputs => '{picture}', name => 'seen'),
    nnet.concatenate('{seen,about}'), nnet.conv2d(8, 3, strides => 2, activation => 'leaky_relu'), nnet.flatten(),
    nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('painter', 'binary_crossentropy', nnet.adam(learning_rate => 0.002, beta_1 => 0.5));
SELECT nnet.compile('critic', 'binary_crossentropy', nnet.adam(learning_rate => 0.002, beta_1 => 0.5));
SELECT nnet.fit_gan('painter', 'critic', h, nnet.gan_options(epochs => 40, batch_size => 50, seed => 2) ORDER BY i) -> 'samples' FROM halves h;
SELECT avg(pg_temp.top_less_bottom(p)) > 75 FROM nnet.generate('painter', 50, condition => '{0}') p;
SELECT avg(pg_temp.top_less_bottom(p)) < -75 FROM nnet.generate('painter', 50, condition => '{1}') p;

-- a table of the discriminator's learns from both passes as from one batch of all these rows, clipped or not
CREATE TABLE seen AS SELECT i, i % 5 AS label, point, 1 AS real FROM ring WHERE i <= 20;
CREATE TABLE seen_both AS SELECT label, point, real FROM seen UNION ALL SELECT label, '{1,1}', 0 FROM seen;
CREATE FUNCTION pg_temp.distance_of_both(optimizer jsonb) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE d float8;
BEGIN
    PERFORM nnet.create_model('still', nnet.input(1, name => 'noise'), nnet.input(1, name => 'label'), nnet.concatenate('{noise,label}'),
        nnet.dense(2, kernel_initializer => 'zeros', bias_initializer => 'ones'));
    PERFORM nnet.compile('still', 'binary_crossentropy');
    PERFORM nnet.create_model('apart', nnet.input(1, name => 'label'), nnet.input(2, name => 'point'), nnet.embedding(5, 3, inputs => '{label}'),
        nnet.flatten(name => 'about'), nnet.concatenate('{about,point}'), nnet.dense(1, activation => 'sigmoid'));
    PERFORM nnet.compile('apart', 'binary_crossentropy', optimizer);
    CREATE TABLE together AS TABLE apart;
    PERFORM nnet.fit_gan('still', 'apart', s, nnet.gan_options(batch_size => 20)) FROM seen s;
    PERFORM nnet.fit('together', s, real, nnet.options(batch_size => 40)) FROM seen_both s;
    SELECT max(abs(x - y)) INTO STRICT d FROM (SELECT unnest(a.weights) x, unnest(b.weights) y FROM apart a JOIN together b USING (name, part)) q;
    DROP TABLE still, apart, together;
    RETURN d;
END $$;
SELECT optimizer ->> 'kind', pg_temp.distance_of_both(optimizer) < 1e-5
FROM unnest(ARRAY[nnet.adam(learning_rate => 0.1), nnet.adam(learning_rate => 0.1, clipnorm => 0.01), nnet.adam(learning_rate => 0.1, global_clipnorm => 0.01),
    nnet.sgd(learning_rate => 1, clipnorm => 0.01), nnet.sgd(learning_rate => 1, clipvalue => 0.01)]) optimizer;

-- what is refused, and loses nothing
CREATE TABLE before AS TABLE g2;
SELECT pg_temp.fails($$SELECT nnet.generate('g2', 3)$$);
SELECT pg_temp.fails($$SELECT nnet.generate('g2', 3, condition => '{1,0,0}')$$);
SELECT pg_temp.fails($$SELECT nnet.generate('painter', 3, condition => '{2}')$$);
SELECT pg_temp.fails($$SELECT nnet.fit_gan('g2', 'd2', r, nnet.gan_options(condition => 2)) FROM ring r$$);
SELECT pg_temp.fails($$SELECT nnet.fit_gan('g1', 'd2', r) FROM ring r$$);
SELECT pg_temp.fails($$SELECT nnet.fit_gan('d2', 'g2', r) FROM ring r$$);
SELECT pg_temp.fails($$SELECT nnet.fit_gan('g2', 'd2', point) FROM ring$$);
SELECT pg_temp.fails($$SELECT nnet.fit_gan('g2', 'd2', ROW(point)) FROM ring$$);
SELECT pg_temp.fails($$SELECT nnet.fit_gan('painter', 'critic', ROW(picture, 2)) FROM halves$$);
SELECT nnet.create_model('wide', nnet.input(4, name => 'noise'), nnet.input(3, name => 'side'), nnet.concatenate('{noise,side}'), nnet.dense(2));
SELECT nnet.create_model('long', nnet.input(4, name => 'noise'), nnet.input(2, name => 'side'), nnet.concatenate('{noise,side}'), nnet.dense(3));
SELECT nnet.create_model('forked', nnet.input(4, name => 'noise'), nnet.input(2, name => 'side'), nnet.concatenate('{noise,side}', name => 'c'), nnet.dense(2, inputs => '{c}', name => 'p'), nnet.dense(2, inputs => '{c}', name => 'q'));
SELECT nnet.create_model('open', nnet.input('{NULL,2}', name => 'noise'), nnet.input(2, name => 'side'), nnet.lstm(3, inputs => '{noise}', name => 'l'), nnet.concatenate('{l,side}'), nnet.dense(2));
SELECT nnet.compile(m::regclass, 'binary_crossentropy') FROM unnest('{wide,long,open,forked}'::text[]) m;
SELECT pg_temp.fails(format('SELECT nnet.fit_gan(%L, ''d2'', r) FROM ring r', m)) FROM unnest('{wide,long,open,forked}'::text[]) m;
SELECT pg_temp.fails($$SELECT nnet.generate('open', 1)$$);
SELECT pg_temp.fails($$SELECT nnet.generate('forked', 1)$$);
SELECT nnet.create_model('reader', nnet.input(2, name => 'side'), nnet.input(2, name => 'point'), nnet.embedding(3, 2, inputs => '{point}'), nnet.flatten(name => 'f'),
    nnet.concatenate('{f,side}'), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('reader', 'binary_crossentropy');
SELECT pg_temp.fails($$SELECT nnet.fit_gan('g2', 'reader', r) FROM ring r$$);
SELECT count(*) FROM (TABLE before EXCEPT TABLE g2) q;

DROP SCHEMA test_gan_ports CASCADE;
