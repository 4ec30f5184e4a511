-- Blocks: jsonb arrays of layers where create_model takes a layer.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_blocks CASCADE;
CREATE SCHEMA test_blocks;
SET search_path = test_blocks;
RESET client_min_messages;

-- an error as one line a part; of the context, the line of the block
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; hint text; context text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
    IF context LIKE 'layer%' THEN RETURN NEXT 'CONTEXT: ' || split_part(context, E'\n', 1); END IF;
END $$;

-- a block of one's own is a function that gives an array of layers
CREATE FUNCTION hidden(units int, rate float8 DEFAULT 0) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(nnet.dense(units, activation => 'relu'), nnet.dropout(rate))
$$;
SELECT nnet.create_model('one', nnet.input(4), hidden(8), hidden(6, 0.1), nnet.dense(1));
SELECT layer, name, kind, inputs, output_shape, parameters FROM nnet.summary('one');

-- what is in a block has its name as written, and is named from outside and inside
CREATE FUNCTION residual(name text, units int) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(
        nnet.dense(units, activation => 'relu', name => name || '_in'),
        jsonb_build_array(nnet.dense(units, name => name || '_out')),
        nnet.add(ARRAY[name || '_in', name || '_out'], name => name))
$$;
SELECT nnet.create_model('two', nnet.input(4), residual('first', 3), residual('second', 3),
    nnet.add('{first,second}'), nnet.dense(1));
SELECT layer, name, kind, inputs, output_shape FROM nnet.summary('two');

-- blocks in blocks, empty ones, and a model that is one block
SELECT nnet.create_model('three', '[[{"kind": "input", "shape": [2]}, [], [[{"kind": "dense", "units": 3}]]], {"kind": "dense", "units": 1}]', '[]');
SELECT layer, name, kind, config FROM three WHERE layer >= 0 ORDER BY layer;

-- the same as its layers one by one
SELECT setseed(0.25);
SELECT nnet.create_model('flat', nnet.input(4), nnet.dense(8, activation => 'relu'), nnet.dropout(0),
    nnet.dense(1));
SELECT setseed(0.25);
SELECT nnet.create_model('block', nnet.input(4), hidden(8), nnet.dense(1));
SELECT count(*) FROM flat f JOIN block b USING (layer, kind, name, config)
WHERE f.weights IS NOT DISTINCT FROM b.weights AND f.inputs IS NOT DISTINCT FROM b.inputs;

-- errors say which layer of a block it is
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '[1]')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '[{"kind": "dense", "units": 1}, [null]]')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '[{"kind": "dense", "units": 1}, [{"units": 1}]]')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), hidden(2), hidden(0))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), hidden(2, 1.5))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), jsonb_build_array(nnet.dense(1), nnet.dense(1, inputs => '{nobody}')))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), residual('a', 3), residual('a', 3))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '[{"kind": "dense", "units": 1, "inputs": "input"}]')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', hidden(2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', '[]')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(0))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), (SELECT jsonb_agg(nnet.rescaling(1)) FROM generate_series(1, 5000)))$$);
SELECT count(*) FROM nnet.models WHERE model::text = 'e';

\t off
SET client_min_messages = warning;
DROP SCHEMA test_blocks CASCADE;
