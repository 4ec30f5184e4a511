/*
 * stopping.c
 *	  Early stopping by rounds, as nnet.fit() stops by epochs (train/steering.c), by
 *	  the figures that the history has of a round.
 *
 * Lifetimes: in the context of the call; the best weights go with it.
 */
#include "pg/rounds/rounds.h"

#include <math.h>

#include "lib/stringinfo.h"

struct NnetStopping
{
	const NnetEarlyStopping *options;
	bool rises;
	MemoryContext context;
	bool seen;
	double best;
	int best_round;
	int wait;
	nn_real *weights; /* of the best round; NULL: none are kept */
};

/* Whether the figure grows as a model gets better; refuses one that rounds do not have. */
static bool
figure_rises(const NnetModel *model, const char *name, bool validation)
{
	static const NNScores none;
	NnetFigure *figures;
	int n = nnet_scores_figures(model, &none, &figures);
	bool of_validation = strncmp(name, "val_", 4) == 0;
	StringInfoData list;

	for (int i = 0; i < n && (!of_validation || validation); i++)
		if (strcmp(figures[i].name, of_validation ? name + 4 : name) == 0)
			return figures[i].rises;
	initStringInfo(&list);
	for (int i = 0; i < (validation ? 2 * n : n); i++)
		appendStringInfo(&list, "%s%s%s", i > 0 ? ", " : "", i < n ? "" : "val_",
						 figures[i % n].name);
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		 errmsg("option \"early_stopping\" monitors \"%s\", which rounds of model \"%s\" do not "
				"have",
				name, model->name),
		 of_validation && !validation
			 ? errhint("Give a query of rows for validation, or monitor one of: %s.", list.data)
			 : errhint("What can be monitored: %s.", list.data)));
}

NnetStopping *
nnet_stopping_make(const NnetEarlyStopping *options, const NnetModel *model, bool validation,
				   MemoryContext context)
{
	NnetStopping *stopping;
	bool rises;

	if (!options->given)
		return NULL;
	rises = figure_rises(model, options->monitor, validation);
	stopping = MemoryContextAllocZero(context, sizeof(NnetStopping));
	stopping->options = options;
	stopping->context = context;
	stopping->rises = options->mode == NNET_MODE_AUTO ? rises : options->mode == NNET_MODE_MAX;
	return stopping;
}

static bool
is_better(const NnetStopping *stopping, double value, double than)
{
	double delta = stopping->options->min_delta;

	return stopping->rises ? value - delta > than : value + delta < than;
}

static void
keep(NnetStopping *stopping, const NnetModel *model, int round)
{
	size_t bytes = nnet_params_bytes(model);

	stopping->best_round = round;
	if (!stopping->options->restore_best_weights)
		return;
	if (stopping->weights == NULL)
	{
		nnet_memory_check(&(NnetMemoryNeed){
			.model = model->name,
			.action = "be trained and keep the weights of its best round",
			.bytes = {[NNET_MEMORY_BEST] = bytes},
		});
		stopping->weights = nnet_memory_alloc(stopping->context, bytes, false);
	}
	memcpy(stopping->weights, model->params, bytes);
}

bool
nnet_stopping_look(NnetStopping *stopping, const NnetModel *model, const NNValue *entry, int round)
{
	const NnetEarlyStopping *options;
	double value;

	if (stopping == NULL)
		return false;
	options = stopping->options;
	if (round <= options->start_from_epoch || !nnet_round_figure(entry, options->monitor, &value))
		return false;
	stopping->wait++;
	if (!stopping->seen || is_better(stopping, value, stopping->best))
	{
		stopping->seen = true;
		stopping->best = value;
		keep(stopping, model, round);
		if (isnan(options->baseline) || is_better(stopping, value, options->baseline))
			stopping->wait = 0;
		return false;
	}
	return stopping->wait >= options->patience;
}

int
nnet_stopping_restore(const NnetStopping *stopping, NnetModel *model)
{
	if (stopping == NULL || stopping->weights == NULL)
		return 0;
	memcpy(model->params, stopping->weights, nnet_params_bytes(model));
	return stopping->best_round;
}
