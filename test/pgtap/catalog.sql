-- What the system catalogs say of the extension: comments, labels, rights.
BEGIN;
SELECT no_plan();

-- all objects of the extension, by catalog
CREATE TEMPORARY VIEW members AS
SELECT d.classid::regclass::text AS class, d.objid AS oid
FROM pg_depend AS d JOIN pg_extension AS e ON d.refobjid = e.oid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'nnet';

CREATE TEMPORARY VIEW functions AS
SELECT p.*, p.oid::regprocedure::text AS signature
FROM pg_proc AS p JOIN members AS m ON m.class = 'pg_proc' AND m.oid = p.oid;

-- ---- the extension ----

SELECT is(extversion, '0.2.0', 'the version is the one of the control file')
FROM pg_extension WHERE extname = 'nnet';
SELECT is(extnamespace::regnamespace::text, 'pg_catalog', 'its schema is none of those that users create')
FROM pg_extension WHERE extname = 'nnet';
SELECT is(extrelocatable, false, 'and it stays there') FROM pg_extension WHERE extname = 'nnet';
SELECT ok(trusted AND superuser, 'it is trusted')
FROM pg_available_extension_versions WHERE name = 'nnet' AND version = '0.2.0';
SELECT is_empty($$ SELECT signature FROM functions WHERE pronamespace <> 'nnet'::regnamespace $$,
    'every function is in schema nnet');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc AS p WHERE pronamespace = 'nnet'::regnamespace
    AND oid NOT IN (SELECT oid FROM functions) $$,
    'and nothing else is');
SELECT cmp_ok(count(*), '>', 40::bigint, 'there are functions to look at') FROM functions;

-- ---- comments ----

SELECT is_empty($$ SELECT signature FROM functions WHERE coalesce(obj_description(oid, 'pg_proc'), '') = '' $$,
    'every function and aggregate has a comment');
SELECT is_empty($$ SELECT m.oid::regclass FROM members AS m JOIN pg_class AS c USING (oid)
    WHERE m.class = 'pg_class' AND coalesce(obj_description(m.oid, 'pg_class'), '') = '' $$,
    'every relation has a comment');
SELECT is_empty($$ SELECT m.oid::regtype FROM members AS m JOIN pg_type AS t USING (oid)
    WHERE m.class = 'pg_type' AND t.typelem = 0 AND t.typrelid NOT IN (SELECT oid FROM pg_class WHERE relkind = 'v')
    AND coalesce(obj_description(m.oid, 'pg_type'), '') = '' $$,
    'every type has a comment');
SELECT is_empty($$ SELECT a.attrelid::regclass, a.attname FROM pg_attribute AS a
    WHERE (a.attrelid IN ('nnet.models'::regclass, 'nnet.progress'::regclass)
        OR a.attrelid = (SELECT typrelid FROM pg_type WHERE oid = 'nnet.layer'::regtype))
    AND a.attnum > 0 AND coalesce(col_description(a.attrelid, a.attnum), '') = '' $$,
    'every column of nnet.layer and of the views has a comment');
SELECT isnt(obj_description('nnet'::regnamespace, 'pg_namespace'), NULL, 'the schema has a comment');
SELECT isnt(obj_description(oid, 'pg_extension'), NULL, 'the extension has a comment')
FROM pg_extension WHERE extname = 'nnet';
-- since PostgreSQL 17 the types that come with another, or with a view, are members too
SELECT bag_eq($$ SELECT class || ' ' || count(*) FILTER (WHERE class <> 'pg_proc') FROM members AS m
    WHERE NOT (class = 'pg_type' AND EXISTS (SELECT FROM pg_type AS t WHERE t.oid = m.oid
        AND (typelem <> 0 OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'v')))) GROUP BY class $$,
    ARRAY['pg_namespace 1', 'pg_proc 0', 'pg_class 2', 'pg_type 9', 'pg_operator 6', 'pg_opclass 2', 'pg_opfamily 2'],
    'there is nothing else: the schema, functions, the types nnet.layer, nnet.evaluation and nnet.model with its operators, those of metrics, and the views nnet.models and nnet.progress');

