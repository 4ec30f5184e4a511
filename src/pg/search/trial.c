/*
 * trial.c
 *	  Trials: trainings of a candidate on all rows but those of one fold, which it
 *	  is scored on.
 *
 * Each runs on one thread, and as many at a time as there are threads, so that small
 * networks use them all; what comes out is the same whatever their number.  The
 * core goes on with all of them until one is through with an epoch (train/lanes.c); what
 * follows from that, and may fail, is done here meanwhile.  Rows of variable steps
 * are planned for batch by batch: such trials run one at a time, on all threads.
 *
 * An error of a trial is its candidate's, the other trials of which are given up.
 * What there is no memory for beside others is tried again alone.
 *
 * The rows are all trials', so a trial that weighs classes copies those it trains on, some
 * at a time, and multiplies what the copies weigh.
 *
 * Lifetimes: all of a trial is in its context.
 */
#include "pg/adapt/adapt.h"
#include "pg/search/search.h"

#include "core/nn_lanes.h"
#include "utils/memutils.h"

#define DRAW_WEIGHTS 0x77656967 /* of the seed, which draws other things as well */

typedef enum TrialState
{
	TRIAL_NEW,
	TRIAL_TRAINS,
	TRIAL_VALIDATES,
	TRIAL_DONE
} TrialState;

typedef struct Trial
{
	NnetCandidate *candidate;
	int fold;
	const NnetSearchRows *rows;
	MemoryContext context;
	TrialState state;
	bool alone;
	int threads;
	NnetModel *model;
	NnetRunner *runner;
	NnetSteering *steering;
	NnetSplit split;
	NnetPass *pass;
	NnetPass *validation;
	NnetFitOptions options;			 /* the candidate's, but silent */
	NnetClassWeights *class_weights; /* or NULL, and then the next are, too */
	char *copies;					 /* records at hand */
	const void **copied;			 /* where they are in that */
	NNLane lane;
	int number; /* of the epoch, from 1 */
	NnetEpoch epoch;
	bool over; /* trained, and validated for its score */
	NnetFitted fitted;
	instr_time start;		/* of the trial */
	instr_time epoch_start; /* of the epoch */
} Trial;

typedef struct Scheduler
{
	const NnetSearchRows *rows;
	NnetCandidate *candidates;
	int n;
	int next; /* trial: candidate after candidate, of each its folds */
	int most; /* that run at a time */
	Trial *running[NN_MAX_THREADS];
	int n_running;
	MemoryContext context;
} Scheduler;

/* Whether trials of the candidate run one at a time. */
static bool
runs_alone(const NnetCandidate *candidate)
{
	return candidate->rows->recorder->format->n_sequences > 0;
}

/* ---- the steps of a trial, in its context ---- */

/* Records for training: themselves, or copies that weigh what their classes do. */
static const void *const *
weighed(Trial *trial, const void *const *records, size_t n)
{
	const NNRecordFormat *format = trial->candidate->rows->recorder->format;
	char *at = trial->copies;

	if (trial->class_weights == NULL)
		return records;
	for (size_t i = 0; i < n; i++)
	{
		NNRecordHead head;
		size_t bytes;

		nn_record_get_head(format, records[i], &head);
		bytes = nn_record_bytes(format, &head);
		memcpy(at, records[i], bytes);
		nnet_class_weights_multiply(trial->class_weights, at);
		trial->copied[i] = at;
		at += bytes;
	}
	return trial->copied;
}

/* The rows at hand, until time is over. */
static size_t
next_records(void *source, const void *const **records)
{
	Trial *trial = source;
	size_t n;

	if (trial->state == TRIAL_TRAINS)
	{
		/* some are trained on, however short the time */
		if (trial->lane.n > 0)
			nnet_clock_look(&trial->runner->clock);
		if (trial->runner->clock.late)
			return 0;
		n = nnet_pass_next_quietly(trial->pass, records);
		*records = weighed(trial, *records, n);
		return n;
	}
	return nnet_pass_next_quietly(trial->validation, records);
}

static void
make_split(Trial *trial)
{
	NnetDataset *dataset = trial->candidate->rows->dataset;
	NnetSplit *split = &trial->split;

	split->training = split->validation = dataset;
	split->training_rows = trial->options.shuffle
		? nnet_folds_without(trial->rows->folds, trial->fold, &split->n_training)
		: nnet_folds_without_in_order(trial->rows->folds, trial->fold, trial->context,
									  &split->n_training);
	split->validation_rows =
		nnet_folds_of(trial->rows->folds, trial->fold, &split->from, &split->to);
}

