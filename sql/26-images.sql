-- Images: their size, and changes at random in training.

CREATE FUNCTION nnet.resizing(
    height pg_catalog.int4, width pg_catalog.int4,
    interpolation pg_catalog.text DEFAULT 'bilinear',
    crop_to_aspect_ratio pg_catalog.bool DEFAULT false,
    pad_to_aspect_ratio pg_catalog.bool DEFAULT false,
    fill_mode pg_catalog.text DEFAULT 'constant', fill_value pg_catalog.float8 DEFAULT 0,
    antialias pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.resizing(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.text, pg_catalog.bool, pg_catalog.bool,
    pg_catalog.text, pg_catalog.float8, pg_catalog.bool, pg_catalog.text, pg_catalog.text[]) IS
'layer: an image brought to that height and width; interpolation bilinear, nearest, bicubic, lanczos3, lanczos5 or area';

CREATE FUNCTION nnet.center_crop(
    height pg_catalog.int4, width pg_catalog.int4, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.center_crop(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: the middle of an image; of a smaller one the largest part of that shape, resized';

CREATE FUNCTION nnet.random_crop(
    height pg_catalog.int4, width pg_catalog.int4, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_crop(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: a part of an image, anywhere in training, else the largest of that shape in the middle, resized';

CREATE FUNCTION nnet.random_rotation(
    factor "any", fill_mode pg_catalog.text DEFAULT 'reflect',
    interpolation pg_catalog.text DEFAULT 'bilinear', seed pg_catalog.int4 DEFAULT NULL,
    fill_value pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_rotation(
    "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.float8,
    pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, turns images at random by up to these parts of a whole turn: 0.1 or ''{-0.1,0.2}''';

CREATE FUNCTION nnet.random_zoom(
    height_factor "any", width_factor "any" DEFAULT NULL,
    fill_mode pg_catalog.text DEFAULT 'reflect',
    interpolation pg_catalog.text DEFAULT 'bilinear', seed pg_catalog.int4 DEFAULT NULL,
    fill_value pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_zoom(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.float8,
    pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, zooms images at random by up to these parts, out where positive: 0.1 or ''{-0.1,0.2}''; without width_factor alike both ways';

CREATE FUNCTION nnet.random_shear(
    x_factor "any" DEFAULT 0, y_factor "any" DEFAULT 0,
    interpolation pg_catalog.text DEFAULT 'bilinear',
    fill_mode pg_catalog.text DEFAULT 'reflect', fill_value pg_catalog.float8 DEFAULT 0,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_shear(
    "any", "any", pg_catalog.text, pg_catalog.text, pg_catalog.float8, pg_catalog.int4,
    pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, shears images at random by up to these parts of their size';

CREATE FUNCTION nnet.random_brightness(
    factor "any", value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_brightness(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, adds a part of value_range to images at random: 0.1 or ''{-0.1,0.2}''';

CREATE FUNCTION nnet.random_contrast(
    factor "any", value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_contrast(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, changes the contrast of images at random: by 1 to 1 + factor, or of ''{a,b}'' by 1 - a to 1 + b';

CREATE FUNCTION nnet.random_invert(
    factor "any" DEFAULT 1, value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_invert(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, takes the end of value_range less the image at random; the probability is drawn from 0 to factor';

CREATE FUNCTION nnet.random_grayscale(
    factor pg_catalog.float8 DEFAULT 0.5, seed pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL, inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_grayscale(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, takes the colors of images at random, with that probability';

CREATE FUNCTION nnet.random_saturation(
    factor "any", value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_saturation(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, changes the saturation of images at random: ''{0.4,0.6}'' is around none, 0 takes all color';

CREATE FUNCTION nnet.random_hue(
    factor "any", value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_hue(
    "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, turns the colors of images at random by up to half of factor of the circle of hues';

CREATE FUNCTION nnet.random_erasing(
    factor "any" DEFAULT 1, scale "any" DEFAULT '{0.02,0.33}'::pg_catalog.text,
    fill_value "any" DEFAULT NULL, value_range "any" DEFAULT '{0,255}'::pg_catalog.text,
    seed pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL,
    inputs pg_catalog.text[] DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_layer_spec';
COMMENT ON FUNCTION nnet.random_erasing(
    "any", "any", "any", "any", pg_catalog.int4, pg_catalog.text, pg_catalog.text[]) IS
'layer: in training, fills a rectangle of images at random: its sides are roots of parts from scale, it is filled with noise or fill_value, with a probability from 0 to factor';
