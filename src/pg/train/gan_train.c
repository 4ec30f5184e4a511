/*
 * gan_train.c
 *	  Buffers of an adversarial training, and its passes over the dataset.
 */
#include "pg/run/progress.h"
#include "pg/train/fit_gan.h"

#include "miscadmin.h"
#include "storage/shmem.h"
#include "utils/memutils.h"

/* ---- setting up ---- */

void
nnet_gan_check(NnetGan *gan)
{
	const NnetGanOptions *options = &gan->options;
	NNGan *core = &gan->core;
	NNError error = {0};

	nnet_gan_options_resolve(&gan->options, gan->discriminator);
	nnet_run_init_core(&core->generator, gan->generator, gan->context);
	nnet_run_init_core(&core->discriminator, gan->discriminator, gan->context);
	core->judge = MemoryContextAllocHuge(gan->context, nn_plan_bytes(gan->discriminator->core));
	core->fed = MemoryContextAlloc(
		gan->context, sizeof(NNGanSpan) * NN_GAN_SPANS(gan->generator->core->n_inputs));
	core->taken = MemoryContextAlloc(
		gan->context, sizeof(NNGanSpan) * NN_GAN_SPANS(gan->discriminator->core->n_inputs));
	core->places = MemoryContextAlloc(gan->context, gan->discriminator->core->n_layers);
	core->loss = (NNGanLoss) options->loss;
	core->noise = (NNNoise) options->noise;
	core->discriminator_steps = options->discriminator_steps;
	core->smoothing = options->label_smoothing;
	core->clip = options->clip;
	core->condition = options->condition;
	core->seed = (uint64) options->seed;
	if (!nn_gan_check(core, &error))
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot train generator \"%s\" against discriminator \"%s\": %s",
					gan->generator->name, gan->discriminator->name, nnet_core_text(error.message)),
			 error.hint[0] != '\0' ? errhint("%s", nnet_core_text(error.hint)) : 0));
}

static void
make_buffers(NNRun *run, MemoryContext context)
{
	run->workspace = nnet_memory_alloc(context, nn_plan_workspace(run->plan), false);
	run->grads = nnet_memory_alloc(context, nnet_run_gradients(run), true);
}

static void
check_memory(const NnetGan *gan, int batch)
{
	const NNRun *generator = &gan->core.generator;
	const NNRun *discriminator = &gan->core.discriminator;

	nnet_memory_check(&(NnetMemoryNeed){
		.model = gan->generator->name,
		.action = psprintf("be trained against \"%s\" on batches of %d rows with %d threads",
						   gan->discriminator->name, batch, nn_plan_threads(generator->plan)),
		.hint = NNET_MEMORY_HINT_BATCH,
		.bytes =
			{
				[NNET_MEMORY_WORKSPACE] = add_size(add_size(nn_plan_workspace(generator->plan),
															nn_plan_workspace(discriminator->plan)),
												   gan->core.fake_bytes),
				[NNET_MEMORY_GRADIENTS] =
					add_size(nnet_run_gradients(generator), nnet_run_gradients(discriminator)),
			},
	});
}

static void
plan(NnetGan *gan, int batch, const NNRecordFormat *format)
{
	NNPlanRequest request = {
		.batch = batch,
		.threads = nnet_core_start(nnet_threads_for_fit()),
		.force_threads = nnet_force_threads,
		.precision = nnet_precision(),
	};
	NNError error = {0};

	if (!nn_gan_plan(&gan->core, &request, &error))
		nnet_core_error(&error, gan->generator->name);
	check_memory(gan, batch);
	gan->buffers =
		AllocSetContextCreate(gan->context, "nnet fit_gan buffers", ALLOCSET_SMALL_SIZES);
	make_buffers(&gan->core.generator, gan->buffers);
	make_buffers(&gan->core.discriminator, gan->buffers);
	gan->core.fake_workspace = nnet_memory_alloc(gan->buffers, gan->core.fake_bytes, false);
	gan->core.discriminator.format = format;
}

/* ---- epochs ---- */

static void
refuse_diverged(const NnetGan *gan)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("training of generator \"%s\" against discriminator \"%s\" diverged: "
					"a loss or weights became infinite or NaN",
					gan->generator->name, gan->discriminator->name),
			 errdetail("In epoch %d, at step %lld.", gan->epochs + 1,
					   (long long) gan->core.generator.step + 1),
			 errhint("Lower the learning rates, scale the rows to about -1 to 1, or clip gradients "
					 "(clipnorm).")));
}