static void
make_model(Trial *trial)
{
	const NnetCandidate *candidate = trial->candidate;
	uint64 seed = nn_mix((uint64) candidate->options.seed, DRAW_WEIGHTS, (uint64) trial->fold, 0);

	trial->model = nnet_candidate_model(candidate, trial->context);
	nnet_row_set_share(candidate->rows, trial->model);
	/* 48 bits, as create_model draws them */
	nnet_model_draw(trial->model, seed & ((UINT64CONST(1) << 48) - 1));
}

static void
make_runner(Trial *trial)
{
	const NnetFitOptions *options = &trial->options;
	uint64 most = trial->split.n_training;

	trial->runner = nnet_runner_make(trial->model, trial->candidate->rows->recorder->format,
									 (int) Min((uint64) options->batch_size, most), trial->threads,
									 trial->context);
	trial->runner->run.core.seed = (uint64) options->seed;
	nnet_clock_set(&trial->runner->clock, options->time_limit, trial->start);
	trial->fitted.samples = most;
	trial->fitted.validation_samples = trial->split.to - trial->split.from;
	trial->fitted.best = -1;
	trial->fitted.epoch = MemoryContextAlloc(
		trial->context, sizeof(NnetEpoch) * Min(options->epochs, NNET_HISTORY_EPOCHS));
	nnet_split_passes(&trial->split, trial->runner->batch, trial->context, &trial->pass,
					  &trial->validation);
}

/* The most bytes that records given at once have, and how many these are. */
static size_t
most_bytes(Trial *trial, size_t *most)
{
	const NNRecordFormat *format = trial->candidate->rows->recorder->format;
	const void *const *records;
	size_t largest = 0;
	int n;

	*most = 0;
	nnet_pass_begin(trial->pass, 0, trial->split.n_training);
	while ((n = nnet_pass_next(trial->pass, &records)) > 0)
	{
		*most = Max(*most, (size_t) n);
		for (int i = 0; i < n; i++)
		{
			NNRecordHead head;

			nn_record_get_head(format, records[i], &head);
			largest = Max(largest, nn_record_bytes(format, &head));
		}
	}
	return largest * *most;
}

static void
make_class_weights(Trial *trial)
{
	size_t most;
	size_t bytes = most_bytes(trial, &most);

	trial->class_weights =
		nnet_class_weights_make(trial->options.class_weight, trial->model,
								trial->candidate->rows->recorder->format, trial->context);
	nnet_class_weights_learn(trial->class_weights, trial->model, trial->pass,
							 trial->split.n_training);
	trial->copies = MemoryContextAllocHuge(trial->context, Max(bytes, 1));
	trial->copied = MemoryContextAllocHuge(trial->context, Max(most, 1) * sizeof(void *));
}

static void
begin_epoch(Trial *trial)
{
	const NnetFitOptions *options = &trial->options;

	trial->state = TRIAL_TRAINS;
	memset(&trial->epoch, 0, sizeof(trial->epoch));
	INSTR_TIME_SET_CURRENT(trial->epoch_start);
	if (options->shuffle)
		nnet_pass_begin_shuffled(
			trial->pass, 0, trial->split.n_training,
			nn_mix((uint64) options->seed, 0, 0, (uint64) trial->runner->run.core.step));
	else
		nnet_pass_begin(trial->pass, 0, trial->split.n_training);
	if (!trial->alone)
		nnet_runner_plan(trial->runner, true);
	trial->lane = (NNLane){
		.run = &trial->runner->run.core,
		.training = true,
		.next = next_records,
		.source = trial,
	};
}

static void
begin_validation(Trial *trial)
{
	trial->state = TRIAL_VALIDATES;
	nnet_pass_begin(trial->validation, trial->split.from, trial->split.to);
	if (!trial->alone)
		nnet_runner_plan(trial->runner, false);
	trial->lane = (NNLane){
		.run = &trial->runner->run.core,
		.next = next_records,
		.source = trial,
	};
}

/* Make it, and plan for both, so that memory is refused before the work. */
static void
begin_trial(void *arg)
{
	Trial *trial = arg;
	const NnetFitOptions *options = &trial->options;

	make_split(trial);
	make_model(trial);
	make_runner(trial);
	if (options->class_weight != NULL)
		make_class_weights(trial);
	trial->steering = nnet_steering_make(options, trial->model, true, trial->context);
	nnet_steering_begin(trial->steering, true);
	nnet_adapt_layers(trial->runner, trial->pass, trial->split.n_training, NULL);
	if (!trial->alone)
		nnet_runner_plan(trial->runner, false);
	trial->number = options->initial_epoch + 1;
	begin_epoch(trial);
}