-- ---- rights ----

SELECT is_empty($$ SELECT signature FROM functions WHERE prosecdef $$, 'no function is SECURITY DEFINER');
SELECT is_empty($$ SELECT signature FROM functions WHERE proleakproof $$, 'none claims to be leakproof');
SELECT is_empty($$ SELECT class, oid FROM members AS m, LATERAL (
        SELECT nspowner AS owner FROM pg_namespace WHERE m.class = 'pg_namespace' AND oid = m.oid UNION ALL
        SELECT proowner FROM pg_proc WHERE m.class = 'pg_proc' AND oid = m.oid UNION ALL
        SELECT relowner FROM pg_class WHERE m.class = 'pg_class' AND oid = m.oid UNION ALL
        SELECT typowner FROM pg_type WHERE m.class = 'pg_type' AND oid = m.oid) AS o
    WHERE owner <> 10 $$, 'all of it belongs to the bootstrap superuser, the schema too');
SELECT ok(has_schema_privilege('public', 'nnet', 'USAGE'), 'PUBLIC may use the schema');
SELECT ok(NOT has_schema_privilege('public', 'nnet', 'CREATE'), 'but not create in it');
SELECT is_empty($$ SELECT signature FROM functions WHERE NOT has_function_privilege('public', oid, 'EXECUTE') $$,
    'PUBLIC may call every function');
SELECT ok(has_table_privilege('public', 'nnet.models', 'SELECT'), 'PUBLIC may read nnet.models');
SELECT is_empty($$ SELECT m.oid::regoperator FROM members AS m WHERE m.class = 'pg_operator'
    AND coalesce(obj_description(m.oid, 'pg_operator'), '') = '' $$, 'every operator has a comment');
SELECT ok(has_type_privilege('public', 'nnet.model', 'USAGE'), 'PUBLIC may make columns of nnet.model');
SELECT ok(has_type_privilege('public', 'nnet.layer', 'USAGE'), 'PUBLIC may make tables of nnet.layer');

-- ---- labels: what planners and parallel queries rely on ----

-- Every function by what it does, a name as often as it has declarations: one that
-- is added must be thought about here.  Aggregates have labels of their own below.
CREATE TEMPORARY TABLE expected (
    what text, kind "char", volatility "char", parallel "char", strict boolean, rows boolean, names text);
