/*
 * gan_options.c
 *	  The options of an adversarial training: the table that
 *	  nnet.gan_options() and fit_gan share.
 *
 * A row of the table is also an argument of nnet.gan_options(), in this order.
 * What nnet.options() makes is taken as well, as long as no rows are to be
 * held back for validation.
 */
#include "pg/train/fit_gan.h"

#define OPTION(type, member, def, min, max, words)                                                 \
	{                                                                                              \
#member, NNET_OPTION_##type, offsetof(NnetGanOptions, member), def, min, max, words, NULL, \
			NULL                                                                                   \
	}

#define USUAL_CLIP 0.01 /* of the paper that clips weights */

static const NnetOption gan_options[] = {
	OPTION(INT, epochs, 1, 1, 1000000, NULL),
	OPTION(INT, batch_size, 32, 1, 1000000, NULL),
	OPTION(BOOL, shuffle, true, 0, 1, NULL),
	OPTION(BIGINT, seed, 0, (double) PG_INT64_MIN, (double) PG_INT64_MAX, NULL),
	OPTION(BOOL, verbose, false, 0, 1, NULL),
	OPTION(WORD, noise, NN_NOISE_NORMAL, 0, 0, nn_noise_words),
	OPTION(INT, discriminator_steps, 1, 1, 1000, NULL),
	OPTION(REAL, label_smoothing, 0, 0, 0.5, NULL),
	OPTION(WORD, loss, NN_GAN_NONE, 0, 0, nn_gan_loss_words),
	OPTION(REAL, clip, -1, 0, 1e6, NULL),
	OPTION(INT, condition, 0, 0, NN_MAX_UNITS, NULL),
};

static const NnetOptionTable gan_table = {
	"fit_gan",
	"nnet.gan_options(epochs => 5, ...)",
	gan_options,
	lengthof(gan_options),
};

PG_FUNCTION_INFO_V1(nnet_gan_options);

/* The object without nnet.options()'s validation_split, which must be 0. */
static NNValue *
without_validation(NNValue *object)
{
	const NNValue *split =
		object->type == NN_V_OBJECT ? nn_value_get(object, "validation_split") : NULL;
	NNValue *rest;

	if (split == NULL)
		return object;
	if (split->type != NN_V_NULL && !(split->type == NN_V_NUMBER && split->number == 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fit_gan holds back no rows for validation"),
				 errhint("Leave validation_split out.")));
	rest = palloc(sizeof(NNValue));
	*rest = nnet_value_object(object->count);
	for (int i = 0; i < object->count; i++)
		if (&object->items[i] != split)
			nnet_value_set(rest, object->keys[i], object->items[i]);
	return rest;
}

void
nnet_gan_options_read(Jsonb *jsonb, NnetGanOptions *options)
{
	NNValue *object = jsonb ? without_validation(nnet_value_from_jsonb(jsonb)) : NULL;

	nnet_options_parse(&gan_table, object, options);
	options->seed = nnet_options_seed(object, options->seed);
}

void
nnet_gan_options_resolve(NnetGanOptions *options, const NnetModel *discriminator)
{
	const NNLossKind *compiled = discriminator->objectives.of[0].loss;

	if (options->loss == NN_GAN_NONE)
		options->loss = nn_gan_loss(compiled);
	if (options->loss == NN_GAN_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("discriminator \"%s\" is compiled with the loss %s, which is none of a "
						"discriminator's",
						discriminator->name, nn_loss_name(compiled)),
				 errhint("Compile it with binary_crossentropy or mean_squared_error, "
						 "or give fit_gan the option \"loss\".")));
	if (options->clip < 0)
		options->clip = options->loss == NN_GAN_WASSERSTEIN ? USUAL_CLIP : 0;
}

/*
 * nnet.gan_options(epochs, batch_size, ...): the arguments as jsonb, checked.
 */
Datum
nnet_gan_options(PG_FUNCTION_ARGS)
{
	NnetGanOptions options;

	PG_RETURN_JSONB_P(nnet_options_arguments(fcinfo, &gan_table, &options));
}
