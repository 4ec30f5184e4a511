-- What steers a training: early stopping, plateaus, the best weights, a limit of time;
-- and fits that follow each other.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_steering CASCADE;
RESET client_min_messages;
CREATE SCHEMA test_steering;
SET search_path = test_steering;
\set SHOW_CONTEXT never

-- ---- options ----
SELECT nnet.early_stopping();
SELECT nnet.early_stopping('val_accuracy', 0.01, 3, 'max', 0.5, false, 2);
SELECT nnet.reduce_lr_on_plateau();
SELECT nnet.reduce_lr_on_plateau('loss', 0.5, 3, 'min', 0.01, 2, 0.001);
SELECT nnet.options(early_stopping => nnet.early_stopping(patience => 2), reduce_lr_on_plateau => nnet.reduce_lr_on_plateau(patience => 1),
    best_weights => true, time_limit => '1 minute 30 seconds', validation_freq => 2, initial_epoch => 0);
SELECT nnet.options(validation_freq => ARRAY[1, 3]), nnet.options(validation_freq => '{2,4}'), nnet.options(time_limit => interval '1 day 2.5 s');
SELECT nnet.early_stopping(patience => -1);
SELECT nnet.early_stopping(min_delta => -0.1);
SELECT nnet.early_stopping(min_delta => 'Infinity');
SELECT nnet.early_stopping(mode => 'up');
SELECT nnet.early_stopping(baseline => 'NaN');
SELECT nnet.early_stopping(start_from_epoch => -1);
SELECT nnet.reduce_lr_on_plateau(factor => 1);
SELECT nnet.reduce_lr_on_plateau(factor => -0.5);
SELECT nnet.reduce_lr_on_plateau(cooldown => -1);
SELECT nnet.reduce_lr_on_plateau(min_lr => -1);
SELECT nnet.options(early_stopping => '3');
SELECT nnet.options(early_stopping => '{"patient": 3}');
SELECT nnet.options(early_stopping => '{"monitor": 3}');
SELECT nnet.options(early_stopping => '{"baseline": "low"}');
SELECT nnet.options(early_stopping => nnet.reduce_lr_on_plateau());
SELECT nnet.options(reduce_lr_on_plateau => '{"restore_best_weights": true}');
SELECT nnet.options(time_limit => '0');
SELECT nnet.options(time_limit => '-1 second');
SELECT nnet.options(time_limit => '1000 years');
SELECT nnet.options(validation_freq => 0);
SELECT nnet.options(validation_freq => 1.5);
SELECT nnet.options(validation_freq => '{}');
SELECT nnet.options(validation_freq => '{1,0}');
SELECT nnet.options(epochs => 5, initial_epoch => 5);
SELECT nnet.options(initial_epoch => -1);

CREATE TABLE rows AS
    SELECT i, ARRAY[(i * 7919 % 1000) / 1000.0, (i * 104729 % 1000) / 1000.0]::real[] AS x,
        (i * 7919 % 1000 > i * 104729 % 1000)::int AS y
    FROM generate_series(1, 300) i;
CREATE FUNCTION new_model(name text, optimizer jsonb DEFAULT nnet.adam(0.1)) RETURNS regclass LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', name);
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(2), nnet.dense(8, activation => 'tanh'), nnet.batch_normalization(), nnet.dropout(0.3),
        nnet.dense(2, activation => 'softmax'));
    PERFORM nnet.compile(name::regclass, 'sparse_categorical_crossentropy', optimizer, metrics => '{accuracy}');
    RETURN name::regclass;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v ORDER BY layer, n) FROM %s, unnest(weights) WITH ORDINALITY AS u(v, n) WHERE layer >= 0', model) INTO w;
    RETURN w;