static void
note_figures(const NnetModel *model, const NNScores *scores, double *to)
{
	NnetFigure *figures;
	int n = nnet_scores_figures(model, scores, &figures);

	for (int i = 0; i < n; i++)
		to[i] = figures[i].value;
	pfree(figures);
}

static void
finish_trial(Trial *trial)
{
	NnetCandidate *candidate = trial->candidate;
	size_t place = (size_t) trial->fold * candidate->n_figures;

	note_figures(trial->model, &trial->epoch.training, candidate->training + place);
	note_figures(trial->model, &trial->epoch.validation, candidate->validation + place);
	candidate->epochs[trial->fold] = trial->fitted.epochs;
	trial->state = TRIAL_DONE;
}

static bool
is_last(const Trial *trial)
{
	return trial->fitted.ended != NNET_ENDED_EPOCHS || trial->number >= trial->options.epochs;
}

/* What counts is the epoch whose weights would be saved; it may not have been validated. */
static void
end_training(Trial *trial)
{
	trial->over = true;
	nnet_steering_end(trial->steering, &trial->fitted);
	if (trial->fitted.best >= 0)
		trial->epoch = trial->fitted.best_epoch;
	if (trial->epoch.validation.samples > 0)
		finish_trial(trial);
	else
		begin_validation(trial);
}

static void
end_epoch(Trial *trial)
{
	trial->epoch.seconds = nnet_seconds_since(trial->epoch_start);
	nnet_finish_epoch(trial->runner, &trial->split, &trial->options, trial->steering,
					  &trial->fitted, &trial->epoch);
	if (is_last(trial))
		end_training(trial);
	else
	{
		trial->number++;
		begin_epoch(trial);
	}
}

/* Whether what comes after the epoch may hang on its validation. */
static bool
is_steered(const Trial *trial)
{
	const NnetFitOptions *options = &trial->options;

	return (options->early_stopping.given || options->reduce_lr_on_plateau.given ||
			options->best_weights) &&
		nnet_validates(options, trial->number);
}

static void
end_rows(Trial *trial)
{
	NnetRunner *runner = trial->runner;

	nnet_runner_scores(runner, &trial->epoch.training);
	trial->epoch.rate = nn_optimizer_rate(&trial->model->optimizer, runner->run.core.step - 1);
	trial->epoch.cut = (uint64) trial->epoch.training.samples < trial->split.n_training;
	if (is_steered(trial))
		begin_validation(trial);
	else
		end_epoch(trial);
}

/* A lane is at its end, or failed: what follows. */
static void
go_on(void *arg)
{
	Trial *trial = arg;

	nnet_runner_check(trial->runner, trial->lane.result, trial->number);
	if (trial->state == TRIAL_TRAINS)
	{
		end_rows(trial);
		return;
	}
	nnet_runner_scores(trial->runner, &trial->epoch.validation);
	if (trial->over)
		finish_trial(trial);
	else
		end_epoch(trial);
}

/* All of a trial that has the threads to itself, a batch planned for after the other. */
static void
run_alone(void *arg)
{
	Trial *trial = arg;
	const void *const *records;
	int n;

	while (trial->state != TRIAL_DONE)
	{
		while (trial->state == TRIAL_TRAINS && !trial->runner->clock.late &&
			   (n = nnet_pass_next(trial->pass, &records)) > 0)
			nnet_runner_train(trial->runner, weighed(trial, records, (size_t) n), n, trial->number);
		while (trial->state == TRIAL_VALIDATES &&
			   (n = nnet_pass_next(trial->validation, &records)) > 0)
			nnet_runner_evaluate(trial->runner, records, n);
		go_on(trial);
	}
}

/* ---- many of them ---- */

/* Fails the candidate if step does.  Strings of the fault live as long as the candidate. */
static bool
try_step(Scheduler *scheduler, Trial *trial, NnetStep step)
{
	MemoryContext caller = MemoryContextSwitchTo(trial->context);
	bool done = nnet_attempt(step, trial, &trial->candidate->fault, scheduler->context);

	MemoryContextSwitchTo(caller);
	return done;
}