/* Gone on with after each interrupt. */
static void
train_slice(NnetGan *gan, const void *const *records, size_t n)
{
	size_t all = 0;

	nnet_watch_interrupts();
	while (all < n)
	{
		size_t done = 0;
		NNRunResult result = nn_gan_records(&gan->core, records + all, n - all, &done);

		all += done;
		if (result == NN_RUN_DIVERGED)
			refuse_diverged(gan);
		(void) nnet_run_again(gan->core.generator.plan, gan->generator, NN_RUN_DONE);
		(void) nnet_run_again(gan->core.judge, gan->discriminator, NN_RUN_DONE);
		(void) nnet_run_again(gan->core.discriminator.plan, gan->discriminator, result);
	}
}

static void
train_records(NnetGan *gan, const void *const *records, size_t n)
{
	int batch = (int) Min((uint64) gan->options.batch_size, gan->samples);
	size_t slice;

	for (size_t i = 0; i < n && !gan->clock.late; i += slice)
	{
		slice = nnet_clock_slice(&gan->clock, n - i, batch);
		train_slice(gan, records + i, slice);
		nnet_progress_rows(gan->core.generator.step, slice,
						   gan->core.totals.generator_loss / gan->core.totals.generator_samples);
		nnet_clock_look(&gan->clock);
	}
}

static void
train_epoch(NnetGan *gan, NnetPass *pass)
{
	NnetGanEpoch *epoch = &gan->epoch[gan->epochs % NNET_HISTORY_EPOCHS];
	NNGan *core = &gan->core;
	const void *const *records;
	int fetched;
	instr_time start;

	INSTR_TIME_SET_CURRENT(start);
	memset(&core->totals, 0, sizeof(core->totals));
	while (!gan->clock.late && (fetched = nnet_pass_next(pass, &records)) > 0)
		train_records(gan, records, fetched);
	epoch->totals = core->totals;
	epoch->generator_rate = nn_optimizer_rate(&gan->generator->optimizer, core->generator.step - 1);
	epoch->discriminator_rate =
		nn_optimizer_rate(&gan->discriminator->optimizer, core->discriminator.step - 1);
	epoch->seconds = nnet_seconds_since(start);
	gan->epochs++;
	if (gan->options.verbose)
		nnet_gan_say_epoch(gan);
}

/* If time is over, that was the last epoch. */
static void
end_in_time(NnetGan *gan)
{
	double samples = gan->epoch[(gan->epochs - 1) % NNET_HISTORY_EPOCHS].totals.generator_samples;

	if (!gan->clock.late ||
		(samples == (double) gan->samples && gan->epochs == gan->options.epochs))
		return;
	gan->ended = NNET_ENDED_TIME;
	nnet_clock_say(&gan->clock, gan->generator->name, gan->epochs, gan->options.epochs,
				   (uint64) samples, gan->samples);
}

void
nnet_gan_train(NnetGan *gan, NnetDataset *dataset, const NNRecordFormat *format)
{
	uint64 n = nnet_dataset_count(dataset);
	NnetPass *pass;

	plan(gan, (int) Min((uint64) gan->options.batch_size, nnet_dataset_count(dataset)), format);
	gan->samples = n;
	gan->epoch = MemoryContextAlloc(
		gan->context, sizeof(NnetGanEpoch) * Min(gan->options.epochs, NNET_HISTORY_EPOCHS));
	pass = nnet_pass_make(dataset, gan->context);
	nnet_progress_begin(gan->generator->relid, 1, gan->options.epochs, n, gan->context);
	while (gan->epochs < gan->options.epochs && gan->ended == NNET_ENDED_EPOCHS)
	{
		/* by the steps done, so that trainings that follow each other go on as one would */
		if (gan->options.shuffle)
			nnet_pass_begin_shuffled(
				pass, 0, n,
				nn_mix((uint64) gan->options.seed, 0, 0, (uint64) gan->core.generator.step));
		else
			nnet_pass_begin(pass, 0, n);
		nnet_progress_epoch(gan->epochs + 1);
		train_epoch(gan, pass);
		end_in_time(gan);
	}
	MemoryContextDelete(gan->buffers);
	gan->steps = gan->core.generator.step - gan->generator->training.steps;
	gan->generator->training.steps = gan->core.generator.step;
	gan->discriminator->training.steps = gan->core.discriminator.step;
}
