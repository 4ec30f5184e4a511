/*
 * predict.c
 *	  Prediction: samples are taken piece by piece by whichever thread is free,
 *	  and the workers may begin while the caller still fills x.
 *
 * Shapes: x (n, in), y (n, out).  Where a piece begins and ends follows from
 * the plan and from how many samples were expected, never from who came first,
 * so that a prediction is the same at every run.
 *
 * Lifetimes: an NNPrediction and all it points to must stay as they are from
 * nn_predict_begin to nn_predict_finish or nn_pool_abandon.
 */
#include "core/graph/part.h"

/* Below this products get slow: a piece has no fewer samples if there are more. */
#define PIECE_LEAST 64

/* The end of the piece that begins at a sample: smaller ones at the end, so that all end together. */
static size_t
piece_end(const NNPrediction *prediction, size_t begin)
{
	const NNPlan *plan = prediction->run->plan;
	size_t left = prediction->expected > begin ? prediction->expected - begin : 0;
	size_t piece = left / (size_t) plan->threads;

	if (piece < PIECE_LEAST)
		piece = PIECE_LEAST;
	return begin + (piece < (size_t) plan->chunk ? piece : (size_t) plan->chunk);
}

/* A chunk's outputs; a layer that leaves its activation to the loss gets it here. */
static void
copy_outputs(const NNPart *part, const NNChunk *chunk, nn_real *y)
{
	const NNModel *model = part->run->model;

	for (int o = 0; o < model->n_outputs; o++)
	{
		const NNLayer *layer = nn_model_output(model, o);
		nn_real *output = nn_chunk_output(part, chunk, o);
		size_t n = part->plan->layers[layer->index].reals;

		if (layer->logits)
			nn_activate(nn_layer_activation(layer), output, n * (size_t) chunk->count,
						(size_t) nn_shape_last(&layer->out));
		nn_copy_rows(y, part->plan->y_reals, output, n, n, chunk->count);
		y += n;
	}
}

/* Samples of one piece, at most the plan's chunk. */
static void
predict_piece(const NNRun *run, int thread, const nn_real *x, size_t n, nn_real *y)
{
	NNPart part;
	NNChunk chunk = nn_part_alone(&part, run, thread, (int) n);

	nn_chunk_load_reals(&part, &chunk, x);
	nn_part_forward(&part, 0);
	copy_outputs(&part, &chunk, y);
}

static void
predict_job(void *arg, int thread)
{
	NNPrediction *prediction = arg;
	const NNRun *run = prediction->run;
	size_t in = run->plan->x_reals;
	size_t out = run->plan->y_reals;
	size_t begin = atomic_load(&prediction->taken);

	while (!nn_pool_stopping())
	{
		size_t ready = atomic_load(&prediction->ready);
		size_t end = piece_end(prediction, begin);

		if (begin >= ready)
			return;
		if (end > ready)
			end = ready;
		if (!atomic_compare_exchange_weak(&prediction->taken, &begin, end))
			continue;
		predict_piece(run, thread, prediction->x + begin * in, end - begin,
					  prediction->y + begin * out);
		begin = atomic_load(&prediction->taken);
	}
}

void
nn_predict_begin(NNPrediction *prediction, NNRun *run, const nn_real *x, size_t expected,
				 nn_real *y)
{
	nn_pool_abandon(); /* should it still be open */
	nn_plan_begin(run->plan);
	prediction->run = run;
	prediction->x = x;
	prediction->y = y;
	prediction->expected = expected;
	atomic_store(&prediction->ready, 0);
	atomic_store(&prediction->taken, 0);
	nn_pool_begin(run->plan->threads, predict_job, prediction);
}

void
nn_predict_ready(NNPrediction *prediction, size_t n)
{
	size_t ready = atomic_load(&prediction->ready);
	size_t end = piece_end(prediction, ready);

	/* whole pieces only: half of one would be another piece */
	if (n < end || prediction->run->plan->threads == 1)
		return;
	atomic_store(&prediction->ready, end);
	(void) nn_pool_more(prediction);
}

NNRunResult
nn_predict_finish(NNPrediction *prediction, size_t n)
{
	atomic_store(&prediction->ready, n);
	if (!nn_pool_finish(prediction))
		return NN_RUN_INTERRUPTED;
	return nn_plan_refused(prediction->run->plan) ? NN_RUN_REFUSED : NN_RUN_DONE;
}

NNRunResult
nn_predict_reals(NNRun *run, const nn_real *x, size_t n, nn_real *y)
{
	NNPrediction prediction;

	nn_predict_begin(&prediction, run, x, n, y);
	return nn_predict_finish(&prediction, n);
}

/* One sample through all layers, by the caller alone. */
typedef struct OneJob
{
	NNRun *run;
	const nn_real *x;
	nn_real *y;
	bool stopped;
} OneJob;

static void
one_job(void *arg, int thread)
{
	OneJob *job = arg;

	predict_piece(job->run, thread, job->x, 1, job->y);
	job->stopped = nn_pool_stopping();
}

NNRunResult
nn_predict_one(NNRun *run, const nn_real *x, nn_real *y)
{
	OneJob job = {.run = run, .x = x, .y = y};

	nn_plan_begin(run->plan);
	nn_pool_run(1, one_job, &job);
	if (job.stopped)
		return NN_RUN_INTERRUPTED;
	return nn_plan_refused(run->plan) ? NN_RUN_REFUSED : NN_RUN_DONE;
}
