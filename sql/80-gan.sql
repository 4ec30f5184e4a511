-- Generative adversarial networks: nnet.gan_options, nnet.fit_gan, nnet.generate.

CREATE FUNCTION nnet.gan_options(
    epochs integer DEFAULT 1,
    batch_size integer DEFAULT 32,
    shuffle boolean DEFAULT true,
    seed bigint DEFAULT NULL,
    verbose boolean DEFAULT false,
    noise text DEFAULT 'normal',
    discriminator_steps integer DEFAULT 1,
    label_smoothing double precision DEFAULT 0,
    loss text DEFAULT NULL,
    clip double precision DEFAULT NULL,
    condition integer DEFAULT 0,
    time_limit interval DEFAULT NULL)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_gan_options'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.gan_options(integer, integer, boolean, bigint, boolean, text, integer, double precision, text, double precision, integer, interval) IS
'options of an adversarial training, for nnet.fit_gan()';

CREATE FUNCTION nnet.fit_gan_transition(internal, regclass, regclass, "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_gan_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_gan_transition(internal, regclass, regclass, "any") IS
'implementation of nnet.fit_gan()';

CREATE FUNCTION nnet.fit_gan_transition(internal, regclass, regclass, "any", jsonb)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_fit_gan_transition'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_gan_transition(internal, regclass, regclass, "any", jsonb) IS
'implementation of nnet.fit_gan()';

CREATE FUNCTION nnet.fit_gan_final(internal)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'nnet_fit_gan_final'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nnet.fit_gan_final(internal) IS
'implementation of nnet.fit_gan()';

CREATE AGGREGATE nnet.fit_gan(generator regclass, discriminator regclass, x "any") (
    SFUNC = nnet.fit_gan_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_gan_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit_gan(regclass, regclass, "any") IS
'train a generator and a discriminator against each other on rows of data x';

CREATE AGGREGATE nnet.fit_gan(generator regclass, discriminator regclass, x "any", options jsonb) (
    SFUNC = nnet.fit_gan_transition,
    STYPE = internal,
    SSPACE = 1073741824,
    FINALFUNC = nnet.fit_gan_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = UNSAFE);
COMMENT ON AGGREGATE nnet.fit_gan(regclass, regclass, "any", jsonb) IS
'train a generator and a discriminator against each other on rows of data x, with options';

-- Without a seed it draws one from random(), which is parallel restricted.
CREATE FUNCTION nnet.generate(
    generator regclass, n integer, seed bigint DEFAULT NULL, condition real[] DEFAULT NULL)
RETURNS SETOF real[]
AS 'MODULE_PATHNAME', 'nnet_generate'
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 100 ROWS 100;
COMMENT ON FUNCTION nnet.generate(regclass, integer, bigint, real[]) IS
'n rows of new data, made by a generator from noise, and from a condition if it was trained with one';
