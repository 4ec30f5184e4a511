-- The schema, the type of a model's rows, and the view of all models.

-- Part of the extension, and so of whoever owns the functions: nobody else may
-- create in it.  One that is there already is somebody else's, and refused.
CREATE SCHEMA nnet;
REVOKE ALL ON SCHEMA nnet FROM PUBLIC;
GRANT USAGE ON SCHEMA nnet TO PUBLIC;
COMMENT ON SCHEMA nnet IS 'neural networks: defined, trained and run in the database';

CREATE TYPE nnet.layer AS (
    layer   pg_catalog.int4,
    part    pg_catalog.int4,
    kind    pg_catalog.text,
    name    pg_catalog.text,
    inputs  pg_catalog.text[],
    config  pg_catalog.jsonb,
    weights pg_catalog.float4[],
    slots   pg_catalog.float4[]
);
COMMENT ON TYPE nnet.layer IS 'one row of a model: a layer, or what training knows (layer -1)';
COMMENT ON COLUMN nnet.layer.layer IS '-1: the training row; 0: the input; then 1, 2, ...';
COMMENT ON COLUMN nnet.layer.part IS '0; a layer of more than 16 million values continues in 1, 2, ... (weights and slots only)';
COMMENT ON COLUMN nnet.layer.kind IS 'training, input, dense, ...';
COMMENT ON COLUMN nnet.layer.name IS 'unique in the model';
COMMENT ON COLUMN nnet.layer.inputs IS 'names of the layers that feed it; NULL: the one before';
COMMENT ON COLUMN nnet.layer.config IS 'its hyper-parameters';
COMMENT ON COLUMN nnet.layer.weights IS 'all its parameters, in the order of Keras get_weights(), row-major, end to end';
COMMENT ON COLUMN nnet.layer.slots IS 'the optimizer''s state for them';

CREATE VIEW nnet.models AS
    SELECT c.oid::pg_catalog.regclass AS model,
           pg_catalog.pg_get_userbyid(c.relowner) AS owner,
           pg_catalog.pg_total_relation_size(c.oid) AS bytes,
           pg_catalog.has_table_privilege(c.oid, 'UPDATE') AS writable,
           (SELECT d.description FROM pg_catalog.pg_description d
            WHERE d.objoid OPERATOR(pg_catalog.=) c.oid
              AND d.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
              AND d.objsubid OPERATOR(pg_catalog.=) 0) AS description
    FROM pg_catalog.pg_class c
    WHERE c.reloftype OPERATOR(pg_catalog.=) 'nnet.layer'::pg_catalog.regtype
      AND c.relkind IN ('r', 'p')
      AND NOT pg_catalog.pg_is_other_temp_schema(c.relnamespace)
      AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT');
GRANT SELECT ON nnet.models TO PUBLIC;
COMMENT ON VIEW nnet.models IS 'the models that the current user may read';
COMMENT ON COLUMN nnet.models.model IS 'the table';
COMMENT ON COLUMN nnet.models.owner IS 'the table''s owner';
COMMENT ON COLUMN nnet.models.bytes IS 'disk space, indexes and TOAST included';
COMMENT ON COLUMN nnet.models.writable IS 'whether the current user may train it';
COMMENT ON COLUMN nnet.models.description IS 'the table''s comment';