INSERT INTO expected VALUES
    ('layers', 'f', 'i', 's', false, false, 'input input input flatten reshape rescaling normalization dense
        activation leaky_relu elu relu prelu softmax identity activity_regularization dropout alpha_dropout gaussian_dropout gaussian_noise
        batch_normalization layer_normalization group_normalization rms_normalization unit_normalization
        add subtract multiply average maximum minimum concatenate dot
        conv1d conv2d conv1d_transpose conv2d_transpose depthwise_conv2d separable_conv2d
        max_pooling1d max_pooling2d average_pooling1d average_pooling2d
        global_max_pooling1d global_max_pooling2d global_average_pooling1d global_average_pooling2d
        zero_padding2d cropping2d upsampling2d spatial_dropout1d spatial_dropout2d spatial_dropout3d
        depthwise_conv1d separable_conv1d zero_padding1d cropping1d upsampling1d
        conv3d conv3d_transpose max_pooling3d average_pooling3d global_max_pooling3d global_average_pooling3d
        adaptive_max_pooling1d adaptive_max_pooling2d adaptive_max_pooling3d
        adaptive_average_pooling1d adaptive_average_pooling2d adaptive_average_pooling3d
        zero_padding3d cropping3d upsampling3d resizing center_crop random_crop
        random_flip random_translation random_rotation random_zoom random_shear random_brightness random_contrast
        random_invert random_grayscale random_saturation random_hue random_erasing
        embedding masking simple_rnn lstm gru bidirectional time_distributed repeat_vector permute
        text_vectorization attention additive_attention multi_head_attention group_query_attention
        einsum_dense spectral_normalization conv_lstm1d conv_lstm2d'),
    ('layers of features', 'f', 'i', 's', false, false, 'category_encoding date_features discretization hashing imputation integer_lookup missing_indicator string_lookup'),
    ('optimizers', 'f', 'i', 's', false, false, 'sgd adam adamw rmsprop adagrad adadelta adamax nadam lion
        ftrl lamb adafactor muon schedule_free_adamw'),
    ('schedules', 'f', 'i', 's', false, false, 'exponential_decay inverse_time_decay polynomial_decay
        piecewise_constant_decay cosine_decay cosine_decay_restarts'),
    ('initializers', 'f', 'i', 's', false, false, 'zeros ones constant random_normal truncated_normal
        random_uniform variance_scaling glorot_uniform glorot_normal he_uniform he_normal lecun_uniform lecun_normal
        orthogonal identity'),
    ('regularizers', 'f', 'i', 's', false, false, 'l1 l2 l1_l2 orthogonal_regularizer'),
    ('constraints', 'f', 'i', 's', false, false, 'max_norm min_max_norm non_neg unit_norm'),
    ('losses, which are metrics too', 'f', 'i', 's', false, false, 'huber binary_crossentropy categorical_crossentropy
        sparse_categorical_crossentropy binary_focal_crossentropy categorical_focal_crossentropy
        categorical_generalized_cross_entropy dice tversky'),
    ('metrics', 'f', 'i', 's', false, false, 'binary_accuracy top_k_categorical_accuracy sparse_top_k_categorical_accuracy
        true_positives true_negatives false_positives false_negatives precision recall sensitivity_at_specificity
        specificity_at_sensitivity precision_at_recall recall_at_precision auc fbeta_score iou mean_iou binary_iou one_hot_iou
        one_hot_mean_iou pearson_correlation concordance_correlation'),
    ('options', 'f', 'i', 's', false, false, 'options gan_options early_stopping reduce_lr_on_plateau outer'),
    ('what a bucket reports', 'f', 'i', 's', true, false, 'round_report'),
    ('a procedure that commits', 'p', 'v', 'u', false, false, 'fit_rounds'),
    ('what changes tables', 'f', 'v', 'u', false, false, 'create_model copy_model compile'),
    ('what has a model learn anew', 'f', 'v', 'u', true, false, 'readapt'),
    -- looks into tables and views, whose functions may do anything
    ('what reads a table', 'f', 's', 'u', false, false, 'features'),
    ('what reads a model', 'f', 's', 's', true, true, 'summary summary history history trainings labels labels parameters vocabulary vocabulary'),
    ('predictions', 'f', 's', 's', true, false, 'predict predict classify classify classify_steps classify_steps forecast'),
    ('the type of models as values', 'f', 'i', 's', true, false, 'model_in model_out model_recv model_send
        model_eq model_ne model_lt model_le model_gt model_ge model_cmp model_hash model_hash_extended'),
    ('a picture of a training', 'f', 's', 's', true, false, 'plot'),
    ('a page about a model', 'f', 's', 's', false, false, 'report'),
    ('what trains models of its own', 'f', 'v', 'u', false, true, 'search cross_validate'),
    ('the type of evaluations as values', 'f', 'i', 's', true, false, 'evaluation_in evaluation_out evaluation_recv evaluation_send
        evaluate_add'),
    ('evaluations by values', 'f', 'i', 's', false, false, 'score_value score_value evaluate_figures'),
    ('what learns into a table', 'f', 'v', 'u', true, false, 'learn_from'),
    ('steps of learning', 'f', 's', 's', false, false, 'learn_transition learn_combine learn_final learn_row_transition learn_row_final'),
    ('of which two are one, and states between processes', 'f', 's', 's', true, false, 'learn_row_combine learn_serialize learn_deserialize'),
    ('averages of values', 'f', 'i', 's', false, false, 'average_value_transition average_value_transition average_value_final'),
    ('of which two are one', 'f', 'i', 's', true, false, 'average_value_combine'),
    ('what makes a value of a table', 'f', 's', 's', true, false, 'pack'),
    ('what makes a table of a value', 'f', 'v', 'u', false, false, 'unpack'),
    ('steps of a training of values', 'f', 's', 's', false, false, 'fit_value_transition fit_value_transition
        fit_value_transition fit_value_transition fit_value_final'),
    ('predictions by values', 'f', 'i', 's', true, false, 'predict_value predict_value classify_value classify_value'),
    ('what the planner asks of predictions', 'f', 's', 's', true, false, 'predict_support'),
    ('predictions of many rows', 'w', 's', 's', false, false, 'predict_batch'),
    -- random() is restricted: workers have no seed
    ('rows at random', 'f', 'v', 'r', false, true, 'generate'),
    ('texts at random', 'f', 'v', 'r', false, false, 'generate_text'),
    -- workers have caches of their own
    ('what tells of the session', 'f', 'v', 'r', false, false, 'info'),
    ('what tells of all sessions', 'f', 'v', 'r', false, true, 'progress_rows'),
    ('pictures', 'f', 's', 's', false, false, 'png png_grid_transition png_grid_transition'),
    -- support functions of aggregates see NULL states, but never serialize one
    ('steps of a training', 'f', 'v', 'u', false, false, 'fit_transition fit_transition fit_transition fit_transition fit_final
        fit_gan_transition fit_gan_transition fit_gan_final'),
    ('steps of an evaluation', 'f', 's', 's', false, false,
        'evaluate_transition evaluate_transition evaluate_combine evaluate_final'),
    ('its states between processes', 'f', 's', 's', true, false, 'evaluate_serialize evaluate_deserialize'),
    ('steps of sums', 'f', 'i', 's', false, false, 'average_transition average_combine average_final
        png_grid_final'),
    ('their states between processes', 'f', 'i', 's', true, false, 'average_serialize average_deserialize'),
    ('explanations', 'f', 's', 's', false, false, 'explain explain explain explain'),
    ('steps of importances', 'f', 'v', 'r', false, false, 'permutation_importance_transition permutation_importance_transition permutation_importance_final'),
    ('rows of metrics', 'f', 's', 's', false, false, 'confusion_transition confusion_transition scores_transition scores_transition
        calibration_curve_transition calibration_curve_transition calibration_curve_transition log_loss_transition log_loss_transition'),
    ('other steps of metrics', 'f', 'i', 's', false, false, 'tally_combine confusion_matrix_final classification_report_final
        accuracy_score_final balanced_accuracy_score_final precision_score_final recall_score_final f1_score_final roc_auc_final
        average_precision_final roc_curve_final precision_recall_curve_final calibration_curve_final log_loss_final
        regression_transition regression_transition regression_transition regression_transition
        regression_transition regression_transition regression_combine
        mse_final rmse_final mae_final mape_final r2_score_final');
CREATE TEMPORARY VIEW expected_functions AS
SELECT e.what, n.name, e.kind, e.volatility, e.parallel, e.strict, e.rows
FROM expected AS e, regexp_split_to_table(e.names, '\s+') AS n (name);

SELECT bag_eq(
    $$ SELECT proname::text FROM functions WHERE prokind <> 'a' $$,
    $$ SELECT name FROM expected_functions $$,
    'every function is expected here, and everything expected is there');
SELECT is_empty(format($$ SELECT signature, prokind, provolatile, proparallel, proisstrict, proretset
    FROM functions JOIN expected_functions ON prokind <> 'a' AND proname = name AND what = %L
    WHERE (prokind, provolatile, proparallel, proisstrict, proretset)
        <> (kind, volatility, parallel, strict, rows) $$, what), what || ': labelled as they behave')
FROM expected;

SELECT is_empty($$ SELECT signature FROM functions
    WHERE prokind = 'f' AND pronargs > 0 AND proargnames IS NULL AND NOT ('internal'::regtype = ANY (proargtypes)) $$,
    'arguments have names');

-- Names in the library are fixed when it is compiled: no function has a body to look
-- names up in, none changes settings, and none is any other library's.
SELECT is_empty($$ SELECT signature, lanname, probin, prosrc
    FROM functions JOIN pg_language AS l ON l.oid = prolang WHERE prokind <> 'a'
    AND (lanname <> 'c' OR probin <> '$libdir/nnet' OR prosrc !~ '^nnet_') $$,
    'every function is one of the library, by its full name');
SELECT is_empty($$ SELECT signature FROM functions
    WHERE proconfig IS NOT NULL OR provariadic = '"any"'::regtype $$,
    'none changes settings or takes arguments of any number and type');
SELECT set_eq($$ SELECT proname::text, prosupport::text FROM functions WHERE prosupport <> 0 $$,
    $$ VALUES ('predict', 'nnet.predict_support'), ('classify', 'nnet.predict_support'), ('classify_steps', 'nnet.predict_support') $$,
    'what the planner asks of predictions is asked of no other function');

-- ---- aggregates ----

-- A state that is worked on by the final function cannot be read twice (w); a large
-- space makes the planner sort groups instead of hashing them.
CREATE TEMPORARY TABLE expected_aggregates (
    signature regprocedure, parallel "char", final_modifies "char", space integer, partial boolean);
INSERT INTO expected_aggregates VALUES
    ('nnet.fit(regclass,"any","any")', 'u', 'w', 1073741824, false),
    ('nnet.fit(regclass,"any","any",jsonb)', 'u', 'w', 1073741824, false),
    ('nnet.fit(regclass,"any","any",jsonb,"any")', 'u', 'w', 1073741824, false),
    ('nnet.fit(regclass,"any","any",jsonb,"any",boolean)', 'u', 'w', 1073741824, false),
    ('nnet.fit_value(nnet.model,"any","any")', 's', 'w', 1073741824, false),
    ('nnet.fit_value(nnet.model,"any","any",jsonb)', 's', 'w', 1073741824, false),
    ('nnet.fit_value(nnet.model,"any","any",jsonb,"any")', 's', 'w', 1073741824, false),
    ('nnet.fit_value(nnet.model,"any","any",jsonb,"any",boolean)', 's', 'w', 1073741824, false),
    ('nnet.fit_bucket(nnet.model,"any","any",jsonb)', 's', 'w', 0, false),
    ('nnet.fit_bucket(nnet.model,"any","any",jsonb,"any")', 's', 'w', 0, false),
    ('nnet.fit_gan(regclass,regclass,"any")', 'u', 'w', 1073741824, false),
    ('nnet.fit_gan(regclass,regclass,"any",jsonb)', 'u', 'w', 1073741824, false),
    ('nnet.evaluate(regclass,"any","any")', 's', 'w', 512, true),
    ('nnet.evaluate(regclass,"any","any","any")', 's', 'w', 512, true),
    ('nnet.permutation_importance(regclass,"any","any")', 'r', 'w', 1073741824, false),
    ('nnet.permutation_importance(regclass,"any","any",jsonb)', 'r', 'w', 1073741824, false),
    ('nnet.evaluate(nnet.evaluation)', 's', 'r', 0, NULL),
    ('nnet.average(real[])', 's', 'r', 65536, true),
    ('nnet.learn(nnet.model,"any","any")', 's', 'r', 1048576, true),
    ('nnet.learn(nnet.model,record)', 's', 'r', 1048576, NULL),
    ('nnet.average_value(nnet.model)', 's', 'r', 1048576, NULL),
    ('nnet.average_value(nnet.model,double precision)', 's', 'r', 1048576, NULL),
    ('nnet.png_grid("any",integer,integer,integer,integer)', 's', 'r', 0, false),
    ('nnet.png_grid("any",integer,integer,integer,integer,double precision,double precision)', 's', 'r', 0, false);

-- metrics of queries: states are real types, that need no functions to travel
INSERT INTO expected_aggregates
    SELECT format('nnet.%s("any","any"%s)', name, more)::regprocedure, 's', 'r', space, NULL::boolean
    FROM (VALUES ('confusion_matrix', 4096), ('classification_report', 4096), ('accuracy_score', 4096), ('balanced_accuracy_score', 4096),
              ('precision_score', 4096), ('recall_score', 4096), ('f1_score', 4096), ('log_loss', 4096), ('roc_auc', 65536),
              ('average_precision', 65536), ('roc_curve', 65536), ('precision_recall_curve', 65536)) AS n (name, space),
        unnest('{"",",double precision"}'::text[]) AS more
    UNION ALL SELECT format('nnet.calibration_curve("any","any"%s)', more)::regprocedure, 's', 'r', 65536, NULL::boolean
    FROM unnest('{"",",integer",",integer,text"}'::text[]) AS more
    UNION ALL SELECT format('nnet.%s(double precision,%s%s)', name, predicted, more)::regprocedure, 's', 'r', 128, NULL::boolean
    FROM unnest('{mse,rmse,mae,mape,r2_score}'::text[]) AS name, unnest('{double precision,real[]}'::text[]) AS predicted,
        unnest('{"",",double precision"}'::text[]) AS more
    UNION ALL SELECT format('nnet.%s("any","any"%s)', name, more)::regprocedure, 's', 'r', 128, NULL::boolean
    FROM unnest('{mse,rmse,mae,mape,r2_score}'::text[]) AS name, unnest('{"",",double precision"}'::text[]) AS more;

SELECT bag_eq(
    $$ SELECT oid::regprocedure FROM functions WHERE prokind = 'a' $$,
    $$ SELECT signature FROM expected_aggregates $$,
    'every aggregate is expected here, and everything expected is there');
SELECT results_eq(
    format($$ SELECT proparallel, aggfinalmodify, aggtransspace,
               (aggcombinefn <> 0)::int + (aggserialfn <> 0)::int + (aggdeserialfn <> 0)::int
           FROM functions JOIN pg_aggregate ON aggfnoid = oid WHERE oid = %s $$, e.signature::oid),
    format($$ VALUES (%L::"char", %L::"char", %s, %s) $$,
           parallel, final_modifies, space, CASE WHEN partial THEN 3 WHEN partial IS NULL THEN 1 ELSE 0 END),
    e.signature::text || ': parallel, final function, space, and what partial aggregation needs, all or nothing')
FROM expected_aggregates AS e;
SELECT is_empty($$ SELECT aggfnoid FROM pg_aggregate JOIN functions ON oid = aggfnoid
    WHERE aggkind <> 'n' OR aggtranstype NOT IN ('internal'::regtype, 'nnet.evaluation'::regtype, 'bytea'::regtype, 'double precision[]'::regtype) OR aggmtransfn <> 0 OR aggfinalextra
        OR agginitval IS NOT NULL OR aggsortop <> 0 $$,
    'plain aggregates over memory of their own');
SELECT is_empty($$ SELECT DISTINCT s.signature FROM pg_aggregate AS a JOIN functions AS f ON f.oid = a.aggfnoid
    JOIN functions AS s ON s.oid IN (aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn)
    WHERE s.proparallel <> f.proparallel OR s.proname !~ ('^(' || replace(f.proname, 'fit_bucket', 'fit_value') || '|confusion|scores|regression|tally)_') $$,
    'whose functions have their names, or those of what several share, and their label');

-- "any" has no overload beside it that differs in that argument alone
SELECT is_empty($$ SELECT a.signature, b.signature FROM functions AS a JOIN functions AS b
    ON a.proname = b.proname AND a.pronargs = b.pronargs AND a.oid < b.oid
    AND a.prokind <> 'f' AND '"any"'::regtype = ANY (a.proargtypes::oid[] || b.proargtypes::oid[])
    AND (SELECT count(*) FROM unnest(a.proargtypes::oid[], b.proargtypes::oid[]) AS t (x, y) WHERE x <> y) = 1 $$,
    'one declaration an aggregate and number of arguments');

-- ---- the type ----

SELECT is((SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
           FROM pg_attribute JOIN pg_type AS t ON typrelid = attrelid
           WHERE t.oid = 'nnet.layer'::regtype AND attnum > 0),
    'layer integer, part integer, kind text, name text, inputs text[], config jsonb, weights real[], slots real[]',
    'nnet.layer has the columns it is known by');

SELECT * FROM finish();
ROLLBACK;
