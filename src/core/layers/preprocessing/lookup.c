/*
 * lookup.c
 *	  Words, whole numbers and anything else as ids: by a vocabulary
 *	  (string_lookup, integer_lookup), or by a hash (hashing).
 *
 * The caller makes the ids where a row is read, since a float holds neither a
 * word nor each integer; it goes by nn_model_reading and the vocabulary, which
 * the configuration carries for it.  So the input's values already are ids,
 * and what is done here is to encode them.
 *
 * Ids of a lookup: 0 what is missing, if there is a mask_token and the output
 * is int; then one for each of num_oov_indices, for what is not in the
 * vocabulary; then the vocabulary.  In other outputs what is missing has no
 * place: its id is -1, and its place stays 0.  The width of those is
 * max_tokens, or what the vocabulary that is given needs: it is fixed when the
 * model is made (Keras's pad_to_max_tokens).
 */
#include "core/layers/preprocessing/encode.h"

typedef struct LookupConf
{
	int max_tokens;
	int num_oov_indices;
	int mask_token; /* given? */
	int vocabulary; /* how many; 0: learned */
	int output_mode;
	bool variable;
} LookupConf;

#define LOOKUP_FIELDS                                                          \
	NN_FIELD_INT(LookupConf, max_tokens, false, 0, 2, 16000000),               \
		NN_FIELD_INT(LookupConf, num_oov_indices, false, 1, 0, NN_MAX_UNITS),  \
		NN_FIELD_GIVEN(LookupConf, mask_token), NN_FIELD_IGNORED("oov_token"), \
		NN_FIELD_IGNORED("adapted"), NN_FIELD_GIVEN(LookupConf, vocabulary),   \
		NN_FIELD_WORD(LookupConf, output_mode, nn_output_mode_words, NN_OUTPUT_INT)

static const NNField lookup_fields[] = {LOOKUP_FIELDS, NN_FIELD_END};

/* Ids before those of the vocabulary. */
static int
first_token(const LookupConf *conf)
{
	return conf->num_oov_indices + (conf->mask_token && conf->output_mode == NN_OUTPUT_INT);
}

static bool
check_lookup(const NNLayer *layer, NNError *error)
{
	const LookupConf *conf = NN_CONF(layer, LookupConf);
	char what[NN_MAX_NAME + 16], clip[NN_CLIP];
	int most = conf->max_tokens - first_token(conf);

	nn_layer_what(layer, what, sizeof(what));
	if (conf->max_tokens > 0 && most < 1)
	{
		nn_error(error, NN_BAD_VALUE,
				 "%s: max_tokens of %d leaves no room for a vocabulary after %d other ids", what,
				 conf->max_tokens, first_token(conf));
		return nn_hint(error, "max_tokens counts num_oov_indices and the mask_token, too.");
	}
	if (conf->max_tokens > 0 && conf->vocabulary > most)
	{
		nn_error(error, NN_BAD_VALUE, "%s: the vocabulary has %d tokens, and max_tokens is %d",
				 what, conf->vocabulary, conf->max_tokens);
		return nn_hint(error,
					   "max_tokens counts num_oov_indices and the mask_token, too: make it "
					   "%d, or leave it out.",
					   conf->vocabulary + first_token(conf));
	}
	if (conf->output_mode == NN_OUTPUT_INT || conf->max_tokens > 0 || conf->vocabulary > 0)
		return true;
	nn_error(error, NN_BAD_VALUE, "%s: output_mode \"%s\" needs max_tokens or a vocabulary", what,
			 nn_clip(clip, nn_output_mode_words[conf->output_mode].name));
	return nn_hint(error, "The width of its output is fixed when the model is made.");
}

static int
lookup_depth(const LookupConf *conf)
{
	return conf->max_tokens > 0 ? conf->max_tokens : conf->vocabulary + first_token(conf);
}

static bool
lookup_shape(NNLayer *layer, NNError *error)
{
	LookupConf *conf = (LookupConf *) layer->conf.bytes;

	return check_lookup(layer, error) &&
		nn_encode_shape(layer, conf->output_mode, lookup_depth(conf), &conf->variable, error);
}

/* The caller's ids; -1 has no place. */
static int
place_of(const NNLayer *layer, const NNPass *pass, nn_real id)
{
	int depth = lookup_depth(NN_CONF(layer, LookupConf));

	(void) pass;
	return id < 0 || id >= (nn_real) depth ? -1 : (int) id;
}

static void
copy_ids(const NNLayer *layer, const NNPass *pass)
{
	nn_copy(pass->y, pass->x, nn_shape_reals(&layer->in[0], pass->steps) * (size_t) pass->batch);
}