END $$;
-- weights, the optimizer's state and steps
CREATE FUNCTION whole(model regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE t text;
BEGIN
    EXECUTE format('SELECT string_agg(concat_ws(''|'', layer, weights, slots, config -> ''steps'', config -> ''optimizer''), E''\n'' ORDER BY layer, part) FROM %s', model) INTO t;
    RETURN t;
END $$;
-- trains on all rows in their order
CREATE FUNCTION fit(model regclass, options jsonb) RETURNS jsonb LANGUAGE sql AS
    $$ SELECT nnet.fit(model, x, y, options) FROM (SELECT * FROM rows ORDER BY i) r $$;

-- ---- what can be monitored ----
SELECT new_model('m'), new_model('n');
SELECT fit('m', nnet.options(early_stopping => nnet.early_stopping()));
SELECT fit('m', nnet.options(early_stopping => nnet.early_stopping('val_auc'), validation_split => 0.2));
SELECT fit('m', nnet.options(early_stopping => nnet.early_stopping('auc'), validation_split => 0.2));
SELECT fit('m', nnet.options(early_stopping => nnet.early_stopping('val_val_loss'), validation_split => 0.2));
SELECT fit('m', nnet.options(early_stopping => nnet.early_stopping('')));
SELECT fit('m', nnet.options(reduce_lr_on_plateau => nnet.reduce_lr_on_plateau('mse')));
SELECT fit('m', nnet.options(reduce_lr_on_plateau => nnet.reduce_lr_on_plateau()));
SELECT nnet.fit('m', x, y, nnet.options(early_stopping => nnet.early_stopping()), false) FROM rows;
SELECT nnet.fit('m', x, y, nnet.options(best_weights => true), i < 0) FROM rows;
SELECT nnet.fit('m', x, y, nnet.options(reduce_lr_on_plateau => nnet.reduce_lr_on_plateau()), i < 0) FROM rows;
SELECT new_model('s', nnet.sgd(nnet.exponential_decay(0.1, 10, 0.5)));
SELECT fit('s', nnet.options(reduce_lr_on_plateau => nnet.reduce_lr_on_plateau('loss')));
SELECT weights('m') = weights('n') AS unchanged, (SELECT count(*) FROM nnet.history('m')) AS epochs;

-- ---- early stopping ----
SELECT fit('m', nnet.options(epochs => 60, seed => 5, validation_split => 0.3, early_stopping => nnet.early_stopping(patience => 3))) AS r \gset
SELECT (:'r'::jsonb ->> 'epochs')::int < 60 AS stopped, :'r'::jsonb ->> 'ended' AS ended, (:'r'::jsonb ->> 'epochs')::int - (:'r'::jsonb ->> 'best_epoch')::int AS waited;
-- the best epoch was the best, and the result is of it
SELECT epoch = (:'r'::jsonb ->> 'best_epoch')::int AS best, val_loss = (:'r'::jsonb ->> 'val_loss')::float8 AS same,
    loss = (:'r'::jsonb ->> 'loss')::float8 AS same_loss
FROM nnet.history('m') ORDER BY val_loss LIMIT 1;
SELECT first_epoch, last_epoch = (:'r'::jsonb ->> 'epochs')::int AS last, best_epoch = (:'r'::jsonb ->> 'best_epoch')::int AS best, ended, batch_size, seed
FROM nnet.trainings('m');
-- bit for bit the weights of that epoch, averages of batch_normalization too
SELECT fit('n', nnet.options(epochs => (:'r'::jsonb ->> 'best_epoch')::int, seed => 5, validation_split => 0.3)) ->> 'ended' AS ended;
SELECT weights('m') = weights('n') AS same;
-- and val_ figures are what evaluate says of it
SELECT abs((nnet.evaluate('m', x, y) ->> 'loss')::float8 - (:'r'::jsonb ->> 'val_loss')::float8) < 1e-6 AS same FROM rows WHERE i > 210;
-- the last epoch's weights, if wanted; the optimizer's state is that of the last either way
SELECT new_model('n');
SELECT fit('n', nnet.options(epochs => 60, seed => 5, validation_split => 0.3, early_stopping => nnet.early_stopping(patience => 3, restore_best_weights => false))) ? 'best_epoch' AS best;
SELECT weights('m') <> weights('n') AS others, (SELECT array_agg(slots::text ORDER BY layer) FROM m) = (SELECT array_agg(slots::text ORDER BY layer) FROM n) AS same_slots,
    (SELECT config -> 'steps' FROM m WHERE layer = -1) = (SELECT config -> 'steps' FROM n WHERE layer = -1) AS same_steps;
-- a baseline that is not reached, epochs that are passed over, and the other direction
SELECT new_model('m');
SELECT (fit('m', nnet.options(epochs => 60, seed => 5, validation_split => 0.3, early_stopping => nnet.early_stopping(patience => 3, baseline => 0))) -> 'epochs')::int AS epochs \gset
SELECT :epochs = min(epoch) AS at_the_first_no_better
    FROM (SELECT epoch, val_loss, min(val_loss) OVER (ORDER BY epoch ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best FROM nnet.history('m')) AS h
    WHERE epoch >= 3 AND val_loss >= best;
SELECT (fit('m', nnet.options(epochs => 60, seed => 5, validation_split => 0.3, early_stopping => nnet.early_stopping(start_from_epoch => 20))) -> 'epochs')::int > 21 AS later;
SELECT fit('m', nnet.options(epochs => 60, seed => 5, early_stopping => nnet.early_stopping('loss', mode => 'max', patience => 4, min_delta => 100))) -> 'epochs' AS epochs;
-- one epoch has nothing to stop, and a stream neither
SELECT fit('m', nnet.options(early_stopping => nnet.early_stopping('accuracy'), shuffle => false)) ->> 'ended' AS ended;
SELECT fit('m', '{"early_stopping": null, "reduce_lr_on_plateau": null, "best_weights": null, "time_limit": null, "validation_freq": null, "initial_epoch": null}') ->> 'ended' AS ended;
SELECT last_epoch - first_epoch AS epochs, best_epoch = last_epoch AS best, ended FROM nnet.trainings('m') ORDER BY last_epoch DESC LIMIT 2;
SELECT (SELECT count(*) FROM nnet.trainings('m')) AS trainings;

-- of several outputs, by their names
SET client_min_messages = warning;
SELECT setseed(0.25);
SELECT nnet.create_model('two', nnet.input(2), nnet.dense(8, activation => 'tanh', name => 'both'), nnet.dense(1, name => 'price', inputs => '{both}'),
    nnet.dense(2, activation => 'softmax', name => 'kind', inputs => '{both}'));
SELECT nnet.compile('two', '{"price": "mse", "kind": "sparse_categorical_crossentropy"}'::jsonb, nnet.adam(0.1), '{"kind": ["accuracy"]}'::jsonb);
RESET client_min_messages;
SELECT nnet.fit('two', x, ROW(i / 300.0, y), nnet.options(early_stopping => nnet.early_stopping('val_accuracy')), i % 3 = 0) FROM rows;
SELECT nnet.fit('two', x, ROW(i / 300.0, y), nnet.options(epochs => 60, seed => 5, early_stopping => nnet.early_stopping('val_kind_accuracy', patience => 3)), i % 3 = 0) AS r
FROM (SELECT * FROM rows ORDER BY i) s \gset
SELECT :'r'::jsonb ->> 'ended' AS ended, (:'r'::jsonb ->> 'val_kind_accuracy')::float8 = (SELECT max((metrics ->> 'val_kind_accuracy')::float8) FROM nnet.history('two')) AS best;
SELECT abs((nnet.evaluate('two', x, ROW(i / 300.0, y)) ->> 'kind_accuracy')::float8 - (:'r'::jsonb ->> 'val_kind_accuracy')::float8) < 1e-6 AS same FROM rows WHERE i % 3 = 0;
SELECT nnet.fit('two', x, ROW(i / 300.0, y), nnet.options(epochs => 60, seed => 5, early_stopping => nnet.early_stopping('price_loss', min_delta => 10, patience => 2))) -> 'epochs' AS epochs FROM rows;

-- ---- the best weights ----
SELECT new_model('m'), new_model('n');
SELECT fit('m', nnet.options(epochs => 20, seed => 5, validation_split => 0.3, best_weights => true)) AS r \gset
SELECT :'r'::jsonb -> 'epochs' AS epochs, :'r'::jsonb ->> 'ended' AS ended, (:'r'::jsonb ->> 'val_loss')::float8 = (SELECT min(val_loss) FROM nnet.history('m')) AS best;
SELECT fit('n', nnet.options(epochs => (:'r'::jsonb ->> 'best_epoch')::int, seed => 5, validation_split => 0.3)) ->> 'ended' AS ended;
SELECT weights('m') = weights('n') AS same;
-- by the same figure as early stopping, but the best of all, however little better
SELECT new_model('m');
SELECT fit('m', nnet.options(epochs => 20, seed => 5, validation_split => 0.3, best_weights => true,
    early_stopping => nnet.early_stopping('val_accuracy', patience => 8, min_delta => 0.2))) AS r \gset
SELECT (:'r'::jsonb ->> 'val_accuracy')::float8 = (SELECT max((metrics ->> 'val_accuracy')::float8) FROM nnet.history('m')) AS best;
-- without rows for validation by the loss
SELECT new_model('m');
SELECT fit('m', nnet.options(epochs => 20, seed => 5, best_weights => true)) AS r \gset
SELECT (:'r'::jsonb ->> 'loss')::float8 = (SELECT min(loss) FROM nnet.history('m')) AS best;

-- ---- plateaus ----
SELECT new_model('m', nnet.sgd(0.5));
SELECT fit('m', nnet.options(epochs => 6, seed => 5, verbose => false, reduce_lr_on_plateau => nnet.reduce_lr_on_plateau('loss', factor => 0.5, patience => 2, min_delta => 100))) ->> 'ended' AS ended;
SELECT array_agg(learning_rate ORDER BY epoch) AS rates, (SELECT config #> '{optimizer,learning_rate}' FROM m WHERE layer = -1) AS rate FROM nnet.history('m');
-- a further fit goes on with it
SELECT fit('m', nnet.options(epochs => 1, seed => 5)) ->> 'ended' AS ended;
SELECT learning_rate FROM nnet.history('m') ORDER BY epoch DESC LIMIT 1;
-- down to min_lr; an optimizer by its name has a rate, too
SELECT nnet.compile('m', 'sparse_categorical_crossentropy', 'rmsprop');
SELECT fit('m', nnet.options(epochs => 6, seed => 5, reduce_lr_on_plateau => nnet.reduce_lr_on_plateau('loss', factor => 0.5, patience => 0, min_delta => 100, min_lr => 0.0005))) ->> 'ended' AS ended;
SELECT array_agg(learning_rate ORDER BY epoch) FILTER (WHERE epoch > 7) AS rates, (SELECT config -> 'optimizer' FROM m WHERE layer = -1) AS optimizer FROM nnet.history('m');

-- ---- when there is validation ----
SELECT new_model('m');
SELECT fit('m', nnet.options(epochs => 5, seed => 5, validation_split => 0.3, validation_freq => 2)) ? 'val_loss' AS has;
SELECT array_agg(epoch) FILTER (WHERE val_loss IS NOT NULL) AS validated FROM nnet.history('m');
SELECT fit('m', nnet.options(epochs => 5, seed => 5, validation_split => 0.3, validation_freq => '{1,5}')) ? 'val_loss' AS has;
SELECT array_agg(epoch) FILTER (WHERE val_loss IS NOT NULL) AS validated FROM nnet.history('m') WHERE epoch > 5;

-- ---- fits that follow each other are one ----
CREATE FUNCTION in_parts(optimizer jsonb, options jsonb DEFAULT '{}') RETURNS boolean LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    PERFORM new_model('m', optimizer), new_model('n', optimizer);
    PERFORM fit('m', nnet.options(epochs => 10, seed => 7) || options);
    PERFORM fit('n', nnet.options(epochs => 5, seed => 7) || options);
    CREATE TABLE dumped AS TABLE n;     -- as text and back, as a dump would have it
    DELETE FROM n;
    INSERT INTO n SELECT layer, part, kind, name, inputs, config::text::jsonb, weights::text::real[], slots::text::real[] FROM dumped;
    DROP TABLE dumped;
    PERFORM fit('n', nnet.options(epochs => 3, seed => 7) || options);
    PERFORM fit('n', nnet.options(epochs => 2, seed => 7) || options);
    RETURN whole('m') = whole('n');
END $$;
SELECT in_parts(nnet.adam(0.05)), in_parts(nnet.sgd(0.1, momentum => 0.9)), in_parts(nnet.nadam(), '{"batch_size": 7}'),
    in_parts(nnet.rmsprop(nnet.cosine_decay(0.0, 40, warmup_target => 0.05, warmup_steps => 25)), '{"validation_split": 0.2}'),
    in_parts(nnet.adamw(0.02, clipnorm => 0.5), '{"shuffle": false}');

-- ---- time ----
SELECT new_model('m');
CREATE TABLE more AS SELECT x, y FROM rows, generate_series(1, 300);
SET client_min_messages = warning;
SELECT nnet.fit('m', x, y, nnet.options(epochs => 100000, batch_size => 1, seed => 5, time_limit => '0.5 seconds')) AS r FROM more \gset
RESET client_min_messages;
SELECT :'r'::jsonb ->> 'ended' AS ended, (:'r'::jsonb ->> 'seconds')::float8 BETWEEN 0.5 AND 30 AS in_time, (:'r'::jsonb ->> 'steps')::int > 0 AS trained;
SELECT sum(samples) = (:'r'::jsonb ->> 'steps')::int AS all_told FROM nnet.history('m');
SELECT config -> 'steps' = :'r'::jsonb -> 'steps' AS saved FROM m WHERE layer = -1;
SELECT ended FROM nnet.trainings('m');
-- within an epoch and after it
SELECT fit('m', nnet.options(epochs => 5, batch_size => 100, time_limit => '1 microsecond')) ->> 'ended' AS ended;
SELECT fit('m', nnet.options(epochs => 5, batch_size => 300, time_limit => '1 microsecond')) ->> 'ended' AS ended;
SELECT fit('m', nnet.options(batch_size => 300, time_limit => '1 microsecond')) ->> 'ended' AS ended;
SELECT fit('m', nnet.options(shuffle => false, batch_size => 100, time_limit => '1 microsecond')) ->> 'ended' AS ended;
-- what time cut short is not compared by its few rows, but by those for validation
SELECT fit('m', nnet.options(epochs => 5, batch_size => 100, time_limit => '1 microsecond', best_weights => true)) ? 'best_epoch' AS best;
SELECT fit('m', nnet.options(epochs => 5, batch_size => 100, time_limit => '1 microsecond', best_weights => true, validation_split => 0.2)) ? 'best_epoch' AS best;
-- rows that came too late are read, not trained on; a stream ends as well
SELECT new_model('m');
SET client_min_messages = warning;
SELECT nnet.fit('m', x, y, nnet.options(batch_size => 1, shuffle => false, seed => 5, time_limit => '1 millisecond')) AS r FROM more \gset
RESET client_min_messages;
SELECT :'r'::jsonb ->> 'ended' AS ended, (:'r'::jsonb ->> 'samples')::int BETWEEN 1 AND 89999 AS in_time;
-- time enough: as if there were no limit
SELECT new_model('m'), new_model('n');
SELECT fit('m', nnet.options(epochs => 3, seed => 5, time_limit => '1 day')) ->> 'ended' AS ended, fit('n', nnet.options(epochs => 3, seed => 5)) ->> 'ended' AS ended;
SELECT whole('m') = whole('n') AS same;

-- ---- two models against each other ----
SELECT nnet.gan_options(time_limit => '2 seconds');
SET client_min_messages = warning;
SELECT nnet.create_model('g', nnet.input(3), nnet.dense(2)), nnet.create_model('d', nnet.input(2), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('g', 'binary_crossentropy', nnet.adam()), nnet.compile('d', 'binary_crossentropy', nnet.adam());
RESET client_min_messages;
SELECT nnet.fit_gan('g', 'd', x, nnet.options(early_stopping => nnet.early_stopping())) FROM rows;
SELECT nnet.fit_gan('g', 'd', x, nnet.options(best_weights => true)) FROM rows;
SELECT nnet.fit_gan('g', 'd', x, '{"reduce_lr_on_plateau": {}}') FROM rows;
SELECT nnet.fit_gan('g', 'd', x, '{"validation_freq": 2}') FROM rows;
SELECT nnet.fit_gan('g', 'd', x, '{"initial_epoch": 2}') FROM rows;
SET client_min_messages = warning;
SELECT nnet.fit_gan('g', 'd', x, nnet.options(epochs => 100000, batch_size => 1, time_limit => '0.3 s')) AS r FROM rows \gset
RESET client_min_messages;
SELECT :'r'::jsonb ->> 'ended' AS ended, (:'r'::jsonb ->> 'epochs')::int < 100000 AS in_time;
SELECT ended FROM nnet.trainings('g') UNION ALL SELECT ended FROM nnet.trainings('d');
SELECT sum(samples) = (:'r'::jsonb ->> 'steps')::int AS all_told FROM nnet.history('g');
SELECT nnet.fit_gan('g', 'd', x, nnet.options(epochs => 5, batch_size => 100, time_limit => '1 microsecond')) ->> 'ended' AS ended FROM rows;
SELECT nnet.fit_gan('g', 'd', x, nnet.options(epochs => 5, batch_size => 300, time_limit => '1 microsecond')) ->> 'ended' AS ended FROM rows;

-- ---- epochs of so many steps ----
SELECT nnet.options(steps_per_epoch => 0);
SET client_min_messages = warning;
CREATE TABLE numbered AS SELECT i AS id, ARRAY[sin(i), cos(i)]::real[] AS x, sin(2 * i) AS y FROM generate_series(1, 100) AS i;
SELECT nnet.create_model('in_parts', nnet.input(2), nnet.dense(1));
SELECT nnet.copy_model('in_parts', 'at_once');
SELECT nnet.compile(m, 'mse', nnet.sgd(0.1)) FROM unnest('{in_parts,at_once}'::regclass[]) AS m;
RESET client_min_messages;
-- in the order of rows an epoch begins where the last has ended, and goes on with the first
SELECT nnet.fit('in_parts', x, y, nnet.options(epochs => 3, batch_size => 10, shuffle => false, steps_per_epoch => 4) ORDER BY id) -> 'samples' AS rows FROM numbered;
SELECT nnet.fit('at_once', x, y, nnet.options(batch_size => 10, shuffle => false) ORDER BY n, id) -> 'samples' AS rows
FROM (SELECT *, 1 AS n FROM numbered UNION ALL SELECT *, 2 FROM numbered WHERE id <= 20) AS r;
SELECT string_agg(samples::text, ', ') AS samples, (SELECT weights FROM in_parts WHERE name = 'dense') = (SELECT weights FROM at_once WHERE name = 'dense') AS same FROM nnet.history('in_parts');
-- shuffled, more steps than there are rows for
SELECT nnet.fit('in_parts', x, y, nnet.options(batch_size => 32, seed => 1, steps_per_epoch => 7)) ->> 'steps' AS steps FROM numbered;
SELECT samples FROM nnet.history('in_parts') OFFSET 3;

-- ---- the learning rate of one training ----
SELECT nnet.options(learning_rate_factor => -1);
SELECT nnet.fit_gan('g', 'd', x, nnet.options(learning_rate_factor => 2)) FROM rows;
-- trainings that share the threads
SELECT nnet.options(concurrency => 0);
SELECT nnet.fit_gan('g', 'd', x, nnet.options(concurrency => 2)) FROM rows;
SELECT * FROM nnet.search(NULL, 'SELECT 1', 'SELECT x, y FROM numbered', options => nnet.options(concurrency => 2));
SELECT nnet.options(concurrency => 3), nnet.options(concurrency => 1);
-- a model without the optimizer's state
SELECT nnet.fit_gan('g', 'd', x, nnet.options(slots => false)) FROM rows;
SELECT * FROM nnet.search(NULL, 'SELECT 1', 'SELECT x, y FROM numbered', options => nnet.options(slots => false));
SET client_min_messages = warning;
CREATE FUNCTION twice(optimizer jsonb, plain jsonb) RETURNS TABLE (same boolean, moved boolean) LANGUAGE plpgsql AS $$
BEGIN
    DROP TABLE IF EXISTS by_factor, by_rate;
    PERFORM setseed(0.5);
    PERFORM nnet.create_model('by_factor', nnet.input(2), nnet.dense(1));
    PERFORM nnet.copy_model('by_factor', 'by_rate');
    PERFORM nnet.compile('by_factor', 'mse', optimizer), nnet.compile('by_rate', 'mse', plain);
    PERFORM nnet.fit('by_factor', n.x, n.y, nnet.options(epochs => 3, seed => 1, learning_rate_factor => 2) ORDER BY id) FROM numbered AS n;
    PERFORM nnet.fit('by_rate', n.x, n.y, nnet.options(epochs => 3, seed => 1) ORDER BY id) FROM numbered AS n;
    RETURN QUERY SELECT bool_and(abs(f.w - r.w) < 1e-6) AND
        (SELECT bool_and(abs(a.learning_rate - b.learning_rate) < 1e-9) FROM nnet.history('by_factor') AS a JOIN nnet.history('by_rate') AS b USING (epoch)),
        bool_and(abs(f.w) > 1e-3) FROM
        (SELECT row_number() OVER () AS n, u AS w FROM by_factor, unnest(weights) AS u WHERE layer > 0) AS f JOIN
        (SELECT row_number() OVER () AS n, u AS w FROM by_rate, unnest(weights) AS u WHERE layer > 0) AS r USING (n);
END $$;
SELECT * FROM twice(nnet.sgd(0.1), nnet.sgd(0.2));
-- of a schedule, too
SELECT * FROM twice(nnet.adam(nnet.exponential_decay(0.01, 10, 0.5)), nnet.adam(nnet.exponential_decay(0.02, 10, 0.5)));
-- weights decay as they would by the rate itself
SELECT * FROM twice(nnet.adamw(0.01, weight_decay => 2), nnet.adamw(0.02, weight_decay => 1));
-- the next training goes by the rate that was compiled
SELECT nnet.fit('by_factor', x, y, nnet.options(learning_rate_factor => 0)) ->> 'epochs' AS epochs FROM numbered;
SELECT nnet.fit('by_factor', x, y) ->> 'epochs' AS epochs FROM numbered;
SELECT string_agg(learning_rate::text, ', ' ORDER BY epoch) AS rates FROM nnet.history('by_factor');
RESET client_min_messages;

SET client_min_messages = warning;
DROP SCHEMA test_steering CASCADE;
