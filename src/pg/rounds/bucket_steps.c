/*
 * bucket_steps.c
 *	  How each bucket of nnet.fit_rounds() steps: of how many rows, how long, and whether
 *	  its optimizer begins anew.
 *
 * What is chosen here is what Fashion-MNIST was measured with: doc/rounds.md has figures.
 */
#include "pg/rounds/rounds.h"

#include <math.h>

#define ENOUGH_STEPS 1000 /* of a bucket in all rounds, for batches to stay whole */
#define FEW_USES 64		  /* of a weight in a step, where its update is much of the work */
#define LONG_ROUND 200	  /* steps, after which it matters little that an optimizer began anew */

bool
nnet_round_given(const NnetRounds *rounds, const char *option)
{
	const NNValue *value = rounds->given != NULL ? nn_value_get(rounds->given, option) : NULL;

	return value != NULL && value->type != NN_V_NULL;
}

/* ---- how long they are ---- */

/*
 * How much longer than compiled a bucket's steps are in round number of all.
 *
 * An optimizer that measures gradients by their size goes a way of about the learning rate
 * whatever they are; of this the part that all batches agree on, if most of a gradient is
 * noise, grows with the root of the batch.  So K models of batches of B / K go together by
 * 1 / sqrt(K) of the way that one of batches of B does, and their average has that much less
 * noise, too.  Steps that are sqrt(K) times as long give back both.  K models of whole batches
 * make a K-th of the steps, and would need K times as long ones for the same; more than sqrt(K)
 * is left alone, since what a single model bears is not known.  Each model by itself is
 * the noisier, which costs most at the end: so it is their mean over the rounds, and the first
 * are longer by as much as the last are shorter, where a step is nearly what it was compiled as.
 *
 * Where buckets have other classes it is not noise that draws the models apart: each goes to
 * where its own rows want it, by about its rate times its steps, and so far from the best of all
 * rows the average stays.  So rates must fall to nothing for it to get there (Li et al. 2020, "On
 * the Convergence of FedAvg on Non-IID Data"): evenly, and their mean is what was compiled.
 * Steps that are as long as the gradient may go astray if they are longer than compiled.
 */
double
nnet_round_rate_factor(const NnetRounds *rounds, const NnetModel *model, int number)
{
	const NNOptimizer *optimizer = &model->optimizer;
	bool proportional = nn_optimizer_proportional(optimizer);
	double buckets = rounds->survey.n;
	double share = (double) rounds->options.batch_size / rounds->batch;
	double left = 1 - (number - 0.5) / rounds->rounds;

	if (nnet_round_given(rounds, "learning_rate_factor"))
		return rounds->options.learning_rate_factor;
	if (nn_optimizer_by_rate(optimizer))
		return 1;
	if (rounds->survey.differ)
	{
		/* a schedule says itself how rates fall */
		if (optimizer->schedule.kind != NULL)
			return 1;
		return proportional ? fmin(2 * left, 1) : 2 * left;
	}
	if (proportional)
		return 1;
	/* a batch that is no multiple of K makes more steps than fit's */
	return 1 + 2 * left * (fmax(fmin(sqrt(buckets), buckets / sqrt(share)), 1) - 1);
}

/* ---- of how many rows they are ---- */

/* Of a bucket in a round, by steps of so many rows. */
static double
steps_of(const NnetRounds *rounds, int batch)
{
	double rows = (double) rounds->survey.rows / rounds->survey.n;

	return rounds->steps > 0 ? rounds->steps : rows / batch * rounds->options.epochs;
}

/* Whether each weight is used in so few products of a step that its update is much of the work. */
static bool
updates_cost(const NNModel *core, double batch)
{
	double products = 0;

	/* a recurrent layer uses its weights in each of the row's steps */
	if (core->variable)
		return false;
	for (int i = 0; i < core->n_layers; i++)
		products += nn_layer_flops(nn_model_layer(core, i));
	return batch * products < FEW_USES * (double) core->n_params;
}

/*
 * Whether the batch is shared out, where the caller does not say.  Whole batches cost less a
 * row where updates do; but they come to fewer steps, which must be enough, or be made up for
 * by longer ones.
 */
static bool
shares_batch(const NnetRounds *rounds, const NnetModel *model)
{
	const NNOptimizer *optimizer = &model->optimizer;
	int batch = rounds->options.batch_size;

	return rounds->steps > 0 || rounds->survey.differ || nn_optimizer_proportional(optimizer) ||
		nn_optimizer_by_rate(optimizer) ||
		!updates_cost(model->core, (double) batch / rounds->survey.n) ||
		steps_of(rounds, batch) * rounds->rounds < ENOUGH_STEPS;
}

/* Of how many rows each bucket's steps are. */
int
nnet_round_batch(const NnetRounds *rounds, const NnetModel *model)
{
	int batch = rounds->options.batch_size;
	int buckets = rounds->survey.n;
	bool divide = rounds->divide_batch_given ? rounds->divide_batch : shares_batch(rounds, model);

	if (!divide || buckets == 1 || batch == 1)
		return batch;
	if (batch / buckets <= 1)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("model \"%s\": a batch of %d rows is shared out among %d buckets, which "
						"leaves each steps of a single row",
						model->name, batch, buckets),
				 errhint("Give a batch_size of several rows for each bucket, or divide_batch => "
						 "false: then each takes steps of batch_size rows.")));
	return Max(batch / buckets, 1);
}

/* ---- the optimizer ---- */

/*
 * Whether the optimizer begins anew in each round, so that its state, two thirds of a model,
 * does not travel.  One that corrects its moments for that loses nothing over many steps; what
 * else goes by the steps done does.
 */
bool
nnet_round_begins_anew(const NnetRounds *rounds, const NnetModel *model)
{
	const NNOptimizer *optimizer = &model->optimizer;

	if (optimizer->n_slots == 0)
		return false;
	if (nnet_round_given(rounds, "slots"))
		return !rounds->options.slots;
	return nn_optimizer_corrected(optimizer) && optimizer->schedule.kind == NULL &&
		optimizer->accumulation == 1 && !optimizer->use_ema &&
		(rounds->steps == 0 || rounds->options.shuffle) &&
		steps_of(rounds, rounds->batch) >= LONG_ROUND;
}
