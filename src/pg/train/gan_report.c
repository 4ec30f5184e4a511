/*
 * gan_report.c
 *	  What an adversarial training came to: notices, the histories in both
 *	  training rows, the result of fit_gan.
 */
#include "pg/train/fit_gan.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

/* The output of a Wasserstein critic has no threshold, and so is never right. */
static bool
has_accuracy(const NnetGan *gan)
{
	return gan->core.loss != NN_GAN_WASSERSTEIN;
}

static double
generator_loss(const NnetGanEpoch *epoch)
{
	return epoch->totals.generator_loss / epoch->totals.generator_samples;
}

static double
discriminator_loss(const NnetGanEpoch *epoch)
{
	return epoch->totals.discriminator_loss / epoch->totals.discriminator_samples;
}

static double
accuracy(const NnetGanEpoch *epoch)
{
	return epoch->totals.hits / (2 * epoch->totals.discriminator_samples);
}

static const NnetGanEpoch *
last_epoch(const NnetGan *gan)
{
	return &gan->epoch[(gan->epochs - 1) % NNET_HISTORY_EPOCHS];
}

/* "epoch 2/5: generator loss 0.71, discriminator loss 0.69, accuracy 0.52, ..." */
void
nnet_gan_say_epoch(const NnetGan *gan)
{
	const NnetGanEpoch *epoch = last_epoch(gan);
	StringInfoData line;

	initStringInfo(&line);
	appendStringInfo(&line, "epoch %d/%d: generator loss %.4g, discriminator loss %.4g",
					 gan->epochs, gan->options.epochs, generator_loss(epoch),
					 discriminator_loss(epoch));
	if (has_accuracy(gan))
		appendStringInfo(&line, ", accuracy %.4g", accuracy(epoch));
	appendStringInfo(&line, ", %.2f s", epoch->seconds);
	ereport(NOTICE, (errmsg_internal("%s", line.data)));
	pfree(line.data);
}

static void
set_losses(const NnetGan *gan, NNValue *object, const NnetGanEpoch *epoch)
{
	nnet_value_set(object, "generator_loss", nnet_value_number(generator_loss(epoch)));
	nnet_value_set(object, "discriminator_loss", nnet_value_number(discriminator_loss(epoch)));
	if (has_accuracy(gan))
		nnet_value_set(object, "discriminator_accuracy", nnet_value_number(accuracy(epoch)));
}

/* One epoch for the history of one of the two; nnet.history() shows these keys. */
static NNValue
history_entry(const NnetGan *gan, const NnetGanEpoch *epoch, double loss, double rate)
{
	NNValue entry = nnet_value_object(9);
	NNValue metrics = nnet_value_object(3);

	set_losses(gan, &metrics, epoch);
	nnet_value_set(&entry, "loss", nnet_value_number(loss));
	nnet_value_set(&entry, "metrics", metrics);
	nnet_value_set(&entry, "seconds", nnet_value_seconds(epoch->seconds));
	nnet_value_set(&entry, "samples", nnet_value_number(epoch->totals.generator_samples));
	nnet_value_set(&entry, "learning_rate", nnet_value_number(rate));
	nnet_value_set(&entry, "batch_size", nnet_value_number(gan->options.batch_size));
	nnet_value_set(&entry, "seed", nnet_value_integer(gan->options.seed));
	if (epoch == last_epoch(gan))
		nnet_value_set_ended(&entry, gan->ended, gan->epochs, -1);
	return entry;
}

static void
append_history(NnetGan *gan, NnetModel *model)
{
	bool generates = model == gan->generator;
	MemoryContext old = MemoryContextSwitchTo(model->context);
	int first;
	NNValue *history = nnet_history_begin(model, gan->epochs, &first);

	for (int i = first; i < gan->epochs; i++)
	{
		const NnetGanEpoch *epoch = &gan->epoch[i % NNET_HISTORY_EPOCHS];

		nnet_value_append(
			history,
			generates
				? history_entry(gan, epoch, generator_loss(epoch), epoch->generator_rate)
				: history_entry(gan, epoch, discriminator_loss(epoch), epoch->discriminator_rate));
	}
	MemoryContextSwitchTo(old);
}

/* The names of a generator's inputs that are no noise. */
static NNValue
given_inputs(const NNModel *model, const NNGan *core)
{
	NNValue names = nnet_value_array(model->n_inputs);

	for (int s = 0; s < core->n_fed; s++)
		if (core->fed[s].from != NN_GAN_NEW)
			nnet_value_append(
				&names,
				nnet_value_string(nn_layer_name(nn_model_input(model, core->fed[s].input))));
	return names;
}

/* The generator remembers what it was fed with in training, for nnet.generate(). */
static void
note_input(NnetModel *model, const NNGan *core)
{
	const NNValue *before = model->training.whole;
	MemoryContext old = MemoryContextSwitchTo(model->context);
	NNValue *whole = palloc(sizeof(NNValue));

	*whole = nnet_value_without(before, NNET_KEYS("noise", "condition", "given"), 3);
	for (const NNWord *word = nn_noise_words; word->name != NULL; word++)
		if (word->value == (int) core->noise)
			nnet_value_set(whole, "noise", nnet_value_string(word->name));
	if (core->condition > 0)
		nnet_value_set(whole, "condition", nnet_value_number(core->condition));
	if (model->core->n_inputs > 1)
		nnet_value_set(whole, "given", given_inputs(model->core, core));
	model->training.whole = whole;
	MemoryContextSwitchTo(old);
}

void
nnet_gan_report_history(NnetGan *gan)
{
	append_history(gan, gan->generator);
	append_history(gan, gan->discriminator);
	note_input(gan->generator, &gan->core);
}

Jsonb *
nnet_gan_report(const NnetGan *gan)
{
	NNValue result = nnet_value_object(10);

	nnet_value_set(&result, "epochs", nnet_value_number(gan->epochs));
	nnet_value_set(&result, "samples", nnet_value_number((double) gan->samples));
	nnet_value_set(&result, "steps", nnet_value_number((double) gan->steps));
	nnet_value_set(&result, "seconds", nnet_value_seconds(gan->seconds));
	nnet_value_set(&result, "skipped", nnet_value_number((double) gan->skipped));
	nnet_value_set(&result, "seed", nnet_value_integer(gan->options.seed));
	nnet_value_set(&result, "ended", nnet_value_string(nnet_ended_word(gan->ended)));
	set_losses(gan, &result, last_epoch(gan));
	return nnet_value_to_jsonb(&result);
}