static void
lookup_forward(const NNLayer *layer, const NNPass *pass)
{
	const LookupConf *conf = NN_CONF(layer, LookupConf);

	if (conf->output_mode == NN_OUTPUT_INT)
		copy_ids(layer, pass);
	else
		nn_encode(layer, pass, conf->output_mode, lookup_depth(conf), place_of);
}

static void
read_lookup(const NNLayer *layer, NNReading *reading)
{
	const LookupConf *conf = NN_CONF(layer, LookupConf);

	reading->max_tokens = conf->max_tokens;
	reading->num_oov = conf->num_oov_indices;
	reading->masked = conf->mask_token != 0;
	reading->first_oov = conf->mask_token && conf->output_mode == NN_OUTPUT_INT;
	reading->missing = conf->output_mode == NN_OUTPUT_INT ? 0 : -1;
}

static void
read_strings(const NNLayer *layer, NNReading *reading)
{
	reading->as = NN_READ_STRINGS;
	read_lookup(layer, reading);
}

static void
read_integers(const NNLayer *layer, NNReading *reading)
{
	reading->as = NN_READ_INTEGERS;
	read_lookup(layer, reading);
}

const NNKind nn_string_lookup = {
	.name = "string_lookup",
	.flags = NN_KIND_MASKED | NN_KIND_AT_INPUT | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(LookupConf),
	.fields = lookup_fields,
	.shape = lookup_shape,
	.forward = lookup_forward,
	.backward = nn_encode_backward,
	.reading = read_strings,
};

const NNKind nn_integer_lookup = {
	.name = "integer_lookup",
	.flags = NN_KIND_MASKED | NN_KIND_AT_INPUT | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(LookupConf),
	.fields = lookup_fields,
	.shape = lookup_shape,
	.forward = lookup_forward,
	.backward = nn_encode_backward,
	.reading = read_integers,
};

/* ---- hashing ---- */

typedef struct HashingConf
{
	int num_bins;
	int mask_value; /* given? */
	int output_mode;
	bool variable;
	NNReals salt;
} HashingConf;

static const NNField hashing_fields[] = {
	NN_FIELD_INT(HashingConf, num_bins, true, 0, 1, 16000000),
	NN_FIELD_GIVEN(HashingConf, mask_value),
	NN_FIELD_REALS(HashingConf, salt, 2, false, 0, 9007199254740992.0),
	NN_FIELD_WORD(HashingConf, output_mode, nn_output_mode_words, NN_OUTPUT_INT),
	NN_FIELD_END,
};

static bool
hashing_shape(NNLayer *layer, NNError *error)
{
	HashingConf *conf = (HashingConf *) layer->conf.bytes;
	char what[NN_MAX_NAME + 16];

	for (int i = 0; i < conf->salt.count; i++)
		if (conf->salt.value[i] != floor(conf->salt.value[i]))
			return nn_error(error, NN_BAD_VALUE,
							"%s: option \"salt\" must be a whole number or two, not %.10g",
							nn_layer_what(layer, what, sizeof(what)), conf->salt.value[i]);
	return nn_encode_shape(layer, conf->output_mode, conf->num_bins, &conf->variable, error);
}

static int
bin_of(const NNLayer *layer, const NNPass *pass, nn_real id)
{
	(void) pass;
	return (int) nn_id_of(id, NN_CONF(layer, HashingConf)->num_bins);
}

static void
hashing_forward(const NNLayer *layer, const NNPass *pass)
{
	const HashingConf *conf = NN_CONF(layer, HashingConf);

	if (conf->output_mode == NN_OUTPUT_INT)
		copy_ids(layer, pass);
	else
		nn_encode(layer, pass, conf->output_mode, conf->num_bins, bin_of);
}

static void
read_hashes(const NNLayer *layer, NNReading *reading)
{
	const HashingConf *conf = NN_CONF(layer, HashingConf);

	reading->as = NN_READ_HASHES;
	reading->masked = conf->mask_value != 0;
	reading->bins = conf->num_bins;
	reading->salted = conf->salt.count > 0;
	if (!reading->salted)
		return;
	reading->salt[0] = (uint64_t) conf->salt.value[0];
	reading->salt[1] = (uint64_t) conf->salt.value[conf->salt.count - 1];
}

const NNKind nn_hashing = {
	.name = "hashing",
	.flags = NN_KIND_MASKED | NN_KIND_AT_INPUT | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(HashingConf),
	.fields = hashing_fields,
	.shape = hashing_shape,
	.forward = hashing_forward,
	.backward = nn_encode_backward,
	.reading = read_hashes,
};