static void
tell(const Scheduler *scheduler, const Trial *trial)
{
	const NnetCandidate *candidate = trial->candidate;
	size_t place = (size_t) trial->fold * candidate->n_figures + candidate->score;

	if (candidate->options.verbose)
		ereport(NOTICE,
				(errmsg("candidate \"%s\", fold %d/%d: val_%s %.4g, %.2f s", candidate->name,
						trial->fold + 1, nnet_folds_count(scheduler->rows->folds),
						candidate->figures[candidate->score].name, candidate->validation[place],
						candidate->seconds[trial->fold])));
}

/* Done or failed. */
static void
end_trial(Scheduler *scheduler, Trial *trial)
{
	NnetCandidate *candidate = trial->candidate;

	candidate->seconds[trial->fold] = nnet_seconds_since(trial->start);
	if (trial->state == TRIAL_DONE)
	{
		candidate->done++;
		tell(scheduler, trial);
	}
	MemoryContextDelete(trial->context);
}

static Trial *
make_trial(Scheduler *scheduler, NnetCandidate *candidate, int fold)
{
	MemoryContext context =
		AllocSetContextCreate(scheduler->context, "nnet trial", ALLOCSET_DEFAULT_SIZES);
	Trial *trial = MemoryContextAllocZero(context, sizeof(Trial));

	trial->context = context;
	trial->candidate = candidate;
	trial->fold = fold;
	trial->rows = scheduler->rows;
	trial->options = candidate->options;
	trial->options.verbose = false;
	trial->alone = runs_alone(candidate);
	trial->threads = trial->alone ? nnet_threads_for_fit() : 1;
	INSTR_TIME_SET_CURRENT(trial->start);
	return trial;
}

/* Whether more may run: those that want all threads do so alone. */
static bool
may_begin(const Scheduler *scheduler, const NnetCandidate *candidate)
{
	return scheduler->n_running == 0 ||
		(scheduler->n_running < scheduler->most && !runs_alone(candidate));
}

/* False: it is to be tried again when others have ended. */
static bool
begin(Scheduler *scheduler, NnetCandidate *candidate, int fold)
{
	Trial *trial = make_trial(scheduler, candidate, fold);

	if (!try_step(scheduler, trial, begin_trial))
	{
		bool again = scheduler->n_running > 0 && candidate->fault.sqlstate == ERRCODE_OUT_OF_MEMORY;

		if (again)
			candidate->fault.is = false;
		end_trial(scheduler, trial);
		return !again;
	}
	if (trial->alone)
	{
		(void) try_step(scheduler, trial, run_alone);
		end_trial(scheduler, trial);
	}
	else
		scheduler->running[scheduler->n_running++] = trial;
	return true;
}

static void
begin_more(Scheduler *scheduler)
{
	int folds = nnet_folds_count(scheduler->rows->folds);

	for (; scheduler->next < scheduler->n * folds; scheduler->next++)
	{
		NnetCandidate *candidate = &scheduler->candidates[scheduler->next / folds];

		if (candidate->fault.is)
			continue;
		if (!may_begin(scheduler, candidate) ||
			!begin(scheduler, candidate, scheduler->next % folds))
			return;
	}
}

static void
run_lanes(Scheduler *scheduler)
{
	NNLane *lanes[NN_MAX_THREADS];

	for (int i = 0; i < scheduler->n_running; i++)
		lanes[i] = &scheduler->running[i]->lane;
	nnet_watch_interrupts();
	while (nn_lanes_run(lanes, scheduler->n_running) == NN_RUN_INTERRUPTED)
		nnet_answer_interrupt();
}

/* Those of a candidate that failed end, too. */
static void
go_on_all(Scheduler *scheduler)
{
	int kept = 0;

	for (int i = 0; i < scheduler->n_running; i++)
	{
		Trial *trial = scheduler->running[i];
		bool waits = trial->lane.ended || trial->lane.result != NN_RUN_DONE;

		if (!trial->candidate->fault.is && waits)
			(void) try_step(scheduler, trial, go_on);
		if (trial->candidate->fault.is || trial->state == TRIAL_DONE)
			end_trial(scheduler, trial);
		else
			scheduler->running[kept++] = trial;
	}
	scheduler->n_running = kept;
}

void
nnet_trials_run(const NnetSearchRows *rows, NnetCandidate *candidates, int n)
{
	Scheduler scheduler = {
		.rows = rows,
		.candidates = candidates,
		.n = n,
		.most = nnet_core_start(nnet_threads_for_fit()),
		.context = CurrentMemoryContext,
	};

	for (;;)
	{
		begin_more(&scheduler);
		if (scheduler.n_running == 0)
			break;
		run_lanes(&scheduler);
		go_on_all(&scheduler);
	}
}
