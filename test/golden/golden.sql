-- golden.sql
-- Trains a network as Keras did and compares losses, weights and predictions.
-- Included by the tests golden_*.sql, inside their transaction; then come the
-- rows of data/*.sql, written by make.py.

SET nnet.force_threads = on;    -- these networks are too small for more than one by themselves

CREATE TEMP TABLE golden_row (dataset text, row integer, x real[], class integer, bit integer,
                              reals real[], weight real, step_weights real[], held boolean,
                              second real[], steps real[], other real[], step_reals real[],
                              PRIMARY KEY (dataset, row));
CREATE TEMP TABLE golden_network (
    name    text PRIMARY KEY,
    dataset text,
    layers  text,       -- arguments of nnet.create_model
    loss    text,
    optimizer text,     -- as SQL
    metrics text,       -- an array of names, or an object of them by output
    compile text,       -- more arguments of nnet.compile
    results text[],     -- the names of metrics in the history; NULL: those of metrics
    x       text,       -- expressions over golden_row
    y       text,
    options text,       -- more arguments of nnet.options
    epochs  integer DEFAULT 4,
    weight  text,       -- a column of golden_row, or NULL: none
    held    boolean);   -- validation is of the rows held
CREATE TEMP TABLE golden_tensor (   -- in the order of get_weights()
    network text, layer integer, i integer, tensor text,
    initial real[],     -- NULL: learned from the rows
    final   real[],
    PRIMARY KEY (network, layer, i));
CREATE TEMP TABLE golden_epoch (network text, epoch integer, loss real, val_loss real, metrics real[],
                                rate real);     -- if it is compared
CREATE TEMP TABLE golden_evaluation (network text, loss real, metrics real[]);
CREATE TEMP TABLE golden_prediction (network text, row integer, y real[]);
CREATE TEMP TABLE golden_output (network text, row integer, output text, y real[]);  -- by output, before training

-- The largest difference relative to the expected tensor's magnitude.  NULL,
-- NaN and a wrong length are infinitely far away.
CREATE FUNCTION pg_temp.distance(got double precision[], expected double precision[])
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN coalesce(cardinality(got), -1) <> cardinality(expected)
                  OR array_position(got, NULL) IS NOT NULL
                  OR array_position(got, 'NaN') IS NOT NULL
                THEN 'Infinity'
                ELSE coalesce((SELECT max(abs(g - e)) / greatest(max(abs(e)), 1e-3)
                               FROM unnest(got, expected) AS u(g, e)), 0) END $$;

-- A metric, or the elements of one that is an array.
CREATE FUNCTION pg_temp.numbers(metric jsonb)
RETURNS double precision[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(metric)
               WHEN 'array' THEN ARRAY(SELECT v::float8 FROM jsonb_array_elements_text(metric) WITH ORDINALITY AS e(v, i) ORDER BY i)
               ELSE ARRAY[(metric #>> '{}')::float8] END $$;

CREATE FUNCTION pg_temp.set_weights(model text, network text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    l record;
    n integer;
BEGIN
    FOR l IN SELECT t.layer, array_agg(v ORDER BY t.i, u.i) AS weights
             FROM golden_tensor t, unnest(t.initial) WITH ORDINALITY AS u(v, i)
             WHERE t.network = set_weights.network AND t.initial IS NOT NULL
             GROUP BY t.layer
    LOOP
        EXECUTE format('UPDATE %I SET weights = $1 WHERE layer = $2 AND cardinality(weights) = $3', model)
            USING l.weights, l.layer, cardinality(l.weights);
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n <> 1 THEN
            RAISE 'layer % of % does not have Keras''s % weights', l.layer, network, cardinality(l.weights);
        END IF;
    END LOOP;
END $$;

-- Distance of each tensor, the worst first.
CREATE FUNCTION pg_temp.weight_distances(model text, network text)
RETURNS TABLE (layer integer, tensor text, distance double precision) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT t.layer, t.tensor,
               pg_temp.distance(m.weights[t.last - cardinality(t.final) + 1 : t.last], t.final)
        FROM (SELECT *, sum(cardinality(final)) OVER (PARTITION BY layer ORDER BY i)::integer AS last
              FROM golden_tensor WHERE network = %L) t
        LEFT JOIN %I m ON m.layer = t.layer
        ORDER BY 3 DESC$q$, network, model);
END $$;

CREATE FUNCTION pg_temp.report(name text, distance double precision, detail text)
RETURNS SETOF text LANGUAGE sql AS $$
    SELECT ok(coalesce(distance <= 1e-4, false),
              rtrim(format('%s: relative difference %s %s', name, trim(to_char(distance, '9.9EEEE')), detail))) $$;

CREATE FUNCTION pg_temp.train_golden(model text, n golden_network)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT nnet.create_model(%L, %s)', model, n.layers);
    PERFORM pg_temp.set_weights(model, n.name);
    EXECUTE format('SELECT nnet.compile(%L, loss => %L, optimizer => %s, metrics => %L%s)',
                   model, n.loss, n.optimizer, n.metrics, n.compile);
    EXECUTE format($q$
        SELECT nnet.fit(%L, features, target, nnet.options(epochs => %s, batch_size => 13, shuffle => false,
                                               seed => 1, verbose => false%s)%s%s)
        FROM (SELECT *, %s AS features, %s AS target FROM golden_row WHERE dataset = %L ORDER BY row) r$q$,
        model, n.epochs, CASE WHEN n.options <> '' THEN ', ' || n.options ELSE '' END,
        ', ' || n.weight, CASE WHEN n.held THEN ', held' END, n.x, n.y, n.dataset);
END $$;

CREATE FUNCTION pg_temp.compare_golden(model text, n golden_network, title text)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    got     double precision[];
    batch   double precision[];
    expected double precision[];
    names   text[] := coalesce(n.results, n.metrics::text[]);
    worst   record;
    result  jsonb;
BEGIN
    EXECUTE format('SELECT array_agg(v ORDER BY epoch, i) FROM nnet.history(%L) h, unnest(ARRAY[loss, val_loss]
                        || ARRAY(SELECT v FROM unnest($1) WITH ORDINALITY AS u(m, o),
                                               unnest(pg_temp.numbers(h.metrics -> m)) WITH ORDINALITY AS w(v, i) ORDER BY o, i)
                        || CASE WHEN $2 THEN learning_rate END)
                        WITH ORDINALITY AS u(v, i) WHERE v IS NOT NULL', model)
        INTO got USING names, EXISTS (SELECT FROM golden_epoch WHERE network = n.name AND rate IS NOT NULL);
    SELECT array_agg(v ORDER BY epoch, i) INTO expected
    FROM golden_epoch, unnest(ARRAY[loss, val_loss] || metrics || rate) WITH ORDINALITY AS u(v, i)
    WHERE network = n.name AND v IS NOT NULL;
    RETURN QUERY SELECT pg_temp.report(title || 'losses', pg_temp.distance(got, expected), '');

    SELECT * INTO worst FROM pg_temp.weight_distances(model, n.name) LIMIT 1;
    RETURN QUERY SELECT pg_temp.report(title || 'weights', worst.distance,
                                       format('in layer %s, %s', worst.layer, worst.tensor));

    EXECUTE format($q$
        SELECT array_agg(v ORDER BY row, i), array_agg(b ORDER BY row, i)
        FROM (SELECT row, nnet.predict(%1$L, %2$s) AS p, nnet.predict_batch(%1$L, %2$s) OVER () AS q
              FROM golden_row WHERE dataset = %3$L) r, unnest(p, q) WITH ORDINALITY AS u(v, b, i)
        WHERE row <= (SELECT max(row) FROM golden_prediction WHERE network = %4$L)$q$,
        model, n.x, n.dataset, n.name) INTO got, batch;
    SELECT array_agg(v ORDER BY row, i) INTO expected
    FROM golden_prediction, unnest(y) WITH ORDINALITY AS u(v, i) WHERE network = n.name;
    RETURN QUERY SELECT pg_temp.report(title || 'predict', pg_temp.distance(got, expected), '');
    RETURN QUERY SELECT pg_temp.report(title || 'predict_batch', pg_temp.distance(batch, expected), '');

    EXECUTE format('SELECT nnet.evaluate(%L, %s, %s%s) FROM golden_row WHERE dataset = %L',
                   model, n.x, n.y, ', ' || n.weight, n.dataset) INTO result;
    SELECT loss || metrics INTO expected FROM golden_evaluation WHERE network = n.name;
    got := (result ->> 'loss')::float8 || ARRAY(SELECT v FROM unnest(names) WITH ORDINALITY AS u(m, o),
                                                              unnest(pg_temp.numbers(result -> m)) WITH ORDINALITY AS w(v, i)
                                                WHERE m !~ '^val_' ORDER BY o, i);
    RETURN QUERY SELECT pg_temp.report(title || 'evaluate', pg_temp.distance(got, expected), '');
END $$;

-- Five tests; an error fails all of them and lets the others go on.
CREATE FUNCTION pg_temp.check_golden(network text, threads integer)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    n       golden_network;
    title   text := format('%s, %s thread%s: ', network, threads, CASE WHEN threads > 1 THEN 's' END);
    why     text;
BEGIN
    SELECT * INTO STRICT n FROM golden_network WHERE name = network;
    PERFORM set_config('nnet.threads', threads::text, false);
    BEGIN
        PERFORM pg_temp.train_golden('golden_model', n);
    EXCEPTION WHEN OTHERS THEN
        why := SQLERRM;
    END;
    IF why IS NULL THEN
        RETURN QUERY SELECT pg_temp.compare_golden('golden_model', n, title);
        DROP TABLE golden_model;
    ELSE
        RETURN QUERY SELECT fail(title || what) FROM unnest('{losses,weights,predict,predict_batch,evaluate}'::text[]) what;
        RETURN NEXT diag(why);
    END IF;
END $$;

-- What each output predicts with Keras's first weights, alone by its name and among all of them.
CREATE FUNCTION pg_temp.check_outputs(network text)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    n       golden_network;
    alone   double precision[];
    whole   double precision[];
    expected double precision[];
BEGIN
    SELECT * INTO STRICT n FROM golden_network WHERE name = network;
    EXECUTE format('SELECT nnet.create_model(''golden_model'', %s)', n.layers);
    PERFORM pg_temp.set_weights('golden_model', network);
    SELECT array_agg(v ORDER BY row, o.ctid, i) INTO expected
    FROM golden_output o, unnest(y) WITH ORDINALITY AS u(v, i) WHERE o.network = n.name;
    EXECUTE format($q$
        SELECT array_agg(v ORDER BY row, o.ctid, i)
        FROM golden_output o JOIN (SELECT *, %s AS features FROM golden_row WHERE dataset = %L) r USING (row),
             unnest(nnet.predict('golden_model', features, output)) WITH ORDINALITY AS u(v, i)
        WHERE o.network = %L$q$, n.x, n.dataset, n.name) INTO alone;
    EXECUTE format($q$
        SELECT array_agg(v ORDER BY row, i)
        FROM (SELECT row, %s AS features FROM golden_row WHERE dataset = %L) r,
             unnest(nnet.predict('golden_model', features)) WITH ORDINALITY AS u(v, i)
        WHERE row <= (SELECT max(row) FROM golden_output WHERE network = %L)$q$,
        n.x, n.dataset, n.name) INTO whole;
    RETURN QUERY SELECT pg_temp.report(network || ', outputs by name', pg_temp.distance(alone, expected), '');
    RETURN QUERY SELECT pg_temp.report(network || ', outputs together', pg_temp.distance(whole, expected), '');
    DROP TABLE golden_model;
EXCEPTION WHEN OTHERS THEN
    RETURN QUERY SELECT fail(network || ', outputs ' || what) FROM unnest('{by name,together}'::text[]) what;
    RETURN NEXT diag(SQLERRM);
END $$;
